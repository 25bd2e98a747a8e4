//! Reading what was delivered: one file per format. Untrusted files are read in a child process
//! with limits on memory, time and the network, which hands back Arrow.
//!
//! The child is the calling program itself, started again as `kubus read-source` with the request
//! on its standard input ([`child_main`]); in tests that cannot start it, [`read_here`] does the
//! same work in this process. Called by [`crate::area`] and [`crate::build`].
//!
//! | module | what it holds |
//! | --- | --- |
//! | `child` | the parent's side: starts the child, guards its time, takes its answer |
//! | `serve` | the child's side; `guard` sets its limits |
//! | `open` | a file on disk becomes bytes: unpacked within bounds, recognised by its first bytes |
//! | `plan` | declared columns found in the header |
//! | `cell`, `number`, `date` | one cell becomes one value, or says why not |
//! | `batch`, `tally` | values become columns; what was refused is counted |
//! | `repair` | lost decimal commas, stripped zeros, postcodes |
//! | `sink`, `table` | where the readers put their rows; tables whose header must be found |
//! | `csv`, `sheet`, `parquet`, `geopackage`, `geojson`, `shape`, `dbf`, `odata`, `statline` | one format each |

mod batch;
mod cell;
mod child;
mod csv;
mod date;
mod dbf;
mod find;
mod geojson;
mod geometry;
mod geopackage;
mod guard;
mod number;
mod odata;
mod open;
mod parquet;
mod plan;
mod repair;
mod serve;
mod shape;
mod sheet;
mod sink;
mod statline;
mod table;
mod tally;
mod text;

use std::path::PathBuf;

use arrow::record_batch::RecordBatch;
use kubus_model::{Finding, Severity};
use serde::{Deserialize, Serialize};

use crate::declaration::{ColumnDeclaration, FileDeclaration, SourceFormat};

pub(crate) use batch::arrow_type;
pub use child::{Reader, read, read_with};
pub use find::find_files;
pub use serve::child_main;

/// Limits of the child that reads one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// 1-based with the header counted; for files without a header row the number of the record)
    /// and, for files with shapes, `geometry` (WKB, binary, two dimensions). A value that was
    /// missing by a code is null.
    pub batches: Vec<RecordBatch>,
    /// Rows in the file, header and empty lines not counted.
    pub rows: u64,
    /// Rows refused, each with a finding up to a bound, then counted.
    pub refused: u64,
    /// What was sniffed (`source-sniffed`: its parameters), repaired and refused. An error finding
    /// without a row means that nothing was read from the file.
    pub findings: Vec<Finding>,
    /// The coordinate system named by the file (`EPSG:28992`), if any.
    pub crs: Option<String>,
}

/// What is said about a file beside its rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) rows: u64,
    pub(crate) refused: u64,
    pub(crate) findings: Vec<Finding>,
    pub(crate) crs: Option<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 2 << 30, seconds: 120, file_bytes: 8 << 30, rows: 100_000_000 }
    }
}

impl ReadRequest {
    /// The file name without its folder.
    fn file_name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// A finding about this file, with its source and name filled in.
    fn about(&self, finding: Finding) -> Finding {
        finding.source(&self.source).file(self.file_name())
    }
}

impl ReadResult {
    /// Rows and what is said about them; no rows at all when the file was not accepted.
    fn new(batches: Vec<RecordBatch>, summary: Summary) -> Self {
        let Summary { rows, refused, findings, crs } = summary;
        if is_refused(&findings) {
            return Self { batches: Vec::new(), rows: 0, refused: 0, findings, crs };
        }
        Self { batches, rows, refused, findings, crs }
    }

    /// A result without rows: the file was not accepted, for this reason.
    fn refused(request: &ReadRequest, finding: Finding) -> Self {
        let findings = vec![request.about(finding)];
        Self { batches: Vec::new(), rows: 0, refused: 0, findings, crs: None }
    }
}

fn is_refused(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error && finding.row.is_none())
}

/// Reads one file in this process, for trusted files and for the child itself. Limits of memory
/// and time do not hold here; those of size and rows do, at their defaults.
///
/// ```
/// use kubus_cube::source::{ReadRequest, read_here};
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("kerncijfers.csv");
/// std::fs::write(&path, "Wijk;Huishoudgrootte\nWK003401;2,1\nWK003402;.\n").unwrap();
/// let request: ReadRequest = serde_json::from_value(serde_json::json!({
///     "source": "kerncijfers",
///     "path": path,
///     "file": { "name": "kerncijfers.csv", "format": "csv" },
///     "columns": [["size", { "from": "huishoudgrootte", "type": "decimal", "range": [1, 6] }]],
///     "refuse_rows": false,
/// }))
/// .unwrap();
/// let result = read_here(&request);
/// assert_eq!((result.rows, result.refused), (2, 0));
/// assert!(result.findings.iter().any(|finding| finding.code == "missing-codes"));
/// ```
#[must_use]
pub fn read_here(request: &ReadRequest) -> ReadResult {
    let mut batches = Vec::new();
    let summary = read_into(request, &Limits::default(), &mut |batch| batches.push(batch));
    ReadResult::new(batches, summary)
}

/// Reads one trusted file in this process and hands over its batches as they come, in the order of
/// the file, so that no more than a part of it is in memory (registers; area figures come at
/// once). The result has no batches. When its findings hold an error without a row, what was
/// handed over must be thrown away.
#[must_use]
pub fn read_each_here(request: &ReadRequest, each: &mut dyn FnMut(RecordBatch)) -> ReadResult {
    ReadResult::new(Vec::new(), read_into(request, &Limits::default(), each))
}

/// Reads one file and hands over its rows as they come. A reader that panics is a finding.
pub(crate) fn read_into(request: &ReadRequest, limits: &Limits, emit: &mut dyn FnMut(RecordBatch)) -> Summary {
    let attempt = std::panic::AssertUnwindSafe(|| {
        let mut sink = sink::Sink::new(request, *limits, emit);
        match read_format(&mut sink) {
            Ok(()) => sink.finish(),
            Err(finding) => sink.refuse(*finding),
        }
    });
    std::panic::catch_unwind(attempt).unwrap_or_else(|_| {
        let finding = request.about(Finding::error("source-reader-died"));
        Summary { findings: vec![finding], ..Summary::default() }
    })
}

/// Why a file is not read: one error finding without a row.
type Refusal = Box<Finding>;

/// A refusal with a code.
fn refusal(code: &str) -> Refusal {
    Box::new(Finding::error(code))
}

fn read_format(sink: &mut sink::Sink<'_>) -> Result<(), Refusal> {
    use SourceFormat as F;
    let opened = open::Opened::new(&sink.request.path, &sink.limits)?;
    match (sink.request.file.format, opened.kind()) {
        (F::Csv | F::Statline | F::Pc6hnr, open::Kind::Text) => csv::read(sink, opened),
        (F::Kwb, open::Kind::Text) => csv::read(sink, opened),
        (F::StatlineTable, open::Kind::Text) => statline::read_table(sink, opened),
        (F::Kwb | F::Xlsx, open::Kind::Zip | open::Kind::Ole) => sheet::read(sink, opened),
        (F::Ods, open::Kind::Zip) => sheet::read(sink, opened),
        (F::Parquet, open::Kind::Parquet) => parquet::read(sink, opened),
        (F::Geopackage, open::Kind::Sqlite) => geopackage::read(sink, &opened),
        (F::Geojson, open::Kind::Text) => geojson::read(sink, opened),
        (F::Odata3, open::Kind::Text) => odata::read_v3(sink, opened),
        (F::Odata4, open::Kind::Text) => odata::read_v4(sink, opened),
        (F::Shapefile, open::Kind::Zip | open::Kind::Shp) => shape::read(sink, opened),
        (F::Dbf, open::Kind::Dbf | open::Kind::Zip) => dbf::read(sink, opened),
        (_, open::Kind::Empty) => Err(refusal("source-empty")),
        (_, open::Kind::Html) => Err(refusal("source-is-html")),
        (declared, found) => Err(Box::new(
            Finding::error("source-wrong-format")
                .with("declared", format!("{declared:?}").to_lowercase())
                .with("found", found.name()),
        )),
    }
}
