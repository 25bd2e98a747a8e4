//! Which bounds are a breach: a true count pinned to one number, a few units proven where the
//! threshold hides them, too small a population proven, or a share above the rule proven.

use std::collections::BTreeMap;

use kubus_model::{AreaLevel, CellStatus, Period};

use super::Found;
use super::bounds::{Bounds, Count, OPEN};
use super::surface::{Face, Surface};

/// The true count of a cell, by table (the caller's position), cell and kind; for judging only.
pub(crate) type Truth<'a> = &'a (dyn Fn(usize, usize, Count) -> i64 + Sync);

/// What is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Proof {
    /// The exact count.
    Exact,
    /// A non-zero count below the threshold, or a population below the rule.
    Below,
    /// A share above the rule.
    Group,
}

/// One breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Breach {
    /// What is proven.
    pub(crate) proof: Proof,
    /// Of which count.
    pub(crate) count: Count,
    /// Position of the table in the surface.
    pub(crate) face: usize,
    /// Position of the period in the table.
    pub(crate) period: usize,
    /// Position of the area.
    pub(crate) area: usize,
    /// Position of the member.
    pub(crate) member: usize,
}

/// What was looked at, and how much was proven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Cells with a figure or a hidden figure.
    pub(crate) cells: u64,
    /// Hidden figures.
    pub(crate) hidden: u64,
    /// Counts pinned exactly.
    pub(crate) exact: u64,
    /// Small counts, small populations and shares proven.
    pub(crate) below: u64,
}

impl Tally {
    /// Adds another tally.
    pub(crate) const fn add(&mut self, other: Self) {
        self.cells += other.cells;
        self.hidden += other.hidden;
        self.exact += other.exact;
        self.below += other.below;
    }
}

/// What was looked at and proven, by level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tallies(pub(crate) BTreeMap<AreaLevel, Tally>);

impl Tallies {
    /// Adds other tallies.
    pub(crate) fn add(&mut self, other: Self) {
        other.0.into_iter().for_each(|(level, tally)| self.0.entry(level).or_default().add(tally));
    }

    /// Of all levels together.
    pub(crate) fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.0.values().for_each(|tally| total.add(*tally));
        total
    }
}

/// Judges the bounds of one period.
pub(crate) fn judge(
    surface: &Surface<'_>,
    period: Period,
    numerators: &[Bounds],
    denominators: &[Bounds],
    truth: Truth<'_>,
) -> Found {
    let mut found = Found::default();
    for (at, face) in surface.faces.iter().enumerate() {
        if let Some(position) = face.table.periods.iter().position(|p| *p == period) {
            judge_table(at, face, position, &numerators[at], &denominators[at], truth, &mut found);
        }
    }
    found
}

fn judge_table(
    at: usize,
    face: &Face<'_>,
    period: usize,
    numerators: &Bounds,
    denominators: &Bounds,
    truth: Truth<'_>,
    found: &mut Found,
) {
    let Found { tally, breaches } = found;
    let tally = tally.0.entry(face.table.level.clone()).or_default();
    for area in 0..face.table.areas.len() {
        for member in 0..face.table.members.len() {
            let cell = face.table.position(area, period, member);
            let (status, here) = (face.table.cells[cell].status, numerators.at(area, member));
            if !(status.is_published() || status == CellStatus::Suppressed) {
                continue;
            }
            tally.cells += 1;
            tally.hidden += u64::from(status == CellStatus::Suppressed);
            let range = |bounds: &Bounds| (bounds.low[here], bounds.high[here]);
            let (numerator, denominator) = (range(numerators), range(denominators));
            let claims = claims(face, cell, numerator, denominator);
            for (proof, count) in claims.into_iter().flatten() {
                let bounds = if count == Count::Numerator { numerator } else { denominator };
                let count_is = truth(face.id, cell, count);
                if bounds.0 <= count_is && count_is <= bounds.1 {
                    tally.exact += u64::from(proof == Proof::Exact);
                    tally.below += u64::from(proof != Proof::Exact);
                    breaches.push(Breach { proof, count, face: at, period, area, member });
                }
            }
        }
    }
}

/// What is proven of which count, if anything.
pub(crate) type Claim = Option<(Proof, Count)>;

/// What the bounds of a cell prove.
pub(crate) fn claims(face: &Face<'_>, cell: usize, numerator: (i64, i64), denominator: (i64, i64)) -> [Claim; 3] {
    if face.table.cells[cell].estimated_share > 0.0 {
        return [None; 3];
    }
    let limits = &face.limits;
    let of_count = |(low, high): (i64, i64), count| {
        let exact = (low == high).then_some((Proof::Exact, count));
        exact.or((low >= 1 && high < limits.min_count).then_some((Proof::Below, count)))
    };
    let shown = face.table.cells[cell].denominator.is_some();
    let small = shown && denominator.1 < limits.min_population;
    let of_denominator = if limits.has_denominator {
        of_count(denominator, Count::Denominator).or(small.then_some((Proof::Below, Count::Denominator)))
    } else {
        None
    };
    let group = limits.max_group_share.is_some_and(|most| proves_share(most, numerator.0, denominator.1));
    [of_count(numerator, Count::Numerator), of_denominator, group.then_some((Proof::Group, Count::Numerator))]
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
fn proves_share(most: f64, numerator: i64, denominator: i64) -> bool {
    denominator < OPEN && numerator as f64 > most * denominator as f64
}
