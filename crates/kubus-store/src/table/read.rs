//! Reading a table: see [`super`] for the format. The bytes may be anyone's: whatever is wrong
//! with them is an error.

use std::collections::HashMap;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, DictionaryArray, Float32Array, Float64Array, Int64Array, RecordBatch,
    UInt8Array,
};
use arrow::datatypes::{Float32Type, Float64Type, Int32Type, Int64Type, UInt8Type};
use bytes::Bytes;
use kubus_model::{Cell, CellStatus, DraftTable};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::write::schema;
use super::{SHAPE_KEY, Shape, TABLE_FORMAT, TableError};

/// Decodes what [`super::encode`] wrote.
///
/// # Errors
/// [`TableError`] for anything that is not such a file.
pub fn decode(bytes: &[u8]) -> Result<DraftTable, TableError> {
    // The decoder below is not ours and has assertions on what it reads. Whoever comes here checked
    // the file's hash, but a damaged file that got this far must be an error all the same.
    std::panic::catch_unwind(|| decoded(bytes)).unwrap_or_else(|_| Err(TableError::Format("it is damaged".into())))
}

fn decoded(bytes: &[u8]) -> Result<DraftTable, TableError> {
    // The schema is ours, not the one in the file: a damaged Arrow schema must not be parsed.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(schema());
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(Bytes::copy_from_slice(bytes), options)?;
    let shape = shape(&builder)?;
    let mut table = empty_table(shape)?;
    let index = Index::of(&table);
    let mut first_row = 0;
    for batch in builder.with_batch_size(1 << 16).build()? {
        let batch = batch?;
        fill(&mut table, &index, &batch, first_row)?;
        first_row += batch.num_rows();
    }
    Ok(table)
}

fn shape(builder: &ParquetRecordBatchReaderBuilder<Bytes>) -> Result<Shape, TableError> {
    let metadata = builder.metadata().file_metadata().key_value_metadata();
    let text = metadata.and_then(|all| all.iter().find(|kv| kv.key == SHAPE_KEY)).and_then(|kv| kv.value.as_deref());
    let text = text.ok_or_else(|| TableError::Format("no shape in the metadata".into()))?;
    let shape: Shape = serde_json::from_str(text).map_err(|e| TableError::Format(e.to_string()))?;
    if shape.format != TABLE_FORMAT {
        return Err(TableError::Format(format!("format {}", shape.format)));
    }
    Ok(shape)
}

fn empty_table(shape: Shape) -> Result<DraftTable, TableError> {
    shape.cells().ok_or_else(|| TableError::Format("too many cells".into()))?;
    Ok(DraftTable::new(&shape.indicator, &shape.level, shape.areas, shape.periods, shape.members))
}

/// The position of each code, period and member by its text.
struct Index {
    areas: HashMap<String, usize>,
    periods: HashMap<String, usize>,
    members: HashMap<String, usize>,
}

impl Index {
    fn of(table: &DraftTable) -> Self {
        let positions = |names: Vec<String>| names.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
        Self {
            areas: positions(table.areas.iter().map(|a| a.as_str().to_owned()).collect()),
            periods: positions(table.periods.iter().map(ToString::to_string).collect()),
            members: positions(table.members.iter().map(kubus_model::Member::key).collect()),
        }
    }
}

fn column<'a>(batch: &'a RecordBatch, name: &'static str) -> Result<&'a ArrayRef, TableError> {
    batch.column_by_name(name).ok_or_else(|| TableError::Format(format!("no column {name}")))
}

fn mistyped(name: &'static str) -> TableError {
    TableError::Format(format!("column {name} has another type"))
}

/// For each row the position that its dictionary value stands for; `usize::MAX` when unknown.
fn positions(
    batch: &RecordBatch,
    name: &'static str,
    known: &HashMap<String, usize>,
) -> Result<Vec<usize>, TableError> {
    let array = column(batch, name)?;
    let array: &DictionaryArray<Int32Type> = array.as_dictionary_opt().ok_or_else(|| mistyped(name))?;
    let values = array.values().as_string_opt::<i32>().ok_or_else(|| mistyped(name))?;
    let found: Vec<usize> =
        values.iter().map(|v| v.and_then(|v| known.get(v)).copied().unwrap_or(usize::MAX)).collect();
    let at = |key: Option<usize>| key.and_then(|k| found.get(k)).copied().unwrap_or(usize::MAX);
    Ok(array.keys_iter().map(at).collect())
}

/// The columns that hold the cells themselves.
struct Columns<'a> {
    status: &'a UInt8Array,
    numerator: &'a Int64Array,
    denominator: &'a Int64Array,
    value: &'a Float64Array,
    estimated_share: &'a Float32Array,
    provisional: &'a BooleanArray,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self, TableError> {
        let long = |name| column(batch, name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| mistyped(name));
        Ok(Self {
            status: column(batch, "status")?.as_primitive_opt::<UInt8Type>().ok_or_else(|| mistyped("status"))?,
            numerator: long("numerator")?,
            denominator: long("denominator")?,
            value: column(batch, "value")?.as_primitive_opt::<Float64Type>().ok_or_else(|| mistyped("value"))?,
            estimated_share: column(batch, "estimated_share")?
                .as_primitive_opt::<Float32Type>()
                .ok_or_else(|| mistyped("estimated_share"))?,
            provisional: column(batch, "provisional")?.as_boolean_opt().ok_or_else(|| mistyped("provisional"))?,
        })
    }

    fn cell(&self, row: usize) -> Option<Cell> {
        let long = |array: &Int64Array| array.is_valid(row).then(|| array.value(row));
        Some(Cell {
            status: CellStatus::from_code(self.status.value(row))?,
            numerator: long(self.numerator),
            denominator: long(self.denominator),
            value: self.value.is_valid(row).then(|| self.value.value(row)),
            estimated_share: self.estimated_share.value(row),
            provisional: self.provisional.value(row),
        })
    }
}

fn fill(table: &mut DraftTable, index: &Index, batch: &RecordBatch, first_row: usize) -> Result<(), TableError> {
    let areas = positions(batch, "area", &index.areas)?;
    let periods = positions(batch, "period", &index.periods)?;
    let members = positions(batch, "member", &index.members)?;
    let columns = Columns::of(batch)?;
    for row in 0..batch.num_rows() {
        let unknown = |what| TableError::Unknown { row: first_row + row, what };
        let known = |at: usize, what| if at == usize::MAX { Err(unknown(what)) } else { Ok(at) };
        let at =
            table.position(known(areas[row], "area")?, known(periods[row], "period")?, known(members[row], "member")?);
        table.cells[at] = columns.cell(row).ok_or_else(|| unknown("status"))?;
    }
    Ok(())
}
