//! Forecasts that were recorded before the outcome was known: the running score is that of playing
//! back, and a record that was changed, removed, or made with the outcome in hand is refused.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

fn kubus(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kubus")).args(["--lang", "en"]).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a refusal says; the exit code is the user's.
fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("score").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A panel of so many months from January 2020; the number shifts the counts.
fn panel(folder: &Path, months: usize, shift: usize) -> String {
    let cell = |m: usize, area: usize| {
        let count = (m * 7 + area * 5 + m * area + shift) % (3 + area % 7);
        format!("a{area:02},{}-{:02},{count}\n", 2020 + m / 12, m % 12 + 1)
    };
    let cells = (0..months).flat_map(|m| (0..30).map(move |area| cell(m, area)));
    let path = folder.join(format!("panel-{months}-{shift}.csv"));
    fs::write(&path, "area,period,count\n".to_owned() + &cells.collect::<String>()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Three forecasts, recorded in April, May and June 2023, two months ahead.
fn three(name: &str) -> (PathBuf, String) {
    let folder = folder(name);
    let records = folder.join("records").to_str().unwrap().to_owned();
    for months in 40..43 {
        let input = panel(&folder, months, 0);
        said(&kubus(&["forecast", "--input", &input, "--horizon", "2", "--record", &records]));
    }
    (folder, records)
}

fn score(records: &str, input: &str) -> Output {
    kubus(&["score", records, "--input", input, "--json"])
}

#[test]
fn outcomes_that_are_known_are_scored_and_the_others_wait() {
    let (folder, records) = three("waiting");
    let found: Value = serde_json::from_str(&said(&score(&records, &panel(&folder, 43, 0)))).unwrap();
    // April forecast May and June, May forecast June and July, June forecast July and August.
    assert_eq!((&found["records"], &found["overall"]["outcomes"]), (&Value::from(3), &Value::from(5)), "{found}");
    assert_eq!(found["waiting"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["waiting"][0]["period"], "2023-08", "{found}");
    assert_eq!(found["by_horizon"].as_array().unwrap().len(), 2, "{found}");
    assert_eq!((&found["late"], &found["revised"]), (&Value::from(5), &Value::from(Vec::<u32>::new())), "{found}");
    let text = said(&kubus(&["score", &records, "--input", &panel(&folder, 43, 0)]));
    assert!(
        text.contains("Forecast 3 waits for 2023-08 (2 ahead)") && text.contains("All together, 5 times"),
        "{text}"
    );
    let head = found["head"].as_str().unwrap();
    said(&kubus(&["score", &records, "--input", &panel(&folder, 43, 0), "--head", head]));
}

#[test]
fn counts_that_were_corrected_since_are_told() {
    let (folder, records) = three("revised");
    let found: Value = serde_json::from_str(&said(&score(&records, &panel(&folder, 43, 1)))).unwrap();
    assert_eq!(found["revised"], Value::from(vec![1, 2, 3]), "{found}");
}

#[test]
fn a_changed_byte_and_a_removed_record_are_refused_and_named() {
    let (folder, records) = three("changed");
    let input = panel(&folder, 43, 0);
    let path = Path::new(&records).join("0002.json");
    let bytes = fs::read(&path).unwrap();
    for at in [0, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&path, changed).unwrap();
        assert!(refusal(&score(&records, &input)).contains("0002.json"));
    }
    fs::remove_file(&path).unwrap();
    assert!(refusal(&score(&records, &input)).contains("0002.json"));
    let next = kubus(&["forecast", "--input", &panel(&folder, 44, 0), "--record", &records]);
    assert!(refusal(&next).contains("0002.json"), "nothing is added to a damaged folder");
}

#[test]
fn records_that_were_cut_off_show_by_the_hash_that_was_kept_elsewhere() {
    let (folder, records) = three("cut");
    let input = panel(&folder, 43, 0);
    let list = Path::new(&records).join("records.jsonl");
    let text = fs::read_to_string(&list).unwrap();
    let head = hex::encode(Sha256::digest(text.lines().last().unwrap()));
    said(&kubus(&["score", &records, "--input", &input, "--head", &head]));
    fs::write(&list, text.lines().take(2).fold(String::new(), |all, line| all + line + "\n")).unwrap();
    assert!(refusal(&score(&records, &input)).contains("0003.json"));
    fs::remove_file(Path::new(&records).join("0003.json")).unwrap();
    assert!(refusal(&kubus(&["score", &records, "--input", &input, "--head", &head])).contains(&head));
}

#[test]
fn a_forecast_is_not_done_over() {
    let (folder, records) = three("over");
    let again = kubus(&["forecast", "--input", &panel(&folder, 42, 1), "--record", &records]);
    assert!(refusal(&again).contains("not done over"));
    let earlier = kubus(&["forecast", "--input", &panel(&folder, 39, 0), "--record", &records]);
    assert!(refusal(&earlier).contains("2023-06"));
}

/// Puts a forged record in an otherwise sound folder: hashes and chain are right.
fn forged(name: &str, forge: impl Fn(&mut Value)) -> (String, String) {
    let folder = folder(name);
    let records = folder.join("records").to_str().unwrap().to_owned();
    said(&kubus(&["forecast", "--input", &panel(&folder, 42, 0), "--horizon", "2", "--record", &records]));
    let (path, list) = (Path::new(&records).join("0001.json"), Path::new(&records).join("records.jsonl"));
    let mut record: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    forge(&mut record);
    let bytes = serde_json::to_vec(&record).unwrap();
    let mut line: Value = serde_json::from_slice(&fs::read(&list).unwrap()).unwrap();
    line["record_sha256"] = hex::encode(Sha256::digest(&bytes)).into();
    fs::write(&path, bytes).unwrap();
    fs::write(&list, serde_json::to_string(&line).unwrap() + "\n").unwrap();
    (records, panel(&folder, 44, 0))
}

#[test]
fn a_record_made_with_the_outcome_in_its_own_input_is_refused() {
    // It says that it saw May and forecasts June and July, but its panel had June.
    let (records, input) = forged("saw", |record| {
        record["origin"] = "2023-05".into();
        record["steps"][0]["period"] = "2023-06".into();
        record["steps"][1]["period"] = "2023-07".into();
    });
    let text = refusal(&score(&records, &input));
    assert!(text.contains("0001.json") && text.contains("2023-05") && text.contains("2023-06"), "{text}");
}

#[test]
fn a_record_about_a_period_that_it_saw_is_refused() {
    let (records, input) = forged("seen", |record| record["steps"][0]["period"] = "2023-06".into());
    let text = refusal(&score(&records, &input));
    assert!(text.contains("0001.json") && text.contains("2023-06"), "{text}");
}

#[test]
fn the_hague_recorded_month_by_month_scores_as_it_was_played_back() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/hague-crime-monthly/vandalism_buurt_month.csv.gz");
    let Ok(file) = File::open(&source) else {
        eprintln!("SKIPPED: no sample data in {}", source.display());
        return;
    };
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let folder = folder("hague");
    let records = folder.join("records").to_str().unwrap().to_owned();
    let until = |month: &str| {
        let kept = text.lines().filter(|line| line.split(',').nth(1).is_some_and(|m| m == "period" || m <= month));
        let path = folder.join(format!("{month}.csv"));
        fs::write(&path, kept.fold(String::new(), |all, line| all + line + "\n")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for month in 5..11 {
        said(&kubus(&["forecast", "--input", &until(&format!("2017-{month:02}")), "--record", &records]));
    }
    let input = until("2017-11");
    let found: Value = serde_json::from_str(&said(&score(&records, &input))).unwrap();
    let overall = &found["overall"];
    assert_eq!((&overall["outcomes"], &found["waiting"]), (&Value::from(6), &Value::Array(Vec::new())), "{found}");
    let (crps, ratio) = (overall["crps"].as_f64().unwrap(), overall["ratio"].as_f64().unwrap());
    assert!((0.45..0.65).contains(&crps) && (0.85..1.15).contains(&ratio), "{found}");
    assert!((0.77..0.85).contains(&overall["coverage"][0].as_f64().unwrap()), "{found}");
}
