//! What a backtest tells beside the verdict: areas with an intervention, types of areas, the total
//! of the next year, and counts that were withheld.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn kubus(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kubus")).args(["--lang", "en"]).args(arguments).output().unwrap()
}

fn said(arguments: &[&str]) -> String {
    let output = kubus(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refusal(arguments: &[&str]) -> String {
    let output = kubus(arguments);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn backtest(arguments: &[&str]) -> Value {
    serde_json::from_str(&said(&[&["--format", "json", "backtest"], arguments].concat())).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guards").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    fs::write(folder.join(name), text).unwrap();
    folder.join(name).to_str().unwrap().to_owned()
}

/// Counts of 30 areas in 72 months from January 2019; area 4 is loud from 2023 on when asked.
fn count(month: usize, area: usize, loud: bool) -> usize {
    let usual = (month * 7 + area * 5 + month * area) % (3 + area % 7) + area / 6;
    if loud && area == 4 && month >= 48 { usual + 60 } else { usual }
}

fn panel(text: impl Fn(usize, usize) -> String) -> String {
    let cell = |m: usize, area: usize| format!("a{area:02},{}-{:02},{}\n", 2019 + m / 12, m % 12 + 1, text(m, area));
    (0..72).flat_map(|m| (0..30).map(move |area| (m, area))).map(|(m, area)| cell(m, area)).collect()
}

const MARKS: &str = "area,from,to,kind\na04,2023-01,,intervention\n";

#[test]
fn marked_cells_are_not_learnt_from_and_scored_apart() {
    let folder = folder("marks");
    let marks = written(&folder, "marks.csv", MARKS);
    let forecast = |loud: bool, marks: &[&str]| {
        let text = "area,period,count\n".to_owned() + &panel(|m, area| count(m, area, loud).to_string());
        let input = written(&folder, &format!("panel-{loud}.csv"), &text);
        let output = folder.join("out.csv").to_str().unwrap().to_owned();
        said(&[&["forecast", "--input", &input, "--output", &output], marks].concat());
        fs::read_to_string(output).unwrap()
    };
    assert_eq!(forecast(false, &["--marks", &marks]), forecast(true, &["--marks", &marks]));
    assert_ne!(forecast(false, &[]), forecast(true, &[]));
    let input = folder.join("panel-true.csv").to_str().unwrap().to_owned();
    let found = backtest(&["--input", &input, "--marks", &marks]);
    let groups = found["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2, "{found}");
    assert_eq!((&groups[0]["common"]["name"], &groups[0]["areas"]), (&"intervention".into(), &1.into()), "{found}");
    // What happened there is far from what would have happened without it, and that is seen.
    assert!(groups[0]["ratio"]["ratio"].as_f64().unwrap() > 5.0, "{found}");
    assert!((0.8..1.2).contains(&groups[1]["ratio"]["ratio"].as_f64().unwrap()), "{found}");
    let text = said(&["backtest", "--input", &input, "--marks", &marks]);
    assert!(text.contains("Areas with an intervention (1)") && text.contains("The other areas (29)"), "{text}");
}

#[test]
fn a_mark_on_an_area_that_is_not_there_is_refused() {
    let folder = folder("unknown");
    let text = "area,period,count\n".to_owned() + &panel(|m, area| count(m, area, false).to_string());
    let input = written(&folder, "panel.csv", &text);
    let marks = written(&folder, "marks.csv", "area,from,to,kind\nb04,2023-01,,intervention\n");
    assert!(refusal(&["backtest", "--input", &input, "--marks", &marks]).contains("b04"));
    let marks = written(&folder, "marks.csv", "area,from,to,kind\na04,2023-01,,miracle\n");
    assert!(refusal(&["backtest", "--input", &input, "--marks", &marks]).contains("marks.csv"));
}

#[test]
fn types_and_the_total_of_a_year_are_told() {
    let folder = folder("types");
    let text = "area,period,count\n".to_owned() + &panel(|m, area| count(m, area, false).to_string());
    let input = written(&folder, "panel.csv", &text);
    let types = (0..30).map(|area| format!("a{area:02},{}\n", if area < 12 { "dorp" } else { "stad" }));
    let types = written(&folder, "types.csv", &("area,type\n".to_owned() + &types.collect::<String>()));
    let found = backtest(&["--input", &input, "--types", &types, "--annual"]);
    let groups = found["groups"].as_array().unwrap();
    let names: Vec<(&str, u64)> =
        groups.iter().map(|g| (g["common"]["name"].as_str().unwrap(), g["areas"].as_u64().unwrap())).collect();
    assert_eq!(names, [("dorp", 12), ("stad", 18)]);
    assert!(found["annual"]["origins"].as_u64().unwrap() >= 24, "{found}");
    let text = said(&["backtest", "--input", &input, "--types", &types, "--annual"]);
    assert!(text.contains("Type dorp (12 areas)") && text.contains("Total of a year"), "{text}");
}

#[test]
fn a_withheld_count_is_a_class_or_empty_with_a_status_and_a_gap_is_neither() {
    let folder = folder("withheld");
    let class = |m: usize, area: usize| match count(m, area, false) {
        0..=1 => "<2".to_owned(),
        more => more.to_string(),
    };
    let classes = written(&folder, "classes.csv", &("area,period,count\n".to_owned() + &panel(class)));
    let status = |m: usize, area: usize| match count(m, area, false) {
        0..=1 => ",withheld".to_owned(),
        more => format!("{more},"),
    };
    let empty = written(&folder, "empty.csv", &("area,period,count,status\n".to_owned() + &panel(status)));
    let found = backtest(&["--input", &classes]);
    let withheld = found["withheld"].as_u64().unwrap();
    assert!(withheld > 100 && found["crps"].as_f64().unwrap() > 0.0, "{found}");
    assert_eq!(found, backtest(&["--input", &empty, "--withheld-below", "2"]));
    assert!(said(&["backtest", "--input", &classes]).contains(&format!("{withheld} counts were withheld")));
    let gap = written(&folder, "gap.csv", &("area,period,count,status\n".to_owned() + &panel(|_, _| ",".to_owned())));
    assert!(refusal(&["backtest", "--input", &gap]).contains("gap.csv"));
    let all = written(&folder, "all.csv", &("area,period,count\n".to_owned() + &panel(|_, _| "<9".to_owned())));
    assert!(refusal(&["backtest", "--input", &all]).contains("100%"));
}
