//! What the attacker can be sure of: for every true count in one period a lower and an upper
//! bound, tightened along every sum until nothing moves.

use kubus_model::{Cell, Period};

use super::surface::{Breakdown, Face, Nesting, Surface};
use crate::perturbation::PerturbationTable;
use crate::rule::Hidden;

/// No upper bound. Sums of a hundred thousand of these stay far inside 64 bits.
pub(crate) const OPEN: i64 = 1 << 40;
/// Sweeps along all sums; the bounds of real towns stop moving after three or four.
const MAX_SWEEPS: usize = 20;

/// Which of the two counts of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Count {
    /// The numerator.
    Numerator,
    /// The denominator.
    Denominator,
}

/// Bounds of the counts of one table in one period: area × member.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds {
    /// The count is at least this.
    pub(crate) low: Vec<i64>,
    /// The count is at most this.
    pub(crate) high: Vec<i64>,
    /// Number of members.
    members: usize,
}

impl Bounds {
    /// The position of a cell of the period.
    pub(crate) const fn at(&self, area: usize, member: usize) -> usize {
        area * self.members + member
    }

    /// Tightens one bound. A bound that contradicts what is known comes from figures that do not
    /// add up after all, and is left out.
    fn tighten(&mut self, at: usize, low: i64, high: i64) -> bool {
        let (low, high) = (low.max(self.low[at]), high.min(self.high[at]));
        let moved = low <= high && (low, high) != (self.low[at], self.high[at]);
        if moved {
            (self.low[at], self.high[at]) = (low, high);
        }
        moved
    }
}

/// Bounds of one kind of count, by table, in one period, as each cell tells by itself.
pub(crate) fn bounds(surface: &Surface<'_>, period: Period, count: Count, noise: &PerturbationTable) -> Vec<Bounds> {
    surface.faces.iter().map(|face| first_bounds(face, period, count, noise)).collect()
}

fn first_bounds(face: &Face<'_>, period: Period, count: Count, noise: &PerturbationTable) -> Bounds {
    let members = face.table.members.len();
    let Some(period) = face.table.periods.iter().position(|p| *p == period) else {
        return Bounds { members, ..Bounds::default() };
    };
    let positions = (0..face.table.areas.len()).flat_map(|a| (0..members).map(move |m| (a, m)));
    let (low, high) =
        positions.map(|(area, member)| told(face, face.table.position(area, period, member), count, noise)).unzip();
    Bounds { low, high, members }
}

/// The bounds that a cell's figure, or its being hidden, gives by itself.
pub(crate) fn told(face: &Face<'_>, at: usize, count: Count, noise: &PerturbationTable) -> (i64, i64) {
    let (cell, hidden): (&Cell, Hidden) = (&face.table.cells[at], face.hidden[at]);
    let figure = match count {
        Count::Numerator => cell.numerator,
        Count::Denominator => cell.denominator,
    };
    if cell.estimated_share > 0.0 {
        return (0, OPEN);
    }
    let (low, high) = match (figure, hidden, count) {
        (Some(figure), _, _) => noise.compatible(figure).unwrap_or((0, OPEN)),
        (None, Hidden::Small, Count::Numerator) => (0, noise.largest_below(face.limits.min_count)),
        (None, Hidden::Population, Count::Denominator) => (0, noise.largest_below(face.limits.min_population)),
        _ => (0, OPEN),
    };
    let (known_low, known_high) = face.known.map_or((0, OPEN), |known| known.of(count, at));
    let both = (low.max(known_low), high.min(known_high));
    if both.0 <= both.1 { both } else { (low, high) }
}

/// Tightens bounds along all sums until they stop moving.
pub(crate) fn propagate(surface: &Surface<'_>, period: Period, all: &mut [Bounds]) {
    for _ in 0..MAX_SWEEPS {
        let mut moved = false;
        for nesting in &surface.nestings {
            moved |= along_areas(nesting, all);
        }
        for (table, breakdowns) in surface.breakdowns.iter().enumerate() {
            let face = surface.faces[table].table;
            let Some(at) = face.periods.iter().position(|p| *p == period) else { continue };
            for breakdown in breakdowns {
                let complete: Vec<bool> =
                    breakdown.complete.iter().skip(at).step_by(face.periods.len()).copied().collect();
                moved |= along_members(breakdown, &complete, &mut all[table]);
            }
        }
        if !moved {
            return;
        }
    }
}

/// Numerators of parts of a whole are at most their denominators.
pub(crate) fn part_of_whole(numerators: &mut [Bounds], denominators: &mut [Bounds]) {
    for (part, whole) in numerators.iter_mut().zip(denominators) {
        for at in 0..part.low.len() {
            part.tighten(at, 0, whole.high[at]);
            whole.tighten(at, part.low[at], OPEN);
        }
    }
}

fn along_areas(nesting: &Nesting, all: &mut [Bounds]) -> bool {
    let (mut child, mut parent) = (std::mem::take(&mut all[nesting.child]), std::mem::take(&mut all[nesting.parent]));
    let present = !child.low.is_empty() && !parent.low.is_empty();
    let mut moved = false;
    if present {
        for (fine, coarse) in &nesting.members {
            moved |= along_member_areas(nesting, *fine, *coarse, &mut child, &mut parent);
        }
    }
    (all[nesting.child], all[nesting.parent]) = (child, parent);
    moved
}

fn along_member_areas(nesting: &Nesting, fine: usize, coarse: usize, child: &mut Bounds, parent: &mut Bounds) -> bool {
    let mut sums = vec![(0i64, 0i64, false); parent.low.len() / parent.members.max(1)];
    let inside = || nesting.to.iter().enumerate().filter(|(_, to)| **to != u32::MAX).map(|(a, to)| (a, *to as usize));
    for (area, to) in inside() {
        let at = child.at(area, fine);
        sums[to] = (sums[to].0 + child.low[at], sums[to].1 + child.high[at], true);
    }
    let mut moved = false;
    for (area, (low, high, any)) in sums.iter().enumerate() {
        moved |= *any && parent.tighten(parent.at(area, coarse), *low, *high);
    }
    for (area, to) in inside() {
        let (at, whole) = (child.at(area, fine), parent.at(to, coarse));
        let (low, high) = rest(sums[to].0, sums[to].1, child, at, parent.low[whole], parent.high[whole]);
        moved |= child.tighten(at, low, high);
    }
    moved
}

/// Along the members of every area; `complete` tells by area whether parts add up.
fn along_members(breakdown: &Breakdown, complete: &[bool], bounds: &mut Bounds) -> bool {
    if bounds.low.is_empty() {
        return false;
    }
    let mut moved = false;
    for (area, complete) in complete.iter().enumerate() {
        let whole = bounds.at(area, breakdown.whole);
        let parts = || breakdown.parts.iter().map(|member| area * bounds.members + member);
        let sums = parts().fold((0, 0), |(l, h), at| (l + bounds.low[at], h + bounds.high[at]));
        let positions: Vec<usize> = parts().collect();
        moved |= bounds.tighten(whole, sums.0, if *complete { sums.1 } else { OPEN });
        let least = if *complete { bounds.low[whole] } else { 0 };
        let most = bounds.high[whole];
        let limits: Vec<_> = positions.iter().map(|at| rest(sums.0, sums.1, bounds, *at, least, most)).collect();
        for (at, (low, high)) in positions.iter().zip(limits) {
            moved |= bounds.tighten(*at, low, high);
        }
    }
    moved
}

/// What the whole leaves for one part, given the sums of the bounds of all parts.
fn rest(low: i64, high: i64, parts: &Bounds, at: usize, whole_low: i64, whole_high: i64) -> (i64, i64) {
    (whole_low - (high - parts.high[at]), whole_high - (low - parts.low[at]))
}
