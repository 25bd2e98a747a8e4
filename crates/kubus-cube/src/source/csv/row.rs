//! One row of a delimited text, field by field, without copying: RFC 4180, and lenient where
//! people are (a quote within an unquoted field is a character).

use super::super::cell::Cell;
use super::super::text::closing_quote;
use super::super::{Refusal, refusal};

/// Longest field in bytes.
const LONGEST_FIELD: usize = 1 << 20;

/// Where a field is: in the text, or in the copy without doubled quotes.
#[derive(Debug, Clone, Copy)]
struct Field {
    start: usize,
    end: usize,
    copied: bool,
}

/// The fields of one row after the other.
pub(in crate::source) struct Fields<'t> {
    text: &'t str,
    delimiter: u8,
    at: usize,
    fields: Vec<Field>,
    copies: String,
}

impl<'t> Fields<'t> {
    pub(in crate::source) const fn new(text: &'t str, delimiter: u8) -> Self {
        Self { text, delimiter, at: 0, fields: Vec::new(), copies: String::new() }
    }

    /// Number of fields of this row.
    pub(in crate::source) const fn len(&self) -> usize {
        self.fields.len()
    }

    /// Where the next row begins.
    pub(in crate::source) const fn position(&self) -> usize {
        self.at
    }

    /// Goes to the next row; false at the end.
    pub(in crate::source) fn next(&mut self) -> Result<bool, Refusal> {
        self.fields.clear();
        self.copies.clear();
        let bytes = self.text.as_bytes();
        if self.at >= bytes.len() {
            return Ok(false);
        }
        loop {
            let end = if bytes.get(self.at) == Some(&b'"') { self.quoted()? } else { self.plain()? };
            match bytes.get(end) {
                Some(byte) if *byte == self.delimiter => self.at = end + 1,
                Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => return Ok(self.row_ends(end + 2)),
                Some(_) => return Ok(self.row_ends(end + 1)),
                None => return Ok(self.row_ends(end)),
            }
        }
    }

    fn row_ends(&mut self, next: usize) -> bool {
        self.at = next;
        true
    }

    /// A field without quotes; returns where it ends.
    fn plain(&mut self) -> Result<usize, Refusal> {
        let end = self.field_end(self.at);
        if end - self.at > LONGEST_FIELD {
            return Err(refusal("field-too-long"));
        }
        self.fields.push(Field { start: self.at, end, copied: false });
        Ok(end)
    }

    fn field_end(&self, start: usize) -> usize {
        let bytes = &self.text.as_bytes()[start..];
        let delimiter = self.delimiter;
        let ends = |byte: &u8| *byte == delimiter || *byte == b'\n' || *byte == b'\r';
        start + bytes.iter().position(ends).unwrap_or(bytes.len())
    }

    /// A field within quotes; returns where it ends.
    fn quoted(&mut self) -> Result<usize, Refusal> {
        let start = self.at + 1;
        let Some(close) = closing_quote(self.text.as_bytes(), start) else { return Err(refusal("quote-not-closed")) };
        if close - start > LONGEST_FIELD {
            return Err(refusal("field-too-long"));
        }
        let inner = &self.text[start..close];
        // What stands between the closing quote and the delimiter belongs to the field.
        let end = self.field_end(close + 1);
        if end == close + 1 && !inner.contains('"') {
            self.fields.push(Field { start, end: close, copied: false });
            return Ok(end);
        }
        let from = self.copies.len();
        self.copies.push_str(&inner.replace("\"\"", "\""));
        self.copies.push_str(&self.text[close + 1..end]);
        self.fields.push(Field { start: from, end: self.copies.len(), copied: true });
        Ok(end)
    }

    /// The text of a field.
    pub(in crate::source) fn text(&self, index: usize) -> &str {
        match self.fields.get(index) {
            Some(field) if field.copied => &self.copies[field.start..field.end],
            Some(field) => &self.text[field.start..field.end],
            None => "",
        }
    }

    /// A field as a cell.
    pub(in crate::source) fn cell(&self, index: usize) -> Cell<'_> {
        Cell::Text(self.text(index))
    }

    /// Whether all fields from this one on are empty.
    pub(in crate::source) fn is_empty_from(&self, index: usize) -> bool {
        (index..self.fields.len()).all(|index| self.text(index).trim().is_empty())
    }

    /// The fields as owned texts.
    pub(in crate::source) fn to_texts(&self) -> Vec<String> {
        (0..self.len()).map(|index| self.text(index).trim().to_owned()).collect()
    }
}

/// The first rows of a text as owned texts, with where the next row begins after each.
pub(in crate::source) fn all_rows(
    text: &str,
    delimiter: u8,
    most: usize,
) -> Result<Vec<(Vec<String>, usize)>, Refusal> {
    let mut fields = Fields::new(text, delimiter);
    let mut rows = Vec::new();
    while rows.len() < most && fields.next()? {
        rows.push((fields.to_texts(), fields.position()));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        all_rows(text, b';', usize::MAX).unwrap().into_iter().map(|(row, _)| row).collect()
    }

    #[test]
    fn quotes_hold_delimiters_line_ends_and_doubled_quotes() {
        assert_eq!(rows("a;\"b;\n\"\"c\"\"\";d\r\n1;2;3"), [["a", "b;\n\"c\"", "d"], ["1", "2", "3"]]);
        assert_eq!(rows("5\" buis;x\n"), [["5\" buis", "x"]]);
        assert_eq!(rows("\"a\"b;c\n"), [["ab", "c"]]);
    }

    #[test]
    fn every_line_end_ends_a_row() {
        assert_eq!(rows("a\r\nb\nc\rd"), [["a"], ["b"], ["c"], ["d"]]);
        assert_eq!(rows("a;\n;b\n"), [["a", ""], ["", "b"]]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_refused() {
        assert_eq!(all_rows("a;\"b\nc", b';', 9).unwrap_err().code, "quote-not-closed");
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_reads_back(table in prop::collection::vec(prop::collection::vec("[a-z\";\n, é]{0,6}", 3), 1..8)) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            table.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let trimmed: Vec<Vec<String>> = table.iter().map(|row| row.iter().map(|f| f.trim().to_owned()).collect()).collect();
            prop_assert_eq!(rows(&text), trimmed);
        }
    }
}
