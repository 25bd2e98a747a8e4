//! `indicators/<id>.toml`: what is measured, in words and as a count over declared sources.

use kubus_model::{AreaLevel, Direction, Measure, TakeUp};
use serde::{Deserialize, Serialize};

use super::{Texts, Unit};

/// A unit has a row in another source: same person or household key, and the row holds in the
/// period (a spell overlaps it, an event falls in it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linked {
    /// The source.
    pub source: String,
    /// Only its rows for which this SQL expression is true.
    #[serde(default, rename = "where")]
    pub condition: Option<String>,
}

/// A set of units: those of the population for which the condition is true, that have a row in
/// every source of `with` and in none of `without`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSet {
    /// SQL expression over the population's declared columns and recodes.
    #[serde(default, rename = "where")]
    pub condition: Option<String>,
    /// Sources in which the unit has a row that holds in the period.
    #[serde(default)]
    pub with: Vec<Linked>,
    /// Sources in which it has none.
    #[serde(default)]
    pub without: Vec<Linked>,
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Count {
    /// Units out of units (measure `share`), or units alone (measure `count`, no numerator).
    Units {
        /// Units at risk.
        #[serde(default)]
        denominator: UnitSet,
        /// Those among them with the property.
        #[serde(default)]
        numerator: Option<UnitSet>,
    },
    /// Rows of an event source (measure `rate`, or `count` without a denominator).
    Events {
        /// The event source.
        source: String,
        /// Only its rows for which this SQL expression is true.
        #[serde(default, rename = "where")]
        condition: Option<String>,
        /// Units at risk.
        #[serde(default)]
        denominator: Option<UnitSet>,
    },
    /// Respondents out of respondents, both by weight in the value and unweighted for the
    /// threshold (measure `mean`): `value` is an SQL expression giving a number per respondent.
    Survey {
        /// The survey source.
        source: String,
        /// SQL expression over its columns: a score, or `CASE WHEN … THEN 100 ELSE 0 END`.
        value: String,
    },
    /// Figures per area by another publisher (measure `mean`). Where the publisher gives the area
    /// itself, that figure is taken as it is; elsewhere it is made of the areas it consists of.
    Figures {
        /// The source of kind `area_figures`.
        source: String,
        /// Further sources with the same declared columns, for other periods, levels or vintages.
        /// Where two give a figure for the same area and period, the one named first counts.
        #[serde(default)]
        also: Vec<String>,
        /// Declared column with the figure; or, with `denominator`, with the part.
        value: String,
        /// Declared column with the whole: the figure is `per` × Σ value / Σ denominator.
        #[serde(default)]
        denominator: Option<String>,
        /// Declared column to weigh by when figures of areas are averaged; absent: figures add up.
        #[serde(default)]
        weight: Option<String>,
    },
}

/// The length of a period of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Calendar years.
    Year,
    /// Quarters.
    Quarter,
    /// Months.
    Month,
}

/// `indicators/<id>.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorDeclaration {
    /// Identifier, snake case, equal to the file's name.
    pub id: String,
    /// Name for people.
    pub name: Texts,
    /// What it measures, in plain words.
    pub description: Texts,
    /// How to read it.
    pub guidance: Texts,
    /// What it does *not* say.
    pub does_not_say: Texts,
    /// Identifier of a declared theme.
    pub theme: String,
    /// What kind of figure it is.
    pub measure: Measure,
    /// What is counted, for indicators on people.
    #[serde(default)]
    pub counts: Option<Unit>,
    /// Unit of the figure as shown, by language (`%`, `per 1.000 inwoners`, `euro`).
    pub unit: Texts,
    /// The figure is numerator / denominator × `per`.
    pub per: f64,
    /// Decimals to show.
    pub decimals: u8,
    /// Which way it points.
    pub direction: Direction,
    /// Levels at which it is published.
    pub levels: Vec<AreaLevel>,
    /// Length of its periods.
    pub rhythm: Rhythm,
    /// Breakdowns: each a list of attribute identifiers.
    #[serde(default)]
    pub breakdowns: Vec<Vec<String>>,
    /// Attributes by which the expectation is standardised; each must be a breakdown.
    #[serde(default)]
    pub standardise: Vec<String>,
    /// Where the choice of this indicator comes from.
    pub evidence: String,
    /// Special category of personal data or domestic violence.
    #[serde(default)]
    pub sensitive: bool,
    /// The policy's c: a signal asks for P(rate > c × reference).
    #[serde(default = "one_and_a_half")]
    pub exceedance: f64,
    /// Makes this the share of those entitled to something that does not use it, with the errors of
    /// its registers.
    #[serde(default)]
    pub take_up: Option<TakeUp>,
    /// What is counted.
    pub count: Count,
}

const fn one_and_a_half() -> f64 {
    1.5
}
