//! Is a forecast worth showing? Rolling origins, each forecast made without looking ahead, against
//! the best simple baseline.
//!
//! * V0: is it stable *where* most happens? Rank correlation of the first and the second half.
//! * V1: does it beat the best simple baseline? CRPS skill, with a moving-block bootstrap and the
//!   test of Diebold and Mariano.
//! * V2: is a new ranking every period worth it? Gain in the share of events in the tenth of the
//!   areas pointed at, over the map of the long run.
//! * V3: is its uncertainty right? Coverage of 80 % and 95 % intervals, and observed over
//!   predicted in every fifth of the areas.
//!
//! Gneiting, T. and Raftery, A. (2007), JASA 102.

use kubus_model::Period;
use serde::Serialize;

use super::baseline::Baseline;
use super::bootstrap;
use super::group::{self, Group, GroupScore};
use super::model::{Forecaster, PAST, WARM};
use super::panel::Panel;
use super::score::{self, Calibration, Placed, Scored};
use super::season::{self, real};
use super::shift;
use super::surroundings::Surroundings;

/// Origins that are looked at.
pub const ORIGINS: usize = 24;
/// Fewer origins than this say nothing.
pub const FEWEST_ORIGINS: usize = 12;
/// Below this skill a forecast adds nothing that matters.
const NEGLIGIBLE: f64 = 0.02;
/// Below this skill it adds little.
const SMALL: f64 = 0.05;
/// A new ranking must hit so many percentage points more, as a share.
const LEAST_GAIN: f64 = 0.01;
/// Observed over predicted must lie between these.
const RATIO: (f64, f64) = (0.85, 1.15);
/// With fewer expected events than this, periods are too few to tell how sure a ratio is.
const FEW_EVENTS: f64 = 50.0;

/// How much a forecast adds to the best simple baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

/// A fifth of the areas, by their forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fifth {
    /// Events that were expected, over all origins.
    pub expected: f64,
    /// Observed over expected.
    pub ratio: f64,
    /// 95 % interval of that: over periods, or of the count alone when few were expected.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>, min_items = 2, max_items = 2))]
    pub interval: Option<(f64, f64)>,
    /// Within 0.85 to 1.15, or outside by chance: 1 lies in the interval.
    pub right: bool,
}

/// How the uncertainty of a forecast fared.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Calibrated {
    /// Share of counts within the 80 % and the 95 % interval, on the scale of the randomised
    /// probability integral transform.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>, min_items = 2, max_items = 2))]
    pub coverage: (f64, f64),
    /// Share of counts in each tenth of that scale; flat when the uncertainty is right.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>, min_items = 10, max_items = 10))]
    pub tenths: [f64; 10],
    /// Each fifth of the areas, quietest first.
    pub by_fifth: [Fifth; 5],
    /// Whether coverage (0.80 ± 0.03, 0.95 ± 0.02, or farther off by chance) and every fifth are
    /// right; without it no interval is shown.
    pub right: bool,
}

/// What a new ranking every period adds to the map of the long run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RankingGain {
    /// Share of events in the tenth of the areas pointed at by the map of the long run.
    pub hit_long_run: f64,
    /// Gain of the forecast in that share, with its 95 % interval.
    pub hit: f64,
    /// See `hit`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>, min_items = 2, max_items = 2))]
    pub hit_interval: Option<(f64, f64)>,
    /// Gain in prediction efficiency, with its 95 % interval.
    pub efficiency: f64,
    /// See `efficiency`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>, min_items = 2, max_items = 2))]
    pub efficiency_interval: Option<(f64, f64)>,
    /// Whether a map of the next period may exist: the gain is at least one percentage point and
    /// both intervals are above zero.
    pub earned: bool,
}

/// A sudden change in the total.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LevelShift {
    /// First period after it.
    pub period: Period,
    /// How many times higher the total is after it.
    pub factor: f64,
}

/// What the rolling origins say.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// 95 % interval of the skill; nothing with too few origins.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<f64>>, min_items = 2, max_items = 2))]
    pub skill_interval: Option<(f64, f64)>,
    /// Two-sided p-value of Diebold and Mariano that there is no difference.
    pub p_value: f64,
    /// What that means.
    pub worth: Worth,
    /// The chance of such differences between the months, were there no season.
    pub season_p_value: f64,
    /// The highest month over the lowest.
    pub season_swing: f64,
    /// V2; nothing when nothing happened in some period.
    pub ranking: Option<RankingGain>,
    /// V3 of the forecast.
    pub calibration: Calibrated,
    /// V3 of the best simple baseline.
    pub baseline_calibration: Calibrated,
    /// Sudden changes in the total, in the whole panel.
    pub shifts: Vec<LevelShift>,
    /// Counts that were withheld: each is a mixture over what it may be. They are scored only on what
    /// is known of them.
    pub withheld: usize,
    /// Periods in which nothing was counted anywhere, where that is no chance: not delivered?
    pub empty: Vec<Period>,
}

/// The verdict on forecasts of a horizon. The seed is for the randomised transform and the
/// bootstrap.
#[must_use]
pub fn verdict(panel: &Panel, around: &Surroundings, horizon: usize, seed: u64) -> Verdict {
    played(panel, around, horizon, &[], seed).0
}

/// The verdict, and how the forecast fared in groups of areas.
#[must_use]
pub fn played(
    panel: &Panel,
    around: &Surroundings,
    horizon: usize,
    groups: &[Group],
    seed: u64,
) -> (Verdict, Vec<GroupScore>) {
    let last = panel.periods.len().saturating_sub(horizon);
    let first = last.saturating_sub(ORIGINS).max(WARM + PAST.min(panel.periods.len() / 4) + horizon);
    let forecaster = Forecaster::new(panel, around, horizon, first);
    let origins: Vec<usize> = (first..last).collect();
    let scored = score::scores(panel, &forecaster, horizon, &origins, groups, seed);
    let block = bootstrap::block(horizon);
    let found = judge(panel, &scored, Blocks { length: block, overlap: 1 }, seed);
    let simple = Baseline::named(found.baseline).map_or(0, |baseline| baseline as usize);
    (found, group::scores(groups, &scored, simple, block, seed))
}

/// How much origins that follow each other have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blocks {
    /// So many are drawn together.
    pub(super) length: usize,
    /// So many count as one observation of a count.
    pub(super) overlap: usize,
}

/// What the scores of origins say.
pub(super) fn judge(panel: &Panel, scored: &[Scored], blocks: Blocks, seed: u64) -> Verdict {
    let block = blocks.length;
    let mean = |of: &dyn Fn(&Scored) -> f64| scored.iter().map(of).sum::<f64>() / real(scored.len().max(1));
    let baselines: [f64; 4] = std::array::from_fn(|at| mean(&|s| s.baselines[at]));
    let best = (0..4).min_by(|a, b| baselines[*a].total_cmp(&baselines[*b])).unwrap_or(0);
    let pairs: Vec<(f64, f64)> = scored.iter().map(|s| (s.crps, s.baselines[best])).collect();
    let (totals, season) = (panel.totals(), panel.season());
    let months = season::factors(&totals, season);
    let (high, low) = months.iter().fold((0.0, f64::INFINITY), |(high, low), m| (m.max(high), m.min(low)));
    let differences: Vec<f64> = pairs.iter().map(|pair| pair.1 - pair.0).collect();
    let skill_interval = bootstrap::interval(&pairs, block, seed, skill);
    Verdict {
        origins: scored.len(),
        stability: stability(panel),
        baseline: Baseline::ALL[best].name(),
        baseline_crps: baselines[best],
        crps: mean(&|s| s.crps),
        skill: skill(&pairs),
        skill_interval,
        p_value: bootstrap::diebold_mariano(&differences, block),
        worth: worth(scored.len(), skill(&pairs), skill_interval.map_or(0.0, |interval| interval.0)),
        season_p_value: season::chance(&totals, season),
        season_swing: high / low.max(1e-9),
        ranking: ranking(scored, block, seed),
        calibration: calibration(scored, blocks, seed, |s| &s.calibration),
        baseline_calibration: calibration(scored, blocks, seed, |s| &s.simple[best]),
        shifts: shifts(panel),
        withheld: panel.withheld(),
        empty: empty(panel),
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

pub(super) fn skill(pairs: &[(f64, f64)]) -> f64 {
    let sum = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    if sum.1 > 0.0 { 1.0 - sum.0 / sum.1 } else { 0.0 }
}

/// How the uncertainty fared over all origins.
fn calibration(scored: &[Scored], blocks: Blocks, seed: u64, of: impl Fn(&Scored) -> &Calibration) -> Calibrated {
    let periods = real(scored.len().max(1));
    let mean = |part: &dyn Fn(&Placed) -> f64| scored.iter().map(|s| part(&of(s).placed)).sum::<f64>() / periods;
    let coverage = (mean(&|placed| placed.within80), mean(&|placed| placed.within95));
    let cells: usize = scored.iter().map(|s| s.areas).sum::<usize>() / blocks.overlap;
    let near = |found: f64, promised: f64, allowed: f64| {
        let chance = 1.96 * (promised * (1.0 - promised) / real(cells.max(1))).sqrt();
        (found - promised).abs() <= allowed.max(chance)
    };
    let pairs = |at: usize| scored.iter().map(|s| of(s).fifths[at]).collect::<Vec<_>>();
    let by_fifth: [Fifth; 5] = std::array::from_fn(|at| fifth(&pairs(at), blocks.length, seed));
    let covered = near(coverage.0, 0.80, 0.03) && near(coverage.1, 0.95, 0.02);
    Calibrated {
        coverage,
        tenths: std::array::from_fn(|at| mean(&|placed| placed.tenths[at])),
        right: covered && by_fifth.iter().all(|fifth| fifth.right),
        by_fifth,
    }
}

pub(super) fn fifth(pairs: &[(f64, f64)], block: usize, seed: u64) -> Fifth {
    let ratio = |pairs: &[(f64, f64)]| {
        let sum = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
        sum.0 / sum.1.max(1e-9)
    };
    let (expected, found) = (pairs.iter().map(|pair| pair.1).sum::<f64>(), ratio(pairs));
    let few = expected < FEW_EVENTS;
    let interval = if few { Some(plausible(found, expected)) } else { bootstrap::interval(pairs, block, seed, ratio) };
    let inside = (RATIO.0..=RATIO.1).contains(&found);
    let chance = interval.is_some_and(|(low, high)| low <= 1.0 && high >= 1.0);
    Fifth { expected, ratio: found, interval, right: inside || chance }
}

/// 95 % interval of a ratio of a count to what was expected (Byar's approximation).
fn plausible(ratio: f64, expected: f64) -> (f64, f64) {
    let observed = ratio * expected;
    let bound = |n: f64, z: f64| n * (1.0 - 1.0 / (9.0 * n) + z / (3.0 * n.sqrt())).powi(3);
    let low = if observed < 0.5 { 0.0 } else { bound(observed, -1.96) };
    (low / expected.max(1e-9), bound(observed + 1.0, 1.96) / expected.max(1e-9))
}

fn ranking(scored: &[Scored], block: usize, seed: u64) -> Option<RankingGain> {
    let pointed = scored.iter().map(|s| s.pointed).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())?;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / real(values.len());
    let hits: Vec<f64> = pointed.iter().map(|(new, long)| new.hit - long.hit).collect();
    let efficiencies: Vec<f64> = pointed.iter().map(|(new, long)| new.efficiency - long.efficiency).collect();
    let hit_interval = bootstrap::interval(&hits, block, seed, mean);
    let efficiency_interval = bootstrap::interval(&efficiencies, block, seed, mean);
    let hit = mean(&hits);
    let sure = [hit_interval, efficiency_interval].iter().all(|found| found.is_some_and(|(low, _)| low > 0.0));
    Some(RankingGain {
        hit_long_run: mean(&pointed.iter().map(|(_, long)| long.hit).collect::<Vec<_>>()),
        hit,
        hit_interval,
        efficiency: mean(&efficiencies),
        efficiency_interval,
        earned: scored.len() >= FEWEST_ORIGINS && sure && hit >= LEAST_GAIN,
    })
}

/// Periods without a single event, in a panel that has twenty or more in the usual period.
fn empty(panel: &Panel) -> Vec<Period> {
    let totals = panel.totals();
    let usual = totals.iter().sum::<f64>() / real(totals.len().max(1));
    let nothing = |(total, _): &(&f64, &Period)| **total <= 0.0 && usual >= 20.0;
    totals.iter().zip(&panel.periods).filter(nothing).map(|(_, period)| *period).collect()
}

fn shifts(panel: &Panel) -> Vec<LevelShift> {
    let found = shift::shifts(&panel.totals(), panel.season());
    found.iter().map(|shift| LevelShift { period: panel.periods[shift.at], factor: shift.factor }).collect()
}

/// Spearman's rank correlation of the areas' totals in the first and the second half.
fn stability(panel: &Panel) -> f64 {
    let half = panel.periods.len() / 2;
    let total = |counts: &[Vec<f64>], area: usize| counts.iter().map(|c| c[area]).sum::<f64>();
    let ranks = |counts: &[Vec<f64>]| ranks(&(0..panel.areas.len()).map(|a| total(counts, a)).collect::<Vec<_>>());
    correlation(&ranks(&panel.counts[..half]), &ranks(&panel.counts[half..]))
}

/// Ranks, equal values sharing the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut begin = 0;
    for equal in order.chunk_by(|a, b| values[*a].total_cmp(&values[*b]).is_eq()) {
        let shared = real(begin) + (real(equal.len()) - 1.0) / 2.0;
        equal.iter().for_each(|at| ranks[*at] = shared);
        begin += equal.len();
    }
    ranks
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
    use crate::forecast::seen::Seen;
    use crate::forecast::study::drawn;

    fn still(_: usize, area: usize) -> f64 {
        0.3 * (1.0 + real(area % 17))
    }

    fn of(panel: &Panel) -> Verdict {
        verdict(panel, &Surroundings::unknown(panel), 1, 7)
    }

    #[test]
    fn where_nothing_changes_no_skill_is_claimed_and_the_uncertainty_is_right() {
        for seed in 1..6 {
            let found = of(&drawn(80, 72, seed, still));
            assert_eq!(found.worth, Worth::Negligible, "{found:?}");
            assert!(!found.ranking.unwrap().earned && found.shifts.is_empty(), "{found:?}");
            assert!(found.stability > 0.9 && (found.calibration.coverage.0 - 0.8).abs() < 0.03, "{found:?}");
        }
    }

    #[test]
    fn a_season_is_worth_more_than_a_mean_but_not_more_than_a_seasonal_baseline() {
        let season = |month: usize, area: usize| still(month, area) * if month % 12 < 6 { 1.4 } else { 0.6 };
        let found = of(&drawn(80, 84, 3, season));
        assert_eq!(found.baseline, "eb24_season", "{found:?}");
        assert!(found.skill.abs() < 0.03, "{found:?}");
    }

    #[test]
    fn a_hotspot_that_moves_earns_the_map_of_the_next_period() {
        let moving = |month: usize, area: usize| if (month / 8 * 13 + area) % 80 < 8 { 9.0 } else { 0.8 };
        let found = of(&drawn(80, 84, 5, moving));
        assert_eq!(found.worth, Worth::Useful, "{found:?}");
        assert!(found.ranking.unwrap().earned && found.p_value < 0.01, "{found:?}");
    }

    #[test]
    fn a_change_of_recording_is_told() {
        let changed = |month: usize, area: usize| still(month, area) * if month >= 50 { 1.7 } else { 1.0 };
        let found = of(&drawn(80, 72, 2, changed)).shifts;
        assert!(found.len() == 1 && found[0].period == Period::Month(2019, 3), "{found:?}");
    }

    #[test]
    fn a_ratio_of_few_events_has_a_wide_interval() {
        // Exact Poisson limits of 5 observed: 1.62 and 11.67 (any table).
        let (low, high) = plausible(0.5, 10.0);
        assert!((low * 10.0 - 1.62).abs() < 0.05 && (high * 10.0 - 11.67).abs() < 0.05, "{low} {high}");
        assert!(plausible(0.0, 2.0).0 <= 0.0 && plausible(0.0, 2.0).1 > 1.15);
    }

    #[test]
    fn a_count_that_nobody_expected_and_very_large_counts_are_judged_too() {
        let mut odd = drawn(40, 60, 4, |_, area| if area == 0 { 4000.0 } else { 0.01 });
        odd.seen[55][7] = Seen::Exactly(3000);
        odd = odd.with_marks(&[]).unwrap();
        let found = of(&odd);
        assert!(found.crps.is_finite() && found.baseline_crps.is_finite() && found.origins == 24, "{found:?}");
    }

    #[test]
    fn a_short_panel_says_nothing() {
        assert_eq!(of(&drawn(10, 20, 1, still)).worth, Worth::Unknown);
    }

    #[test]
    fn ranks_of_equal_values_are_shared_and_a_mirror_has_correlation_minus_one() {
        let found = ranks(&[5.0, 1.0, 5.0]);
        assert!(found.iter().zip([1.5, 0.0, 1.5]).all(|(found, rank)| (found - rank).abs() < 1e-12), "{found:?}");
        assert!((correlation(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-12);
    }
}
