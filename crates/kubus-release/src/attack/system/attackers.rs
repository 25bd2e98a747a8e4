//! Attackers who know more than what is published: a contributor who knows his own atom (A1), two
//! of them together (A2), and anyone with public tables beside ours (A3).
//!
//! Someone who is alone in his atom knows what it holds. With one pass of exact elimination every
//! sum is brought to its remainder: what of it does not follow from what is published. A cell
//! follows with the help of an atom exactly when the remainder of the cell is a multiple of that of
//! the atom, and with the help of two when it is a combination of theirs. That a contributor knows
//! his own atom is no breach.
//!
//! Only exact derivations are found: a cell that such an attacker narrows without pinning it is not
//! counted. Atoms that are not a cell of their own with one unit are not taken for contributors.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::linear::{Remainder, combination, fits, remainders};
use super::program::Centred;
use super::{Atoms, BareCell, Question, asked, presolve, sets};

/// Who attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Helpers {
    /// One contributor (A1).
    One,
    /// Two contributors together (A2).
    Two,
}

/// A sensitive cell that follows for contributors, and who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helped {
    /// Position of the cell.
    pub cell: usize,
    /// Atoms that the contributors know, one or two.
    pub atoms: Vec<u32>,
}

/// Sensitive cells that are not certain for an outsider, but follow for a contributor who is alone
/// in his atom, or for two of them. Arguments as for [`super::attack_system`].
///
/// ```
/// use kubus_release::attack::system::BareCell;
/// use kubus_release::attack::system::attackers::{Helpers, helped};
/// let hidden = |freq| BareCell { freq, primary: true, suppressed: true };
/// let shown = |freq| BareCell { freq, primary: false, suppressed: false };
/// // 1 + 3 = 4 is shown. An outsider cannot tell the two apart; whoever is the 1 can.
/// let found = helped(&[(0, 0), (1, 1), (0, 2), (1, 2)], &[hidden(1), hidden(3), shown(4)], true, Helpers::One);
/// assert_eq!((found[0].cell, found[0].atoms.as_slice()), (1, [0].as_slice()));
/// ```
#[must_use]
pub fn helped(x: &[(u32, u32)], cells: &[BareCell], zeros_known: bool, helpers: Helpers) -> Vec<Helped> {
    let sets = sets(x, cells.len());
    let question = Question::new(&sets, cells, zeros_known);
    let centre = Centred::new(&presolve::presolve(&question.published, &question.least_one));
    let singles = singles(&sets, cells);
    let own: Vec<Atoms> = singles.iter().map(|atom| centre.free(&vec![*atom])).collect();
    let asked = asked(&sets, cells);
    let sums: Vec<Atoms> = asked.iter().map(|set| centre.free(set)).collect();
    let all: Vec<Atoms> = own.into_iter().chain(sums).collect();
    let mut left = remainders(&centre.tight(), &all);
    let open = left.split_off(singles.len());
    let crowd = Crowd::new(&singles, left);
    let found: BTreeMap<&Atoms, Vec<u32>> =
        asked.iter().zip(&open).filter_map(|(set, own)| Some((*set, crowd.helps(set, own, helpers)?))).collect();
    let cell = |(at, set): (usize, &Atoms)| {
        let atoms = found.get(set).filter(|_| cells[at].primary)?;
        Some(Helped { cell: at, atoms: atoms.clone() })
    };
    sets.iter().enumerate().filter_map(cell).collect()
}

/// The figures of public tables that may be used: those that fit what is published. Each is a cell
/// with its count elsewhere; one that contradicts what follows from our figures and from those
/// before it counts other units than ours, and is left out.
#[must_use]
pub fn fitting(x: &[(u32, u32)], cells: &[BareCell], zeros_known: bool, public: &[(usize, i64)]) -> Vec<BareCell> {
    if public.is_empty() {
        return cells.to_vec();
    }
    let sets = sets(x, cells.len());
    let question = Question::new(&sets, cells, zeros_known);
    let system = presolve::presolve(&question.published, &question.least_one);
    let possible = |(at, count): &&(usize, i64)| {
        let bounds = sets[*at].iter().map(|atom| system.bounds.get(atom).copied().unwrap_or((0, presolve::OPEN)));
        let (low, high) = bounds.fold((0, 0), |(l, h), (low, high)| (l + low, h + high));
        low <= *count && *count <= high
    };
    let rows: Vec<&(usize, i64)> = public.iter().filter(|(at, _)| *at < cells.len()).filter(possible).collect();
    let sums: Vec<(&Atoms, i64)> = rows.iter().map(|(at, count)| (&sets[*at], *count)).collect();
    let mut informed = cells.to_vec();
    for ((at, count), fits) in rows.into_iter().zip(fits(&question.published, &sums)) {
        if fits {
            informed[*at] = BareCell { freq: *count, suppressed: false, ..informed[*at] };
        }
    }
    informed
}

/// Atoms that are a cell of their own with one unit.
fn singles(sets: &[Atoms], cells: &[BareCell]) -> Vec<u32> {
    let ones = sets.iter().zip(cells).filter(|(_, cell)| cell.freq == 1);
    let atoms: BTreeSet<u32> =
        ones.filter(|(set, _)| set.len() == 1).flat_map(|(set, _)| set.iter().copied()).collect();
    atoms.into_iter().collect()
}

/// Contributors by what their atom adds.
struct Crowd<'a> {
    atoms: &'a [u32],
    remainders: Vec<Remainder>,
    /// Contributors by remainder; those with none add nothing.
    with: BTreeMap<Remainder, Vec<usize>>,
    /// Contributors by a column in their remainder.
    touching: BTreeMap<u32, Vec<usize>>,
}

impl<'a> Crowd<'a> {
    fn new(atoms: &'a [u32], remainders: Vec<Remainder>) -> Self {
        let mut with: BTreeMap<Remainder, Vec<usize>> = BTreeMap::new();
        let mut touching: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, remainder) in remainders.iter().enumerate().filter(|(_, remainder)| !remainder.is_empty()) {
            with.entry(remainder.clone()).or_default().push(at);
            remainder.iter().for_each(|(column, _)| touching.entry(*column).or_default().push(at));
        }
        Self { atoms, remainders, with, touching }
    }

    /// Who makes a sum certain, without being the sum.
    fn helps(&self, set: &Atoms, own: &Remainder, helpers: Helpers) -> Option<Vec<u32>> {
        let (first, _) = own.first()?;
        let one = self.with.get(own).into_iter().flatten().find(|at| !self.is(set, &[**at]));
        if let Some(one) = one {
            return Some(vec![self.atoms[*one]]);
        }
        if helpers == Helpers::One {
            return None;
        }
        let near = self.touching.get(first)?;
        let pairs = near.iter().filter(|a| !self.is(set, &[**a])).flat_map(|a| self.second(set, own, *a, near));
        pairs.min().map(|(a, b)| vec![self.atoms[a], self.atoms[b]])
    }

    /// Contributors who complete what the first knows.
    fn second(&self, set: &Atoms, own: &Remainder, a: usize, near: &[usize]) -> Vec<(usize, usize)> {
        let alone = combination(own, &self.remainders[a]);
        let other = alone.as_ref().and_then(|rest| self.with.get(rest)).into_iter().flatten().copied();
        let both = near.iter().copied().filter(|b| {
            let (rest, pair) =
                (combination(own, &self.remainders[a]), combination(&self.remainders[*b], &self.remainders[a]));
            rest.is_some() && rest == pair
        });
        let pair = |b: usize| (a != b && !self.is(set, &[b]) && !self.is(set, &[a, b])).then_some((a.min(b), a.max(b)));
        other.chain(both).filter_map(pair).collect()
    }

    /// Whether a sum is just what these contributors know of themselves.
    fn is(&self, set: &Atoms, known: &[usize]) -> bool {
        let atoms: BTreeSet<u32> = known.iter().map(|at| self.atoms[*at]).collect();
        set.len() == atoms.len() && set.iter().all(|atom| atoms.contains(atom))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hidden(freq: i64) -> BareCell {
        BareCell { freq, primary: true, suppressed: true }
    }

    fn shown(freq: i64) -> BareCell {
        BareCell { freq, primary: false, suppressed: false }
    }

    /// A row of hidden atoms with their total.
    fn row(counts: &[i64]) -> (Vec<(u32, u32)>, Vec<BareCell>) {
        let total = u32::try_from(counts.len()).unwrap();
        let x = (0..total).flat_map(|atom| [(atom, atom), (atom, total)]).collect();
        (x, counts.iter().map(|count| hidden(*count)).chain([shown(counts.iter().sum())]).collect())
    }

    #[test]
    fn two_contributors_see_what_one_does_not() {
        let (x, cells) = row(&[1, 1, 4]);
        assert_eq!(helped(&x, &cells, false, Helpers::One), []);
        assert_eq!(helped(&x, &cells, false, Helpers::Two), [Helped { cell: 2, atoms: vec![0, 1] }]);
    }

    #[test]
    fn without_anyone_alone_nobody_helps() {
        let (x, cells) = row(&[2, 4, 3]);
        assert_eq!(helped(&x, &cells, false, Helpers::Two), []);
    }

    #[test]
    fn a_public_figure_that_does_not_add_up_is_left_out_and_one_that_does_exposes() {
        let (x, cells) = row(&[2, 4]);
        let exact =
            |public: &[(usize, i64)]| super::super::attack_system(&x, &fitting(&x, &cells, true, public), true).exact;
        assert_eq!(exact(&[]), 0);
        assert_eq!(exact(&[(1, 9)]), 0, "more than the total");
        assert_eq!(exact(&[(2, 7)]), 0, "another total");
        assert_eq!(exact(&[(1, 4)]), 2);
        assert_eq!(exact(&[(1, 4), (0, 3)]), 2, "the second contradicts the first");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Telling the attacker the atoms of the helpers makes the cell certain.
        #[test]
        fn what_is_said_to_follow_does_follow(counts in prop::collection::vec(1i64..4, 9), hide: u16) {
            let (mut x, mut cells) = (Vec::new(), Vec::new());
            let lines: Vec<Vec<u32>> = (0..9).map(|a| vec![a])
                .chain((0..3).map(|r| (3 * r..3 * r + 3).collect()))
                .chain((0..3).map(|c| vec![c, c + 3, c + 6])).collect();
            for (at, line) in (0u32..).zip(&lines) {
                let freq = line.iter().map(|a| counts[*a as usize]).sum();
                let primary = line.len() == 1 && hide >> line[0] & 1 == 1;
                cells.push(BareCell { freq, primary, suppressed: primary });
                x.extend(line.iter().map(|a| (*a, at)));
            }
            let before = super::super::certain(&x, &cells, true);
            for helpers in [Helpers::One, Helpers::Two] {
                for found in helped(&x, &cells, true, helpers) {
                    prop_assert!(!before[found.cell]);
                    let mut told = cells.clone();
                    found.atoms.iter().for_each(|a| told[*a as usize].suppressed = false);
                    prop_assert!(super::super::certain(&x, &told, true)[found.cell], "{found:?}");
                }
            }
        }
    }
}
