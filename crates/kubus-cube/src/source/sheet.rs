//! Excel workbooks (xlsx, xls) and OpenDocument spreadsheets, through calamine.
//!
//! An xlsx is read cell by cell, never as the rectangle that its farthest cell spans: a 5 kB file
//! with a cell at ZZ1048576 would ask for 23 GB.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Range, Reader, Xls, Xlsx};
use chrono::NaiveDate;
use kubus_model::Finding;

use super::date::days;
use super::open::{Kind, Opened, check_zip};
use super::sink::Sink;
use super::table::{Numbered, Owned, read_with_header};
use super::{Refusal, refusal};
use crate::declaration::SourceFormat;

/// More empty rows than this before a cell, and it is not part of the table.
const FAR_ROWS: u32 = 10_000;

/// Reads one sheet into the sink.
pub(super) fn read(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let kind = opened.kind();
    let limits = *opened.limits();
    let bytes = opened.into_bytes()?;
    if kind == Kind::Ole {
        let mut book = Xls::new(Cursor::new(bytes)).map_err(|_| refusal("sheet-unreadable"))?;
        return read_range(sink, &mut book);
    }
    check_zip(&bytes, &limits)?;
    if sink.request.file.format == SourceFormat::Ods {
        let mut book = Ods::new(Cursor::new(bytes)).map_err(|_| refusal("sheet-unreadable"))?;
        return read_range(sink, &mut book);
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| refusal("sheet-unreadable"))?;
    let name = choose(sink, &book.sheet_names())?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| refusal("sheet-unreadable"))?;
    let next = || match cells.next_cell() {
        Ok(Some(cell)) => {
            let (row, column) = cell.get_position();
            Some(Ok((row, column, from_ref(cell.get_value()))))
        }
        Ok(None) => None,
        Err(_) => Some(Err(refusal("sheet-unreadable"))),
    };
    read_with_header(sink, ByRow { cells: std::iter::from_fn(next).fuse(), ahead: None, last: 0 })
}

fn read_range<'a, R: Reader<Cursor<Vec<u8>>> + 'a>(sink: &mut Sink<'_>, book: &mut R) -> Result<(), Refusal> {
    let name = choose(sink, &book.sheet_names())?;
    let range: Range<Data> = book.worksheet_range(&name).map_err(|_| refusal("sheet-unreadable"))?;
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let cells = range.used_cells().map(|(row, column, value)| {
        let row = first_row.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
        let column = first_column.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
        Ok((row, column, from_data(value)))
    });
    read_with_header(sink, ByRow { cells, ahead: None, last: 0 })
}

/// The declared sheet, or the first.
fn choose(sink: &mut Sink<'_>, names: &[String]) -> Result<String, Refusal> {
    let found = || names.join(", ");
    match &sink.request.file.layer {
        Some(layer) => {
            let fits = |name: &&String| name.trim().eq_ignore_ascii_case(layer.trim());
            let missing = || Box::new(Finding::error("layer-missing").with("layer", layer).with("found", found()));
            names.iter().find(fits).cloned().ok_or_else(missing)
        }
        None => {
            let first = names.first().ok_or_else(|| refusal("source-empty"))?;
            if names.len() > 1 {
                sink.note(Finding::info("sheet-chosen").with("layer", first).with("found", found()));
            }
            Ok(first.clone())
        }
    }
}

type Placed = (u32, u32, Owned);

/// Cells in reading order become rows; rows without a cell are left out.
struct ByRow<I> {
    cells: I,
    ahead: Option<Placed>,
    last: u32,
}

impl<I: Iterator<Item = Result<Placed, Refusal>>> Iterator for ByRow<I> {
    type Item = Result<Numbered, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let (row, column, value) = match self.ahead.take().map(Ok).or_else(|| self.cells.next())? {
            Ok(placed) => placed,
            Err(fault) => return Some(Err(fault)),
        };
        if row > self.last.saturating_add(FAR_ROWS) {
            return Some(Err(Box::new(Finding::error("sheet-far-cell").with("at", u64::from(row) + 1))));
        }
        self.last = row;
        let mut cells = Vec::new();
        put(&mut cells, column, value);
        for placed in self.cells.by_ref() {
            match placed {
                Ok((next, column, value)) if next == row => put(&mut cells, column, value),
                Ok(placed) => {
                    self.ahead = Some(placed);
                    break;
                }
                Err(fault) => return Some(Err(fault)),
            }
        }
        Some(Ok((u64::from(row) + 1, cells)))
    }
}

/// Puts a cell at its column; a sheet has at most 16,384.
fn put(cells: &mut Vec<Owned>, column: u32, value: Owned) {
    let column = column.min(1 << 14) as usize;
    if cells.len() <= column {
        cells.resize(column + 1, Owned::Empty);
    }
    cells[column] = value;
}

fn from_ref(value: &DataRef<'_>) -> Owned {
    match value {
        DataRef::Empty => Owned::Empty,
        DataRef::SharedString(text) => Owned::Text((*text).to_owned()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Owned::Text(text.clone()),
        DataRef::Int(value) => Owned::Integer(*value),
        DataRef::Float(value) => Owned::Decimal(*value),
        DataRef::Bool(value) => Owned::Boolean(*value),
        DataRef::DateTime(value) => from_date(value),
        DataRef::Error(error) => Owned::Text(error.to_string()),
    }
}

fn from_data(value: &Data) -> Owned {
    match value {
        Data::Empty => Owned::Empty,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Owned::Text(text.clone()),
        Data::Int(value) => Owned::Integer(*value),
        Data::Float(value) => Owned::Decimal(*value),
        Data::Bool(value) => Owned::Boolean(*value),
        Data::DateTime(value) => from_date(value),
        Data::Error(error) => Owned::Text(error.to_string()),
    }
}

/// A date as Excel keeps it; durations stay numbers.
fn from_date(value: &ExcelDateTime) -> Owned {
    if value.is_duration() {
        return Owned::Decimal(value.as_f64());
    }
    let (year, month, day, ..) = value.to_ymd_hms_milli();
    match NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)) {
        Some(date) => Owned::Date(days(date)),
        None => Owned::Decimal(value.as_f64()),
    }
}
