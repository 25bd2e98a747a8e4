//! The shortest groups that account for the deviation. The best group loses every condition that
//! adds nothing significant; its people are set aside; and what is left is searched again, until
//! nothing in it is significant. A part of an explanation is one of its own when it is
//! significantly further off than the whole.
//!
//! Every round has tables by chance of its own, of the people that are left at their own rate: at
//! a lower rate small groups are more uneven, and the tables of the first round would be too mild.

use super::scale::Scale;
use super::search::{self, Found};
use super::table::{Table, Weight};
use super::{DrillError, Judge, LISTED, Standing, chance, tail};

/// An explanation, with conditions as selectors.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kept {
    pub(super) conditions: Vec<u16>,
    pub(super) standing: Standing,
    pub(super) p: f64,
}

/// The explanations, in the order in which they are found; `found` is the list of the first search.
///
/// # Errors
/// [`DrillError::ManyGroups`].
pub(super) fn explanations(judge: &Judge<'_>, found: &[Found]) -> Result<Vec<Kept>, DrillError> {
    let table = judge.table;
    let mut kept: Vec<Kept> = Vec::new();
    let mut weights = table.weights.clone();
    let (mut scale, mut next) = (Some(judge.scale), found.first().cloned());
    while let (Some(around), Some(best)) = (&scale, next.take()) {
        let group = shortened(judge, &weights, best);
        let (drawn, bound) = judge.p(around, group.weight);
        let p = match drawn {
            Some(_) if !kept.is_empty() => {
                let asked = around.deviation(group.weight);
                let own = chance::largest(table, &weights, around, &judge.options, Some(asked))?;
                chance::share(&own, asked)
            }
            _ => drawn.unwrap_or(bound),
        };
        if p > LISTED || kept.len() >= judge.options.top {
            break;
        }
        let standing = if kept.is_empty() { Standing::First } else { Standing::Apart };
        set_aside(table, &mut weights, &group.conditions);
        kept.push(Kept { conditions: group.conditions, standing, p });
        scale = Scale::of(table, &weights, &judge.options);
        let one = super::Options { top: 1, ..judge.options };
        next = scale.as_ref().and_then(|scale| search::best(table, &weights, scale, &one).pop());
    }
    within(judge, found, &mut kept);
    Ok(kept)
}

/// The explanation that a group is, or is a part of, or may share people with.
pub(super) fn belongs(table: &Table, group: &Found, kept: &[Kept]) -> Option<usize> {
    let own = |kept: &Kept| kept.conditions == group.conditions;
    let part = |kept: &Kept| contains(&group.conditions, &kept.conditions);
    let shares = |kept: &Kept| {
        let apart = |one: u16| group.conditions.iter().any(|o| *o != one && table.column(*o) == table.column(one));
        !kept.conditions.iter().any(|one| apart(*one))
    };
    kept.iter().position(own).or_else(|| kept.iter().rposition(part)).or_else(|| kept.iter().position(shares))
}

/// Whether the first group has every condition of the second.
fn contains(longer: &[u16], shorter: &[u16]) -> bool {
    shorter.iter().all(|condition| longer.contains(condition))
}

/// The group without conditions that add nothing significant.
fn shortened(judge: &Judge<'_>, weights: &[Weight], mut group: Found) -> Found {
    while group.conditions.len() > 1 {
        let without = |at: usize| {
            let mut conditions = group.conditions.clone();
            conditions.remove(at);
            let weight = judge.table.weigh(weights, &conditions);
            Found { deviation: judge.scale.deviation(weight), conditions, weight }
        };
        let explains = |parent: &Found| gain(judge, &group, parent) > LISTED;
        let parents = (0..group.conditions.len()).map(without).filter(explains);
        match parents.min_by(Found::order) {
            Some(parent) => group = parent,
            None => break,
        }
    }
    group
}

/// How surprising the part is when the whole is known, allowing for all parts of the whole.
fn gain(judge: &Judge<'_>, part: &Found, whole: &Found) -> f64 {
    let deeper = judge.options.depth - whole.conditions.len();
    let parts = judge.table.groups_beside(deeper, &whole.conditions);
    (tail::chance(judge.table.measure, judge.options.side, part.weight, whole.weight) * parts).min(1.0)
}

fn set_aside(table: &Table, weights: &mut [Weight], conditions: &[u16]) {
    let meets = table.meeting(conditions);
    (0..weights.len()).filter(|at| meets(*at)).for_each(|at| weights[at] = [0.0; 2]);
}

/// Adds groups of the list that are significantly further off than the narrowest explanation they
/// are a part of. Of parts of one group only the first is taken, for parts may overlap.
fn within(judge: &Judge<'_>, found: &[Found], kept: &mut Vec<Kept>) {
    let wholes = kept.len();
    for group in found {
        let around = (0..wholes).filter(|at| contains(&group.conditions, &kept[*at].conditions));
        let Some(at) = around.max_by_key(|at| kept[*at].conditions.len()) else { continue };
        let taken = kept[at].conditions == group.conditions || kept.iter().any(|k| k.standing == Standing::Within(at));
        if taken || kept.len() >= judge.options.top {
            continue;
        }
        let conditions = kept[at].conditions.clone();
        let weight = judge.table.weigh(&judge.table.weights, &conditions);
        let whole = Found { deviation: judge.scale.deviation(weight), conditions, weight };
        let p = gain(judge, group, &whole);
        if p <= LISTED {
            kept.push(Kept { conditions: group.conditions.clone(), standing: Standing::Within(at), p });
        }
    }
}
