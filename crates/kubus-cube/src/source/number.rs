//! A text becomes a number: decimal comma or point, thousands, and signs as people type them.
//!
//! A separator is never thrown away: `1,7` is 1.7 or it is refused, never 17. A thousands mark
//! counts only when every group after it has exactly three digits. What can be read in two ways
//! (`1.234` in a column that shows no other number with a separator) is refused.

/// The decimal sign of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Comma,
    Point,
}

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberFault {
    /// Not a number.
    Not,
    /// A number in two ways.
    Ambiguous,
    /// Does not fit in 64 bits.
    TooLarge,
    /// Has decimals where a whole number was declared.
    NotWhole,
}

/// How many numbers of a column show which decimal sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) comma: usize,
    pub(super) point: usize,
}

/// Most digits of a number.
const DIGITS: usize = 40;
/// Most separators of a number.
const MARKS: usize = 14;

/// The digits and separators of a text.
struct Scan {
    negative: bool,
    digits: [u8; DIGITS],
    count: usize,
    marks: [(char, usize); MARKS],
    marked: usize,
}

impl Sign {
    /// The sign as declared: `,` or `.`.
    pub(super) const fn from_char(sign: char) -> Option<Self> {
        match sign {
            ',' => Some(Self::Comma),
            '.' => Some(Self::Point),
            _ => None,
        }
    }

    /// The sign as a character.
    pub(super) const fn as_char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Point => '.',
        }
    }
}

impl Evidence {
    /// Looks at one text. Only what can be read in one way is evidence.
    /// Codes for missing (`-99999999.0`) are not: other software wrote their decimals.
    pub(super) fn observe(&mut self, text: &str) {
        let text = text.trim();
        if text.starts_with("-999") {
            return;
        }
        let Ok(scan) = Scan::new(text) else { return };
        match scan.decimal_mark(None) {
            Ok(Some((',', _))) => self.comma += 1,
            Ok(Some(_)) => self.point += 1,
            _ => {}
        }
    }

    /// Adds what another column showed.
    pub(super) const fn add(&mut self, other: Self) {
        self.comma += other.comma;
        self.point += other.point;
    }

    /// The sign that most numbers show, if any shows one.
    pub(super) const fn sign(self) -> Option<Sign> {
        match (self.comma, self.point) {
            (0, 0) => None,
            (comma, point) if comma > point => Some(Sign::Comma),
            _ => Some(Sign::Point),
        }
    }
}

impl Scan {
    fn new(text: &str) -> Result<Self, NumberFault> {
        let mut scan = Self { negative: false, digits: [0; DIGITS], count: 0, marks: [(' ', 0); MARKS], marked: 0 };
        for (at, character) in text.chars().enumerate() {
            match character {
                '-' | '\u{2212}' if at == 0 => scan.negative = true,
                '+' if at == 0 => {}
                '0'..='9' => scan.digit(character)?,
                ',' | '.' => scan.mark(character)?,
                ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' => scan.mark(' ')?,
                _ => return Err(NumberFault::Not),
            }
        }
        if scan.count == 0 { Err(NumberFault::Not) } else { Ok(scan) }
    }

    fn digit(&mut self, character: char) -> Result<(), NumberFault> {
        let slot = self.digits.get_mut(self.count).ok_or(NumberFault::TooLarge)?;
        *slot = character as u8;
        self.count += 1;
        Ok(())
    }

    fn mark(&mut self, character: char) -> Result<(), NumberFault> {
        let slot = self.marks.get_mut(self.marked).ok_or(NumberFault::Not)?;
        *slot = (character, self.count);
        self.marked += 1;
        Ok(())
    }

    /// Which mark is the decimal sign, with the number of digits before it; the others must be
    /// thousands.
    fn decimal_mark(&self, sign: Option<Sign>) -> Result<Option<(char, usize)>, NumberFault> {
        let marks = &self.marks[..self.marked];
        let Some(last) = marks.iter().rev().find(|mark| mark.0 != ' ') else {
            return self.check_groups(marks, self.count).map(|()| None);
        };
        let same = marks.iter().filter(|mark| mark.0 == last.0).count();
        let mixed = marks.iter().any(|mark| mark.0 != last.0);
        let as_decimal = match sign {
            Some(sign) => sign.as_char() == last.0,
            None if same > 1 => false,
            None if mixed => true,
            None => self.is_surely_decimal(last.1)?,
        };
        if as_decimal {
            let before = &marks[..self.marked - 1];
            let alike = before.iter().all(|mark| mark.0 != last.0 && mark.0 == before[0].0);
            let ends = marks.last() == Some(last) && last.1 < self.count;
            return if alike && ends {
                self.check_groups(before, last.1).map(|()| Some(*last))
            } else {
                Err(NumberFault::Not)
            };
        }
        if mixed { Err(NumberFault::Not) } else { self.check_groups(marks, self.count).map(|()| None) }
    }

    /// Whether one lone mark can only be a decimal sign.
    fn is_surely_decimal(&self, before: usize) -> Result<bool, NumberFault> {
        let after = self.count - before;
        if after == 3 && (1..=3).contains(&before) && self.digits[0] != b'0' {
            return Err(NumberFault::Ambiguous);
        }
        Ok(true)
    }

    /// Thousands: groups of exactly three digits up to `end`, the first of one to three.
    fn check_groups(&self, marks: &[(char, usize)], end: usize) -> Result<(), NumberFault> {
        let Some(first) = marks.first() else { return Ok(()) };
        let ends = marks.iter().skip(1).map(|mark| mark.1).chain(std::iter::once(end));
        let whole = marks.iter().zip(ends).all(|(mark, end)| end == mark.1 + 3);
        if whole && (1..=3).contains(&first.1) { Ok(()) } else { Err(NumberFault::Not) }
    }

    fn to_decimal(&self, point: Option<usize>) -> Result<f64, NumberFault> {
        let mut text = [0u8; DIGITS + 2];
        let mut length = 0;
        let mut put = |byte: u8| {
            text[length] = byte;
            length += 1;
        };
        if self.negative {
            put(b'-');
        }
        for (at, digit) in self.digits[..self.count].iter().enumerate() {
            if Some(at) == point {
                put(b'.');
            }
            put(*digit);
        }
        let text = std::str::from_utf8(&text[..length]).map_err(|_| NumberFault::Not)?;
        text.parse().map_err(|_| NumberFault::Not)
    }

    fn to_integer(&self, digits: &[u8]) -> Result<i64, NumberFault> {
        let mut value: i64 = 0;
        for digit in digits {
            let digit = i64::from(digit - b'0');
            let next = value
                .checked_mul(10)
                .and_then(|v| if self.negative { v.checked_sub(digit) } else { v.checked_add(digit) });
            value = next.ok_or(NumberFault::TooLarge)?;
        }
        Ok(value)
    }
}

/// A whole number; decimals may only be zeros.
pub(super) fn integer(text: &str, sign: Option<Sign>) -> Result<i64, NumberFault> {
    if text.len() < 18 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.bytes().fold(0, |value, byte| value * 10 + i64::from(byte - b'0')));
    }
    let scan = Scan::new(text)?;
    let Some((_, before)) = scan.decimal_mark(sign)? else { return scan.to_integer(&scan.digits[..scan.count]) };
    let (whole, fraction) = scan.digits[..scan.count].split_at(before);
    if fraction.iter().any(|digit| *digit != b'0') { Err(NumberFault::NotWhole) } else { scan.to_integer(whole) }
}

/// A number with decimals, and whether it was written with a decimal sign.
pub(super) fn decimal(text: &str, sign: Option<Sign>) -> Result<(f64, bool), NumberFault> {
    if sign == Some(Sign::Point) && is_plain(text) {
        let value = text.parse().map_err(|_| NumberFault::Not)?;
        return Ok((value, text.bytes().any(|byte| byte == b'.')));
    }
    if text.contains(['e', 'E']) {
        return exponent(text).map(|value| (value, true));
    }
    let scan = Scan::new(text)?;
    let mark = scan.decimal_mark(sign)?;
    scan.to_decimal(mark.map(|(_, before)| before)).map(|value| (value, mark.is_some()))
}

/// Digits, at most one point with digits on both sides, and a minus in front.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let points = digits.iter().filter(|byte| **byte == b'.').count();
    let ends = digits.first().is_some_and(u8::is_ascii_digit) && digits.last().is_some_and(u8::is_ascii_digit);
    ends && points <= 1 && digits.len() < DIGITS && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// A number as a spreadsheet writes large ones: `1,2E+05`.
fn exponent(text: &str) -> Result<f64, NumberFault> {
    let known = |c: char| c.is_ascii_digit() || matches!(c, 'e' | 'E' | '+' | '-' | ',' | '.');
    if !text.chars().all(known) {
        return Err(NumberFault::Not);
    }
    let value: f64 = text.replace(',', ".").parse().map_err(|_| NumberFault::Not)?;
    if value.is_finite() { Ok(value) } else { Err(NumberFault::TooLarge) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: Option<Sign> = Some(Sign::Comma);
    const POINT: Option<Sign> = Some(Sign::Point);

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let cases = [
            ("1.234,56", None, 1234.56),
            ("1,234.56", None, 1234.56),
            ("1.234.567", None, 1_234_567.0),
            ("2,5", None, 2.5),
            ("0,125", None, 0.125),
            ("1.234", COMMA, 1234.0),
            ("1,234", POINT, 1234.0),
            ("1.234", POINT, 1.234),
            ("\u{2212}3,5", COMMA, -3.5),
            ("12\u{a0}345,5", COMMA, 12345.5),
            ("1,2E+05", COMMA, 120_000.0),
            (",5", COMMA, 0.5),
        ];
        for (text, sign, value) in cases {
            let read = decimal(text, sign).map(|(v, _)| v);
            assert!(read.is_ok_and(|v| (v - value).abs() < 1e-9), "{text} {sign:?}: {read:?}");
        }
    }

    #[test]
    fn what_is_not_surely_one_number_is_refused() {
        let cases = [
            ("1.234", None, NumberFault::Ambiguous),
            ("1,7", POINT, NumberFault::Not),
            ("1.7", COMMA, NumberFault::Not),
            ("1.23.4", None, NumberFault::Not),
            ("1,234,56", None, NumberFault::Not),
            ("12 34", None, NumberFault::Not),
            ("inf", None, NumberFault::Not),
            ("NaN", POINT, NumberFault::Not),
            ("-", None, NumberFault::Not),
            ("5-", None, NumberFault::Not),
            ("0x10", None, NumberFault::Not),
            ("5,", COMMA, NumberFault::Not),
            ("1e999", POINT, NumberFault::TooLarge),
        ];
        for (text, sign, fault) in cases {
            assert_eq!(decimal(text, sign).map(|_| ()), Err(fault), "{text}");
        }
    }

    #[test]
    fn whole_numbers_stay_whole() {
        assert_eq!(integer("815", None), Ok(815));
        assert_eq!(integer("815.0", None), Ok(815));
        assert_eq!(integer("-9223372036854775808", None), Ok(i64::MIN));
        assert_eq!(integer("9223372036854775808", None), Err(NumberFault::TooLarge));
        assert_eq!(integer("8,5", None), Err(NumberFault::NotWhole));
        assert_eq!(integer("1e5", None), Err(NumberFault::Not));
        assert_eq!(integer("", None), Err(NumberFault::Not));
    }

    proptest! {
        #[test]
        fn a_written_whole_number_reads_back(value: i64) {
            prop_assert_eq!(integer(&value.to_string(), None), Ok(value));
        }

        #[test]
        fn a_decimal_reads_back_with_either_sign(whole in -99_999i64..99_999, cents in 0u8..100) {
            let point = format!("{whole}.{cents:02}");
            let expected: f64 = point.parse().unwrap();
            prop_assert_eq!(decimal(&point, POINT), Ok((expected, true)));
            prop_assert_eq!(decimal(&point.replace('.', ","), COMMA), Ok((expected, true)));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}") {
            for sign in [None, COMMA, POINT] {
                let _ = decimal(&text, sign).map(|(value, _)| assert!(value.is_finite()));
                let _ = integer(&text, sign);
            }
        }
    }
}
