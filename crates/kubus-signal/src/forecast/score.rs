//! One origin of a panel scored: the forecast and the baselines, each made without looking ahead.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::baseline::{self, Baseline, TAUGHT_BY};
use super::group::{self, Group, Part};
use super::model::{Forecaster, WARM};
use super::panel::Panel;
use super::ranking::{Pointed, pointed};
use super::season::real;
use super::seen::Seen;
use super::spread::{self, crps_seen};

/// Scores of one origin.
#[derive(Debug, Clone)]
pub(super) struct Scored {
    /// Mean CRPS of the forecast.
    pub(super) crps: f64,
    /// Mean CRPS of every baseline.
    pub(super) baselines: [f64; 4],
    /// How the uncertainty of the forecast and of every baseline fared.
    pub(super) calibration: Calibration,
    pub(super) simple: [Calibration; 4],
    /// Areas of which something is known.
    pub(super) areas: usize,
    /// What pointing gives: the forecast, and the map of the long run.
    pub(super) pointed: Option<(Pointed, Pointed)>,
    /// Every group of areas.
    pub(super) groups: Vec<Part>,
}

/// The forecasts of an origin, and of every baseline, with their sizes.
pub(super) struct Played<'a> {
    pub(super) means: &'a [f64],
    pub(super) size: f64,
    pub(super) baselines: [(&'a [f64], f64); 4],
}

/// What happened: what is known of every count, a value for every count, and between which counts
/// the panel does not tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Truth<'a> {
    pub(super) seen: &'a [Seen],
    pub(super) values: &'a [f64],
    pub(super) blind: Option<(u32, u32)>,
}

impl Scored {
    /// Of an origin; the seed is for the randomised transform.
    pub(super) fn of(truth: Truth<'_>, played: &Played<'_>, groups: &[Group], seed: u64) -> Self {
        let Played { means, size, baselines } = played;
        let simple = |at: usize| crps(truth, baselines[at].0, baselines[at].1);
        let calibration = |means: &[f64], size: f64| Calibration::of(truth.seen, means, size, seed);
        Self {
            crps: crps(truth, means, *size),
            baselines: std::array::from_fn(simple),
            calibration: calibration(means, *size),
            simple: std::array::from_fn(|at| calibration(baselines[at].0, baselines[at].1)),
            areas: truth.seen.iter().filter(|seen| **seen != Seen::Nothing).count(),
            pointed: pointed(truth.values, means).zip(pointed(truth.values, baselines[0].0)),
            groups: group::parts(truth, played, groups, seed),
        }
    }
}

/// How the uncertainty of a forecast fared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calibration {
    /// Where the counts fell on the scale of the randomised probability integral transform.
    pub(super) placed: Placed,
    /// Observed and predicted by fifth, quietest first.
    pub(super) fifths: [(f64, f64); 5],
}

impl Calibration {
    fn of(seen: &[Seen], means: &[f64], size: f64, seed: u64) -> Self {
        Self { placed: placed(seen, means, size, seed), fifths: fifths(seen, means, size) }
    }
}

/// Shares of counts on the scale of the transform; flat when the uncertainty is right.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Placed {
    /// Within the 80 % and the 95 % interval.
    pub(super) within80: f64,
    pub(super) within95: f64,
    /// In each tenth.
    pub(super) tenths: [f64; 10],
}

/// Scores of origins, in their order.
pub(super) fn scores(
    panel: &Panel,
    forecaster: &Forecaster<'_>,
    horizon: usize,
    origins: &[usize],
    groups: &[Group],
    seed: u64,
) -> Vec<Scored> {
    let first = origins.first().copied().unwrap_or(0).saturating_sub(TAUGHT_BY + horizon).max(WARM);
    let last = origins.last().copied().unwrap_or(0);
    let of = |origin: usize| Baseline::ALL.map(|baseline| baseline.means(panel, origin, horizon));
    let simple: Vec<Option<[Vec<f64>; 4]>> =
        (0..=last).into_par_iter().map(|origin| (origin >= first).then(|| of(origin))).collect();
    let blind = panel.blind();
    let one = |origin: &usize| {
        let (means, size) = forecaster.at(*origin)?;
        let seen = panel.seen.get(origin + horizon)?;
        let simple_means = simple[*origin].as_ref()?;
        let size_of = |at: usize| size_of(panel, &simple, at, horizon, *origin);
        let baselines = std::array::from_fn(|at| (simple_means[at].as_slice(), size_of(at)));
        let truth = Truth { seen, values: &panel.outcomes(origin + horizon), blind };
        Some(Scored::of(truth, &Played { means, size, baselines }, groups, seed_of(seed, *origin)))
    };
    origins.par_iter().filter_map(one).collect()
}

/// A seed of its own for every origin.
pub(super) fn seed_of(seed: u64, origin: usize) -> u64 {
    seed ^ (origin as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Mean CRPS of all areas of which something is known.
pub(super) fn crps(truth: Truth<'_>, means: &[f64], size: f64) -> f64 {
    let scores = truth.seen.iter().zip(means).filter_map(|(seen, mean)| crps_seen(*seen, *mean, size, truth.blind));
    let (sum, count) = scores.fold((0.0, 0), |(sum, count), score| (sum + score, count + 1));
    sum / real(count).max(1.0)
}

/// The size that a baseline's own past gives.
fn size_of(panel: &Panel, simple: &[Option<[Vec<f64>; 4]>], at: usize, horizon: usize, origin: usize) -> f64 {
    let past = (0..(origin + 1).saturating_sub(horizon)).rev().take(TAUGHT_BY);
    let pairs = past
        .filter_map(|t| Some(panel.taught[t + horizon].iter().copied().zip(simple[t].as_ref()?[at].iter().copied())));
    baseline::size_of(&pairs.flatten().collect::<Vec<_>>())
}

/// Where the counts of the areas fell: shares of those of which something is known.
pub(super) fn placed(seen: &[Seen], means: &[f64], size: f64, seed: u64) -> Placed {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let share = 1.0 / real(seen.iter().filter(|seen| seen.bounds().is_some()).count()).max(1.0);
    let mut placed = Placed::default();
    for (seen, mean) in seen.iter().zip(means) {
        let Some((low, high)) = seen.bounds() else { continue };
        let table = spread::Table::new(*mean, size);
        let below = low.checked_sub(1).map_or(0.0, |before| table.at_most(before));
        let place = below + random.random::<f64>() * (table.at_most(high) - below);
        placed.within80 += if (0.1..0.9).contains(&place) { share } else { 0.0 };
        placed.within95 += if (0.025..0.975).contains(&place) { share } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10")]
        let tenth = (place * 10.0) as usize;
        placed.tenths[tenth.min(9)] += share;
    }
    placed
}

/// Observed and predicted counts in each fifth of the areas by their forecast; a withheld count is
/// observed as it is expected in its class.
fn fifths(seen: &[Seen], means: &[f64], size: f64) -> [(f64, f64); 5] {
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|a, b| means[*a].total_cmp(&means[*b]).then(a.cmp(b)));
    let mut sums = [(0.0, 0.0); 5];
    for (rank, area) in order.iter().enumerate() {
        let fifth = &mut sums[rank * 5 / means.len().max(1)];
        if seen[*area] != Seen::Nothing {
            fifth.0 += seen[*area].expected(means[*area], size);
            fifth.1 += means[*area];
        }
    }
    sums
}
