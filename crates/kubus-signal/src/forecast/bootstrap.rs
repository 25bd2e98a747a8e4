//! How sure a mean over periods is, when periods that follow each other look alike: the
//! moving-block bootstrap (Künsch, H. (1989), Annals of Statistics 17) and the test of Diebold and
//! Mariano (1995) with the small-sample correction of Harvey, Leybourne and Newbold (1997).

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::season::real;
use crate::math::beta;

/// Draws.
const DRAWS: usize = 1000;

/// Periods in a block for forecasts of a horizon: errors of forecasts that overlap look alike.
#[must_use]
pub fn block(horizon: usize) -> usize {
    if horizon <= 3 { 3 } else { 6 }
}

/// 95 % interval of a function of periods. `None` when there are fewer than two blocks.
pub fn interval<T: Copy>(periods: &[T], block: usize, seed: u64, of: impl Fn(&[T]) -> f64) -> Option<(f64, f64)> {
    if periods.len() < 2 * block {
        return None;
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut draw = || {
        let mut drawn: Vec<T> = Vec::with_capacity(periods.len() + block);
        while drawn.len() < periods.len() {
            let start = random.random_range(0..=periods.len() - block);
            drawn.extend_from_slice(&periods[start..start + block]);
        }
        drawn.truncate(periods.len());
        of(&drawn)
    };
    let mut found: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
    found.sort_by(f64::total_cmp);
    Some((found[DRAWS / 40], found[DRAWS - DRAWS / 40 - 1]))
}

/// Two-sided p-value that the mean of differences (one per period) is zero. Autocovariances up to
/// `block` − 1 count, with falling weights (Newey and West 1987).
#[must_use]
pub fn diebold_mariano(differences: &[f64], block: usize) -> f64 {
    let n = real(differences.len());
    if differences.len() <= block {
        return 1.0;
    }
    let mean = differences.iter().sum::<f64>() / n;
    let lagged = |lag: usize| {
        let pairs = differences[lag..].iter().zip(differences);
        pairs.map(|(later, earlier)| (later - mean) * (earlier - mean)).sum::<f64>() / n
    };
    let weighted = |lag: usize| 2.0 * (1.0 - real(lag) / real(block)) * lagged(lag);
    let variance = lagged(0) + (1..block).map(weighted).sum::<f64>();
    if variance <= 0.0 {
        return if mean.abs() > 0.0 { 0.0 } else { 1.0 };
    }
    let h = real(block);
    let correction = ((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n).max(0.0).sqrt();
    two_sided(mean / (variance / n).sqrt() * correction, n - 1.0)
}

/// Chance that Student's t is farther from 0.
fn two_sided(t: f64, freedom: f64) -> f64 {
    beta::lower(freedom / 2.0, 0.5, freedom / (freedom + t * t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_t_has_the_tabled_tails() {
        // Two-sided 5 % points of Student's t (any table): 2.069 with 23, 12.706 with 1 degree.
        assert!((two_sided(2.0687, 23.0) - 0.05).abs() < 1e-5 && (two_sided(12.7062, 1.0) - 0.05).abs() < 1e-5);
    }

    #[test]
    fn a_clear_gain_is_sure_and_noise_is_not() {
        let noise: Vec<f64> = (0..24).map(|at| f64::from((at * 7) % 11) - 5.0).collect();
        let gain: Vec<f64> = noise.iter().map(|d| d + 9.0).collect();
        assert!(diebold_mariano(&gain, 3) < 0.001 && diebold_mariano(&noise, 3) > 0.3);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / real(values.len());
        let (low, high) = interval(&noise, 3, 1, mean).unwrap();
        assert!(
            low < 0.0
                && high > 0.0
                && interval(&gain, 3, 1, mean).unwrap().0 > 4.0
                && interval(&gain[..5], 3, 1, mean).is_none()
        );
    }

    #[test]
    fn the_test_equals_the_formula_in_other_software() {
        // Differences 1..10 with block 3, by the formula in numpy and scipy.
        let differences: Vec<f64> = (1..=10).map(|at| f64::from(at) - 3.0).collect();
        assert!((diebold_mariano(&differences, 3) - 0.199_087_657_887_423).abs() < 1e-9);
    }
}
