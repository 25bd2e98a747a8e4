//! Whether the first bytes of a download can be what the file's name says. A web page with status
//! 200 (an error page, a sign-in page) is never a data file. Called by [`super`].

use kubus_model::Finding;

/// What a file should begin with, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// These bytes.
    Magic(&'static [u8]),
    /// Text that is no web page.
    Text,
}

impl Content {
    /// By the ending of the name; anything else should be text.
    pub(super) fn named(file: &str) -> Self {
        let known: [(&str, &[u8]); 8] = [
            (".gz", b"\x1f\x8b"),
            (".zip", b"PK"),
            (".xlsx", b"PK"),
            (".ods", b"PK"),
            (".xls", b"\xd0\xcf\x11\xe0"),
            (".gpkg", b"SQLite format 3"),
            (".parquet", b"PAR1"),
            (".dbf", b""),
        ];
        let name = file.to_lowercase();
        let found = known.into_iter().find(|(ending, _)| name.ends_with(ending));
        found.map_or(Self::Text, |(_, magic)| Self::Magic(magic))
    }

    /// Whether a file may begin so.
    pub(super) fn can_begin(self, bytes: &[u8]) -> bool {
        match self {
            Self::Magic(magic) => bytes.starts_with(magic) && !is_web_page(bytes),
            Self::Text => !is_web_page(bytes),
        }
    }
}

/// Why bytes were refused.
pub(super) fn refusal(bytes: &[u8]) -> Finding {
    Finding::error(if is_web_page(bytes) { "fetch-web-page" } else { "fetch-other-format" })
}

fn is_web_page(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |tag: &[u8]| start.get(..tag.len()).is_some_and(|text| text.eq_ignore_ascii_case(tag));
    begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") || begins(b"<script")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_page_is_no_data_whatever_it_is_called() {
        for page in ["<!DOCTYPE html><html>", "\u{feff}\n <HTML lang=nl>"] {
            for name in ["a.csv", "a.dbf", "a.csv.gz"] {
                assert!(!Content::named(name).can_begin(page.as_bytes()), "{name}");
            }
        }
        assert!(Content::named("a.csv").can_begin(b"code;naam\n<html>"));
    }

    #[test]
    fn a_packed_file_must_begin_as_one() {
        assert!(Content::named("A.CSV.GZ").can_begin(b"\x1f\x8b\x08"));
        assert!(!Content::named("a.csv.gz").can_begin(b"{\"value\":[]}"));
        assert!(Content::named("a.gpkg").can_begin(b"SQLite format 3\0"));
    }
}
