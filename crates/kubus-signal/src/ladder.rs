//! The levels of one indicator, coarse to fine, each with the level its areas borrow strength
//! from: pc6 → street or buurt → wijk → gemeente. Everything that estimates starts here.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`standard`] | rates of the municipality, in total and per group |
//! | [`composition`] | who live in an area, as far as that was published |
//! | [`node`] | one area: what is expected, believed before, and known after |
//! | [`pass`] | a whole level at once, with its fitted strength |

pub(crate) mod composition;
pub(crate) mod node;
pub(crate) mod pass;
pub(crate) mod standard;

use kubus_model::release::LevelEntry;
use kubus_model::{AreaLevel, Indicator, Measure, Member, Period, Release, Table};

use crate::statistic::counts::Hiding;
use crate::statistic::noise::Noise;

use standard::Partitions;

/// One level of the ladder.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    /// The level as the release describes it.
    pub(crate) entry: &'a LevelEntry,
    /// The figures.
    pub(crate) table: &'a Table,
    /// The step whose areas hold these.
    pub(crate) parent: Option<usize>,
    /// Position in the parent's table, by position in this table.
    pub(crate) parents: Vec<Option<usize>>,
    /// Positions in this table of the groups that the expectation is standardised by.
    pub(crate) groups: standard::Positions,
}

/// The levels of one indicator.
#[derive(Debug)]
pub(crate) struct Ladder<'a> {
    /// The release.
    pub(crate) release: &'a Release,
    /// The indicator.
    pub(crate) indicator: &'a Indicator,
    /// Coarse to fine.
    pub(crate) steps: Vec<Step<'a>>,
    /// The groups that the expectation is standardised by.
    pub(crate) partitions: Partitions,
    noise: Noise,
    threshold: i64,
}

/// Squares are for maps; they are no places that people name.
pub(crate) fn is_grid(level: &AreaLevel) -> bool {
    level.as_str().starts_with("grid")
}

impl<'a> Ladder<'a> {
    /// The ladder of an indicator; `None` when it is unknown, has no table, or is a mean or a
    /// figure by another publisher, which has no count to estimate from.
    pub(crate) fn of(release: &'a Release, indicator: &str) -> Option<Self> {
        let indicator = release.indicator(indicator).filter(|i| i.measure != Measure::Mean)?;
        let levels = ordered_levels(release, indicator);
        let coarsest = release.table(&indicator.id, &levels.first()?.level)?;
        let partitions = Partitions::of(coarsest, &indicator.standardise);
        let steps = (0..levels.len()).filter_map(|at| step(release, indicator, &levels, at, &partitions)).collect();
        let rules = &release.manifest().rules;
        let noise = rules.perturbation.as_ref().map_or_else(Noise::none, Noise::declared);
        let threshold = if indicator.sensitive { rules.min_count_sensitive } else { rules.min_count };
        Some(Self { release, indicator, steps, partitions, noise, threshold })
    }

    /// The position of a level.
    pub(crate) fn position(&self, level: &AreaLevel) -> Option<usize> {
        self.steps.iter().position(|s| s.entry.level == *level)
    }

    /// A step and those it hangs from, coarse to fine.
    pub(crate) fn chain(&self, step: usize) -> Vec<usize> {
        let mut chain: Vec<usize> = std::iter::successors(Some(step), |at| self.steps[*at].parent).collect();
        chain.reverse();
        chain
    }

    /// The newest period in which any level has a figure.
    pub(crate) fn newest(&self) -> Option<Period> {
        self.steps.iter().filter_map(Step::newest).max()
    }

    /// The area of a coarser step in which an area lies, largest part by addresses.
    pub(crate) fn holder(&self, (step, area): (usize, usize), coarser: usize) -> Option<usize> {
        let code = &self.steps[step].table.areas()[area];
        let entry = self.release.area(&self.steps[step].entry.level, code)?;
        let holder = &self.steps[coarser];
        holder.table.area_position(entry.within.get(&holder.entry.level)?)
    }

    /// Whether the areas of a step can be on a list: not the municipality, no squares.
    pub(crate) fn is_listable(&self, step: usize) -> bool {
        let step = &self.steps[step];
        step.table.areas().len() > 1 && step.entry.rank > 0 && !is_grid(&step.entry.level)
    }

    /// Whether a step takes part in a list: it can be listed, or others borrow strength from it.
    pub(crate) fn matters(&self, step: usize) -> bool {
        self.is_listable(step) || self.steps.iter().any(|s| s.parent == Some(step))
    }

    /// What hides counts of this indicator.
    pub(crate) fn hiding(&self) -> Hiding<'_> {
        let share = self.indicator.measure == Measure::Share;
        let limit = share.then_some(self.release.manifest().rules.max_group_share);
        Hiding { noise: &self.noise, threshold: self.threshold, max_group_share: limit }
    }
}

impl Step<'_> {
    /// The newest period of the table in which anything is published.
    pub(crate) fn newest(&self) -> Option<Period> {
        let total = self.table.member_position(&Member::total())?;
        let published = |at: &usize| {
            (0..self.table.areas().len()).any(|area| self.table.cell(area, *at, total).status.is_published())
        };
        (0..self.table.periods().len()).rev().find(published).map(|at| self.table.periods()[at])
    }
}

fn ordered_levels<'a>(release: &'a Release, indicator: &Indicator) -> Vec<&'a LevelEntry> {
    let published = |entry: &&LevelEntry| release.table(&indicator.id, &entry.level).is_some();
    let mut levels: Vec<&LevelEntry> = release.manifest().levels.iter().filter(published).collect();
    levels.sort_by(|a, b| (a.rank, a.areas, &a.level).cmp(&(b.rank, b.areas, &b.level)));
    levels
}

fn step<'a>(
    release: &'a Release,
    indicator: &Indicator,
    levels: &[&'a LevelEntry],
    at: usize,
    partitions: &Partitions,
) -> Option<Step<'a>> {
    let entry = levels[at];
    let table = release.table(&indicator.id, &entry.level)?;
    let parent = parent_step(release, levels, at);
    let holder = parent.and_then(|p| release.table(&indicator.id, &levels[p].level));
    let parents = holder.map_or_else(|| vec![None; table.areas().len()], |holder| parents_of(release, table, holder));
    Some(Step { entry, table, parent, parents, groups: partitions.positions(table) })
}

/// The level that this one borrows strength from: the one it nests in, or else the finest coarser
/// level that has at most half as many areas and in which its areas are known to lie.
fn parent_step(release: &Release, levels: &[&LevelEntry], at: usize) -> Option<usize> {
    let find = |level: &AreaLevel| levels[..at].iter().position(|l| l.level == *level);
    let declared = |entry: &LevelEntry| entry.parent.clone();
    let mut up = declared(levels[at]);
    while let Some(level) = up {
        if let Some(found) = find(&level) {
            return Some(found);
        }
        up = release.manifest().levels.iter().find(|l| l.level == level).and_then(declared);
    }
    (0..at).rev().find(|other| may_hold(release, levels[*other], levels[at]))
}

fn may_hold(release: &Release, holder: &LevelEntry, held: &LevelEntry) -> bool {
    let areas = release.areas(&held.level);
    let placed = areas.iter().filter(|a| a.within.contains_key(&holder.level)).count();
    let single = holder.rank == 0;
    holder.rank < held.rank
        && !is_grid(&holder.level)
        && (single || (holder.areas * 2 <= held.areas && placed * 2 > areas.len()))
}

fn parents_of(release: &Release, table: &Table, holder: &Table) -> Vec<Option<usize>> {
    let only = (holder.areas().len() == 1).then_some(0);
    let parent = |code| {
        let area = release.area(table.level(), code);
        let code = area.and_then(|a| a.within.get(holder.level()));
        code.and_then(|c| holder.area_position(c)).or(only)
    };
    table.areas().iter().map(parent).collect()
}
