//! The forecast: a discounted level per area with a shared season.
//!
//! Counts further back weigh less, by a discount per period that is chosen among a few on the
//! program's own past forecasts of the same horizon; rates are nonparametric empirical Bayes
//! ([`super::rates`]); the spread is a negative binomial whose size is fitted to the same past
//! forecasts. Whatever happens after the origin changes nothing.

use kubus_model::Period;
use rayon::prelude::*;

use super::panel::Panel;
use super::rates::rates;
use super::season::{factors, real};
use super::spread;

/// Discounts per period that are tried: from never forgetting to a memory of half a year.
const DISCOUNTS: [f64; 6] = [1.0, 0.99, 0.98, 0.96, 0.93, 0.88];
/// So many past origins choose the discount and the size.
pub const PAST: usize = 24;
/// An origin needs so many periods before it.
pub const WARM: usize = 6;
/// Smallest mean, relative to the mean count of all cells.
const LEAST: f64 = 0.02;

/// A forecast of one area in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Area.
    pub area: String,
    /// Period.
    pub period: Period,
    /// Expected count.
    pub mean: f64,
    /// Negative-binomial size: the variance is mean + mean² / size.
    pub size: f64,
    /// Counts that are reached with probability 0.05, 0.10, 0.50, 0.90 and 0.95.
    pub quantiles: [u32; 5],
    /// What made it.
    pub model: String,
}

/// Probabilities of [`Forecast::quantiles`].
pub const PROBABILITIES: [f64; 5] = [0.05, 0.10, 0.50, 0.90, 0.95];

/// Forecasts of one horizon, for any origin of a panel; what was computed is kept.
pub struct Forecaster<'a> {
    panel: &'a Panel,
    horizon: usize,
    /// Means by discount, origin and area; none before [`WARM`].
    means: Vec<Vec<Option<Vec<f64>>>>,
}

impl<'a> Forecaster<'a> {
    /// Computes all means from `first` origin (less [`PAST`] and the horizon) to the end.
    #[must_use]
    pub fn new(panel: &'a Panel, horizon: usize, first: usize) -> Self {
        let begin = first.saturating_sub(PAST + horizon).max(WARM);
        let at = |discount: f64| {
            let origins = (0..panel.periods.len()).into_par_iter();
            origins.map(|t| (t >= begin).then(|| means(panel, t, horizon, discount))).collect()
        };
        Self { panel, horizon, means: DISCOUNTS.iter().map(|discount| at(*discount)).collect() }
    }

    /// Mean of every area at an origin, the size, and the position of the discount. `None` when
    /// the origin has too little before it.
    #[must_use]
    pub fn at(&self, origin: usize) -> Option<(&[f64], f64, usize)> {
        let past: Vec<usize> = (0..=origin.checked_sub(self.horizon)?).rev().take(PAST).collect();
        let score = |discount: usize| past.iter().filter_map(|t| self.deviance(discount, *t)).sum::<f64>();
        let scores: Vec<f64> = (0..DISCOUNTS.len()).map(score).collect();
        let best = (0..DISCOUNTS.len()).min_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
        let pairs: Vec<(u32, f64)> = past.iter().flat_map(|t| self.pairs(best, *t)).collect();
        Some((self.means[best][origin].as_deref()?, spread::size(&thinned(&pairs)), best))
    }

    /// The forecasts of an origin.
    #[must_use]
    pub fn forecasts(&self, origin: usize) -> Vec<Forecast> {
        let (Some((means, size, discount)), Some(period)) = (self.at(origin), self.panel.after(origin, self.horizon))
        else {
            return Vec::new();
        };
        let model = format!("npeb_season_d{:.2}", DISCOUNTS[discount]);
        let forecast = |(area, mean): (&String, &f64)| {
            let table = spread::table(*mean, size, 0);
            Forecast {
                area: area.clone(),
                period,
                mean: *mean,
                size,
                quantiles: PROBABILITIES.map(|p| spread::quantile(&table, p)),
                model: model.clone(),
            }
        };
        self.panel.areas.iter().zip(means).map(forecast).collect()
    }

    /// Counts with their forecast means, for an origin whose period is known.
    fn pairs(&self, discount: usize, origin: usize) -> Vec<(u32, f64)> {
        let counts = self.panel.counts.get(origin + self.horizon);
        let means = self.means[discount][origin].as_ref();
        counts.zip(means).map_or_else(Vec::new, |(c, m)| c.iter().copied().zip(m.iter().copied()).collect())
    }

    /// Poisson deviance of an origin's forecasts.
    fn deviance(&self, discount: usize, origin: usize) -> Option<f64> {
        self.means[discount][origin].as_ref()?;
        let of = |(y, mean): (u32, f64)| {
            let y = f64::from(y);
            let ratio = if y > 0.0 { y * (y / mean).ln() } else { 0.0 };
            2.0 * (ratio - (y - mean))
        };
        Some(self.pairs(discount, origin).into_iter().map(of).sum())
    }
}

/// At most some thousands of pairs, evenly taken.
fn thinned(pairs: &[(u32, f64)]) -> Vec<(u32, f64)> {
    pairs.iter().step_by(pairs.len().div_ceil(12_000).max(1)).copied().collect()
}

/// The mean of every area for a period `horizon` after the origin, from what is known at it.
fn means(panel: &Panel, origin: usize, horizon: usize, discount: f64) -> Vec<f64> {
    let known = &panel.counts[..=origin];
    let totals: Vec<f64> = known.iter().map(|counts| counts.iter().map(|c| f64::from(*c)).sum()).collect();
    let season = panel.season();
    let factors = factors(&totals, season);
    let mut sums = vec![0.0; panel.areas.len()];
    let (mut exposure, mut weight) = (0.0, 1.0);
    for (at, counts) in known.iter().enumerate().rev() {
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += weight * f64::from(*count));
        exposure += weight * factors[at % season];
        weight *= discount;
    }
    let least = LEAST * totals.iter().sum::<f64>() / real(known.len() * panel.areas.len());
    let factor = factors[(origin + horizon) % season];
    let rates = rates(&sums, exposure, dispersion(known, &sums, exposure));
    rates.into_iter().map(|rate| (rate * factor).max(least).max(1e-6)).collect()
}

/// How much wider than Poisson the counts of the last two years vary around their own rates.
fn dispersion(known: &[Vec<u32>], sums: &[f64], exposure: f64) -> f64 {
    let (mut chi, mut cells) = (0.0, 0.0);
    for counts in known.iter().rev().take(24) {
        for (count, sum) in counts.iter().zip(sums) {
            let mean = sum / exposure;
            if mean > 0.05 {
                chi += (f64::from(*count) - mean).powi(2) / mean;
                cells += 1.0;
            }
        }
    }
    if cells > 0.0 { (chi / cells).clamp(1.0, 5.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn panel(months: usize, count: impl Fn(usize, usize) -> u32) -> Panel {
        let mut period = Period::Month(2015, 1);
        let mut rows = Vec::new();
        for month in 0..months {
            rows.extend((0..40).map(|area| (format!("a{area:02}"), period, count(month, area))));
            period = period.next();
        }
        Panel::new(rows).unwrap()
    }

    #[test]
    fn what_happens_after_the_origin_changes_nothing() {
        let quiet = panel(60, |month, area| u32::try_from((month * 7 + area * 3) % 5 + area / 10).unwrap());
        let loud =
            panel(
                60,
                |month, area| {
                    if month > 47 { 900 } else { u32::try_from((month * 7 + area * 3) % 5 + area / 10).unwrap() }
                },
            );
        let of = |panel: &Panel| Forecaster::new(panel, 1, 47).forecasts(47);
        assert_eq!(of(&quiet), of(&loud));
        assert_eq!(of(&quiet)[0].period, Period::Month(2019, 1));
    }

    #[test]
    fn a_steady_area_is_forecast_at_its_level() {
        let panel = panel(48, |month, area| u32::try_from(area + (month + area) % 3).unwrap());
        let found = Forecaster::new(&panel, 1, 47).forecasts(47);
        assert!((found[30].mean - 31.0).abs() < 1.5, "{:?}", found[30]);
        assert!(found[0].mean < 2.0 && found[30].quantiles[0] < 31 && found[30].quantiles[4] > 31);
    }
}
