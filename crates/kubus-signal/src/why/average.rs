//! The average of the area around it hides this one: the finest enclosing area that is at least
//! five times as large does not deviate.

use kubus_model::signal::Reason;

use crate::ladder::is_grid;
use crate::ladder::node::Node;
use crate::listing::Scene;

/// An average can only hide an area that is a small part of it.
const TIMES_LARGER: f64 = 5.0;

/// The enclosing area whose average hides this one, if there is one.
pub(crate) fn reason(scene: &Scene<'_>, step: usize, area: usize) -> Option<Reason> {
    let own = scene.node(step, area)?;
    let (at, around, node) = (0..step).rev().find_map(|at| enclosing(scene, step, area, at, own))?;
    if !is_ordinary(scene, node) {
        return None;
    }
    let table = scene.ladder.steps[at].table;
    let unit = scene.ladder.indicator.per * node.reference;
    Some(Reason::HiddenByAverage {
        level: table.level().clone(),
        area: table.areas()[around].clone(),
        rate: unit * node.mean(),
        rate_reference: unit,
    })
}

/// The area of a coarser step around this one, when it is much larger and no square.
fn enclosing<'a>(
    scene: &'a Scene<'_>,
    step: usize,
    area: usize,
    at: usize,
    own: &Node,
) -> Option<(usize, usize, &'a Node)> {
    let coarser = &scene.ladder.steps[at].entry;
    let fits =
        scene.ladder.is_listable(at) && !is_grid(&coarser.level) && coarser.rank < scene.ladder.steps[step].entry.rank;
    let around = if fits { scene.ladder.holder((step, area), at) } else { None }?;
    let node = scene.node(at, around)?;
    (node.expected >= TIMES_LARGER * own.expected).then_some((at, around, node))
}

/// Less than half of the way to what would count as a deviation.
fn is_ordinary(scene: &Scene<'_>, node: &Node) -> bool {
    node.posterior.is_some() && scene.severity(node) < f64::midpoint(1.0, scene.ladder.indicator.exceedance)
}
