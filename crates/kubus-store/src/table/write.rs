//! Writing a table: see [`super`] for the format.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Float32Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, UInt8Array,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use kubus_model::{Cell, CellStatus, DraftTable};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::{SHAPE_KEY, Shape, TABLE_FORMAT, TableError};

/// Encodes a table; the same table gives the same bytes.
///
/// # Errors
/// [`TableError::Shape`] when the cells do not fit the shape, [`TableError::Parquet`].
pub fn encode(table: &DraftTable) -> Result<Vec<u8>, TableError> {
    let shape = shape_of(table)?;
    let rows: Vec<usize> = (0..table.cells.len()).filter(|at| says_something(&table.cells[*at])).collect();
    let batch = RecordBatch::try_new(schema(), columns(table, &rows)?)?;
    let text = serde_json::to_string(&shape).map_err(|e| TableError::Format(e.to_string()))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("straatkubus".to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(SHAPE_KEY.to_owned(), text)]))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

fn shape_of(table: &DraftTable) -> Result<Shape, TableError> {
    let shape = Shape {
        format: TABLE_FORMAT,
        indicator: table.indicator.clone(),
        level: table.level.clone(),
        areas: table.areas.clone(),
        periods: table.periods.clone(),
        members: table.members.clone(),
    };
    let expected = shape.cells().ok_or_else(|| TableError::Format("too many cells".into()))?;
    if expected == table.cells.len() {
        Ok(shape)
    } else {
        Err(TableError::Shape { cells: table.cells.len(), expected })
    }
}

/// A row that equals what an absent row means is not stored.
fn says_something(cell: &Cell) -> bool {
    *cell != Cell::missing(CellStatus::NotAvailable)
}

pub(super) fn schema() -> Arc<Schema> {
    let key = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        Field::new("area", key.clone(), false),
        Field::new("period", key.clone(), false),
        Field::new("member", key, false),
        Field::new("status", DataType::UInt8, false),
        Field::new("numerator", DataType::Int64, true),
        Field::new("denominator", DataType::Int64, true),
        Field::new("value", DataType::Float64, true),
        Field::new("estimated_share", DataType::Float32, false),
        Field::new("provisional", DataType::Boolean, false),
    ]))
}

fn columns(table: &DraftTable, rows: &[usize]) -> Result<Vec<ArrayRef>, TableError> {
    let (members, periods) = (table.members.len().max(1), table.periods.len().max(1));
    let cells = || rows.iter().map(|at| &table.cells[*at]);
    let areas = table.areas.iter().map(|a| a.as_str().to_owned());
    let written = table.periods.iter().map(ToString::to_string);
    let keys = table.members.iter().map(kubus_model::Member::key);
    Ok(vec![
        dictionary(areas, rows.iter().map(|at| at / (members * periods)))?,
        dictionary(written, rows.iter().map(|at| at / members % periods))?,
        dictionary(keys, rows.iter().map(|at| at % members))?,
        Arc::new(cells().map(|c| c.status as u8).collect::<UInt8Array>()),
        Arc::new(cells().map(|c| c.numerator).collect::<Int64Array>()),
        Arc::new(cells().map(|c| c.denominator).collect::<Int64Array>()),
        Arc::new(cells().map(|c| c.value).collect::<Float64Array>()),
        Arc::new(Float32Array::from_iter_values(cells().map(|c| c.estimated_share))),
        Arc::new(cells().map(|c| Some(c.provisional)).collect::<BooleanArray>()),
    ])
}

fn dictionary(
    values: impl Iterator<Item = String>,
    positions: impl Iterator<Item = usize>,
) -> Result<ArrayRef, TableError> {
    let too_many = |_| TableError::Format("too many areas".into());
    let keys: Vec<i32> = positions.map(i32::try_from).collect::<Result<_, _>>().map_err(too_many)?;
    let values = Arc::new(StringArray::from_iter_values(values));
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), values)?))
}
