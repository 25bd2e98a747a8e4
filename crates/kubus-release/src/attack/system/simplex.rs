//! The smallest and largest value of a sum of atoms, by linear programming.
//!
//! A dense tableau of `A x = b, x ≥ 0` is made feasible once; every further objective starts from
//! the last vertex, so that thousands of questions about one system cost a few pivots each.
//! Pivots follow Dantzig's rule (ties by the largest pivot), and Bland's rule after a stretch
//! without progress; the caller loosens bounds a little so that ties hardly occur. Deterministic.
//! Numbers are floating point, so the caller rounds bounds to whole numbers outwards.

/// Below this a coefficient is zero: entries of these 0/1 systems are small fractions.
const ZERO: f64 = 1e-9;
/// A pivot is at least this large.
const PIVOT: f64 = 1e-7;
/// Pivots without progress after which Bland's rule takes over.
const PATIENCE: usize = 2_000;
/// Pivots for one objective; then there is no answer, and the caller keeps the bound it has.
const MAX_PIVOTS: usize = 20_000;
/// A reduced cost is at least this far below zero.
const LOWERING: f64 = 1e-7;

/// A feasible system in which linear objectives can be minimised one after another.
#[derive(Debug, Clone)]
pub(crate) struct Tableau {
    /// Rows of `B⁻¹ A | B⁻¹ b`, one per basic variable.
    rows: Vec<Vec<f64>>,
    /// The basic variable of each row.
    basis: Vec<usize>,
    /// Number of variables.
    width: usize,
}

impl Tableau {
    /// A system with independent rows `rows` (each `width` coefficients and the right-hand side),
    /// brought to a vertex; `None` when no `x ≥ 0` satisfies it.
    pub(crate) fn feasible(rows: Vec<Vec<f64>>, width: usize) -> Option<Self> {
        let count = rows.len();
        let rows = rows.into_iter().enumerate().map(|(at, row)| with_artificial(row, width, at, count)).collect();
        let mut tableau = Self { rows, basis: (width..width + count).collect(), width: width + count };
        let artificial: Vec<f64> = (0..width + count).map(|v| if v < width { 0.0 } else { 1.0 }).collect();
        if tableau.minimise(&artificial)? > 1e-6 {
            return None;
        }
        tableau.drop_artificial(width);
        Some(tableau)
    }

    /// The least value of `objective · x`; `None` when it has no lower bound, or none was
    /// found in time.
    pub(crate) fn minimise(&mut self, objective: &[f64]) -> Option<f64> {
        let mut costs = self.reduced(objective);
        let (mut patience, mut last) = (PATIENCE, f64::INFINITY);
        for _ in 0..MAX_PIVOTS {
            let Some(entering) = entering(&costs[..self.width], patience == 0) else {
                return Some(-costs[self.width]);
            };
            let row = self.leaving(entering, patience == 0)?;
            self.pivot(row, entering, &mut costs);
            let value = -costs[self.width];
            patience = if value < last - ZERO { PATIENCE } else { patience.saturating_sub(1) };
            last = last.min(value);
        }
        None
    }

    /// The variables at the present vertex.
    pub(crate) fn values(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.width];
        self.basis.iter().zip(&self.rows).for_each(|(basic, row)| values[*basic] = row[self.width]);
        values
    }

    /// Reduced costs of an objective at the present vertex; the last entry is minus its value.
    fn reduced(&self, objective: &[f64]) -> Vec<f64> {
        let mut costs: Vec<f64> = objective.to_vec();
        costs.resize(self.width + 1, 0.0);
        for (row, basic) in self.rows.iter().zip(&self.basis) {
            let cost = objective[*basic];
            if cost.abs() > ZERO {
                costs.iter_mut().zip(row).for_each(|(c, a)| *c -= cost * a);
            }
        }
        costs
    }

    /// The row that limits how far a variable can grow; ties by the largest pivot, or
    /// (Bland) by position.
    fn leaving(&self, entering: usize, by_position: bool) -> Option<usize> {
        let ratio = |row: &Vec<f64>| row[self.width] / row[entering];
        let candidates = (0..self.rows.len()).filter(|at| self.rows[*at][entering] > PIVOT);
        candidates.min_by(|a, b| {
            let (left, right) = (ratio(&self.rows[*a]), ratio(&self.rows[*b]));
            let position = self.basis[*a].cmp(&self.basis[*b]);
            let larger_pivot = self.rows[*b][entering].total_cmp(&self.rows[*a][entering]);
            match (left - right).abs() <= ZERO {
                false => left.total_cmp(&right),
                true if by_position => position,
                true => larger_pivot.then(position),
            }
        })
    }

    fn pivot(&mut self, row: usize, column: usize, costs: &mut [f64]) {
        let divisor = self.rows[row][column];
        self.rows[row].iter_mut().for_each(|a| *a /= divisor);
        let pivot = self.rows[row].clone();
        for (at, other) in self.rows.iter_mut().enumerate() {
            if at != row {
                eliminate(other, &pivot, column);
            }
        }
        eliminate(costs, &pivot, column);
        self.basis[row] = column;
    }

    /// Takes the artificial variables out, which are all zero by now.
    fn drop_artificial(&mut self, width: usize) {
        let mut spare = vec![0.0; self.width + 1];
        for row in 0..self.rows.len() {
            let column = (0..width).find(|v| self.rows[row][*v].abs() > PIVOT);
            if let Some(column) = column.filter(|_| self.basis[row] >= width) {
                self.pivot(row, column, &mut spare);
            }
        }
        let kept: Vec<usize> = (0..self.rows.len()).filter(|row| self.basis[*row] < width).collect();
        let old = self.width;
        self.rows = kept.iter().map(|at| without_artificial(&self.rows[*at], width, old)).collect();
        self.basis = kept.iter().map(|at| self.basis[*at]).collect();
        self.width = width;
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

fn eliminate(row: &mut [f64], pivot: &[f64], column: usize) {
    let factor = row[column];
    if factor.abs() > 1e-12 {
        row.iter_mut().zip(pivot).for_each(|(a, p)| *a = cleaned(*a - factor * p));
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

    #[test]
    fn the_range_of_a_sum_is_found_from_any_earlier_vertex() {
        // x + y + z = 10, y + z = 7 (so x = 3), z ≤ 7 by implication.
        let rows = vec![vec![1.0, 1.0, 1.0, 10.0], vec![0.0, 1.0, 1.0, 7.0]];
        let mut tableau = Tableau::feasible(rows, 3).unwrap();
        let range = |t: &mut Tableau, o: [f64; 3]| (t.minimise(&o).unwrap(), -t.minimise(&o.map(|c| -c)).unwrap());
        for (objective, low, high) in
            [([1.0, 0.0, 0.0], 3.0, 3.0), ([0.0, 1.0, 0.0], 0.0, 7.0), ([1.0, 0.0, 1.0], 3.0, 10.0)]
        {
            let (found_low, found_high) = range(&mut tableau, objective);
            assert!((found_low - low).abs() < 1e-9 && (found_high - high).abs() < 1e-9, "{objective:?}");
        }
    }

    #[test]
    fn a_contradiction_has_no_vertex() {
        assert!(Tableau::feasible(vec![vec![1.0, 1.0, 1.0], vec![1.0, 2.0, 0.5]], 2).is_none());
    }
}
