//! The attacker A0: an outsider who knows the rules, the noise table and every published figure,
//! and derives bounds on the true counts.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`surface`] | what is published about an indicator and how it adds up |
//! | `bounds` | what each cell tells, tightened along every sum to a fixpoint |
//! | [`earlier`] | what earlier releases tell about the same cells |
//! | `judge` | which bounds are a breach |
//! | `repair` | which further figures to hide when there is one |
//! | [`published`] | the attacker on sealed releases, several together |
//! | [`system`] | the attacker on a bare system of sums (atoms in cells), exact |
//!
//! He is told for each hidden figure which rule hid it, and where the parts of a breakdown add up
//! to their whole (no unit of unknown kind): he knows more than a reader. What he claims is
//! compared with the truth, for a false claim discloses nothing. He shares the noise table with the
//! protector, for it is public, and nothing else.

pub(crate) mod bounds;
pub mod earlier;
pub(crate) mod judge;
pub mod published;
pub(crate) mod repair;
pub mod surface;
pub mod system;

use std::collections::BTreeSet;

use kubus_model::release::{AttackStatement, LevelAttack};
use kubus_model::{AreaLevel, Measure, Period};
use rayon::prelude::*;

pub(crate) use bounds::{Bounds, Count};
use judge::Tallies;
pub(crate) use judge::{Breach, Truth};
use surface::Surface;

use crate::perturbation::PerturbationTable;

/// What the attacker does, in order; printed with the release.
pub const STAGES: [&str; 6] =
    ["own-figures", "nested-areas", "breakdowns", "part-of-whole", "group-shares", "earlier-releases"];

/// What came out of attacking one indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// What was looked at.
    pub(crate) tally: Tallies,
    /// Every breach, in order of period and place.
    pub(crate) breaches: Vec<Breach>,
}

/// Attacks everything published about one indicator, period by period.
pub(crate) fn attack(surface: &Surface<'_>, measure: Measure, noise: &PerturbationTable, truth: Truth<'_>) -> Found {
    let periods: BTreeSet<Period> = surface.faces.iter().flat_map(|f| f.table.periods.iter().copied()).collect();
    let periods: Vec<Period> = periods.into_iter().collect();
    let found: Vec<Found> = periods
        .par_iter()
        .map(|period| {
            let (numerators, denominators) = certain(surface, *period, measure, noise);
            judge::judge(surface, *period, &numerators, &denominators, truth)
        })
        .collect();
    found.into_iter().fold(Found::default(), |mut all, one| {
        all.tally.add(one.tally);
        all.breaches.extend(one.breaches);
        all
    })
}

/// What is certain about all counts of one period.
pub(crate) fn certain(
    surface: &Surface<'_>,
    period: Period,
    measure: Measure,
    noise: &PerturbationTable,
) -> (Vec<Bounds>, Vec<Bounds>) {
    let mut numerators = bounds::bounds(surface, period, Count::Numerator, noise);
    let mut denominators = bounds::bounds(surface, period, Count::Denominator, noise);
    for _ in 0..2 {
        bounds::propagate(surface, period, &mut numerators);
        bounds::propagate(surface, period, &mut denominators);
        if measure == Measure::Share {
            bounds::part_of_whole(&mut numerators, &mut denominators);
        }
    }
    (numerators, denominators)
}

/// The statement for the manifest.
pub(crate) fn statement(tallies: &Tallies, with_earlier: bool) -> AttackStatement {
    let stages = STAGES.iter().filter(|stage| with_earlier || **stage != "earlier-releases");
    let total = tallies.total();
    let at_level = |(level, tally): (&AreaLevel, &judge::Tally)| LevelAttack {
        level: level.clone(),
        cells: tally.cells,
        primary: tally.hidden,
        exact: tally.exact,
        below_threshold: tally.below,
    };
    AttackStatement {
        attacker: "A0".to_owned(),
        cells: total.cells,
        primary: total.hidden,
        exact: total.exact,
        below_threshold: total.below,
        stages: stages.map(|s| (*s).to_owned()).collect(),
        levels: tallies.0.iter().map(at_level).collect(),
    }
}
