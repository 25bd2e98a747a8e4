//! The chance of finding what is there, for counts whose variance is `dispersion` times their mean
//! (negative binomial; Poisson when it is 1). Such counts keep that ratio when areas or periods are
//! put together.

use crate::forecast::spread::{LARGEST, Table};
use crate::math::normal;

/// A two-sided test at 5 % rejects beyond so many standard errors.
const TWO_SIDED: f64 = 1.959_963_984_540_054;

/// Chance that an area with `ratio` times the `expected` count is found (`ratio` above 1), when
/// areas without a deviation are pointed at with a chance of at most `false_alarm`. Exact.
///
/// ```
/// use kubus_signal::feasibility::power::deviation;
/// assert!(deviation(100.0, 1.5, 1.0, 0.01) > 0.95 && deviation(4.0, 1.5, 1.0, 0.01) < 0.10);
/// ```
#[must_use]
pub fn deviation(expected: f64, ratio: f64, dispersion: f64, false_alarm: f64) -> f64 {
    found(&tables(expected, ratio, dispersion), false_alarm)
}

/// Counts of an area as usual, and of one that deviates.
fn tables(expected: f64, ratio: f64, dispersion: f64) -> [Table; 2] {
    [expected, expected * ratio].map(|mean| Table::new(mean, size(mean, dispersion)))
}

fn found([usual, here]: &[Table; 2], false_alarm: f64) -> f64 {
    // Above the smallest count that is exceeded by chance with at most `false_alarm`.
    usual.reaching(1.0 - false_alarm).map_or(0.0, |limit| 1.0 - here.at_most(limit))
}

/// The chance of a false alarm per quiet area at which a share `promised` of the list is false, when
/// a share `deviating` of the areas deviates and `found` of those is found.
#[must_use]
pub fn false_alarm(promised: f64, deviating: f64, found: f64) -> f64 {
    promised / (1.0 - promised) * deviating / (1.0 - deviating) * found
}

/// The chance to find a deviation when the list may be false for a share `promised`: threshold and
/// chance depend on each other, and are solved together.
#[must_use]
pub fn deviation_in_list(expected: f64, ratio: f64, dispersion: f64, promised: f64, deviating: f64) -> f64 {
    let tables = tables(expected, ratio, dispersion);
    (0..30).fold(1.0, |found, _| self::found(&tables, false_alarm(promised, deviating, found)))
}

/// Chance that a test at 5 % finds a yearly change (0.10 is 10 % more every year) in counts of
/// `per_period` over so many periods, of which there are `in_year` in a year: a log-linear trend.
#[must_use]
pub fn trend(per_period: f64, periods: u32, in_year: f64, change: f64, dispersion: f64) -> f64 {
    let n = f64::from(periods);
    // The sum of squared distances of 0 … n − 1 to their mean.
    let spread = n * (n * n - 1.0) / 12.0;
    if spread <= 0.0 || per_period <= 0.0 {
        return 0.0;
    }
    let step = (1.0 + change).ln().abs() / in_year;
    two_sided(step / (dispersion / (per_period * spread)).sqrt())
}

/// Chance that a test at 5 % finds that an intervention multiplies counts by `ratio`: difference in
/// differences of the logarithms of four totals (before and after, with and without it).
#[must_use]
pub fn effect(totals: [f64; 4], ratio: f64, dispersion: f64) -> f64 {
    let variance: f64 = totals.iter().map(|total| dispersion / total).sum();
    if variance.is_finite() && variance > 0.0 { two_sided(ratio.ln().abs() / variance.sqrt()) } else { 0.0 }
}

/// Chance of rejecting at 5 % when the estimate lies so many standard errors from 0.
fn two_sided(errors: f64) -> f64 {
    normal::lower(errors - TWO_SIDED) + normal::lower(-errors - TWO_SIDED)
}

/// Size of the negative binomial with this mean and dispersion.
pub(crate) fn size(mean: f64, dispersion: f64) -> f64 {
    if dispersion > 1.0 { (mean / (dispersion - 1.0)).min(LARGEST) } else { LARGEST }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;
    use crate::statistic::gamma_poisson::draw;

    #[test]
    fn a_deviation_is_found_as_often_as_scipy_says() {
        // scipy.stats: k = first k with sf(k) <= alpha; power = sf(k) at ratio times the mean.
        for (expected, ratio, dispersion, false_alarm, found) in GOLDEN {
            let power = deviation(expected, ratio, dispersion, false_alarm);
            assert!((power - found).abs() < 2e-4, "{expected} {ratio} {dispersion}: {power} {found}");
        }
    }

    const GOLDEN: [(f64, f64, f64, f64, f64); 4] = [
        (10.0, 1.5, 1.0, 0.01, 0.180_528),
        (10.0, 1.5, 1.5, 0.005, 0.066_419),
        (80.0, 1.3, 2.0, 0.01, 0.270_195),
        (2.5, 3.0, 1.2, 0.02, 0.468_583),
    ];

    #[test]
    fn a_simulation_finds_as_often_as_is_said() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
        // Twenty-four months of 10 a month, a quarter more every year.
        let said = trend(10.0, 24, 12.0, 0.25, 1.5);
        let (mut found, runs) = (0.0, 4000);
        for _ in 0..runs {
            let (mut sum, mut moment) = (0.0, 0.0);
            for month in 0..24 {
                let mean = 10.0 * 1.25f64.powf((f64::from(month) - 11.5) / 12.0);
                let count = draw::negative_binomial(&mut random, 20.0, 20.0, mean);
                sum += count;
                moment += count * (f64::from(month) - 11.5);
            }
            // First order: slope = moment / (mean · Σ(t − mean t)²).
            let spread = 24.0 * 575.0 / 12.0;
            let slope = moment / (sum / 24.0 * spread);
            found += if (slope / (1.5 / (sum / 24.0 * spread)).sqrt()).abs() > TWO_SIDED { 1.0 } else { 0.0 };
        }
        assert!((found / f64::from(runs) - said).abs() < 0.04, "{} {said}", found / f64::from(runs));
    }

    proptest! {
        /// More events, a larger deviation and less spread never make it harder to find.
        #[test]
        fn more_never_makes_it_harder(per in 0.5..40.0f64, ratio in 1.1..4.0f64, dispersion in 1.0..3.0f64) {
            let of = |per: f64, ratio: f64, dispersion: f64| (
                trend(per, 24, 12.0, ratio - 1.0, dispersion),
                effect([per, per, 3.0 * per, 3.0 * per], ratio, dispersion),
            );
            let now = of(per, ratio, dispersion);
            for other in [of(per * 1.5, ratio, dispersion), of(per, ratio * 1.2, dispersion)] {
                prop_assert!(other.0 >= now.0 - 1e-12 && other.1 >= now.1 - 1e-12);
            }
            prop_assert!(of(per, ratio, dispersion * 1.3).0 <= now.0 + 1e-12);
            prop_assert!(deviation(per, ratio * 1.2, dispersion, 0.01) >= deviation(per, ratio, dispersion, 0.01) - 1e-9);
        }
    }
}
