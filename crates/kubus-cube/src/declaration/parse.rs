//! From the text of one declaration file to its type, with a finding for everything that does not
//! fit: not only the first unknown key, but each. Called by [`super::load`].

use std::ops::Range;

use kubus_model::Finding;
use serde::de::DeserializeOwned;

use super::lines::{entries_named, line_at};
use super::nearest::nearest;

/// Most unknown keys reported for one file.
const MOST: usize = 50;

/// Parses `text`. `None` when a finding says what is wrong; findings carry line numbers only, the
/// caller names the file.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> (Option<T>, Vec<Finding>) {
    let (value, mut findings) = parse_in_order_of_keys(text);
    findings.sort_by_key(|finding| finding.row);
    (value, findings)
}

/// As [`parse`]; whether keys come in the order of the file or of the alphabet is up to the parser.
fn parse_in_order_of_keys<T: DeserializeOwned>(text: &str) -> (Option<T>, Vec<Finding>) {
    let mut text = text.to_owned();
    let mut findings = Vec::new();
    loop {
        match toml::from_str::<T>(&text) {
            Ok(value) if findings.is_empty() => return (Some(value), findings),
            Ok(_) => return (None, findings),
            Err(error) => {
                let span = error.span().unwrap_or(0..text.len());
                let unknown =
                    unknown_field(error.message()).map(|name| (name.to_owned(), entry_within(&text, name, &span)));
                let place = match &unknown {
                    Some((_, Some((key, _)))) => key.start,
                    _ => span.start,
                };
                findings.push(worded(error.message()).row(line_at(&text, place)));
                match unknown {
                    Some((_, Some(entry))) if findings.len() < MOST => blank(&mut text, &entry),
                    _ => return (None, findings),
                }
            }
        }
    }
}

/// The entry of that name that lies in the place the error points at.
fn entry_within(text: &str, name: &str, span: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let entries = entries_named(text, name);
    let inside = entries.iter().find(|(key, _)| key.start >= span.start && key.start < span.end.max(span.start + 1));
    inside.cloned().or_else(|| if entries.len() == 1 { entries.first().cloned() } else { None })
}

/// Overwrites an entry by spaces, so that the next problem can be found and lines stay where they
/// are. In an inline table the comma after it goes too.
fn blank(text: &mut String, (key, value): &(Range<usize>, Range<usize>)) {
    let header = text[..key.start].ends_with('[');
    let mut end = value.end.max(key.end);
    if header {
        end = text[key.end..].find("\n[").map_or(text.len(), |at| key.end + at);
    }
    let after = &text[end..];
    let comma = after.len() - after.trim_start_matches([' ', '\t']).len();
    if !header && after[comma..].starts_with(',') {
        end += comma + 1;
    }
    let start = if header { text[..key.start].rfind('\n').map_or(0, |at| at + 1) } else { key.start };
    let spaces: String = text[start..end].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(start..end, &spaces);
}

/// The parts of a message between backquotes.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

fn unknown_field(message: &str) -> Option<&str> {
    message.strip_prefix("unknown field").and_then(|rest| quoted(rest).first().copied())
}

/// The finding for what serde or the TOML parser said.
fn worded(message: &str) -> Finding {
    let names = quoted(message);
    let (first, rest) = names.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
    let suggestion = nearest(first, rest.iter().copied()).unwrap_or("none");
    let listed = rest.join(", ");
    if message.starts_with("unknown field") {
        Finding::error("declaration-unknown-key")
            .with("key", first)
            .with("suggestion", suggestion)
            .with("known", listed)
    } else if message.starts_with("unknown variant") {
        Finding::error("declaration-unknown-value")
            .with("value", first)
            .with("suggestion", suggestion)
            .with("known", listed)
    } else if message.starts_with("missing field") {
        Finding::error("declaration-missing-key").with("key", first)
    } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
        Finding::error("declaration-wrong-type").with("reason", message)
    } else {
        Finding::error("declaration-not-toml").with("reason", message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declaration::{IndicatorDeclaration, SourceDeclaration, TownDeclaration};

    fn codes(findings: &[Finding]) -> Vec<(&str, Option<u64>)> {
        findings.iter().map(|f| (f.code.as_str(), f.row)).collect()
    }

    #[test]
    fn every_unknown_key_is_reported_on_its_own_line() {
        let text = "id = 'x'\nmunicipalty = 'X'\nmunicipality = 'X'\ncode = 'GM0001'\nvintage = 2025\nkleur = 3\n";
        let (town, findings) = parse::<TownDeclaration>(text);
        assert!(town.is_none());
        assert_eq!(
            codes(&findings),
            [("declaration-unknown-key", Some(2)), ("declaration-unknown-key", Some(6))],
            "{findings:?}"
        );
        assert_eq!(findings[0].parameters["suggestion"], "municipality");
    }

    #[test]
    fn an_unknown_table_does_not_hide_the_next_problem() {
        let text = "id = 'x'\nmunicipality = 'X'\ncode = 'GM0001'\nvintage = 2025\n[extra]\na = 1\n[[theme]]\nid = 'geld'\nnam = {}\nname = {}\n";
        let (_, findings) = parse::<TownDeclaration>(text);
        assert_eq!(
            codes(&findings),
            [("declaration-unknown-key", Some(5)), ("declaration-unknown-key", Some(9))],
            "{findings:?}"
        );
    }

    #[test]
    fn an_unknown_key_in_an_inline_table_of_a_tagged_count_is_found() {
        let text = "id='a'\nname={}\ndescription={}\nguidance={}\ndoes_not_say={}\ntheme='t'\nmeasure='share'\nunit={}\nper=1\ndecimals=0\ndirection='neutral'\nlevels=[]\nrhythm='year'\nevidence=''\n[count]\nkind='units'\nnumeratr={}\n";
        let (_, findings) = parse::<IndicatorDeclaration>(text);
        assert_eq!(codes(&findings), [("declaration-unknown-key", Some(17))], "{findings:?}");
    }

    #[test]
    fn a_missing_key_and_a_wrong_value_are_named() {
        let (_, findings) = parse::<SourceDeclaration>("id = 'a'\n");
        assert_eq!(findings[0].code, "declaration-missing-key");
        let (_, findings) = parse::<SourceDeclaration>("id = 'a'\nname = {nl='A'}\nkind = 'spel'\n");
        assert_eq!(findings[0].code, "declaration-unknown-value");
        assert_eq!((findings[0].row, findings[0].parameters["suggestion"].as_str()), (Some(3), "spell"));
    }

    #[test]
    fn text_that_is_not_toml_is_refused_with_its_line() {
        let (_, findings) = parse::<TownDeclaration>("id = 'x'\n= 3\n");
        assert_eq!(codes(&findings), [("declaration-not-toml", Some(2))]);
    }
}
