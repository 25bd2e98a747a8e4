//! The disclosure rules, one file each: a claim in words, why it holds, and an attack that
//! succeeds without it.
//!
//! | rule | claim |
//! | --- | --- |
//! | [`min_count`] | no published count is below the threshold; zero and small look the same |
//! | [`min_population`] | an area with too few units shows nothing |
//! | [`dominance`] | in a shown sum of amounts no contributor gives another away |
//! | [`group_disclosure`] | no published pair of counts says that (nearly) everyone has the property |
//!
//! Rules decide on *perturbed* counts. So the pattern of what is hidden is itself a function of
//! perturbed counts, and tells nothing that those counts would not have told.

pub mod dominance;
pub mod group_disclosure;
pub mod min_count;
pub mod min_population;

use std::collections::BTreeMap;

use kubus_model::{AreaLevel, Indicator, Measure, Ruleset};

/// Why a figure is hidden. Readers cannot tell these apart; the attacker is given them, so that he
/// knows more than a reader does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Hidden {
    /// Not hidden.
    No = 0,
    /// The perturbed count is below the threshold.
    Small = 1,
    /// The area has too few units.
    Population = 2,
    /// Nearly all units have the property.
    Group = 3,
    /// Hidden because the attacker could otherwise derive another figure (secondary).
    Repair = 4,
}

/// The rules as they apply to one table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Counts below this are hidden.
    pub min_count: i64,
    /// Areas with fewer units are hidden.
    pub min_population: i64,
    /// Shares above this are hidden (0 to 1); only for parts of a whole.
    pub max_group_share: Option<f64>,
    /// Whether the figure has a denominator.
    pub has_denominator: bool,
}

impl Limits {
    /// The limits for an indicator at a level.
    #[must_use]
    pub fn of(rules: &Ruleset, indicator: &Indicator, level: &AreaLevel) -> Self {
        let min_count = if indicator.sensitive { rules.min_count_sensitive } else { rules.min_count };
        Self {
            min_count,
            min_population: population(&rules.min_population, level).max(min_count),
            max_group_share: (indicator.measure == Measure::Share).then_some(rules.max_group_share),
            has_denominator: indicator.measure != Measure::Count,
        }
    }
}

fn population(by_level: &BTreeMap<String, i64>, level: &AreaLevel) -> i64 {
    by_level.get(level.as_str()).copied().unwrap_or(0)
}

/// The verdict of all rules on a pair of perturbed counts.
#[must_use]
pub fn judge(limits: &Limits, numerator: i64, denominator: i64) -> Hidden {
    if limits.has_denominator && min_population::hides(limits, denominator) {
        Hidden::Population
    } else if min_count::hides(limits, numerator) {
        Hidden::Small
    } else if group_disclosure::hides(limits, numerator, denominator) {
        Hidden::Group
    } else {
        Hidden::No
    }
}
