//! One origin of a panel scored: the forecast and the baselines, each made without looking ahead.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::baseline::{self, Baseline, TAUGHT_BY};
use super::model::{Forecaster, WARM};
use super::panel::Panel;
use super::ranking::{Pointed, pointed};
use super::season::real;
use super::spread;

/// Scores of one origin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scored {
    /// Mean CRPS of the forecast.
    pub(super) crps: f64,
    /// Mean CRPS of every baseline.
    pub(super) baselines: [f64; 4],
    /// How the uncertainty of the forecast and of every baseline fared.
    pub(super) calibration: Calibration,
    pub(super) simple: [Calibration; 4],
    /// Areas.
    pub(super) areas: usize,
    /// What pointing gives: the forecast, and the map of the long run.
    pub(super) pointed: Option<(Pointed, Pointed)>,
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
    fn of(counts: &[u32], means: &[f64], size: f64, seed: u64) -> Self {
        Self { placed: placed(counts, means, size, seed), fifths: fifths(counts, means) }
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
    seed: u64,
) -> Vec<Scored> {
    let first = origins.first().copied().unwrap_or(0).saturating_sub(TAUGHT_BY + horizon).max(WARM);
    let last = origins.last().copied().unwrap_or(0);
    let of = |origin: usize| Baseline::ALL.map(|baseline| baseline.means(panel, origin, horizon));
    let simple: Vec<Option<[Vec<f64>; 4]>> =
        (0..=last).into_par_iter().map(|origin| (origin >= first).then(|| of(origin))).collect();
    let one = |origin: &usize| score(panel, forecaster, &simple, horizon, *origin, seed);
    origins.par_iter().filter_map(one).collect()
}

fn score(
    panel: &Panel,
    forecaster: &Forecaster<'_>,
    simple: &[Option<[Vec<f64>; 4]>],
    horizon: usize,
    origin: usize,
    seed: u64,
) -> Option<Scored> {
    let (means, size) = forecaster.at(origin)?;
    let counts = panel.counts.get(origin + horizon)?;
    let baselines = simple[origin].as_ref()?;
    let sizes: [f64; 4] = std::array::from_fn(|at| size_of(panel, simple, at, horizon, origin));
    let seed = seed ^ (origin as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Some(Scored {
        crps: crps(counts, means, size),
        baselines: std::array::from_fn(|at| crps(counts, &baselines[at], sizes[at])),
        calibration: Calibration::of(counts, means, size, seed),
        simple: std::array::from_fn(|at| Calibration::of(counts, &baselines[at], sizes[at], seed)),
        areas: counts.len(),
        pointed: pointed(counts, means).zip(pointed(counts, &baselines[0])),
    })
}

/// Mean CRPS of all areas.
pub(super) fn crps(counts: &[u32], means: &[f64], size: f64) -> f64 {
    counts.iter().zip(means).map(|(count, mean)| spread::crps(*count, *mean, size)).sum::<f64>() / real(counts.len())
}

/// The size that a baseline's own past gives.
fn size_of(panel: &Panel, simple: &[Option<[Vec<f64>; 4]>], at: usize, horizon: usize, origin: usize) -> f64 {
    let past = (0..(origin + 1).saturating_sub(horizon)).rev().take(TAUGHT_BY);
    let pairs = past
        .filter_map(|t| Some(panel.counts[t + horizon].iter().copied().zip(simple[t].as_ref()?[at].iter().copied())));
    baseline::size_of(&pairs.flatten().collect::<Vec<_>>())
}

/// Where the counts of the areas fell: shares.
pub(super) fn placed(counts: &[u32], means: &[f64], size: f64, seed: u64) -> Placed {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let share = 1.0 / real(counts.len());
    let mut placed = Placed::default();
    for (count, mean) in counts.iter().zip(means) {
        let table = spread::Table::new(*mean, size);
        let below = count.checked_sub(1).map_or(0.0, |before| table.at_most(before));
        let place = below + random.random::<f64>() * (table.at_most(*count) - below);
        placed.within80 += if (0.1..0.9).contains(&place) { share } else { 0.0 };
        placed.within95 += if (0.025..0.975).contains(&place) { share } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10")]
        let tenth = (place * 10.0) as usize;
        placed.tenths[tenth.min(9)] += share;
    }
    placed
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
