//! Secondary suppression in one pass: cells are published from the most to the least valuable, and
//! a cell stays hidden when publishing it would make a sensitive cell certain.

use std::cmp::Reverse;

use super::elimination::Knowledge;
use super::structure::Structure;
use crate::attack::system::BareCell;

/// A system with its variables in the order in which they are published.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) structure: Structure,
    /// Sensitive variables.
    pub(super) primary: Vec<bool>,
    /// Count by variable; only of variables that are cells.
    pub(super) freq: Vec<i64>,
    /// Variables that may be published, the most valuable first.
    pub(super) order: Vec<usize>,
    /// Number of cells by variable.
    pub(super) cells: Vec<u32>,
    /// Sensitive variables that cannot be less than they are.
    pub(super) floor: Vec<bool>,
}

impl Plan {
    /// Zeros that are not sensitive come first, for hiding what everyone knows to be empty
    /// protects nothing; then larger counts before smaller, and later cells before earlier.
    pub(super) fn new(x: &[(u32, u32)], cells: &[BareCell], zeros_known: bool) -> Self {
        let structure = Structure::new(x, cells.len());
        let mut primary = vec![false; structure.variables];
        let mut freq = vec![0; structure.variables];
        let mut count = vec![0; structure.variables];
        for (cell, variable) in cells.iter().zip(&structure.of_cell) {
            primary[*variable] |= cell.primary;
            freq[*variable] = cell.freq;
            count[*variable] += 1;
        }
        let mut order: Vec<usize> = (0..structure.variables).filter(|v| count[*v] > 0 && !primary[*v]).collect();
        order.sort_by_key(|v| (freq[*v] != 0, Reverse(freq[*v]), Reverse(*v)));
        let floor = (0..structure.variables).map(|v| primary[v] && freq[v] <= i64::from(zeros_known)).collect();
        Self { structure, primary, freq, order, cells: count, floor }
    }

    /// Which variables stay hidden when those in `guarded` may not become certain either, with
    /// the cells in `floor` giving no room.
    pub(super) fn hide(&self, guarded: &[bool], floor: &[bool]) -> Vec<bool> {
        let mut knowledge = Knowledge::new(&self.structure, &self.order, floor);
        let sensitive: Vec<bool> = self.primary.iter().zip(guarded).map(|(p, g)| *p || *g).collect();
        let mut hidden = sensitive.clone();
        for variable in self.order.iter().filter(|v| !guarded[**v]) {
            if knowledge.exposes(*variable, &sensitive) {
                hidden[*variable] = true;
            } else {
                knowledge.publish(*variable);
            }
        }
        hidden
    }

    /// Hidden variables that are not sensitive and that elimination would show again, the most
    /// valuable first; they come after repairs, for a guard may take over from another cell.
    pub(super) fn spare(&self, hidden: &[bool]) -> Vec<usize> {
        let mut knowledge = Knowledge::new(&self.structure, &self.order, &self.floor);
        self.order.iter().filter(|v| !hidden[**v]).for_each(|v| knowledge.publish(*v));
        let mut spare = Vec::new();
        for variable in self.order.iter().filter(|v| hidden[**v]) {
            if !knowledge.exposes(*variable, &self.primary) {
                knowledge.publish(*variable);
                spare.push(*variable);
            }
        }
        spare
    }
}
