//! What earlier releases of the series tell about the same cells.
//!
//! Under unchanged rules the same people have the same figure, so an earlier release repeats what
//! is known, and a figure that differs says only that other people were counted. Under changed
//! rules the same people may have two figures; then both hold, and their bounds are combined.

use kubus_model::{DraftTable, Release, Ruleset};

use super::bounds::{Count, OPEN};
use crate::perturbation::PerturbationTable;
use crate::rule::Limits;

/// Bounds by cell, from earlier releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    numerators: Vec<(i64, i64)>,
    denominators: Vec<(i64, i64)>,
}

impl Known {
    /// The bounds of one cell.
    pub(crate) fn of(&self, count: Count, at: usize) -> (i64, i64) {
        match count {
            Count::Numerator => self.numerators[at],
            Count::Denominator => self.denominators[at],
        }
    }

    /// What releases under other rules tell about the cells of a table; `None` when nothing.
    #[must_use]
    pub fn from_releases(table: &DraftTable, rules: &Ruleset, earlier: &[Release]) -> Option<Self> {
        let open = vec![(0, OPEN); table.cells.len()];
        let mut known = Self { numerators: open.clone(), denominators: open };
        let told: Vec<&Release> = earlier.iter().filter(|r| differs(&r.manifest().rules, rules)).collect();
        for release in &told {
            known.learn(table, release);
        }
        let learnt = known.numerators.iter().chain(&known.denominators).any(|b| *b != (0, OPEN));
        learnt.then_some(known)
    }

    fn learn(&mut self, table: &DraftTable, release: &Release) {
        let rules = &release.manifest().rules;
        let Some(noise) = rules.perturbation.and_then(|asked| PerturbationTable::new(asked).ok()) else { return };
        let Some((old, indicator)) =
            release.table(&table.indicator, &table.level).zip(release.indicator(&table.indicator))
        else {
            return;
        };
        let limits = Limits::of(rules, indicator, &table.level);
        let areas: Vec<_> = table.areas.iter().map(|code| old.area_position(code)).collect();
        let periods: Vec<_> = table.periods.iter().map(|period| old.period_position(*period)).collect();
        let members: Vec<_> = table.members.iter().map(|member| old.member_position(member)).collect();
        for at in 0..table.cells.len() {
            let (member, rest) = (at % members.len(), at / members.len());
            let place = (areas[rest / periods.len()], periods[rest % periods.len()], members[member]);
            if let (Some(area), Some(period), Some(member)) = place {
                let cell = old.cell(area, period, member);
                narrow(&mut self.numerators[at], told(cell.numerator, &noise));
                narrow(&mut self.denominators[at], told(cell.denominator, &noise));
                if cell.status == kubus_model::CellStatus::Suppressed && cell.denominator.is_some() {
                    narrow(&mut self.numerators[at], (0, noise.largest_below(limits.min_count)));
                }
            }
        }
    }
}

fn told(figure: Option<i64>, noise: &PerturbationTable) -> (i64, i64) {
    figure.and_then(|f| noise.compatible(f)).unwrap_or((0, OPEN))
}

/// Combines bounds; those that contradict each other are about other people, and say nothing.
fn narrow(bounds: &mut (i64, i64), by: (i64, i64)) {
    let both = (bounds.0.max(by.0), bounds.1.min(by.1));
    if both.0 <= both.1 {
        *bounds = both;
    }
}

/// Whether the same people could be shown differently.
fn differs(earlier: &Ruleset, now: &Ruleset) -> bool {
    earlier.perturbation != now.perturbation
        || earlier.min_count != now.min_count
        || earlier.min_count_sensitive != now.min_count_sensitive
}
