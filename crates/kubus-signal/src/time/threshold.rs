//! From an expected count and its uncertainty to the highest count that is no alarm.
//!
//! Noufaily, A. et al. (2013), Statistics in Medicine 32: the delta method on a power scale, the
//! quantile of a negative binomial around the expected count, and the same around the upper end of
//! the expected count ("muan"). The usual one here is a negative binomial whose variance has both
//! the spread of counts and the error of what is expected. All one-sided at `alpha`.

use crate::feasibility::power::size;
use crate::forecast::spread::Table;
use crate::math::normal;

/// An expected count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The count.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
    /// Variance of a count over its mean, at least one.
    pub dispersion: f64,
}

impl Expected {
    /// Variance over mean of a count that is to come.
    #[must_use]
    pub fn spread(&self) -> f64 {
        self.dispersion + self.error.powi(2) / self.mean
    }
}

/// On which power of the counts a normal curve is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The counts themselves.
    Identity,
    /// Their square root: for Poisson, the same variance everywhere.
    Half,
    /// To the power 2/3: for Poisson, no skew.
    TwoThirds,
}

impl Scale {
    const fn exponent(self) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Half => 0.5,
            Self::TwoThirds => 2.0 / 3.0,
        }
    }
}

/// How the threshold follows from what is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A negative binomial with the variance of a count that is to come.
    Predictive,
    /// [`delta`].
    Delta(Scale),
    /// [`negative_binomial`].
    NegativeBinomial,
    /// [`upper_mean`].
    UpperMean,
}

impl Method {
    /// The range of usual counts, and how unusual a count is.
    #[must_use]
    pub fn range(self, expected: &Expected, alpha: f64, count: f64) -> Range {
        match self {
            _ if expected.mean <= 0.0 => Range { lower: 0.0, upper: 0.0, p: if count > 0.0 { 0.0 } else { 1.0 } },
            Self::Predictive => around(expected.mean, expected.spread(), alpha, count),
            Self::Delta(scale) => delta(expected, scale, alpha, count),
            Self::NegativeBinomial => negative_binomial(expected, alpha, count),
            Self::UpperMean => upper_mean(expected, alpha, count),
        }
    }
}

/// The two ends of what is usual, and how far a count lies beyond them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lowest usual count.
    pub lower: f64,
    /// Highest usual count.
    pub upper: f64,
    /// The chance of a count as high as the one given.
    pub p: f64,
}

impl Range {
    /// The excess of a count over what is expected, in units of the highest usual excess; above one
    /// is an alarm.
    #[must_use]
    pub fn score(&self, count: f64, expected: &Expected) -> f64 {
        (count - expected.mean) / (self.upper - expected.mean)
    }
}

/// The delta method on a power scale.
#[must_use]
pub fn delta(expected: &Expected, scale: Scale, alpha: f64, count: f64) -> Range {
    let (mean, power) = (expected.mean, scale.exponent());
    let error = (power * power * mean.powf(2.0 * power - 1.0) * expected.spread()).sqrt();
    let centre = mean.powf(power);
    let end = |z: f64| (centre + z * error).max(0.0).powf(1.0 / power);
    let z = normal::exceeded(alpha);
    Range { lower: end(-z), upper: end(z), p: normal::upper((count.powf(power) - centre) / error) }
}

/// A negative binomial around the expected count; its uncertainty is left out.
#[must_use]
pub fn negative_binomial(expected: &Expected, alpha: f64, count: f64) -> Range {
    around(expected.mean, expected.dispersion, alpha, count)
}

/// A negative binomial around the upper end of the expected count, on the scale of its logarithm.
#[must_use]
pub fn upper_mean(expected: &Expected, alpha: f64, count: f64) -> Range {
    let error = expected.error / expected.mean;
    around(expected.mean * (normal::exceeded(alpha) * error).exp(), expected.dispersion, alpha, count)
}

fn around(mean: f64, dispersion: f64, alpha: f64, count: f64) -> Range {
    let table = Table::new(mean, size(mean, dispersion));
    let below = |count: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; saturates")]
        let whole = count as u32;
        whole.checked_sub(1).map_or(0.0, |lower| table.at_most(lower))
    };
    let quantile = |chance: f64| f64::from(table.quantile(chance));
    Range { lower: quantile(alpha), upper: quantile(1.0 - alpha), p: 1.0 - below(count) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} against {expected}");
    }

    /// Figures in the tests of R's surveillance 1.20.3. Its arguments are not given there; they
    /// follow from the figures: an expected count of 5 with error 0.2, no overdispersion, alpha
    /// 0.05 and a count of 8.
    #[test]
    fn the_delta_method_gives_the_thresholds_of_surveillance() {
        let expected = Expected { mean: 5.0, error: 0.2, dispersion: 1.0 };
        let found = delta(&expected, Scale::Identity, 0.05, 8.0);
        near(found.lower, 1.307_312_8);
        near(found.upper, 8.692_687_2);
        near(found.p, 0.090_724_6);
        near(found.score(8.0, &expected), 0.812_416_5);
    }

    /// The same with dispersion 1.5 and a count of 11. Its score, 1.11918153, has the logarithm of
    /// the expected count in it where the paper has the count: (11 - ln 5) / (10 - ln 5).
    #[test]
    fn the_negative_binomial_gives_the_thresholds_of_surveillance() {
        let expected = Expected { mean: 5.0, error: 0.2, dispersion: 1.5 };
        let found = negative_binomial(&expected, 0.05, 11.0);
        assert_eq!((found.lower, found.upper), (1.0, 10.0));
        assert!((found.p - 0.037_636_57).abs() < 1e-8, "{}", found.p);
        near(found.score(11.0, &expected), 1.2);
        near(found.score(11.0, &Expected { mean: 5.0_f64.ln(), ..expected }), 1.119_181_53);
    }

    proptest! {
        #[test]
        fn a_stricter_alarm_and_more_doubt_never_lower_the_threshold(
            mean in 0.5..200.0f64, error in 0.01..5.0f64, dispersion in 1.0..4.0f64, alpha in 0.001..0.2f64,
        ) {
            let expected = Expected { mean, error, dispersion };
            let doubt = Expected { error: error * 1.5, dispersion: dispersion * 1.2, ..expected };
            for scale in [Scale::Identity, Scale::Half, Scale::TwoThirds] {
                let of = |expected: &Expected, alpha: f64| delta(expected, scale, alpha, mean).upper;
                prop_assert!(of(&expected, alpha) > mean && of(&expected, alpha / 2.0) > of(&expected, alpha));
                prop_assert!(of(&doubt, alpha) > of(&expected, alpha));
            }
            let plain = negative_binomial(&expected, alpha, mean).upper;
            prop_assert!(negative_binomial(&expected, alpha / 2.0, mean).upper >= plain);
            prop_assert!(upper_mean(&expected, alpha, mean).upper >= plain);
        }
    }
}
