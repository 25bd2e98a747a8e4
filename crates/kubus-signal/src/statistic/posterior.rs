//! The posterior of a rate relative to its reference, in closed form: a mixture over the true
//! counts that are compatible with what was published.
//!
//! Events: θ ~ Gamma(κm, κ), y ~ Poisson(θE). Shares: p = θe, p ~ Beta(κm, κ/e − κm),
//! y ~ Binomial(n, p), with e the reference share and E = ne. Given y both are conjugate; the
//! weight of y is its likelihood times its prior predictive chance. Strength κ is in expected
//! counts, so that E / (E + κ) is the share of the information that is the area's own in both.
//!
//! Clayton, D. and Kaldor, J. (1987), Biometrics 43; Griffin, B. and Krutchkoff, R. (1971),
//! Biometrika 58.

use crate::math::{beta, gamma, search};

use super::counts::{Counts, Run};

mod draw;

/// What a rate is measured against, and by how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exposure {
    /// Events with this expected number.
    Events {
        /// E: the expected number.
        expected: f64,
    },
    /// Units out of units.
    Share {
        /// n: the units.
        units: f64,
        /// e: the expected share, between 0 and 1.
        share: f64,
    },
}

/// What is believed of the relative rate before the area's own count is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// m: the mean, where 1 is "as the reference".
    pub mean: f64,
    /// κ: the strength, in expected counts.
    pub strength: f64,
}

/// A mixture of Gammas or Betas.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    exposure: Exposure,
    runs: Vec<Part>,
}

/// The components of one prior and one run of counts: shapes a, a + 1, … (and b, b − 1, …) with
/// their weights.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    strength: f64,
    first: f64,
    a: f64,
    b: f64,
    weights: Vec<f64>,
}

/// Components lighter than this part of the heaviest are left out.
const NEGLIGIBLE: f64 = 1e-14;

impl Exposure {
    /// E: the expected count.
    #[must_use]
    pub fn expected(self) -> f64 {
        match self {
            Self::Events { expected } => expected,
            Self::Share { units, share } => units * share,
        }
    }

    /// The shapes of the prior: for events shape and rate, for shares both shapes of the Beta.
    fn shapes(self, prior: Prior) -> (f64, f64) {
        let a = prior.strength * prior.mean;
        match self {
            Self::Events { .. } => (a, prior.strength),
            Self::Share { share, .. } => (a, (prior.strength / share - a).max(1e-3 * prior.strength)),
        }
    }

    /// The variance of the relative rate that belongs to a mean and a strength.
    #[must_use]
    pub fn variance(self, prior: Prior) -> f64 {
        prior.mean * self.room(prior.mean) / prior.strength
    }

    /// 1 − p for shares, 1 for events.
    fn room(self, mean: f64) -> f64 {
        match self {
            Self::Events { .. } => 1.0,
            Self::Share { share, .. } => (1.0 - mean * share).max(0.01),
        }
    }

    /// The prior with `extra` variance added to its mean: weaker.
    #[must_use]
    pub fn widened(self, prior: Prior, extra: f64) -> Prior {
        let variance = self.variance(prior) + extra;
        Prior { strength: (prior.mean * self.room(prior.mean) / variance).max(1e-2), ..prior }
    }

    /// The prior with its mean where a share can be.
    #[must_use]
    pub fn bounded(self, prior: Prior) -> Prior {
        let highest = match self {
            Self::Events { .. } => f64::MAX,
            Self::Share { share, .. } => 0.95 / share,
        };
        Prior { mean: prior.mean.clamp(1e-3, highest.max(1e-3)), ..prior }
    }

    /// ln of the prior predictive chance of a count.
    fn ln_chance(self, (a, b): (f64, f64), y: f64) -> f64 {
        let rising = gamma::ln_gamma(a + y) - gamma::ln_gamma(a);
        match self {
            Self::Events { expected } => {
                let total = b + expected;
                rising - gamma::ln_gamma(y + 1.0) + a * (b / total).ln() + power(y, expected / total)
            }
            Self::Share { units, .. } => {
                let ways = gamma::ln_gamma(units + 1.0) - gamma::ln_gamma(y + 1.0) - gamma::ln_gamma(units - y + 1.0);
                ways + beta::ln_beta(a + y, b + units - y) - beta::ln_beta(a, b)
            }
        }
    }

    /// The prior predictive chance of y + 1 over that of y.
    fn ratio(self, (a, b): (f64, f64), y: f64) -> f64 {
        match self {
            Self::Events { expected } => (a + y) / (y + 1.0) * expected / (b + expected),
            Self::Share { units, .. } => {
                let left = (units - y).max(0.0);
                (a + y) * left / ((y + 1.0) * (b + left - 1.0).max(f64::MIN_POSITIVE))
            }
        }
    }
}

/// y ln p with 0 ln 0 = 0.
fn power(y: f64, p: f64) -> f64 {
    if y > 0.0 { y * p.ln() } else { 0.0 }
}

/// ln of the chance of a first count, and the relative joint weights of a run.
fn weigh(exposure: Exposure, shapes: (f64, f64), run: &Run) -> (f64, Vec<f64>) {
    let (mut chance, mut y) = (1.0, run.first);
    let weights = run.likelihood.iter().map(|likelihood| {
        let weight = likelihood * chance;
        chance *= exposure.ratio(shapes, y);
        y += 1.0;
        weight
    });
    let weights = weights.collect();
    (exposure.ln_chance(shapes, run.first), weights)
}

/// ln of the marginal likelihood of what was published.
#[must_use]
pub fn ln_marginal(exposure: Exposure, prior: Prior, counts: &Counts) -> f64 {
    let shapes = exposure.shapes(prior);
    let ln_of = |run: &Run| {
        let (start, weights) = weigh(exposure, shapes, run);
        start + weights.iter().sum::<f64>().ln()
    };
    let logs: Vec<f64> = counts.runs.iter().map(ln_of).collect();
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + logs.iter().map(|l| (l - largest).exp()).sum::<f64>().ln()
}

impl Posterior {
    /// The posterior of the relative rate.
    ///
    /// ```
    /// use kubus_signal::statistic::{counts::Counts, posterior::{Exposure, Posterior, Prior}};
    /// let prior = Prior { mean: 1.0, strength: 2.0 };
    /// let posterior = Posterior::new(Exposure::Events { expected: 6.0 }, prior, &Counts::exactly(14.0));
    /// assert!((posterior.mean() - 16.0 / 8.0).abs() < 1e-12);
    /// assert!(posterior.exceeds(1.5) > 0.8);
    /// ```
    #[must_use]
    pub fn new(exposure: Exposure, prior: Prior, counts: &Counts) -> Self {
        Self::mixture(exposure, &[(1.0, prior)], counts)
    }

    /// The posterior when the prior is itself a mixture: each prior with its weight. At least one
    /// weight must be positive.
    #[must_use]
    pub fn mixture(exposure: Exposure, priors: &[(f64, Prior)], counts: &Counts) -> Self {
        let mut runs: Vec<(f64, Part)> = Vec::with_capacity(priors.len() * counts.runs.len());
        for (weight, prior) in priors.iter().filter(|(weight, _)| *weight > 0.0) {
            let shapes = exposure.shapes(*prior);
            for run in &counts.runs {
                let (start, weights) = weigh(exposure, shapes, run);
                let part = Part::new(exposure, shapes, prior.strength, run, weights);
                runs.extend(part.map(|part| (start + weight.ln(), part)));
            }
        }
        let largest = runs.iter().map(|(start, _)| *start).fold(f64::NEG_INFINITY, f64::max);
        let scaled = runs.into_iter().map(|(start, part)| part.scaled((start - largest).exp()));
        let mut posterior = Self { exposure, runs: scaled.collect() };
        posterior.normalise();
        posterior
    }

    fn normalise(&mut self) {
        let total: f64 = self.runs.iter().flat_map(|part| &part.weights).sum();
        self.runs.iter_mut().flat_map(|part| &mut part.weights).for_each(|w| *w /= total);
        let heaviest = self.runs.iter().flat_map(|part| &part.weights).copied().fold(0.0, f64::max);
        self.runs.iter_mut().for_each(|part| part.trim(heaviest * NEGLIGIBLE));
        self.runs.retain(|part| !part.weights.is_empty());
    }

    /// Posterior mean of the relative rate: 1 is "as the reference".
    #[must_use]
    pub fn mean(&self) -> f64 {
        let expected = self.exposure.expected();
        self.components().map(|(_, a, w, strength)| w * a / (strength + expected)).sum()
    }

    /// Posterior mean of the true count.
    #[must_use]
    pub fn count(&self) -> f64 {
        self.components().map(|(y, _, w, _)| w * y).sum()
    }

    /// The true counts that are possible, each with its probability; equal ones may stand apart.
    #[must_use]
    pub fn counts(&self) -> Vec<(f64, f64)> {
        self.components().map(|(y, _, w, _)| (y, w)).collect()
    }

    /// Count, shape, weight and strength of every component.
    fn components(&self) -> impl Iterator<Item = (f64, f64, f64, f64)> + '_ {
        self.runs.iter().flat_map(|part| {
            let shapes = (0..part.weights.len()).map(|i| f64::from(u32::try_from(i).unwrap_or(u32::MAX)));
            shapes.zip(&part.weights).map(|(i, w)| (part.first + i, part.a + i, *w, part.strength))
        })
    }

    /// E / (E + κ): the share of the information that is the area's own; over a mixture the mean.
    #[must_use]
    pub fn own_information(&self) -> f64 {
        let expected = self.exposure.expected();
        let of = |part: &Part| part.weights.iter().sum::<f64>() * expected / (expected + part.strength);
        self.runs.iter().map(of).sum()
    }

    /// P(relative rate > `limit`).
    #[must_use]
    pub fn exceeds(&self, limit: f64) -> f64 {
        self.tail(limit).0.clamp(0.0, 1.0)
    }

    /// P(relative rate < `limit`).
    #[must_use]
    pub fn is_below(&self, limit: f64) -> f64 {
        1.0 - self.exceeds(limit)
    }

    /// The relative rate below which the posterior has this probability.
    #[must_use]
    pub fn quantile(&self, probability: f64) -> f64 {
        let (low, high) = (0.0, self.ceiling());
        let mean = self.mean();
        let spread = self.spread();
        let start = (mean + (probability - 0.5) * 4.0 * spread).max(mean * 0.1);
        let function = |x: f64| {
            let (above, density) = self.tail(x);
            (above - (1.0 - probability), -density)
        };
        search::root_of_decreasing(function, low, high, start)
    }

    /// Posterior standard deviation of the relative rate, components' means left out.
    fn spread(&self) -> f64 {
        let (mean, expected) = (self.mean(), self.exposure.expected());
        let spread = |(_, a, w, strength): (f64, f64, f64, f64)| {
            let total = strength + expected;
            w * ((a / total - mean).powi(2) + mean * self.exposure.room(mean) / total)
        };
        self.components().map(spread).sum::<f64>().sqrt()
    }

    fn ceiling(&self) -> f64 {
        match self.exposure {
            Exposure::Events { .. } => self.mean() + 40.0 * self.spread() + 1.0,
            Exposure::Share { share, .. } => 1.0 / share,
        }
    }

    /// P(relative rate > x) and the density at x.
    fn tail(&self, x: f64) -> (f64, f64) {
        let parts = self.runs.iter().map(|part| part.tail(self.exposure, x));
        parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    }
}

impl Part {
    fn new(exposure: Exposure, (a, b): (f64, f64), strength: f64, run: &Run, weights: Vec<f64>) -> Option<Self> {
        let b = match exposure {
            Exposure::Events { .. } => b,
            Exposure::Share { units, .. } => b + (units - run.first).max(0.0),
        };
        (!weights.is_empty()).then_some(Self { strength, first: run.first, a: a + run.first, b, weights })
    }

    fn scaled(mut self, by: f64) -> Self {
        self.weights.iter_mut().for_each(|weight| *weight *= by);
        self
    }

    /// Leaves out the components at the ends that weigh less than `limit`.
    fn trim(&mut self, limit: f64) {
        while self.weights.last().is_some_and(|w| *w < limit) {
            self.weights.pop();
        }
        let light = self.weights.iter().take_while(|w| **w < limit).count();
        self.weights.drain(..light);
        let light = f64::from(u32::try_from(light).unwrap_or(u32::MAX));
        (self.first, self.a, self.b) = (self.first + light, self.a + light, self.b - light);
    }

    /// Survival and density at the relative rate x: one incomplete function for the first
    /// component, a recurrence with positive terms for the others.
    fn tail(&self, exposure: Exposure, x: f64) -> (f64, f64) {
        let strength = self.strength;
        match exposure {
            Exposure::Events { expected } => {
                let at = x * (strength + expected);
                if at <= 0.0 {
                    return self.certain();
                }
                let first = (gamma::upper(self.a, at), gamma::poisson_density(self.a, at));
                let (above, density) = self.climb(first, |i| at / (self.a + i + 1.0), 1.0 / at);
                (above, density * (strength + expected))
            }
            Exposure::Share { share, .. } => {
                let at = x * share;
                if at <= 0.0 {
                    return self.certain();
                }
                if at >= 1.0 {
                    return (0.0, 0.0);
                }
                let first = (beta::upper(self.a, self.b, at), beta::step(self.a, self.b, at));
                let odds = at / (1.0 - at);
                let ratio = |i: f64| odds * (self.b - i - 1.0) / (self.a + i + 1.0);
                let (above, density) = self.climb(first, ratio, 1.0 / at);
                (above, density * share)
            }
        }
    }

    /// Everything lies above zero.
    fn certain(&self) -> (f64, f64) {
        (self.weights.iter().sum(), 0.0)
    }

    /// Sums over the components: the survival function grows by `step`, whose next value is `step`
    /// × `ratio`; the density is `step` × a × `per_x`.
    fn climb(&self, first: (f64, f64), ratio: impl Fn(f64) -> f64, per_x: f64) -> (f64, f64) {
        let (mut survival, mut step) = first;
        let (mut above, mut density, mut i) = (0.0, 0.0, 0.0);
        for weight in &self.weights {
            above += weight * survival;
            density += weight * step * (self.a + i) * per_x;
            survival += step;
            step *= ratio(i);
            i += 1.0;
        }
        (above, density)
    }
}

#[cfg(test)]
mod tests;
