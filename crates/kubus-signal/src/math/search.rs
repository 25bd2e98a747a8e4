//! Root finding and one-dimensional maximisation, deterministic and bounded.

/// The x in [low, high] at which a decreasing function with the given derivative is zero: Newton's
/// method, kept inside a bracket that halves whenever Newton would leave it.
pub fn root_of_decreasing(function: impl Fn(f64) -> (f64, f64), low: f64, high: f64, start: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let mut x = start.clamp(low, high);
    for _ in 0..60 {
        let (value, slope) = function(x);
        if value > 0.0 {
            low = x;
        } else {
            high = x;
        }
        let newton = x - value / slope;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - x).abs() <= 1e-9 * x.abs() {
            return next;
        }
        x = next;
    }
    x
}

/// The maximum of a function on [low, high]: the best of a grid, then golden section around it.
pub fn maximum(function: impl Fn(f64) -> f64, low: f64, high: f64, grid: u32, refinements: u32) -> f64 {
    let step = (high - low) / f64::from(grid);
    let at = |i: u32| low + step * f64::from(i);
    let best =
        (0..=grid).map(|i| (function(at(i)), i)).fold((f64::NEG_INFINITY, 0), |a, b| if b.0 > a.0 { b } else { a });
    let from = at(best.1.saturating_sub(1));
    let to = at((best.1 + 1).min(grid));
    golden_section(function, from, to, refinements)
}

fn golden_section(function: impl Fn(f64) -> f64, from: f64, to: f64, refinements: u32) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_894_8;
    let (mut from, mut to) = (from, to);
    let (mut left, mut right) = (to - RATIO * (to - from), from + RATIO * (to - from));
    let (mut at_left, mut at_right) = (function(left), function(right));
    for _ in 0..refinements {
        if at_left > at_right {
            (to, right, at_right) = (right, left, at_left);
            left = to - RATIO * (to - from);
            at_left = function(left);
        } else {
            (from, left, at_left) = (left, right, at_right);
            right = from + RATIO * (to - from);
            at_right = function(right);
        }
    }
    f64::midpoint(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newton_finds_the_root_from_a_bad_start() {
        let root = root_of_decreasing(|x| (2.0 - x * x, -2.0 * x), 0.0, 1000.0, 999.0);
        assert!((root - 2.0_f64.sqrt()).abs() < 1e-8);
    }

    #[test]
    fn the_highest_of_two_hills_is_found() {
        let hills = |x: f64| (-(x - 1.0).powi(2)).exp() + 1.5 * (-(x - 6.0).powi(2)).exp();
        assert!((maximum(hills, 0.0, 8.0, 8, 30) - 6.0).abs() < 1e-4);
    }
}
