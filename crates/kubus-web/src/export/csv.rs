//! CSV as Dutch Excel opens it: `;`, a byte order mark, a decimal comma. The provenance stands
//! under the table.

use super::{Language, Sheet, Value, decimal, harmless};

/// The bytes of the file.
pub(super) fn write(sheet: &Sheet) -> Vec<u8> {
    let mut text = String::from('\u{feff}');
    line(&mut text, sheet.heads.iter().map(|head| quoted(head)));
    for row in &sheet.rows {
        line(&mut text, row.iter().map(|value| written(value, sheet.language)));
    }
    line(&mut text, std::iter::empty());
    line(&mut text, std::iter::once(quoted(&sheet.provenance_name)));
    for (what, said) in &sheet.provenance {
        line(&mut text, [quoted(what), quoted(said)].into_iter());
    }
    text.into_bytes()
}

fn line(text: &mut String, fields: impl Iterator<Item = String>) {
    text.push_str(&fields.collect::<Vec<_>>().join(";"));
    text.push_str("\r\n");
}

fn written(value: &Value, language: Language) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Count(count) => count.to_string(),
        Value::Number(number) => decimal(*number, language),
        Value::Nothing => String::new(),
    }
}

fn quoted(text: &str) -> String {
    let text = harmless(text);
    if text.contains([';', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sheet::sample;

    #[test]
    fn the_file_is_as_dutch_excel_wants_it_and_holds_no_formula() {
        let text = String::from_utf8(write(&sample())).unwrap();
        let expected = "\u{feff}Gebiedscode;Gebied;Cijfer;Teller\r\n\
            8204HB;'=HYPERLINK(1);32,3529;11\r\n8204HC;\"Brug; \"\"noord\"\"\";;\r\n\r\n\
            Herkomst\r\nUitgave;1\r\nBron;'@bevolking\r\n";
        assert_eq!(text, expected);
    }
}
