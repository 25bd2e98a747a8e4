//! A whole level at once: how its areas differ is fitted on the newest period and holds for all periods,
//! so that a map, a trend and a list never disagree.

use std::collections::BTreeMap;

use kubus_model::{Member, Period};
use rayon::prelude::*;

use crate::statistic::classes::{self, Case, PERIODS, Spread};

use super::Ladder;
use super::node::{Draft, Node, Place};
use super::standard::Reference;

/// Spread of a level in which nothing is published.
const UNKNOWN: Spread = Spread::plain(10.0);

/// One level in one period.
#[derive(Debug)]
pub(crate) struct Pass {
    /// How its areas differ, as fitted.
    pub(crate) spread: Spread,
    /// One node per area of the table.
    pub(crate) nodes: Vec<Node>,
}

/// Levels in one period, by step.
pub(crate) type Passes = BTreeMap<usize, Pass>;

/// Spreads by step.
pub(crate) type Spreads = BTreeMap<usize, Spread>;

/// The municipality's rates in a period and in the earlier ones that count, newest first.
pub(crate) struct History {
    references: Vec<(Period, Reference)>,
}

impl History {
    fn of(ladder: &Ladder<'_>, period: Period, member: &Member) -> Option<Self> {
        let mut periods: Vec<Period> = ladder.steps.iter().flat_map(|step| step.table.periods()).copied().collect();
        periods.sort_unstable();
        periods.dedup();
        let earlier = periods.into_iter().rev().filter(|other| *other < period).take(PERIODS);
        let reference = |period: Period| Some((period, Reference::of(ladder, period, member)?));
        let now = reference(period)?;
        Some(Self { references: std::iter::once(now).chain(earlier.filter_map(reference)).collect() })
    }

    /// The place in every period of the history that its table has, with the rates of that period.
    fn draft(&self, ladder: &Ladder<'_>, place: Place<'_>) -> Draft {
        let mut draft = Draft::of(ladder, &self.references[0].1, place);
        for (period, reference) in &self.references[1..] {
            if let Some(period) = place.step.table.period_position(*period) {
                draft.remember(Draft::of(ladder, reference, Place { period, ..place }));
            }
        }
        draft
    }
}

/// Estimates the given steps, which must be coarse to fine; spreads that are not given are
/// fitted. A step that lacks the period or the member is left out.
pub(crate) fn run(
    ladder: &Ladder<'_>,
    steps: &[usize],
    period: Period,
    member: &Member,
    spreads: Option<&Spreads>,
) -> Passes {
    let mut passes = Passes::new();
    let Some(history) = History::of(ladder, period, member) else { return passes };
    for at in steps {
        let spread = spreads.and_then(|s| s.get(at)).copied();
        if let Some(pass) = level(ladder, *at, period, member, &history, &passes, spread) {
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
    history: &History,
    passes: &Passes,
    spread: Option<Spread>,
) -> Option<Pass> {
    let step = &ladder.steps[at];
    let (period, member) = (step.table.period_position(period)?, step.table.member_position(member)?);
    let outer = step.parent.and_then(|p| passes.get(&p));
    let draft = |area: usize| {
        let around = outer.zip(step.parents[area]).map(|(pass, at)| &pass.nodes[at]);
        history.draft(ladder, Place { step, area, period, member, around })
    };
    let drafts: Vec<Draft> = (0..step.table.areas().len()).into_par_iter().with_min_len(64).map(draft).collect();
    let spread = spread.unwrap_or_else(|| fitted(&drafts));
    let nodes = drafts.into_par_iter().with_min_len(64).map(|draft| draft.finish(&spread)).collect();
    Some(Pass { spread, nodes })
}

fn fitted(drafts: &[Draft]) -> Spread {
    let cases: Vec<Case<'_>> = drafts.iter().filter_map(Draft::case).collect();
    if cases.len() < 2 { UNKNOWN } else { classes::fit(&cases) }
}

/// The spreads of a step and those it hangs from, fitted on the newest period of the step, with
/// the passes of that period.
pub(crate) fn newest(ladder: &Ladder<'_>, step: usize, member: &Member) -> Option<(Period, Passes)> {
    let period = ladder.steps[step].newest()?;
    Some((period, run(ladder, &ladder.chain(step), period, member, None)))
}

/// The spreads of passes.
pub(crate) fn spreads(passes: &Passes) -> Spreads {
    passes.iter().map(|(at, pass)| (*at, pass.spread)).collect()
}

/// One area and those around it in another period, coarse to fine, with known spreads; ends at
/// the area itself. `None` when the period or the member is not there.
pub(crate) fn one(
    ladder: &Ladder<'_>,
    step: usize,
    area: usize,
    period: Period,
    member: &Member,
    spreads: &Spreads,
) -> Option<Node> {
    let history = History::of(ladder, period, member)?;
    one_within(ladder, step, area, period, member, spreads, &history)
}

fn one_within(
    ladder: &Ladder<'_>,
    at: usize,
    area: usize,
    period: Period,
    member: &Member,
    spreads: &Spreads,
    history: &History,
) -> Option<Node> {
    let step = &ladder.steps[at];
    let positions = (step.table.period_position(period)?, step.table.member_position(member)?);
    let outer = step.parent.zip(step.parents[area]);
    let around = outer.and_then(|(p, a)| one_within(ladder, p, a, period, member, spreads, history));
    let place = Place { step, area, period: positions.0, member: positions.1, around: around.as_ref() };
    let spread = spreads.get(&at).copied().unwrap_or(UNKNOWN);
    Some(history.draft(ladder, place).finish(&spread))
}
