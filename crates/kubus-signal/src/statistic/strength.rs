//! How strongly the areas of a level are alike: the strength κ of their prior, by marginal
//! likelihood (empirical Bayes). Overdispersion is estimated, not assumed away.
//!
//! κ is in expected counts: the relative spread of rates around their prior mean is about 1/√κ.
//! It stays between [`WEAKEST`] (rates differ wildly) and [`STRONGEST`]: places are never assumed
//! to be more alike than a spread of 10 %. A weak prior on the spread (half-normal, scale 0.5)
//! keeps κ out of the corners when a level has few areas.
//!
//! Robbins, H. (1956); Clayton, D. and Kaldor, J. (1987), Biometrics 43, 671–681.

use rayon::prelude::*;

use crate::math::search;

use super::counts::Counts;
use super::posterior::{Exposure, Prior, ln_marginal};

/// Smallest strength: rates spread by about 200 %.
pub const WEAKEST: f64 = 0.25;
/// Largest strength: rates spread by about 10 %.
pub const STRONGEST: f64 = 100.0;
/// At most this many areas take part in the fit, evenly taken from the list.
const MOST_CASES: usize = 1200;

/// One area in the fit.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What it is measured against.
    pub exposure: Exposure,
    /// What was published.
    pub counts: &'a Counts,
    /// Prior mean of its relative rate.
    pub mean: f64,
    /// Variance of that prior mean.
    pub mean_variance: f64,
}

impl Case<'_> {
    /// The prior of this case when the level has strength κ.
    #[must_use]
    pub fn prior(&self, strength: f64) -> Prior {
        prior(self.exposure, self.mean, self.mean_variance, strength)
    }
}

/// The prior of an area whose prior mean is itself uncertain.
#[must_use]
pub fn prior(exposure: Exposure, mean: f64, mean_variance: f64, strength: f64) -> Prior {
    let within = exposure.bounded(Prior { mean, strength });
    exposure.widened(within, mean_variance)
}

/// The strength with the highest marginal likelihood. The sum runs in the order of the cases, so
/// the result does not depend on the number of threads.
#[must_use]
pub fn fit(cases: &[Case<'_>]) -> f64 {
    let stride = cases.len().div_ceil(MOST_CASES).max(1);
    let chosen: Vec<&Case<'_>> = cases.iter().step_by(stride).collect();
    let score = |ln_strength: f64| {
        let strength = ln_strength.exp();
        let of = |case: &&Case<'_>| ln_marginal(case.exposure, case.prior(strength), case.counts);
        let logs: Vec<f64> = chosen.par_iter().with_min_len(64).map(of).collect();
        logs.iter().sum::<f64>() - 2.0 / strength
    };
    search::maximum(score, WEAKEST.ln(), STRONGEST.ln(), 8, 10).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use crate::statistic::gamma_poisson::draw;

    fn simulated(strength: f64, seed: u64) -> f64 {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let exposure = Exposure::Events { expected: 8.0 };
        let counts: Vec<Counts> =
            (0..900).map(|_| Counts::exactly(draw::negative_binomial(&mut random, strength, strength, 8.0))).collect();
        let case = |counts| Case { exposure, counts, mean: 1.0, mean_variance: 0.0 };
        fit(&counts.iter().map(case).collect::<Vec<_>>())
    }

    #[test]
    fn the_planted_strength_is_found_back() {
        for (planted, seed) in [(1.0, 1), (4.0, 2), (16.0, 3)] {
            let found = simulated(planted, seed);
            assert!((found / planted).ln().abs() < 0.35, "{planted}: {found}");
        }
    }

    #[test]
    fn areas_without_any_spread_get_the_strongest_prior() {
        assert!(simulated(1e7, 5) > 40.0);
    }
}
