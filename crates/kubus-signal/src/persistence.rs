//! Since when: how many periods in a row an area has deviated.

use kubus_model::Member;

use crate::estimate::certainty;
use crate::ladder::pass;
use crate::listing::Scene;
use crate::statistic::discovery::LEAST_CERTAINTY;

/// Number of consecutive periods up to and including the listed one in which the area more likely
/// deviated than not.
pub(crate) fn consecutive(scene: &Scene<'_>, step: usize, area: usize) -> usize {
    let table = scene.ladder.steps[step].table;
    let Some(now) = table.period_position(scene.period) else { return 1 };
    let deviated = |at: &usize| {
        let period = table.periods()[*at];
        pass::one(&scene.ladder, step, area, period, &Member::total(), &scene.spreads)
            .and_then(|node| node.posterior)
            .and_then(|posterior| certainty(scene.ladder.indicator, &posterior))
            .is_some_and(|certainty| certainty >= LEAST_CERTAINTY)
    };
    1 + (0..now).rev().take_while(deviated).count()
}
