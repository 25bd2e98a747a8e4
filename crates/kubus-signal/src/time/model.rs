//! A log-linear model of counts with overdispersion (quasi-Poisson): level, trend and season, by
//! iteratively reweighted least squares; high counts of the past weigh less.
//!
//! Farrington, C. et al. (1996), JRSS A 159; McCullagh and Nelder (1989). Anscombe residuals are
//! those of a Poisson, divided by √(dispersion (1 - leverage)).

use super::threshold::Expected;
use crate::math::cholesky::solve;

/// Level, trend and at most ten parts of the year but the first.
pub const MOST: usize = 12;

const ITERATIONS: usize = 50;
const CONVERGED: f64 = 1e-10;
/// Beyond this a logarithm of a count has run away.
const FARTHEST: f64 = 25.0;

type Vector = [f64; MOST];
type Matrix = [[f64; MOST]; MOST];

/// A period of the past: its count and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The count.
    pub count: f64,
    /// Steps before the period that is judged, as a share of the past; zero is that period itself.
    pub time: f64,
    /// Part of the year; zero is the part of the period that is judged.
    pub part: usize,
}

/// Which terms the model has beside a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// A straight line on the scale of the logarithm.
    pub trend: bool,
    /// Parts of the year; one is no season.
    pub parts: usize,
}

impl Terms {
    const fn count(self) -> usize {
        self.parts + self.trend as usize
    }

    /// The explanatory values of a point: one, time, and a one for its part of the year.
    fn row(self, point: &Point) -> Vector {
        let mut row = [0.0; MOST];
        row[0] = 1.0;
        if self.trend {
            row[1] = point.time;
        }
        if point.part > 0 && self.parts > 1 {
            row[usize::from(self.trend) + point.part] = 1.0;
        }
        row
    }
}

/// A model that was fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    terms: Terms,
    coefficients: Vector,
    /// Inverse of the information; its scale is the dispersion.
    covariance: Matrix,
    /// Variance over mean, at least one.
    pub dispersion: f64,
    /// Expected counts of the points.
    pub means: Vec<f64>,
    leverages: Vec<f64>,
}

impl Fit {
    /// The model with these weights; `None` when it does not converge or nothing is left over.
    #[must_use]
    pub fn new(points: &[Point], weights: &[f64], terms: Terms) -> Option<Self> {
        if points.len() <= terms.count() || terms.count() > MOST {
            return None;
        }
        let rows: Vec<Vector> = points.iter().map(|point| terms.row(point)).collect();
        let mut logs: Vec<f64> = points.iter().map(|point| (point.count + 0.5).ln()).collect();
        let mut before = f64::INFINITY;
        for _ in 0..ITERATIONS {
            let information = information(&rows, &logs, weights, terms);
            let working = points.iter().zip(&logs).map(|(point, log)| log + (point.count - log.exp()) / log.exp());
            let mut right = [0.0; MOST];
            for ((row, work), (log, weight)) in rows.iter().zip(working).zip(logs.iter().zip(weights)) {
                let weight = weight * log.exp() * work;
                right.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x);
            }
            let coefficients = solve(information, right)?;
            logs = rows.iter().map(|row| dot(row, &coefficients)).collect();
            if logs.iter().any(|log| log.abs() > FARTHEST || log.is_nan()) {
                return None;
            }
            let deviance = deviance(points, &logs, weights);
            if (deviance - before).abs() <= CONVERGED * (deviance + 0.1) {
                return Self::finished(points, weights, terms, &rows, (coefficients, &logs));
            }
            before = deviance;
        }
        None
    }

    fn finished(
        points: &[Point],
        weights: &[f64],
        terms: Terms,
        rows: &[Vector],
        (coefficients, logs): (Vector, &[f64]),
    ) -> Option<Self> {
        let information = information(rows, logs, weights, terms);
        let covariance = inverse(information)?;
        let means: Vec<f64> = logs.iter().map(|log| log.exp()).collect();
        let pearson = points.iter().zip(&means).zip(weights).map(|((p, m), w)| w * (p.count - m).powi(2) / m);
        let free = (points.len() - terms.count()) as f64;
        let dispersion = (pearson.sum::<f64>() / free).max(1.0);
        let leverage = |((row, mean), weight): ((&Vector, &f64), &f64)| weight * mean * quadratic(row, &covariance);
        let leverages = rows.iter().zip(&means).zip(weights).map(leverage).collect();
        Some(Self { terms, coefficients, covariance, dispersion, means, leverages })
    }

    /// The model again, with less weight for counts that lie far above it: those with a residual
    /// above `limit`, by its square.
    #[must_use]
    pub fn reweighted(&self, points: &[Point], limit: f64) -> Option<Self> {
        let residual = |((point, mean), leverage): ((&Point, &f64), &f64)| {
            let raw = 1.5 * (point.count.powf(2.0 / 3.0) * mean.powf(-1.0 / 6.0) - mean.sqrt());
            raw / (self.dispersion * (1.0 - leverage).max(f64::EPSILON)).sqrt()
        };
        let residuals = points.iter().zip(&self.means).zip(&self.leverages).map(residual);
        let raw: Vec<f64> = residuals.map(|r| if r > limit { r.powi(-2) } else { 1.0 }).collect();
        let scale = points.len() as f64 / raw.iter().sum::<f64>();
        let weights: Vec<f64> = raw.iter().map(|weight| weight * scale).collect();
        Self::new(points, &weights, self.terms)
    }

    /// What is expected of a period; its count is not looked at.
    #[must_use]
    pub fn expected(&self, point: &Point) -> Expected {
        let row = self.terms.row(point);
        let mean = dot(&row, &self.coefficients).exp();
        let error = mean * (self.dispersion * quadratic(&row, &self.covariance)).sqrt();
        Expected { mean, error, dispersion: self.dispersion }
    }
}

fn dot(a: &Vector, b: &Vector) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn quadratic(row: &Vector, matrix: &Matrix) -> f64 {
    matrix.iter().zip(row).map(|(line, x)| x * dot(line, row)).sum()
}

/// Σ w μ x xᵀ, with a one on the diagonal for terms that are not there.
fn information(rows: &[Vector], logs: &[f64], weights: &[f64], terms: Terms) -> Matrix {
    let mut sum = [[0.0; MOST]; MOST];
    for ((row, log), weight) in rows.iter().zip(logs).zip(weights) {
        let weight = weight * log.exp();
        for (line, x) in sum.iter_mut().zip(row).filter(|(_, x)| **x != 0.0) {
            line.iter_mut().zip(row).for_each(|(cell, y)| *cell += weight * x * y);
        }
    }
    (terms.count()..MOST).for_each(|at| sum[at][at] = 1.0);
    sum
}

fn inverse(matrix: Matrix) -> Option<Matrix> {
    let mut columns = [[0.0; MOST]; MOST];
    for (at, column) in columns.iter_mut().enumerate() {
        let mut unit = [0.0; MOST];
        unit[at] = 1.0;
        *column = solve(matrix, unit)?;
    }
    Some(columns)
}

/// Half the deviance, less what does not depend on the model.
fn deviance(points: &[Point], logs: &[f64], weights: &[f64]) -> f64 {
    let of = |((point, log), weight): ((&Point, &f64), &f64)| {
        let saturated = if point.count > 0.0 { point.count * (point.count.ln() - 1.0) } else { 0.0 };
        weight * (saturated + log.exp() - point.count * log)
    };
    points.iter().zip(logs).zip(weights).map(of).sum()
}
