//! An Excel workbook: the figures, and a second sheet with their provenance.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{ExportError, Sheet, Value};

/// The bytes of the workbook.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, ExportError> {
    let bold = Format::new().set_bold();
    let mut workbook = Workbook::new();
    let figures = workbook.add_worksheet().set_name(&sheet.name)?;
    heads(figures, sheet, &bold)?;
    for (row, values) in (1..).zip(&sheet.rows) {
        for (column, value) in (0..).zip(values) {
            put(figures, row, column, value)?;
        }
    }
    figures.autofit();
    let provenance = workbook.add_worksheet().set_name(&sheet.provenance_name)?;
    for (row, (what, said)) in (0..).zip(&sheet.provenance) {
        provenance.write_string_with_format(row, 0, what, &bold)?;
        provenance.write_string(row, 1, said)?;
    }
    provenance.autofit();
    Ok(workbook.save_to_buffer()?)
}

fn heads(figures: &mut Worksheet, sheet: &Sheet, bold: &Format) -> Result<(), XlsxError> {
    for (column, head) in (0..).zip(&sheet.heads) {
        figures.write_string_with_format(0, column, head, bold)?;
    }
    figures.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Text is written as text, so that nothing in it becomes a formula.
fn put(figures: &mut Worksheet, row: u32, column: u16, value: &Value) -> Result<(), XlsxError> {
    match value {
        Value::Text(text) => figures.write_string(row, column, text)?,
        Value::Number(number) => figures.write_number(row, column, *number)?,
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet knows no other numbers; counts stay below 2^53")]
        Value::Count(count) => figures.write_number(row, column, *count as f64)?,
        Value::Nothing => figures,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::export::sheet::sample;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_workbook_opens_with_two_sheets_and_without_formulas() {
        let bytes = write(&sample()).unwrap();
        let workbook = part(&bytes, "xl/workbook.xml");
        assert!(workbook.contains("name=\"Cijfers\"") && workbook.contains("name=\"Herkomst\""));
        let figures = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(figures.contains("<v>32.352941</v>") && figures.contains("<v>11</v>"));
        assert!(!figures.contains("<f>"));
        assert!(part(&bytes, "xl/sharedStrings.xml").contains("=HYPERLINK(1)"));
    }
}
