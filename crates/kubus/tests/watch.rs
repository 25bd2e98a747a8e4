//! `kubus watch` on files: alarms, states, and what it says of files that are wrong.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

fn kubus(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubus"));
    command.current_dir(folder).args(["--lang", "nl", "watch", "--input", "p.csv"]).args(words).output().unwrap()
}

/// Six years of months: twelve areas as usual, of which the first ends high, and one that has no
/// last count.
fn months() -> String {
    let mut text = "area,period,count,status\n".to_owned();
    for area in 0..12 {
        for month in 0..72 {
            let usual = 12 + (month * 7 + area * 5) % 9 + (month % 12 / 6) * 4;
            let (count, status) = match (area, month) {
                (0, 71) => ("70".to_owned(), ""),
                (11, 71) => (String::new(), "suppressed"),
                _ => (usual.to_string(), ""),
            };
            writeln!(text, "a{area:02},{}-{:02},{count},{status}", 2019 + month / 12, month % 12 + 1).unwrap();
        }
    }
    text
}

#[test]
fn a_high_count_is_an_alarm_and_a_cell_without_a_count_keeps_its_state() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.csv"), months()).unwrap();
    let told = kubus(folder.path(), &["--format", "csv"]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let text = String::from_utf8(told.stdout).unwrap();
    let alarms: Vec<&str> = text.lines().filter(|line| line.ends_with(",true")).collect();
    assert!(alarms.iter().any(|line| line.starts_with("a00,2024-12,value,farrington,70,")), "{text}");
    assert!(alarms.iter().all(|line| line.starts_with("a00,")), "{text}");
    assert!(text.lines().any(|line| line == "a11,2024-12,suppressed,,,,,"), "{text}");

    let text = String::from_utf8(kubus(folder.path(), &[]).stdout).unwrap();
    assert!(text.contains("a00: 70, waar") && text.contains("11 gebieden bekeken, 1 zonder aantal"), "{text}");
    assert!(text.contains("beloofd 1.0") && text.trim_end().ends_with("of er anders is geteld."), "{text}");
}

#[test]
fn the_same_file_gives_the_same_bytes_and_rows_may_come_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let answer = |text: &str| {
        std::fs::write(folder.path().join("p.csv"), text).unwrap();
        kubus(folder.path(), &["--json"]).stdout
    };
    let text = months();
    let mut lines: Vec<&str> = text.lines().collect();
    let once = answer(&text);
    lines[1..].reverse();
    assert!(!once.is_empty());
    assert_eq!(once, answer(&lines.join("\n")));
}

#[test]
fn a_wrong_file_is_named_with_row_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [
        ("area,period,count\na,2024-01,1\na,2024-1x,1\n", "p.csv:3 [period]"),
        ("area,period,count\na,2024-01,1\na,2024-02,veel\n", "p.csv:3 [count]"),
        ("area,period,count\na,2024-01,1\na,2024-01,1\n", "p.csv:3 [period]"),
        ("area,period,count,status\na,2024-01,1,suppressed\n", "p.csv:2 [count]"),
        ("area,period,count\na,2024-01,1\na,2024Q2,1\n", "verschillende lengte"),
        ("area,period\na,2024-01\n", "ontbreekt de kolom count"),
        ("area,period,count\na,2024-W01,1\na,2024-W03,1\n", "3 perioden"),
        ("area,period,count\na,0001-W01,1\na,2024-W03,1\n", "te lang"),
    ];
    for (text, place) in wrong {
        std::fs::write(folder.path().join("p.csv"), text).unwrap();
        let said = kubus(folder.path(), &[]);
        assert_eq!(said.status.code(), Some(1), "{text}");
        let told = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(told.starts_with("fout: ") && told.contains(place), "{told}");
    }
}
