//! Newer releases are picked up, invalid ones are refused, and the log stays clean.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::running::{Window, eventually};
use crate::town::publish_next;

/// Longer than the time between two looks of the window at its releases.
const BETWEEN_LOOKS: Duration = Duration::from_secs(4);
const FIGURES: &str = "/api/figures?indicator=schulden&level=buurt&period=2025";

#[test]
fn a_newer_release_is_shown_without_signing_in_again() {
    let window = Window::open();
    let client = window.sign_in();
    let tag = client.get(FIGURES).header("etag").to_owned();
    assert_eq!(publish_next(&window.releases(), 120), 2);
    eventually(|| window.get("/api/health").json()["release"] == 2);
    let figures = client.get(FIGURES);
    assert_eq!(figures.json()["areas"][0]["figure"].as_f64(), Some(12.0));
    assert_ne!(figures.header("etag"), tag);
}

#[test]
fn a_changed_release_is_refused_and_the_old_one_stays_until_it_is_right() {
    let window = Window::open();
    let client = window.sign_in();
    let aside = tempfile::tempdir().unwrap();
    copy(&window.releases(), aside.path());
    publish_next(aside.path(), 120);
    let (table, right) = change_a_byte(&aside.path().join("0002"));
    copy(aside.path(), &window.releases());
    eventually(|| window.log().contains("release refused"));
    std::thread::sleep(BETWEEN_LOOKS);
    assert_eq!(window.get("/api/health").json()["release"], 1);
    assert_eq!(client.get(FIGURES).json()["areas"][0]["figure"].as_f64(), Some(10.0));
    fs::write(window.releases().join("0002").join(table), right).unwrap();
    eventually(|| window.get("/api/health").json()["release"] == 2);
    assert_eq!(window.log().matches("release refused").count(), 1, "it is said once, not every few seconds");
}

#[test]
fn boundaries_that_were_changed_after_opening_are_not_sent() {
    let window = Window::open();
    let client = window.sign_in();
    fs::write(window.releases().join("0001/geometry/buurt.geojson"), "{}").unwrap();
    assert_eq!(client.get("/api/geometry/buurt").code(), "internal-error");
    assert_eq!(client.get("/api/geometry/straat").status, 200);
}

#[test]
fn a_window_without_a_release_says_so_and_shows_the_first_that_comes() {
    let window = Window::on(tempfile::tempdir().unwrap());
    let client = window.sign_in();
    assert_eq!(client.get("/api/release").code(), "no-release");
    assert_eq!(window.get("/api/health").status, 200);
    publish_next(&window.releases(), 100);
    eventually(|| client.get("/api/release").status == 200);
}

#[test]
fn other_figures_in_a_later_release_are_told_and_no_figure_is() {
    let window = Window::open();
    let client = window.sign_in();
    publish_next(&window.releases(), 120);
    let list = client.get("/api/releases").json();
    assert_eq!([&list["releases"][0]["number"], &list["releases"][1]["number"]], [2, 1]);
    assert_eq!(list["releases"][0]["levels"][1]["withheld"], 6, "one buurt, two periods, three members");
    let found = client.get("/api/releases/difference?before=1&after=2").json();
    let tables = found["tables"].as_array().unwrap();
    assert!(tables.len() == 3 && tables.iter().all(|table| table["figures_differ"] == true), "{found}");
    assert_eq!(found["tables_alike"], 0);
    let alike = client.get("/api/releases/difference?before=2&after=2").json();
    assert_eq!((alike["tables_alike"].as_u64(), alike["tables"].as_array().map(Vec::len)), (Some(3), Some(0)));
    assert_eq!(client.get("/api/releases/difference?before=1&after=9").code(), "not-found");
}

#[test]
fn a_release_that_does_not_open_is_named_and_not_described() {
    let window = Window::open();
    let client = window.sign_in();
    publish_next(&window.releases(), 120);
    change_a_byte(&window.releases().join("0002"));
    let list = client.get("/api/releases").json();
    assert_eq!((list["unopened"][0].as_u64(), list["releases"].as_array().map(Vec::len)), (Some(2), Some(1)));
}

#[test]
fn ordinary_use_leaves_no_warning_in_the_log() {
    let window = Window::open();
    let client = window.sign_in();
    for path in ["/api/release", FIGURES, "/api/signals", "/api/area/buurt/BU99010001", "/api/nothing", "/kaart"] {
        client.get(path);
    }
    client.get("/api/export?indicator=schulden&level=buurt&period=2025&format=gpkg");
    let log = window.log();
    assert!(log.contains("release on show"));
    assert!(!log.contains("WARN") && !log.contains("ERROR") && !log.contains(&window.password), "{log}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target);
        } else if !target.exists() || entry.file_name() == "ledger.jsonl" {
            fs::copy(source, target).unwrap();
        }
    }
}

/// Changes one byte of a table; gives its place in the release, and the bytes as they were.
fn change_a_byte(release: &Path) -> (&'static str, Vec<u8>) {
    let place = "tables/schulden.buurt.parquet";
    let right = fs::read(release.join(place)).unwrap();
    let mut wrong = right.clone();
    let middle = wrong.len() / 2;
    wrong[middle] ^= 1;
    fs::write(release.join(place), wrong).unwrap();
    (place, right)
}
