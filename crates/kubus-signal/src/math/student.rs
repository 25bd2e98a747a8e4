//! Student's t distribution.

use super::beta;

/// Doublings and halvings that find a quantile to the last digits.
const HALVINGS: usize = 80;

/// The chance that Student's t with so many degrees of freedom exceeds t, for t not below zero.
#[must_use]
pub fn upper(t: f64, freedom: f64) -> f64 {
    beta::lower(freedom / 2.0, 0.5, freedom / (freedom + t * t)) / 2.0
}

/// The t that is exceeded with this chance, for a chance above zero and up to a half.
#[must_use]
pub fn exceeded(chance: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while upper(high, freedom) > chance && high < 1e12 {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if upper(middle, freedom) > chance {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17, `t.isf(chance, freedom)`.
    #[test]
    fn the_quantiles_equal_those_of_scipy() {
        for (chance, freedom, t) in SCIPY {
            assert!((exceeded(chance, freedom) / t - 1.0).abs() < 1e-10, "{chance} {freedom}");
        }
    }

    const SCIPY: [(f64, f64, f64); 4] = [
        (0.01, 6.0, 3.142668403291007),
        (0.05, 6.0, 1.943180280515305),
        (0.0001, 6.0, 8.024792773116376),
        (0.3, 2.5, 0.597307738252318),
    ];
}
