//! `kubus signal`: the list of deviating areas in a release, the most urgent first.

use std::path::{Path, PathBuf};

use kubus_model::{AreaLevel, Finding, Release, Signal};
use kubus_signal::{SignalOptions, signals};
use kubus_store::file::folder_of;
use kubus_store::open::verifying_key;
use kubus_store::publish::MANIFEST_FILE;
use kubus_store::{latest, open_release};

use super::{Context, Failure, Outcome};
use crate::arguments::Format;

pub(super) fn run(context: &Context, path: &Path, indicator: Option<String>, level: Option<String>) -> Outcome {
    let release = open(path)?;
    let options = SignalOptions { indicator, level: level.map(AreaLevel), ..SignalOptions::default() };
    check_names(&release, &options)?;
    let list = signals(&release, &options);
    match context.format {
        Format::Json => context.say(&serde_json::to_string(&list).unwrap_or_default()),
        Format::Csv => as_csv(context, &list),
        Format::Text => list.iter().for_each(|signal| context.say(&line(context, &release, signal))),
    }
    Ok(())
}

/// Opens a release folder, or the newest release of a town or of a folder of releases.
pub(super) fn open(path: &Path) -> Result<Release, Failure> {
    let folder = find(path)
        .ok_or_else(|| Failure::user(vec![Finding::error("release-not-found").with("path", path.display())]))?;
    let key = verifying_key(folder_of(&folder))?;
    Ok(open_release(&folder, &key)?)
}

fn find(path: &Path) -> Option<PathBuf> {
    if path.join(MANIFEST_FILE).is_file() {
        return path.canonicalize().ok();
    }
    latest(&path.join("releases")).or_else(|| latest(path))
}

pub(super) fn check_names(release: &Release, options: &SignalOptions) -> Outcome {
    let unknown = |code: &str, name: &str, known: Vec<&str>| {
        Failure::user(vec![Finding::error(code).with("name", name).with("known", known.join(", "))])
    };
    if let Some(id) = &options.indicator
        && release.indicator(id).is_none()
    {
        let known = release.manifest().indicators.iter().map(|i| i.id.as_str()).collect();
        return Err(unknown("indicator-unknown", id, known));
    }
    if let Some(level) = &options.level
        && release.areas(level).is_empty()
    {
        let known = release.manifest().levels.iter().map(|l| l.level.as_str()).collect();
        return Err(unknown("level-unknown", level.as_str(), known));
    }
    Ok(())
}

fn line(context: &Context, release: &Release, signal: &Signal) -> String {
    let indicator = release.indicator(&signal.indicator);
    let decimals = indicator.map_or(1, |i| usize::from(i.decimals));
    let area = release.area(&signal.level, &signal.area);
    let figure = |value: f64| format!("{value:.decimals$}");
    let parameters = [
        ("rank", signal.rank.to_string()),
        ("indicator", signal.indicator.clone()),
        ("level", signal.level.to_string()),
        ("area", signal.area.to_string()),
        ("name", area.map_or_else(String::new, |a| a.name.clone())),
        ("period", signal.period.to_string()),
        ("rate", figure(signal.rate)),
        ("low", figure(signal.interval.0)),
        ("high", figure(signal.interval.1)),
        ("reference", figure(signal.reference)),
        ("reach", format!("{:.0}", signal.reach)),
        ("certainty", format!("{:.1}", signal.certainty * 100.0)),
    ];
    context.messages.text("signal-line", &parameters)
}

/// A table with `;`, as Dutch spreadsheets read it; numbers keep the decimal point.
fn as_csv(context: &Context, list: &[Signal]) {
    context.say(
        "rank;indicator;level;area;period;observed;denominator;expected;rate;low;high;reference;certainty;reach;urgency",
    );
    let count = |value: Option<i64>| value.map_or_else(String::new, |v| v.to_string());
    for s in list {
        context.say(&format!(
            "{};{};{};{};{};{};{};{:.2};{:.4};{:.4};{:.4};{:.4};{:.4};{:.1};{:.4}",
            s.rank,
            s.indicator,
            s.level,
            s.area,
            s.period,
            count(s.observed),
            count(s.denominator),
            s.expected,
            s.rate,
            s.interval.0,
            s.interval.1,
            s.reference,
            s.certainty,
            s.reach,
            s.urgency
        ));
    }
}
