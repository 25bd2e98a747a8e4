//! Counts to learn from where some were withheld: each of those is what was expected of it at that
//! time. Period by period, from what was known until then and nothing later: the level of the area
//! (a discounted mean, pulled to that of all areas) times what the whole did in that period, cut to
//! the class in which the count lies (a step of expectation: Dempster, Laird and Rubin 1977).

use super::season::real;
use super::seen::Seen;
use super::shrink::shrunk;

/// Weight of a period, per month later.
const DISCOUNT: f64 = 0.96;
/// Areas differ so much (negative-binomial size) as long as their levels are not known.
const DIFFER: f64 = 0.7;
/// And so much an area differs from its own level from period to period.
const CHANGE: f64 = 5.0;
/// Rounds by which the mean of a period is found.
const ROUNDS: usize = 40;
/// Smallest mean.
const LEAST: f64 = 1e-3;

/// One value for every count, by period and area.
pub(super) fn filled(seen: &[Vec<Seen>]) -> Vec<Vec<f64>> {
    if let Some(counts) = seen.iter().map(|period| exact(period)).collect() {
        return counts;
    }
    let areas = seen.first().map_or(0, Vec::len);
    let (mut sums, mut exposure) = (vec![0.0; areas], 0.0);
    let alike = vec![1.0; areas];
    let period = |seen: &Vec<Seen>| {
        let levels = if exposure > 0.0 { shrunk(&sums, exposure, &alike) } else { alike.clone() };
        let size = if exposure > 0.0 { CHANGE } else { DIFFER };
        let factor = factor(seen, &levels, size);
        let value = |(seen, level): (&Seen, &f64)| seen.expected((factor * level).max(LEAST), size);
        let values: Vec<f64> = seen.iter().zip(&levels).map(value).collect();
        sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum = DISCOUNT * *sum + value);
        exposure = DISCOUNT * exposure + 1.0;
        values
    };
    seen.iter().map(period).collect()
}

fn exact(period: &[Seen]) -> Option<Vec<f64>> {
    period.iter().map(|seen| seen.exact().map(f64::from)).collect()
}

/// How many times their levels the areas of a period had together; 1 when nothing is known.
fn factor(seen: &[Seen], levels: &[f64], size: f64) -> f64 {
    let known = || seen.iter().zip(levels).filter(|(seen, _)| **seen != Seen::Nothing);
    let expected: f64 = known().map(|(_, level)| level.max(LEAST)).sum();
    let mut factor = 1.0;
    if expected <= 0.0 {
        return factor;
    }
    for _ in 0..ROUNDS {
        // One area's worth of "as usual" keeps a period in which all were withheld from sliding to 0.
        let usual = expected / real(seen.len().max(1));
        let found: f64 = known().map(|(seen, level)| seen.expected((factor * level).max(LEAST), size)).sum();
        let next = (found + usual) / (expected + usual);
        let done = (next - factor).abs() < 1e-6;
        factor = next;
        if done {
            break;
        }
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEW: Seen = Seen::Within { low: 0, high: 4 };

    /// Areas with levels 1 to 8; what is below five is withheld.
    fn panel(periods: usize) -> Vec<Vec<u32>> {
        let count = |t: usize, area: usize| u32::try_from(area % 8 + (t * 5 + area * 3) % 3).unwrap_or(0);
        (0..periods).map(|t| (0..40).map(|area| count(t, area)).collect()).collect()
    }

    fn hide(count: u32) -> Seen {
        if count < 5 { FEW } else { Seen::Exactly(count) }
    }

    fn hidden(counts: &[Vec<u32>]) -> Vec<Vec<Seen>> {
        counts.iter().map(|period| period.iter().map(|count| hide(*count)).collect()).collect()
    }

    #[test]
    fn known_counts_stay_and_withheld_ones_lie_in_their_class() {
        let counts = panel(36);
        let values = filled(&hidden(&counts));
        for (period, values) in counts.iter().zip(&values) {
            for (count, value) in period.iter().zip(values) {
                let right =
                    if *count < 5 { (0.0..=4.0).contains(value) } else { (*value - f64::from(*count)).abs() < 1e-12 };
                assert!(right, "{count} {value}");
            }
        }
    }

    #[test]
    fn an_area_that_is_now_and_then_above_the_limit_is_filled_higher_than_one_that_never_is() {
        let values = filled(&hidden(&panel(36)));
        let last = |area: usize| values.iter().skip(24).map(|period| period[area]).sum::<f64>() / 12.0;
        assert!(last(4) > last(0) + 0.5, "{} {}", last(4), last(0));
    }

    #[test]
    fn what_comes_later_changes_no_value() {
        let (mut counts, end) = (panel(36), 20);
        let before = filled(&hidden(&counts));
        counts[end..].iter_mut().flatten().for_each(|count| *count += 30);
        assert_eq!(filled(&hidden(&counts))[..end], before[..end]);
    }

    #[test]
    fn a_count_of_which_nothing_is_known_is_at_the_level_of_its_area() {
        let mut seen: Vec<Vec<Seen>> = (0..24).map(|_| [2, 8, 4].map(Seen::Exactly).to_vec()).collect();
        seen[20][1] = Seen::Nothing;
        assert!((filled(&seen)[20][1] - 8.0).abs() < 0.6, "{:?}", filled(&seen)[20]);
    }
}
