//! One deviation, one signal. A town's levels overlap, so a deviation shows at several of them:
//! the smallest area that explains it carries it, and the others are named beside it.
//!
//! * A larger area that deviates only because of a listed area inside it is named there.
//! * A larger area that also deviates without the listed areas inside it carries the signal, and
//!   names those inside; an area inside that stands out even against it keeps its own signal.

use std::collections::BTreeSet;

use crate::ladder::is_grid;
use crate::ladder::node::Node;
use crate::listing::{Candidate, Scene};
use crate::statistic::counts::Counts;
use crate::statistic::discovery::LEAST_CERTAINTY;
use crate::statistic::posterior::{Exposure, Posterior, Prior};

/// Outside the listed areas less than this part of what is expected is left: it says nothing.
const NOTHING_LEFT: f64 = 0.2;
/// An area lies in another when at least this part of its units does.
const INSIDE: f64 = 0.5;

/// A listed area with the areas it speaks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Carrier {
    /// The area.
    pub(crate) candidate: Candidate,
    /// Step and area of the others, sorted.
    pub(crate) also: Vec<(usize, usize)>,
}

/// Merges the lists of all levels.
pub(crate) fn carriers(scene: &Scene<'_>, mut listed: Vec<Candidate>) -> Vec<Carrier> {
    listed.sort_by_key(|c| (c.step, c.area));
    let tiles = tiles_of(scene, &listed);
    let mut carried_by: Vec<Option<usize>> = vec![None; listed.len()];
    for at in 0..listed.len() {
        settle(scene, &listed, &tiles, at, &mut carried_by);
    }
    collected(&listed, &carried_by)
}

/// Decides who carries an area and the listed areas inside it.
fn settle(
    scene: &Scene<'_>,
    listed: &[Candidate],
    tiles: &[BTreeSet<usize>],
    at: usize,
    carried_by: &mut [Option<usize>],
) {
    if carried_by[at].is_some() {
        return;
    }
    let inside = |other: &usize| {
        listed[*other].step > listed[at].step
            && carried_by[*other].is_none()
            && lies_in(scene, listed[*other], &tiles[*other], listed[at], &tiles[at])
    };
    let children: Vec<usize> = (at + 1..listed.len()).filter(inside).collect();
    if children.is_empty() {
        return;
    }
    let outermost = outermost(scene, listed, tiles, &children);
    if deviates_without(scene, listed, at, &outermost) {
        let quiet = children.into_iter().filter(|c| !stands_out(scene, listed[*c], listed[at]));
        quiet.for_each(|child| carried_by[child] = Some(at));
    } else {
        let reach = |c: &usize| scene.node(listed[*c].step, listed[*c].area).map_or(0.0, |node| scene.reach(node));
        carried_by[at] = outermost.into_iter().max_by(|a, b| reach(a).total_cmp(&reach(b)).then(b.cmp(a)));
    }
}

/// Follows who carries whom to the end and groups by carrier.
fn collected(listed: &[Candidate], carried_by: &[Option<usize>]) -> Vec<Carrier> {
    let end = |at: usize| std::iter::successors(Some(at), |a| carried_by[*a]).last().unwrap_or(at);
    let mut also: Vec<Vec<(usize, usize)>> = vec![Vec::new(); listed.len()];
    for (at, candidate) in listed.iter().enumerate().filter(|(at, _)| carried_by[*at].is_some()) {
        also[end(at)].push((candidate.step, candidate.area));
    }
    let kept = listed.iter().zip(also).zip(carried_by).filter(|(_, carried)| carried.is_none());
    kept.map(|((candidate, also), _)| Carrier { candidate: *candidate, also }).collect()
}

/// The areas among `children` that lie in no other of them, so that their sums do not overlap.
fn outermost(scene: &Scene<'_>, listed: &[Candidate], tiles: &[BTreeSet<usize>], children: &[usize]) -> Vec<usize> {
    let inner = |child: usize| {
        children.iter().any(|other| {
            listed[*other].step < listed[child].step
                && lies_in(scene, listed[child], &tiles[child], listed[*other], &tiles[*other])
        })
    };
    children.iter().copied().filter(|child| !inner(*child)).collect()
}

/// Whether what is left of an area without the listed areas inside it deviates too.
fn deviates_without(scene: &Scene<'_>, listed: &[Candidate], at: usize, children: &[usize]) -> bool {
    let node = |c: &Candidate| scene.node(c.step, c.area);
    let Some(whole) = node(&listed[at]) else { return false };
    let parts = children.iter().filter_map(|child| node(&listed[*child]));
    let (expected, count) = parts.fold((0.0, 0.0), |sum, n| (sum.0 + n.expected, sum.1 + n.count));
    let left = whole.expected - expected;
    if left < NOTHING_LEFT * whole.expected {
        return true;
    }
    let prior =
        Prior { mean: 1.0, strength: scene.spreads.get(&listed[at].step).map_or(1.0, |spread| spread.strength) };
    let counts = Counts::exactly((whole.count - count).max(0.0));
    let rest = Posterior::new(Exposure::Events { expected: left }, prior, &counts);
    unfavourable(scene, &rest, 1.0) >= LEAST_CERTAINTY
}

/// Whether an area deviates even against the larger area it lies in.
fn stands_out(scene: &Scene<'_>, child: Candidate, parent: Candidate) -> bool {
    let against = scene.node(parent.step, parent.area).map_or(1.0, Node::mean);
    let posterior = scene.node(child.step, child.area).and_then(|node| node.posterior.as_ref());
    posterior.is_some_and(|posterior| unfavourable(scene, posterior, against) >= LEAST_CERTAINTY)
}

/// P(less favourable than c times `against`), both relative to the reference.
fn unfavourable(scene: &Scene<'_>, posterior: &Posterior, against: f64) -> f64 {
    let c = scene.ladder.indicator.exceedance;
    if scene.looks_low() { posterior.is_below(against / c) } else { posterior.exceeds(against * c) }
}

/// For every listed area the smallest areas of the release that lie in it.
fn tiles_of(scene: &Scene<'_>, listed: &[Candidate]) -> Vec<BTreeSet<usize>> {
    let mut tiles = vec![BTreeSet::new(); listed.len()];
    let is_place = |step: &usize| !is_grid(&scene.ladder.steps[*step].entry.level);
    let Some(finest) = (0..scene.ladder.steps.len()).rev().find(is_place) else { return tiles };
    let steps: BTreeSet<usize> = listed.iter().map(|c| c.step).collect();
    for tile in 0..scene.ladder.steps[finest].table.areas().len() {
        for step in &steps {
            let area = if *step == finest { Some(tile) } else { scene.ladder.holder((finest, tile), *step) };
            let at = area.and_then(|area| listed.binary_search_by_key(&(*step, area), |c| (c.step, c.area)).ok());
            if let Some(at) = at {
                tiles[at].insert(tile);
            }
        }
    }
    tiles
}

/// Whether at least half of an area lies in another: by the smallest areas they share, or by what
/// the release says of the area itself when it has none.
fn lies_in(
    scene: &Scene<'_>,
    inner: Candidate,
    inner_tiles: &BTreeSet<usize>,
    outer: Candidate,
    outer_tiles: &BTreeSet<usize>,
) -> bool {
    if inner_tiles.is_empty() {
        return scene.ladder.holder((inner.step, inner.area), outer.step) == Some(outer.area);
    }
    let shared = inner_tiles.intersection(outer_tiles).count();
    real(shared) >= INSIDE * real(inner_tiles.len())
}

#[expect(clippy::cast_precision_loss, reason = "a town has far fewer than 2^53 areas")]
const fn real(count: usize) -> f64 {
    count as f64
}
