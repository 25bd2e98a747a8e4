//! From a sealed release to signals: how sure, for whom, why, and what first. Pure functions; no
//! input or output, no clock, and no way to anything but a [`kubus_model::Release`].
//!
//! | function | gives |
//! | --- | --- |
//! | [`signals`] | the list of deviations, most urgent first |
//! | [`listed`], [`priorities`] | the same list as an order that says how sure it is |
//! | [`area_signals`] | the deviations that concern one area |
//! | [`take_up::areas`] | how many people could be reached who are entitled and do not use it |
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
pub mod priority;
pub mod space;
pub mod statistic;
pub mod take_up;
pub mod time;
mod urgency;
mod why;

use kubus_model::{AreaCode, AreaLevel, Indicator, Release, Signal};
use rayon::prelude::*;

pub use breaks::class_breaks;
pub use estimate::{Estimate, area_series, estimates};
pub use options::{SignalOptions, UrgencyWeights};
pub use priority::{Listed, Priority, RankDraws, priorities};

/// The deviations of a release, most urgent first, cut by Bayesian false discovery rate.
///
/// Per indicator and level the list is as long as the promised share of false alarms allows;
/// overlapping areas at other levels are named in [`Signal::also`] of the one that carries them.
/// Neutral indicators, means and figures of other publishers give no signals.
#[must_use]
pub fn signals(release: &Release, options: &SignalOptions) -> Vec<Signal> {
    listed(release, options).into_iter().map(|one| one.signal).collect()
}

/// The signals of [`signals`], each with what is needed to put them in order with [`priorities`].
#[must_use]
pub fn listed(release: &Release, options: &SignalOptions) -> Vec<Listed> {
    let wanted = |i: &&Indicator| options.indicator.as_ref().is_none_or(|id| i.id == *id);
    let indicators: Vec<&Indicator> = release.manifest().indicators.iter().filter(wanted).collect();
    let lists = indicators.into_par_iter().map(|i| listing::of_indicator(release, i, options));
    let mut list: Vec<Listed> = lists.collect::<Vec<_>>().into_iter().flatten().collect();
    list.sort_by(|a, b| urgency::order(&a.signal, &b.signal));
    list.iter_mut().zip(1..).for_each(|(one, rank)| one.signal.rank = rank);
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
