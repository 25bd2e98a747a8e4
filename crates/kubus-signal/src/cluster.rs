//! Neighbours that deviate together are one signal: of the listed areas of one level that touch
//! each other, the one with the largest reach speaks for all of them and names the others. The
//! areas on the list, and so the promised share of false alarms, stay the same.

use std::collections::BTreeMap;

use crate::listing::Scene;
use crate::overlap::Carrier;

/// Merges carriers of one level whose areas touch.
pub(crate) fn clusters(scene: &Scene<'_>, carriers: Vec<Carrier>) -> Vec<Carrier> {
    let at: BTreeMap<(usize, usize), usize> =
        carriers.iter().enumerate().map(|(at, c)| ((c.candidate.step, c.candidate.area), at)).collect();
    let mut cluster: Vec<usize> = (0..carriers.len()).collect();
    for (own, carrier) in carriers.iter().enumerate() {
        let step = carrier.candidate.step;
        for other in neighbours(scene, step, carrier.candidate.area) {
            if let Some(other) = at.get(&(step, other)) {
                join(&mut cluster, own, *other);
            }
        }
    }
    let mut members: BTreeMap<usize, Vec<Carrier>> = BTreeMap::new();
    for (own, carrier) in carriers.into_iter().enumerate() {
        members.entry(root(&cluster, own)).or_default().push(carrier);
    }
    members.into_values().filter_map(|cluster| spoken_for(scene, cluster)).collect()
}

/// Positions in the step's table of the areas that touch an area.
fn neighbours(scene: &Scene<'_>, step: usize, area: usize) -> Vec<usize> {
    let table = scene.ladder.steps[step].table;
    let areas = scene.ladder.release.areas(table.level());
    let entry = scene.ladder.release.area(table.level(), &table.areas()[area]);
    let touching = entry.map(|entry| entry.adjacent.as_slice()).unwrap_or_default();
    touching.iter().filter_map(|at| table.area_position(&areas.get(*at as usize)?.code)).collect()
}

fn root(cluster: &[usize], mut at: usize) -> usize {
    while cluster[at] != at {
        at = cluster[at];
    }
    at
}

fn join(cluster: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(cluster, one), root(cluster, other));
    cluster[one.max(other)] = one.min(other);
}

/// The member with the largest reach, which names the others and whom they named.
fn spoken_for(scene: &Scene<'_>, mut cluster: Vec<Carrier>) -> Option<Carrier> {
    let reach = |carrier: &Carrier| {
        let node = scene.node(carrier.candidate.step, carrier.candidate.area);
        node.map_or(0.0, |node| scene.reach(node))
    };
    cluster.sort_by(|a, b| reach(b).total_cmp(&reach(a)).then(a.candidate.area.cmp(&b.candidate.area)));
    let mut cluster = cluster.into_iter();
    let mut head = cluster.next()?;
    for other in cluster {
        head.also.push((other.candidate.step, other.candidate.area));
        head.also.extend(other.also);
    }
    head.also.sort_unstable();
    head.also.dedup();
    Some(head)
}
