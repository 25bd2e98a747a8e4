//! The cube: exact counts with their cell keys. Lives in the vault, never leaves the workshop.

use std::collections::BTreeMap;

use kubus_model::release::{AreaEntry, LevelEntry, SourceStatement};
use kubus_model::{AreaCode, AreaLevel, Finding, Indicator, Member, Period, Ruleset};

/// Whether a cell was counted, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExactState {
    /// Counted (zero included).
    Counted = 0,
    /// No data were delivered.
    NotAvailable = 1,
    /// The question has no meaning here.
    NotApplicable = 2,
}

/// One exact cell. Counts are integers; keys are wrapping sums of 64-bit record keys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExactCell {
    /// Counted or not.
    pub state: ExactState,
    /// Units or events with the property.
    pub numerator: i64,
    /// Units at risk; 0 with [`ExactCell::value`] set for figures by another publisher.
    pub denominator: i64,
    /// Wrapping sum of the record keys of the numerator's units.
    pub numerator_key: u64,
    /// Wrapping sum of the record keys of the denominator's units.
    pub denominator_key: u64,
    /// A weighted mean, or a figure by another publisher; NaN when there is none.
    pub value: f64,
    /// Units behind `value` (respondents, households), for the threshold.
    pub contributors: i64,
    /// Part of the figure (0 to 1) that was estimated by conversion or placement.
    pub estimated_share: f32,
    /// Whether the source calls it provisional.
    pub provisional: bool,
}

impl ExactCell {
    /// A cell for which nothing was delivered.
    pub const NOT_AVAILABLE: Self = Self {
        state: ExactState::NotAvailable,
        numerator: 0,
        denominator: 0,
        numerator_key: 0,
        denominator_key: 0,
        value: f64::NAN,
        contributors: 0,
        estimated_share: 0.0,
        provisional: false,
    };
}

/// The exact figures of one indicator at one level: area × period × member, member fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactTable {
    /// Indicator identifier.
    pub indicator: String,
    /// Area level.
    pub level: AreaLevel,
    /// Area codes, sorted.
    pub areas: Vec<AreaCode>,
    /// Periods, sorted.
    pub periods: Vec<Period>,
    /// Members, the total first.
    pub members: Vec<Member>,
    /// `areas × periods × members` cells.
    pub cells: Vec<ExactCell>,
}

impl ExactTable {
    /// The position of a cell in `cells`.
    #[must_use]
    pub const fn position(&self, area: usize, period: usize, member: usize) -> usize {
        (area * self.periods.len() + period) * self.members.len() + member
    }
}

/// Everything a release is made of: exact tables, and what was declared about them.
#[derive(Debug, Clone)]
pub struct Cube {
    /// Identifier of the town.
    pub town: String,
    /// Name of the municipality.
    pub municipality: String,
    /// Indicators, in declared order.
    pub indicators: Vec<Indicator>,
    /// Labels of attributes and of their values, by language: `attribute` or `attribute=value`.
    pub labels: BTreeMap<String, BTreeMap<String, String>>,
    /// The declared disclosure rules.
    pub rules: Ruleset,
    /// Exact figures, one table per indicator and level.
    pub tables: Vec<ExactTable>,
    /// Levels, coarse to fine.
    pub levels: Vec<LevelEntry>,
    /// Areas by level, sorted by code.
    pub areas: BTreeMap<AreaLevel, Vec<AreaEntry>>,
    /// Boundaries by level: GeoJSON, WGS84, properties `code`, `name`, `parent`, integer ids.
    pub geometry: BTreeMap<AreaLevel, Vec<u8>>,
    /// What is said about each source.
    pub sources: Vec<SourceStatement>,
    /// What the build found.
    pub findings: Vec<Finding>,
}
