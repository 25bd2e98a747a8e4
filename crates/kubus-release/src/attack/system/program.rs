//! The least and the largest value of sums of atoms, by linear programs on windows of a shortened
//! system: small ones first, larger ones for what these leave open.
//!
//! A sum is settled when what is possible (inner) and what is not impossible (outer) come to the
//! same for whoever asks. Every solution found says something about the other sums near it, and one
//! that differs enough between two solutions needs no program of its own. Blocks of sums go in
//! parallel and know nothing of each other, so that the number of threads changes nothing.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::Atoms;
use super::layout::{Asked, Layout};
use super::point::Point;
use super::presolve::System;
use super::window::{Program, Window, real, rounded_down, rounded_up};

/// How many attempts are made at a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Small windows only.
    Quick,
    /// Windows of all sizes.
    Full,
}

/// Columns of a window, at each attempt. Windows of a thousand settle half of what these leave, at
/// twenty times the time, and less where geographies cross.
const SIZES: [usize; 2] = [80, 320];
/// A component of at most this many columns becomes one window at last.
const WHOLE: usize = 3_000;
/// The sums asked of a window have at least one in so many of its columns.
const MIDDLE: usize = 4;

/// The least and the largest value of a sum.
pub(super) type Range = (i64, i64);

/// What was found about one sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bracket {
    /// Values that it can have as far as whole numbers do not matter; `None` when none was found.
    possible: Option<(f64, f64)>,
    /// Values outside this range it cannot have.
    pub(super) outer: Range,
}

impl Bracket {
    /// The whole numbers that it can have; the least above the largest when there are none between
    /// the values found.
    pub(super) fn inner(&self) -> Option<Range> {
        self.possible.map(|(low, high)| (rounded_down(low), rounded_up(high)))
    }

    /// Widens what is possible.
    fn can_be(&mut self, value: f64) {
        let (low, high) = self.possible.unwrap_or((value, value));
        self.possible = Some((low.min(value), high.max(value)));
    }
}

/// A system with its centre, to which all questions about it are put.
pub(super) struct Centred {
    layout: Layout,
    point: Point,
}

impl Centred {
    pub(super) fn new(system: &System) -> Self {
        let mut layout = Layout::new(system);
        let point = Point::new(&layout);
        layout.note_room(&point.values);
        Self { layout, point }
    }

    /// Brackets for each sum. `settled` says when a bracket is narrow enough; it must then hold for
    /// all narrower ones too.
    pub(super) fn brackets(
        &self,
        sets: &[&Atoms],
        effort: Effort,
        settled: impl Fn(&Bracket) -> bool + Sync,
    ) -> Vec<Bracket> {
        let Self { layout, point } = self;
        let asked: Vec<Asked> = sets.iter().map(|set| layout.asked(set)).collect();
        let mut found: Vec<Bracket> = asked.iter().map(|sum| first(layout, sum)).collect();
        let mut open: Vec<usize> = (0..sets.len()).filter(|at| !settled(&found[*at])).collect();
        let place = |at: &usize| asked[*at].columns.first().map(|column| (layout.component[*column], *column));
        open.sort_by_key(|at| (place(at), *at));
        let mut attempt = |size: usize, open: &[usize]| {
            let search = Search { layout, point, asked: &asked, size, settled: &settled };
            let block = |block: &Vec<usize>| search.block(block.iter().map(|at| (*at, found[*at])).collect());
            let blocks: Vec<Vec<(usize, Bracket)>> = search.blocks(open).par_iter().map(block).collect();
            blocks.into_iter().flatten().for_each(|(at, bracket)| found[at] = bracket);
            open.iter().copied().filter(|at| !settled(&found[*at])).collect::<Vec<usize>>()
        };
        let mut open = SIZES.into_iter().fold(open, |open, size| attempt(size, &open));
        open.retain(|at| layout.together(&asked[*at].columns) <= WHOLE);
        if effort == Effort::Full && !open.is_empty() {
            attempt(WHOLE, &open);
        }
        found
    }

    /// The lines that are tight at the centre, by their free columns.
    pub(super) fn tight(&self) -> Vec<Atoms> {
        let lines = self.layout.lines.iter().enumerate().filter(|(at, _)| self.point.tight(*at));
        lines.map(|(_, line)| self.free_of(&line.columns)).collect()
    }

    /// The columns of a sum that can move.
    pub(super) fn free(&self, set: &Atoms) -> Atoms {
        self.free_of(&self.layout.asked(set).columns)
    }

    fn free_of(&self, columns: &[usize]) -> Atoms {
        columns.iter().filter(|c| self.point.free(**c)).filter_map(|c| u32::try_from(*c).ok()).collect()
    }

    /// Sums that cannot move: what is free of them is a combination of tight lines. They are certain
    /// if the centre is right about what is tied; not certain otherwise.
    pub(super) fn still(&self, sets: &[&Atoms]) -> Vec<bool> {
        let sums: Vec<Atoms> = sets.iter().map(|set| self.free(set)).collect();
        let left = super::linear::remainders(&self.tight(), &sums);
        let known = |set: &Atoms| self.point.holds(&self.layout, &self.layout.asked(set).columns);
        left.iter().zip(sets).map(|(left, set)| left.is_empty() || !known(set)).collect()
    }
}

/// What bounds on atoms say.
fn first(layout: &Layout, sum: &Asked) -> Bracket {
    let bounds = sum.columns.iter().map(|column| layout.bounds[*column]);
    let outer = bounds.fold(sum.rest, |(l, h), (low, high)| (l + low, h + high));
    Bracket { possible: sum.columns.is_empty().then(|| (real(outer.0), real(outer.1))), outer }
}

/// The search with windows of one size.
struct Search<'a, F> {
    layout: &'a Layout,
    point: &'a Point,
    asked: &'a [Asked],
    size: usize,
    settled: &'a F,
}

/// A window with its programs, as far as there are any.
struct Pane {
    window: Window,
    inner: Option<Program>,
    outer: Option<Program>,
}

impl<F: Fn(&Bracket) -> bool> Search<'_, F> {
    /// Brackets of a block of sums, with one window around all of them.
    fn block(&self, mut sums: Vec<(usize, Bracket)>) -> Vec<(usize, Bracket)> {
        let seeds: Vec<usize> = sums.iter().flat_map(|(at, _)| self.asked[*at].columns.iter().copied()).collect();
        let mut pane = self.pane(&seeds);
        for next in 0..sums.len() {
            self.ask(&mut pane, next, &mut sums);
        }
        sums
    }

    /// Neighbouring sums that together have enough columns for the middle of a window; a sum with
    /// more columns than a window has to wait for a larger one.
    fn blocks(&self, open: &[usize]) -> Vec<Vec<usize>> {
        let mut blocks = Vec::new();
        let mut block = Vec::new();
        let mut columns: BTreeSet<usize> = BTreeSet::new();
        for at in open.iter().filter(|at| self.asked[**at].columns.len() <= self.size) {
            block.push(*at);
            columns.extend(&self.asked[*at].columns);
            if columns.len() >= self.size / MIDDLE {
                blocks.push(std::mem::take(&mut block));
                columns.clear();
            }
        }
        blocks.extend((!block.is_empty()).then_some(block));
        blocks
    }

    fn pane(&self, columns: &[usize]) -> Pane {
        let window = Window::new(self.layout, columns, self.size);
        let known = window.closed || self.point.holds(self.layout, &window.columns);
        let inner = if known { window.inner(self.layout, &self.point.values) } else { None };
        Pane { window, inner, outer: None }
    }

    /// Narrows the bracket of one sum from both sides until it is settled or the window has no more
    /// to say.
    fn ask(&self, pane: &mut Pane, next: usize, sums: &mut [(usize, Bracket)]) {
        self.look(pane, sums);
        for most in [false, true] {
            if (self.settled)(&sums[next].1) {
                return;
            }
            self.possible(pane, next, most, sums);
        }
        for most in [false, true] {
            if (self.settled)(&sums[next].1) {
                return;
            }
            self.impossible(pane, next, most, sums);
        }
    }

    /// How far the sum can go in the window.
    fn possible(&self, pane: &mut Pane, next: usize, most: bool, sums: &mut [(usize, Bracket)]) {
        let asked = &self.asked[sums[next].0];
        let Some(program) = pane.inner.as_mut() else { return };
        let found = program.end(self.layout, &asked.columns, most);
        let closed = pane.window.closed;
        let bracket = &mut sums[next].1;
        if let Some(end) = found {
            bracket.can_be(end + real(if most { asked.rest.1 } else { asked.rest.0 }));
            if closed && most {
                bracket.outer.1 = bracket.outer.1.min(rounded_up(end) + asked.rest.1);
            } else if closed {
                bracket.outer.0 = bracket.outer.0.max(rounded_down(end) + asked.rest.0);
            }
        }
        self.look(pane, sums);
    }

    /// What the lines of the window rule out.
    fn impossible(&self, pane: &mut Pane, next: usize, most: bool, sums: &mut [(usize, Bracket)]) {
        let asked = &self.asked[sums[next].0];
        let bracket = &mut sums[next].1;
        let met = |(low, high): Range| if most { high == bracket.outer.1 } else { low == bracket.outer.0 };
        if pane.window.closed || bracket.inner().is_some_and(met) {
            return;
        }
        if pane.outer.is_none() {
            pane.outer = pane.window.outer(self.layout);
        }
        let end = pane.outer.as_mut().and_then(|program| program.end(self.layout, &asked.columns, most));
        match end {
            Some(end) if most => bracket.outer.1 = bracket.outer.1.min(rounded_up(end) + asked.rest.1),
            Some(end) => bracket.outer.0 = bracket.outer.0.max(rounded_down(end) + asked.rest.0),
            None => {}
        }
    }

    /// Widens what is possible for each sum by the present solution.
    fn look(&self, pane: &Pane, sums: &mut [(usize, Bracket)]) {
        let Some(program) = pane.inner.as_ref().filter(|program| program.sound()) else { return };
        let solution = program.solution(self.layout);
        let value = |column: &usize| match pane.window.columns.binary_search(column) {
            Ok(at) => solution[at],
            Err(_) => self.point.values[*column],
        };
        for (at, bracket) in sums.iter_mut() {
            let asked = &self.asked[*at];
            let touched = asked.columns.iter().any(|column| pane.window.columns.binary_search(column).is_ok());
            if touched && (pane.window.holds(&asked.columns) || self.point.holds(self.layout, &asked.columns)) {
                let sum: f64 = asked.columns.iter().map(value).sum();
                bracket.can_be(real(asked.rest.0) + sum);
                bracket.can_be(real(asked.rest.1) + sum);
            }
        }
    }
}
