//! The groups that deviate most, exactly: the same list as looking at every group. A branch is
//! left when its optimistic estimate does not reach the last group of the list.

use std::cmp::Ordering;

use super::Options;
use super::scale::Scale;
use super::table::{Table, Weight};

/// A bound this much too low by rounding still counts.
const ROUNDING: f64 = 1e-9;

/// A group that was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// Selectors, ascending, of different columns.
    pub(super) conditions: Vec<u16>,
    pub(super) weight: Weight,
    pub(super) deviation: f64,
}

impl Found {
    /// The larger deviation first, then the shorter group, then by the order of the columns.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let longer = self.conditions.len().cmp(&other.conditions.len());
        let later = || self.conditions.cmp(&other.conditions);
        other.deviation.total_cmp(&self.deviation).then(longer).then_with(later)
    }
}

/// The groups with the largest deviation under these weights, at most [`Options::top`].
pub(super) fn best(table: &Table, weights: &[Weight], scale: &Scale, options: &Options) -> Vec<Found> {
    let mut search = Search { table, weights, scale, options, best: Vec::with_capacity(options.top + 1) };
    let members: Vec<u32> = (0..).zip(weights).filter(|(_, weight)| weight[0] > 0.0).map(|(at, _)| at).collect();
    search.grow(&members, &[], 0);
    search.best
}

struct Search<'a> {
    table: &'a Table,
    weights: &'a [Weight],
    scale: &'a Scale,
    options: &'a Options,
    best: Vec<Found>,
}

impl Search<'_> {
    /// Looks at the cells of a group for conditions on this column or later ones.
    fn grow(&mut self, members: &[u32], conditions: &[u16], from: usize) {
        let counts = self.count(members, from);
        for selector in self.table.first[from]..self.table.first[self.table.width()] {
            self.consider(conditions, selector, counts[usize::from(selector)]);
        }
        if conditions.len() + 1 >= self.options.depth {
            return;
        }
        for column in from..self.table.width() - 1 {
            let selectors = self.table.first[column]..self.table.first[column + 1];
            let bound = |selector: &u16| self.scale.bound(counts[usize::from(*selector)]);
            let mut open: Vec<(f64, u16)> = selectors.map(|s| (bound(&s), s)).filter(|(b, _)| self.may(*b)).collect();
            open.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            if open.is_empty() {
                continue;
            }
            let parts = self.divide(members, column);
            for (bound, selector) in open {
                if self.may(bound) {
                    let longer = [conditions, &[selector]].concat();
                    self.grow(&parts[usize::from(selector - self.table.first[column])], &longer, column + 1);
                }
            }
        }
    }

    /// What each value of the columns from this one on has of these cells.
    fn count(&self, members: &[u32], from: usize) -> Vec<Weight> {
        let mut counts = vec![[0.0; 2]; usize::from(self.table.first[self.table.width()])];
        for at in members.iter().map(|at| *at as usize) {
            let weight = self.weights[at];
            for selector in &self.table.cell(at)[from..] {
                let count = &mut counts[usize::from(*selector)];
                count[0] += weight[0];
                count[1] += weight[1];
            }
        }
        counts
    }

    /// The cells of a group by their value of a column.
    fn divide(&self, members: &[u32], column: usize) -> Vec<Vec<u32>> {
        let (start, end) = (self.table.first[column], self.table.first[column + 1]);
        let mut parts = vec![Vec::new(); usize::from(end - start)];
        for at in members {
            parts[usize::from(self.table.cell(*at as usize)[column] - start)].push(*at);
        }
        parts
    }

    /// Whether something with this deviation could still be listed.
    fn may(&self, bound: f64) -> bool {
        let full = self.best.len() >= self.options.top;
        let last = if full { self.best.last().map_or(0.0, |found| found.deviation) } else { 0.0 };
        bound > 0.0 && bound * (1.0 + ROUNDING) >= last
    }

    fn consider(&mut self, conditions: &[u16], selector: u16, weight: Weight) {
        let deviation = self.scale.deviation(weight);
        if deviation <= 0.0 || !self.may(deviation) {
            return;
        }
        let found = Found { conditions: [conditions, &[selector]].concat(), weight, deviation };
        let place = self.best.partition_point(|other| other.order(&found) == Ordering::Less);
        self.best.insert(place, found);
        self.best.truncate(self.options.top);
    }
}
