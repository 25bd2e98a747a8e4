//! The negative binomial with mean μ and size r: variance μ + μ²/r. Its size by maximum likelihood,
//! its quantiles, and the continuous ranked probability score (Gneiting and Raftery 2007) of a
//! count.

use super::seen::Seen;
use crate::math::{gamma, search};

/// Largest size; beyond it the counts are as good as Poisson.
pub const LARGEST: f64 = 1e4;
/// Smallest size.
const SMALLEST: f64 = 0.05;
/// Smallest mean that a forecast has.
const LEAST_MEAN: f64 = 1e-9;
/// Probability that is left out beyond the last count of a table.
const LEFT_OUT: f64 = 1e-10;
/// A count that is less likely than this ends a table, when it lies above the mean.
const LEAST_CHANCE: f64 = 1e-15;
/// So far below the mean nothing is expected.
const STANDARD_DEVIATIONS: f64 = 15.0;

/// The size with the highest likelihood of counts with these means.
#[must_use]
pub fn size(pairs: &[(Seen, f64)]) -> f64 {
    let score = |ln_size: f64| pairs.iter().map(|(seen, mean)| seen.ln_chance(*mean, ln_size.exp())).sum::<f64>();
    if pairs.is_empty() { LARGEST } else { search::maximum(score, SMALLEST.ln(), LARGEST.ln(), 12, 12).exp() }
}

/// ln of the chance of a count.
#[must_use]
pub fn ln_chance(count: u32, mean: f64, size: f64) -> f64 {
    let (y, mean) = (f64::from(count), mean.max(LEAST_MEAN));
    let ways = gamma::ln_gamma(y + size) - gamma::ln_gamma(size) - gamma::ln_gamma(y + 1.0);
    ways + size * (size / (size + mean)).ln() + y * (mean / (size + mean)).ln()
}

/// The distribution function of a negative binomial, from where it starts to matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    first: u32,
    reached: Vec<f64>,
}

impl Table {
    /// Of this mean and size. As long as the distribution is wide (some thirty standard deviations),
    /// however large the mean.
    #[must_use]
    pub fn new(mean: f64, size: f64) -> Self {
        let mean = mean.max(LEAST_MEAN);
        let odds = mean / (size + mean);
        let start = (mean - STANDARD_DEVIATIONS * (mean + mean * mean / size).sqrt()).max(0.0).floor();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not below zero; saturates")]
        let first = start as u32;
        let (mut chance, mut sum, mut count) = (ln_chance(first, mean, size).exp(), 0.0, f64::from(first));
        let mut reached = Vec::new();
        while sum < 1.0 - LEFT_OUT && (count <= mean || chance > LEAST_CHANCE) {
            sum += chance;
            reached.push(sum.min(1.0));
            chance *= (size + count) / (count + 1.0) * odds;
            count += 1.0;
        }
        Self { first, reached }
    }

    /// The chance of this count or fewer.
    #[must_use]
    pub fn at_most(&self, count: u32) -> f64 {
        let Some(at) = count.checked_sub(self.first) else { return 0.0 };
        self.reached.get(at as usize).copied().unwrap_or(1.0)
    }

    /// The smallest count whose chance of it or fewer is at least this; `None` beyond the table.
    #[must_use]
    pub fn reaching(&self, probability: f64) -> Option<u32> {
        let at = self.reached.partition_point(|reached| *reached < probability);
        (at < self.reached.len()).then(|| self.first.saturating_add(count(at)))
    }

    /// The smallest count that is reached with a probability.
    #[must_use]
    pub fn quantile(&self, probability: f64) -> u32 {
        self.reaching(probability - 1e-12).unwrap_or_else(|| self.end().saturating_sub(1))
    }

    /// The first count beyond the table.
    fn end(&self) -> u32 {
        self.first.saturating_add(count(self.reached.len()))
    }
}

fn count(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The score of what is known of a count, where counts from the lowest to the highest of `blind` are
/// not told apart: the threshold-weighted score (Gneiting and Ranjan 2011), without the thresholds
/// between them. `None` when nothing is known.
#[must_use]
pub fn crps_seen(seen: Seen, mean: f64, size: f64, blind: Option<(u32, u32)>) -> Option<f64> {
    let Some((low, high)) = blind else { return Some(crps(seen.exact()?, mean, size)) };
    let count = seen.bounds()?.0;
    let table = Table::new(mean, size);
    let untold = (low..high).map(|at| (table.at_most(at) - if at >= count { 1.0 } else { 0.0 }).powi(2));
    Some((crps(count, mean, size) - untold.sum::<f64>()).max(0.0))
}

/// Continuous ranked probability score of a count: the lower the better.
#[must_use]
pub fn crps(count: u32, mean: f64, size: f64) -> f64 {
    let table = Table::new(mean, size);
    // Counts between this one and the table, on either side, were all wrong or all right for sure.
    let outside = f64::from(table.first.saturating_sub(count)) + f64::from(count.saturating_sub(table.end()));
    let score = |(at, reached): (u32, &f64)| {
        let happened = if at >= count { 1.0 } else { 0.0 };
        (reached - happened).powi(2)
    };
    outside + (table.first..).zip(&table.reached).map(score).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_sum_to_one_and_have_the_declared_mean() {
        for (mean, size) in [(0.3, 0.8), (4.0, 2.0), (60.0, 5.0), (2.0, LARGEST), (3000.0, LARGEST), (2e5, 400.0)] {
            let table = Table::new(mean, size);
            let found: f64 = f64::from(table.first) + table.reached.iter().map(|reached| 1.0 - reached).sum::<f64>();
            assert!((found - mean).abs() < 1e-4 * (1.0 + mean), "{mean} {size}: {found}");
        }
    }

    #[test]
    fn the_size_that_was_planted_is_found_and_the_median_of_a_large_poisson_is_its_mean() {
        // Chances of a negative binomial with mean 3 and size 2, as counts out of 10,000.
        let counts = (0..60u32).flat_map(|y| {
            let often = (1e4 * ln_chance(y, 3.0, 2.0).exp()).round();
            (0..10_000).take_while(move |at| f64::from(*at) < often).map(move |_| (Seen::Exactly(y), 3.0))
        });
        let found = size(&counts.collect::<Vec<_>>());
        assert!((found / 2.0).ln().abs() < 0.03, "{found}");
        assert_eq!(Table::new(100.0, LARGEST).quantile(0.5), 100);
    }

    #[test]
    fn the_score_of_a_sure_forecast_is_its_error() {
        assert!((crps(7, 1e-9, 1.0) - 7.0).abs() < 1e-6);
        assert!(crps(5, 5.0, LARGEST) < crps(9, 5.0, LARGEST));
    }

    #[test]
    fn where_counts_are_not_told_apart_their_score_is_the_same() {
        let blind = Some((0, 4));
        let of = |count: u32| crps_seen(Seen::Exactly(count), 3.0, 2.0, blind).unwrap();
        let few = crps_seen(Seen::Within { low: 0, high: 4 }, 3.0, 2.0, blind).unwrap();
        assert!((0..=4).all(|count| (of(count) - few).abs() < 1e-9) && of(5) > few);
        assert_eq!(crps_seen(Seen::Nothing, 3.0, 2.0, blind), None);
        assert_eq!(crps_seen(Seen::Exactly(7), 3.0, 2.0, None), Some(crps(7, 3.0, 2.0)));
    }

    #[test]
    fn the_size_is_found_where_few_are_withheld() {
        // Chances of a negative binomial with mean 3 and size 2, below three withheld.
        let counts = (0..60u32).flat_map(|y| {
            let often = (1e4 * ln_chance(y, 3.0, 2.0).exp()).round();
            let seen = if y < 3 { Seen::Within { low: 0, high: 2 } } else { Seen::Exactly(y) };
            (0..10_000).take_while(move |at| f64::from(*at) < often).map(move |_| (seen, 3.0))
        });
        let found = size(&counts.collect::<Vec<_>>());
        assert!((found / 2.0).ln().abs() < 0.03, "{found}");
    }

    #[test]
    fn large_means_and_counts_far_away_are_scored_as_by_scipy() {
        // scipy.stats.nbinom: quantiles 0.05, 0.5, 0.95; the score by summing its cdf.
        for (mean, size, quantiles, count, score) in SCIPY {
            let table = Table::new(mean, size);
            assert_eq!([0.05, 0.5, 0.95].map(|p| table.quantile(p)), quantiles, "{mean} {size}");
            assert!((crps(count, mean, size) / score - 1.0).abs() < 1e-6, "{mean} {size}: {}", crps(count, mean, size));
        }
        assert!((crps(900, 1e-4, 2.0) - 900.0).abs() < 0.01 && Table::new(1e-4, 2.0).at_most(900) >= 1.0);
        assert!(Table::new(5000.0, LARGEST).at_most(10) <= 0.0);
    }

    const SCIPY: [(f64, f64, [u32; 3], u32, f64); 3] = [
        (3000.0, 10_000.0, [2898, 3000, 3103], 3100, 67.755_812_367),
        (250.0, 5.0, [97, 233, 460], 0, 187.864_712_347),
        (20_000.0, 300.0, [18_125, 19_978, 21_951], 26_000, 5_343.936_178_429),
    ];
}
