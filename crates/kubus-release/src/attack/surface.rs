//! What is published about one indicator, and how its cells hang together: areas in areas, members
//! of breakdowns in totals. The attacker sees this and nothing else.

use std::collections::BTreeMap;

use kubus_model::release::{AreaEntry, LevelEntry};
use kubus_model::{AreaLevel, DraftTable, Member};

use super::earlier::Known;
use crate::rule::{Hidden, Limits};

/// A published table as the attacker sees it.
#[derive(Debug, Clone, Copy)]
pub struct Face<'a> {
    /// The table.
    pub table: &'a DraftTable,
    /// Why each cell is hidden. Readers do not know; the attacker is told, so that he knows more.
    pub hidden: &'a [Hidden],
    /// The published rules for it.
    pub limits: Limits,
    /// What earlier releases tell about the same cells.
    pub known: Option<&'a Known>,
    /// The table's position in the caller's list.
    pub id: usize,
}

/// Areas of one table that add up to areas of another.
#[derive(Debug, Clone)]
pub struct Nesting {
    /// Position of the finer table.
    pub child: usize,
    /// Position of the coarser table.
    pub parent: usize,
    /// Coarser area by finer area; `u32::MAX` when there is none.
    pub to: Vec<u32>,
    /// Positions of the members that both tables have.
    pub members: Vec<(usize, usize)>,
}

/// Members of one table that add up to another member, in each area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// Position of the member that is the whole.
    pub whole: usize,
    /// Positions of its parts.
    pub parts: Vec<usize>,
    /// Whether the parts add up to the whole, by area and period (the period running fastest).
    /// Units of unknown kind are in the whole and in no part; then parts are at most the whole.
    pub complete: Vec<bool>,
}

/// Everything published about one indicator.
#[derive(Debug, Clone)]
pub struct Surface<'a> {
    /// Its tables, coarse to fine.
    pub faces: Vec<Face<'a>>,
    /// How tables nest.
    pub nestings: Vec<Nesting>,
    /// How members add up, by table.
    pub breakdowns: Vec<Vec<Breakdown>>,
}

impl<'a> Surface<'a> {
    /// Finds how the tables of one indicator hang together. `reach` is the largest noise.
    #[must_use]
    pub fn new(
        mut faces: Vec<Face<'a>>,
        levels: &[LevelEntry],
        areas: &BTreeMap<AreaLevel, Vec<AreaEntry>>,
        reach: i64,
    ) -> Self {
        let rank = |level: &AreaLevel| levels.iter().find(|l| l.level == *level).map_or(u8::MAX, |l| l.rank);
        faces.sort_by_key(|face| (rank(&face.table.level), face.table.level.clone()));
        let nestings = (0..faces.len()).filter_map(|child| nesting(&faces, child, levels, areas)).collect();
        let breakdowns = faces.iter().map(|face| breakdowns(face.table, reach)).collect();
        Self { faces, nestings, breakdowns }
    }

    /// Tells the attacker where parts add up, by table (the caller's position), the position of
    /// the first cell of an area and period, the whole and its parts. Without it he takes every
    /// breakdown as complete that the published figures do not contradict.
    pub fn tell_where_parts_add_up(&mut self, adds_up: impl Fn(usize, usize, usize, &[usize]) -> bool) {
        for (face, breakdowns) in self.faces.iter().zip(&mut self.breakdowns) {
            for breakdown in breakdowns {
                let (whole, parts) = (breakdown.whole, &breakdown.parts);
                for (at, complete) in breakdown.complete.iter_mut().enumerate() {
                    *complete = adds_up(face.id, at * face.table.members.len(), whole, parts);
                }
            }
        }
    }
}

/// The nearest published level in which the areas of a table nest wholly: up the declared chain,
/// and at last the municipality, in which everything lies.
fn nesting(
    faces: &[Face<'_>],
    child: usize,
    levels: &[LevelEntry],
    areas: &BTreeMap<AreaLevel, Vec<AreaEntry>>,
) -> Option<Nesting> {
    let entry = |level: &AreaLevel| levels.iter().find(|l| l.level == *level);
    let top = levels.iter().find(|l| l.rank == 0).map(|l| &l.level);
    let own = &faces[child].table.level;
    let mut level = own;
    loop {
        level = match entry(level).and_then(|l| l.parent.as_ref()) {
            Some(parent) => parent,
            None => top.filter(|top| *top != level && *top != own)?,
        };
        if let Some(parent) = faces.iter().position(|face| face.table.level == *level) {
            return joined(faces, child, parent, areas.get(own)?);
        }
    }
}

fn joined(faces: &[Face<'_>], child: usize, parent: usize, areas: &[AreaEntry]) -> Option<Nesting> {
    let (fine, coarse) = (faces[child].table, faces[parent].table);
    let place = |code| {
        let entry = areas.binary_search_by(|a| a.code.cmp(code)).ok().map(|at| &areas[at])?;
        coarse.areas.binary_search(entry.within.get(&coarse.level)?).ok()
    };
    let to: Vec<u32> =
        fine.areas.iter().map(|code| place(code).and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX)).collect();
    let shared = fine.members.iter().enumerate();
    let members = shared.filter_map(|(at, m)| Some((at, coarse.members.iter().position(|c| c == m)?))).collect();
    to.iter().any(|at| *at != u32::MAX).then_some(Nesting { child, parent, to, members })
}

/// Every way in which members of a table add up by leaving out one attribute.
fn breakdowns(table: &DraftTable, reach: i64) -> Vec<Breakdown> {
    let mut groups: BTreeMap<(Member, usize, String), Vec<usize>> = BTreeMap::new();
    for (at, member) in table.members.iter().enumerate() {
        for (position, (attribute, _)) in member.attributes.iter().enumerate() {
            let mut whole = member.clone();
            whole.attributes.remove(position);
            groups.entry((whole, member.attributes.len(), attribute.clone())).or_default().push(at);
        }
    }
    let whole_of = |whole: &Member| table.members.iter().position(|m| m == whole);
    let found = groups.into_iter().filter_map(|((whole, _, _), parts)| Some((whole_of(&whole)?, parts)));
    let places = table.areas.len() * table.periods.len();
    let complete = |whole, parts: &[usize]| vec![adds_up(table, whole, parts, reach); places];
    found.map(|(whole, parts)| Breakdown { complete: complete(whole, &parts), whole, parts }).collect()
}

/// Whether, wherever all figures are published, parts and whole differ by no more than noise can.
fn adds_up(table: &DraftTable, whole: usize, parts: &[usize], reach: i64) -> bool {
    let most = reach * i64::try_from(parts.len() + 1).unwrap_or(i64::MAX / 256);
    table.cells.chunks(table.members.len().max(1)).all(|cells| {
        let sum: Option<i64> = parts.iter().map(|at| cells[*at].numerator).sum();
        cells[whole].numerator.zip(sum).is_none_or(|(whole, sum)| (whole - sum).abs() <= most)
    })
}
