//! Reading what was delivered: one file per format. Untrusted files are read in a child process
//! with limits on memory, time and the network, which hands back Arrow.
//!
//! The child is the calling program itself, started again as `kubus read-source` with the request
//! on its standard input ([`child_main`]); in tests that cannot start it, [`read_here`] does the
//! same work in this process. Called by [`crate::area`] and [`crate::build`].

use std::path::{Path, PathBuf};

use arrow::record_batch::RecordBatch;
use kubus_model::Finding;

use crate::declaration::{ColumnDeclaration, FileDeclaration};

/// Limits of the child that reads one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space in bytes.
    pub memory: u64,
    /// Seconds of wall-clock time.
    pub seconds: u64,
    /// Largest file, unpacked, in bytes.
    pub file_bytes: u64,
    /// Most rows.
    pub rows: u64,
}

/// What to read.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    /// Identifier for findings: the source, or the area level.
    pub source: String,
    /// The file.
    pub path: PathBuf,
    /// How it was declared.
    pub file: FileDeclaration,
    /// Columns to read and how, by their name in the result. Empty: every column, as text.
    pub columns: Vec<(String, ColumnDeclaration)>,
    /// Whether a value out of range refuses its row (registers), or only becomes null (area
    /// figures).
    pub refuse_rows: bool,
}

/// What came out of one file.
#[derive(Debug, Clone)]
pub struct ReadResult {
    /// The rows, with the requested columns in their order, then `row` (u64: the row in the file,
    /// 1-based with the header counted) and, for files with shapes, `geometry` (WKB, binary).
    /// A value that was missing by a code is null.
    pub batches: Vec<RecordBatch>,
    /// Rows in the file, header and empty lines not counted.
    pub rows: u64,
    /// Rows refused, each with a finding up to a bound, then counted.
    pub refused: u64,
    /// What was sniffed, repaired and refused. An error finding without a row means that nothing
    /// was read from the file.
    pub findings: Vec<Finding>,
    /// The coordinate system named by the file (`EPSG:28992`), if any.
    pub crs: Option<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 2 << 30, seconds: 120, file_bytes: 8 << 30, rows: 100_000_000 }
    }
}

/// The files in `deliveries` that match the declared name, sorted.
#[must_use]
pub fn find_files(_deliveries: &Path, _file: &FileDeclaration) -> Vec<PathBuf> {
    Vec::new()
}

/// Reads one file in a limited child process. Never fails: what went wrong is a finding.
#[must_use]
pub fn read(request: &ReadRequest, _limits: &Limits) -> ReadResult {
    read_here(request)
}

/// Reads one file in this process, for trusted files and for the child itself.
#[must_use]
pub fn read_here(_request: &ReadRequest) -> ReadResult {
    ReadResult { batches: Vec::new(), rows: 0, refused: 0, findings: Vec::new(), crs: None }
}

/// The whole of the child process: reads the request from standard input, sets the limits, and
/// writes the result to standard output. Returns the exit code.
#[must_use]
pub fn child_main() -> u8 {
    2
}
