//! `kubus forecast` and `kubus backtest`: counts to come of a panel in a CSV file, and whether that
//! is worth anything.

use std::fmt::Write as _;
use std::path::Path;

use kubus_model::{Finding, Period};
use kubus_signal::forecast::verdict::Worth;
use kubus_signal::forecast::{Forecast, Forecaster, Panel, Verdict, verdict};
use kubus_store::write_atomic;

use super::{Context, Failure, Outcome};
use crate::arguments::Format;

/// Writes the forecasts of the next `horizon` periods, and tells the verdict on each horizon.
pub(super) fn run(context: &Context, input: &Path, horizon: usize, output: &Path, seed: u64) -> Outcome {
    let panel = read(input)?;
    let last = panel.periods.len() - 1;
    let steps = 1..=horizon.max(1);
    let forecasts: Vec<Forecast> =
        steps.clone().flat_map(|step| Forecaster::new(&panel, step, last).forecasts(last)).collect();
    write_atomic(output, table(&forecasts).as_bytes())?;
    tell(context, *steps.end(), &verdict(&panel, *steps.end(), seed));
    Ok(())
}

/// Tells the verdict on a horizon, and writes nothing.
pub(super) fn backtest(context: &Context, input: &Path, horizon: usize, seed: u64) -> Outcome {
    let found = verdict(&read(input)?, horizon.max(1), seed);
    tell(context, horizon.max(1), &found);
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

fn tell(context: &Context, horizon: usize, found: &Verdict) {
    if context.format == Format::Json {
        context.say(&serde_json::to_string(found).unwrap_or_default());
        return;
    }
    let per_cent = |share: f64| format!("{:.1}", 100.0 * share);
    let parameters = [
        ("horizon", horizon.to_string()),
        ("origins", found.origins.to_string()),
        ("stability", format!("{:.2}", found.stability)),
        ("baseline", found.baseline.to_owned()),
        ("skill", per_cent(found.skill)),
        ("low", per_cent(found.skill_interval.0)),
        ("high", per_cent(found.skill_interval.1)),
        ("within80", per_cent(found.coverage.0)),
        ("within95", per_cent(found.coverage.1)),
        ("quietest", format!("{:.2}", found.by_fifth[0])),
        ("busiest", format!("{:.2}", found.by_fifth[4])),
    ];
    let worth = match found.worth {
        Worth::Unknown => "forecast-worth-unknown",
        Worth::Negligible => "forecast-worth-negligible",
        Worth::Small => "forecast-worth-small",
        Worth::Useful => "forecast-worth-useful",
    };
    let calibrated = if found.calibrated { "forecast-calibrated" } else { "forecast-not-calibrated" };
    for code in ["forecast-stability", worth, "forecast-skill", calibrated, "forecast-no-hotspots"] {
        context.say(&context.messages.text(code, &parameters));
    }
}

/// Reads `area,period,count`; a wrong row is named.
fn read(path: &Path) -> Result<Panel, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let about = |code: &str| Finding::error(code).file(name.clone());
    let unreadable = |e: csv::Error| Failure::user(vec![about("panel-unreadable").with("reason", e)]);
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let column = |wanted: &str| {
        let missing = || Failure::user(vec![about("panel-column-missing").with("name", wanted)]);
        header.iter().position(|name| name.trim() == wanted).ok_or_else(missing)
    };
    let (area, period, count) = (column("area")?, column("period")?, column("count")?);
    let mut rows = Vec::new();
    for (line, record) in (2u64..).zip(reader.records()) {
        let record = record.map_err(unreadable)?;
        let field = |at: usize| record.get(at).unwrap_or_default().trim();
        let row = || Some((field(area).to_owned(), field(period).parse::<Period>().ok()?, field(count).parse().ok()?));
        rows.push(row().ok_or_else(|| Failure::user(vec![about("panel-row-wrong").row(line)]))?);
    }
    Ok(Panel::new(rows)?)
}
