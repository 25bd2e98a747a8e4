//! A piece of a system around a sum that is asked for: some columns, all lines that touch them, and
//! what those lines hold outside the piece taken together.
//!
//! Two programs bracket the truth. With everything outside held at one known solution, what a sum
//! can be is possible in the whole system too (*inner*). With what lies outside each line free
//! between the sums of its bounds, what a sum cannot be is impossible in the whole system too
//! (*outer*). A piece that nothing outside touches is closed: there both are the answer.

use std::collections::BTreeSet;

use super::layout::Layout;
use super::presolve::OPEN;
use super::simplex::{Least, Tableau};

/// Room for rounding and for [`slack`] in the value of a linear program; bounds are whole numbers.
const ROUNDING: f64 = 1e-3;

/// How far rounding may move a solution before its program is made anew.
const SOUND: f64 = 1e-5;

/// Columns with the lines that touch them.
#[derive(Debug, Clone)]
pub(super) struct Window {
    /// Ascending.
    pub(super) columns: Vec<usize>,
    lines: Vec<usize>,
    /// Whether no line reaches outside.
    pub(super) closed: bool,
}

/// A window with a linear program on it.
#[derive(Debug)]
pub(super) struct Program {
    tableau: Tableau,
    columns: Vec<usize>,
    rows: Vec<Row>,
    /// Upper bounds of variables; columns first.
    upper: Vec<f64>,
}

/// A line of a program.
#[derive(Debug)]
struct Row {
    /// Places of the columns in it.
    inside: Vec<usize>,
    /// The other variable in it, with its coefficient.
    other: Option<(usize, f64)>,
    right: f64,
}

impl Window {
    /// At most `most` columns around `seeds` (more when there are more seeds), short lines first; of
    /// a line that is too long, those of its columns that can give way most.
    pub(super) fn new(layout: &Layout, seeds: &[usize], most: usize) -> Self {
        let mut inside: BTreeSet<usize> = seeds.iter().copied().collect();
        let touching = |columns: &mut dyn Iterator<Item = &usize>| -> BTreeSet<usize> {
            columns.flat_map(|column| layout.lines_of[*column].iter().copied()).collect()
        };
        let mut lines = touching(&mut inside.iter());
        loop {
            let missing = |line: &usize, inside: &BTreeSet<usize>| -> Vec<usize> {
                let line = &layout.lines[*line];
                let columns = if line.columns.len() <= most { &line.columns } else { &line.roomiest };
                columns.iter().copied().filter(|column| !inside.contains(column)).collect()
            };
            let mut next: Vec<(usize, usize)> =
                lines.iter().map(|line| (missing(line, &inside).len(), *line)).collect();
            next.retain(|(count, _)| *count > 0);
            next.sort_unstable();
            let mut added = Vec::new();
            for (_, line) in next {
                let columns = missing(&line, &inside);
                if inside.len() + columns.len() <= most {
                    inside.extend(&columns);
                    added.extend(columns);
                }
            }
            if added.is_empty() {
                break;
            }
            lines.extend(touching(&mut added.iter()));
        }
        let columns: Vec<usize> = inside.into_iter().collect();
        let within = |column: &usize| columns.binary_search(column).is_ok();
        let closed = lines.iter().all(|line| {
            let line = &layout.lines[*line].columns;
            line.len() <= columns.len() && line.iter().all(within)
        });
        Self { lines: lines.into_iter().collect(), closed, columns }
    }

    /// Whether all of these columns lie inside.
    pub(super) fn holds(&self, columns: &[usize]) -> bool {
        columns.iter().all(|column| self.columns.binary_search(column).is_ok())
    }

    /// The program in which what lies outside each line is what `point` says. Upper bounds of columns
    /// follow from the lines, all of which hold in the whole system.
    pub(super) fn inner(&self, layout: &Layout, point: &[f64]) -> Option<Program> {
        let open = vec![f64::INFINITY; self.columns.len()];
        self.program(layout, open, |columns| {
            let outside = columns.iter().filter(|column| self.columns.binary_search(column).is_err());
            let sum = outside.map(|column| point[*column]).sum();
            (sum, sum)
        })
    }

    /// The program in which what lies outside each line is anything its bounds allow.
    pub(super) fn outer(&self, layout: &Layout) -> Option<Program> {
        let room = |column: &usize| {
            let (low, high) = layout.bounds[*column];
            if high >= OPEN { f64::INFINITY } else { real(high - low) }
        };
        self.program(layout, self.columns.iter().map(room).collect(), |columns| {
            let outside = columns.iter().filter(|column| self.columns.binary_search(column).is_err());
            let (low, high) =
                outside.fold((0, 0), |(l, h), column| (l + layout.bounds[*column].0, h + layout.bounds[*column].1));
            (real(low), if high >= OPEN { f64::INFINITY } else { real(high) })
        })
    }

    /// Columns with their `upper` bounds above the lower, then for each line a variable for what lies
    /// outside it or for what it has above its least value. `outside` gives the least and the largest
    /// sum of the columns of a line that lie outside the window.
    fn program(
        &self,
        layout: &Layout,
        mut upper: Vec<f64>,
        outside: impl Fn(&[usize]) -> (f64, f64),
    ) -> Option<Program> {
        let mut rows = Vec::new();
        for line in self.lines.iter().map(|line| &layout.lines[*line]) {
            let (low, high) = outside(&line.columns);
            let inside: Vec<usize> =
                line.columns.iter().filter_map(|column| self.columns.binary_search(column).ok()).collect();
            let least: i64 = inside.iter().map(|at| layout.bounds[self.columns[*at]].0).sum();
            let right = real(line.value - least);
            let next = upper.len();
            if line.least && high.is_finite() {
                upper.push(f64::INFINITY);
                rows.push(Row { inside, other: Some((next, -1.0)), right: right - high });
            } else if !line.least && high > low {
                upper.push(high - low);
                rows.push(Row { inside, other: Some((next, 1.0)), right: right - low });
            } else if !line.least {
                rows.push(Row { inside, other: None, right: right - low });
            }
        }
        upper.iter_mut().enumerate().for_each(|(at, room)| *room += 2.0 * slack(at));
        rows.iter_mut().for_each(|row| row.right += row.sum(slack));
        let tableau = tableau(&rows, &upper)?;
        Some(Program { tableau, columns: self.columns.clone(), rows, upper })
    }
}

impl Row {
    /// The left-hand side.
    fn sum(&self, value: impl Fn(usize) -> f64) -> f64 {
        let own: f64 = self.inside.iter().map(|at| value(*at)).sum();
        own + self.other.map_or(0.0, |(at, coefficient)| coefficient * value(at))
    }
}

fn tableau(rows: &[Row], upper: &[f64]) -> Option<Tableau> {
    let dense = |row: &Row| {
        let mut dense = vec![0.0; upper.len() + 1];
        row.inside.iter().for_each(|at| dense[*at] = 1.0);
        if let Some((at, coefficient)) = row.other {
            dense[at] = coefficient;
        }
        dense[upper.len()] = row.right;
        dense
    };
    Tableau::feasible(rows.iter().map(dense).collect(), upper.to_vec())
}

impl Program {
    /// The least or the largest value of a sum of columns of the window, [`OPEN`] when it has no end;
    /// `None` when none was found in time.
    pub(super) fn end(&mut self, layout: &Layout, sum: &[usize], most: bool) -> Option<f64> {
        let places: Vec<usize> = sum.iter().filter_map(|column| self.columns.binary_search(column).ok()).collect();
        let mut objective = vec![0.0; self.upper.len()];
        places.iter().for_each(|at| objective[*at] = if most { -1.0 } else { 1.0 });
        // Variables are counted from minus their slack.
        let origin: f64 = places.iter().map(|at| slack(*at)).sum();
        let low: i64 = sum.iter().map(|column| layout.bounds[*column].0).sum();
        let mut least = self.tableau.minimise(&objective);
        if !self.sound() {
            self.tableau = tableau(&self.rows, &self.upper)?;
            least = self.tableau.minimise(&objective);
            if !self.sound() {
                return None;
            }
        }
        match least {
            Least::At(value) => Some(real(low) + if most { -value - origin } else { value - origin }),
            Least::Open => Some(real(if most { OPEN } else { -OPEN })),
            Least::Unknown => None,
        }
    }

    /// Whether rounding in many pivots has not moved the solution off its lines.
    pub(super) fn sound(&self) -> bool {
        let values = self.tableau.values();
        let bounds = || values.iter().zip(&self.upper).all(|(v, upper)| *v > -SOUND && *v < upper + SOUND);
        bounds() && self.rows.iter().all(|row| (row.sum(|at| values[at]) - row.right).abs() < SOUND)
    }

    /// The columns of the window at the present solution.
    pub(super) fn solution(&self, layout: &Layout) -> Vec<f64> {
        let values = self.tableau.values();
        let place = |(at, column): (usize, &usize)| real(layout.bounds[*column].0) + values[at] - slack(at);
        self.columns.iter().enumerate().map(place).collect()
    }
}

/// The least whole number that may be meant by the least value of a program.
pub(super) fn rounded_down(value: f64) -> i64 {
    integer((value - ROUNDING).ceil())
}

/// The largest whole number that may be meant by the largest value of a program.
pub(super) fn rounded_up(value: f64) -> i64 {
    integer((value + ROUNDING).floor())
}

/// How far a variable may go beyond its bounds: a little, and each a different little, so that no
/// two rows tie and the method cannot walk in circles. It widens bounds, which is safe.
fn slack(column: usize) -> f64 {
    let spread = (column as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    1e-6 * (1.0 + real(i64::try_from(spread).unwrap_or(0)) / 16_777_216.0)
}

#[expect(clippy::cast_possible_truncation, reason = "counts of people are far below 2^53")]
const fn integer(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
pub(super) const fn real(value: i64) -> f64 {
    value as f64
}
