//! Children sum to parents: checked in every table and declared hierarchy before a cube is
//! accepted. Called by [`super::build`].

use std::collections::BTreeMap;

use kubus_model::{AreaCode, AreaLevel, Finding, Measure};

use crate::area::Geography;
use crate::declaration::Declarations;
use crate::exact::{ExactCell, ExactTable};

/// Counts and keys of a cell.
type Counts = (i64, i64, u64, u64);

/// A finding per indicator and level whose areas do not sum to those they lie in.
pub(crate) fn check(declarations: &Declarations, geography: &Geography, tables: &[ExactTable]) -> Vec<Finding> {
    let measured = |id: &str| declarations.indicators.iter().find(|i| i.id == id).map(|i| i.measure);
    let counted = tables.iter().filter(|table| measured(&table.indicator) != Some(Measure::Mean));
    counted.filter_map(|child| check_table(declarations, geography, tables, child)).collect()
}

fn check_table(
    declarations: &Declarations,
    geography: &Geography,
    tables: &[ExactTable],
    child: &ExactTable,
) -> Option<Finding> {
    let level = declarations.areas.iter().find(|area| area.level == child.level)?.parent.as_ref()?;
    let parent = tables.iter().find(|table| table.indicator == child.indicator && table.level == *level)?;
    if summed(geography, child, level) == by_area(parent) {
        return None;
    }
    Some(Finding::error("children-do-not-sum").with("level", &child.level).with("indicator", &child.indicator))
}

const fn counts(cell: &ExactCell) -> Counts {
    (cell.numerator, cell.denominator, cell.numerator_key, cell.denominator_key)
}

fn by_area(table: &ExactTable) -> BTreeMap<&AreaCode, Vec<Counts>> {
    let width = table.periods.len() * table.members.len();
    let cells = |at: usize| table.cells[at * width..(at + 1) * width].iter().map(counts).collect();
    table.areas.iter().enumerate().map(|(at, code)| (code, cells(at))).collect()
}

fn summed<'a>(geography: &'a Geography, child: &ExactTable, level: &AreaLevel) -> BTreeMap<&'a AreaCode, Vec<Counts>> {
    let width = child.periods.len() * child.members.len();
    let entries = |level: &AreaLevel| geography.areas.get(level).into_iter().flatten();
    let mut sums: BTreeMap<&AreaCode, Vec<Counts>> =
        entries(level).map(|area| (&area.code, vec![(0, 0, 0, 0); width])).collect();
    for (at, area) in entries(&child.level).enumerate() {
        let Some(sum) = area.within.get(level).and_then(|code| sums.get_mut(code)) else { continue };
        for (sum, cell) in sum.iter_mut().zip(&child.cells[at * width..]) {
            let (n, d, nk, dk) = counts(cell);
            *sum = (sum.0 + n, sum.1 + d, sum.2.wrapping_add(nk), sum.3.wrapping_add(dk));
        }
    }
    sums
}
