//! `kubus drill` on files: what it answers, and what it says of files that are wrong.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

fn kubus(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubus"));
    command.current_dir(folder).args(["--lang", "nl", "drill", "--input", "t.csv"]).args(words).output().unwrap()
}

/// 2,000 rows; of people alone and older, half has it, of others a tenth.
fn table() -> String {
    let mut text = "leeftijd,huishouden,woning,schulden\n".to_owned();
    for at in 0..2000 {
        let (age, home, house) = (["jong", "midden", "oud"][at % 3], ["alleen", "samen"][at / 3 % 2], at / 6 % 4);
        let every = if (age, home) == ("oud", "alleen") { 2 } else { 10 };
        writeln!(text, "{age},{home},w{house},{}", usize::from(at / 24 % every == 0)).unwrap();
    }
    text
}

fn said(folder: &Path, text: &str, words: &[&str]) -> String {
    std::fs::write(folder.join("t.csv"), text).unwrap();
    let output = kubus(folder, words);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_group_is_told_in_words_with_what_was_expected_and_that_it_is_no_cause() {
    let folder = tempfile::tempdir().unwrap();
    let told = said(folder.path(), &table(), &["--target", "schulden", "--significance", "99"]);
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[2].starts_with("1. leeftijd = oud en huishouden = alleen: "), "{told}");
    assert!(lines[2].contains("(p 0.0100)"), "{told}");
    assert!(lines[3].starts_with("Dit zegt bij wie"), "{told}");
    assert_eq!(lines.len(), 4, "{told}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_one_and_two_cores() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["--target", "schulden", "--significance", "50", "--json", "--side", "both", "--jobs"];
    let answers = ["1", "2"].map(|jobs| said(folder.path(), &table(), &[&words[..], &[jobs]].concat()));
    assert_eq!(answers[0], answers[1]);
    let answer: serde_json::Value = serde_json::from_str(&answers[0]).unwrap();
    assert_eq!(answer["found"]["exposure"], 2000.0);
    assert_eq!(answer["found"]["list"].as_array().unwrap().len(), 10);
    assert_eq!(answer["found"]["list"][0]["explanation"], 0);
}

#[test]
fn counts_with_an_exposure_are_compared_at_one_rate_and_empty_answers_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = "wijk,soort,aantal,mensen\na,x,90,300.5\na,y,30,300\nb,x,30,300\nb,y,30,300\n,y,,40\n";
    let told = said(folder.path(), text, &["--target", "aantal", "--exposure", "mensen"]);
    assert!(told.contains("1 rijen hadden geen antwoord"), "{told}");
    assert!(told.contains("1. wijk = a en soort = x: 90 van 300.5, waar 45.1 te verwachten was"), "{told}");
}

#[test]
fn a_wrong_file_is_named_with_row_and_column_and_without_its_values() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [
        ("a,t\nx,1\nx,geheim\n", &["--target", "t"][..], "t.csv:3 [t]"),
        ("a,t\nx,1\nx,0\n", &["--target", "u"], "ontbreekt de kolom u"),
        ("a,t\nx,1\nx,1\n", &["--target", "t"], "niets te vergelijken"),
        ("a,t,e\nx,1,2\nx,1,geheim\n", &["--target", "t", "--exposure", "e"], "t.csv:3 [e]"),
        ("a,t,e\nx,1,2\nx,1,0\n", &["--target", "t", "--exposure", "e"], "t.csv:3 [t]"),
        ("a,t\nx,1\nx,0,3\n", &["--target", "t"], "t.csv"),
        ("t\n1\n0\n", &["--target", "t"], "niets te vergelijken"),
    ];
    for (text, words, place) in wrong {
        std::fs::write(folder.path().join("t.csv"), text).unwrap();
        let output = kubus(folder.path(), words);
        assert_eq!(output.status.code(), Some(1), "{text}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.starts_with("fout: ") && told.contains(place) && !told.contains("geheim"), "{told}");
    }
}
