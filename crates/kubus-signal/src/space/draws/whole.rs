//! Figures as whole numbers, so that sums do not depend on the order and ties are ties.

/// Most decimals that are looked for.
const DECIMALS: i32 = 10;

/// Sums must fit with room to spare.
const LARGEST_SUM: f64 = (1u64 << 61) as f64;

/// A float holds whole numbers exactly up to here.
const EXACT: f64 = (1u64 << 50) as f64;

/// Figures with few decimals become exact; others are cut at some sixty bits of the largest sum.
#[expect(clippy::cast_possible_truncation, reason = "the scale keeps them within bounds")]
pub(super) fn numbers(figures: &[f64], longest: usize) -> Vec<i64> {
    let largest = figures.iter().fold(f64::MIN_POSITIVE, |largest, figure| largest.max(figure.abs()));
    let scale = decimal(figures, largest).unwrap_or_else(|| binary(largest * longest as f64));
    figures.iter().map(|figure| (figure * scale).round() as i64).collect()
}

/// The power of ten that makes all figures whole.
fn decimal(figures: &[f64], largest: f64) -> Option<f64> {
    let whole = |scale: f64| {
        let near = |figure: &f64| {
            let scaled = figure * scale;
            (scaled - scaled.round()).abs() <= scaled.abs() * 4.0 * f64::EPSILON
        };
        largest * scale < EXACT && figures.iter().all(near)
    };
    (0..=DECIMALS).map(|decimals| 10f64.powi(decimals)).find(|scale| whole(*scale))
}

fn binary(largest_sum: f64) -> f64 {
    (LARGEST_SUM / largest_sum).log2().floor().exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_exact_so_that_equal_sums_are_equal() {
        let found = numbers(&[0.1, 0.2, 0.3, -1.25], 6);
        assert_eq!(found, [10, 20, 30, -125]);
        assert_eq!(found[0] + found[1], found[2]);
    }

    #[test]
    fn other_figures_keep_their_order_and_leave_room_for_sums() {
        let found = numbers(&[1.0 / 3.0, 2.0 / 7.0, 1e-9 / 7.0, -3.0 / 11.0], 1000);
        assert!(found[0] > found[1] && found[1] > found[2] && found[2] > 0 && found[3] < 0);
        assert!(found[0].checked_mul(1001).is_some());
    }
}
