//! The groups of an area are too small to show, but in the area around it one of them has a less
//! favourable rate than the same group elsewhere.

use kubus_model::signal::Reason;

use crate::listing::Scene;

use super::group::{Breakdown, Group};

/// A group is named when it is this sure that its rate exceeds the policy's c times that elsewhere.
const SURE: f64 = 0.9;

/// For every closed attribute the group that stands out in the smallest area around this one that
/// shows it.
pub(crate) fn reasons(scene: &Scene<'_>, step: usize, area: usize, closed: &[&Breakdown]) -> Vec<Reason> {
    closed.iter().filter_map(|breakdown| of_attribute(scene, step, area, &breakdown.attribute)).collect()
}

fn of_attribute(scene: &Scene<'_>, step: usize, area: usize, attribute: &str) -> Option<Reason> {
    let around = |(step, area): &(usize, usize)| {
        let parent = scene.ladder.steps[*step].parent?;
        Some((parent, scene.ladder.steps[*step].parents[*area]?))
    };
    let mut chain = std::iter::successors(around(&(step, area)), around);
    chain.find_map(|(step, area)| standing_out(scene, step, area, attribute))
}

fn standing_out(scene: &Scene<'_>, step: usize, area: usize, attribute: &str) -> Option<Reason> {
    if !scene.ladder.is_listable(step) {
        return None;
    }
    let breakdown = Breakdown::of(scene, step, area, attribute)?;
    let surest = |group: &&Group| certainty(scene, group, breakdown.sign) >= SURE;
    let group = breakdown
        .groups
        .iter()
        .filter(surest)
        .max_by(|a, b| a.excess(breakdown.sign).total_cmp(&b.excess(breakdown.sign)))?;
    let posterior = group.posterior.as_ref()?;
    let unit = scene.ladder.indicator.per * group.rate_reference;
    let table = scene.ladder.steps[step].table;
    Some(Reason::BehaviourAround {
        level: table.level().clone(),
        area: table.areas()[area].clone(),
        attribute: attribute.to_owned(),
        value: group.value.clone(),
        rate_there: unit * posterior.mean(),
        interval: (unit * posterior.quantile(0.025), unit * posterior.quantile(0.975)),
        rate_reference: unit,
    })
}

fn certainty(scene: &Scene<'_>, group: &Group, sign: f64) -> f64 {
    let c = scene.ladder.indicator.exceedance;
    group.posterior.as_ref().map_or(0.0, |p| if sign > 0.0 { p.exceeds(c) } else { p.is_below(1.0 / c) })
}
