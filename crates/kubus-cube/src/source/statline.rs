//! StatLine's "CSV volgens tabelindeling": a title, the areas across, the topics down, and
//! "Bron: CBS" at the end. It is turned, so that a row is an area.

use kubus_model::Finding;

use super::csv::{all_rows, delimiter_byte};
use super::open::Opened;
use super::sink::Sink;
use super::table::{Numbered, Owned, read_planned};
use super::text::Blocks;
use super::{Refusal, refusal};

/// The first cell of the row with the names of the last dimension.
const TOPIC: &str = "Onderwerp";
/// Columns before the first area: topic and unit.
const BEFORE: usize = 2;

/// Dimensions and topics, each with its values across.
struct Turned {
    header: Vec<String>,
    columns: Vec<Vec<String>>,
}

/// Reads a turned table into the sink.
pub(super) fn read_table(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let mut blocks = Blocks::new(opened.into_reader(), sink.request.file.encoding.as_deref())?;
    let mut text = String::new();
    while let Some(block) = blocks.next()? {
        text.push_str(&block);
    }
    let delimiter = sink.request.file.delimiter.and_then(delimiter_byte).unwrap_or(b';');
    let rows: Vec<Vec<String>> = all_rows(&text, delimiter, usize::MAX)?.into_iter().map(|(row, _)| row).collect();
    let turned = turn(&rows)?;
    let mut plan = sink.plan(&turned.header, false)?;
    let count = turned.columns.iter().map(Vec::len).max().unwrap_or(0);
    let table = (0..count).map(|at| {
        let cell = |column: &Vec<String>| column.get(at).map_or(Owned::Empty, |text| Owned::Text(text.clone()));
        let numbered: Numbered = (at as u64 + 1, turned.columns.iter().map(cell).collect());
        Ok(numbered)
    });
    read_planned(sink, &mut plan, table)?;
    let finding = Finding::info("source-sniffed").with("delimiter", char::from(delimiter)).with("decimal", "-");
    sink.note(finding.with("encoding", blocks.encoding()).with("header", 0));
    Ok(())
}

fn turn(rows: &[Vec<String>]) -> Result<Turned, Refusal> {
    let topic = rows.iter().position(|row| row.first().is_some_and(|text| text == TOPIC));
    let topic = topic.ok_or_else(|| refusal("statline-no-topics"))?;
    let mut turned = Turned { header: Vec::new(), columns: Vec::new() };
    let mut label = None;
    for row in &rows[..=topic] {
        match across(row) {
            [one] if row[0].is_empty() => label = Some(one.clone()),
            values if !values.is_empty() => {
                turned.header.push(label.take().unwrap_or_else(|| TOPIC.to_owned()));
                turned.columns.push(values.to_vec());
            }
            _ => {}
        }
    }
    let width = turned.columns.last().map_or(0, Vec::len);
    for row in rows[topic + 1..].iter().filter(|row| row.len() > BEFORE) {
        if across(row).len() != width {
            return Err(refusal("statline-ragged"));
        }
        turned.header.push(row[0].clone());
        turned.columns.push(across(row).to_vec());
    }
    Ok(turned)
}

/// The cells after the topic and its unit.
fn across(row: &[String]) -> &[String] {
    row.get(BEFORE..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        all_rows(text, b';', usize::MAX).unwrap().into_iter().map(|(row, _)| row).collect()
    }

    #[test]
    fn a_table_is_turned_so_that_a_row_is_an_area() {
        let text = "\"Titel\"\n\"\"\n\"\";\"\";\"Wijken\"\n\"Onderwerp\";\"\";\"A\";\"B\"\n\"Afstand\";\"km\";\"1,0\";\"2,5\"\n\"Bron: CBS\"\n";
        let turned = turn(&rows(text)).unwrap();
        assert_eq!(turned.header, ["Wijken", "Afstand"]);
        assert_eq!(turned.columns, [["A", "B"], ["1,0", "2,5"]]);
    }

    #[test]
    fn two_dimensions_give_two_columns() {
        let text = ";;Perioden\n;;2021;2022\n;;Wijken\nOnderwerp;;A;A\nInwoners;aantal;5;6\nBron: CBS\n";
        let turned = turn(&rows(text)).unwrap();
        assert_eq!(turned.header, ["Perioden", "Wijken", "Inwoners"]);
        assert_eq!(turned.columns, [["2021", "2022"], ["A", "A"], ["5", "6"]]);
    }

    #[test]
    fn a_table_that_is_cut_off_is_refused() {
        assert_eq!(turn(&rows("a;b\n")).err().unwrap().code, "statline-no-topics");
        assert_eq!(turn(&rows("Onderwerp;;A;B\nx;km;1\n")).err().unwrap().code, "statline-ragged");
    }
}
