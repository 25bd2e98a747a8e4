//! After elimination: the attacker looks, what he finds is repaired, and what he can spare is shown
//! again.
//!
//! Elimination knows equations only. An attacker also knows that counts are not negative, and
//! perhaps which cells are not empty; then 1 + 1 + 1 = 3 gives three cells away. Where he is
//! certain of a sensitive cell, the cheapest cell beside it is guarded too: it is hidden, and
//! elimination sees to it that it cannot be derived either.

use std::collections::BTreeSet;

use super::greedy::Plan;
use crate::attack::system::attackers::{Helpers, helped};
use crate::attack::system::{BareCell, certain};

/// Rounds of repair; each guards at least one more cell.
const MAX_ROUNDS: usize = 200;
/// Attacks spent on showing cells again.
const MAX_TRIALS: usize = 60;

/// Which variables are hidden, and the sensitive ones that are certain all the same.
pub(super) type Pattern = (Vec<bool>, BTreeSet<usize>);

/// A plan with the system it was made for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) x: &'a [(u32, u32)],
    pub(super) cells: &'a [BareCell],
    pub(super) zeros_known: bool,
    /// Contributors against whom the cells are protected too.
    pub(super) against: Option<Helpers>,
    pub(super) plan: &'a Plan,
}

impl Bench<'_> {
    /// The cells as they would be published.
    pub(super) fn published(&self, hidden: &[bool]) -> Vec<BareCell> {
        let cells = self.cells.iter().zip(&self.plan.structure.of_cell);
        cells.map(|(cell, variable)| BareCell { suppressed: hidden[*variable], ..*cell }).collect()
    }

    /// Cells hidden beside the sensitive ones.
    pub(super) fn secondary(&self, hidden: &[bool]) -> u64 {
        self.published(hidden).iter().filter(|cell| cell.suppressed && !cell.primary).count() as u64
    }

    /// Sensitive variables of which the attacker is certain; when there are none, those that
    /// contributors give away.
    pub(super) fn exposed(&self, hidden: &[bool]) -> BTreeSet<usize> {
        let published = self.published(hidden);
        let certain = certain(self.x, &published, self.zeros_known);
        let found = certain.iter().zip(&self.plan.structure.of_cell).filter(|(certain, _)| **certain);
        let found: BTreeSet<usize> = found.map(|(_, variable)| *variable).collect();
        match self.against.filter(|_| found.is_empty()) {
            Some(helpers) => {
                let helped = helped(self.x, &published, self.zeros_known, helpers);
                helped.iter().map(|found| self.plan.structure.of_cell[found.cell]).collect()
            }
            None => found,
        }
    }

    /// The pattern of equations alone, when the attacker gets nothing out of it; else the pattern
    /// in which cells at their floor give no room.
    pub(super) fn first(&self) -> Pattern {
        let none = vec![false; self.plan.structure.variables];
        let plain = self.plan.hide(&none, &none);
        let exposed = self.exposed(&plain);
        if exposed.is_empty() {
            return (plain, exposed);
        }
        let careful = self.plan.hide(&none, &self.plan.floor);
        let exposed = self.exposed(&careful);
        (careful, exposed)
    }

    /// Guards cells until the attacker is certain of no sensitive cell, or nothing helps any more.
    pub(super) fn repaired(&self, mut hidden: Vec<bool>, mut exposed: BTreeSet<usize>) -> Pattern {
        let mut guarded = vec![false; self.plan.structure.variables];
        for _ in 0..MAX_ROUNDS {
            let guards = self.guards(&exposed, &hidden);
            if guards.is_empty() {
                break;
            }
            guards.into_iter().for_each(|variable| guarded[variable] = true);
            hidden = self.plan.hide(&guarded, &self.plan.floor);
            exposed = self.exposed(&hidden);
        }
        (hidden, exposed)
    }

    /// For each exposed variable the cheapest shown cell near it; one guard serves all variables
    /// it shares an equation with.
    fn guards(&self, exposed: &BTreeSet<usize>, hidden: &[bool]) -> BTreeSet<usize> {
        let mut guards = BTreeSet::new();
        let mut served = BTreeSet::new();
        for variable in exposed {
            if served.contains(variable) {
                continue;
            }
            if let Some(guard) = self.nearest(*variable, hidden, &guards) {
                served.extend(self.plan.structure.beside(guard));
                guards.insert(guard);
            }
        }
        guards
    }

    /// The cheapest cell with room to move among the nearest ones that are shown.
    fn nearest(&self, variable: usize, hidden: &[bool], taken: &BTreeSet<usize>) -> Option<usize> {
        let least = 1 + i64::from(self.zeros_known);
        let mut seen = BTreeSet::from([variable]);
        let mut ring = vec![variable];
        while !ring.is_empty() {
            let next: BTreeSet<usize> = ring.iter().flat_map(|v| self.plan.structure.beside(*v)).collect();
            ring = next.into_iter().filter(|v| seen.insert(*v)).collect();
            let fit = |v: &&usize| {
                self.plan.cells[**v] > 0 && !hidden[**v] && !taken.contains(*v) && self.plan.freq[**v] >= least
            };
            if let Some(found) = ring.iter().filter(fit).min_by_key(|v| (self.plan.freq[**v], **v)) {
                return Some(*found);
            }
        }
        None
    }

    /// Shows hidden cells again, the most valuable first, as far as nothing becomes certain.
    pub(super) fn pruned(&self, hidden: Vec<bool>, exposed: BTreeSet<usize>) -> Pattern {
        let spare = self.plan.spare(&hidden);
        let mut trials = MAX_TRIALS;
        self.shown_again((hidden, exposed), &spare, &mut trials)
    }

    /// All of `spare` at once; when that exposes more, each half by itself.
    fn shown_again(&self, now: Pattern, spare: &[usize], trials: &mut usize) -> Pattern {
        if spare.is_empty() || *trials == 0 {
            return now;
        }
        *trials -= 1;
        let mut tried = now.0.clone();
        spare.iter().for_each(|variable| tried[*variable] = false);
        let exposed = self.exposed(&tried);
        if exposed.len() <= now.1.len() {
            return (tried, exposed);
        }
        if spare.len() == 1 {
            return now;
        }
        let (first, second) = spare.split_at(spare.len() / 2);
        let now = self.shown_again(now, first, trials);
        self.shown_again(now, second, trials)
    }
}
