//! `kubus backtest`: would a forecast be worth anything, played back on the past; also for types of
//! areas, where marks are, and for the total of the next year.

use kubus_signal::forecast::Verdict;
use kubus_signal::forecast::annual::annual;
use kubus_signal::forecast::group::{Common, GroupScore, groups};
use kubus_signal::forecast::verdict::{Worth, played};
use serde::Serialize;

use super::forecast::{ends, of_fifth, per_cent, sentences};
use super::{Context, Outcome, panel, register};
use crate::arguments::{BacktestArguments, Format, PanelArguments, RegisterArguments};
use crate::message::{Language, Messages};

/// Everything that is told.
#[derive(Debug, Serialize)]
struct Told {
    #[serde(flatten)]
    verdict: Verdict,
    groups: Vec<GroupScore>,
    annual: Option<Verdict>,
}

/// Tells the verdict on a horizon; writes nothing but what the register and the card ask.
pub(super) fn run(
    context: &Context,
    asked: &PanelArguments,
    also: &BacktestArguments,
    register: &RegisterArguments,
) -> Outcome {
    let (panel, around) = panel::all(asked)?;
    let types = also.types.as_ref().map(|path| panel::types(path)).transpose()?.unwrap_or_default();
    let (verdict, groups) = played(&panel, &around, usize::from(asked.horizon), &groups(&panel, &types), asked.seed);
    let annual = if also.annual { annual(&panel, &around, asked.seed) } else { None };
    let told = Told { verdict, groups, annual };
    register::write(register, &panel, &told.verdict, &all(&Messages::of(Language::Nl), asked, also, &told))?;
    if context.format == Format::Json {
        context.say(&serde_json::to_string(&told).unwrap_or_default());
    } else {
        all(&context.messages, asked, also, &told).iter().for_each(|sentence| context.say(sentence));
    }
    Ok(())
}

fn all(messages: &Messages, asked: &PanelArguments, also: &BacktestArguments, told: &Told) -> Vec<String> {
    let mut said = sentences(messages, asked, &told.verdict);
    said.extend(told.groups.iter().map(|group| of_group(messages, group)));
    match &told.annual {
        Some(annual) => said.extend(of_year(messages, annual)),
        None if also.annual => said.push(messages.text("forecast-annual-unknown", &[])),
        None => {}
    }
    said
}

fn of_group(messages: &Messages, group: &GroupScore) -> String {
    let (code, name) = match &group.common {
        Common::Type(name) => ("forecast-type", name.as_str()),
        Common::Marked(name) if name == "detection" => ("forecast-marked-detection", ""),
        Common::Marked(_) => ("forecast-marked-intervention", ""),
        Common::Unmarked => ("forecast-unmarked", ""),
    };
    let who = messages.text(code, &[("name", name.to_owned()), ("areas", group.areas.to_string())]);
    let (skill_low, skill_high) = ends(group.skill_interval, per_cent);
    let (false_low, false_high) = ends(group.false_flags.interval, per_cent);
    let (missed_low, missed_high) = ends(group.missed.interval, per_cent);
    let parameters = [
        ("who", who),
        ("skill", per_cent(group.skill)),
        ("skillLow", skill_low),
        ("skillHigh", skill_high),
        ("within80", per_cent(group.coverage.0)),
        ("within95", per_cent(group.coverage.1)),
        ("flags", format!("{:.0}", group.flags)),
        ("false", per_cent(group.false_flags.share)),
        ("falseLow", false_low),
        ("falseHigh", false_high),
        ("missed", per_cent(group.missed.share)),
        ("missedLow", missed_low),
        ("missedHigh", missed_high),
    ];
    messages.text("forecast-group", &[&parameters[..], &of_fifth(&group.ratio)].concat())
}

fn of_year(messages: &Messages, annual: &Verdict) -> Vec<String> {
    let (low, high) = ends(annual.skill_interval, per_cent);
    let parameters = [
        ("origins", annual.origins.to_string()),
        ("baseline", annual.baseline.to_owned()),
        ("skill", per_cent(annual.skill)),
        ("low", low),
        ("high", high),
        ("within80", per_cent(annual.calibration.coverage.0)),
        ("within95", per_cent(annual.calibration.coverage.1)),
    ];
    let worth = match annual.worth {
        Worth::Unknown => "forecast-annual-few",
        Worth::Negligible => "forecast-annual-negligible",
        Worth::Small | Worth::Useful => "forecast-annual-worth",
    };
    let right = if annual.calibration.right { "forecast-annual-right" } else { "forecast-annual-wrong" };
    [worth, right].map(|code| messages.text(code, &parameters)).into()
}
