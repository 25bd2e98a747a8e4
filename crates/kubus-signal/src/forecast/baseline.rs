//! The simple forecasts that a model must beat, each with its own spread.

use super::panel::Panel;
use super::season::{factors, real};

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

    /// The mean of every area for a period `horizon` after the origin.
    #[must_use]
    pub fn means(self, panel: &Panel, origin: usize, horizon: usize) -> Vec<f64> {
        let season = panel.season();
        let window = match self {
            Self::MeanAll | Self::Shrunk => origin + 1,
            Self::MeanYear => season.max(3).min(origin + 1),
            Self::ShrunkSeason => (2 * season).max(4).min(origin + 1),
        };
        let known = &panel.counts[origin + 1 - window..=origin];
        let sum = |area: usize| known.iter().map(|counts| f64::from(counts[area])).sum::<f64>();
        let sums: Vec<f64> = (0..panel.areas.len()).map(sum).collect();
        let means = match self {
            Self::MeanAll | Self::MeanYear => sums.iter().map(|sum| sum / real(window)).collect(),
            Self::Shrunk => shrunk(&sums, real(window)),
            Self::ShrunkSeason => seasonal(panel, origin, horizon, window, &sums),
        };
        means.into_iter().map(|mean: f64| mean.max(1e-3)).collect()
    }
}

fn seasonal(panel: &Panel, origin: usize, horizon: usize, window: usize, sums: &[f64]) -> Vec<f64> {
    let season = panel.season();
    let total = |counts: &Vec<u32>| counts.iter().map(|c| f64::from(*c)).sum::<f64>();
    let totals: Vec<f64> = panel.counts[..=origin].iter().map(total).collect();
    let factors = factors(&totals, season);
    let exposure: f64 = (origin + 1 - window..=origin).map(|at| factors[at % season]).sum();
    let factor = factors[(origin + horizon) % season];
    shrunk(sums, exposure).into_iter().map(|rate| rate * factor).collect()
}

/// Rates by a Gamma prior fitted by moments (Marshall 1991).
fn shrunk(sums: &[f64], exposure: f64) -> Vec<f64> {
    let rates: Vec<f64> = sums.iter().map(|sum| sum / exposure).collect();
    let mean = rates.iter().sum::<f64>() / real(rates.len());
    let spread = rates.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / real(rates.len().max(2) - 1);
    let between = (spread - mean / exposure).max(1e-8 * mean * mean + 1e-12);
    let strength = mean / between;
    sums.iter().map(|sum| (strength * mean + sum) / (strength + exposure)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_keeps_the_total_and_pulls_towards_the_mean() {
        let sums = [0.0, 2.0, 4.0, 30.0];
        let found = shrunk(&sums, 12.0);
        assert!((found.iter().sum::<f64>() - 36.0 / 12.0).abs() < 1e-9);
        assert!(found[0] > 0.0 && found[3] < 30.0 / 12.0);
    }
}
