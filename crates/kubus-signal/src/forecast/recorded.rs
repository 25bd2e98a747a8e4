//! A forecast as it is recorded: everything that is needed to score it when the outcome is known,
//! with the simple figure that was the best one at that time beside it. Chosen beforehand, it cannot
//! be chosen again afterwards.

use kubus_model::Period;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::model::{Forecast, Forecaster};
use super::panel::Panel;
use super::surroundings::Surroundings;

/// The forecasts of one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Periods after the origin.
    pub horizon: usize,
    /// Period that is forecast.
    pub period: Period,
    /// What made the forecast.
    pub model: String,
    /// Negative-binomial size of the forecast.
    pub size: f64,
    /// Negative-binomial size of the simple figure.
    pub simple_size: f64,
    /// Every area of the panel.
    pub areas: Vec<Expected>,
}

/// What is expected in an area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Area.
    pub area: String,
    /// Expected count.
    pub mean: f64,
    /// Counts reached with probability 0.05, 0.10, 0.50, 0.90 and 0.95.
    pub quantiles: [u32; 5],
    /// The simple figure.
    pub simple: f64,
}

/// The forecasts from the last period of a panel on, with a simple figure beside them.
#[must_use]
pub fn steps(panel: &Panel, around: &Surroundings, horizon: usize, simple: Baseline) -> Vec<Step> {
    let last = panel.periods.len() - 1;
    let of = |horizon: usize| {
        let forecasts = Forecaster::new(panel, around, horizon, last).forecasts(last);
        step(panel, horizon, simple, &forecasts)
    };
    (1..=horizon).into_par_iter().filter_map(of).collect()
}

fn step(panel: &Panel, horizon: usize, simple: Baseline, forecasts: &[Forecast]) -> Option<Step> {
    let last = panel.periods.len() - 1;
    let first = forecasts.first()?;
    let means = simple.means(panel, last, horizon);
    let expected = |(forecast, simple): (&Forecast, f64)| Expected {
        area: forecast.area.clone(),
        mean: forecast.mean,
        quantiles: forecast.quantiles,
        simple,
    };
    Some(Step {
        horizon,
        period: first.period,
        model: first.model.to_owned(),
        size: first.size,
        simple_size: simple.size(panel, last, horizon),
        areas: forecasts.iter().zip(means).map(expected).collect(),
    })
}
