//! Forecasts and warnings of registered crime in and around The Hague, of which the outcome is known:
//! what the verdict says of them, and that nothing after the origin is looked at.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops where its preparation fails, and says that it skips"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::read::GzDecoder;
use kubus_model::Period;
use kubus_signal::forecast::spread::crps;
use kubus_signal::forecast::{Forecaster, Panel, Seen, Surroundings};
use serde_json::Value;

/// The rows of a series, without December 2017, which had not been published. `None` when the
/// sample data are not here.
fn series(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hague-crime-monthly");
    let Ok(file) = File::open(folder.join(format!("{name}_buurt_month.csv.gz"))) else {
        eprintln!("SKIPPED: no sample data in {}", folder.display());
        return None;
    };
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    Some(text.lines().filter(|line| !line.contains("2017-12")).fold(String::new(), |all, line| all + line + "\n"))
}

fn written(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

fn kubus(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kubus")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn backtest(name: &str, horizon: &str) -> Option<Value> {
    let path = written(&format!("{name}-{horizon}.csv"), &series(name)?);
    let said = kubus(&["--format", "json", "backtest", "--input", path.to_str().unwrap(), "--horizon", horizon]);
    Some(serde_json::from_str(&said).unwrap())
}

fn right(found: &Value) -> Vec<bool> {
    found["calibration"]["by_fifth"].as_array().unwrap().iter().map(|fifth| fifth["right"].as_bool().unwrap()).collect()
}

#[test]
fn a_month_ahead_beats_every_simple_figure_by_a_little_and_its_uncertainty_is_right() {
    for name in ["burglary_2011_2014", "bike_theft", "shoplifting", "theft_from_vehicle", "vandalism"] {
        let Some(found) = backtest(name, "1") else { return };
        let skill = found["skill"].as_f64().unwrap();
        assert!((0.01..0.07).contains(&skill) && found["skill_interval"][0].as_f64().unwrap() > 0.0, "{name} {found}");
        assert!(found["stability"].as_f64().unwrap() > 0.85, "{name} {found}");
        // Bicycle thefts in the second fifth were forecast 1.18 times too high; that is told.
        assert_eq!(right(&found), [true, name != "bike_theft", true, true, true], "{name} {found}");
    }
}

#[test]
fn a_year_ahead_of_a_falling_series_is_forecast_too_high_and_that_is_told() {
    let Some(found) = backtest("bike_theft", "12") else { return };
    assert_eq!(
        (&found["calibration"]["right"], &found["worth"]),
        (&Value::Bool(false), &Value::from("negligible")),
        "{found}"
    );
}

#[test]
fn no_row_after_the_origin_changes_a_byte() {
    let Some(text) = series("vandalism") else { return };
    let known: String =
        text.lines().filter(|line| !line.contains(",2017-")).fold(String::new(), |all, l| all + l + "\n");
    let of = |name: &str, text: &str| {
        let (input, output) = (written(&format!("{name}.csv"), text), written(&format!("{name}-out.csv"), ""));
        kubus(&["forecast", "--input", input.to_str().unwrap(), "--output", output.to_str().unwrap()]);
        fs::read(output).unwrap()
    };
    let shuffled: Vec<&str> = known.lines().skip(1).collect();
    let shuffled = shuffled.iter().rev().fold("area,period,count\n".to_owned(), |all, line| all + line + "\n");
    assert_eq!(of("known", &known), of("shuffled", &shuffled));
    assert_ne!(of("known", &known), of("later", &text));
}

/// Real counts of two kinds of crime by neighbourhood: the newest month is told, an alarm stands
/// on a count above what was expected, and a detector that breaks its promise is off.
#[test]
fn on_real_counts_every_detector_that_speaks_kept_its_promise() {
    for name in ["bike_theft", "shoplifting"] {
        let Some(text) = series(name) else { return };
        let input = written(&format!("{name}-watch.csv"), &text);
        let answer: Value =
            serde_json::from_str(&kubus(&["watch", "--input", input.to_str().unwrap(), "--json"])).unwrap();
        assert_eq!(answer["period"], "2017-11");
        let trials = answer["found"]["trials"].as_array().unwrap();
        let low = |trial: &Value| trial["alarms_interval"][0].as_f64().unwrap();
        let kept: Vec<&Value> = trials.iter().filter(|trial| trial["verdict"] == "kept").collect();
        assert!(!kept.is_empty(), "{trials:?}");
        for trial in kept {
            let alarms = trial["alarms"].as_f64().unwrap();
            assert!((alarms <= 0.015 || low(trial) <= 0.01) && trial["power"].as_f64().unwrap() >= 0.1, "{trial}");
        }
        let said = answer["found"]["newest"].as_array().unwrap().iter().filter_map(|n| n["counted"].as_object());
        for (count, alarm) in said.flat_map(|c| c["said"].as_array().unwrap().iter().map(move |s| (&c["count"], s))) {
            if let Some(bar) = alarm["alarm"].as_object() {
                assert!(count.as_f64() > bar["expected"].as_f64() && count.as_f64() > bar["threshold"].as_f64());
            }
        }
    }
}
/// The true counts of the areas with at least `busy` a month.
fn counts(name: &str, busy: u32) -> Option<Vec<(String, Period, u32)>> {
    let text = series(name)?;
    let row = |line: &str| {
        let mut parts = line.split(',');
        let area = parts.next().unwrap().to_owned();
        (area, parts.next().unwrap().parse::<Period>().unwrap(), parts.next().unwrap().parse::<u32>().unwrap())
    };
    let rows: Vec<(String, Period, u32)> = text.lines().skip(1).map(row).collect();
    let mut sums: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for (area, _, count) in &rows {
        let sum = sums.entry(area.clone()).or_default();
        *sum = (sum.0 + count, sum.1 + 1);
    }
    Some(rows.into_iter().filter(|(area, ..)| sums[area].0 >= busy * sums[area].1).collect())
}

/// Mean CRPS, on the true counts, of forecasts a month ahead at the last 24 moments.
fn scored(learnt: &Panel, truth: &Panel) -> f64 {
    let last = truth.periods.len() - 1;
    let forecaster = Forecaster::new(learnt, &Surroundings::unknown(learnt), 1, last - 24);
    let origin = |origin: usize| {
        let (means, size) = forecaster.at(origin).unwrap();
        let counts = truth.seen[origin + 1].iter().map(|seen| seen.exact().unwrap());
        counts.zip(means).map(|(count, mean)| crps(count, *mean, size)).sum::<f64>()
    };
    #[expect(clippy::cast_precision_loss, reason = "a number of counts")]
    let cells = (24 * truth.areas.len()) as f64;
    (last - 24..last).map(origin).sum::<f64>() / cells
}

#[test]
fn hiding_every_count_below_five_costs_little_where_most_is_known() {
    for (busy, most) in MEASURED {
        for name in ["burglary_2011_2014", "bike_theft", "shoplifting", "theft_from_vehicle", "vandalism"] {
            let Some(rows) = counts(name, busy) else { return };
            let truth = Panel::new(rows.clone()).unwrap();
            let hide = |limit: u32, within: Seen| {
                let seen = |count: u32| if count < limit { within } else { Seen::Exactly(count) };
                let row = |(area, period, count): (String, Period, u32)| (area, period, seen(count));
                Panel::of(rows.iter().cloned().map(row).collect()).unwrap()
            };
            let hidden = hide(5, Seen::Within { low: 0, high: 4 });
            let (full, partial) = (scored(&truth, &truth), scored(&hidden, &truth));
            let middle = scored(&hide(5, Seen::Exactly(2)), &truth);
            eprintln!(
                "{name}, {} areas, {:.0} % withheld: CRPS {full:.4}, withheld {partial:.4} ({:+.1} %), the middle {middle:.4}",
                truth.areas.len(),
                100.0 * hidden.withheld_share(),
                100.0 * (partial / full - 1.0)
            );
            assert!(partial < most * full, "{name}: {partial} {full}");
        }
    }
}

/// Areas with at least so many a month, and how many times worse the forecast may be.
const MEASURED: [(u32, f64); 3] = [(2, 1.08), (4, 1.04), (6, 1.03)];
