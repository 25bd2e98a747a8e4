//! The attacker on a bare system: atoms that are unknown counts, cells that are sums of atoms, of
//! which some are published. For tables of any kind, and for other people's suppression patterns.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `linear` | which sums follow from the published ones, in exact arithmetic modulo a prime |
//! | `presolve` | published sums made short, and bounds on atoms from them |
//! | `attackers` | who knows more than what is published |
//! | `layout` | the shortened system by column |
//! | `point` | one solution, to look around from |
//! | `window` | a piece of the system, and two programs that bracket what is true of the whole |
//! | `program` | the least and the largest value of sums, by ever larger windows |
//! | `simplex` | the linear programs themselves |
//!
//! Stages, cheap first: linear dependence, bound propagation, what can move from the centre, linear
//! programs on what is left.
//! Called by `kubus attack --system`; shares nothing with the protector.

pub mod attackers;
mod layout;
mod linear;
mod point;
mod presolve;
mod program;
mod simplex;
mod window;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use program::{Bracket, Centred, Effort};

/// A cell of a bare system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BareCell {
    /// The true count.
    pub freq: i64,
    /// Whether it is sensitive.
    pub primary: bool,
    /// Whether it is withheld.
    pub suppressed: bool,
}

/// What the attacker found in a bare system.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BareAttack {
    /// Cells.
    pub cells: u64,
    /// Sensitive cells.
    pub primary: u64,
    /// Sensitive cells whose count is certain.
    pub exact: u64,
    /// Sensitive cells known to at most two more or less: highest minus lowest is at most 2.
    pub width_le_2: u64,
    /// Sensitive cells proven to be at least 1 and at most the largest sensitive count.
    pub below_threshold: u64,
    /// Sensitive cells of which some of this was not settled by the largest programs. Those that
    /// cannot be moved from the centre ([`certain`]) are counted as exact; for the rest they are
    /// counted as if the attacker knew all that could not be ruled out.
    pub unsettled: u64,
    /// Time taken.
    pub seconds: f64,
}

/// A sum of atoms, ascending and distinct.
pub(crate) type Atoms = Vec<u32>;

/// Attacks a bare system: `x` says which atom lies in which cell (both from 0). With
/// `zeros_known` every listed cell is known to hold at least one unit, as when zeros are shown.
///
/// ```
/// use kubus_release::attack::system::{attack_system, BareCell};
/// let shown = |freq| BareCell { freq, primary: false, suppressed: false };
/// let hidden = |freq| BareCell { freq, primary: true, suppressed: true };
/// // Cell 2 is the sum of cells 0 and 1; only one of them is hidden, so it is exposed.
/// let x = [(0, 0), (1, 1), (0, 2), (1, 2)];
/// let found = attack_system(&x, &[hidden(3), shown(10), shown(13)], false);
/// assert_eq!((found.primary, found.exact), (1, 1));
/// ```
#[must_use]
pub fn attack_system(x: &[(u32, u32)], cells: &[BareCell], zeros_known: bool) -> BareAttack {
    let start = Instant::now();
    let found = found(x, cells, zeros_known, figures_settled(largest_sensitive(cells)));
    let unsettled = found.iter().flatten().filter(|sum| !sum.settled).count() as u64;
    let ranges: Vec<_> = found.into_iter().map(|sum| sum.map(|s| s.range)).collect();
    BareAttack { seconds: start.elapsed().as_secs_f64(), unsettled, ..summary(&ranges, cells) }
}

/// What the [`ranges`] of these cells amount to; `seconds` and `unsettled` are 0.
#[must_use]
pub fn summary(ranges: &[Option<(i64, i64)>], cells: &[BareCell]) -> BareAttack {
    let largest = largest_sensitive(cells);
    let count = |test: &dyn Fn(&(i64, i64)) -> bool| ranges.iter().flatten().filter(|range| test(range)).count() as u64;
    BareAttack {
        cells: cells.len() as u64,
        primary: count(&|_| true),
        exact: count(&|range| figures(*range, largest)[0]),
        width_le_2: count(&|range| figures(*range, largest)[1]),
        below_threshold: count(&|range| figures(*range, largest)[2]),
        unsettled: 0,
        seconds: 0.0,
    }
}

/// How many sensitive cells what is published makes certain to someone who knows all sensitive
/// cells that are as small as they can be (ones where empty cells are known, else zeros), as
/// single people know of themselves. Those cells, and sums of them, are not counted. Arguments as
/// for [`attack_system`].
#[must_use]
pub fn exposed_to_singles(x: &[(u32, u32)], cells: &[BareCell], zeros_known: bool) -> u64 {
    let exact = |published: bool| {
        let told = |cell: &BareCell| match cell.primary && cell.freq <= i64::from(zeros_known) {
            true => BareCell { primary: false, suppressed: false, ..*cell },
            false => BareCell { suppressed: cell.suppressed || !published, ..*cell },
        };
        attack_system(x, &cells.iter().map(told).collect::<Vec<_>>(), zeros_known).exact
    };
    exact(true).saturating_sub(exact(false))
}

/// For each sensitive cell the least and the largest count that fits everything published; `None`
/// for other cells. Arguments as for [`attack_system`]. For a cell that none of the figures in
/// [`summary`] counts the search stops there: its range may be wider than what is returned.
#[must_use]
pub fn ranges(x: &[(u32, u32)], cells: &[BareCell], zeros_known: bool) -> Vec<Option<(i64, i64)>> {
    let found = found(x, cells, zeros_known, figures_settled(largest_sensitive(cells)));
    found.into_iter().map(|sum| sum.map(|s| s.range)).collect()
}

/// Which cells are sensitive and certain. Quicker than asking for [`ranges`]: first those that cannot
/// be moved from the centre of what fits everything published (all that are certain but for a few,
/// and what cannot be settled); only when there are none, those of which small windows show that
/// whole numbers leave but one. Arguments as for [`attack_system`].
#[must_use]
pub fn certain(x: &[(u32, u32)], cells: &[BareCell], zeros_known: bool) -> Vec<bool> {
    let sets = sets(x, cells.len());
    let question = Question::new(&sets, cells, zeros_known);
    let asked = asked(&sets, cells);
    let centre = Centred::new(&presolve::presolve(&question.published, &question.least_one));
    let mut certain = centre.still(&asked);
    if !certain.contains(&true) {
        let settled = |bracket: &Bracket| {
            bracket.outer.0 == bracket.outer.1 || bracket.inner().is_some_and(|(low, high)| low < high)
        };
        let brackets = centre.brackets(&asked, Effort::Quick, settled);
        certain = brackets.iter().map(|bracket| bracket.outer.0 == bracket.outer.1).collect();
    }
    let certain: BTreeMap<&Atoms, bool> = asked.into_iter().zip(certain).collect();
    sets.iter().zip(cells).map(|(set, cell)| cell.primary && certain.get(set) == Some(&true)).collect()
}

fn found(
    x: &[(u32, u32)],
    cells: &[BareCell],
    zeros_known: bool,
    settled: impl Fn(&Bracket) -> bool + Sync,
) -> Vec<Option<Found>> {
    let sets = sets(x, cells.len());
    let asked = asked(&sets, cells);
    let found = bounds(&Question::new(&sets, cells, zeros_known), &asked, settled);
    let found: BTreeMap<&Atoms, Found> = asked.iter().copied().zip(found).collect();
    sets.iter().zip(cells).map(|(set, cell)| found.get(set).copied().filter(|_| cell.primary)).collect()
}

/// The distinct sensitive sums.
fn asked<'a>(sets: &'a [Atoms], cells: &[BareCell]) -> Vec<&'a Atoms> {
    let sensitive: BTreeSet<&Atoms> = sets.iter().zip(cells).filter(|(_, c)| c.primary).map(|(set, _)| set).collect();
    sensitive.into_iter().collect()
}

fn largest_sensitive(cells: &[BareCell]) -> i64 {
    cells.iter().filter(|c| c.primary).map(|c| c.freq).max().unwrap_or(0)
}

/// Whether a range is exact, is at most two wide, and proves a small count: what holds of a range
/// holds of every narrower one.
const fn figures((low, high): (i64, i64), largest: i64) -> [bool; 3] {
    [low >= high, high - low <= 2, low >= 1 && high <= largest]
}

/// Whether the figures of a bracket are the same from both sides.
fn figures_settled(largest: i64) -> impl Fn(&Bracket) -> bool + Sync {
    move |bracket| bracket.inner().is_some_and(|inner| figures(inner, largest) == figures(bracket.outer, largest))
}

fn sets(x: &[(u32, u32)], cells: usize) -> Vec<Atoms> {
    let mut sets = vec![Atoms::new(); cells];
    for (atom, cell) in x {
        if let Some(set) = sets.get_mut(*cell as usize) {
            set.push(*atom);
        }
    }
    for set in &mut sets {
        set.sort_unstable();
        set.dedup();
    }
    sets
}

/// What an attacker has.
struct Question<'a> {
    /// Published sums.
    published: BTreeMap<&'a Atoms, i64>,
    /// Sums known to hold at least one unit.
    least_one: Vec<&'a Atoms>,
}

impl<'a> Question<'a> {
    fn new(sets: &'a [Atoms], cells: &[BareCell], zeros_known: bool) -> Self {
        let published = sets.iter().zip(cells).filter(|(_, c)| !c.suppressed).map(|(set, c)| (set, c.freq)).collect();
        Self { published, least_one: if zeros_known { sets.iter().collect() } else { Vec::new() } }
    }
}

/// What was found about a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    /// The range, or one inside it when that settles the question.
    range: (i64, i64),
    settled: bool,
}

/// The certain bounds of each asked sum, as far as it takes to settle it.
fn bounds(question: &Question<'_>, asked: &[&Atoms], settled: impl Fn(&Bracket) -> bool + Sync) -> Vec<Found> {
    let followed = linear::values(&question.published, asked);
    let centre = Centred::new(&presolve::presolve(&question.published, &question.least_one));
    let open: Vec<&Atoms> = asked.iter().zip(&followed).filter(|(_, v)| v.is_none()).map(|(set, _)| *set).collect();
    let found = centre.brackets(&open, Effort::Full, &settled);
    let still = if found.iter().all(&settled) { vec![false; open.len()] } else { centre.still(&open) };
    let mut found = found.into_iter().zip(still).map(|(bracket, still)| Found {
        range: range(&bracket, !still && !settled(&bracket)),
        settled: settled(&bracket),
    });
    let exact = |value: i64| Found { range: (value, value), settled: true };
    followed.into_iter().filter_map(|value| value.map(exact).or_else(|| found.next())).collect()
}

/// What is known to be possible; a sum that `moves` is not one number, whatever else is open.
fn range(bracket: &Bracket, moves: bool) -> (i64, i64) {
    match bracket.inner().unwrap_or(bracket.outer) {
        (low, high) if moves && low > high => (high, low),
        (low, high) if moves && low == high && high < bracket.outer.1 => (low, high + 1),
        (low, high) if moves && low == high => (low - 1, high),
        range => range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A town of nested areas by two kinds, with everything below 4 hidden and nothing more.
    fn table(counts: &[i64]) -> (Vec<(u32, u32)>, Vec<BareCell>) {
        let width = counts.len() / 2;
        let mut x = Vec::new();
        let mut cells = Vec::new();
        let mut add = |atoms: Vec<usize>| {
            let freq: i64 = atoms.iter().map(|a| counts[*a]).sum();
            let cell = u32::try_from(cells.len()).unwrap();
            x.extend(atoms.into_iter().map(|a| (u32::try_from(a).unwrap(), cell)));
            cells.push(BareCell { freq, primary: freq < 4, suppressed: freq < 4 });
        };
        (0..counts.len()).for_each(|a| add(vec![a]));
        (0..width).for_each(|area| add(vec![area, area + width]));
        add((0..width).collect());
        add((width..2 * width).collect());
        add((0..2 * width).collect());
        (x, cells)
    }

    /// The widest ranges of all cells.
    fn full(sets: &[Atoms], cells: &[BareCell], zeros_known: bool) -> Vec<(i64, i64)> {
        let question = Question::new(sets, cells, zeros_known);
        let both_ends = |bracket: &Bracket| {
            let (low, high) = bracket.outer;
            low == high || bracket.inner().is_some_and(|(l, h)| l <= low && h >= high)
        };
        let all: Vec<&Atoms> = sets.iter().collect();
        bounds(&question, &all, both_ends).into_iter().map(|found| found.range).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn bounds_hold_the_truth_and_knowing_zeros_never_helps_less(counts in prop::collection::vec(1i64..9, 8)) {
            let (x, cells) = table(&counts);
            let sets = sets(&x, cells.len());
            let (without, with) = (full(&sets, &cells, false), full(&sets, &cells, true));
            for ((cell, wide), narrow) in cells.iter().zip(without).zip(with) {
                prop_assert!(wide.0 <= narrow.0 && narrow.0 <= cell.freq && cell.freq <= narrow.1 && narrow.1 <= wide.1);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn stopping_early_changes_no_figure(counts in prop::collection::vec(0i64..9, 12), hide: u32, known: bool) {
            let counts: Vec<i64> = counts.into_iter().map(|count| count.max(i64::from(known))).collect();
            let (x, mut cells) = table(&counts);
            cells.iter_mut().enumerate().for_each(|(at, cell)| cell.suppressed |= hide >> at & 1 == 1);
            let sets = sets(&x, cells.len());
            let full = full(&sets, &cells, known);
            let full: Vec<_> = full.into_iter().zip(&cells).map(|(range, cell)| Some(range).filter(|_| cell.primary)).collect();
            prop_assert_eq!(summary(&ranges(&x, &cells, known), &cells), summary(&full, &cells));
        }
    }

    #[test]
    fn what_has_no_upper_end_is_neither_narrow_nor_small() {
        // Two hidden sums that share an atom, and nothing published: only that each is not empty.
        let hidden = BareCell { freq: 3, primary: true, suppressed: true };
        let found = attack_system(&[(0, 0), (1, 0), (1, 1), (2, 1)], &[hidden, hidden], true);
        let figures = (found.exact, found.width_le_2, found.below_threshold, found.unsettled);
        assert_eq!(figures, (0, 0, 0, 0));
    }

    #[test]
    fn un_suppressing_the_second_cell_of_a_pair_exposes_the_first() {
        let (x, mut cells) = table(&[2, 6, 7, 8, 3, 6, 7, 8]);
        cells[1].suppressed = true;
        cells[5].suppressed = true;
        assert_eq!(attack_system(&x, &cells, false).exact, 0);
        cells[5].suppressed = false;
        assert!(attack_system(&x, &cells, false).exact > 0);
    }
}
