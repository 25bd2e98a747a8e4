//! The newest period of every area, by the detectors that passed their trial.

use kubus_model::CellStatus;
use rayon::prelude::*;
use serde::Serialize;

use super::backtest::{self, Trial};
use super::{Bar, Detector, Reading, Setting, Silent};

/// Years after which the season is known, and detectors that do not know it are no longer used.
const YEARS: usize = 3;

/// What is known of the newest period of an area.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Newest {
    /// There is no count; it has this status.
    Missing(CellStatus),
    /// A count, and what each detector that speaks says of it.
    Counted {
        /// The count.
        count: u32,
        /// In the order of [`Watched::speaking`].
        said: Vec<Said>,
    },
}

/// What a detector says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Nothing, and why.
    Silent(Silent),
    /// As usual.
    Usual(Bar),
    /// Higher than usual.
    Alarm(Bar),
}

/// The newest period of a panel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Watched {
    /// Every detector that could be of use, with its trial.
    pub trials: Vec<Trial>,
    /// Those that speak.
    pub speaking: Vec<Detector>,
    /// Per area.
    pub newest: Vec<Newest>,
}

/// Tries the detectors on the past and lets those that pass judge the newest period. Series are of
/// one length.
#[must_use]
pub fn watch(areas: &[Vec<Reading>], setting: &Setting) -> Watched {
    let periods = areas.first().map_or(0, Vec::len);
    let short = periods <= YEARS * setting.season;
    let useful = |detector: &&Detector| short == !matches!(detector, Detector::Farrington | Detector::Cusum);
    let trial = |detector: &Detector| backtest::trial(*detector, areas, setting);
    let trials: Vec<Trial> = Detector::ALL.iter().filter(useful).map(trial).collect();
    let speaking: Vec<Detector> =
        trials.iter().filter(|trial| trial.verdict.speaks()).map(|trial| trial.detector).collect();
    let newest = areas.par_iter().map(|series| newest(series, &speaking, setting)).collect();
    Watched { trials, speaking, newest }
}

fn newest(series: &[Reading], speaking: &[Detector], setting: &Setting) -> Newest {
    let Some((last, past)) = series.split_last() else { return Newest::Missing(CellStatus::NotAvailable) };
    let count = match last {
        Err(status) => return Newest::Missing(*status),
        Ok(count) => *count,
    };
    let say = |detector: &Detector| match detector.bar(past, setting) {
        Err(why) => Said::Silent(why),
        Ok(bar) if f64::from(count) > bar.threshold => Said::Alarm(bar),
        Ok(bar) => Said::Usual(bar),
    };
    Newest::Counted { count, said: speaking.iter().map(say).collect() }
}
