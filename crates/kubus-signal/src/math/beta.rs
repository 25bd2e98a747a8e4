//! The regularised incomplete beta function and the binomial density with real counts.
//!
//! Loader, C. (2000), as in [`super::gamma`]; continued fraction DLMF 8.17.22 by Lentz's method.

use std::f64::consts::PI;

use super::gamma::{away_from_zero, deviance, ln_gamma, stirling_error};

const EPSILON: f64 = 1e-16;
const MOST_TERMS: u32 = 100_000;

/// ln B(a, b) for a, b > 0.
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// xᵃ (1 − x)ᵇ / B(a, b), without a difference of large logarithms.
fn kernel(a: f64, b: f64, x: f64) -> f64 {
    let n = a + b;
    let exponent =
        stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * (1.0 - x));
    exponent.exp() * (n / (2.0 * PI * a * b)).sqrt() * a * b / n
}

/// The step of the survival function from shape (a, b) to (a + 1, b − 1):
/// xᵃ (1 − x)ᵇ⁻¹ / (a B(a, b)).
pub(crate) fn step(a: f64, b: f64, x: f64) -> f64 {
    kernel(a, b, x) / (a * (1.0 - x))
}

/// 1 − Iₓ(a, b): the probability that a Beta(a, b) exceeds x.
///
/// ```
/// use kubus_signal::math::beta::upper;
/// assert!((upper(1.0, 1.0, 0.3) - 0.7).abs() < 1e-14);
/// ```
#[must_use]
pub fn upper(a: f64, b: f64, x: f64) -> f64 {
    lower(b, a, 1.0 - x)
}

/// Iₓ(a, b): the probability that a Beta(a, b) is at most x.
#[must_use]
pub fn lower(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else if x < (a + 1.0) / (a + b + 2.0) {
        kernel(a, b, x) * fraction(a, b, x) / a
    } else {
        1.0 - kernel(b, a, 1.0 - x) * fraction(b, a, 1.0 - x) / b
    }
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..MOST_TERMS {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut last = 1.0;
        for coefficient in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + coefficient * d);
            c = away_from_zero(1.0 + coefficient / c);
            last = d * c;
            h *= last;
        }
        if (last - 1.0).abs() < EPSILON {
            break;
        }
    }
    h
}

#[cfg(test)]
mod tests {
    use super::super::reference::BETA_UPPER;
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 5e-13, "{found:e} against {expected:e}");
    }

    #[test]
    fn the_upper_tail_equals_forty_digit_arithmetic() {
        BETA_UPPER.iter().for_each(|&(a, b, x, expected)| near(upper(a, b, x), expected));
    }

    #[test]
    fn one_success_more_moves_the_tail_by_one_step() {
        for (a, b, x) in [(0.3, 4.0, 0.2), (12.0, 30.0, 0.25), (300.0, 5000.0, 0.06)] {
            near(upper(a + 1.0, b - 1.0, x), upper(a, b, x) + step(a, b, x));
        }
    }
}
