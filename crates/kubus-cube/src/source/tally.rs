//! What was refused, missing and doubtful, counted while reading, and told as findings.

use std::collections::BTreeMap;

use kubus_model::Finding;

use super::cell::Wrong;
use super::plan::Plan;

/// Most rows of a register that are named one by one.
const NAMED_ROWS: usize = 100;
/// Most cells of a figure column that are named one by one.
const NAMED_CELLS: usize = 3;
/// Fewest values out of range from which on a lost decimal comma is named.
const FEWEST_LOST: u64 = 5;
/// Above this many columns, missing codes are counted per code and not per column.
const COLUMNS_APART: usize = 24;

/// One refused row or cell.
#[derive(Debug, Clone, PartialEq)]
struct Note {
    row: u64,
    column: Option<usize>,
    code: Wrong,
}

/// Counts of one part of a file; parts are merged in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) rows: u64,
    pub(super) refused: u64,
    notes: Vec<Note>,
    cells: BTreeMap<(usize, Wrong), u64>,
    missing: BTreeMap<(usize, String), u64>,
    formulas: BTreeMap<usize, u64>,
    /// Per column and divisor: values out of range that fit when they are divided by it.
    divided: BTreeMap<(usize, u8), u64>,
}

impl Tally {
    /// Rows of which nothing is to be said.
    pub(super) fn of_rows(rows: u64) -> Self {
        Self { rows, ..Self::default() }
    }

    /// A row that is refused as a whole, for what is in a column or for its shape.
    pub(super) fn refuse_row(&mut self, row: u64, column: Option<usize>, code: Wrong) {
        self.refused += 1;
        if self.notes.len() < NAMED_ROWS {
            self.notes.push(Note { row, column, code });
        }
    }

    /// A cell that became null.
    pub(super) fn refuse_cell(&mut self, row: u64, column: usize, code: Wrong) {
        let count = self.cells.entry((column, code)).or_default();
        *count += 1;
        if *count <= NAMED_CELLS as u64 {
            self.notes.push(Note { row, column: Some(column), code });
        }
    }

    /// A cell that was missing by a code.
    pub(super) fn missing(&mut self, column: usize, code: &str) {
        let known = self.missing.iter_mut().find(|((at, text), _)| *at == column && text == code);
        match known {
            Some((_, count)) => *count += 1,
            None => drop(self.missing.insert((column, code.to_owned()), 1)),
        }
    }

    /// A text that a spreadsheet would run as a formula.
    pub(super) fn formula(&mut self, column: usize) {
        *self.formulas.entry(column).or_default() += 1;
    }

    /// A value out of range, and whether it fits when divided by 10 and by 100.
    pub(super) fn divided(&mut self, column: usize, by_ten: bool, by_hundred: bool) {
        *self.divided.entry((column, 10)).or_default() += u64::from(by_ten);
        *self.divided.entry((column, 100)).or_default() += u64::from(by_hundred);
    }

    /// Adds to the numbers of the rows.
    pub(super) fn shift(&mut self, before: u64) {
        self.notes.iter_mut().for_each(|note| note.row += before);
    }

    /// Adds the counts of the part that follows.
    pub(super) fn merge(&mut self, later: Self) {
        self.rows += later.rows;
        self.refused += later.refused;
        self.notes.extend(later.notes);
        add(&mut self.cells, later.cells);
        add(&mut self.missing, later.missing);
        add(&mut self.formulas, later.formulas);
        add(&mut self.divided, later.divided);
    }

    /// The counts as findings, in a fixed order.
    pub(super) fn findings(mut self, plan: &Plan) -> Vec<Finding> {
        let mut findings = self.summaries(plan);
        self.notes.sort_by_key(|note| (note.row, note.column));
        let mut named = BTreeMap::<(Option<usize>, Wrong), usize>::new();
        let mut rows = 0;
        for note in &self.notes {
            let cell = note.column.is_some_and(|column| self.cells.contains_key(&(column, note.code)));
            let times = named.entry((note.column, note.code)).or_default();
            *times += 1;
            rows += usize::from(!cell);
            if (cell && *times <= NAMED_CELLS) || (!cell && rows <= NAMED_ROWS) {
                findings.push(note.finding(plan));
            }
        }
        let more = self.refused.saturating_sub(NAMED_ROWS as u64);
        if more > 0 {
            findings.push(Finding::warning("rows-refused-more").with("count", more));
        }
        findings
    }

    fn summaries(&self, plan: &Plan) -> Vec<Finding> {
        let header = |column: usize| plan.columns.get(column).map_or("", |planned| planned.header.as_str());
        let mut findings = self.missing_codes(plan);
        for (column, count) in &self.formulas {
            findings.push(Finding::warning("text-looks-like-formula").column(header(*column)).with("count", count));
        }
        for ((column, code), count) in &self.cells {
            let finding = Finding::warning("cells-refused").column(header(*column));
            findings.push(finding.with("count", count).with("reason", code));
            if let Some(divisor) = self.lost_decimals(*column, code, *count) {
                let finding = Finding::warning("decimals-look-lost").column(header(*column));
                findings.push(finding.with("count", count).with("divisor", divisor));
            }
        }
        findings
    }

    /// The divisor that would bring nearly all values that are out of range within it.
    fn lost_decimals(&self, column: usize, code: Wrong, count: u64) -> Option<u8> {
        if code != super::cell::OUT_OF_RANGE || count < FEWEST_LOST {
            return None;
        }
        let fits = |divisor: &u8| self.divided.get(&(column, *divisor)).is_some_and(|fit| fit * 100 >= count * 95);
        [10, 100].into_iter().find(fits)
    }

    fn missing_codes(&self, plan: &Plan) -> Vec<Finding> {
        if plan.columns.len() <= COLUMNS_APART {
            let finding = |((column, code), count): (&(usize, String), &u64)| {
                let header = plan.columns.get(*column).map_or("", |planned| planned.header.as_str());
                Finding::info("missing-codes").column(header).with("missing", code).with("count", count)
            };
            return self.missing.iter().map(finding).collect();
        }
        let mut codes = BTreeMap::<&str, u64>::new();
        for ((_, code), count) in &self.missing {
            *codes.entry(code).or_default() += count;
        }
        let finding =
            |(code, count): (&str, u64)| Finding::info("missing-codes-file").with("missing", code).with("count", count);
        codes.into_iter().map(finding).collect()
    }
}

impl Note {
    fn finding(&self, plan: &Plan) -> Finding {
        let finding = Finding::warning(self.code).row(self.row);
        let Some(planned) = self.column.and_then(|column| plan.columns.get(column)) else { return finding };
        let finding = finding.column(&planned.header);
        match planned.range {
            Some([low, high]) if self.code == super::cell::OUT_OF_RANGE => finding.with("low", low).with("high", high),
            _ => finding,
        }
    }
}

fn add<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, count) in from {
        *into.entry(key).or_default() += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::cell::OUT_OF_RANGE;
    use crate::source::plan::Planned;

    fn plan() -> Plan {
        Plan { columns: vec![Planned::text("a", 0, "A")], geometry: false, width: 1 }
    }

    #[test]
    fn refused_rows_are_named_up_to_a_bound_and_then_counted() {
        let mut tally = Tally::default();
        for part in 0..3 {
            let mut later = Tally::default();
            (0..60).for_each(|row| later.refuse_row(part * 60 + row, Some(0), OUT_OF_RANGE));
            tally.merge(later);
        }
        assert_eq!(tally.refused, 180);
        let findings = tally.findings(&plan());
        assert_eq!(findings.iter().filter(|f| f.code == OUT_OF_RANGE).count(), 100);
        let more = findings.iter().find(|f| f.code == "rows-refused-more").unwrap();
        assert_eq!(more.parameters["count"], "80");
    }

    #[test]
    fn refused_cells_are_named_three_times_and_counted_per_reason() {
        let mut tally = Tally::default();
        (1..=9).for_each(|row| tally.refuse_cell(row, 0, OUT_OF_RANGE));
        let findings = tally.findings(&plan());
        assert_eq!(findings.iter().filter(|f| f.row.is_some()).count(), 3);
        assert_eq!(findings[0].code, "cells-refused");
        assert_eq!(findings[0].parameters["count"], "9");
    }
}
