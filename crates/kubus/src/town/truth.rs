//! `truth.json`: what was planted, for tests and for people who want to judge the program. The
//! program itself never reads it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::delivery::Account;
use super::ground::BoundaryChange;

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Group {
    /// Attribute identifier.
    pub(super) attribute: String,
    /// Its value.
    pub(super) value: String,
}

/// One planted truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Truth {
    /// What kind of truth: `hidden_by_average`, `rising_trend`, `merely_older`, …
    pub(super) kind: &'static str,
    /// Indicators it is about.
    pub(super) indicators: Vec<String>,
    /// Level of the areas.
    pub(super) level: &'static str,
    /// Codes of the areas, in the vintage of 2025.
    pub(super) areas: Vec<String>,
    /// The neighbourhood around them, whose own average is unremarkable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) within: Option<String>,
    /// The group in which it sits, or of which there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<Group>,
    /// First period in which it holds.
    pub(super) since: String,
    /// Whether a list of deviations should hold these areas (true) or must not (false: a decoy).
    pub(super) signal: bool,
    /// What should be said, by language.
    pub(super) statement: BTreeMap<&'static str, String>,
}

impl Truth {
    /// A truth that should be found.
    pub(super) fn signal(
        kind: &'static str,
        indicators: &[&str],
        level: &'static str,
        areas: Vec<String>,
        since: &str,
    ) -> Self {
        Self {
            kind,
            indicators: indicators.iter().map(ToString::to_string).collect(),
            level,
            areas,
            within: None,
            group: None,
            since: since.to_owned(),
            signal: true,
            statement: BTreeMap::new(),
        }
    }

    /// A neighbourhood that must not be called deviating on these indicators.
    pub(super) fn decoy(kind: &'static str, indicators: &[&str], area: String, since: &str) -> Self {
        Self { signal: false, ..Self::signal(kind, indicators, "buurt", vec![area], since) }
    }

    /// Neighbourhoods in which it is hot now and will not be later: nothing for a list of deviations.
    pub(super) fn moving(indicators: &[&str], areas: Vec<String>, since: &str) -> Self {
        Self { signal: false, ..Self::signal("moving", indicators, "buurt", areas, since) }
    }

    /// Names the neighbourhood around it.
    pub(super) fn within(mut self, area: String) -> Self {
        self.within = Some(area);
        self
    }

    /// Names the group.
    pub(super) fn group(mut self, group: Group) -> Self {
        self.group = Some(group);
        self
    }

    /// Adds the statement in Dutch and English.
    pub(super) fn says(mut self, dutch: &str, english: &str) -> Self {
        self.statement = BTreeMap::from([("nl", dutch.to_owned()), ("en", english.to_owned())]);
        self
    }
}

/// The whole of `truth.json`.
#[derive(Debug, Serialize)]
pub(super) struct TruthFile {
    /// Name of the municipality.
    pub(super) municipality: &'static str,
    /// The seed it was made with.
    pub(super) seed: u64,
    /// Residents on the newest reference date.
    pub(super) residents: usize,
    /// Months covered.
    pub(super) months: usize,
    /// What was planted.
    pub(super) truths: Vec<Truth>,
    /// Boundary changes from 2024 to 2025.
    pub(super) boundary_changes: Vec<BoundaryChange>,
    /// Rows of each register, with the bad and double rows among them.
    pub(super) deliveries: BTreeMap<String, Account>,
}
