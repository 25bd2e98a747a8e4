//! CUSUM: excesses of the last half year that are each too small for an alarm but add up. A sum of
//! log likelihood ratios of "so many times what is expected" against "as expected" that never
//! falls below zero, with a negative binomial (Poisson without overdispersion).
//!
//! Höhle, M. and Paul, M. (2008), Computational Statistics & Data Analysis 52. The limit is not
//! looked up but drawn: the sum exceeds it at the last period with chance `alpha` when counts are
//! as expected. Each draw first shifts the level of what is expected by its standard error, so a
//! short past gives a higher limit. An alarm also needs a count above what is expected.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::farrington::Usual;
use super::threshold::Expected;
use super::{Bar, Reading, Setting, Silent};
use crate::feasibility::power::size;
use crate::math::normal;
use crate::statistic::gamma_poisson::draw;

/// Sums that are drawn for a limit.
const DRAWS: usize = 999;

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

    fn draw(&self, random: &mut Xoshiro256PlusPlus, shift: f64) -> f64 {
        draw::negative_binomial(random, self.size, self.size, self.expected.mean * shift)
    }
}

/// The count with which the sum reaches its limit.
pub(super) fn bar(past: &[Reading], setting: &Setting) -> Result<Bar, Silent> {
    let usual = Usual::of(past, setting)?;
    let expected = usual.back(0);
    if expected.mean <= 0.0 {
        return Ok(Bar { expected: 0.0, threshold: 0.0 });
    }
    let known = |back: usize| past[past.len() - back].ok().map(|count| (f64::from(count), usual.back(back)));
    let earlier: Vec<(f64, Step)> = (1..=usual.left_out())
        .rev()
        .filter_map(known)
        .map(|(count, expected)| (count, Step::new(expected, setting.ratio)))
        .collect();
    let last = Step::new(expected, setting.ratio);
    let sum = earlier.iter().fold(0.0, |sum, (count, step)| step.added(sum, *count));
    let limit = limit(&earlier, &last, setting);
    let threshold = (limit - sum - last.start) / last.slope;
    Ok(Bar { expected: expected.mean, threshold: threshold.max(expected.mean) })
}

/// What the sum exceeds with chance `alpha` when counts are as expected.
fn limit(earlier: &[(f64, Step)], last: &Step, setting: &Setting) -> f64 {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(setting.seed);
    let doubt = last.expected.error / last.expected.mean;
    let mut sums: Vec<f64> = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let chance = draw::uniform(&mut random);
        let z = if chance < 0.5 { normal::exceeded(chance) } else { -normal::exceeded(1.0 - chance) };
        let shift = (doubt * z).exp();
        let sum = earlier.iter().fold(0.0, |sum, (_, step)| step.added(sum, step.draw(&mut random, shift)));
        sums.push(last.added(sum, last.draw(&mut random, shift)));
    }
    sums.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between zero and the draws")]
    let at = ((1.0 - setting.alpha) * (DRAWS + 1) as f64).ceil() as usize;
    sums[at.clamp(1, DRAWS) - 1]
}
