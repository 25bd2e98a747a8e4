//! More than sixty hostile inputs, each read in the limited child. Each must give exactly the
//! finding that is expected of it, and nothing may crash, hang or be read in part.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared stops the test")]

#[path = "hostile/mod.rs"]
mod hostile;
#[path = "hostile/support.rs"]
mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use arrow::array::{Array, RecordBatch};
use arrow::util::display::array_value_to_string;
use hostile::{Case, Expected, LIMITS, folders, shapes, sheets, text};
use kubus_cube::declaration::SourceFormat;
use kubus_cube::source::{ReadResult, Reader, child_main, read_with};
use kubus_model::Severity;
use support::{figures, whole};

#[test]
fn child_that_reads() {
    if std::env::args().next_back().as_deref() == Some("read-source") {
        std::process::exit(i32::from(child_main()));
    }
}

fn reader() -> Reader {
    let arguments = ["--exact", "child_that_reads", "--nocapture", "--test-threads=1"];
    Reader { program: std::env::current_exe().unwrap(), arguments: arguments.map(str::to_owned).to_vec() }
}

fn read_case(case: &Case) -> ReadResult {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(case.file);
    std::fs::write(&path, &case.bytes).unwrap();
    let mut request = figures(path, case.format, case.columns.clone());
    request.refuse_rows = case.register;
    (case.declare)(&mut request);
    read_with(&reader(), &request, &case.limits)
}

/// The codes beside what was sniffed, each once.
fn codes(result: &ReadResult) -> BTreeSet<&str> {
    result.findings.iter().map(|finding| finding.code.as_str()).filter(|code| *code != "source-sniffed").collect()
}

fn errors(result: &ReadResult) -> Vec<&str> {
    let error = |finding: &&kubus_model::Finding| finding.severity == Severity::Error && finding.row.is_none();
    result.findings.iter().filter(error).map(|finding| finding.code.as_str()).collect()
}

fn written(batch: &RecordBatch, column: &str) -> Vec<String> {
    let column = batch.column_by_name(column).unwrap_or_else(|| panic!("no column {column}"));
    (0..column.len()).map(|row| array_value_to_string(column, row).unwrap()).collect()
}

/// What is wrong with the result, if anything.
fn judge(case: &Case, result: &ReadResult) -> Option<String> {
    let kept: usize = result.batches.iter().map(RecordBatch::num_rows).sum();
    let right = match &case.expected {
        Expected::Refused(code) => {
            errors(result) == [*code] && result.batches.is_empty() && result.rows == 0 && result.refused == 0
        }
        Expected::Noted(expected, rows, refused) => {
            codes(result) == expected.iter().copied().collect() && kept == *rows && result.refused == *refused
        }
        Expected::Values(expected, column, values) => {
            codes(result) == expected.iter().copied().collect()
                && !result.batches.is_empty()
                && written(&whole(result), column) == *values
        }
    };
    let named = result.findings.iter().all(|f| f.source.as_deref() == Some("test") && f.file.is_some());
    if right && named {
        return None;
    }
    let values = match (&case.expected, result.batches.first()) {
        (Expected::Values(_, column, _), Some(_)) => format!("{:?}", written(&whole(result), column)),
        _ => String::new(),
    };
    let (refused, findings) = (result.refused, &result.findings);
    Some(format!(
        "{}: expected {:?}, got {kept} rows, {refused} refused, {values} {findings:?}",
        case.name, case.expected
    ))
}

#[test]
fn every_hostile_input_gives_the_finding_that_is_expected_of_it() {
    let cases: Vec<Case> = [
        text::encodings(),
        text::not_a_table(),
        text::headers_and_rows(),
        text::numbers(),
        text::sizes(),
        text::statline(),
        sheets::workbooks(),
        sheets::columnar(),
        shapes::geopackages(),
        shapes::geojson(),
        shapes::shapefiles(),
        shapes::odata(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    let mut wrong = Vec::new();
    for case in &cases {
        let started = Instant::now();
        wrong.extend(judge(case, &read_case(case)));
        assert!(started.elapsed() < Duration::from_secs(30), "{} took {:?}", case.name, started.elapsed());
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn what_stands_in_place_of_a_file_is_named() {
    for (name, make, code) in folders::TRAPS {
        let folder = tempfile::tempdir().unwrap();
        let path = make(folder.path());
        if code == "source-unreadable" && std::fs::read(&path).is_ok() {
            eprintln!("skipped: {name} (this user may read everything)");
            continue;
        }
        let result = read_with(&reader(), &figures(path, SourceFormat::Csv, Vec::new()), &LIMITS);
        assert_eq!(errors(&result), [code], "{name}: {:?}", result.findings);
        assert!(result.batches.is_empty());
    }
}
