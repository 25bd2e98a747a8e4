//! The table of an export and its provenance, in words of one language.

use chrono::NaiveDate;
use kubus_model::{CellStatus, Indicator, Member};

use super::{Language, decimal};
use crate::api::figures::{AreaFigure, Figures};
use crate::message::Messages;
use crate::published::Shown;

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number with decimals.
    Number(f64),
    /// A count.
    Count(i64),
    /// Nothing.
    Nothing,
}

/// A table with its provenance.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Language of the words in it.
    pub language: Language,
    /// Name of the table with figures.
    pub name: String,
    /// Name of the table with the provenance.
    pub provenance_name: String,
    /// Heads of the columns; the first is the area code.
    pub heads: Vec<String>,
    /// One row per area, a value per column.
    pub rows: Vec<Vec<Value>>,
    /// What must be known about the figures.
    pub provenance: Vec<(String, String)>,
}

const HEADS: [&str; 12] = [
    "column-code",
    "column-name",
    "column-status",
    "column-figure",
    "column-unit",
    "column-low",
    "column-high",
    "column-reference",
    "column-numerator",
    "column-denominator",
    "column-estimated",
    "column-provisional",
];

impl Sheet {
    /// The export of figures on the day `retrieved`; none when the release does not know their
    /// indicator.
    pub(crate) fn new(shown: &Shown, figures: &Figures, language: Language, retrieved: NaiveDate) -> Option<Self> {
        let indicator = shown.release.indicator(&figures.indicator)?;
        let words = Messages::of(language);
        let unit = said(&indicator.unit_name, language);
        let mut provenance = provenance(shown, figures, indicator, language, &words);
        provenance.push((words.text("about-retrieved", &[]), retrieved.to_string()));
        Some(Self {
            language,
            name: words.text("sheet-figures", &[]),
            provenance_name: words.text("sheet-provenance", &[]),
            heads: HEADS.map(|head| words.text(head, &[])).to_vec(),
            rows: figures.areas.iter().map(|area| row(area, &unit, &words)).collect(),
            provenance,
        })
    }
}

fn row(area: &AreaFigure, unit: &str, words: &Messages) -> Vec<Value> {
    let number = |value: Option<f64>| value.map_or(Value::Nothing, Value::Number);
    let count = |value: Option<i64>| value.map_or(Value::Nothing, Value::Count);
    let word = |code: &str| Value::Text(words.text(code, &[]));
    vec![
        Value::Text(area.code.to_string()),
        Value::Text(area.name.clone()),
        word(status(if area.too_uncertain { CellStatus::TooUncertain } else { area.status })),
        number(area.figure),
        Value::Text(unit.to_owned()),
        number(area.low),
        number(area.high),
        number(area.reference),
        count(area.numerator),
        count(area.denominator),
        Value::Number(f64::from(area.estimated_share) * 100.0),
        word(if area.provisional { "yes" } else { "no" }),
    ]
}

const fn status(status: CellStatus) -> &'static str {
    match status {
        CellStatus::Value => "status-value",
        CellStatus::Zero => "status-zero",
        CellStatus::Suppressed => "status-suppressed",
        CellStatus::NotAvailable => "status-not-available",
        CellStatus::NotApplicable => "status-not-applicable",
        CellStatus::TooUncertain => "status-too-uncertain",
        CellStatus::NotAuthorised => "status-not-authorised",
    }
}

/// A text in a language, else in Dutch.
fn said(texts: &std::collections::BTreeMap<String, String>, language: Language) -> String {
    texts.get(language.code()).or_else(|| texts.get("nl")).cloned().unwrap_or_default()
}

fn provenance(
    shown: &Shown,
    figures: &Figures,
    indicator: &Indicator,
    language: Language,
    words: &Messages,
) -> Vec<(String, String)> {
    let manifest = shown.release.manifest();
    let about = &figures.provenance;
    let level = manifest.levels.iter().find(|entry| entry.level == figures.level);
    let published = shown.published_at.as_deref().map_or_else(String::new, |at| format!(", {at}"));
    let share = |part: f64| decimal((part * 1000.0).round() / 10.0, language);
    let mut lines = vec![
        ("about-indicator", said(&indicator.name, language)),
        ("about-description", said(&indicator.description, language)),
        ("about-does-not-say", said(&indicator.does_not_say, language)),
        ("about-level", level.map_or_else(|| figures.level.to_string(), |entry| said(&entry.name, language))),
        ("about-period", figures.period.clone()),
        ("about-member", group(shown, &figures.member, language, words)),
        ("about-municipality", manifest.municipality.clone()),
        ("about-release", format!("{}{published}", about.release)),
        ("about-rule", about.rule.clone()),
        ("about-reference-date", about.reference_date.clone().unwrap_or_default()),
        ("about-timeliness", about.timeliness.map_or_else(String::new, |days| days.to_string())),
        ("about-completeness", about.completeness.map_or_else(String::new, share)),
    ];
    for source in manifest.sources.iter().filter(|source| about.sources.contains(&source.id)) {
        let from = source.attribution.clone().unwrap_or_else(|| source.owner.clone());
        lines.push(("about-source", format!("{} ({from})", said(&source.name, language))));
    }
    if manifest.rules.perturbation.is_some() && indicator.unit != "figure" {
        lines.push(("about-noise", words.text("about-noise-text", &[])));
    }
    lines.into_iter().map(|(code, text)| (words.text(code, &[]), text)).collect()
}

/// A member in words: `Bijstand: met bijstand`.
fn group(shown: &Shown, key: &str, language: Language, words: &Messages) -> String {
    let labels = &shown.release.manifest().labels;
    let label =
        |key: &str, otherwise: &str| labels.get(key).map_or_else(|| otherwise.to_owned(), |t| said(t, language));
    let member = Member::from_key(key).unwrap_or_default();
    let part = |(attribute, value): &(String, String)| {
        format!("{}: {}", label(attribute, attribute), label(&format!("{attribute}={value}"), value))
    };
    let parts: Vec<String> = member.attributes.iter().map(part).collect();
    if parts.is_empty() { words.text("about-everyone", &[]) } else { parts.join(", ") }
}

#[cfg(test)]
pub(super) fn sample() -> Sheet {
    let text = |text: &str| Value::Text(text.into());
    Sheet {
        language: Language::Nl,
        name: "Cijfers".into(),
        provenance_name: "Herkomst".into(),
        heads: ["Gebiedscode", "Gebied", "Cijfer", "Teller"].map(str::to_owned).to_vec(),
        rows: vec![
            vec![text("8204HB"), text("=HYPERLINK(1)"), Value::Number(32.352_941), Value::Count(11)],
            vec![text("8204HC"), text("Brug; \"noord\""), Value::Nothing, Value::Nothing],
        ],
        provenance: vec![("Uitgave".into(), "1".into()), ("Bron".into(), "@bevolking".into())],
    }
}
