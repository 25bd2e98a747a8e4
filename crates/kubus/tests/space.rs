//! `kubus space` and `kubus scan` on files: what they answer, and what they say of files that are
//! wrong.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::path::Path;
use std::process::{Command, Output};

fn kubus(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubus"));
    command.current_dir(folder).args(["--lang", "nl"]).args(words).output().unwrap()
}

/// A row of areas, each touching the next, with an area apart and one without a figure.
fn files(folder: &Path) {
    let mut areas = "id,x,y,pop,cases,value\n".to_owned();
    let mut edges = "i,j\n".to_owned();
    for at in 0..20 {
        let cases = if at < 5 { 30 } else { 5 + at % 3 };
        areas.push_str(&format!("a{at},{at},0,100,{cases},{}\n", f64::from(cases) / 100.0));
        if at < 19 {
            edges.push_str(&format!("a{at},a{}\n", at + 1));
        }
    }
    areas.push_str("apart,90,90,100,6,0.06\nleeg,91,91,,,\n");
    std::fs::write(folder.join("areas.csv"), areas).unwrap();
    std::fs::write(folder.join("edges.csv"), edges).unwrap();
}

const FILES: [&str; 4] = ["--areas", "areas.csv", "--edges", "edges.csv"];

#[test]
fn an_area_without_neighbours_or_figure_has_a_state_and_no_p_value() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    for jobs in ["1", "2"] {
        let words = [&["space"], &FILES[..], &["--perms", "200000", "--jobs", jobs, "--out", jobs]].concat();
        let said = kubus(folder.path(), &words);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
    let [one, two] = ["1", "2"].map(|name| std::fs::read_to_string(folder.path().join(name)).unwrap());
    assert_eq!(one, two);
    let line = |id: &str| one.lines().find(|line| line.starts_with(id)).unwrap().to_owned();
    assert_eq!(line("apart,"), "apart,island,,,,,,,,,,,");
    assert_eq!(line("leeg,"), "leeg,not_available,,,,,,,,,,,");
    assert!(line("a2,").starts_with("a2,value,HH,"), "{}", line("a2,"));
    let high: f64 = line("a2,").split(',').nth(9).unwrap().parse().unwrap();
    // Both neighbours among the five high areas of 21: of the 190 pairs of others, 6 are as high.
    assert!((high - 6.0 / 190.0).abs() < 0.003, "{high}");
}

#[test]
fn the_scan_finds_the_row_of_high_areas() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    let said = kubus(folder.path(), &["scan", "--areas", "areas.csv", "--format", "csv"]);
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let first = text.lines().nth(1).unwrap();
    assert!(first.starts_with("1,5,150,"), "{text}");
    assert!(first.ends_with("\"a0 a1 a2 a3 a4\""), "{text}");
}

#[test]
fn a_wrong_file_is_named_with_row_and_column_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [
        ("id,value\na,1\nb,twee\n", "i,j\na,b\n", "areas.csv:3 [value]"),
        ("id,value\na,1\na,2\n", "i,j\na,b\n", "areas.csv:3 [id]"),
        ("id,value\na,1\nb,2\n", "i,j\na,c\n", "edges.csv:2 [j]"),
        ("id,value\na,1\nb,2\n", "i,j\na,b\nb,b\n", "edges.csv:3 [j]"),
        ("id,figure\na,1\nb,2\n", "i,j\na,b\n", "ontbreekt de kolom value"),
        ("id,value\na,1\nb,2\nc,3,4\n", "i,j\na,b\n", "areas.csv:4"),
    ];
    for (areas, edges, place) in wrong {
        std::fs::write(folder.path().join("areas.csv"), areas).unwrap();
        std::fs::write(folder.path().join("edges.csv"), edges).unwrap();
        let said = kubus(folder.path(), &[&["space"], &FILES[..], &["--out", "out.csv"]].concat());
        assert_eq!(said.status.code(), Some(1));
        let text = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(text.starts_with("fout: ") && text.contains(place), "{text}");
        assert!(!folder.path().join("out.csv").exists());
    }
}
