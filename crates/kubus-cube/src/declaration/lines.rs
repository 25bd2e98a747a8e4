//! On which line of a TOML text a key stands. Called when a finding needs a place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The line (1-based) of the key at `path`: table keys, and positions in arrays as numbers. When
/// the last keys are absent, the line of the last one that is there.
pub(crate) fn line_of(text: &str, path: &[&str]) -> Option<u64> {
    let table = DeTable::parse(text).ok()?;
    let mut found = None;
    let mut here = Step::Table(table.get_ref());
    for part in path {
        let Some((offset, next)) = here.descend(part) else { break };
        found = Some(offset);
        here = next;
    }
    found.map(|offset| line_at(text, offset))
}

/// The line (1-based) of a byte offset.
pub(crate) fn line_at(text: &str, offset: usize) -> u64 {
    let before = text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count();
    u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1)
}

/// Byte ranges of every entry (key, then value) named `name`, anywhere in the text.
pub(crate) fn entries_named(text: &str, name: &str) -> Vec<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        collect(table.get_ref(), name, &mut found);
    }
    found
}

fn collect(table: &DeTable<'_>, name: &str, found: &mut Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>) {
    for (key, value) in table {
        if key.get_ref() == name {
            found.push((key.span(), value.span()));
        }
        collect_value(value, name, found);
    }
}

fn collect_value(
    value: &Spanned<DeValue<'_>>,
    name: &str,
    found: &mut Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>,
) {
    match value.get_ref() {
        DeValue::Table(table) => collect(table, name, found),
        DeValue::Array(array) => array.iter().for_each(|item| collect_value(item, name, found)),
        _ => {}
    }
}

enum Step<'t, 'i> {
    Table(&'t DeTable<'i>),
    Value(&'t DeValue<'i>),
}

impl<'t, 'i> Step<'t, 'i> {
    fn descend(&self, part: &str) -> Option<(usize, Self)> {
        match *self {
            Self::Table(table) | Self::Value(DeValue::Table(table)) => {
                let (key, value) = table.iter().find(|(key, _)| key.get_ref() == part)?;
                Some((key.span().start, Self::Value(value.get_ref())))
            }
            Self::Value(DeValue::Array(array)) => {
                let item = array.get(part.parse::<usize>().ok()?)?;
                Some((item.span().start, Self::Value(item.get_ref())))
            }
            Self::Value(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "id = 'a'\n\n[columns]\nage = { from = 'LFT' }\n\n[[vintage]]\nyear = 1\n[[vintage]]\nyear = 2\n";

    #[test]
    fn a_key_is_found_on_its_line() {
        assert_eq!(line_of(TEXT, &["id"]), Some(1));
        assert_eq!(line_of(TEXT, &["columns", "age", "from"]), Some(4));
        assert_eq!(line_of(TEXT, &["vintage", "1", "year"]), Some(9));
    }

    #[test]
    fn an_absent_key_is_placed_at_the_table_it_should_be_in() {
        assert_eq!(line_of(TEXT, &["columns", "age", "type"]), Some(4));
        assert_eq!(line_of(TEXT, &["nothing"]), None);
    }
}
