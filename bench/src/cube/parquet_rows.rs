//! Records out of Parquet: each thread takes whole row groups.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int8Type, Int32Type};
use kubus_cube::aggregate::{Aggregator, Layout};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use rayon::prelude::*;

use super::area::Areas;
use super::csv_rows::quarter_of_day;
use super::{Batch, Failure, Record};

const COLUMNS: [&str; 9] =
    ["pc6", "birth_year", "sex", "income_class", "benefit", "debt", "school_dropout", "youth_care", "date"];

pub(crate) fn read(path: &Path, areas: &Areas, layout: &Layout, kernel: &Aggregator) -> Result<(), Failure> {
    let metadata = ArrowReaderMetadata::load(&File::open(path)?, Default::default())?;
    let groups = metadata.metadata().num_row_groups();
    (0..groups).into_par_iter().with_max_len(1).try_for_each(|group| {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path)?, metadata.clone());
        let mask = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
        let reader = builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(1 << 14).build()?;
        let mut rows = Batch::default();
        for batch in reader {
            add(&batch?, areas, layout, &mut rows)?;
            if rows.keys.len() >= 1 << 17 {
                rows.flush(kernel)?;
            }
        }
        Ok(rows.flush(kernel)?)
    })
}

fn add(batch: &RecordBatch, areas: &Areas, layout: &Layout, rows: &mut Batch) -> Result<(), Failure> {
    let column = |name: &'static str| batch.column_by_name(name).ok_or(name);
    let flag = |name| column(name)?.as_boolean_opt().ok_or(name);
    let pc6 = column("pc6")?.as_string_opt::<i32>().ok_or("pc6")?;
    let birth = column("birth_year")?.as_primitive_opt::<Int32Type>().ok_or("birth_year")?;
    let sex = column("sex")?.as_string_opt::<i32>().ok_or("sex")?;
    let income = column("income_class")?.as_primitive_opt::<Int8Type>().ok_or("income_class")?;
    let date = column("date")?.as_primitive_opt::<Date32Type>().ok_or("date")?;
    let (benefit, debt) = (flag("benefit")?, flag("debt")?);
    let (dropout, youth_care) = (flag("school_dropout")?, flag("youth_care")?);
    if batch.columns().iter().any(|c| c.null_count() > 0) {
        return Err("a field is missing".into());
    }
    for at in 0..batch.num_rows() {
        rows.add(
            layout,
            &Record {
                area: areas.find(pc6.value(at).as_bytes()).ok_or("a postcode is not in the list")?,
                quarter: quarter_of_day(date.value(at)).ok_or("a date is outside 2024")?,
                age: age_class(birth.value(at)).ok_or("a year of birth is out of range")?,
                woman: sex.value(at) == "V",
                benefit: benefit.value(at),
                debt: debt.value(at),
                dropout: dropout.value(at),
                youth_care: youth_care.value(at),
                income: i64::from(income.value(at)),
            },
        );
    }
    Ok(())
}

/// The age class of thirteen years, as the peers' query has it.
pub(crate) fn age_class(birth_year: i32) -> Option<u32> {
    u32::try_from((2024 - birth_year) / 13).ok().filter(|class| *class < super::AGE_CLASSES)
}
