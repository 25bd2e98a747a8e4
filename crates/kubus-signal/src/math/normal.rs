//! The standard normal distribution, accurate in its tails.

use super::gamma;
use super::search::root_of_decreasing;

/// The chance that a standard normal exceeds z.
///
/// ```
/// use kubus_signal::math::normal::upper;
/// assert!((upper(1.959_963_984_540_054) - 0.025).abs() < 1e-14);
/// ```
#[must_use]
pub fn upper(z: f64) -> f64 {
    let outside = gamma::upper(0.5, z * z / 2.0) / 2.0;
    if z >= 0.0 { outside } else { 1.0 - outside }
}

/// The chance that a standard normal is at most z.
#[must_use]
pub fn lower(z: f64) -> f64 {
    upper(-z)
}

/// The z that is exceeded with this chance, for a chance above 1e-300 and up to a half.
#[must_use]
pub fn exceeded(chance: f64) -> f64 {
    let above = |z: f64| (upper(z) - chance, -(-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt());
    root_of_decreasing(above, 0.0, 40.0, 1.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_has_its_tabled_values() {
        for (chance, z) in
            [(0.05, 1.644_853_626_951_472_7), (0.005, 2.575_829_303_548_900_4), (1e-9, 5.997_807_015_007_686_9)]
        {
            assert!((exceeded(chance) - z).abs() < 1e-8, "{}", exceeded(chance));
            assert!((upper(z) / chance - 1.0).abs() < 1e-10 && (lower(-z) / chance - 1.0).abs() < 1e-10);
        }
    }
}
