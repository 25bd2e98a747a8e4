//! The p % rule beside τ-ARGUS: size by region with totals, response Var2, p = 15
//! (sdcTools/checkTauArgus).

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by unwrapping and says what it skips")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use kubus_release::rule::dominance::{Dominance, hides};

fn file(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/disclosure");
    let found = std::fs::read(folder.join("tauargus-expected").join(name)).ok();
    if found.is_none() {
        eprintln!("skipped: reference {name} is not there");
    }
    found
}

/// Part of the country by region.
fn parts_of_country(hierarchy: &str) -> BTreeMap<String, String> {
    let mut part = String::new();
    let mut found = BTreeMap::new();
    for line in hierarchy.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.strip_prefix('@') {
            Some(region) => {
                found.insert(region.trim().to_owned(), part.clone());
            }
            None => part = line.to_owned(),
        }
    }
    found
}

/// An amount of at most two decimals, in hundredths.
fn hundredths(text: &str) -> i64 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals:0<2}").parse().unwrap()
}

/// The amounts in each cell of size by region, totals included.
fn amounts(records: &str, parts: &BTreeMap<String, String>) -> BTreeMap<(String, String), Vec<i64>> {
    let mut cells: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for line in records.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (size, region, amount) = (fields[2], fields[3], hundredths(fields[6]));
        let regions = ["Total", region].into_iter().chain(parts.get(region).map(String::as_str));
        for key in regions.flat_map(|region| ["Total", size].map(|size| (size.to_owned(), region.to_owned()))) {
            cells.entry(key).or_default().push(amount);
        }
    }
    cells
}

#[test]
fn the_sensitive_cells_are_those_of_tau_argus() {
    let (Some(records), Some(hierarchy)) = (file("tau_testW.asc.gz"), file("region2.hrc")) else { return };
    let Some(expected) = file("Simple2D.txt") else { return };
    let mut text = String::new();
    flate2::read::GzDecoder::new(records.as_slice()).read_to_string(&mut text).unwrap();
    let cells = amounts(&text, &parts_of_country(&String::from_utf8(hierarchy).unwrap()));
    let mut sensitive = 0;
    for line in String::from_utf8(expected).unwrap().lines() {
        let fields: Vec<&str> = line.split(',').map(|field| field.trim_matches('"').trim()).collect();
        let theirs = (3..=9).contains(&fields[3].parse::<u8>().unwrap());
        let ours = cells.get(&(fields[0].to_owned(), fields[1].to_owned()));
        let ours = ours.is_some_and(|amounts| hides(Dominance::PPercent(15), amounts));
        assert_eq!(ours, theirs, "{line}");
        sensitive += u32::from(theirs);
    }
    assert_eq!(sensitive, 9);
}
