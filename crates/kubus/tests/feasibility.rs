//! `kubus feasibility`: a worked example, a trial delivery, and wrong questions.
#![expect(clippy::expect_used, reason = "a test stops where its preparation fails")]

use std::process::{Command, Output};

fn kubus(arguments: &[&str]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_kubus")).args(["--lang", "nl"]).args(arguments).output();
    command.expect("the program starts")
}

fn said(arguments: &[&str]) -> String {
    let output = kubus(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The setting of the pilot in Zaanstad: two districts, one year, neighbourhoods.
const PILOT: [&str; 9] =
    ["feasibility", "--per-1000", "5", "--level", "buurt:10:2000", "--level", "wijk:2:10000", "--years", "1"];

#[test]
fn a_year_of_two_districts_cannot_tell_and_the_answer_says_what_can() {
    let text = said(&PILOT);
    assert!(text.contains("Op geen van deze niveaus is een afwijkend gebied te vinden"), "{text}");
    assert!(text.contains("Het kan na"), "{text}");
    let late = said(&[&PILOT[..], &["--delay", "3", "--coverage", "0.6"]].concat());
    assert!(late.contains("Late en onvolledige gegevens kosten dit"), "{late}");
}

#[test]
fn a_trial_delivery_gives_the_rate_and_the_spread() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("pilot.csv");
    let cell = |month: usize, area: usize| format!("a{area},2023-{month:02},{}\n", (month * 7 + area * 5) % 9);
    let cells = (1..=12).flat_map(|month| (0..20).map(move |area| cell(month, area)));
    std::fs::write(&path, "area,period,count\n".to_owned() + &cells.collect::<String>()).expect("a file is written");
    let text = said(&["--format", "json", "feasibility", "--pilot", path.to_str().expect("a path is text")]);
    let found: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rate = found["question"]["rate"].as_f64().expect("a rate");
    assert!((rate - 48.0).abs() < 2.0 && found["question"]["years"] == 1.0, "{text}");
    assert!(found["question"]["dispersion"].as_f64().expect("a spread") > 1.0, "{text}");
}

#[test]
fn a_wrong_question_is_named() {
    for (arguments, about) in [
        (vec!["feasibility", "--per-1000", "5", "--level", "buurt:10"], "buurt:10"),
        (vec!["feasibility", "--per-1000", "0", "--level", "buurt:10:100"], "--per-1000"),
        (vec!["feasibility", "--per-1000", "5", "--level", "buurt:10:100", "--ratio", "1"], "--ratio"),
        (vec!["feasibility", "--pilot", "nergens.csv"], "nergens.csv"),
    ] {
        let output = kubus(&arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && text.contains(about), "{arguments:?}: {text}");
    }
}
