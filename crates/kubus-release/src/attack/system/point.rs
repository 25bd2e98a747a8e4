//! One solution of a system, as far from all bounds as can be: its analytic centre. From there
//! others are sought nearby, for what lies around a window can give way on every side.
//!
//! Newton's method from an infeasible start minimises `−Σ log z` under `A z = b`, where z are the
//! atoms above their lower bound and what sums have above their least value. Each step solves
//! `A D² Aᵀ w = 2 A z − b` with D the diagonal of z, by conjugate gradients with the diagonal taken
//! out. A variable that keeps falling far below what its lines leave for each of theirs is tied to
//! its bound by the lines together; it is set there (which is allowed) and left out.
//!
//! Source: Boyd & Vandenberghe (2004), Convex Optimization, section 10.3.

use std::collections::BTreeSet;

use super::layout::Layout;
use super::window::real;

/// Newton steps.
const STEPS: usize = 120;
/// Whole steps in a row after which the centre is near enough.
const WHOLE: usize = 3;
/// Steps of conjugate gradients in each.
const SOLVES: usize = 1_000;
/// What a solve may leave, as a part of its goal, squared.
const NEAR: f64 = 1e-20;
/// How far a line may be from its value.
const EXACT: f64 = 1e-7;
/// A variable this much smaller than its share of each of its lines is tied.
const TIED: f64 = 1e-3;
/// A variable below this is tied whatever its lines are.
const NOUGHT: f64 = 1e-9;

/// A solution by column, and the components (by their first column) of which it is none.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) values: Vec<f64>,
    /// Columns that seem to have no value but their lower bound.
    tied: Vec<bool>,
    /// Lines that seem to have no value but their least.
    tight: Vec<bool>,
    wrong: BTreeSet<usize>,
}

impl Point {
    /// The centre of a system.
    pub(super) fn new(layout: &Layout) -> Self {
        let mut centre = Centre::new(layout);
        centre.find();
        let values = layout.bounds.iter().zip(&centre.z).map(|((low, _), above)| real(*low) + above).collect();
        let off = centre.off();
        let broken = (0..layout.lines.len()).filter(|line| off[*line].abs() > EXACT);
        let wrong = broken.map(|line| layout.component[layout.lines[line].columns[0]]).collect();
        let tight = centre.surplus.iter().map(|surplus| surplus.is_none_or(|at| centre.tied[at])).collect();
        centre.tied.truncate(layout.bounds.len());
        Self { values, tied: centre.tied, tight, wrong }
    }

    /// Whether it is a solution where these columns are.
    pub(super) fn holds(&self, layout: &Layout, columns: &[usize]) -> bool {
        self.wrong.is_empty() || columns.iter().all(|column| !self.wrong.contains(&layout.component[*column]))
    }

    /// Whether a column can be moved both ways.
    pub(super) fn free(&self, column: usize) -> bool {
        !self.tied[column]
    }

    /// Whether a line cannot move.
    pub(super) fn tight(&self, line: usize) -> bool {
        self.tight[line]
    }
}

/// Variables above their bounds, and lines over them.
struct Centre {
    /// Columns of all lines, one line after another.
    columns: Vec<usize>,
    /// Where each line ends in `columns`.
    ends: Vec<usize>,
    /// The surplus variable of each line that has one.
    surplus: Vec<Option<usize>>,
    right: Vec<f64>,
    /// Columns first, then surpluses.
    z: Vec<f64>,
    tied: Vec<bool>,
    /// The multipliers of the last step, from which the next is sought.
    weights: Vec<f64>,
}

impl Centre {
    fn new(layout: &Layout) -> Self {
        let mut variables = layout.bounds.len();
        let mut surplus = Vec::new();
        let mut ends = Vec::new();
        let mut columns = Vec::new();
        for line in &layout.lines {
            surplus.push(line.least.then_some(variables));
            variables += usize::from(line.least);
            columns.extend(&line.columns);
            ends.push(columns.len());
        }
        let right = layout.lines.iter().map(|line| {
            let low: i64 = line.columns.iter().map(|column| layout.bounds[*column].0).sum();
            real(line.value - low)
        });
        let right = right.collect();
        let weights = vec![0.0; layout.lines.len()];
        Self { columns, ends, surplus, right, z: vec![1.0; variables], tied: vec![false; variables], weights }
    }

    /// The lines: their columns and their surplus.
    fn lines(&self) -> impl Iterator<Item = (&[usize], Option<usize>)> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let pieces = starts.zip(&self.ends).map(|(start, end)| &self.columns[*start..*end]);
        pieces.zip(self.surplus.iter().copied())
    }

    fn find(&mut self) {
        let mut whole = 0;
        for _ in 0..STEPS {
            let goal: Vec<f64> = self.sums(&self.z).iter().zip(&self.right).map(|(sum, b)| 2.0 * sum - b).collect();
            self.solve(&goal);
            let pull = self.spread(&self.weights);
            let step: Vec<f64> = self.z.iter().zip(&pull).map(|(v, p)| v - v * v * p).collect();
            let shrink = self.z.iter().zip(&step).filter(|(v, _)| **v > 0.0).map(|(v, s)| -s / v).fold(0.0, f64::max);
            let length = if shrink < 0.9 { 1.0 } else { 0.9 / shrink };
            self.z.iter_mut().zip(&step).for_each(|(v, s)| *v += length * s);
            self.tie(&step);
            whole = if shrink < 0.9 { whole + 1 } else { 0 };
            if whole >= WHOLE && self.off().iter().all(|off| off.abs() < EXACT / 10.0) {
                break;
            }
        }
    }

    /// Sets falling variables that are far below their share of all their lines to nought.
    fn tie(&mut self, step: &[f64]) {
        let mut share = vec![f64::INFINITY; self.z.len()];
        for (columns, surplus) in self.lines() {
            let members = || columns.iter().copied().filter(|column| !self.tied[*column]);
            let count = real(i64::try_from(members().count()).unwrap_or(i64::MAX));
            let mean = members().map(|column| self.z[column]).sum::<f64>() / count.max(1.0);
            members().chain(surplus).for_each(|variable| share[variable] = share[variable].min(mean));
        }
        for (variable, step) in step.iter().enumerate() {
            if !self.tied[variable] && *step < 0.0 && self.z[variable] < (TIED * share[variable]).max(NOUGHT) {
                self.tied[variable] = true;
                self.z[variable] = 0.0;
            }
        }
    }

    /// How far each line is from its value.
    fn off(&self) -> Vec<f64> {
        self.sums(&self.z).iter().zip(&self.right).map(|(sum, b)| sum - b).collect()
    }

    fn sums(&self, z: &[f64]) -> Vec<f64> {
        let sum = |(columns, surplus): (&[usize], Option<usize>)| {
            columns.iter().map(|column| z[*column]).sum::<f64>() - surplus.map_or(0.0, |at| z[at])
        };
        self.lines().map(sum).collect()
    }

    fn spread(&self, weights: &[f64]) -> Vec<f64> {
        let mut all = vec![0.0; self.z.len()];
        for ((columns, surplus), weight) in self.lines().zip(weights) {
            columns.iter().for_each(|column| all[*column] += weight);
            if let Some(surplus) = surplus {
                all[surplus] -= weight;
            }
        }
        all
    }

    /// `A D² Aᵀ` times weights.
    fn image(&self, square: &[f64], weights: &[f64]) -> Vec<f64> {
        let mut moved = self.spread(weights);
        moved.iter_mut().zip(square).for_each(|(m, s)| *m *= s);
        self.sums(&moved)
    }

    /// Solves `A D² Aᵀ w = goal` from the last weights.
    fn solve(&mut self, goal: &[f64]) {
        let square: Vec<f64> = self.z.iter().map(|v| v * v).collect();
        let own = |(columns, surplus): (&[usize], Option<usize>)| {
            columns.iter().map(|column| square[*column]).sum::<f64>() + surplus.map_or(0.0, |at| square[at])
        };
        let scale: Vec<f64> = self.lines().map(own).map(|s| if s > 0.0 { 1.0 / s } else { 0.0 }).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let scaled = |r: &[f64]| -> Vec<f64> { r.iter().zip(&scale).map(|(r, s)| r * s).collect() };
        let enough = dot(goal, &scaled(goal)) * NEAR;
        let image = self.image(&square, &self.weights);
        let mut left: Vec<f64> = goal.iter().zip(&image).map(|(g, i)| g - i).collect();
        let mut direction = scaled(&left);
        let mut norm = dot(&left, &direction);
        for _ in 0..SOLVES {
            if norm <= enough {
                break;
            }
            let image = self.image(&square, &direction);
            let step = norm / dot(&direction, &image).max(f64::MIN_POSITIVE);
            self.weights.iter_mut().zip(&direction).for_each(|(w, d)| *w += step * d);
            left.iter_mut().zip(&image).for_each(|(l, i)| *l -= step * i);
            let next = scaled(&left);
            let now = dot(&left, &next);
            direction.iter_mut().zip(&next).for_each(|(d, n)| *d = n + now / norm * *d);
            norm = now;
        }
    }
}
