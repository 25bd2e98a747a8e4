//! Classic empirical Bayes of disease mapping: one Gamma for the relative risks of all areas.
//!
//! Clayton, D. and Kaldor, J. (1987), *Empirical Bayes estimates of age-standardized relative
//! risks for use in disease mapping*, Biometrics 43, 671–681. y ~ Poisson(θμE),
//! θ ~ Gamma(α, α), so the counts are negative binomial with size α and mean μE.

use crate::math::{gamma, search};

use super::counts::Counts;
use super::posterior::{Exposure, Posterior, Prior};

/// The fitted model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaPoisson {
    /// α: the size; the relative spread of risks is 1/√α.
    pub alpha: f64,
    /// μ: the overall risk relative to what was expected.
    pub mu: f64,
}

impl GammaPoisson {
    /// Maximum likelihood over α (between 0.01 and 10,000) and μ, for areas with `(count, expected)`.
    ///
    /// ```
    /// use kubus_signal::statistic::gamma_poisson::GammaPoisson;
    /// let model = GammaPoisson::fit(&[(9.0, 1.4), (39.0, 8.7), (2.0, 6.0), (0.0, 3.1), (5.0, 4.6)]);
    /// assert!(model.alpha > 0.1 && model.mu > 1.0);
    /// ```
    #[must_use]
    pub fn fit(areas: &[(f64, f64)]) -> Self {
        let profile = |ln_alpha: f64| {
            let alpha = ln_alpha.exp();
            ln_likelihood(areas, alpha, best_mu(areas, alpha))
        };
        let alpha = search::maximum(profile, 0.01_f64.ln(), 10_000.0_f64.ln(), 40, 60).exp();
        Self { alpha, mu: best_mu(areas, alpha) }
    }

    /// The posterior of an area's risk relative to μ × expected.
    #[must_use]
    pub fn posterior(&self, count: f64, expected: f64) -> Posterior {
        let prior = Prior { mean: 1.0, strength: self.alpha };
        Posterior::new(Exposure::Events { expected: self.mu * expected }, prior, &Counts::exactly(count))
    }

    /// Posterior mean of the relative risk.
    #[must_use]
    pub fn mean(&self, count: f64, expected: f64) -> f64 {
        self.mu * self.posterior(count, expected).mean()
    }

    /// P(relative risk > `limit`).
    #[must_use]
    pub fn exceeds(&self, count: f64, expected: f64, limit: f64) -> f64 {
        self.posterior(count, expected).exceeds(limit / self.mu)
    }
}

/// ln of the negative binomial likelihood.
fn ln_likelihood(areas: &[(f64, f64)], alpha: f64, mu: f64) -> f64 {
    let one = |&(y, expected): &(f64, f64)| {
        let m = mu * expected;
        gamma::ln_gamma(alpha + y) - gamma::ln_gamma(alpha) - gamma::ln_gamma(y + 1.0)
            + alpha * (alpha / (alpha + m)).ln()
            + if y > 0.0 { y * (m / (alpha + m)).ln() } else { 0.0 }
    };
    areas.iter().map(one).sum()
}

/// The μ at which the score Σ (y − μE) / (1 + μE/α) is zero.
fn best_mu(areas: &[(f64, f64)], alpha: f64) -> f64 {
    let score = |mu: f64| {
        areas.iter().fold((0.0, 0.0), |(value, slope), &(y, expected)| {
            let spread = 1.0 + mu * expected / alpha;
            let gap = y - mu * expected;
            (value + gap / spread, slope - expected / spread - gap * expected / (alpha * spread * spread))
        })
    };
    let highest = areas.iter().map(|(y, e)| y / e).fold(1e-9, f64::max);
    search::root_of_decreasing(score, 0.0, highest, 1.0)
}

/// Draws for simulation tests.
pub(crate) mod draw;

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of the reference file: cases, expected, mean, and P(risk > 1, 1.2, 1.5, 2).
    fn scotland() -> Option<Vec<Vec<f64>>> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/signals/oracle/scotland_ebayes.csv");
        let text = std::fs::read_to_string(path).ok()?;
        let row = |line: &str| {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            [1, 2, 7, 9, 10, 11, 12].iter().map(|at| cells[*at].parse().unwrap()).collect()
        };
        Some(text.lines().skip(1).map(row).collect())
    }

    #[test]
    fn scottish_lip_cancer_equals_spatial_epi() {
        let Some(rows) = scotland() else {
            eprintln!("skipped: shared/reference is absent");
            return;
        };
        assert_eq!(rows.len(), 56);
        let model = GammaPoisson { alpha: 1.879_489_973_830_875, mu: 0.352_106_533_393_358_f64.exp() };
        for row in &rows {
            assert!((model.mean(row[0], row[1]) - row[2]).abs() < 1e-9);
            for (limit, expected) in [1.0, 1.2, 1.5, 2.0].iter().zip(&row[3..]) {
                assert!((model.exceeds(row[0], row[1], *limit) - expected).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn maximum_likelihood_finds_the_same_model_of_scotland() {
        let Some(rows) = scotland() else {
            eprintln!("skipped: shared/reference is absent");
            return;
        };
        let areas: Vec<(f64, f64)> = rows.iter().map(|r| (r[0], r[1])).collect();
        let model = GammaPoisson::fit(&areas);
        assert!((model.alpha - 1.879_489_973_830_875).abs() < 1e-5, "{}", model.alpha);
        assert!((model.mu.ln() - 0.352_106_533_393_358).abs() < 1e-6, "{}", model.mu.ln());
    }
}
