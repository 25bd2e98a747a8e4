//! What the release says of each group in an area, against the same group in the municipality.

use kubus_model::signal::Reason;
use kubus_model::{Cell, CellStatus, Measure, Member};

use crate::ladder::composition::filled;
use crate::ladder::standard::{real, totals};
use crate::listing::Scene;
use crate::statistic::classes::{Case, Moment, PERIODS, RARE, Spread};
use crate::statistic::counts::Counts;
use crate::statistic::posterior::{Exposure, Posterior};

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

/// What is believed of a group in an area that deviates: a third of such groups deviate too, in
/// whatever direction.
const GROUPS: Spread = Spread { strength: 8.0, rare: [0.33 / RARE as f64; RARE] };

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
        let sign = if scene.looks_low() { -1.0 } else { 1.0 };
        let groups = found.iter().zip(shares.iter().zip(&shares_reference));
        let groups = groups.map(|(f, (here, reference))| f.group(scene, *here, *reference, footing));
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

/// A group as it was published, now and in earlier periods.
#[derive(Debug)]
struct Found<'a> {
    value: &'a str,
    cell: &'a Cell,
    /// Count and units of the group in the municipality.
    reference: (f64, f64),
    /// The same in earlier periods, newest first.
    earlier: Vec<(&'a Cell, (f64, f64))>,
}

fn found<'a>(scene: &'a Scene<'_>, step: usize, area: usize, attribute: &str) -> Option<Vec<Found<'a>>> {
    let table = scene.ladder.steps[step].table;
    let newest = table.period_position(scene.period)?;
    let of_attribute = |m: &&Member| m.attributes.len() == 1 && m.attributes[0].0 == attribute;
    let group = |member: &'a Member| {
        let (cell, reference) = published(scene, step, area, member, newest)?;
        let earlier = (0..newest).rev().take(PERIODS).filter_map(|at| published(scene, step, area, member, at));
        Some(Found { value: &member.attributes[0].1, cell, reference, earlier: earlier.collect() })
    };
    let groups: Vec<Found<'a>> = table.members().iter().filter(of_attribute).filter_map(group).collect();
    (groups.len() > 1).then_some(groups)
}

/// A group's cell in a period, with its count and units in the municipality.
fn published<'a>(
    scene: &'a Scene<'_>,
    step: usize,
    area: usize,
    member: &Member,
    at: usize,
) -> Option<(&'a Cell, (f64, f64))> {
    let table = scene.ladder.steps[step].table;
    let period = table.periods()[at];
    let coarsest = scene.ladder.steps.iter().find(|s| s.table.period_position(period).is_some())?;
    let outer = coarsest.table.period_position(period)?;
    let reference = totals(coarsest, outer, coarsest.table.member_position(member)?)?;
    Some((table.cell(area, at, table.member_position(member)?), reference))
}

impl Found<'_> {
    fn rate(&self) -> f64 {
        self.reference.0 / self.reference.1
    }

    fn group(&self, scene: &Scene<'_>, here: f64, reference: f64, footing: f64) -> Group {
        let units = self.cell.denominator.filter(|d| *d > 0).map(real);
        let expected = units.unwrap_or(0.0) * self.rate() * footing;
        Group {
            value: self.value.to_owned(),
            posterior: self.posterior(scene),
            units,
            share_here: here,
            share_reference: reference,
            rate_reference: self.rate(),
            expected,
            hidden: self.cell.status == CellStatus::Suppressed,
        }
    }

    fn posterior(&self, scene: &Scene<'_>) -> Option<Posterior> {
        let now = evidence(scene, self.cell, self.reference)?;
        let earlier = self.earlier.iter().filter_map(|(cell, reference)| evidence(scene, cell, *reference));
        let earlier: Vec<(Exposure, Counts)> = earlier.collect();
        let moment = |(exposure, counts)| Moment { exposure, counts };
        let case = Case {
            now: moment((now.0, &now.1)),
            earlier: earlier.iter().map(|(exposure, counts)| moment((*exposure, counts))).collect(),
            mean: 1.0,
            mean_variance: 0.0,
        };
        Some(case.posterior(&GROUPS))
    }
}

/// What a group's cell says of its rate. One that was withheld says nothing: it may be hidden for
/// the sake of the group beside it, whatever its count.
fn evidence(scene: &Scene<'_>, cell: &Cell, (count, whole): (f64, f64)) -> Option<(Exposure, Counts)> {
    if !cell.status.is_published() {
        return None;
    }
    let (units, rate) = (cell.denominator.filter(|d| *d > 0).map(real)?, count / whole);
    if rate <= 0.0 {
        return None;
    }
    let share = scene.ladder.indicator.measure == Measure::Share;
    let exposure = if share {
        Exposure::Share { units, share: rate.clamp(1e-6, 0.999) }
    } else {
        Exposure::Events { expected: units * rate }
    };
    let counts = Counts::of(cell, cell.denominator.filter(|_| share), &scene.ladder.hiding())?;
    Some((exposure, counts))
}

/// The attributes that could not be opened and that gave no reason.
pub(crate) fn closed<'b>(breakdowns: &'b [Breakdown], given: &[Reason]) -> Vec<&'b Breakdown> {
    let explained = |b: &&Breakdown| {
        given.iter().any(|r| matches!(r, Reason::Behaviour { attribute, .. } if *attribute == b.attribute))
    };
    breakdowns.iter().filter(|b| b.is_closed()).filter(|b| !explained(b)).collect()
}
