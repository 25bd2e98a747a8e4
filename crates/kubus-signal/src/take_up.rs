//! Niet-gebruik: how many people or households could be reached who are entitled to something and
//! do not use it. From the posterior of the true count that was published with noise or not at all,
//! and from the errors that are declared of both registers.

use kubus_model::{AreaCode, AreaLevel, CellStatus, Member, Period, Release, TakeUp};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::estimate::{MIN_OWN_INFORMATION, pass_of};
use crate::ladder::Ladder;
use crate::ladder::node::Node;

/// Probability of the intervals.
pub const CREDIBILITY: f64 = 0.95;
/// Each declared range is cut into so many equally likely parts.
const PARTS: u8 = 12;

/// Why nothing can be said of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotEstimable {
    /// The number of those entitled is hidden by a rule.
    Hidden,
    /// Nobody entitled was counted, or nothing was delivered.
    NoData,
    /// The area says too little of itself: the answer would be about the areas around it.
    TooUncertain,
}

/// A number with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Between {
    /// Lower end.
    pub low: f64,
    /// Middle: a mean for a share, a median for people.
    pub middle: f64,
    /// Upper end.
    pub high: f64,
}

/// What can be said of non-take-up in one area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaTakeUp {
    /// Area code.
    pub area: AreaCode,
    /// Those entitled, as published.
    pub entitled: Option<i64>,
    /// Those of them that do not use it, in the indicator's unit.
    pub share: Option<Between>,
    /// People or households that could be reached.
    pub reachable: Option<Between>,
    /// Why nothing can be said.
    pub refused: Option<NotEstimable>,
}

/// The newest period in which anything is published of an indicator at a level.
#[must_use]
pub fn newest(release: &Release, indicator: &str, level: &AreaLevel) -> Option<Period> {
    let ladder = Ladder::of(release, indicator)?;
    ladder.steps[ladder.position(level)?].newest()
}

/// One answer per area of the table, in its order. Empty when the release declares no non-take-up
/// of this indicator, or has no such table or period.
#[must_use]
pub fn areas(release: &Release, indicator: &str, level: &AreaLevel, period: Period) -> Vec<AreaTakeUp> {
    let Some(ladder) = Ladder::of(release, indicator) else { return Vec::new() };
    let Some(declared) = ladder.indicator.take_up else { return Vec::new() };
    let Some(step) = ladder.position(level) else { return Vec::new() };
    let table = ladder.steps[step].table;
    let Some(at) = table.period_position(period) else { return Vec::new() };
    let Some(pass) = pass_of(&ladder, step, period, &Member::total()) else { return Vec::new() };
    let factors = factors(&declared);
    let of_area = |area: usize| {
        let cell = table.cell(area, at, 0);
        let answer = answer(&pass.nodes[area], cell.status, ladder.indicator.per, &factors);
        AreaTakeUp { area: table.areas()[area].clone(), entitled: cell.denominator, ..answer }
    };
    (0..table.areas().len()).into_par_iter().map(of_area).collect()
}

fn answer(node: &Node, status: CellStatus, per: f64, factors: &[f64]) -> AreaTakeUp {
    let none = |refused| AreaTakeUp {
        area: AreaCode::new(""),
        entitled: None,
        share: None,
        reachable: None,
        refused: Some(refused),
    };
    let Some(posterior) = &node.posterior else {
        return none(if status == CellStatus::Suppressed { NotEstimable::Hidden } else { NotEstimable::NoData });
    };
    if posterior.own_information() < MIN_OWN_INFORMATION {
        return none(NotEstimable::TooUncertain);
    }
    let unit = per * node.reference;
    let tail = (1.0 - CREDIBILITY) / 2.0;
    let [low, high] = [tail, 1.0 - tail].map(|p| (unit * posterior.quantile(p)).min(per));
    let share = Between { low, middle: (unit * posterior.mean()).min(per), high };
    let reachable = reachable(&posterior.counts(), factors);
    AreaTakeUp { share: Some(share), reachable: Some(reachable), refused: None, ..none(NotEstimable::NoData) }
}

/// What remains of a count, by each combination of the declared errors; all equally likely.
fn factors(declared: &TakeUp) -> Vec<f64> {
    let within = |(low, high): (f64, f64)| {
        let part = move |at: u8| low + (high - low) * (f64::from(at) + 0.5) / f64::from(PARTS);
        (0..PARTS).map(part)
    };
    let elsewhere: Vec<f64> = within(declared.helped_elsewhere).collect();
    within(declared.entitled).flat_map(|entitled| elsewhere.iter().map(move |e| entitled * (1.0 - e))).collect()
}

/// Quantiles of the count times the factor, both uncertain.
fn reachable(counts: &[(f64, f64)], factors: &[f64]) -> Between {
    let mut possible: Vec<(f64, f64)> =
        counts.iter().flat_map(|(count, weight)| factors.iter().map(move |f| (count * f, *weight))).collect();
    possible.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = possible.iter().map(|(_, weight)| weight).sum();
    let quantile = |probability: f64| {
        let mut passed = 0.0;
        let reaches = |(_, weight): &&(f64, f64)| {
            passed += weight;
            passed >= probability * total * (1.0 - 1e-12)
        };
        possible.iter().find(reaches).or(possible.last()).map_or(0.0, |(value, _)| *value)
    };
    let tail = (1.0 - CREDIBILITY) / 2.0;
    Between { low: quantile(tail), middle: quantile(0.5), high: quantile(1.0 - tail) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SURE: TakeUp = TakeUp { entitled: (1.0, 1.0), helped_elsewhere: (0.0, 0.0) };

    #[test]
    fn without_errors_the_interval_is_that_of_the_count() {
        let counts: Vec<(f64, f64)> = (0..100).map(|at| (f64::from(at), 0.01)).collect();
        let found = reachable(&counts, &factors(&SURE));
        assert_eq!((found.low, found.middle, found.high), (2.0, 49.0, 97.0));
    }

    #[test]
    fn a_known_count_keeps_only_the_declared_errors() {
        let declared = TakeUp { entitled: (0.8, 1.0), helped_elsewhere: (0.5, 0.5) };
        let found = reachable(&[(100.0, 1.0)], &factors(&declared));
        assert!((found.middle - 45.0).abs() < 0.5 && found.low >= 40.0 && found.high <= 50.0, "{found:?}");
    }

    proptest! {
        #[test]
        fn wider_errors_never_reach_more_and_never_narrow(
            counts in proptest::collection::vec((0.0f64..500.0, 0.01f64..1.0), 1..30),
            entitled in 0.5f64..1.0,
        ) {
            let sure = reachable(&counts, &factors(&SURE));
            let declared = TakeUp { entitled: (entitled, 1.0), helped_elsewhere: (0.0, 0.0) };
            let wide = reachable(&counts, &factors(&declared));
            prop_assert!(wide.low <= sure.low && wide.high <= sure.high);
            prop_assert!(wide.low <= wide.middle && wide.middle <= wide.high);
        }
    }
}
