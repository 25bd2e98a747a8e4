//! Hostile inputs, made while the test runs: each file, how it is declared, and what must come of
//! it. `text`, `sheets`, `shapes` and `folders` hold the cases.

#[path = "folders.rs"]
pub(crate) mod folders;
#[path = "make.rs"]
pub(crate) mod make;
#[path = "shapes.rs"]
pub(crate) mod shapes;
#[path = "sheets.rs"]
pub(crate) mod sheets;
#[path = "text.rs"]
pub(crate) mod text;

use kubus_cube::declaration::{ColumnDeclaration, SourceFormat};
use kubus_cube::source::{Limits, ReadRequest};

/// One hostile input.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Name of the file.
    pub(crate) file: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: SourceFormat,
    pub(crate) columns: Vec<(String, ColumnDeclaration)>,
    pub(crate) register: bool,
    pub(crate) limits: Limits,
    pub(crate) declare: fn(&mut ReadRequest),
    pub(crate) expected: Expected,
}

/// What must come of it.
#[derive(Debug)]
pub(crate) enum Expected {
    /// This one error, and no data at all.
    Refused(&'static str),
    /// These findings (beside what was sniffed), the number of rows kept and refused.
    Noted(&'static [&'static str], usize, u64),
    /// These findings, and the values of a column, written out.
    Values(&'static [&'static str], &'static str, &'static [&'static str]),
}

/// The limits under which the cases are read.
pub(crate) const LIMITS: Limits = Limits { memory: 1 << 30, seconds: 30, file_bytes: 1 << 30, rows: 1_000_000 };

impl Case {
    pub(crate) fn new(name: &'static str, file: &'static str, bytes: impl Into<Vec<u8>>, expected: Expected) -> Self {
        Self {
            name,
            file,
            bytes: bytes.into(),
            format: SourceFormat::Csv,
            columns: Vec::new(),
            register: false,
            limits: LIMITS,
            declare: |_| {},
            expected,
        }
    }

    pub(crate) fn format(self, format: SourceFormat) -> Self {
        Self { format, ..self }
    }

    pub(crate) fn columns(self, columns: Vec<(String, ColumnDeclaration)>) -> Self {
        Self { columns, ..self }
    }

    pub(crate) fn register(self) -> Self {
        Self { register: true, ..self }
    }

    pub(crate) fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    pub(crate) fn declare(self, declare: fn(&mut ReadRequest)) -> Self {
        Self { declare, ..self }
    }
}
