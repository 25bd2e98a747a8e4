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
//! | [`forecast`] | counts to come, and whether that is worth anything |
//! | [`feasibility`] | what could be known at all, before anyone asks for data |
//! | [`drill`] | in which groups of a table a deviation sits |
//! | [`time`] | is the newest count higher than its past gives reason to expect |
//! | [`space`] | does a figure cluster in space, and where |

pub mod breaks;
mod cluster;
pub mod drill;
pub mod estimate;
pub mod feasibility;
pub mod forecast;
mod ladder;
mod listing;
pub mod math;
pub mod options;
mod overlap;
mod persistence;
pub mod space;
pub mod statistic;
pub mod time;
mod urgency;
mod why;

use kubus_model::{AreaCode, AreaLevel, Indicator, Release, Signal};
use rayon::prelude::*;

pub use breaks::class_breaks;
pub use estimate::{Estimate, area_series, estimates};
pub use options::{SignalOptions, UrgencyWeights};

/// The deviations of a release, most urgent first, cut by Bayesian false discovery rate.
///
/// Per indicator and level the list is as long as the promised share of false alarms allows;
/// overlapping areas at other levels are named in [`Signal::also`] of the one that carries them.
/// Neutral indicators, means and figures of other publishers give no signals.
#[must_use]
pub fn signals(release: &Release, options: &SignalOptions) -> Vec<Signal> {
    let wanted = |i: &&Indicator| options.indicator.as_ref().is_none_or(|id| i.id == *id);
    let indicators: Vec<&Indicator> = release.manifest().indicators.iter().filter(wanted).collect();
    let lists = indicators.into_par_iter().map(|i| listing::of_indicator(release, i, options));
    let mut list: Vec<Signal> = lists.collect::<Vec<_>>().into_iter().flatten().collect();
    list.sort_by(urgency::order);
    list.iter_mut().zip(1..).for_each(|(signal, rank)| signal.rank = rank);
    list.truncate(options.limit.unwrap_or(usize::MAX));
    list
}

/// The signals of `list` that are about the area itself, or that show in it at another level.
#[must_use]
pub fn area_signals<'a>(list: &'a [Signal], level: &AreaLevel, area: &AreaCode) -> Vec<&'a Signal> {
    let here = |s: &&Signal| {
        (s.level == *level && s.area == *area) || s.also.iter().any(|o| o.level == *level && o.area == *area)
    };
    list.iter().filter(here).collect()
}
