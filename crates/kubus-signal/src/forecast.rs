//! Forecasts of counts per area, and whether they are worth showing.
//!
//! Pure functions: a panel in, forecasts and a verdict out. Nothing after the origin is looked at.
//! Every forecast is a level that changes slowly, a season that all areas share, and a
//! negative-binomial spread learnt from the program's own past forecasts. The verdict compares it
//! with the best simple baseline, and says so when it adds nothing.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`panel`] | counts by area and period, without gaps |
//! | [`season`] | factors of the months, from the totals |
//! | [`rates`] | rates of all areas at once: nonparametric empirical Bayes |
//! | [`spread`] | the negative binomial: size, distribution, CRPS |
//! | [`model`] | the forecast, with its discount tuned on the past |
//! | [`baseline`] | the simple forecasts it must beat |
//! | [`verdict`] | rolling origins, and what they say |

pub mod baseline;
pub mod model;
pub mod panel;
pub mod rates;
pub mod season;
pub mod spread;
pub mod verdict;

pub use model::{Forecast, Forecaster};
pub use panel::{Panel, PanelError};
pub use verdict::{Verdict, verdict};
