//! The smallest and largest value of a sum of variables that lie between 0 and an upper bound, by
//! linear programming.
//!
//! A dense tableau of `A x = b, 0 ≤ x ≤ u` is made feasible once; every further objective starts
//! from the last vertex, so that many questions about one system cost a few pivots each. A variable
//! at its upper bound is counted from there downwards (flipped), so that every variable outside the
//! basis is 0. Pivots follow Dantzig's rule (ties by the largest pivot), and Bland's rule after a
//! stretch without progress; the caller loosens bounds a little so that ties hardly occur.
//! Deterministic. Numbers are floating point, so the caller rounds bounds to whole numbers outwards.
//!
//! Source: Dantzig (1963), Linear Programming and Extensions, chapter 18 (upper bounds).

/// Below this a coefficient is zero: entries of these 0/1 systems are small fractions.
const ZERO: f64 = 1e-9;
/// A pivot is at least this large.
const PIVOT: f64 = 1e-7;
/// Pivots for one objective, for each variable; after half as many without progress Bland's rule
/// takes over.
const PIVOTS: usize = 4;
/// Pivots for one objective at most; then there is no answer, and the caller keeps the bound it has.
const MAX_PIVOTS: usize = 12_000;
/// A reduced cost is at least this far below zero.
const LOWERING: f64 = 1e-7;
/// What artificial variables may leave for a system to be called feasible.
const FEASIBLE: f64 = 1e-6;

/// A feasible system in which linear objectives can be minimised one after another.
#[derive(Debug, Clone)]
pub(super) struct Tableau {
    /// Rows of `B⁻¹ A | B⁻¹ b`, one per basic variable.
    rows: Vec<Vec<f64>>,
    /// The basic variable of each row.
    basis: Vec<usize>,
    /// Upper bound by variable.
    upper: Vec<f64>,
    /// Variables counted from their upper bound downwards.
    flipped: Vec<bool>,
}

/// How low an objective goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Least {
    /// To this value.
    At(f64),
    /// Without end.
    Open,
    /// It was not found in time.
    Unknown,
}

/// What ends the growth of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// Its own upper bound.
    Own,
    /// The basic variable of a row falls to 0.
    Falls(usize),
    /// The basic variable of a row rises to its upper bound.
    Rises(usize),
}

impl Tableau {
    /// A system with rows (a coefficient for each variable, and the right-hand side), brought to a
    /// vertex; `None` when nothing between 0 and `upper` satisfies it. Rows that follow from others
    /// are dropped.
    pub(super) fn feasible(rows: Vec<Vec<f64>>, upper: Vec<f64>) -> Option<Self> {
        let (count, width) = (rows.len(), upper.len());
        let rows = rows.into_iter().enumerate().map(|(at, row)| with_artificial(row, width, at, count)).collect();
        let mut all = upper;
        all.resize(width + count, f64::INFINITY);
        let flipped = vec![false; width + count];
        let mut tableau = Self { rows, basis: (width..width + count).collect(), upper: all, flipped };
        let artificial: Vec<f64> = (0..width + count).map(|v| if v < width { 0.0 } else { 1.0 }).collect();
        if !matches!(tableau.minimise(&artificial), Least::At(left) if left <= FEASIBLE) {
            return None;
        }
        tableau.drop_artificial(width);
        Some(tableau)
    }

    /// The least value of `objective · x`.
    pub(super) fn minimise(&mut self, objective: &[f64]) -> Least {
        let width = self.upper.len();
        let mut costs = self.reduced(objective);
        let most = (PIVOTS * width).min(MAX_PIVOTS);
        let (mut patience, mut last) = (most / 2, f64::INFINITY);
        for _ in 0..most {
            let Some(entering) = entering(&costs[..width], patience == 0) else {
                return Least::At(-costs[width]);
            };
            let Some(limit) = self.limit(entering, patience == 0) else { return Least::Open };
            match limit {
                Limit::Own => self.flip(entering, &mut costs),
                Limit::Falls(row) => self.pivot(row, entering, &mut costs),
                Limit::Rises(row) => {
                    self.flip_basic(row);
                    self.pivot(row, entering, &mut costs);
                }
            }
            let value = -costs[width];
            patience = if value < last - ZERO { most / 2 } else { patience.saturating_sub(1) };
            last = last.min(value);
        }
        Least::Unknown
    }

    /// The variables at the present vertex.
    pub(super) fn values(&self) -> Vec<f64> {
        let width = self.upper.len();
        let mut values = vec![0.0; width];
        self.basis.iter().zip(&self.rows).for_each(|(basic, row)| values[*basic] = row[width]);
        let turned = |v: usize| if self.flipped[v] { self.upper[v] - values[v] } else { values[v] };
        (0..width).map(turned).collect()
    }

    /// Reduced costs of an objective at the present vertex; the last entry is minus its value.
    fn reduced(&self, objective: &[f64]) -> Vec<f64> {
        let width = self.upper.len();
        let mut costs = vec![0.0; width + 1];
        for (variable, cost) in objective.iter().enumerate() {
            if self.flipped[variable] && cost.abs() > 0.0 {
                costs[variable] = -cost;
                costs[width] -= cost * self.upper[variable];
            } else {
                costs[variable] = *cost;
            }
        }
        for (row, basic) in self.rows.iter().zip(&self.basis) {
            let cost = costs[*basic];
            if cost.abs() > ZERO {
                costs.iter_mut().zip(row).for_each(|(c, a)| *c -= cost * a);
                costs[*basic] = 0.0;
            }
        }
        costs
    }

    /// What limits the growth of a variable first; ties by the largest pivot, or (Bland) by
    /// position. `None` when nothing does.
    fn limit(&self, entering: usize, by_position: bool) -> Option<Limit> {
        let width = self.upper.len();
        let mut best: Option<(f64, f64, usize, Limit)> =
            self.upper[entering].is_finite().then_some((self.upper[entering], f64::INFINITY, entering, Limit::Own));
        for (at, row) in self.rows.iter().enumerate() {
            let (slope, basic) = (row[entering], self.basis[at]);
            let (ratio, limit) = match slope {
                s if s > PIVOT => (row[width] / s, Limit::Falls(at)),
                s if s < -PIVOT && self.upper[basic].is_finite() => {
                    ((self.upper[basic] - row[width]) / -s, Limit::Rises(at))
                }
                _ => continue,
            };
            let sooner = best.is_none_or(|(least, pivot, position, _)| {
                if (ratio - least).abs() > ZERO {
                    ratio < least
                } else if by_position {
                    basic < position
                } else {
                    slope.abs() > pivot
                }
            });
            if sooner {
                best = Some((ratio, slope.abs(), basic, limit));
            }
        }
        best.map(|(_, _, _, limit)| limit)
    }

    /// Counts a variable outside the basis from its other bound.
    fn flip(&mut self, variable: usize, costs: &mut [f64]) {
        let upper = self.upper[variable];
        let width = self.upper.len();
        for row in self.rows.iter_mut().map(Vec::as_mut_slice).chain([costs]) {
            row[width] = cleaned(row[width] - row[variable] * upper);
            row[variable] = -row[variable];
        }
        self.flipped[variable] = !self.flipped[variable];
    }

    /// Counts the basic variable of a row from its other bound.
    fn flip_basic(&mut self, row: usize) {
        let (width, basic) = (self.upper.len(), self.basis[row]);
        let line = &mut self.rows[row];
        line.iter_mut().for_each(|a| *a = -*a);
        line[basic] = 1.0;
        line[width] = cleaned(line[width] + self.upper[basic]);
        self.flipped[basic] = !self.flipped[basic];
    }

    fn pivot(&mut self, row: usize, column: usize, costs: &mut [f64]) {
        let divisor = self.rows[row][column];
        self.rows[row].iter_mut().for_each(|a| *a /= divisor);
        let line = std::mem::take(&mut self.rows[row]);
        let entries: Vec<(usize, f64)> =
            line.iter().copied().enumerate().filter(|(at, a)| a.abs() > 0.0 && *at != column).collect();
        for other in &mut self.rows {
            if !other.is_empty() {
                eliminate(other, &entries, column);
            }
        }
        eliminate(costs, &entries, column);
        self.rows[row] = line;
        self.basis[row] = column;
    }

    /// Takes the artificial variables out, which are all zero by now.
    fn drop_artificial(&mut self, width: usize) {
        let old = self.upper.len();
        let mut spare = vec![0.0; old + 1];
        for row in 0..self.rows.len() {
            let column = (0..width).find(|v| self.rows[row][*v].abs() > PIVOT);
            if let Some(column) = column.filter(|_| self.basis[row] >= width) {
                self.pivot(row, column, &mut spare);
            }
        }
        let kept: Vec<usize> = (0..self.rows.len()).filter(|row| self.basis[*row] < width).collect();
        self.rows = kept.iter().map(|at| without_artificial(&self.rows[*at], width, old)).collect();
        self.basis = kept.iter().map(|at| self.basis[*at]).collect();
        self.upper.truncate(width);
        self.flipped.truncate(width);
    }
}

fn with_artificial(mut row: Vec<f64>, width: usize, at: usize, count: usize) -> Vec<f64> {
    let right = row[width];
    row.truncate(width);
    if right < 0.0 {
        row.iter_mut().for_each(|a| *a = -*a);
    }
    row.extend((0..count).map(|other| if other == at { 1.0 } else { 0.0 }));
    row.push(right.abs());
    row
}

fn without_artificial(row: &[f64], width: usize, old: usize) -> Vec<f64> {
    let mut kept = row[..width].to_vec();
    kept.push(row[old]);
    kept
}

/// The variable whose growth lowers the objective most, or (Bland) the first that lowers it.
fn entering(costs: &[f64], first: bool) -> Option<usize> {
    let lowering = || (0..costs.len()).filter(|v| costs[*v] < -LOWERING);
    if first { lowering().next() } else { lowering().min_by(|a, b| costs[*a].total_cmp(&costs[*b])) }
}

/// Subtracts from a row the multiple of the pivot row that makes `column` nought.
fn eliminate(row: &mut [f64], pivot: &[(usize, f64)], column: usize) {
    let factor = row[column];
    if factor.abs() > 1e-12 {
        pivot.iter().for_each(|(at, p)| row[*at] = cleaned(row[*at] - factor * p));
    }
    row[column] = 0.0;
}

/// Rounding dust is zero, so that it does not grow from pivot to pivot.
fn cleaned(value: f64) -> f64 {
    if value.abs() < 1e-11 { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(least: Least) -> f64 {
        let Least::At(value) = least else { panic!("{least:?}") };
        value
    }

    #[test]
    fn an_objective_without_an_end_is_told() {
        let mut tableau = Tableau::feasible(vec![vec![1.0, -1.0, 1.0]], vec![f64::INFINITY; 2]).unwrap();
        assert_eq!(tableau.minimise(&[-1.0, 0.0]), Least::Open);
        assert!((at(tableau.minimise(&[1.0, 0.0])) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_range_of_a_sum_is_found_from_any_earlier_vertex() {
        // x + y + z = 10, y + z = 7 (so x = 3), z at most 5.
        let rows = vec![vec![1.0, 1.0, 1.0, 10.0], vec![0.0, 1.0, 1.0, 7.0]];
        let upper = vec![f64::INFINITY, f64::INFINITY, 5.0];
        let mut tableau = Tableau::feasible(rows, upper).unwrap();
        let range = |t: &mut Tableau, o: [f64; 3]| (at(t.minimise(&o)), -at(t.minimise(&o.map(|c| -c))));
        for (objective, low, high) in
            [([1.0, 0.0, 0.0], 3.0, 3.0), ([0.0, 1.0, 0.0], 2.0, 7.0), ([1.0, 0.0, 1.0], 3.0, 8.0)]
        {
            let (found_low, found_high) = range(&mut tableau, objective);
            assert!((found_low - low).abs() < 1e-9 && (found_high - high).abs() < 1e-9, "{objective:?}");
        }
    }

    #[test]
    fn a_contradiction_has_no_vertex() {
        let open = vec![f64::INFINITY; 2];
        assert!(Tableau::feasible(vec![vec![1.0, 1.0, 1.0], vec![1.0, 2.0, 0.5]], open).is_none());
        assert!(Tableau::feasible(vec![vec![1.0, 1.0, 3.0]], vec![1.0, 1.0]).is_none());
    }

    proptest! {
        #[test]
        fn the_ends_of_small_whole_systems_are_those_of_trying_everything(
            members in prop::collection::vec(0u8..16, 1..4),
            truth in prop::collection::vec(0i32..4, 4),
            goal in 1u8..16,
        ) {
            // Intervals of atoms make totally unimodular rows, so that ends are whole numbers.
            let rows: Vec<Vec<usize>> =
                members.iter().map(|m| (usize::from(m % 4)..=usize::from(m % 4).max(usize::from(m / 4))).collect()).collect();
            let sum = |x: &[i32], atoms: &[usize]| atoms.iter().map(|a| x[*a]).sum::<i32>();
            let goal: Vec<usize> = (0..4).filter(|a| goal >> a & 1 == 1).take(1).collect();
            let mut ends = (i32::MAX, i32::MIN);
            for code in 0..256 {
                let x = [code % 4, code / 4 % 4, code / 16 % 4, code / 64];
                if rows.iter().all(|row| sum(&x, row) == sum(&truth, row)) {
                    ends = (ends.0.min(sum(&x, &goal)), ends.1.max(sum(&x, &goal)));
                }
            }
            let line = |row: &Vec<usize>| -> Vec<f64> {
                (0..4).map(|a| f64::from(u8::from(row.contains(&a)))).chain([f64::from(sum(&truth, row))]).collect()
            };
            let mut tableau = Tableau::feasible(rows.iter().map(line).collect(), vec![3.0; 4]).unwrap();
            let objective: Vec<f64> = (0..4).map(|a| f64::from(u8::from(goal.contains(&a)))).collect();
            let low = at(tableau.minimise(&objective));
            let high = -at(tableau.minimise(&objective.iter().map(|c| -c).collect::<Vec<_>>()));
            prop_assert!((low - f64::from(ends.0)).abs() < 1e-6 && (high - f64::from(ends.1)).abs() < 1e-6, "{low} {high} {ends:?}");
        }
    }
}
