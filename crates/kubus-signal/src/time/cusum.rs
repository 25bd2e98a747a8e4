//! CUSUM: excesses of the last periods that are each too small for an alarm but add up. A sum of
//! log likelihood ratios of "so many times what is expected" against "as expected" that never
//! falls below zero, with a negative binomial (Poisson without overdispersion).
//!
//! Höhle, M. and Paul, M. (2008), Computational Statistics & Data Analysis 52. The limit is not
//! looked up: the distribution of the sum is followed from period to period on a grid (Brook and
//! Evans 1972), and the sum exceeds the limit at the last period with chance `alpha` when counts
//! are as expected. What is expected is itself in doubt; the distribution is the mean over five
//! levels (Gauss-Hermite), so a short past gives a higher limit. An alarm also needs a count above
//! what is expected.

use super::farrington::{Usual, left_out};
use super::threshold::Expected;
use super::{Bar, Reading, Setting, Silent};
use crate::feasibility::power::size;
use crate::forecast::spread::Table;

/// At most so many periods before the last take part.
const LONGEST: usize = 12;
/// Steps of the grid, and how wide they are; a sum beyond the grid stays at its end.
const CELLS: usize = 300;
const WIDTH: f64 = 0.1;
/// Chances below this are left out.
const LEFT_OUT: f64 = 1e-7;
/// Large counts are taken together, in so many lots at most.
const MOST_COUNTS: u32 = 200;
/// Places and weights of five levels of a normal curve.
const LEVELS: [(f64, f64); 5] = [
    (0.0, 0.533_333_333_333_333_3),
    (1.355_626_179_974_266, 0.222_075_922_005_612_6),
    (-1.355_626_179_974_266, 0.222_075_922_005_612_6),
    (2.856_970_013_872_806, 0.011_257_411_327_720_69),
    (-2.856_970_013_872_806, 0.011_257_411_327_720_69),
];

/// One period: what a count adds to the sum, and how counts are spread.
struct Step {
    expected: Expected,
    size: f64,
    slope: f64,
    start: f64,
}

impl Step {
    fn new(expected: Expected, ratio: f64) -> Self {
        let (mean, size) = (expected.mean, size(expected.mean, expected.dispersion));
        let less = ((size + mean) / (size + ratio * mean)).ln();
        Self { expected, size, slope: ratio.ln() + less, start: size * less }
    }

    fn added(&self, sum: f64, count: f64) -> f64 {
        (sum + self.slope * count + self.start).max(0.0)
    }

    /// What this period makes of the distribution of the sum, when the level is so many times higher.
    fn follow(&self, sums: &[f64], level: f64) -> Vec<f64> {
        let table = Table::new(self.expected.mean * level, self.size);
        let (least, most) = (table.quantile(LEFT_OUT), table.quantile(1.0 - LEFT_OUT));
        let together = (most - least) / MOST_COUNTS + 1;
        let below = |count: u32| count.checked_sub(1).map_or(0.0, |less| table.at_most(less));
        let of = |first: u32| {
            let end = first.saturating_add(together);
            (f64::from(first) + f64::from(together - 1) / 2.0, below(end) - below(first))
        };
        let chances: Vec<(f64, f64)> = (least..=most).step_by(together as usize).map(of).collect();
        let mut next = vec![0.0; CELLS];
        for (cell, before) in sums.iter().enumerate().filter(|(_, chance)| **chance > LEFT_OUT) {
            for (count, chance) in &chances {
                let place = self.added(cell as f64 * WIDTH, *count) / WIDTH;
                spread(&mut next, place, before * chance);
            }
        }
        next
    }
}

/// Divides a chance over the two cells nearest to its place, so that the mean stays what it is.
fn spread(sums: &mut [f64], place: f64, chance: f64) {
    let last = sums.len() - 1;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not below zero; saturates")]
    let cell = (place as usize).min(last);
    let beyond = if cell == last { 0.0 } else { place - cell as f64 };
    sums[cell] += chance * (1.0 - beyond);
    sums[(cell + 1).min(last)] += chance * beyond;
}

/// How many periods before the last take part.
pub(super) fn earlier(season: usize) -> usize {
    left_out(season).min(LONGEST)
}

/// The count with which the sum reaches its limit.
pub(super) fn bar(past: &[Reading], setting: &Setting) -> Result<Bar, Silent> {
    let usual = Usual::of(past, setting)?;
    let expected = usual.back(0);
    if expected.mean <= 0.0 {
        return Ok(Bar { expected: 0.0, threshold: 0.0 });
    }
    let known = |back: usize| past[past.len() - back].ok().map(|count| (f64::from(count), usual.back(back)));
    let steps: Vec<(f64, Step)> = (1..=earlier(setting.season))
        .rev()
        .filter_map(known)
        .map(|(count, expected)| (count, Step::new(expected, setting.ratio)))
        .collect();
    let last = Step::new(expected, setting.ratio);
    let sum = steps.iter().fold(0.0, |sum, (count, step)| step.added(sum, *count));
    let limit = limit(&steps, &last, setting.alpha);
    let threshold = (limit - sum - last.start) / last.slope;
    Ok(Bar { expected: expected.mean, threshold: threshold.max(expected.mean) })
}

/// What the sum exceeds with chance `alpha` when counts are as expected.
fn limit(earlier: &[(f64, Step)], last: &Step, alpha: f64) -> f64 {
    let doubt = last.expected.error / last.expected.mean;
    let mut sums = vec![0.0; CELLS];
    for (z, weight) in LEVELS {
        let level = (doubt * z).exp();
        let mut own = vec![0.0; CELLS];
        own[0] = 1.0;
        for step in earlier.iter().map(|(_, step)| step).chain([last]) {
            own = step.follow(&own, level);
        }
        sums.iter_mut().zip(own).for_each(|(sum, chance)| *sum += weight * chance);
    }
    let mut beyond = 0.0;
    let within = sums.iter().rposition(|chance| {
        beyond += chance;
        beyond > alpha
    });
    within.map_or(0.0, |cell| (cell as f64 + 0.5) * WIDTH)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;
    use crate::statistic::gamma_poisson::draw;

    #[test]
    fn the_limit_is_exceeded_as_often_in_drawn_sums() {
        for (mean, dispersion, error) in [(2.0, 1.0, 0.0), (15.0, 1.6, 1.0), (120.0, 3.0, 6.0)] {
            let step = || Step::new(Expected { mean, error, dispersion }, 1.5);
            let earlier: Vec<(f64, Step)> = (0..6).map(|_| (0.0, step())).collect();
            let (last, alpha) = (step(), 0.05);
            let limit = limit(&earlier, &last, alpha);
            let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
            let mut above = 0;
            for _ in 0..20_000 {
                // The sum of twelve uniform numbers less six is as good as normal here.
                let z = (0..12).map(|_| draw::uniform(&mut random)).sum::<f64>() - 6.0;
                let level = (error / mean * z).exp();
                let mut count = || draw::negative_binomial(&mut random, last.size, last.size, mean * level);
                let sum = (0..7).fold(0.0, |sum, _| last.added(sum, count()));
                above += i32::from(sum > limit);
            }
            let found = f64::from(above) / 20_000.0;
            // Counts are whole, so the chance may lie below what is asked.
            assert!(found < 0.056 && found > 0.03, "{mean}: {found}");
        }
    }
}
