//! Why an area deviates, as far as the release shows: for whom, hidden by which average, since
//! when, and where disclosure control ends the search. Association, never cause.
//!
//! | module | reason |
//! | --- | --- |
//! | [`group`] | what the release says of each group in the area |
//! | [`behaviour`] | a group has another rate here than elsewhere |
//! | [`around`] | a group has another rate in the area around it |
//! | [`composition`] | a group is larger here than elsewhere |
//! | [`average`] | the area around it looks ordinary |

mod around;
mod average;
mod behaviour;
mod composition;
mod group;

use std::collections::BTreeSet;

use kubus_model::signal::Reason;

use crate::ladder::Ladder;
use crate::listing::Scene;

use group::Breakdown;

/// At most this many groups are named as behaviour.
const MOST_BEHAVIOUR: usize = 3;
/// At most this many groups are named as composition, and attributes as closed.
const MOST_OTHER: usize = 2;

/// The reasons for a listed area, most important first. `periods` is how many periods in a row it
/// has been there.
pub(crate) fn reasons(scene: &Scene<'_>, step: usize, area: usize, periods: usize) -> Vec<Reason> {
    let breakdowns: Vec<Breakdown> = attributes(&scene.ladder, step)
        .iter()
        .filter_map(|attribute| Breakdown::of(scene, step, area, attribute))
        .collect();
    let mut reasons = behaviour::reasons(scene, &breakdowns, MOST_BEHAVIOUR);
    let closed = group::closed(&breakdowns, &reasons);
    reasons.extend(around::reasons(scene, step, area, &closed));
    reasons.extend(average::reason(scene, step, area));
    reasons.extend((periods > 1).then_some(Reason::Persistent { periods }));
    reasons.extend(composition::reasons(scene, &breakdowns, MOST_OTHER));
    let stopped = closed.iter().map(|b| Reason::StoppedByDisclosure { attribute: b.attribute.clone() });
    reasons.extend(stopped.take(MOST_OTHER));
    reasons
}

/// The attributes by which a table is broken down one at a time: those of the standardisation
/// first, in declared order.
fn attributes(ladder: &Ladder<'_>, step: usize) -> Vec<String> {
    let members = ladder.steps[step].table.members().iter();
    let single: Vec<&String> = members.filter(|m| m.attributes.len() == 1).map(|m| &m.attributes[0].0).collect();
    let declared = ladder.indicator.standardise.iter().filter(|a| single.contains(a));
    let mut seen = BTreeSet::new();
    declared.chain(single.iter().copied()).filter(|a| seen.insert(*a)).cloned().collect()
}
