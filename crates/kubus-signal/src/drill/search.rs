//! The groups that deviate most, exactly: the same list as looking at every group. A branch is
//! left when its optimistic estimate does not reach the last group of the list.

use std::cmp::Ordering;
use std::ops::Range;

use super::Options;
use super::scale::Scale;
use super::table::{Table, Weight};

/// A bound this much too low by rounding still counts.
const ROUNDING: f64 = 1e-9;

/// Counts of so many pairs are made at a time.
const TOGETHER: usize = 1 << 14;

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
        match self.options.depth - conditions.len() {
            0 | 1 => {}
            2 => self.grow_last(members, conditions, from, &counts),
            _ => {
                for column in from..self.table.width() - 1 {
                    self.grow_column(members, conditions, column, &counts);
                }
            }
        }
    }

    /// Values of a column with what they bound, the most promising first, of those that may do.
    fn open(&self, column: usize, counts: &[Weight]) -> Vec<(f64, u16)> {
        let selectors = self.table.first[column]..self.table.first[column + 1];
        let bound = |selector: u16| (self.scale.bound(counts[usize::from(selector)]), selector);
        let mut open: Vec<(f64, u16)> = selectors.map(bound).filter(|(bound, _)| self.may(*bound)).collect();
        open.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        open
    }

    /// Adds a condition on this column and looks further.
    fn grow_column(&mut self, members: &[u32], conditions: &[u16], column: usize, counts: &[Weight]) {
        let open = self.open(column, counts);
        if open.is_empty() {
            return;
        }
        let parts = self.divide(members, column);
        for (bound, selector) in open {
            if self.may(bound) {
                let longer = [conditions, &[selector]].concat();
                self.grow(&parts[usize::from(selector - self.table.first[column])], &longer, column + 1);
            }
        }
    }

    /// Adds the last two conditions: both are counted in one pass, for as many columns at a time as
    /// stay near the processor.
    fn grow_last(&mut self, members: &[u32], conditions: &[u16], from: usize, counts: &[Weight]) {
        let values = counts.len();
        let mut column = from;
        while column + 1 < self.table.width() {
            let (start, mut open) = (column, Vec::new());
            while column + 1 < self.table.width() && (column == start || open.len() * values < TOGETHER) {
                open.extend(self.open(column, counts));
                column += 1;
            }
            let pairs = self.count_pairs(members, start..column, &open);
            for ((bound, first), row) in open.iter().zip(pairs.chunks(values)) {
                let longer = [conditions, &[*first]].concat();
                let next = self.table.first[self.table.column(*first) + 1];
                if self.may(*bound) {
                    (next..).zip(&row[usize::from(next)..]).for_each(|(s, weight)| self.consider(&longer, s, *weight));
                }
            }
        }
    }

    /// What each open value of these columns has together with each value of the columns behind it.
    fn count_pairs(&self, members: &[u32], columns: Range<usize>, open: &[(f64, u16)]) -> Vec<Weight> {
        let values = usize::from(self.table.first[self.table.width()]);
        let mut starts = vec![usize::MAX; values];
        for (place, (_, selector)) in open.iter().enumerate() {
            starts[usize::from(*selector)] = place * values;
        }
        let mut pairs = vec![[0.0; 2]; open.len() * values];
        for at in members.iter().map(|at| *at as usize) {
            let (weight, cell) = (self.weights[at], self.table.cell(at));
            for column in columns.clone() {
                let start = starts[usize::from(cell[column])];
                if start == usize::MAX {
                    continue;
                }
                let row = &mut pairs[start..start + values];
                for second in &cell[column + 1..] {
                    let pair = &mut row[usize::from(*second)];
                    pair[0] += weight[0];
                    pair[1] += weight[1];
                }
            }
        }
        pairs
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
        let usual = members.len() / usize::from(end - start) * 5 / 4;
        let mut parts: Vec<Vec<u32>> = (start..end).map(|_| Vec::with_capacity(usual)).collect();
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
