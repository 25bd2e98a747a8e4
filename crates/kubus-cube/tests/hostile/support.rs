//! What the tests of the readers share: requests, and looking into results.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "what cannot be prepared stops the test; a skip is told")]
#![expect(dead_code, reason = "each test program uses a part of it")]

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Float64Type, Int64Type, UInt64Type};
use kubus_cube::declaration::{ColumnDeclaration, ColumnType, FileDeclaration, SourceFormat};
use kubus_cube::source::{ReadRequest, ReadResult};

/// A folder of the sample data, beside the project; nothing when it is not there.
pub(crate) fn sample(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(file);
    if !path.exists() {
        eprintln!("skipped: no sample file {file}");
    }
    path.exists().then_some(path)
}

/// A column by its name in the file.
pub(crate) fn column(from: &str, kind: ColumnType) -> (String, ColumnDeclaration) {
    let declared =
        ColumnDeclaration { from: from.into(), kind, range: None, required: false, format: None, decimals: None };
    (from.to_lowercase(), declared)
}

/// A column with a range.
pub(crate) fn ranged(from: &str, kind: ColumnType, range: [f64; 2]) -> (String, ColumnDeclaration) {
    let (name, declared) = column(from, kind);
    (name, ColumnDeclaration { range: Some(range), ..declared })
}

/// A column of figures with decimals.
pub(crate) fn decimals(from: &str, range: [f64; 2], decimals: u8) -> (String, ColumnDeclaration) {
    let (name, declared) = ranged(from, ColumnType::Decimal, range);
    (name, ColumnDeclaration { decimals: Some(decimals), ..declared })
}

/// A request for area figures.
pub(crate) fn figures(path: PathBuf, format: SourceFormat, columns: Vec<(String, ColumnDeclaration)>) -> ReadRequest {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let file =
        FileDeclaration { name, format, layer: None, header_row: None, delimiter: None, encoding: None, decimal: None };
    ReadRequest { source: "test".into(), path, file, columns, refuse_rows: false }
}

/// All rows as one batch.
pub(crate) fn whole(result: &ReadResult) -> RecordBatch {
    let first = result.batches.first().unwrap_or_else(|| panic!("nothing was read: {:?}", result.findings));
    concat_batches(&first.schema(), &result.batches).unwrap()
}

/// The texts of a column.
pub(crate) fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = batch.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"));
    column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
}

/// The whole numbers of a column.
pub(crate) fn integers(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    batch.column_by_name(name).unwrap().as_primitive::<Int64Type>().iter().collect()
}

/// The numbers of a column.
pub(crate) fn numbers(batch: &RecordBatch, name: &str) -> Vec<Option<f64>> {
    batch.column_by_name(name).unwrap().as_primitive::<Float64Type>().iter().collect()
}

/// The row numbers.
pub(crate) fn rows(batch: &RecordBatch) -> Vec<u64> {
    batch.column_by_name("row").unwrap().as_primitive::<UInt64Type>().values().to_vec()
}

/// The number of rows with a shape.
pub(crate) fn shapes(batch: &RecordBatch) -> usize {
    let shapes = batch.column_by_name("geometry").unwrap();
    shapes.len() - shapes.null_count()
}

/// A parameter of the first finding with a code.
pub(crate) fn parameter(result: &ReadResult, code: &str, name: &str) -> Option<String> {
    result.findings.iter().find(|finding| finding.code == code)?.parameters.get(name).cloned()
}

/// The position of the row in which a column has a text.
pub(crate) fn at(batch: &RecordBatch, name: &str, text: &str) -> usize {
    let found = texts(batch, name).iter().position(|value| value.as_deref() == Some(text));
    found.unwrap_or_else(|| panic!("no {text} in {name}"))
}
