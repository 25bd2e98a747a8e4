//! `pc6hnr…_gwb.csv`: the codes of a postcode and house number. Source: CBS, *Buurt, wijk en
//! gemeente voor postcode huisnummer*. Columns differ in name per year, so they are found by how
//! their names begin. Called by [`super::assign`].

use std::collections::HashMap;
use std::path::Path;

use arrow::array::StringArray;
use arrow::record_batch::RecordBatch;
use kubus_model::{AreaLevel, Finding};

use super::boundary::{read_text, text};
use crate::declaration::FileDeclaration;

/// From postcode and house number to a code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lookup {
    codes: HashMap<(String, u32), String>,
}

impl Lookup {
    /// Reads the column of a level.
    pub(crate) fn read(
        level: &AreaLevel,
        file: &FileDeclaration,
        deliveries: &Path,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut lookup = Self::default();
        for (path, batches, _) in read_text(level.as_str(), file, deliveries, findings) {
            for batch in &batches {
                if let Err(column) = lookup.take(level, batch) {
                    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    findings
                        .push(Finding::error("area-column-missing").source(level.as_str()).file(name).column(column));
                    break;
                }
            }
        }
        lookup
    }

    fn take(&mut self, level: &AreaLevel, batch: &RecordBatch) -> Result<(), String> {
        let find = |begins: &[&str]| starting(batch, begins).ok_or_else(|| begins[0].to_owned());
        let postcodes = find(&["pc6", "postcode"])?;
        let numbers = find(&["huisnummer", "hnr"])?;
        let codes = find(&[level.as_str()])?;
        for row in 0..batch.num_rows() {
            let number = text(numbers, row).and_then(house_number);
            if let (Some(postcode), Some(number), Some(code)) = (text(postcodes, row), number, text(codes, row)) {
                self.codes.entry((tight(postcode), number)).or_insert_with(|| code.to_owned());
            }
        }
        Ok(())
    }

    /// The code of an address.
    pub(crate) fn code(&self, postcode: &str, number: &str) -> Option<&str> {
        self.codes.get(&(tight(postcode), house_number(number)?)).map(String::as_str)
    }
}

/// The first text column whose name begins with one of the words.
fn starting<'a>(batch: &'a RecordBatch, begins: &[&str]) -> Option<&'a StringArray> {
    let schema = batch.schema();
    let fits = |name: &str| begins.iter().any(|b| name.to_lowercase().starts_with(b));
    let at = schema.fields().iter().position(|f| fits(f.name()))?;
    arrow::array::AsArray::as_string_opt::<i32>(batch.column(at))
}

/// `1315 xa` as `1315XA`.
fn tight(postcode: &str) -> String {
    postcode.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

/// The digits with which a house number begins: `12` out of `12-A`.
fn house_number(text: &str) -> Option<u32> {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::ArrayRef;
    use std::sync::Arc;

    fn batch(code_column: &str) -> RecordBatch {
        let column = |values: [&str; 2]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
        RecordBatch::try_from_iter([
            ("PC6", column(["1315XA", "1315XA"])),
            ("Huisnummer", column(["1", "12"])),
            (code_column, column(["BU00340101", "BU00340102"])),
        ])
        .unwrap()
    }

    #[test]
    fn an_address_is_found_however_its_postcode_and_number_are_written() {
        let mut lookup = Lookup::default();
        lookup.take(&AreaLevel::new("buurt"), &batch("Buurt2021")).unwrap();
        assert_eq!(lookup.code("1315 xa", "12-A"), Some("BU00340102"));
        assert_eq!(lookup.code("1315XA", "001"), Some("BU00340101"));
        assert_eq!(lookup.code("1315XA", "3"), None);
        assert_eq!(lookup.code("1315XA", "A"), None);
    }

    #[test]
    fn a_column_of_another_name_in_another_year_is_found_and_a_missing_one_is_named() {
        let level = AreaLevel::new("buurt");
        assert!(Lookup::default().take(&level, &batch("buurtcode2022")).is_ok());
        assert_eq!(Lookup::default().take(&level, &batch("wijk")), Err("buurt".to_owned()));
    }
}
