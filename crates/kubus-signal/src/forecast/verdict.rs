//! Is a forecast worth showing? Rolling origins, each forecast made without looking ahead, against
//! the best simple baseline.
//!
//! * V0: is it stable *where* most happens? Rank correlation of the first and the second half.
//! * V1: does it beat the best simple baseline? CRPS skill, with a moving-block bootstrap.
//! * V3: is its uncertainty right? Coverage of 80 % and 95 % intervals, and observed over
//!   predicted in every fifth of the areas.
//!
//! Gneiting, T. and Raftery, A. (2007), JASA 102; Künsch, H. (1989), Ann. Statist. 17.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use serde::Serialize;

use super::baseline::Baseline;
use super::model::{Forecaster, PAST, WARM};
use super::panel::Panel;
use super::season::real;
use super::spread;

/// Origins that are looked at.
pub const ORIGINS: usize = 24;
/// Fewer origins than this say nothing.
pub const FEWEST_ORIGINS: usize = 12;
/// Below this skill a forecast adds nothing that matters.
const NEGLIGIBLE: f64 = 0.02;
/// Below this skill it adds little.
const SMALL: f64 = 0.05;
/// Draws of the bootstrap.
const DRAWS: usize = 1000;
/// Periods in a block of the bootstrap.
const BLOCK: usize = 3;

/// How much a forecast adds to the best simple baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// Too few origins.
    Unknown,
    /// Less than 2 %, or not surely more than nothing: the baseline is shown.
    Negligible,
    /// 2 to 5 %.
    Small,
    /// More than 5 %.
    Useful,
}

/// What the rolling origins say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Origins that were looked at.
    pub origins: usize,
    /// V0: rank correlation (Spearman) of the areas' totals in the first and the second half.
    pub stability: f64,
    /// Name of the best simple baseline.
    pub baseline: &'static str,
    /// Mean CRPS of the baseline.
    pub baseline_crps: f64,
    /// Mean CRPS of the forecast.
    pub crps: f64,
    /// V1: 1 − CRPS of the forecast over that of the baseline.
    pub skill: f64,
    /// 95 % interval of the skill.
    pub skill_interval: (f64, f64),
    /// What that means.
    pub worth: Worth,
    /// V3: share of counts within the 80 % and the 95 % interval, on the scale of the randomised
    /// probability integral transform.
    pub coverage: (f64, f64),
    /// Observed over predicted in each fifth of the areas, quietest first.
    pub by_fifth: [f64; 5],
    /// Whether coverage and every fifth are within bounds (0.80 ± 0.03, 0.95 ± 0.02, 0.85 to 1.15);
    /// without it no interval is shown.
    pub calibrated: bool,
}

/// One origin: scores and what was observed.
struct Scored {
    /// CRPS of the forecast, and of every baseline.
    crps: f64,
    baselines: [f64; 4],
    /// Within 80 %, within 95 %.
    within: (f64, f64),
    /// Observed and predicted by fifth.
    fifths: [(f64, f64); 5],
}

/// The verdict on forecasts of a horizon. The seed is for the randomised transform and the
/// bootstrap.
#[must_use]
pub fn verdict(panel: &Panel, horizon: usize, seed: u64) -> Verdict {
    let last = panel.periods.len().saturating_sub(horizon);
    let first = last.saturating_sub(ORIGINS).max(WARM + PAST.min(panel.periods.len() / 4) + horizon);
    let forecaster = Forecaster::new(panel, horizon, first);
    let origins: Vec<usize> = (first..last).collect();
    let scored: Vec<Scored> = origins.par_iter().filter_map(|t| score(panel, &forecaster, horizon, *t, seed)).collect();
    judge(panel, &scored, seed)
}

fn score(panel: &Panel, forecaster: &Forecaster<'_>, horizon: usize, origin: usize, seed: u64) -> Option<Scored> {
    let (means, size, _) = forecaster.at(origin)?;
    let counts = panel.counts.get(origin + horizon)?;
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed ^ (origin as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let (mut crps, mut within) = (0.0, (0.0, 0.0));
    for (count, mean) in counts.iter().zip(means) {
        crps += spread::crps(*count, *mean, size);
        let table = spread::table(*mean, size, *count);
        let below = if *count == 0 { 0.0 } else { table[*count as usize - 1] };
        let place = below + random.random::<f64>() * (table[*count as usize] - below);
        within.0 += if (0.1..0.9).contains(&place) { 1.0 } else { 0.0 };
        within.1 += if (0.025..0.975).contains(&place) { 1.0 } else { 0.0 };
    }
    let areas = real(counts.len());
    Some(Scored {
        crps: crps / areas,
        baselines: Baseline::ALL.map(|b| baseline_crps(panel, b, horizon, origin, counts)),
        within: (within.0 / areas, within.1 / areas),
        fifths: fifths(counts, means),
    })
}

/// CRPS of a baseline with a size fitted to its own past.
fn baseline_crps(panel: &Panel, baseline: Baseline, horizon: usize, origin: usize, counts: &[u32]) -> f64 {
    let past = (WARM..=origin.saturating_sub(horizon)).rev().take(PAST / 2);
    let pairs = past.flat_map(|t| {
        let means = baseline.means(panel, t, horizon);
        panel.counts[t + horizon].iter().copied().zip(means).collect::<Vec<_>>()
    });
    let pairs: Vec<(u32, f64)> = pairs.collect();
    let step = pairs.len().div_ceil(6_000).max(1);
    let size = spread::size(&pairs.iter().step_by(step).copied().collect::<Vec<_>>());
    let means = baseline.means(panel, origin, horizon);
    counts.iter().zip(means).map(|(count, mean)| spread::crps(*count, mean, size)).sum::<f64>() / real(counts.len())
}

/// Observed and predicted counts in each fifth of the areas by their forecast.
fn fifths(counts: &[u32], means: &[f64]) -> [(f64, f64); 5] {
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|a, b| means[*a].total_cmp(&means[*b]).then(a.cmp(b)));
    let mut sums = [(0.0, 0.0); 5];
    for (rank, area) in order.iter().enumerate() {
        let fifth = &mut sums[rank * 5 / means.len().max(1)];
        fifth.0 += f64::from(counts[*area]);
        fifth.1 += means[*area];
    }
    sums
}

fn judge(panel: &Panel, scored: &[Scored], seed: u64) -> Verdict {
    let mean = |of: &dyn Fn(&Scored) -> f64| scored.iter().map(of).sum::<f64>() / real(scored.len().max(1));
    let baselines: [f64; 4] = std::array::from_fn(|at| mean(&|s| s.baselines[at]));
    let best = (0..4).min_by(|a, b| baselines[*a].total_cmp(&baselines[*b])).unwrap_or(0);
    let pairs: Vec<(f64, f64)> = scored.iter().map(|s| (s.crps, s.baselines[best])).collect();
    let (skill, skill_interval) = (skill(&pairs), bootstrap(&pairs, seed));
    let coverage = (mean(&|s| s.within.0), mean(&|s| s.within.1));
    let ratio = |at: usize| {
        let sum = scored.iter().fold((0.0, 0.0), |sum, s| (sum.0 + s.fifths[at].0, sum.1 + s.fifths[at].1));
        sum.0 / sum.1.max(1e-9)
    };
    let by_fifth: [f64; 5] = std::array::from_fn(ratio);
    let calibrated = (coverage.0 - 0.80).abs() <= 0.03
        && (coverage.1 - 0.95).abs() <= 0.02
        && by_fifth.iter().all(|ratio| (0.85..=1.15).contains(ratio));
    Verdict {
        origins: scored.len(),
        stability: stability(panel),
        baseline: Baseline::ALL[best].name(),
        baseline_crps: baselines[best],
        crps: mean(&|s| s.crps),
        skill,
        skill_interval,
        worth: worth(scored.len(), skill, skill_interval.0),
        coverage,
        by_fifth,
        calibrated,
    }
}

fn worth(origins: usize, skill: f64, low: f64) -> Worth {
    match () {
        () if origins < FEWEST_ORIGINS => Worth::Unknown,
        () if skill < NEGLIGIBLE || low <= 0.0 => Worth::Negligible,
        () if skill < SMALL => Worth::Small,
        () => Worth::Useful,
    }
}

fn skill(pairs: &[(f64, f64)]) -> f64 {
    let sum = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    if sum.1 > 0.0 { 1.0 - sum.0 / sum.1 } else { 0.0 }
}

/// 95 % interval of the skill by a moving-block bootstrap over the periods.
fn bootstrap(pairs: &[(f64, f64)], seed: u64) -> (f64, f64) {
    if pairs.len() < 2 * BLOCK {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut draw = || {
        let blocks = pairs.len().div_ceil(BLOCK);
        let starts: Vec<usize> = (0..blocks).map(|_| random.random_range(0..=pairs.len() - BLOCK)).collect();
        let drawn: Vec<(f64, f64)> = starts.iter().flat_map(|s| pairs[*s..s + BLOCK].to_vec()).collect();
        skill(&drawn)
    };
    let mut skills: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
    skills.sort_by(f64::total_cmp);
    (skills[DRAWS / 40], skills[DRAWS - DRAWS / 40 - 1])
}

/// Spearman's rank correlation of the areas' totals in the first and the second half.
fn stability(panel: &Panel) -> f64 {
    let half = panel.periods.len() / 2;
    let total = |counts: &[Vec<u32>], area: usize| counts.iter().map(|c| f64::from(c[area])).sum::<f64>();
    let ranks = |counts: &[Vec<u32>]| ranks(&(0..panel.areas.len()).map(|a| total(counts, a)).collect::<Vec<_>>());
    correlation(&ranks(&panel.counts[..half]), &ranks(&panel.counts[half..]))
}

/// Ranks, equal values sharing the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| other.total_cmp(value).is_eq()).count();
        real(below) + (real(equal) - 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let n = real(one.len().max(1));
    let (a, b) = (one.iter().sum::<f64>() / n, other.iter().sum::<f64>() / n);
    let product = one.iter().zip(other).map(|(x, y)| (x - a) * (y - b)).sum::<f64>();
    let spread = |values: &[f64], mean: f64| values.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
    let scale = (spread(one, a) * spread(other, b)).sqrt();
    if scale > 0.0 { product / scale } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::gamma_poisson::draw;
    use kubus_model::Period;

    /// Static rates, or rates with a season, drawn as negative binomials.
    fn drawn(areas: usize, months: usize, season: f64, seed: u64) -> Panel {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut rows = Vec::new();
        let mut period = Period::Month(2015, 1);
        for month in 0..months {
            let factor = if month % 12 < 6 { 1.0 + season } else { 1.0 - season };
            for area in 0..areas {
                let rate = 0.3 * (1.0 + real(area % 17));
                let count = draw::negative_binomial(&mut random, 6.0, 6.0, rate * factor);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
                rows.push((format!("a{area:03}"), period, count as u32));
            }
            period = period.next();
        }
        Panel::new(rows).unwrap()
    }

    #[test]
    fn where_nothing_changes_no_skill_is_claimed_and_the_uncertainty_is_right() {
        for seed in 1..6 {
            let found = verdict(&drawn(80, 72, 0.0, seed), 1, 7);
            assert_eq!(found.worth, Worth::Negligible, "{found:?}");
            assert!(found.stability > 0.9 && (found.coverage.0 - 0.8).abs() < 0.03, "{found:?}");
        }
    }

    #[test]
    fn a_season_is_worth_more_than_a_mean_but_not_more_than_a_seasonal_baseline() {
        let found = verdict(&drawn(80, 84, 0.4, 3), 1, 7);
        assert_eq!(found.baseline, "eb24_season", "{found:?}");
        assert!(found.skill.abs() < 0.03, "{found:?}");
    }

    #[test]
    fn a_short_panel_says_nothing() {
        assert_eq!(verdict(&drawn(10, 20, 0.0, 1), 1, 7).worth, Worth::Unknown);
    }

    #[test]
    fn ranks_of_equal_values_are_shared_and_a_mirror_has_correlation_minus_one() {
        let found = ranks(&[5.0, 1.0, 5.0]);
        assert!(found.iter().zip([1.5, 0.0, 1.5]).all(|(found, rank)| (found - rank).abs() < 1e-12), "{found:?}");
        assert!((correlation(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-12);
    }
}
