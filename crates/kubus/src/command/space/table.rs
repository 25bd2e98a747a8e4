//! The answer of `kubus space` as a table, as JSON and in words.

use std::fmt::Write as _;

use kubus_model::CellStatus;
use kubus_signal::space::Moments;

use super::Local;
use crate::arguments::SpaceStatistic;
use crate::command::Context;
use crate::command::areas::Areas;

/// What was found.
pub(in crate::command) struct Answer {
    pub(super) stat: SpaceStatistic,
    pub(super) perms: u32,
    pub(super) global: Option<(f64, Moments)>,
    /// In the order of the areas.
    pub(super) locals: Vec<Local>,
    /// `None` for an area without neighbours.
    pub(super) status: Vec<Option<CellStatus>>,
}

/// A share of false alarms that is promised when areas are counted.
const PROMISED: f64 = 0.05;

impl Answer {
    const fn smooths(&self) -> bool {
        matches!(self.stat, SpaceStatistic::Eb | SpaceStatistic::Seb)
    }

    /// One line per area.
    pub(super) fn csv(&self, areas: &Areas) -> String {
        let mut text = String::with_capacity(areas.ids.len() * 96);
        text.push_str(if self.smooths() {
            "id,status,raw,smoothed\n"
        } else {
            "id,status,pattern,statistic,expected,variance,z,draws,p_low,p_high,p,p_bh,p_by\n"
        });
        for (at, local) in self.locals.iter().enumerate() {
            quoted(&mut text, &areas.ids[at]);
            text.push(',');
            text.push_str(state(self.status[at]));
            if self.smooths() {
                number(&mut text, local.raw);
                number(&mut text, local.statistic);
            } else {
                text.push(',');
                text.push_str(local.pattern.unwrap_or_default());
                for value in local.figures() {
                    number(&mut text, value);
                }
            }
            text.push('\n');
        }
        text
    }

    /// The same with the figure of all areas together.
    pub(super) fn json(&self, areas: &Areas) -> String {
        let names = ["statistic", "expected", "variance", "z", "draws", "p_low", "p_high", "p", "p_bh", "p_by"];
        let of = |at: usize| {
            let local = &self.locals[at];
            let mut one = serde_json::Map::new();
            one.insert("id".into(), areas.ids[at].clone().into());
            one.insert("status".into(), state(self.status[at]).into());
            let figures = if self.smooths() {
                vec![("raw", local.raw), ("smoothed", local.statistic)]
            } else {
                one.insert("pattern".into(), local.pattern.into());
                names.into_iter().zip(local.figures()).collect()
            };
            one.extend(figures.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
            serde_json::Value::Object(one)
        };
        let list: Vec<serde_json::Value> = (0..areas.ids.len()).map(of).collect();
        let global = self.global.map(|(statistic, m)| {
            let (expected, variance, z, p) = (m.expected, m.variance, m.z, m.normal_p());
            serde_json::json!({"statistic": statistic, "expected": expected, "variance": variance, "z": z, "p": p})
        });
        serde_json::json!({"period": areas.period, "global": global, "areas": list}).to_string()
    }
}

impl Local {
    fn figures(&self) -> [Option<f64>; 10] {
        let (moments, tails) = (self.moments, self.tails);
        [
            self.statistic,
            moments.map(|m| m.expected),
            moments.map(|m| m.variance),
            moments.map(|m| m.z),
            tails.map(|t| f64::from(t.draws)),
            tails.map(|t| t.low()),
            tails.map(|t| t.high()),
            self.p,
            self.adjusted.map(|a| a[0]),
            self.adjusted.map(|a| a[1]),
        ]
    }
}

/// A code with a comma or a quote is put between quotes.
fn quoted(text: &mut String, id: &str) {
    if id.contains([',', '"', '\n', '\r']) {
        let _ = write!(text, "\"{}\"", id.replace('"', "\"\""));
    } else {
        text.push_str(id);
    }
}

/// Writing to a String does not fail.
fn number(text: &mut String, value: Option<f64>) {
    text.push(',');
    if let Some(value) = value.filter(|value| value.is_finite()) {
        let _ = write!(text, "{value}");
    }
}

/// How a state is written. An area without neighbours is a state of its own.
pub(in crate::command) const fn state(status: Option<CellStatus>) -> &'static str {
    match status {
        None => "island",
        Some(CellStatus::Value) => "value",
        Some(CellStatus::Zero) => "zero",
        Some(CellStatus::Suppressed) => "suppressed",
        Some(CellStatus::NotAvailable) => "not_available",
        Some(CellStatus::NotApplicable) => "not_applicable",
        Some(CellStatus::TooUncertain) => "too_uncertain",
        Some(CellStatus::NotAuthorised) => "not_authorised",
    }
}

/// Says what was found, in sentences.
pub(super) fn tell(context: &Context, areas: &Areas, answer: &Answer) {
    let islands = answer.status.iter().filter(|status| status.is_none()).count();
    let missing = answer.status.iter().flatten().filter(|status| !status.is_published()).count();
    let listed = |local: &&Local| local.adjusted.is_some_and(|[hochberg, _]| hochberg <= PROMISED);
    let listed: Vec<&Local> = answer.locals.iter().filter(listed).collect();
    let among = |codes: &[&str]| listed.iter().filter(|l| l.pattern.is_some_and(|p| codes.contains(&p))).count();
    let (statistic, moments) = answer.global.map_or((f64::NAN, None), |(s, m)| (s, Some(m)));
    let parameters = [
        ("areas", (answer.locals.len() - missing).to_string()),
        ("islands", islands.to_string()),
        ("missing", missing.to_string()),
        ("period", areas.period.map_or_else(String::new, |period| period.to_string())),
        ("statistic", format!("{statistic:.4}")),
        ("expected", moments.map_or_else(String::new, |m| format!("{:.4}", m.expected))),
        ("z", moments.map_or_else(String::new, |m| format!("{:.2}", m.z))),
        ("p", moments.map_or_else(String::new, |m| format!("{:.4}", m.normal_p()))),
        ("listed", listed.len().to_string()),
        ("high", among(&["HH", "H"]).to_string()),
        ("low", among(&["LL", "L"]).to_string()),
        ("apart", among(&["HL", "LH"]).to_string()),
        ("draws", answer.perms.to_string()),
    ];
    let global = match answer.stat {
        SpaceStatistic::Moran => Some("space-moran"),
        SpaceStatistic::Geary => Some("space-geary"),
        SpaceStatistic::G | SpaceStatistic::Gstar => Some("space-g"),
        SpaceStatistic::Eb | SpaceStatistic::Seb => None,
    };
    let list = match (answer.stat, answer.perms) {
        (SpaceStatistic::Eb | SpaceStatistic::Seb, _) => "space-smoothed",
        (SpaceStatistic::Geary, _) => "space-list-geary",
        (_, 0) => "space-list-normal",
        _ => "space-list",
    };
    let period = areas.period.map(|_| "space-period");
    for code in ["space-areas"].into_iter().chain(period).chain(global).chain([list, "space-no-cause"]) {
        context.say(&context.messages.text(code, &parameters));
    }
}
