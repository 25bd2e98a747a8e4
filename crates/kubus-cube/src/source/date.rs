//! A text becomes a date: ISO 8601, `dd-mm-jjjj`, or a declared format. Days since 1970-01-01.

use chrono::{Datelike, NaiveDate};

/// Days from the year 1 to 1970, as Arrow counts from 1970.
const EPOCH: i32 = 719_163;

/// How dates of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DateFormat {
    /// `2024-01-31` (with or without a time) or `31-01-2024`.
    Usual,
    /// `20240131`.
    Compact,
    /// A format of strftime.
    Declared(String),
}

impl DateFormat {
    /// The format of a declaration.
    pub(super) fn new(declared: Option<&str>) -> Self {
        match declared {
            None | Some("%Y-%m-%d" | "%d-%m-%Y") => Self::Usual,
            Some("%Y%m%d") => Self::Compact,
            Some(other) => Self::Declared(other.to_owned()),
        }
    }

    /// The date, or nothing when the text is none (31-02-2024).
    pub(super) fn parse(&self, text: &str) -> Option<i32> {
        match self {
            Self::Usual => usual(text.as_bytes()),
            Self::Compact => compact(text.as_bytes()),
            Self::Declared(format) => declared(text, format),
        }
    }
}

/// Days since 1970-01-01.
pub(super) fn days(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH
}

/// The date of a number of days since 1970-01-01.
pub(super) fn from_days(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH)?)
}

fn number(digits: &[u8]) -> Option<u32> {
    let digit = |value: u32, byte: &u8| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0'));
    digits.iter().try_fold(0, digit)
}

fn date(year: &[u8], month: &[u8], day: &[u8]) -> Option<i32> {
    let year = i32::try_from(number(year)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?).map(days)
}

fn usual(text: &[u8]) -> Option<i32> {
    match text {
        [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, rest @ ..] if is_time(rest) => {
            date(&[*y0, *y1, *y2, *y3], &[*m0, *m1], &[*d0, *d1])
        }
        [d0, d1, b'-', m0, m1, b'-', y0, y1, y2, y3] => date(&[*y0, *y1, *y2, *y3], &[*m0, *m1], &[*d0, *d1]),
        _ => None,
    }
}

/// Nothing, or a time of day after `T` or a space.
fn is_time(rest: &[u8]) -> bool {
    let clock = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'+' | b'-' | b'Z');
    match rest {
        [] => true,
        [b'T' | b' ', time @ ..] => time.len() >= 5 && time.iter().all(clock),
        _ => false,
    }
}

fn compact(text: &[u8]) -> Option<i32> {
    if text.len() == 8 { date(&text[..4], &text[4..6], &text[6..]) } else { None }
}

fn declared(text: &str, format: &str) -> Option<i32> {
    if let Ok(date) = NaiveDate::parse_from_str(text, format) {
        return Some(days(date));
    }
    if ["%d", "%e", "%j", "%F", "%D", "%x"].iter().any(|day| format.contains(day)) {
        return None;
    }
    NaiveDate::parse_from_str(&format!("{text} 01"), &format!("{format} %d")).ok().map(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_usual_ways() {
        let usual = DateFormat::new(None);
        let day = usual.parse("2024-02-29");
        assert_eq!(day, Some(19_782));
        assert_eq!(usual.parse("29-02-2024"), day);
        assert_eq!(usual.parse("2024-02-29T13:45:00"), day);
        assert_eq!(DateFormat::new(Some("%Y%m%d")).parse("20240229"), day);
        assert_eq!(DateFormat::new(Some("%d/%m/%Y")).parse("29/02/2024"), day);
        assert_eq!(DateFormat::new(Some("%Y-%m")).parse("2024-03"), Some(19_783));
        assert_eq!(from_days(19_782).map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn days_that_are_not_there_are_refused() {
        let usual = DateFormat::new(None);
        for text in ["31-02-2024", "2023-02-29", "2024-13-01", "1-2-2024", "2024-1-1", "gisteren", "2024-01-01x", ""] {
            assert_eq!(usual.parse(text), None, "{text}");
        }
        assert_eq!(DateFormat::new(Some("%Y%m%d")).parse("20241301"), None);
    }
}
