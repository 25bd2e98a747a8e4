//! The running score: recorded forecasts ([`super::recorded`]) against what happened. CRPS, skill
//! against the simple figure that was recorded with them, coverage on the scale of the randomised
//! probability integral transform, and observed over predicted; per horizon and over all.

use std::collections::{BTreeMap, HashMap};

use kubus_model::Period;
use serde::Serialize;

use super::bootstrap;
use super::panel::Panel;
use super::recorded::Step;
use super::score::{Placed, Truth, crps, placed};
use super::season::real;
use super::seen::Seen;
use super::verdict::skill;

/// A recorded forecast of one period beside what happened.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    horizon: usize,
    period: Period,
    cells: usize,
    /// Areas that were forecast and of which nothing is known now.
    pub absent: usize,
    crps: f64,
    simple_crps: f64,
    placed: Placed,
    observed: f64,
    expected: f64,
}

/// The score of recorded forecasts so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Running {
    /// Periods after the origin; nothing for all together.
    pub horizon: Option<usize>,
    /// Recorded periods of which the outcome is known.
    pub outcomes: usize,
    /// Counts that were scored.
    pub cells: usize,
    /// Mean CRPS of the forecasts.
    pub crps: f64,
    /// Mean CRPS of the simple figures that were recorded with them.
    pub simple_crps: f64,
    /// 1 − the one over the other.
    pub skill: f64,
    /// 95 % interval of the skill, over periods; nothing with too few.
    pub skill_interval: Option<(f64, f64)>,
    /// Share of counts within the 80 % and the 95 % interval.
    pub coverage: (f64, f64),
    /// Share of counts in each tenth of the scale; flat when the uncertainty is right.
    pub tenths: [f64; 10],
    /// Counts that happened, and that were expected.
    pub observed: f64,
    /// See `observed`.
    pub expected: f64,
    /// Observed over expected.
    pub ratio: f64,
}

/// What happened in a recorded period. `None` as long as it is not in the panel, or has none of its
/// areas.
#[must_use]
pub fn outcome(step: &Step, panel: &Panel, seed: u64) -> Option<Outcome> {
    let at = panel.periods.binary_search(&step.period).ok()?;
    let places: HashMap<&str, usize> = panel.areas.iter().enumerate().map(|(at, area)| (area.as_str(), at)).collect();
    let (mut counts, mut means, mut simple) = (Vec::new(), Vec::new(), Vec::new());
    for expected in &step.areas {
        if let Some(area) = places.get(expected.area.as_str()) {
            counts.push(panel.seen[at][*area]);
            means.push(expected.mean);
            simple.push(expected.simple);
        }
    }
    let seed = seed ^ (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ step.horizon as u64;
    let known = |seen: &&Seen| **seen != Seen::Nothing;
    let cells = counts.iter().filter(known).count();
    let truth = Truth { seen: &counts, values: &[], blind: panel.blind() };
    let pairs = || counts.iter().zip(&means).filter(|(seen, _)| known(seen));
    (cells > 0).then(|| Outcome {
        horizon: step.horizon,
        period: step.period,
        cells,
        absent: step.areas.len() - counts.len(),
        crps: crps(truth, &means, step.size),
        simple_crps: crps(truth, &simple, step.simple_size),
        placed: placed(&counts, &means, step.size, seed),
        observed: pairs().map(|(seen, mean)| seen.expected(*mean, step.size)).sum(),
        expected: pairs().map(|(_, mean)| mean).sum(),
    })
}

/// The score per horizon, shortest first.
#[must_use]
pub fn by_horizon(outcomes: &[Outcome], seed: u64) -> Vec<Running> {
    let mut found: BTreeMap<usize, Vec<Outcome>> = BTreeMap::new();
    outcomes.iter().for_each(|outcome| found.entry(outcome.horizon).or_default().push(*outcome));
    found.into_iter().filter_map(|(horizon, outcomes)| score(Some(horizon), &outcomes, seed)).collect()
}

/// The score of all horizons together.
#[must_use]
pub fn overall(outcomes: &[Outcome], seed: u64) -> Option<Running> {
    score(None, outcomes, seed)
}

fn score(horizon: Option<usize>, outcomes: &[Outcome], seed: u64) -> Option<Running> {
    let longest = outcomes.iter().map(|outcome| outcome.horizon).max()?;
    let cells: usize = outcomes.iter().map(|outcome| outcome.cells).sum();
    let mean = |of: &dyn Fn(&Outcome) -> f64| {
        outcomes.iter().map(|outcome| of(outcome) * real(outcome.cells)).sum::<f64>() / real(cells)
    };
    let sum = |of: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(of).sum::<f64>();
    let (observed, expected) = (sum(&|o| o.observed), sum(&|o| o.expected));
    let pairs = by_period(outcomes);
    Some(Running {
        horizon,
        outcomes: outcomes.len(),
        cells,
        crps: mean(&|o| o.crps),
        simple_crps: mean(&|o| o.simple_crps),
        skill: skill(&pairs),
        skill_interval: bootstrap::interval(&pairs, bootstrap::block(longest), seed, skill),
        coverage: (mean(&|o| o.placed.within80), mean(&|o| o.placed.within95)),
        tenths: std::array::from_fn(|at| mean(&|o| o.placed.tenths[at])),
        observed,
        expected,
        ratio: observed / expected.max(1e-9),
    })
}

/// Sums of the scores of the forecasts and of the simple figures, per period: what happened in one
/// period is one observation, at however many horizons it was forecast.
fn by_period(outcomes: &[Outcome]) -> Vec<(f64, f64)> {
    let mut sums: BTreeMap<Period, (f64, f64)> = BTreeMap::new();
    for outcome in outcomes {
        let sum = sums.entry(outcome.period).or_default();
        sum.0 += outcome.crps * real(outcome.cells);
        sum.1 += outcome.simple_crps * real(outcome.cells);
    }
    sums.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::baseline::Baseline;
    use crate::forecast::recorded::steps;
    use crate::forecast::study::drawn;
    use crate::forecast::verdict::ORIGINS;
    use crate::forecast::{Surroundings, verdict};

    fn moving(month: usize, area: usize) -> f64 {
        if (month / 8 * 13 + area) % 60 < 6 { 7.0 } else { 0.8 }
    }

    #[test]
    fn recorded_month_by_month_the_score_is_that_of_the_backtest() {
        let panel = drawn(60, 84, 5, moving);
        let around = Surroundings::unknown(&panel);
        let played = verdict(&panel, &around, 1, 1);
        let simple = Baseline::ALL.into_iter().find(|baseline| baseline.name() == played.baseline).unwrap();
        let origins = 83 - ORIGINS..83;
        let made = origins.map(|end| steps(&panel.until(end), &around, 1, simple).remove(0));
        let outcomes: Vec<Outcome> = made.map(|step| outcome(&step, &panel, 1).unwrap()).collect();
        let found = overall(&outcomes, 1).unwrap();
        assert!((found.crps - played.crps).abs() < 1e-9 && (found.simple_crps - played.baseline_crps).abs() < 1e-9);
        assert!((found.coverage.0 - played.calibration.coverage.0).abs() < 0.02 && found.outcomes == ORIGINS);
        let (found, played) = (found.skill_interval.unwrap(), played.skill_interval.unwrap());
        assert!((found.0 - played.0).abs() < 1e-9 && (found.1 - played.1).abs() < 1e-9);
    }

    #[test]
    fn a_period_that_is_not_there_yet_waits_and_an_area_that_went_is_counted() {
        let panel = drawn(20, 40, 1, moving);
        let made = steps(&panel, &Surroundings::unknown(&panel), 2, Baseline::MeanAll);
        assert!(made.len() == 2 && outcome(&made[1], &panel, 1).is_none());
        let later = drawn(20, 42, 1, moving);
        let mut gone = made[1].clone();
        gone.areas[3].area = "gone".into();
        assert_eq!(outcome(&gone, &later, 1).unwrap().absent, 1);
        let both: Vec<Outcome> = made.iter().map(|step| outcome(step, &later, 1).unwrap()).collect();
        assert_eq!(by_horizon(&both, 1).iter().map(|r| r.horizon).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert_eq!(overall(&both, 1).unwrap().cells, 40);
    }
}
