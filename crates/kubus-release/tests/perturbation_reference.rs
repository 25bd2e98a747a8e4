//! Our perturbation tables against those of the R package ptable 1.0.0 (create_cnt_ptable, default
//! settings), probability by probability, to 1e-6.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by unwrapping and says what it skips")]

use std::path::PathBuf;

use kubus_model::rule::PerturbationParameters;
use kubus_release::perturbation::PerturbationTable;

const CASES: [(u8, f64, &str, u8); 6] =
    [(2, 1.08, "1.08", 0), (3, 1.0, "1", 0), (3, 1.5, "1.5", 0), (5, 3.0, "3", 0), (5, 3.0, "3", 2), (8, 4.0, "4", 2)];

fn reference(name: &str) -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/disclosure/oracle");
    let found = std::fs::read_to_string(folder.join(name)).ok();
    if found.is_none() {
        eprintln!("skipped: reference {name} is not there");
    }
    found
}

/// `(true count, published count, probability, first share of keys, last share of keys)`.
fn rows(csv: &str) -> Vec<(i64, i64, f64, f64, f64)> {
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].parse::<f64>().unwrap();
        (fields[0].parse().unwrap(), fields[1].parse().unwrap(), number(2), number(4), number(5))
    };
    csv.lines().skip(1).map(row).collect()
}

#[test]
fn every_probability_equals_the_reference() {
    for (max_noise, variance, written, unused_small_counts) in CASES {
        let Some(csv) = reference(&format!("ptable_D{max_noise}_V{written}_js{unused_small_counts}.csv")) else {
            return;
        };
        let table =
            PerturbationTable::new(PerturbationParameters { max_noise, variance, unused_small_counts }).unwrap();
        let rows = rows(&csv);
        let last = rows.iter().map(|row| row.0).max();
        assert_eq!(i64::try_from(table.rows().len()).ok().map(|rows| rows - 1), last);
        for (count, published, probability, _, _) in &rows {
            let ours = table.chance(*count, *published);
            assert!((ours - probability).abs() < 1e-6, "D{max_noise} V{variance}: {count} to {published}: {ours}");
        }
        let named: f64 = rows.iter().map(|row| table.chance(row.0, row.1)).sum();
        let all: f64 = table.rows().iter().flatten().map(|change| change.chance).sum();
        assert!((named - all).abs() < 1e-5, "every change we make is in the reference");
    }
}

#[test]
fn a_cell_key_picks_the_change_whose_interval_holds_it() {
    for (max_noise, variance, written, unused_small_counts) in CASES {
        let Some(csv) = reference(&format!("ptable_D{max_noise}_V{written}_js{unused_small_counts}.csv")) else {
            return;
        };
        let table =
            PerturbationTable::new(PerturbationParameters { max_noise, variance, unused_small_counts }).unwrap();
        for (count, published, _, first, last) in rows(&csv).into_iter().filter(|row| row.4 - row.3 > 1e-5) {
            let middle = 2f64.powi(64) * f64::midpoint(first, last);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 2^64")]
            let key = middle as u64;
            assert_eq!(table.perturb(count, key), published, "D{max_noise} V{variance}: {count} at {first} to {last}");
        }
    }
}
