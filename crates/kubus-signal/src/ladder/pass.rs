//! A whole level at once: its strength is fitted on the newest period and holds for all periods,
//! so that a map, a trend and a list never disagree.

use std::collections::BTreeMap;

use kubus_model::{Member, Period};
use rayon::prelude::*;

use crate::statistic::strength::{self, Case};

use super::Ladder;
use super::node::{Draft, Node, Place};
use super::standard::Reference;

/// Strength of a level in which nothing is published.
const UNKNOWN: f64 = 10.0;

/// One level in one period.
#[derive(Debug)]
pub(crate) struct Pass {
    /// Fitted strength, in expected counts.
    pub(crate) strength: f64,
    /// One node per area of the table.
    pub(crate) nodes: Vec<Node>,
}

/// Levels in one period, by step.
pub(crate) type Passes = BTreeMap<usize, Pass>;

/// Strengths by step.
pub(crate) type Strengths = BTreeMap<usize, f64>;

/// Estimates the given steps, which must be coarse to fine; strengths that are not given are
/// fitted. A step that lacks the period or the member is left out.
pub(crate) fn run(
    ladder: &Ladder<'_>,
    steps: &[usize],
    period: Period,
    member: &Member,
    strengths: Option<&Strengths>,
) -> Passes {
    let mut passes = Passes::new();
    let Some(reference) = Reference::of(ladder, period, member) else { return passes };
    for at in steps {
        let strength = strengths.and_then(|s| s.get(at)).copied();
        if let Some(pass) = level(ladder, *at, period, member, &reference, &passes, strength) {
            passes.insert(*at, pass);
        }
    }
    passes
}

fn level(
    ladder: &Ladder<'_>,
    at: usize,
    period: Period,
    member: &Member,
    reference: &Reference,
    passes: &Passes,
    strength: Option<f64>,
) -> Option<Pass> {
    let step = &ladder.steps[at];
    let (period, member) = (step.table.period_position(period)?, step.table.member_position(member)?);
    let outer = step.parent.and_then(|p| passes.get(&p));
    let draft = |area: usize| {
        let around = outer.zip(step.parents[area]).map(|(pass, at)| &pass.nodes[at]);
        Draft::of(ladder, reference, Place { step, area, period, member, around })
    };
    let drafts: Vec<Draft> = (0..step.table.areas().len()).into_par_iter().with_min_len(64).map(draft).collect();
    let strength = strength.unwrap_or_else(|| fitted(&drafts));
    let nodes = drafts.into_par_iter().with_min_len(64).map(|draft| draft.finish(strength)).collect();
    Some(Pass { strength, nodes })
}

fn fitted(drafts: &[Draft]) -> f64 {
    let cases: Vec<Case<'_>> = drafts.iter().filter_map(Draft::case).collect();
    if cases.len() < 2 { UNKNOWN } else { strength::fit(&cases) }
}

/// The strengths of a step and those it hangs from, fitted on the newest period of the step, with
/// the passes of that period.
pub(crate) fn newest(ladder: &Ladder<'_>, step: usize, member: &Member) -> Option<(Period, Passes)> {
    let period = ladder.steps[step].newest()?;
    Some((period, run(ladder, &ladder.chain(step), period, member, None)))
}

/// The strengths of passes.
pub(crate) fn strengths(passes: &Passes) -> Strengths {
    passes.iter().map(|(at, pass)| (*at, pass.strength)).collect()
}

/// One area and those around it in another period, coarse to fine, with known strengths; ends at
/// the area itself. `None` when the period or the member is not there.
pub(crate) fn one(
    ladder: &Ladder<'_>,
    step: usize,
    area: usize,
    period: Period,
    member: &Member,
    strengths: &Strengths,
) -> Option<Node> {
    let reference = Reference::of(ladder, period, member)?;
    one_within(ladder, step, area, period, member, strengths, &reference)
}

fn one_within(
    ladder: &Ladder<'_>,
    at: usize,
    area: usize,
    period: Period,
    member: &Member,
    strengths: &Strengths,
    reference: &Reference,
) -> Option<Node> {
    let step = &ladder.steps[at];
    let positions = (step.table.period_position(period)?, step.table.member_position(member)?);
    let outer = step.parent.zip(step.parents[area]);
    let around = outer.and_then(|(p, a)| one_within(ladder, p, a, period, member, strengths, reference));
    let place = Place { step, area, period: positions.0, member: positions.1, around: around.as_ref() };
    let strength = strengths.get(&at).copied().unwrap_or(UNKNOWN);
    Some(Draft::of(ladder, reference, place).finish(strength))
}
