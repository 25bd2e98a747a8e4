//! A group that lives here has a less favourable rate than the same group in the municipality.
//!
//! Groups are ordered by the log likelihood ratio of their excess, so that the group in which a
//! deviation is most concentrated comes before a wider group that merely contains it.

use kubus_model::signal::Reason;

use crate::listing::Scene;
use crate::statistic::posterior::Posterior;

use super::group::{Breakdown, Group};

/// A group is named when it is this sure that its rate is less favourable than elsewhere.
const SURE: f64 = 0.9;
/// A group is named when at least this part of the deviation sits in it.
const LEAST_CONTRIBUTION: f64 = 0.2;

/// The groups in which the deviation sits, most telling first, at most `most`.
pub(crate) fn reasons(scene: &Scene<'_>, breakdowns: &[Breakdown], most: usize) -> Vec<Reason> {
    let telling = |(breakdown, group): &(&Breakdown, &Group)| {
        breakdown.contribution(group) >= LEAST_CONTRIBUTION && certainty(group, breakdown.sign) >= SURE
    };
    let pairs = breakdowns.iter().flat_map(|b| b.groups.iter().map(move |g| (b, g)));
    let mut groups: Vec<(&Breakdown, &Group)> = pairs.filter(telling).collect();
    groups.sort_by(|a, b| telling_power(b.1).total_cmp(&telling_power(a.1)));
    groups.truncate(most);
    groups.into_iter().filter_map(|(b, g)| reason(scene, b, g)).collect()
}

fn certainty(group: &Group, sign: f64) -> f64 {
    group.posterior.as_ref().map_or(0.0, |p| if sign > 0.0 { p.exceeds(1.0) } else { p.is_below(1.0) })
}

/// y ln(y / E) − (y − E): how much better the group's own rate explains its count.
fn telling_power(group: &Group) -> f64 {
    let Some(posterior) = &group.posterior else { return 0.0 };
    let (count, expected) = (posterior.count(), group.expected.max(1e-9));
    if count > 0.0 { count * (count / expected).ln() - (count - expected) } else { expected }
}

fn reason(scene: &Scene<'_>, breakdown: &Breakdown, group: &Group) -> Option<Reason> {
    let posterior: &Posterior = group.posterior.as_ref()?;
    let unit = scene.ladder.indicator.per * group.rate_reference;
    Some(Reason::Behaviour {
        attribute: breakdown.attribute.clone(),
        value: group.value.clone(),
        rate_here: unit * posterior.mean(),
        interval: (unit * posterior.quantile(0.025), unit * posterior.quantile(0.975)),
        rate_reference: unit,
        contribution: breakdown.contribution(group),
    })
}
