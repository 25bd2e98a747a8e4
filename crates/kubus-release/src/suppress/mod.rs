//! Secondary suppression: which further cells to hide, so that sensitive ones cannot be derived.
//! All tables and geographies of a release are one system: cells are sums of atoms.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `structure` | distinct cells and short equations between them |
//! | `field` | numbers modulo the prime 2⁶¹ − 1 |
//! | `elimination` | what is certain once cells are published |
//! | `greedy` | one pass from the most to the least valuable cell |
//! | `repair` | the attacker looks; guard more cells, then show what he can spare |
//!
//! The attacker ([`crate::attack::system`]) judges the outcome and shares nothing with it.
//! Called by `kubus attack --system … --repair`.

mod elimination;
mod field;
mod greedy;
mod repair;
mod structure;

use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::attack::system::attackers::{Helpers, helped};
use crate::attack::system::{BareAttack, BareCell, attack_system, certain};
use greedy::Plan;
use repair::Bench;

/// A pattern of hidden cells, with the account of the attack on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suppression {
    /// Whether each cell is hidden; sensitive cells always are.
    #[serde(skip)]
    pub suppressed: Vec<bool>,
    /// Cells hidden beside the sensitive ones.
    pub secondary: u64,
    /// Cells hidden by elimination alone, before the attacker looked.
    pub by_elimination: u64,
    /// Sensitive cells that would be certain if only sensitive cells were hidden.
    pub exact_without: u64,
    /// Sensitive cells that still follow for the contributors against whom was protected.
    pub helped: u64,
    /// The attack on the pattern.
    pub attack: BareAttack,
    /// Time taken until the pattern stood, with the attacks it took; not those that only report.
    pub seconds: f64,
}

/// Hides the sensitive cells and as few valuable others as it takes that no sensitive cell is
/// certain. Arguments as for [`attack_system`]; which cells are hidden already does not matter.
/// The same input gives the same pattern.
///
/// It is a greedy method: the pattern is safe where `attack.exact` is 0, which the caller checks,
/// and small, but not proven to be the smallest.
///
/// ```
/// use kubus_release::attack::system::BareCell;
/// use kubus_release::suppress::suppress;
/// let cell = |freq| BareCell { freq, primary: freq < 5, suppressed: false };
/// // Cell 3 is the sum of the others; hiding only the 3 would not do, so the 6 is hidden too.
/// let x = [(0, 0), (1, 1), (2, 2), (0, 3), (1, 3), (2, 3)];
/// let found = suppress(&x, &[cell(3), cell(10), cell(6), cell(19)], false);
/// assert_eq!(found.suppressed, [true, false, true, false]);
/// assert_eq!((found.exact_without, found.attack.exact), (1, 0));
/// ```
#[must_use]
pub fn suppress(x: &[(u32, u32)], cells: &[BareCell], zeros_known: bool) -> Suppression {
    suppress_against(x, cells, zeros_known, None)
}

/// As [`suppress`], and so that no sensitive cell follows for contributors who are alone in their
/// atom either ([`crate::attack::system::attackers::helped`]). `helped` tells how many still do.
#[must_use]
pub fn suppress_against(
    x: &[(u32, u32)],
    cells: &[BareCell],
    zeros_known: bool,
    against: Option<Helpers>,
) -> Suppression {
    let start = Instant::now();
    let plan = Plan::new(x, cells, zeros_known);
    let bench = Bench { x, cells, zeros_known, against, plan: &plan };
    let (first, exposed) = bench.first();
    let by_elimination = bench.secondary(&first);
    let (hidden, exposed) = bench.repaired(first, exposed);
    let (hidden, _) = bench.pruned(hidden, exposed);
    let published = bench.published(&hidden);
    let made = start.elapsed();
    let exact_without = certain(x, &bench.published(&plan.primary), zeros_known);
    Suppression {
        suppressed: published.iter().map(|cell| cell.suppressed).collect(),
        secondary: bench.secondary(&hidden),
        by_elimination,
        exact_without: exact_without.iter().filter(|certain| **certain).count() as u64,
        helped: against.map_or(0, |helpers| helped(x, &published, zeros_known, helpers).len() as u64),
        attack: attack_system(x, &published, zeros_known),
        seconds: made.as_secs_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Six areas in two districts by two kinds, with all totals; counts below 4 are sensitive.
    fn table(counts: &[i64]) -> (Vec<(u32, u32)>, Vec<BareCell>) {
        let areas: [&[usize]; 9] = [&[0], &[1], &[2], &[3], &[4], &[5], &[0, 1, 2], &[3, 4, 5], &[0, 1, 2, 3, 4, 5]];
        let kinds: [&[usize]; 3] = [&[0], &[1], &[0, 1]];
        let (mut x, mut cells) = (Vec::new(), Vec::new());
        for (area, kind) in areas.iter().flat_map(|area| kinds.iter().map(move |kind| (area, kind))) {
            let atoms: Vec<usize> = area.iter().flat_map(|a| kind.iter().map(move |k| a * 2 + k)).collect();
            let freq: i64 = atoms.iter().map(|atom| counts[*atom]).sum();
            let cell = u32::try_from(cells.len()).unwrap();
            x.extend(atoms.into_iter().map(|atom| (u32::try_from(atom).unwrap(), cell)));
            cells.push(BareCell { freq, primary: freq < 4, suppressed: false });
        }
        (x, cells)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_is_certain_afterwards_unless_nothing_is_left_to_hide(
            counts in prop::collection::vec(0i64..20, 12),
            known: bool,
        ) {
            let counts: Vec<i64> = counts.into_iter().map(|count| count.max(i64::from(known))).collect();
            let (x, cells) = table(&counts);
            let found = suppress(&x, &cells, known);
            let all_hidden = found.suppressed.iter().zip(&cells).all(|(hidden, cell)| *hidden || cell.freq < 2);
            prop_assert!(found.attack.exact == 0 || all_hidden, "{found:?}");
            prop_assert!(found.suppressed.iter().zip(&cells).all(|(hidden, cell)| *hidden || !cell.primary));
        }

        #[test]
        fn the_order_of_the_pairs_does_not_matter(counts in prop::collection::vec(1i64..20, 12)) {
            let (x, cells) = table(&counts);
            let reversed: Vec<(u32, u32)> = x.iter().rev().copied().collect();
            prop_assert_eq!(suppress(&x, &cells, true).suppressed, suppress(&reversed, &cells, true).suppressed);
        }
    }

    #[test]
    fn nobody_who_is_alone_sees_his_neighbour_when_that_is_asked() {
        // 1 + 3 + 7 = 11: hiding the small ones is enough for an outsider, not for whoever is the 1.
        let cell = |freq| BareCell { freq, primary: freq < 4, suppressed: false };
        let x = [(0, 0), (1, 1), (2, 2), (0, 3), (1, 3), (2, 3)];
        let cells = [cell(1), cell(3), cell(7), cell(11)];
        assert_eq!(suppress(&x, &cells, false).suppressed, [true, true, false, false]);
        let found = suppress_against(&x, &cells, false, Some(Helpers::One));
        assert_eq!((found.helped, found.attack.exact), (0, 0));
        assert!(found.suppressed[2] || found.suppressed[3]);
    }

    #[test]
    fn a_sum_of_ones_is_not_shown_where_empty_cells_are_known() {
        // Three ones and a six: showing 9 and 6 would give the three ones away.
        let cell = |freq| BareCell { freq, primary: freq < 4, suppressed: false };
        let x = [(0, 0), (1, 1), (2, 2), (3, 3), (0, 4), (1, 4), (2, 4), (3, 4)];
        let cells = [cell(1), cell(1), cell(1), cell(6), cell(9)];
        let found = suppress(&x, &cells, true);
        assert_eq!((found.exact_without, found.attack.exact), (3, 0));
        assert_eq!(found.suppressed, [true, true, true, true, false]);
    }
}
