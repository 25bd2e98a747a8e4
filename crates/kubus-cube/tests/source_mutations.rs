//! Good files of every format, damaged at random (the same way each time): whatever the damage,
//! the child answers in time, and an error comes without data.

#![expect(clippy::unwrap_used, reason = "what cannot be prepared stops the test")]
#[path = "hostile/mod.rs"]
#[expect(dead_code, reason = "the expectations of the cases are for another test")]
mod hostile;
#[path = "hostile/support.rs"]
mod support;

use hostile::{Case, Expected, LIMITS, shapes, sheets, text};
use kubus_cube::source::{Reader, child_main, read_with};
use kubus_model::Severity;
use support::figures;

/// Damages per file.
const TURNS: u64 = 12;

#[test]
fn child_that_reads() {
    if std::env::args().next_back().as_deref() == Some("read-source") {
        std::process::exit(i32::from(child_main()));
    }
}

/// A sequence of numbers that is the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % below.max(1) as u64).unwrap()
    }
}

/// Cuts off, overwrites, doubles or takes out a piece.
fn damage(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = dice.next(bytes.len());
    let end = (at + 1 + dice.next(8)).min(bytes.len());
    match dice.next(4) {
        0 => bytes.truncate(at),
        1 => bytes[at..end].fill(u8::try_from(dice.next(256)).unwrap()),
        2 => drop(bytes.drain(at..end)),
        _ => bytes[at] ^= 1 << dice.next(8),
    }
    bytes
}

/// The cases that can be read, as good files of each format.
fn good_files() -> Vec<Case> {
    [
        text::headers_and_rows(),
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
    .filter(|case| !matches!(case.expected, Expected::Refused(_)))
    .collect()
}

#[test]
fn a_damaged_file_never_hangs_the_reader_and_an_error_comes_without_data() {
    let arguments = ["--exact", "child_that_reads", "--nocapture", "--test-threads=1"];
    let reader = Reader { program: std::env::current_exe().unwrap(), arguments: arguments.map(str::to_owned).to_vec() };
    let folder = tempfile::tempdir().unwrap();
    let (mut dice, mut refused, mut died) = (Dice(1), 0, Vec::new());
    let files = good_files();
    for case in &files {
        for turn in 0..TURNS {
            let path = folder.path().join(case.file);
            std::fs::write(&path, damage(&case.bytes, &mut dice)).unwrap();
            let result = read_with(&reader, &figures(path, case.format, case.columns.clone()), &LIMITS);
            let error = result.findings.iter().find(|f| f.severity == Severity::Error && f.row.is_none());
            let Some(error) = error else { continue };
            refused += 1;
            assert!(result.batches.is_empty() && result.rows == 0, "{} turn {turn}", case.name);
            assert_ne!(error.code, "source-too-slow", "{} turn {turn}", case.name);
            if error.code == "source-reader-died" {
                died.push(format!("{} turn {turn}", case.name));
            }
        }
    }
    assert!(refused > files.len(), "the damage was hardly noticed: {refused}");
    assert!(died.is_empty(), "the reader died of {died:?}");
}
