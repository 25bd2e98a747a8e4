//! The forecast: the levels of several memories ([`super::level`]), weighed by what past forecasts
//! of the same horizon taught ([`super::stack`]), with a negative-binomial spread fitted to the
//! program's own past forecasts. Whatever happens after the origin changes nothing.

use kubus_model::Period;
use rayon::prelude::*;

use super::level;
use super::panel::Panel;
use super::seen::Seen;
use super::spread;
use super::stack::{self, View};
use super::surroundings::Surroundings;

/// So many past origins teach the weights, and so many forecasts of the past the size.
pub const PAST: usize = 24;
/// An origin needs so many periods before it.
pub const WARM: usize = 6;
/// Fewer past origins than this teach nothing.
const FEWEST: usize = 4;

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
    pub model: &'static str,
}

/// Probabilities of [`Forecast::quantiles`].
pub const PROBABILITIES: [f64; 5] = [0.05, 0.10, 0.50, 0.90, 0.95];

/// Forecasts of one horizon, for any origin of a panel from a first one on.
pub struct Forecaster<'a> {
    panel: &'a Panel,
    horizon: usize,
    /// Means by origin; none for origins that are not needed or have too little before them.
    means: Vec<Option<Vec<f64>>>,
    learnt: bool,
    neighbours: bool,
}

impl<'a> Forecaster<'a> {
    /// Computes all means from the `first` origin (less [`PAST`] and the horizon) to the end.
    #[must_use]
    pub fn new(panel: &'a Panel, around: &Surroundings, horizon: usize, first: usize) -> Self {
        let begin = first.saturating_sub(PAST + horizon);
        let taught = begin.saturating_sub(PAST + horizon).max(WARM.min(first));
        let see = |origin: usize| {
            let means = level::means(panel, &around.population, origin, horizon);
            stack::view(&means, &panel.counts[origin], around)
        };
        let origins = 0..panel.periods.len();
        let views: Vec<Option<View>> = origins.clone().into_par_iter().map(|t| (t >= taught).then(|| see(t))).collect();
        let at = |t: usize| if t < begin { None } else { means(panel, &views, horizon, t) };
        let means = origins.into_par_iter().map(at).collect();
        let learnt = first >= taught + horizon + FEWEST - 1;
        Self { panel, horizon, means, learnt, neighbours: around.neighbours.is_some() }
    }

    /// Mean of every area at an origin, and the size. `None` when the origin has too little before
    /// it.
    #[must_use]
    pub fn at(&self, origin: usize) -> Option<(&[f64], f64)> {
        let past = (0..=origin.checked_sub(self.horizon)?).rev().take(PAST);
        let pairs: Vec<(Seen, f64)> = past.flat_map(|t| self.pairs(t)).collect();
        Some((self.means[origin].as_deref()?, spread::size(&thinned(&pairs))))
    }

    /// Mean of every area at an origin.
    pub(super) fn means_at(&self, origin: usize) -> Option<&[f64]> {
        self.means.get(origin)?.as_deref()
    }

    /// The forecasts of an origin.
    #[must_use]
    pub fn forecasts(&self, origin: usize) -> Vec<Forecast> {
        let (Some((means, size)), Some(period)) = (self.at(origin), self.panel.after(origin, self.horizon)) else {
            return Vec::new();
        };
        let forecast = |(area, mean): (&String, &f64)| {
            let table = spread::Table::new(*mean, size);
            let quantiles = PROBABILITIES.map(|p| table.quantile(p));
            Forecast { area: area.clone(), period, mean: *mean, size, quantiles, model: self.model() }
        };
        self.panel.areas.iter().zip(means).map(forecast).collect()
    }

    const fn model(&self) -> &'static str {
        match (self.learnt, self.neighbours) {
            (false, _) => "dgp_season",
            (true, false) => "dgp_season_stack",
            (true, true) => "dgp_season_stack_neighbours",
        }
    }

    /// Counts with their forecast means, for an origin whose period is known.
    fn pairs(&self, origin: usize) -> Vec<(Seen, f64)> {
        let counts = self.panel.taught.get(origin + self.horizon);
        let means = self.means[origin].as_ref();
        counts.zip(means).map_or_else(Vec::new, |(c, m)| c.iter().copied().zip(m.iter().copied()).collect())
    }
}

/// The mean of every area at an origin, taught by the origins whose outcome was known then.
fn means(panel: &Panel, views: &[Option<View>], horizon: usize, origin: usize) -> Option<Vec<f64>> {
    let view = views[origin].as_ref()?;
    let known = (0..(origin + 1).saturating_sub(horizon)).rev().take(PAST);
    let past: Vec<(&View, &[Seen])> =
        known.filter_map(|t| Some((views[t].as_ref()?, panel.taught[t + horizon].as_slice()))).collect();
    let weights = if past.len() < FEWEST { [0.0; stack::FEATURES] } else { stack::weights(&past) };
    Some(stack::apply(view, &weights))
}

/// At most some thousands of pairs, evenly taken.
fn thinned(pairs: &[(Seen, f64)]) -> Vec<(Seen, f64)> {
    pairs.iter().step_by(pairs.len().div_ceil(12_000).max(1)).copied().collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::forecast) fn panel(months: usize, count: impl Fn(usize, usize) -> u32) -> Panel {
        let mut period = Period::Month(2015, 1);
        let mut rows = Vec::new();
        for month in 0..months {
            rows.extend((0..40).map(|area| (format!("a{area:02}"), period, count(month, area))));
            period = period.next();
        }
        Panel::new(rows).unwrap()
    }

    fn of(panel: &Panel, horizon: usize, origin: usize) -> Vec<Forecast> {
        Forecaster::new(panel, &Surroundings::unknown(panel), horizon, origin).forecasts(origin)
    }

    #[test]
    fn what_happens_after_the_origin_changes_nothing() {
        let usual = |month: usize, area: usize| u32::try_from((month * 7 + area * 3) % 5 + area / 10).unwrap();
        let quiet = panel(60, usual);
        let loud = panel(60, |month, area| if month > 47 { 900 } else { usual(month, area) });
        for horizon in [1, 3, 12] {
            assert_eq!(of(&quiet, horizon, 47), of(&loud, horizon, 47));
        }
        let cut = panel(48, usual);
        assert_eq!(of(&quiet, 1, 47), of(&cut, 1, 47));
        assert_eq!(of(&quiet, 1, 47)[0].period, Period::Month(2019, 1));
    }

    #[test]
    fn a_steady_area_is_forecast_at_its_level() {
        let panel = panel(48, |month, area| u32::try_from(area + (month + area) % 3).unwrap());
        let found = of(&panel, 1, 47);
        assert!((found[30].mean - 31.0).abs() < 1.5, "{:?}", found[30]);
        assert!(found[0].mean < 2.0 && found[30].quantiles[0] < 31 && found[30].quantiles[4] > 31);
        assert_eq!(found[0].model, "dgp_season_stack");
    }

    #[test]
    fn a_short_panel_is_forecast_by_the_usual_memory() {
        let panel = panel(12, |_, area| u32::try_from(area % 4).unwrap());
        let found = of(&panel, 6, 11);
        assert_eq!((found.len(), found[0].model), (40, "dgp_season"));
        assert!(found.iter().all(|f| f.mean.is_finite() && f.size > 0.0));
    }
}
