//! `kubus score`: recorded forecasts against what happened since. Nothing is scored before every
//! record was checked: its bytes, its place in the list, and that it looked no further than its
//! origin.

use chrono::{DateTime, Utc};
use kubus_model::{Finding, Period};
use kubus_signal::forecast::Panel;
use kubus_signal::forecast::running::{Outcome as Happened, Running, by_horizon, outcome, overall};
use kubus_store::Records;
use kubus_store::record::record_name;
use serde::Serialize;

use super::panel;
use super::record::{Record, hashes, parse};
use super::{Context, Failure, Outcome};
use crate::arguments::{Format, ScoreArguments};

/// Seed of the draws: a score is the same whenever it is asked for.
const SEED: u64 = 1;

/// A period that was forecast and has not happened yet.
#[derive(Debug, Serialize)]
struct Waiting {
    record: u32,
    horizon: usize,
    period: Period,
}

/// Everything that is told.
#[derive(Debug, Serialize)]
struct Scores {
    /// Hash of the last line of the list.
    head: String,
    records: usize,
    overall: Option<Running>,
    by_horizon: Vec<Running>,
    waiting: Vec<Waiting>,
    /// Records whose panel is not the one that is there now: counts were corrected since.
    revised: Vec<u32>,
    /// Outcomes of periods that were over when they were forecast: only as good as the promise that
    /// nobody knew them.
    late: usize,
    /// Areas that were forecast and are no longer in the panel.
    absent: usize,
}

/// Checks all records, and tells their score.
pub(super) fn run(context: &Context, asked: &ScoreArguments) -> Outcome {
    let records = Records::open(&asked.folder)?;
    if let Some(head) = asked.head.as_ref().filter(|head| !records.knows(head)) {
        return Err(refused(Finding::error("record-head-unknown").with("head", head)));
    }
    let panel = panel::read(&asked.input, asked.withheld_below)?;
    let found = score(&records, &panel)?;
    if asked.json || context.format == Format::Json {
        context.say(&serde_json::to_string(&found).unwrap_or_default());
    } else {
        tell(context, &found);
    }
    Ok(())
}

fn refused(finding: Finding) -> Failure {
    Failure::user(vec![finding])
}

fn score(records: &Records, panel: &Panel) -> Result<Scores, Failure> {
    let hashes = hashes(panel);
    let (mut outcomes, mut waiting, mut revised) = (Vec::new(), Vec::new(), Vec::new());
    let (mut late, mut before, mut number) = (0, None, 0);
    for (line, bytes) in records.all() {
        number = line.number;
        let record = parse(number, bytes)?;
        check(number, &record, before)?;
        if !is_the_same_past(number, &record, panel, &hashes)? {
            revised.push(number);
        }
        before = Some(record.origin);
        for step in &record.steps {
            match outcome(step, panel, SEED) {
                Some(happened) => {
                    late += usize::from(is_over(step.period, line.recorded_at));
                    outcomes.push(happened);
                }
                None => waiting.push(Waiting { record: number, horizon: step.horizon, period: step.period }),
            }
        }
    }
    Ok(Scores {
        head: records.head().to_owned(),
        records: number as usize,
        overall: overall(&outcomes, SEED),
        by_horizon: by_horizon(&outcomes, SEED),
        absent: outcomes.iter().map(|happened: &Happened| happened.absent).sum(),
        waiting,
        revised,
        late,
    })
}

/// Whether a period was over at a moment.
fn is_over(period: Period, moment: DateTime<Utc>) -> bool {
    period.last_day() < moment.date_naive()
}

/// Its origin lies after that of the record before, and before every period that it forecasts.
fn check(number: u32, record: &Record, before: Option<Period>) -> Result<(), Failure> {
    let about = |code: &str| Finding::error(code).file(record_name(number)).with("origin", record.origin);
    if let Some(before) = before.filter(|before| *before >= record.origin) {
        return Err(refused(about("record-origin-not-later").with("before", before)));
    }
    for step in &record.steps {
        let promised = (0..step.horizon).fold(record.origin, |period, _| period.next());
        if step.period <= record.origin || step.period != promised {
            return Err(refused(about("record-origin-not-before").with("period", step.period)));
        }
    }
    Ok(())
}

/// Whether the counts up to the origin are those that the forecast was made from. A record made from
/// counts that go further than its origin is refused.
fn is_the_same_past(number: u32, record: &Record, panel: &Panel, hashes: &[String]) -> Result<bool, Failure> {
    let Some(end) = hashes.iter().position(|hash| *hash == record.panel_sha256) else { return Ok(false) };
    if panel.periods[end] == record.origin {
        return Ok(true);
    }
    let finding = Finding::error("record-saw-further").file(record_name(number));
    Err(refused(finding.with("origin", record.origin).with("end", panel.periods[end])))
}

fn tell(context: &Context, found: &Scores) {
    let say = |code: &str, parameters: &[(&str, String)]| context.say(&context.messages.text(code, parameters));
    let outcomes = found.overall.as_ref().map_or(0, |overall| overall.outcomes);
    say("score-records", &[("records", found.records.to_string()), ("outcomes", outcomes.to_string())]);
    for running in found.by_horizon.iter().chain(&found.overall) {
        let code = if running.horizon.is_some() { "score-horizon" } else { "score-overall" };
        say(code, &parameters(running));
    }
    for waiting in &found.waiting {
        let numbers = [("record", waiting.record.to_string()), ("horizon", waiting.horizon.to_string())];
        let [record, horizon] = numbers;
        say("score-waiting", &[record, horizon, ("period", waiting.period.to_string())]);
    }
    for record in &found.revised {
        say("score-revised", &[("record", record.to_string())]);
    }
    if found.late > 0 {
        say("score-late", &[("late", found.late.to_string())]);
    }
    if found.absent > 0 {
        say("score-absent", &[("absent", found.absent.to_string())]);
    }
    say("score-head", &[("head", found.head.clone())]);
}

fn parameters(running: &Running) -> Vec<(&'static str, String)> {
    let per_cent = |share: f64| format!("{:.1}", 100.0 * share);
    let ends = running.skill_interval.map(|(low, high)| (per_cent(low), per_cent(high)));
    let (low, high) = ends.unwrap_or_else(|| ("?".to_owned(), "?".to_owned()));
    vec![
        ("horizon", running.horizon.unwrap_or(0).to_string()),
        ("outcomes", running.outcomes.to_string()),
        ("cells", running.cells.to_string()),
        ("crps", format!("{:.4}", running.crps)),
        ("simple", format!("{:.4}", running.simple_crps)),
        ("skill", per_cent(running.skill)),
        ("low", low),
        ("high", high),
        ("within80", per_cent(running.coverage.0)),
        ("within95", per_cent(running.coverage.1)),
        ("ratio", format!("{:.2}", running.ratio)),
    ]
}
