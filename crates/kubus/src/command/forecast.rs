//! `kubus forecast`: counts to come of a panel in a CSV file, and in sentences whether that is worth
//! anything.

use std::fmt::Write as _;

use kubus_signal::forecast::baseline::Baseline;
use kubus_signal::forecast::verdict::{Fifth, RankingGain, Worth};
use kubus_signal::forecast::{Forecast, Forecaster, Verdict, verdict};
use kubus_store::write_atomic;

use super::{Context, Outcome, panel, record};
use crate::arguments::{ForecastArguments, Format, PanelArguments};
use crate::message::Messages;

/// Writes the forecasts of the next periods, records them, and tells the verdict on the last.
pub(super) fn run(context: &Context, given: &ForecastArguments) -> Outcome {
    let asked = &given.panel;
    let (panel, around) = panel::all(asked)?;
    if let Some(output) = &given.output {
        let last = panel.periods.len() - 1;
        let steps = 1..=usize::from(asked.horizon);
        let of = |step| Forecaster::new(&panel, &around, step, last).forecasts(last);
        let forecasts: Vec<Forecast> = steps.flat_map(of).collect();
        write_atomic(output, table(&forecasts).as_bytes())?;
    }
    let found = verdict(&panel, &around, usize::from(asked.horizon), asked.seed);
    let simple = Baseline::named(found.baseline).unwrap_or(Baseline::ShrunkSeason);
    let recorded = given.record.as_ref().map(|folder| record::write(folder, asked, &panel, &around, simple));
    let recorded = recorded.transpose()?;
    if context.format == Format::Json {
        context.say(&serde_json::to_string(&found).unwrap_or_default());
        return Ok(());
    }
    sentences(&context.messages, asked, &found).iter().for_each(|sentence| context.say(sentence));
    if let Some((number, head)) = recorded {
        context.say(&context.messages.text("forecast-recorded", &[("number", number.to_string()), ("head", head)]));
    }
    Ok(())
}

fn table(forecasts: &[Forecast]) -> String {
    let mut text = "area,period,mean,size,q05,q10,q50,q90,q95,model\n".to_owned();
    for f in forecasts {
        let quantiles = f.quantiles.map(|q| q.to_string()).join(",");
        // Writing to a String does not fail.
        let _ = writeln!(text, "{},{},{:.5},{:.5},{quantiles},{}", f.area, f.period, f.mean, f.size, f.model);
    }
    text
}

/// The verdict in sentences.
pub(super) fn sentences(messages: &Messages, asked: &PanelArguments, found: &Verdict) -> Vec<String> {
    let mut said = Vec::new();
    let mut say = |code: &str, parameters: &[(&'static str, String)]| said.push(messages.text(code, parameters));
    let parameters = parameters(asked, found);
    let worth = match found.worth {
        Worth::Unknown => "forecast-worth-unknown",
        Worth::Negligible => "forecast-worth-negligible",
        Worth::Small => "forecast-worth-small",
        Worth::Useful => "forecast-worth-useful",
    };
    let calibrated = if found.calibration.right { "forecast-calibrated" } else { "forecast-not-calibrated" };
    let season = (found.season_p_value < 0.01).then_some("forecast-season");
    for code in ["forecast-stability", worth, "forecast-skill"].into_iter().chain(season).chain([calibrated]) {
        say(code, &parameters);
    }
    for (code, fifth) in FIFTHS.iter().zip(&found.calibration.by_fifth).filter(|(_, fifth)| !fifth.right) {
        say(code, &of_fifth(fifth));
    }
    match &found.ranking {
        Some(gain) if gain.earned => say("forecast-hotspots", &of_ranking(gain)),
        Some(gain) => say("forecast-no-hotspots", &of_ranking(gain)),
        None => say("forecast-no-hotspots-unknown", &parameters),
    }
    if found.withheld > 0 {
        say("forecast-withheld", &[("withheld", found.withheld.to_string())]);
    }
    for period in &found.empty {
        say("forecast-empty-period", &[("period", period.to_string())]);
    }
    for shift in &found.shifts {
        let change = per_cent(shift.factor - 1.0);
        say("forecast-shift", &[("period", shift.period.to_string()), ("change", change)]);
    }
    said
}

const FIFTHS: [&str; 5] =
    ["forecast-fifth-1", "forecast-fifth-2", "forecast-fifth-3", "forecast-fifth-4", "forecast-fifth-5"];

pub(super) fn per_cent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

/// The ends of an interval; question marks when it cannot be told.
pub(super) fn ends(interval: Option<(f64, f64)>, text: impl Fn(f64) -> String) -> (String, String) {
    interval.map_or_else(|| ("?".to_owned(), "?".to_owned()), |(low, high)| (text(low), text(high)))
}

fn parameters(asked: &PanelArguments, found: &Verdict) -> [(&'static str, String); 10] {
    let (low, high) = ends(found.skill_interval, per_cent);
    [
        ("horizon", asked.horizon.to_string()),
        ("origins", found.origins.to_string()),
        ("stability", format!("{:.2}", found.stability)),
        ("baseline", found.baseline.to_owned()),
        ("skill", per_cent(found.skill)),
        ("low", low),
        ("high", high),
        ("season", format!("{:.2}", found.season_swing)),
        ("within80", per_cent(found.calibration.coverage.0)),
        ("within95", per_cent(found.calibration.coverage.1)),
    ]
}

pub(super) fn of_fifth(fifth: &Fifth) -> [(&'static str, String); 3] {
    let two = |number: f64| format!("{number:.2}");
    let (low, high) = ends(fifth.interval, two);
    [("ratio", two(fifth.ratio)), ("low", low), ("high", high)]
}

fn of_ranking(gain: &RankingGain) -> [(&'static str, String); 4] {
    let (low, high) = ends(gain.hit_interval, per_cent);
    [("longRun", per_cent(gain.hit_long_run)), ("gain", per_cent(gain.hit)), ("low", low), ("high", high)]
}
