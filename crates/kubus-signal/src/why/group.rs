//! What the release says of each group in an area, against the same group in the municipality.

use kubus_model::signal::Reason;
use kubus_model::{Cell, CellStatus, Measure};

use crate::ladder::composition::filled;
use crate::ladder::standard::{real, totals};
use crate::listing::Scene;
use crate::statistic::counts::Counts;
use crate::statistic::posterior::{Exposure, Posterior, Prior};

/// One group of a breakdown, here and in the municipality.
#[derive(Debug)]
pub(crate) struct Group {
    /// Value of the attribute.
    pub(crate) value: String,
    /// Posterior of its rate relative to the same group in the municipality; `None` when too
    /// little is published.
    pub(crate) posterior: Option<Posterior>,
    /// Published units here.
    pub(crate) units: Option<f64>,
    /// Share of the area's units (0 to 1), filled in where it was not published.
    pub(crate) share_here: f64,
    /// Share of the municipality's units.
    pub(crate) share_reference: f64,
    /// Rate in the municipality, per unit.
    pub(crate) rate_reference: f64,
    /// Expected count here, on the footing of the area's own expectation.
    pub(crate) expected: f64,
    /// Withheld, in whole or in part.
    hidden: bool,
}

/// The groups of one attribute.
#[derive(Debug)]
pub(crate) struct Breakdown {
    /// The attribute.
    pub(crate) attribute: String,
    /// Its groups, in the order of the table.
    pub(crate) groups: Vec<Group>,
    /// Units beyond what is expected in the area as a whole, in the unfavourable direction.
    pub(crate) excess: f64,
    /// +1 when high is unfavourable, −1 when low is.
    pub(crate) sign: f64,
}

impl Group {
    /// Units of this group beyond what is expected of it, in the unfavourable direction.
    pub(crate) fn excess(&self, sign: f64) -> f64 {
        self.posterior.as_ref().map_or(0.0, |p| sign * (p.count() - self.expected))
    }

    /// Rate here, per unit: posterior mean, or that of the municipality when nothing is known.
    pub(crate) fn rate_here(&self) -> f64 {
        self.rate_reference * self.posterior.as_ref().map_or(1.0, Posterior::mean)
    }
}

impl Breakdown {
    /// The groups of an attribute in an area; `None` when the municipality does not publish them.
    pub(crate) fn of(scene: &Scene<'_>, step: usize, area: usize, attribute: &str) -> Option<Self> {
        let node = scene.node(step, area)?;
        let units = node.units?;
        let found = found(scene, step, area, attribute)?;
        let counted: Vec<Option<f64>> = found.iter().map(|f| f.cell.denominator.map(real)).collect();
        let whole: f64 = found.iter().map(|f| f.reference.1).sum();
        let shares_reference: Vec<f64> = found.iter().map(|f| f.reference.1 / whole).collect();
        let shares = filled(&counted, units, &shares_reference);
        let plain: f64 = shares.iter().zip(&found).map(|(s, f)| s * f.rate()).sum();
        let footing = if plain > 0.0 { node.reference / plain } else { 1.0 };
        let strength = scene.strengths.get(&step).copied().unwrap_or(1.0);
        let sign = if scene.looks_low() { -1.0 } else { 1.0 };
        let groups = found.iter().zip(shares.iter().zip(&shares_reference));
        let groups = groups.map(|(f, (here, reference))| f.group(scene, *here, *reference, footing, strength));
        Some(Self {
            attribute: attribute.to_owned(),
            groups: groups.collect(),
            excess: sign * (node.count - node.expected),
            sign,
        })
    }

    /// The part of the area's excess (0 to 1) that sits in a group.
    pub(crate) fn contribution(&self, group: &Group) -> f64 {
        let found: f64 = self.groups.iter().map(|g| g.excess(self.sign).max(0.0)).sum();
        let whole = found.max(self.excess);
        if whole > 0.0 { (group.excess(self.sign) / whole).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Whether groups were withheld, and those that were not leave most of the excess unexplained.
    fn is_closed(&self) -> bool {
        let seen = self.groups.iter().filter(|g| !g.hidden);
        let explained: f64 = seen.map(|g| g.excess(self.sign).max(0.0)).sum();
        self.groups.iter().any(|g| g.hidden) && explained < 0.5 * self.excess
    }
}

/// A group as it was published.
struct Found<'a> {
    value: &'a str,
    cell: &'a Cell,
    reference: (f64, f64),
}

fn found<'a>(scene: &'a Scene<'_>, step: usize, area: usize, attribute: &str) -> Option<Vec<Found<'a>>> {
    let table = scene.ladder.steps[step].table;
    let period = table.period_position(scene.period)?;
    let coarsest = scene.ladder.steps.iter().find(|s| s.table.period_position(scene.period).is_some())?;
    let outer = coarsest.table.period_position(scene.period)?;
    let of_attribute = |m: &&kubus_model::Member| m.attributes.len() == 1 && m.attributes[0].0 == attribute;
    let group = |member: &'a kubus_model::Member| {
        let reference = totals(coarsest, outer, coarsest.table.member_position(member)?)?;
        let cell = table.cell(area, period, table.member_position(member)?);
        Some(Found { value: &member.attributes[0].1, cell, reference })
    };
    let groups: Vec<Found<'a>> = table.members().iter().filter(of_attribute).filter_map(group).collect();
    (groups.len() > 1).then_some(groups)
}

impl Found<'_> {
    fn rate(&self) -> f64 {
        self.reference.0 / self.reference.1
    }

    fn group(&self, scene: &Scene<'_>, here: f64, reference: f64, footing: f64, strength: f64) -> Group {
        let units = self.cell.denominator.filter(|d| *d > 0).map(real);
        let expected = units.unwrap_or(0.0) * self.rate() * footing;
        Group {
            value: self.value.to_owned(),
            posterior: units.and_then(|units| self.posterior(scene, units, strength)),
            units,
            share_here: here,
            share_reference: reference,
            rate_reference: self.rate(),
            expected,
            hidden: self.cell.status == CellStatus::Suppressed,
        }
    }

    fn posterior(&self, scene: &Scene<'_>, units: f64, strength: f64) -> Option<Posterior> {
        let rate = self.rate();
        let share = scene.ladder.indicator.measure == Measure::Share;
        if rate <= 0.0 {
            return None;
        }
        let exposure = if share {
            Exposure::Share { units, share: rate.clamp(1e-6, 0.999) }
        } else {
            Exposure::Events { expected: units * rate }
        };
        let counts = Counts::of(self.cell, self.cell.denominator.filter(|_| share), &scene.ladder.hiding())?;
        Some(Posterior::new(exposure, exposure.bounded(Prior { mean: 1.0, strength }), &counts))
    }
}

/// The attributes that could not be opened and that gave no reason.
pub(crate) fn stopped(breakdowns: &[Breakdown], given: &[Reason], most: usize) -> Vec<Reason> {
    let explained = |b: &&Breakdown| {
        given.iter().any(|r| matches!(r, Reason::Behaviour { attribute, .. } if *attribute == b.attribute))
    };
    let closed = breakdowns.iter().filter(|b| b.is_closed()).filter(|b| !explained(b));
    closed.map(|b| Reason::StoppedByDisclosure { attribute: b.attribute.clone() }).take(most).collect()
}
