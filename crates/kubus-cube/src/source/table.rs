//! Tables whose cells come one row after the other and whose header must be found: spreadsheets,
//! StatLine tables, saved answers of OData.

use kubus_model::Finding;

use super::cell::Cell;
use super::csv::{Evidences, find_header};
use super::number::Sign;
use super::plan::Plan;
use super::sink::{Rows, Sink};
use super::{Refusal, refusal};

/// Rows looked at before the first is taken up: for the header and the decimal signs.
const LOOK_AHEAD: usize = 5_000;
/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 20;
/// Columns beyond the header from which on a cell is far away.
const FAR: usize = 1_000;

/// A cell that owns its text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Owned {
    #[default]
    Empty,
    Text(String),
    Integer(i64),
    Decimal(f64),
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i32),
}

/// A row with its number in the file.
pub(super) type Numbered = (u64, Vec<Owned>);

impl Owned {
    /// The cell, borrowed.
    pub(super) const fn cell(&self) -> Cell<'_> {
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(text) => Cell::Text(text.as_str()),
            Self::Integer(value) => Cell::Integer(*value),
            Self::Decimal(value) => Cell::Decimal(*value),
            Self::Boolean(value) => Cell::Boolean(*value),
            Self::Date(value) => Cell::Date(*value),
        }
    }

    /// The text of a cell, if it is text.
    pub(super) const fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The cell as a header reads it.
    fn header(&self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Integer(value) => value.to_string(),
            Self::Decimal(value) => value.to_string(),
            _ => String::new(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// Reads a table of which one of the first rows is the header.
pub(super) fn read_with_header(
    sink: &mut Sink<'_>,
    mut rows: impl Iterator<Item = Result<Numbered, Refusal>>,
) -> Result<(), Refusal> {
    let mut first: Vec<Numbered> = Vec::new();
    for row in rows.by_ref().take(LOOK_AHEAD) {
        first.push(row?);
    }
    let headers: Vec<Vec<String>> =
        first.iter().take(HEADER_ROWS).map(|(_, cells)| cells.iter().map(Owned::header).collect()).collect();
    let position = header_position(sink, &first, &headers)?;
    let number = first[position].0;
    if number > 1 && sink.request.file.header_row.is_none() {
        sink.note(Finding::info("header-row-found").with("header", number));
    }
    let mut plan = sink.plan(&trimmed(&headers[position]), false)?;
    first.drain(..=position);
    take(sink, &mut plan, first, rows)?;
    sink.note(sniffed(&plan, number));
    Ok(())
}

/// A header without the empty cells behind it.
fn trimmed(header: &[String]) -> Vec<String> {
    let end = header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    header[..end].to_vec()
}

fn header_position(sink: &Sink<'_>, rows: &[Numbered], headers: &[Vec<String>]) -> Result<usize, Refusal> {
    if rows.is_empty() {
        return Err(refusal("source-empty"));
    }
    if let Some(declared) = sink.request.file.header_row {
        let position = rows.iter().position(|(number, _)| *number == u64::from(declared));
        return position.filter(|position| *position < headers.len()).ok_or_else(|| refusal("header-not-found"));
    }
    let headers: Vec<&[String]> = headers.iter().map(Vec::as_slice).collect();
    find_header(sink.request, &headers).ok_or_else(|| refusal("header-not-found"))
}

/// Reads a table whose header is known. `plan` gets its decimal signs from the first rows.
pub(super) fn read_planned(
    sink: &mut Sink<'_>,
    plan: &mut Plan,
    mut rows: impl Iterator<Item = Result<Numbered, Refusal>>,
) -> Result<(), Refusal> {
    let mut first: Vec<Numbered> = Vec::new();
    for row in rows.by_ref().take(LOOK_AHEAD) {
        first.push(row?);
    }
    take(sink, plan, first, rows)
}

fn take(
    sink: &mut Sink<'_>,
    plan: &mut Plan,
    first: Vec<Numbered>,
    rest: impl Iterator<Item = Result<Numbered, Refusal>>,
) -> Result<(), Refusal> {
    let mut evidences = Evidences::new(plan);
    for (_, cells) in &first {
        evidences.observe(plan, |index| cells.get(index).and_then(Owned::text));
    }
    evidences.set(plan, sink.request.file.decimal);
    sink.set_plan(plan);
    let mut taken = Rows::new(sink, plan);
    for row in first.into_iter().map(Ok).chain(rest) {
        let (number, cells) = row?;
        take_row(&mut taken, number, &cells, plan.width)?;
    }
    taken.finish()
}

fn take_row(rows: &mut Rows<'_, '_, '_>, number: u64, cells: &[Owned], width: usize) -> Result<(), Refusal> {
    let Some(last) = cells.iter().rposition(|cell| !cell.is_empty()) else { return Ok(()) };
    if last > width + FAR {
        return Err(Box::new(Finding::error("sheet-far-cell").with("at", number)));
    }
    if last >= width {
        rows.refuse(number, "row-too-long");
        return Ok(());
    }
    if last == 0 && width > 1 && cells[0].text().is_some_and(|text| text.trim().starts_with("Bron:")) {
        return Ok(());
    }
    rows.push(number, |index| cells.get(index).map_or(Cell::Empty, Owned::cell), None)
}

fn sniffed(plan: &Plan, header: u64) -> Finding {
    let mut signs: Vec<char> = plan.columns.iter().filter_map(|planned| planned.sign).map(Sign::as_char).collect();
    signs.sort_unstable();
    signs.dedup();
    let decimal = if signs.is_empty() { "-".to_owned() } else { signs.into_iter().collect() };
    let finding = Finding::info("source-sniffed").with("delimiter", "-").with("encoding", "-");
    finding.with("decimal", decimal).with("header", header)
}
