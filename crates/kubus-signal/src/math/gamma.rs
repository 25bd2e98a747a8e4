//! The gamma function, the Poisson density with a real count, and the regularised incomplete
//! gamma function.
//!
//! Loader, C. (2000), *Fast and accurate computation of binomial probabilities*; the incomplete
//! function by its power series and Lentz's continued fraction (DLMF 8.11.4, 8.9.2).

use std::f64::consts::PI;

const HALF_LN_2PI: f64 = 0.918_938_533_204_672_8;
/// Above this the Stirling series with six terms is exact to the last digit.
const STIRLING_FROM: f64 = 16.0;
const SMALLEST: f64 = 1e-300;
const EPSILON: f64 = 1e-16;
const MOST_TERMS: u32 = 1_000_000;

/// ln Γ(x) for x > 0.
///
/// ```
/// use kubus_signal::math::gamma::ln_gamma;
/// assert!((ln_gamma(5.0) - 24.0_f64.ln()).abs() < 1e-14);
/// ```
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    let (mut shifted, mut product) = (x, 1.0);
    while shifted < STIRLING_FROM {
        product *= shifted;
        shifted += 1.0;
    }
    (shifted - 0.5) * shifted.ln() - shifted + HALF_LN_2PI + stirling_series(shifted) - product.ln()
}

/// What Stirling's formula for Γ leaves out, for large x.
fn stirling_series(x: f64) -> f64 {
    let square = 1.0 / (x * x);
    let terms = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    terms.iter().rev().fold(0.0, |sum, term| sum * square + term) / x
}

/// ln Γ(n + 1) − ((n + ½) ln n − n + ½ ln 2π), for n > 0.
pub(crate) fn stirling_error(n: f64) -> f64 {
    if n >= STIRLING_FROM { stirling_series(n) } else { ln_gamma(n + 1.0) - ((n + 0.5) * n.ln() - n + HALF_LN_2PI) }
}

/// x ln(x / m) + m − x without cancellation when x is near m.
pub(crate) fn deviance(x: f64, m: f64) -> f64 {
    let gap = x - m;
    if gap.abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = gap / (x + m);
    let mut sum = gap * v;
    let mut term = 2.0 * x * v;
    let mut odd = 3.0;
    loop {
        term *= v * v;
        let next = sum + term / odd;
        if (next - sum).abs() <= f64::EPSILON * sum.abs() * 0.1 || term.abs() < SMALLEST {
            return next;
        }
        sum = next;
        odd += 2.0;
    }
}

/// λˣ e^−λ / Γ(x + 1): the Poisson density, also for a count x ≥ 0 that is not whole.
#[must_use]
pub fn poisson_density(x: f64, lambda: f64) -> f64 {
    if x <= 0.0 {
        return (-lambda).exp();
    }
    (-stirling_error(x) - deviance(x, lambda)).exp() / (2.0 * PI * x).sqrt()
}

/// Q(a, x) = Γ(a, x) / Γ(a): the probability that a Gamma(a, 1) exceeds x, for a > 0 and x ≥ 0.
///
/// ```
/// use kubus_signal::math::gamma::upper;
/// assert!((upper(1.0, 2.0) - (-2.0_f64).exp()).abs() < 1e-15);
/// ```
#[must_use]
pub fn upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x < a + 1.0 { 1.0 - lower_series(a, x) } else { upper_fraction(a, x) }
}

/// P(a, x) = 1 − Q(a, x), accurate when it is small.
#[must_use]
pub fn lower(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x < a + 1.0 { lower_series(a, x) } else { 1.0 - upper_fraction(a, x) }
}

fn lower_series(a: f64, x: f64) -> f64 {
    let (mut sum, mut term, mut shape) = (1.0, 1.0, a);
    for _ in 0..MOST_TERMS {
        shape += 1.0;
        term *= x / shape;
        sum += term;
        if term < sum * EPSILON {
            break;
        }
    }
    sum * poisson_density(a, x)
}

fn upper_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / SMALLEST;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..MOST_TERMS {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / away_from_zero(an * d + b);
        c = away_from_zero(b + an / c);
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < EPSILON {
            break;
        }
    }
    a * h * poisson_density(a, x)
}

/// Lentz: a denominator of zero becomes the smallest number instead.
pub(crate) fn away_from_zero(value: f64) -> f64 {
    if value.abs() < SMALLEST { SMALLEST } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::reference::{GAMMA_LN, GAMMA_LOWER, GAMMA_UPPER};
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 2e-13, "{found:e} against {expected:e}");
    }

    #[test]
    fn the_logarithm_of_gamma_equals_forty_digit_arithmetic() {
        GAMMA_LN.iter().for_each(|&(x, expected)| {
            let gap = (ln_gamma(x) - expected).abs();
            assert!(gap < 1e-14 * (1.0 + expected.abs()), "{x}: {gap:e}");
        });
    }

    #[test]
    fn the_upper_tail_equals_forty_digit_arithmetic() {
        GAMMA_UPPER.iter().for_each(|&(a, x, expected)| near(upper(a, x), expected));
    }

    #[test]
    fn the_lower_tail_equals_forty_digit_arithmetic() {
        GAMMA_LOWER.iter().for_each(|&(a, x, expected)| near(lower(a, x), expected));
    }

    #[test]
    fn one_more_in_the_shape_adds_one_density() {
        for (a, x) in [(0.3, 0.2), (4.5, 9.0), (80.0, 75.0)] {
            near(upper(a + 1.0, x), upper(a, x) + poisson_density(a, x));
        }
    }
}
