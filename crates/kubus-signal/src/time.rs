//! Early warning: is the newest count of an area higher than its own past gives reason to expect.
//! Pure functions of counts in equal steps of time; they know no area codes and no calendar.
//!
//! A period whose count was not published has a status and never a number. Every detector is tried
//! on the panel's own past before it may speak: how often it called where it should be silent, and
//! how often it calls when a period is made higher on purpose.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`farrington`] | expected count from the same season of earlier years (Farrington-Noufaily) |
//! | [`model`] | the log-linear model with overdispersion under it |
//! | [`threshold`] | from an expected count to the highest count that is no alarm |
//! | [`ears`] | the last seven to eleven periods only: C1, C2, C3, and C1 with its doubt |
//! | [`cusum`] | small excesses that add up |
//! | [`backtest`] | false alarms and power on the panel's own past |
//! | [`watch`] | the newest period of every area |

pub mod backtest;
pub mod cusum;
pub mod ears;
pub mod farrington;
pub mod model;
pub mod threshold;
pub mod watch;

use kubus_model::CellStatus;
use serde::Serialize;

use crate::math::normal;

/// A published count, or why there is none.
pub type Reading = Result<u32, CellStatus>;

/// Periods over which few cases are counted together.
const RECENT: usize = 4;

/// What a detector is told about the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Periods in a year.
    pub season: usize,
    /// The promised share of periods without anything special that give an alarm.
    pub alpha: f64,
    /// How Farrington-Noufaily makes a threshold.
    pub method: threshold::Method,
    /// With fewer cases than this in the last four periods there is no alarm.
    pub fewest: u32,
    /// The excess that should be found: so many times what is expected.
    pub ratio: f64,
    /// For the cases that are added in a trial.
    pub seed: u64,
}

/// What one detector says of one period of a series, before it looks at the count itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bar {
    /// Expected count.
    pub expected: f64,
    /// A higher count is an alarm.
    pub threshold: f64,
}

/// Why a detector has nothing to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Silent {
    /// Fewer periods before this one than it needs.
    ShortPast,
    /// Too many of those have no published count.
    Gaps,
    /// Its model does not fit the past.
    NoFit,
    /// So few cases are expected that the excess that should be found cannot be.
    TooSmall,
}

/// A way to tell an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// Farrington-Noufaily, with a negative binomial around the expected count.
    Farrington,
    /// Small excesses over the expected count that add up over a year.
    Cusum,
    /// The seven periods before.
    EarsC1,
    /// Seven periods, the last two left out.
    EarsC2,
    /// C2 with the excesses of the last two periods.
    EarsC3,
    /// The seven periods before, as C1, with the doubt about their mean and their spread.
    Seven,
}

impl Detector {
    /// All of them: those that know the season first.
    pub const ALL: [Self; 6] = [Self::Farrington, Self::Cusum, Self::EarsC1, Self::EarsC2, Self::EarsC3, Self::Seven];

    /// What it says of the period at this place; only what lies before it is looked at.
    ///
    /// # Errors
    /// [`Silent`], when the past does not suffice.
    pub fn bar(self, past: &[Reading], setting: &Setting) -> Result<Bar, Silent> {
        let bar = match self {
            Self::Farrington => farrington::bar(past, setting),
            Self::Cusum => cusum::bar(past, setting),
            Self::EarsC1 => ears::c1(past, setting),
            Self::EarsC2 => ears::c2(past, setting),
            Self::EarsC3 => ears::c3(past, setting),
            Self::Seven => ears::seven(past, setting),
        }?;
        if bar.expected < self.least(setting) {
            return Err(Silent::TooSmall);
        }
        Ok(Bar { threshold: bar.threshold.max(scarce(past, setting.fewest)), ..bar })
    }
}

impl Detector {
    /// For how many periods an excess lasts when this detector looks for it.
    #[must_use]
    pub fn lasting(self, setting: &Setting) -> usize {
        if self == Self::Cusum { 1 + cusum::earlier(setting.season) } else { 1 }
    }

    /// The fewest expected cases with which half of the excesses that should be found would lie
    /// beyond a Poisson's threshold. It looks at what is expected alone: an estimate of the spread
    /// would let in the series whose spread happens to be too low.
    #[must_use]
    pub fn least(self, setting: &Setting) -> f64 {
        (normal::exceeded(setting.alpha) / (setting.ratio - 1.0)).powi(2) / self.lasting(setting) as f64
    }
}

/// The highest count with which the last periods together still have too few cases.
fn scarce(past: &[Reading], fewest: u32) -> f64 {
    let recent: u32 = past.iter().rev().take(RECENT - 1).filter_map(|reading| reading.ok()).sum();
    f64::from(fewest) - 1.0 - f64::from(recent)
}

#[cfg(test)]
mod tests;
