//! What is measured, in plain words and in the terms of the field.

use serde::{Deserialize, Serialize};

use crate::AreaLevel;

/// What kind of figure an indicator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Units with a property out of units: numerator is part of the denominator.
    Share,
    /// Events per `per` units: a unit may have more than one event.
    Rate,
    /// A plain count without a denominator.
    Count,
    /// A mean, or a figure taken over from another publisher.
    Mean,
}

/// Which way the indicator points for the people who live there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is less favourable; signals look for high values.
    HighIsUnfavourable,
    /// Less is less favourable; signals look for low values.
    LowIsUnfavourable,
    /// Neither; no signals.
    Neutral,
}

/// One indicator as a release describes it. Texts are in Dutch, with English beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Indicator {
    /// Stable identifier, snake case.
    pub id: String,
    /// Name and texts by language code (`nl` always present).
    pub name: std::collections::BTreeMap<String, String>,
    /// What it measures, in plain words, by language.
    pub description: std::collections::BTreeMap<String, String>,
    /// How to read it, by language.
    pub guidance: std::collections::BTreeMap<String, String>,
    /// What it does *not* say, by language.
    pub does_not_say: std::collections::BTreeMap<String, String>,
    /// Theme, the first level of the theme tree.
    pub theme: String,
    /// What kind of figure it is.
    pub measure: Measure,
    /// What is counted: `household`, `person`, `event`, `respondent` or `figure`.
    pub unit: String,
    /// Unit of the figure as shown, by language: `%`, `per 1.000 inwoners`, `euro`.
    pub unit_name: std::collections::BTreeMap<String, String>,
    /// The figure is numerator / denominator × `per`: 100 for percentages, 1000 for rates.
    pub per: f64,
    /// Decimals to show.
    pub decimals: u8,
    /// Which way it points.
    pub direction: Direction,
    /// Levels at which it is published.
    pub levels: Vec<AreaLevel>,
    /// Breakdowns: each is a list of one or more attribute names.
    pub breakdowns: Vec<Vec<String>>,
    /// Attributes by which the expectation is standardised.
    pub standardise: Vec<String>,
    /// Where the choice of this indicator comes from (literature, teams, experts by experience).
    pub evidence: String,
    /// Sources it is made from.
    pub sources: Vec<String>,
    /// Special category of personal data or domestic violence: the stricter threshold holds.
    pub sensitive: bool,
    /// The policy's c: a signal asks for P(rate > c × reference).
    pub exceedance: f64,
    /// What is declared when this is the share of those entitled to something that does not use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_up: Option<TakeUp>,
}

/// The errors of the two registers behind non-take-up, as ranges of shares (0 to 1), lowest first.
/// Within a range every value counts as equally likely.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TakeUp {
    /// Of those counted as entitled and not using it: the share that is entitled.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>, min_items = 2, max_items = 2))]
    pub entitled: (f64, f64),
    /// Of those among them: the share that is helped in a way that is not registered.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>, min_items = 2, max_items = 2))]
    pub helped_elsewhere: (f64, f64),
}
