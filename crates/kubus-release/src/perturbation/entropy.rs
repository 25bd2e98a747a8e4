//! The noise probabilities of one count: the distribution of largest entropy under what is asked.
//!
//! Over the allowed changes `v` it maximises `−Σ p log p` under `Σ p = 1`, `Σ v p = 0`,
//! `Σ v² p ≤ V`, and, left of no change, probabilities that do not fall towards no change
//! (`p(v₁) ≤ p(v₂) ≤ … ≤ p(0)`). Solved in the dual: with multipliers θ = (mean, variance) the best
//! distribution is `exp` of the isotonic projection of `θ₁ v − θ₂ v²`, and the dual function
//! `log Z(θ) + θ₂ V` is convex, so that Newton's method with halving steps finds its minimum.
//!
//! The model is that of Giessing (2016), LNCS 9867, 237–251, as in the R package ptable with its
//! default settings; the solution is our own.

/// Steps of Newton's method before we give up; ten are enough in practice.
const MAX_STEPS: usize = 500;
/// Moments are met to this.
const TOLERANCE: f64 = 1e-12;

/// Why there is no distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntropyError {
    /// All changes go the same way, so the mean cannot be 0.
    #[error("the changes that are allowed cannot have mean 0")]
    NoZeroMean,
    /// The variance is smaller than any distribution with mean 0 has.
    #[error("the variance is too small for the changes that are allowed")]
    VarianceTooSmall,
}

/// The probabilities of the changes `changes` (ascending), of variance at most `variance`.
///
/// # Errors
/// [`EntropyError`] when no such distribution exists.
///
/// ```
/// use kubus_release::perturbation::entropy::probabilities;
/// let p = probabilities(&[-1, 0, 1, 2], 1.08).unwrap();
/// assert!((p[0] - 0.366_485_506).abs() < 1e-6 && (p[0] - p[1]).abs() < 1e-9);
/// ```
pub fn probabilities(changes: &[i64], variance: f64) -> Result<Vec<f64>, EntropyError> {
    let changes: Vec<f64> = changes.iter().map(|v| real(*v)).collect();
    let spans = changes.first().is_some_and(|v| *v <= 0.0) && changes.last().is_some_and(|v| *v >= 0.0);
    if !spans {
        return Err(EntropyError::NoZeroMean);
    }
    let problem = Problem { falling_until: changes.iter().position(|v| *v >= 0.0).unwrap_or(0), changes, variance };
    let free = problem.solve([0.0, 0.0], false).ok_or(EntropyError::NoZeroMean)?;
    if problem.moments(free).gradient[1] <= TOLERANCE {
        return Ok(problem.moments(free).p);
    }
    let bound = problem.solve(free, true).ok_or(EntropyError::VarianceTooSmall)?;
    Ok(problem.moments(bound).p)
}

#[expect(clippy::cast_precision_loss, reason = "changes are at most 255")]
fn real(change: i64) -> f64 {
    change as f64
}

/// Multipliers: of the mean, and of the variance (which lowers the exponent).
type Multipliers = [f64; 2];

struct Problem {
    changes: Vec<f64>,
    variance: f64,
    /// Position of no change, up to which probabilities do not fall; 0 when there is none.
    falling_until: usize,
}

/// The best distribution at given multipliers, with the dual function there.
struct Moments {
    p: Vec<f64>,
    /// `log Z + θ₂ V`: what is minimised, over θ₁ and θ₂ ≥ 0.
    dual: f64,
    /// Mean, and variance − V: minus the derivative by θ₂.
    gradient: [f64; 2],
    /// Second derivatives: mean–mean, mean–variance, variance–variance.
    hessian: [f64; 3],
}

impl Problem {
    fn moments(&self, at: Multipliers) -> Moments {
        let blocks = self.blocks(at);
        let top = blocks.iter().map(|b| b.exponent(at)).fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = blocks.iter().map(|b| b.size * (b.exponent(at) - top).exp()).collect();
        let total: f64 = weights.iter().sum();
        let mean = |f: &dyn Fn(&Block) -> f64| blocks.iter().zip(&weights).map(|(b, w)| f(b) * w).sum::<f64>() / total;
        let (first, second) = (mean(&|b| b.first), mean(&|b| b.second));
        let p = blocks.iter().zip(&weights).flat_map(|(b, w)| vec![w / total / b.size; b.count]).collect();
        Moments {
            p,
            dual: top + total.ln() + at[1] * self.variance,
            gradient: [first, second - self.variance],
            hessian: [
                mean(&|b| (b.first - first).powi(2)),
                mean(&|b| (b.first - first) * (b.second - second)),
                mean(&|b| (b.second - second).powi(2)),
            ],
        }
    }

    /// Pools neighbours left of no change until exponents do not fall (isotonic regression).
    fn blocks(&self, at: Multipliers) -> Vec<Block> {
        let monotone = |position: usize| {
            let zero_exists = self.changes.get(self.falling_until).is_some_and(|v| v.abs() < 0.5);
            zero_exists && position <= self.falling_until
        };
        let mut blocks: Vec<Block> = Vec::with_capacity(self.changes.len());
        for (position, change) in self.changes.iter().enumerate() {
            let mut block = Block { size: 1.0, count: 1, first: *change, second: change * change };
            while monotone(position) && blocks.last().is_some_and(|left| left.exponent(at) > block.exponent(at)) {
                block = blocks.pop().map_or(block, |left| left.pooled(block));
            }
            blocks.push(block);
        }
        blocks
    }

    /// Minimises the dual over the mean's multiplier, and over the variance's when `both`.
    fn solve(&self, start: Multipliers, both: bool) -> Option<Multipliers> {
        let mut at = start;
        for _ in 0..MAX_STEPS {
            let here = self.moments(at);
            let missed = here.missed(both);
            if missed < TOLERANCE {
                return Some(at);
            }
            match self.descend(at, &here, both) {
                Some(next) => at = next,
                None => return (missed < 1e-9).then_some(at),
            }
        }
        None
    }

    /// The first halving of Newton's step that lowers the dual, or (close by, where the dual no
    /// longer tells points apart) that misses the moments by clearly less.
    fn descend(&self, at: Multipliers, here: &Moments, both: bool) -> Option<Multipliers> {
        let step = step(here, both);
        let halvings = std::iter::successors(Some(1.0), |s| Some(s * 0.5)).take(60);
        let mut candidates = halvings.map(|s: f64| [at[0] + s * step[0], at[1] + s * step[1]]);
        candidates.find(|next| {
            let there = self.moments(*next);
            there.dual < here.dual || there.missed(both) < 0.9 * here.missed(both)
        })
    }
}

impl Moments {
    /// By how much the moments are missed.
    fn missed(&self, both: bool) -> f64 {
        let variance = if both { self.gradient[1].abs() } else { 0.0 };
        self.gradient[0].abs().max(variance)
    }
}

/// Newton's step, with a little damping where the second derivatives vanish.
fn step(here: &Moments, both: bool) -> Multipliers {
    let [a, b, c] = here.hessian;
    let (mean, excess) = (here.gradient[0], here.gradient[1]);
    if !both {
        return [-mean / a.max(1e-12), 0.0];
    }
    // In θ₂ the gradient is −excess and the mixed derivative −b.
    let (a, c) = (a + 1e-14, c + 1e-14);
    let determinant = (a * c - b * b).max(1e-18);
    [(-mean * c + b * excess) / determinant, (a * excess - b * mean) / determinant]
}

/// Neighbouring changes that share one probability.
#[derive(Debug, Clone, Copy)]
struct Block {
    size: f64,
    count: usize,
    /// Mean change.
    first: f64,
    /// Mean squared change.
    second: f64,
}

impl Block {
    fn exponent(&self, at: Multipliers) -> f64 {
        at[0] * self.first - at[1] * self.second
    }

    fn pooled(self, other: Self) -> Self {
        let size = self.size + other.size;
        let mean = |a: f64, b: f64| (a * self.size + b * other.size) / size;
        Self {
            size,
            count: self.count + other.count,
            first: mean(self.first, other.first),
            second: mean(self.second, other.second),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_moments_are_met(below in 1i64..10, above in 1i64..10, variance in 0.7f64..8.0) {
            let changes: Vec<i64> = (-below..=above).collect();
            if let Ok(p) = probabilities(&changes, variance) {
                let moment = |power| changes.iter().zip(&p).map(|(v, p)| real(*v).powi(power) * p).sum::<f64>();
                prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                prop_assert!(moment(1).abs() < 1e-8);
                prop_assert!(moment(2) <= variance + 1e-8);
                prop_assert!(p.iter().all(|p| *p >= 0.0));
            }
        }
    }

    #[test]
    fn impossible_demands_are_refused() {
        assert_eq!(probabilities(&[1, 2], 1.0), Err(EntropyError::NoZeroMean));
        assert_eq!(probabilities(&[-3, 3], 1.0), Err(EntropyError::VarianceTooSmall));
    }
}
