//! Random draws: a Gamma for maps without a pattern, the others for simulation tests. Fixed seeds
//! only.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

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

/// A Poisson by the exponential gaps.
#[cfg(test)]
pub(crate) fn poisson(random: &mut Xoshiro256PlusPlus, mean: f64) -> f64 {
    let (mut count, mut time) = (0.0, -uniform(random).ln());
    while time < mean {
        count += 1.0;
        time -= uniform(random).ln();
    }
    count
}

/// A Poisson whose relative rate is Gamma(shape, rate).
#[cfg(test)]
pub(crate) fn negative_binomial(random: &mut Xoshiro256PlusPlus, shape: f64, rate: f64, expected: f64) -> f64 {
    let relative = gamma(random, shape, rate);
    poisson(random, relative * expected)
}
