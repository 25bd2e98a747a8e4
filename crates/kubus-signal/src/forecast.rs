//! Forecasts of counts per area, and whether they are worth showing.
//!
//! Pure functions: a panel in, forecasts and a verdict out. Nothing after the origin is looked at.
//! A forecast weighs levels of several memories, with a season and a level that all areas share,
//! and has a negative-binomial spread learnt from the program's own past forecasts. The verdict
//! compares it with the best simple baseline, and says so when it adds nothing.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`panel`] | counts by area and period, known or withheld |
//! | [`seen`] | what is known of a count: the number, a class, or nothing |
//! | `fill` | what is expected of counts that are not known |
//! | [`marks`] | areas and periods that are not learnt from |
//! | [`surroundings`] | population and neighbours of its areas |
//! | [`season`] | factors of the months, from the totals |
//! | [`shift`] | sudden changes of the total |
//! | [`shrink`] | rates of all areas at once: empirical Bayes |
//! | `level` | levels of the areas in memories of several lengths |
//! | `stack` | which memory to trust |
//! | [`spread`] | the negative binomial: size, distribution, CRPS |
//! | [`model`] | the forecast |
//! | [`baseline`] | the simple forecasts it must beat |
//! | `score` | one origin scored |
//! | `ranking` | what pointing at areas gives |
//! | [`bootstrap`] | how sure a mean over periods is |
//! | [`group`] | how it fared in types of areas and where marks are |
//! | [`annual`] | the total of the next year |
//! | [`outlook`] | the above on an indicator of a release |
//! | [`recorded`] | a forecast as it is recorded before the outcome is known |
//! | [`running`] | recorded forecasts scored when it is |
//! | [`verdict`] | rolling origins, and what they say |

pub mod annual;
pub mod baseline;
pub mod bootstrap;
mod fill;
pub mod group;
mod level;
pub mod marks;
pub mod model;
pub mod outlook;
pub mod panel;
mod ranking;
pub mod recorded;
pub mod running;
mod score;
pub mod season;
pub mod seen;
pub mod shift;
pub mod shrink;
pub mod spread;
mod stack;
#[cfg(test)]
pub(crate) mod study;
pub mod surroundings;
pub mod verdict;

pub use model::{Forecast, Forecaster};
pub use panel::{Panel, PanelError};
pub use seen::Seen;
pub use surroundings::{Surroundings, SurroundingsError};
pub use verdict::{Verdict, verdict};
