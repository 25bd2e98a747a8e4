//! Youth care, as the data warehouse of the youth region exports it: a Parquet file.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use chrono::{Datelike, NaiveDate};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::Account;
use super::csv_file::write_bytes;
use crate::town::TownError;
use crate::town::life::Town;
use crate::town::life::youth::{Care, youth};
use crate::town::people::person_number;
use crate::town::random::Dice;

/// Days from the first day of year 1 to 1 January 1970, as chrono counts them.
const EPOCH: i32 = 719_163;

/// One row; a bad one has no number.
struct Row {
    person: Option<String>,
    care: Care,
}

/// Writes the file.
pub(super) fn youth_care(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    let (rows, account) = rows(town);
    let failed = |error: parquet::errors::ParquetError| TownError::format(path, error);
    let batch = batch(&rows).map_err(|error| TownError::format(path, error))?;
    let level = ZstdLevel::try_new(3).map_err(failed)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by("jeugdregio export".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    write_bytes(path, &bytes)?;
    Ok(Some(account))
}

fn rows(town: &Town) -> (Vec<Row>, Account) {
    let mut dice = Dice::new(town.seed, "jeugdhulp", 0);
    let mut account = Account::default();
    let mut rows = Vec::new();
    for care in youth(town).care {
        if dice.chance(0.003) {
            rows.push(Row { person: None, care: Care { ..care } });
            account.bad += 1;
        }
        rows.push(Row { person: Some(person_number(care.person).to_string()), care });
    }
    account.rows = rows.len();
    (rows, account)
}

fn batch(rows: &[Row]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let days = |date: NaiveDate| date.num_days_from_ce() - EPOCH;
    let persons: StringArray = rows.iter().map(|r| r.person.clone()).collect();
    let starts: Date32Array = rows.iter().map(|r| Some(days(r.care.start))).collect();
    let ends: Date32Array = rows.iter().map(|r| r.care.end.map(days)).collect();
    let forms: StringArray = rows.iter().map(|r| Some(r.care.form)).collect();
    let column = |name: &str, array: ArrayRef, nullable: bool| (name.to_owned(), array, nullable);
    RecordBatch::try_from_iter_with_nullable([
        column("persoonsnummer", Arc::new(persons), true),
        column("startdatum", Arc::new(starts), false),
        column("einddatum", Arc::new(ends), true),
        column("vorm", Arc::new(forms), false),
    ])
}
