//! Spreadsheets: social assistance, purchasing power, and the key figures of Statistics Netherlands.

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::csv_file::write_bytes;
use super::{Account, address};
use crate::town::TownError;
use crate::town::life::Town;
use crate::town::people::{household_number, person_number};
use crate::town::random::Dice;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A date as a spreadsheet keeps it.
    Date(NaiveDate),
    /// Nothing.
    Empty,
}

/// Writes rows as a workbook of one sheet, always with the same bytes for the same rows.
pub(super) fn workbook(sheet: &str, rows: &[Vec<Cell>], path: &Path) -> Result<(), TownError> {
    let failed = |error: XlsxError| TownError::format(path, error);
    let bytes = workbook_bytes(sheet, rows).map_err(failed)?;
    write_bytes(path, &bytes)
}

fn workbook_bytes(name: &str, rows: &[Vec<Cell>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 5)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(name)?;
    let date_format = Format::new().set_num_format("dd-mm-yyyy");
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, text).map(|_| ())?,
                Cell::Number(number) => sheet.write_number(row, column, *number).map(|_| ())?,
                Cell::Date(date) => {
                    sheet.write_datetime_with_format(row, column, excel(*date)?, &date_format).map(|_| ())?;
                }
                Cell::Empty => {}
            }
        }
    }
    workbook.save_to_buffer()
}

fn excel(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let part = |value: u32| u8::try_from(value).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(date.year()).unwrap_or(1900), part(date.month()), part(date.day()))
}

/// Text cells.
pub(super) fn texts(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|text| Cell::Text((*text).to_owned())).collect()
}

/// Social assistance, as the benefits department exports it.
pub(super) fn benefits(town: &Town, path: &Path) -> Result<Option<Account>, TownError> {
    const HEADER: [&str; 6] =
        ["Persoonsnummer", "Huishoudnummer", "Adres-id", "Soort uitkering", "Ingangsdatum", "Einddatum"];
    let mut dice = Dice::new(town.seed, "bijstand", 0);
    let mut account = Account::default();
    let mut rows = vec![texts(&HEADER)];
    for (at, household) in town.people.households.iter().enumerate() {
        let Some((benefit, home)) = household.benefit.zip(household.homes.iter().flatten().next()) else { continue };
        let row = vec![
            Cell::Number(person_number(household.first_person) as f64),
            Cell::Number(household_number(at) as f64),
            Cell::Text(address::identifier(*home)),
            Cell::Text(dice.pick(&["PW algemene bijstand", "PW algemene bijstand", "IOAW", "Bbz"]).to_owned()),
            Cell::Date(benefit.start),
            benefit.end.map_or(Cell::Empty, Cell::Date),
        ];
        if dice.chance(0.004) {
            let mut bad = row.clone();
            bad[4] = Cell::Text("onbekend".to_owned());
            rows.push(bad);
            account.bad += 1;
        }
        rows.push(row);
    }
    account.rows = rows.len() - 1;
    workbook("Bijstand", &rows, path)?;
    Ok(Some(account))
}
