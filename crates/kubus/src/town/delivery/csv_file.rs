//! Tables as text: delimiter, encoding and byte order mark as the sender's system writes them.

use std::path::Path;

use encoding_rs::WINDOWS_1252;

use super::Account;
use crate::town::TownError;
use crate::town::random::Dice;

/// How a text file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// UTF-8 with semicolons.
    Semicolon,
    /// UTF-8 with commas.
    Comma,
    /// UTF-8 with a byte order mark and semicolons.
    Marked,
    /// Windows-1252 with semicolons.
    Windows,
}

/// A table with a header.
#[derive(Debug)]
pub(super) struct Register {
    /// Column names.
    pub(super) header: &'static [&'static str],
    /// Rows, each with a text per column.
    pub(super) rows: Vec<Vec<String>>,
    /// Columns that hold a date or month: a bad row has an impossible one.
    pub(super) dates: &'static [usize],
    /// Columns that must not be empty: a bad row lacks one.
    pub(super) keys: &'static [usize],
}

/// Part of the rows that get a bad row beside them.
const BAD: f64 = 0.0025;
/// Part of the rows that are delivered twice.
const DOUBLE: f64 = 0.001;
/// What stands where a date should be.
const NO_DATES: [&str; 4] = ["31-02-2024", "onbekend", "00-00-0000", "2024-13"];

impl Register {
    /// Adds bad and double rows, as every delivery has them: extra rows, so that the good ones
    /// still say what they said.
    pub(super) fn spoil(&mut self, seed: u64, name: &'static str) -> Account {
        let mut dice = Dice::new(seed, name, 0);
        let mut account = Account::default();
        let mut rows = Vec::with_capacity(self.rows.len() + self.rows.len() / 200);
        for row in std::mem::take(&mut self.rows) {
            if dice.chance(BAD) {
                rows.push(self.bad(&row, &mut dice));
                account.bad += 1;
            }
            if dice.chance(DOUBLE) {
                rows.push(row.clone());
                account.double += 1;
            }
            rows.push(row);
        }
        account.rows = rows.len();
        self.rows = rows;
        account
    }

    fn bad(&self, row: &[String], dice: &mut Dice) -> Vec<String> {
        let mut row = row.to_vec();
        if self.dates.is_empty() || (!self.keys.is_empty() && dice.chance(0.4)) {
            row[dice.pick(self.keys)].clear();
        } else {
            dice.pick(&NO_DATES).clone_into(&mut row[dice.pick(self.dates)]);
        }
        row
    }

    /// Writes the table as text.
    pub(super) fn write(&self, style: Style, path: &Path) -> Result<(), TownError> {
        let delimiter = if style == Style::Comma { b',' } else { b';' };
        let mut writer =
            csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let failed = |error: csv::Error| TownError::format(path, error);
        writer.write_record(self.header).map_err(failed)?;
        for row in &self.rows {
            writer.write_record(row).map_err(failed)?;
        }
        let bytes = writer.into_inner().map_err(|error| TownError::format(path, error))?;
        write_bytes(path, &encoded(style, bytes))
    }
}

fn encoded(style: Style, bytes: Vec<u8>) -> Vec<u8> {
    match style {
        Style::Semicolon | Style::Comma => bytes,
        Style::Marked => [b"\xef\xbb\xbf".as_slice(), &bytes].concat(),
        Style::Windows => WINDOWS_1252.encode(&String::from_utf8_lossy(&bytes)).0.into_owned(),
    }
}

/// Writes a whole file.
pub(super) fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), TownError> {
    std::fs::write(path, bytes).map_err(|source| TownError::file("write", path, source))
}

/// Cents as `1234,50`.
pub(super) fn euros(cents: usize) -> String {
    format!("{},{:02}", cents / 100, cents % 100)
}

/// A number with two decimals and a decimal comma.
pub(super) fn comma(value: f64) -> String {
    format!("{value:.2}").replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(rows: usize) -> Register {
        let rows = (0..rows).map(|at| vec![format!("{at}"), "01-02-2024".to_owned()]).collect();
        Register { header: &["sleutel", "datum"], rows, dates: &[1], keys: &[0] }
    }

    #[test]
    fn spoiling_adds_rows_and_loses_none() {
        let mut table = register(10_000);
        let account = table.spoil(1, "test");
        assert_eq!(account.rows, 10_000 + account.bad + account.double);
        assert!((10..50).contains(&account.bad) && account.double > 0);
        let good = |at: usize| table.rows.iter().any(|r| r[0] == at.to_string() && r[1] == "01-02-2024");
        assert!((0..10_000).step_by(97).all(good));
    }

    #[test]
    fn an_encoding_is_what_it_says() {
        assert_eq!(encoded(Style::Windows, "é€".as_bytes().to_vec()), b"\xe9\x80");
        assert!(encoded(Style::Marked, b"a".to_vec()).starts_with(b"\xef\xbb\xbf"));
        assert_eq!((euros(120_005), comma(1.25)), ("1200,05".to_owned(), "1,25".to_owned()));
    }
}
