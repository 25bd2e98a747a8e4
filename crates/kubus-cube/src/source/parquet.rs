//! Parquet, through its Arrow reader: only the declared columns, row groups in parallel.
//!
//! Columns that are right as a whole (type, range, no missing codes) pass as they are; a batch in
//! which anything is to be refused goes value by value.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray, UInt64Array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use kubus_model::Finding;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;

use super::batch::{Batcher, Part, arrow_type, is_formula, schema};
use super::cell::{Cell, is_missing_number};
use super::open::Opened;
use super::plan::{Plan, Planned};
use super::sink::Sink;
use super::tally::Tally;
use super::{Refusal, refusal};
use crate::declaration::ColumnType;

/// Rows of a batch.
const BATCH_ROWS: usize = 1 << 16;

/// Reads the declared columns of a Parquet file into the sink.
pub(super) fn read(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let path = opened.plain_path()?.to_owned();
    drop(opened);
    let builder = open(&path)?;
    let metadata = builder.metadata();
    check_rows(metadata.file_metadata().num_rows(), sink.limits.rows)?;
    let header: Vec<String> =
        builder.parquet_schema().root_schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    let plan = sink.plan(&header, false)?;
    let starts: Vec<u64> = metadata
        .row_groups()
        .iter()
        .scan(0u64, |sum, group| {
            let start = *sum;
            *sum += u64::try_from(group.num_rows()).unwrap_or(0);
            Some(start)
        })
        .collect();
    let refuse_rows = sink.request.refuse_rows;
    let groups: Vec<(usize, u64)> = starts.into_iter().enumerate().collect();
    for some in groups.chunks(rayon::current_num_threads().clamp(1, 4)) {
        let done: Vec<Result<Vec<Part>, Refusal>> =
            some.par_iter().map(|(group, start)| read_group(&path, *group, *start, &plan, refuse_rows)).collect();
        for parts in done {
            for part in parts? {
                sink.put(part)?;
            }
        }
    }
    Ok(())
}

fn open(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, Refusal> {
    let file = File::open(path).map_err(|error| super::open::io_refusal(&error))?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_| refusal("source-damaged"))
}

fn check_rows(rows: i64, most: u64) -> Result<(), Refusal> {
    match u64::try_from(rows) {
        Ok(rows) if rows <= most => Ok(()),
        Ok(_) => Err(Box::new(Finding::error("source-too-many-rows").with("allowed", most))),
        Err(_) => Err(refusal("source-damaged")),
    }
}

fn read_group(path: &Path, group: usize, start: u64, plan: &Plan, refuse_rows: bool) -> Result<Vec<Part>, Refusal> {
    let builder = open(path)?;
    let mut roots: Vec<usize> = plan.columns.iter().map(|planned| planned.index).collect();
    roots.sort_unstable();
    roots.dedup();
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots.iter().copied());
    let reader = builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(BATCH_ROWS);
    let reader = reader.build().map_err(|_| refusal("source-damaged"))?;
    let mut parts = Vec::new();
    let mut before = start;
    for batch in reader {
        let batch = batch.map_err(|_| refusal("source-damaged"))?;
        let columns = plan.columns.iter().map(|planned| {
            let position = roots.binary_search(&planned.index).map_err(|_| refusal("source-damaged"))?;
            canonical(batch.column(position), planned)
        });
        let columns: Vec<ArrayRef> = columns.collect::<Result<_, _>>()?;
        parts.push(to_part(&columns, batch.num_rows(), before, plan, refuse_rows));
        before += batch.num_rows() as u64;
    }
    Ok(parts)
}

/// The column as one of the five types that a cell can have.
fn canonical(array: &ArrayRef, planned: &Planned) -> Result<ArrayRef, Refusal> {
    use DataType as T;
    let value_type = match array.data_type() {
        T::Dictionary(_, value) => value.as_ref().clone(),
        other => other.clone(),
    };
    let target = match value_type {
        T::Boolean => T::Boolean,
        T::Int8 | T::Int16 | T::Int32 | T::Int64 | T::UInt8 | T::UInt16 | T::UInt32 | T::UInt64 => T::Int64,
        T::Float16 | T::Float32 | T::Float64 | T::Decimal128(..) | T::Decimal256(..) => T::Float64,
        T::Date32 | T::Date64 | T::Timestamp(..) => T::Date32,
        T::Utf8 | T::LargeUtf8 | T::Utf8View | T::Null => T::Utf8,
        _ => return Err(unsupported(planned)),
    };
    if *array.data_type() == target {
        return Ok(Arc::clone(array));
    }
    let exactly = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(array, &target, &exactly).map_err(|_| unsupported(planned))
}

fn unsupported(planned: &Planned) -> Refusal {
    Box::new(Finding::error("column-type-unsupported").column(&planned.header))
}

fn to_part(columns: &[ArrayRef], rows: usize, before: u64, plan: &Plan, refuse_rows: bool) -> Part {
    let passed: Option<Vec<ArrayRef>> =
        columns.iter().zip(&plan.columns).map(|(array, planned)| pass(array, planned)).collect();
    if let Some(part) = passed.and_then(|passed| whole_part(passed, rows, before, plan)) {
        return part;
    }
    let mut batcher = Batcher::new(plan, refuse_rows);
    let cells: Vec<Access<'_>> = columns.iter().map(Access::new).collect();
    let mut at_column = vec![0; plan.width];
    plan.columns.iter().enumerate().for_each(|(position, planned)| at_column[planned.index] = position);
    let mut values = Vec::new();
    for at in 0..rows {
        let row = before + at as u64 + 1;
        batcher.push(row, |index| cells[at_column[index]].cell(at), None, &mut values);
    }
    batcher.finish()
}

fn whole_part(mut columns: Vec<ArrayRef>, rows: usize, before: u64, plan: &Plan) -> Option<Part> {
    let numbers: UInt64Array = (before + 1..=before + rows as u64).collect();
    columns.push(Arc::new(numbers));
    let batch = RecordBatch::try_new(schema(plan), columns).ok()?;
    let tally = Tally::of_rows(rows as u64);
    Some(Part { batch, signed: vec![Vec::new(); plan.columns.len()], tally })
}

/// The column as it is, when nothing in it is to be changed or refused.
fn pass(array: &ArrayRef, planned: &Planned) -> Option<ArrayRef> {
    if planned.judged_later
        || (planned.required && array.null_count() > 0)
        || *array.data_type() != arrow_type(planned.kind)
    {
        return None;
    }
    let right = match planned.kind {
        ColumnType::Integer => integers_pass(array.as_primitive(), planned),
        ColumnType::Decimal => decimals_pass(array.as_primitive(), planned),
        ColumnType::Text => array.as_string::<i32>().iter().flatten().all(text_passes),
        ColumnType::Date | ColumnType::Boolean => true,
    };
    right.then(|| Arc::clone(array))
}

fn integers_pass(array: &Int64Array, planned: &Planned) -> bool {
    let [low, high] = planned.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    let (Some(least), Some(most)) = (arrow::compute::min(array), arrow::compute::max(array)) else { return true };
    #[expect(clippy::cast_precision_loss, reason = "compared with a declared range only")]
    let (least, most) = (least as f64, most as f64);
    low <= least && most <= high && (least > -9_990.0 || !array.iter().flatten().any(is_code))
}

#[expect(clippy::cast_precision_loss, reason = "compared with small codes only")]
fn is_code(value: i64) -> bool {
    is_missing_number(value as f64, None)
}

fn decimals_pass(array: &Float64Array, planned: &Planned) -> bool {
    let [low, high] = planned.range.unwrap_or([f64::MIN, f64::MAX]);
    let right =
        |value: f64| low <= value && value <= high && (value > -9_990.0 || !is_missing_number(value, planned.range));
    array.iter().flatten().all(right)
}

/// Text that needs no trimming and says nothing by a code.
fn text_passes(text: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    edge(bytes.first()) && edge(bytes.last()) && text != "." && !text.starts_with("-9999") && !is_formula(text)
}

/// One column, to be read value by value.
enum Access<'a> {
    Text(&'a StringArray),
    Integer(&'a Int64Array),
    Decimal(&'a Float64Array),
    Date(&'a Date32Array),
    Boolean(&'a BooleanArray),
}

impl<'a> Access<'a> {
    fn new(array: &'a ArrayRef) -> Self {
        match array.data_type() {
            DataType::Int64 => Self::Integer(array.as_primitive()),
            DataType::Float64 => Self::Decimal(array.as_primitive()),
            DataType::Date32 => Self::Date(array.as_primitive()),
            DataType::Boolean => Self::Boolean(array.as_boolean()),
            _ => Self::Text(array.as_string()),
        }
    }

    fn cell(&self, at: usize) -> Cell<'a> {
        match *self {
            Self::Text(array) if array.is_valid(at) => Cell::Text(array.value(at)),
            Self::Integer(array) if array.is_valid(at) => Cell::Integer(array.value(at)),
            Self::Decimal(array) if array.is_valid(at) => Cell::Decimal(array.value(at)),
            Self::Date(array) if array.is_valid(at) => Cell::Date(array.value(at)),
            Self::Boolean(array) if array.is_valid(at) => Cell::Boolean(array.value(at)),
            _ => Cell::Empty,
        }
    }
}
