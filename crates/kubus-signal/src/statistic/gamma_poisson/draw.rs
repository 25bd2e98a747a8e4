//! Random draws for figures without a pattern and for simulation tests. Fixed seeds only.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::math::gamma::ln_gamma;

/// A uniform number in (0, 1).
pub(crate) fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    random.random::<f64>().max(f64::MIN_POSITIVE)
}

/// A Gamma by Marsaglia and Tsang (2000).
pub(crate) fn gamma(random: &mut Xoshiro256PlusPlus, shape: f64, rate: f64) -> f64 {
    if shape < 1.0 {
        let boost = uniform(random).powf(1.0 / shape);
        return gamma(random, shape + 1.0, rate) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = (-2.0 * uniform(random).ln()).sqrt() * (std::f64::consts::TAU * uniform(random)).cos();
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && uniform(random).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v / rate;
        }
    }
}

/// From this mean on a Poisson is drawn by rejection.
const LARGE: f64 = 64.0;

/// A Poisson: by the gaps between its events when the mean is small. Gaps are exponential, so their
/// sum stays below the mean as long as the product of uniform numbers stays above e^-mean.
pub(crate) fn poisson(random: &mut Xoshiro256PlusPlus, mean: f64) -> f64 {
    if mean >= LARGE {
        return large_poisson(random, mean);
    }
    let (mut count, mut left, end) = (0.0, uniform(random), (-mean).exp());
    while left > end {
        count += 1.0;
        left *= uniform(random);
    }
    count
}

/// Transformed rejection with squeeze (Hörmann 1993, PTRS).
fn large_poisson(random: &mut Xoshiro256PlusPlus, mean: f64) -> f64 {
    let b = 0.931 + 2.53 * mean.sqrt();
    let a = -0.059 + 0.024_83 * b;
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let sure = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = uniform(random) - 0.5;
        let v = uniform(random);
        let near = 0.5 - u.abs();
        let count = ((2.0 * a / near + b) * u + mean + 0.43).floor();
        if near >= 0.07 && v <= sure {
            return count;
        }
        if count < 0.0 || (near < 0.013 && v > near) {
            continue;
        }
        let height = (v * inverse_alpha / (a / (near * near) + b)).ln();
        if height <= count * mean.ln() - mean - ln_gamma(count + 1.0) {
            return count;
        }
    }
}

/// A Poisson whose relative rate is Gamma(shape, rate).
#[cfg(test)]
pub(crate) fn negative_binomial(random: &mut Xoshiro256PlusPlus, shape: f64, rate: f64, expected: f64) -> f64 {
    let relative = gamma(random, shape, rate);
    poisson(random, relative * expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn a_large_poisson_has_its_mean_its_variance_and_its_tail() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
        let (mean, draws) = (80.0, 200_000);
        let found: Vec<f64> = (0..draws).map(|_| poisson(&mut random, mean)).collect();
        let average = found.iter().sum::<f64>() / f64::from(draws);
        let variance = found.iter().map(|x| (x - average).powi(2)).sum::<f64>() / f64::from(draws);
        assert!((average - mean).abs() < 0.08 && (variance - mean).abs() < 1.0, "{average} {variance}");
        let above = found.iter().filter(|x| **x >= 100.0).count() as f64 / f64::from(draws);
        let exact = crate::math::gamma::lower(100.0, mean);
        assert!((above - exact).abs() < 4.0 * (exact / f64::from(draws)).sqrt(), "{above} {exact}");
    }
}
