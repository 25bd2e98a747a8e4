//! The simple forecasts that a model must beat, each with its own spread.

use super::model::{PAST, WARM};
use super::panel::Panel;
use super::season::{factors, real};
use super::seen::Seen;
use super::shrink::shrunk;
use super::spread;

/// Past origins that the spread of a simple forecast is fitted to.
pub(super) const TAUGHT_BY: usize = PAST / 2;
/// Its spread is fitted to at most so many pairs.
const MOST_PAIRS: usize = 6_000;

/// A simple forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Baseline {
    /// Mean of all periods.
    MeanAll,
    /// Mean of the last year.
    MeanYear,
    /// Gamma-Poisson shrunk mean of all periods.
    Shrunk,
    /// Gamma-Poisson shrunk mean of the last two years, with the season.
    ShrunkSeason,
}

impl Baseline {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::MeanAll, Self::MeanYear, Self::Shrunk, Self::ShrunkSeason];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MeanAll => "mean_all",
            Self::MeanYear => "mean12",
            Self::Shrunk => "eb_mean",
            Self::ShrunkSeason => "eb24_season",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|baseline| baseline.name() == name)
    }

    /// The negative-binomial size that its own past gives, for forecasts `horizon` ahead of an origin.
    #[must_use]
    pub fn size(self, panel: &Panel, origin: usize, horizon: usize) -> f64 {
        let past = (WARM..(origin + 1).saturating_sub(horizon)).rev().take(TAUGHT_BY);
        let pairs = past.flat_map(|t| panel.taught[t + horizon].iter().copied().zip(self.means(panel, t, horizon)));
        size_of(&pairs.collect::<Vec<_>>())
    }

    /// The mean of every area for a period `horizon` after the origin.
    #[must_use]
    pub fn means(self, panel: &Panel, origin: usize, horizon: usize) -> Vec<f64> {
        let season = panel.season();
        let window = match self {
            Self::MeanAll | Self::Shrunk => origin + 1,
            Self::MeanYear => season.max(3).min(origin + 1),
            Self::ShrunkSeason => (2 * season).max(4).min(origin + 1),
        };
        let mut sums = vec![0.0; panel.areas.len()];
        for counts in &panel.counts[origin + 1 - window..=origin] {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        let means = match self {
            Self::MeanAll | Self::MeanYear => sums.iter().map(|sum| sum / real(window)).collect(),
            Self::Shrunk => shrunk(&sums, real(window), &vec![1.0; sums.len()]),
            Self::ShrunkSeason => seasonal(panel, origin, horizon, window, &sums),
        };
        means.into_iter().map(|mean: f64| mean.max(1e-3)).collect()
    }
}

/// The size that past counts and their means give.
pub(super) fn size_of(pairs: &[(Seen, f64)]) -> f64 {
    spread::size(&pairs.iter().step_by(pairs.len().div_ceil(MOST_PAIRS).max(1)).copied().collect::<Vec<_>>())
}

fn seasonal(panel: &Panel, origin: usize, horizon: usize, window: usize, sums: &[f64]) -> Vec<f64> {
    let season = panel.season();
    let factors = factors(&panel.totals()[..=origin], season);
    let exposure: f64 = (origin + 1 - window..=origin).map(|at| factors[at % season]).sum();
    let factor = factors[(origin + horizon) % season];
    shrunk(sums, exposure, &vec![1.0; sums.len()]).into_iter().map(|rate| rate * factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::model::tests::panel;

    #[test]
    fn means_are_over_all_periods_or_the_last_year() {
        let panel = panel(36, |month, area| if month < 24 { 2 } else { u32::from(area == 3) });
        let of = |baseline: Baseline| baseline.means(&panel, 35, 1);
        assert!((of(Baseline::MeanAll)[3] - (48.0 + 12.0) / 36.0).abs() < 1e-12);
        assert!((of(Baseline::MeanYear)[3] - 1.0).abs() < 1e-12 && of(Baseline::MeanYear)[4] <= 1e-3);
        assert!(
            of(Baseline::Shrunk)[3] <= 60.0 / 36.0 && of(Baseline::ShrunkSeason)[3] > of(Baseline::ShrunkSeason)[4]
        );
    }
}
