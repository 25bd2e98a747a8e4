//! A detector on the panel's own past: how often it gave an alarm, and how often it gives one when
//! the period is made higher on purpose. Every alarm of the past counts as false, so a panel with
//! true surges is judged too strictly rather than too mildly.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use serde::Serialize;

use super::{Bar, Detector, Reading, Setting};
use crate::math::normal;
use crate::statistic::gamma_poisson::draw;

/// Past years that are tried again.
const YEARS: usize = 2;
/// Fewer periods than this tell nothing.
const FEWEST_PERIODS: usize = 6;
/// So many times the promised false alarms are borne.
const BORNE: f64 = 1.5;
/// A detector that finds a smaller share of what should be found is of no use.
const LEAST_POWER: f64 = 0.1;

/// The rule of three: without an alarm in n trials, the share is at most 3 / n.
const OF_THREE: f64 = 3.0;

/// Whether a detector may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It keeps its promise.
    Kept,
    /// There is too little past to tell; it speaks, and that is said.
    Untested,
    /// More false alarms than promised: it is off.
    TooManyAlarms,
    /// It would find hardly anything: it is off.
    TooLittlePower,
    /// It had nothing to say in any period of the past: it is off.
    NeverSpoke,
}

impl Verdict {
    /// Whether its alarms are told.
    #[must_use]
    pub const fn speaks(self) -> bool {
        matches!(self, Self::Kept | Self::Untested)
    }
}

/// What the past says of a detector.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trial {
    /// The detector.
    pub detector: Detector,
    /// Past periods in which it was tried.
    pub periods: usize,
    /// Areas times periods in which it had something to say.
    pub tried: usize,
    /// The share of those with an alarm.
    pub alarms: f64,
    /// The same, from the spread over periods: 95 %.
    pub alarms_interval: (f64, f64),
    /// The share with an alarm when the period, and those before it as long as an excess lasts, are
    /// made `ratio` times as high.
    pub power: f64,
    /// For how many periods that is.
    pub lasting: usize,
    /// What follows from it.
    pub verdict: Verdict,
}

/// Tries a detector on the last two years but the newest period.
#[must_use]
pub fn trial(detector: Detector, areas: &[Vec<Reading>], setting: &Setting) -> Trial {
    let newest = areas.first().map_or(0, |series| series.len().saturating_sub(1));
    let first = newest.saturating_sub(YEARS * setting.season.max(1));
    let periods: Vec<[f64; 3]> = (first..newest).map(|at| of_period(detector, areas, at, setting)).collect();
    let used: Vec<[f64; 3]> = periods.into_iter().filter(|[tried, ..]| *tried > 0.0).collect();
    let sum = |which: usize| used.iter().fold(0.0, |sum, period| sum + period[which]);
    let tried = sum(0);
    let (alarms, power) = (sum(1) / tried.max(1.0), sum(2) / tried.max(1.0));
    let error = if alarms > 0.0 { spread(&used, alarms) } else { (OF_THREE / tried.max(1.0)).min(1.0) };
    let alarms_interval = ((alarms - error).max(0.0), (alarms + error).min(1.0));
    let verdict = if used.is_empty() {
        Verdict::NeverSpoke
    } else if used.len() < FEWEST_PERIODS || tried * setting.alpha < 1.0 {
        Verdict::Untested
    } else if alarms > BORNE * setting.alpha && alarms_interval.0 > setting.alpha {
        Verdict::TooManyAlarms
    } else if power < LEAST_POWER {
        Verdict::TooLittlePower
    } else {
        Verdict::Kept
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of trials")]
    let tried = tried as usize;
    let lasting = detector.lasting(setting);
    Trial { detector, periods: used.len(), tried, alarms, alarms_interval, power, lasting, verdict }
}

/// How many areas were tried in a period, gave an alarm, and give one when made higher.
fn of_period(detector: Detector, areas: &[Vec<Reading>], at: usize, setting: &Setting) -> [f64; 3] {
    let of = |(number, series): (usize, &Vec<Reading>)| {
        let (Ok(count), Ok(bar)) = (series[at], detector.bar(&series[..at], setting)) else { return [0.0; 3] };
        let alarm = f64::from(u8::from(f64::from(count) > bar.threshold));
        let seed = setting.seed ^ ((at as u64) << 32 | number as u64);
        [1.0, alarm, f64::from(u8::from(found(detector, &series[..=at], &bar, setting, seed)))]
    };
    let all: Vec<[f64; 3]> = areas.par_iter().enumerate().map(of).collect();
    all.iter().fold([0.0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]])
}

/// Whether the last period is an alarm when cases are added to it, and to those before it as long as
/// an excess lasts.
fn found(detector: Detector, series: &[Reading], bar: &Bar, setting: &Setting, seed: u64) -> bool {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut raised = series.to_vec();
    let from = raised.len().saturating_sub(detector.lasting(setting));
    for count in raised[from..].iter_mut().flatten() {
        let added = draw::poisson(&mut random, bar.expected * (setting.ratio - 1.0));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; saturates")]
        let added = added as u32;
        *count = count.saturating_add(added);
    }
    let Some((Ok(count), past)) = raised.split_last() else { return false };
    // What lies before a single period is as it was.
    let bar = if from + 1 == series.len() { Ok(*bar) } else { detector.bar(past, setting) };
    bar.is_ok_and(|bar| f64::from(*count) > bar.threshold)
}

/// Half the width of the interval. Areas of one period move together, so periods are compared.
fn spread(used: &[[f64; 3]], alarms: f64) -> f64 {
    let count = used.len() as f64;
    if count < 2.0 {
        return 1.0;
    }
    let mean = used.iter().map(|[tried, ..]| tried).sum::<f64>() / count;
    let squares: f64 = used.iter().map(|[tried, found, _]| ((found - alarms * tried) / mean).powi(2)).sum();
    normal::exceeded(0.025) * (squares / (count - 1.0) / count).sqrt()
}
