//! Drill-down: in which groups of a table does a deviation from the overall rate sit. Pure
//! functions of counts; they know no person and no file.
//!
//! Every group of at most three conditions ("living alone AND 65+") is looked at. The quality is
//! that of subgroup discovery with the square root of the size (Klösgen 1996; Wrobel 1997; the
//! `StandardQF(0.5)` of pysubgroup), the search is pruned by an optimistic estimate (Grosskreutz,
//! Rüping and Wrobel 2008), and p-values are those of the best group of tables without a pattern,
//! so they allow for everything that was tried. Association, never cause.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`table`] | rows by category, counted into distinct cells |
//! | [`scale`] | how far a group deviates, and how far a part of it could |
//! | [`search`] | the groups with the largest deviation |
//! | [`chance`] | the largest deviation of tables without a pattern |
//! | [`tail`] | the chance of so many cases in a part, given the whole |
//! | [`explain`] | the shortest groups that account for the deviation |

mod chance;
mod explain;
mod scale;
mod search;
pub mod table;
mod tail;

use serde::Serialize;

pub use scale::Side;
pub use table::{Measure, Table, TableBuilder};

use scale::Scale;
use table::Weight;

/// A group has at most this many conditions.
pub const DEEPEST: usize = 3;

/// A p-value up to this makes a finding.
pub const LISTED: f64 = 0.05;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrillError {
    /// A column with so many values divides people into nothing but small groups.
    #[error("column {0} has more than {most} values", most = table::MOST_VALUES)]
    ManyValues(String),
    /// The columns together have too many combinations for one key.
    #[error("{0} columns are too many")]
    ManyColumns(usize),
    /// A number of cases or an exposure that cannot be.
    #[error("row {0} has an impossible number of cases or exposure")]
    Impossible(usize),
    /// More cases than can be counted.
    #[error("there are too many cases")]
    ManyCases,
    /// No rows, no columns to search, or no case anywhere, or nothing else than cases.
    #[error("there is nothing to compare")]
    Nothing,
    /// More groups than tables by chance can be counted for.
    #[error("{0} groups are too many to draw for")]
    ManyGroups(usize),
}

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// At most so many conditions.
    pub depth: usize,
    /// So many groups are listed.
    pub top: usize,
    /// Which deviations count.
    pub side: Side,
    /// A smaller group is not looked at.
    pub smallest: f64,
    /// Tables without a pattern; none gives bounds instead of p-values.
    pub draws: usize,
    /// The same number gives the same tables.
    pub seed: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drilled {
    /// Rows, or the sum of the exposure.
    pub exposure: f64,
    /// Cases among them.
    pub cases: f64,
    /// Different combinations of categories.
    pub cells: usize,
    /// Groups that could be described.
    pub groups: f64,
    /// The groups with the largest quality, the largest first.
    pub list: Vec<Group>,
    /// The shortest groups that account for the deviation, in the order in which they were found.
    pub explanations: Vec<Explanation>,
}

/// A group and its deviation from the overall rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Columns with the value they have in this group.
    pub conditions: Vec<(String, String)>,
    /// Rows, or exposure.
    pub exposure: f64,
    /// Cases.
    pub cases: f64,
    /// Cases at the overall rate.
    pub expected: f64,
    /// Cases over expected.
    pub ratio: f64,
    /// The square root of the group's share, times its rate less the overall rate.
    pub quality: f64,
    /// The share of tables without a pattern with a group as far off; absent without draws.
    pub p: Option<f64>,
    /// An upper bound of the same, from the exact chance of this group times the number of groups.
    pub p_bound: f64,
    /// The explanation that this group is, or is a part of, or shares its people with.
    pub explanation: Option<usize>,
}

/// How an explanation stands to the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// By itself.
    First,
    /// It also deviates when the people of the earlier explanations are left out.
    Apart,
    /// A part of that explanation, and further off than the rest of it.
    Within(usize),
}

/// A group that is not accounted for by a shorter or an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The group, with all its people.
    pub group: Group,
    /// How it stands to the earlier ones; its p-value is about that.
    pub standing: Standing,
    /// The p-value: of draws when there are any, otherwise the bound.
    pub p: f64,
}

/// Looks for the groups in which the deviation sits.
///
/// # Errors
/// [`DrillError`], when there is nothing to compare or too much to draw for.
pub fn drill(table: &Table, options: &Options) -> Result<Drilled, DrillError> {
    let scale = Scale::of(table, &table.weights, options).ok_or(DrillError::Nothing)?;
    let chance = match options.draws {
        0 => None,
        _ => Some(chance::largest(table, &table.weights, &scale, options, None)?),
    };
    let found = search::best(table, &table.weights, &scale, options);
    let judge = Judge { table, scale, chance, options: *options, groups: table.groups(options.depth) };
    let explanations = explain::explanations(&judge, &found)?;
    let describe = |group: &search::Found| Group {
        explanation: explain::belongs(table, group, &explanations),
        ..judge.describe(&group.conditions, group.weight)
    };
    let list = found.iter().map(describe).collect();
    let told = |explanation: &explain::Kept| judge.tell(explanation);
    Ok(Drilled {
        exposure: scale.all[0],
        cases: scale.all[1],
        cells: table.weights.len(),
        groups: judge.groups,
        list,
        explanations: explanations.iter().map(told).collect(),
    })
}

/// What is needed to say how surprising a group is.
struct Judge<'a> {
    table: &'a Table,
    scale: Scale,
    /// The largest deviations of tables without a pattern, ascending.
    chance: Option<Vec<f64>>,
    options: Options,
    groups: f64,
}

impl Judge<'_> {
    /// The share of tables by chance that are as far off, and the bound.
    fn p(&self, scale: &Scale, weight: Weight) -> (Option<f64>, f64) {
        let tail = tail::chance(self.table.measure, self.options.side, weight, scale.all);
        let drawn = self.chance.as_ref().map(|chance| chance::share(chance, scale.deviation(weight)));
        (drawn, (tail * self.groups).min(1.0))
    }

    fn describe(&self, conditions: &[u16], weight: Weight) -> Group {
        let (p, p_bound) = self.p(&self.scale, weight);
        let expected = self.scale.expected(weight);
        Group {
            conditions: conditions.iter().map(|at| self.table.words(*at)).collect(),
            exposure: weight[0],
            cases: weight[1],
            expected,
            ratio: weight[1] / expected,
            quality: (weight[1] - expected) / (weight[0] * self.scale.all[0]).sqrt(),
            p,
            p_bound,
            explanation: None,
        }
    }

    fn tell(&self, kept: &explain::Kept) -> Explanation {
        let weight = self.table.weigh(&self.table.weights, &kept.conditions);
        Explanation { group: self.describe(&kept.conditions, weight), standing: kept.standing, p: kept.p }
    }
}

#[cfg(test)]
mod tests;
