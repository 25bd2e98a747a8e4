//! One area in one period: what is expected of it, what the areas around it say, what was
//! published, and the posterior.

use kubus_model::{Cell, Measure};

use crate::statistic::classes::{Case, Moment, Spread};
use crate::statistic::counts::Counts;
use crate::statistic::posterior::{Exposure, Posterior, Prior};
use crate::statistic::strength;

use super::composition::Composition;
use super::standard::{Reference, real};
use super::{Ladder, Step};

/// Strength with which a first guess of a hidden count is made, before the level's own is known.
const FIRST_GUESS: f64 = 10.0;
/// Prior of the municipality itself: almost nothing.
const ROOT: Prior = Prior { mean: 1.0, strength: strength::WEAKEST };

/// What is published of an area.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    /// Units in the area.
    pub(crate) units: f64,
    /// What it is measured against.
    pub(crate) exposure: Exposure,
    /// Compatible true counts.
    pub(crate) counts: Counts,
}

/// An area before its own figures are weighed.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    composition: Composition,
    /// The rate expected here, per unit.
    pub(crate) reference: f64,
    /// Absent when the release says nothing.
    pub(crate) evidence: Option<Evidence>,
    /// What was published of it in earlier periods, newest first.
    earlier: Vec<Evidence>,
    /// Prior mean of the relative rate, from the areas around it.
    pub(crate) mean: f64,
    /// Its variance.
    pub(crate) mean_variance: f64,
    root: bool,
}

/// An area with its posterior.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Who live here.
    pub(crate) composition: Composition,
    /// The rate expected here, per unit.
    pub(crate) reference: f64,
    /// Units in the area.
    pub(crate) units: Option<f64>,
    /// Belief before the area's own figures.
    pub(crate) prior: Prior,
    /// Expected count: 0 without evidence.
    pub(crate) expected: f64,
    /// Posterior mean of the true count: 0 without evidence.
    pub(crate) count: f64,
    /// Absent when the release says nothing.
    pub(crate) posterior: Option<Posterior>,
}

impl Node {
    /// Mean and variance of the relative rate around here, with the part of one area inside taken
    /// out, so that no figure counts twice.
    fn without(&self, expected: f64, count: f64) -> (f64, f64) {
        let others = (self.expected - expected).max(0.0);
        let counted = if others > 0.0 { (self.count - count).max(0.0) } else { 0.0 };
        let weight = self.prior.strength + others;
        let mean = (self.prior.strength * self.prior.mean + counted) / weight;
        (mean.max(1e-3), mean / weight)
    }

    /// Posterior mean of the relative rate, or what was believed before.
    pub(crate) fn mean(&self) -> f64 {
        self.posterior.as_ref().map_or(self.prior.mean, Posterior::mean)
    }
}

/// Where an area is and what surrounds it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The step.
    pub(crate) step: &'a Step<'a>,
    /// Position of the area in its table.
    pub(crate) area: usize,
    /// Position of the period.
    pub(crate) period: usize,
    /// Position of the member.
    pub(crate) member: usize,
    /// The area around it, when it has an estimate of its own.
    pub(crate) around: Option<&'a Node>,
}

impl Draft {
    /// Reads what the release says of a place.
    pub(crate) fn of(ladder: &Ladder<'_>, reference: &Reference, place: Place<'_>) -> Self {
        let Place { step, area, period, member, around } = place;
        let outer = around.map_or_else(|| Composition::of_reference(reference), |node| node.composition.clone());
        let cell = step.table.cell(area, period, member);
        let units = cell.denominator.filter(|d| *d > 0).map(real);
        let composition = units.map_or_else(
            || outer.clone(),
            |units| Composition::of_area(step, &ladder.partitions, area, period, units, &outer),
        );
        let expected_rate = reference.expected(&composition);
        let evidence = units.and_then(|units| evidence(ladder, cell, units, expected_rate));
        let (mean, mean_variance) = around.map_or((1.0, 0.0), |around| surroundings(around, evidence.as_ref()));
        let root = step.parent.is_none() && step.table.areas().len() == 1;
        Self { composition, reference: expected_rate, evidence, earlier: Vec::new(), mean, mean_variance, root }
    }

    /// Adds what was published in an earlier period.
    pub(crate) fn remember(&mut self, earlier: Self) {
        self.earlier.extend(earlier.evidence);
    }

    /// The area in the fit of its level; absent when the release says nothing of it.
    pub(crate) fn case(&self) -> Option<Case<'_>> {
        let now = self.evidence.as_ref()?.moment();
        let earlier = self.earlier.iter().map(Evidence::moment).collect();
        Some(Case { now, earlier, mean: self.mean, mean_variance: self.mean_variance })
    }

    /// Weighs the area's own figures against what is believed of its level.
    pub(crate) fn finish(self, spread: &Spread) -> Node {
        let prior = |exposure: Exposure| {
            if self.root {
                exposure.bounded(ROOT)
            } else {
                strength::prior(exposure, self.mean, self.mean_variance, spread.strength)
            }
        };
        let posterior = self.case().map(|case| {
            let Moment { exposure, counts } = case.now;
            if self.root { Posterior::new(exposure, prior(exposure), counts) } else { case.posterior(spread) }
        });
        let exposure = self.evidence.as_ref().map(|e| e.exposure);
        Node {
            prior: prior(exposure.unwrap_or(Exposure::Events { expected: 0.0 })),
            expected: exposure.map_or(0.0, Exposure::expected),
            count: posterior.as_ref().map_or(0.0, Posterior::count),
            posterior,
            units: self.evidence.map(|e| e.units),
            composition: self.composition,
            reference: self.reference,
        }
    }
}

impl Evidence {
    fn moment(&self) -> Moment<'_> {
        Moment { exposure: self.exposure, counts: &self.counts }
    }
}

fn evidence(ladder: &Ladder<'_>, cell: &Cell, units: f64, rate: f64) -> Option<Evidence> {
    let share = ladder.indicator.measure == Measure::Share;
    let whole = cell.denominator.filter(|_| share);
    let exposure = if share {
        Exposure::Share { units, share: rate.clamp(1e-6, 0.999) }
    } else {
        Exposure::Events { expected: units * rate }
    };
    Counts::of(cell, whole, &ladder.hiding()).map(|counts| Evidence { units, exposure, counts })
}

fn surroundings(around: &Node, evidence: Option<&Evidence>) -> (f64, f64) {
    let Some(own) = evidence else { return around.without(0.0, 0.0) };
    let guess = own.exposure.bounded(Prior { mean: around.mean(), strength: FIRST_GUESS });
    let count = Posterior::new(own.exposure, guess, &own.counts).count();
    around.without(own.exposure.expected(), count)
}
