//! The negative binomial with mean μ and size r: variance μ + μ²/r. Its size by maximum likelihood,
//! its quantiles, and the continuous ranked probability score (Gneiting and Raftery 2007) of a
//! count.

use crate::math::{gamma, search};

/// Largest size; beyond it the counts are as good as Poisson.
pub const LARGEST: f64 = 1e4;
/// Smallest size.
const SMALLEST: f64 = 0.05;
/// Smallest mean that a forecast has.
const LEAST_MEAN: f64 = 1e-9;
/// Probability that is left out beyond the last count of a table.
const LEFT_OUT: f64 = 1e-10;

/// The size with the highest likelihood of counts with these means.
#[must_use]
pub fn size(pairs: &[(u32, f64)]) -> f64 {
    let score = |ln_size: f64| pairs.iter().map(|(y, mean)| ln_chance(*y, *mean, ln_size.exp())).sum::<f64>();
    if pairs.is_empty() { LARGEST } else { search::maximum(score, SMALLEST.ln(), LARGEST.ln(), 12, 12).exp() }
}

/// ln of the chance of a count.
#[must_use]
pub fn ln_chance(count: u32, mean: f64, size: f64) -> f64 {
    let (y, mean) = (f64::from(count), mean.max(LEAST_MEAN));
    let ways = gamma::ln_gamma(y + size) - gamma::ln_gamma(size) - gamma::ln_gamma(y + 1.0);
    ways + size * (size / (size + mean)).ln() + y * (mean / (size + mean)).ln()
}

/// Chances that the count is at most 0, 1, 2 …, until it is as good as certain and at least `least`.
#[must_use]
pub fn table(mean: f64, size: f64, least: u32) -> Vec<f64> {
    let mean = mean.max(LEAST_MEAN);
    let odds = mean / (size + mean);
    let (mut chance, mut sum) = ((size * (size / (size + mean)).ln()).exp(), 0.0);
    let mut table = Vec::new();
    let mut count = 0.0;
    while table.len() <= least as usize || sum < 1.0 - LEFT_OUT {
        sum += chance;
        table.push(sum.min(1.0));
        chance *= (size + count) / (count + 1.0) * odds;
        count += 1.0;
        if chance < 1e-300 && count > mean {
            break;
        }
    }
    table
}

/// The smallest count that is reached with a probability.
#[must_use]
pub fn quantile(table: &[f64], probability: f64) -> u32 {
    let at = table.iter().position(|reached| *reached >= probability - 1e-12).unwrap_or(table.len() - 1);
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Continuous ranked probability score of a count: the lower the better.
#[must_use]
pub fn crps(count: u32, mean: f64, size: f64) -> f64 {
    let table = table(mean, size, count);
    let score = |(at, reached): (usize, &f64)| {
        let happened = if at >= count as usize { 1.0 } else { 0.0 };
        (reached - happened).powi(2)
    };
    table.iter().enumerate().map(score).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_sum_to_one_and_have_the_declared_mean() {
        for (mean, size) in [(0.3, 0.8), (4.0, 2.0), (60.0, 5.0), (2.0, LARGEST)] {
            let table = table(mean, size, 0);
            let found: f64 = table.iter().map(|reached| 1.0 - reached).sum();
            assert!((found - mean).abs() < 1e-4 * (1.0 + mean), "{mean} {size}: {found}");
        }
    }

    #[test]
    fn the_size_that_was_planted_is_found_and_the_median_of_a_large_poisson_is_its_mean() {
        // Chances of a negative binomial with mean 3 and size 2, as counts out of 10,000.
        let counts = (0..60u32).flat_map(|y| {
            let often = (1e4 * ln_chance(y, 3.0, 2.0).exp()).round();
            (0..10_000).take_while(move |at| f64::from(*at) < often).map(move |_| (y, 3.0))
        });
        let found = size(&counts.collect::<Vec<_>>());
        assert!((found / 2.0).ln().abs() < 0.03, "{found}");
        assert_eq!(quantile(&table(100.0, LARGEST, 0), 0.5), 100);
    }

    #[test]
    fn the_score_of_a_sure_forecast_is_its_error() {
        assert!((crps(7, 1e-9, 1.0) - 7.0).abs() < 1e-6);
        assert!(crps(5, 5.0, LARGEST) < crps(9, 5.0, LARGEST));
    }
}
