//! One cell of a file becomes one value of a declared type, or says why not.

use std::borrow::Cow;

use super::date::from_days;
use super::number::{self, NumberFault};
use super::plan::Planned;
use crate::declaration::ColumnType;

/// A cell as the file holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Text(&'a str),
    Integer(i64),
    Decimal(f64),
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i32),
}

/// A value of a declared type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    /// Missing by a code (`-99997`, `.`), kept as the reason.
    Missing(Cow<'a, str>),
    Text(Cow<'a, str>),
    Integer(i64),
    /// A number, and whether it was written with a decimal sign.
    Decimal(f64, bool),
    Date(i32),
    Boolean(bool),
}

/// Why a cell has no value: the code of a finding.
pub(super) type Wrong = &'static str;

pub(super) const NOT_A_NUMBER: Wrong = "value-not-a-number";
pub(super) const AMBIGUOUS_NUMBER: Wrong = "value-ambiguous-number";
pub(super) const NOT_WHOLE: Wrong = "value-not-whole";
pub(super) const TOO_LARGE: Wrong = "value-too-large";
pub(super) const NOT_A_DATE: Wrong = "value-not-a-date";
pub(super) const NOT_YES_OR_NO: Wrong = "value-not-yes-or-no";
pub(super) const OUT_OF_RANGE: Wrong = "value-out-of-range";
pub(super) const REQUIRED: Wrong = "value-required";

/// Reads a cell as its column was declared.
pub(super) fn convert<'a>(cell: Cell<'a>, column: &Planned) -> Result<Value<'a>, Wrong> {
    let cell = match cell {
        Cell::Text(text) => match text.trim() {
            "" => Cell::Empty,
            "." => return Ok(Value::Missing(Cow::Borrowed("."))),
            trimmed => Cell::Text(trimmed),
        },
        other => other,
    };
    if cell == Cell::Empty {
        return Ok(Value::Null);
    }
    match column.kind {
        ColumnType::Text => Ok(to_text(cell)),
        ColumnType::Integer => to_integer(cell, column),
        ColumnType::Decimal => to_decimal(cell, column),
        ColumnType::Date => to_date(cell, column),
        ColumnType::Boolean => to_boolean(cell),
    }
}

fn to_text(cell: Cell<'_>) -> Value<'_> {
    let text = match cell {
        Cell::Empty => return Value::Null,
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Integer(value) => Cow::Owned(value.to_string()),
        Cell::Decimal(value) => Cow::Owned(value.to_string()),
        Cell::Boolean(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Cell::Date(value) => Cow::Owned(from_days(value).map(|day| day.to_string()).unwrap_or_default()),
    };
    if is_missing_text(&text) { Value::Missing(text) } else { Value::Text(text) }
}

/// A code for "missing" in a column of text: `-99997`, `-99999999.0`.
fn is_missing_text(text: &str) -> bool {
    text.starts_with("-9999") && text.parse::<f64>().is_ok_and(is_known_code)
}

/// The codes that CBS uses for missing, secret and not available figures.
pub(super) fn is_known_code(value: f64) -> bool {
    (-99_999_999.0..=-99_999_990.0).contains(&value)
        || (-99_999.0..=-99_990.0).contains(&value)
        || (-9_999_997.5..=-9_999_996.5).contains(&value)
}

/// Whether a number says that the figure is missing, given what the column can hold.
pub(super) fn is_missing_number(value: f64, range: Option<[f64; 2]>) -> bool {
    is_known_code(value) || (value <= -9_990.0 && range.is_some_and(|[low, _]| low >= 0.0))
}

fn to_integer<'a>(cell: Cell<'a>, column: &Planned) -> Result<Value<'a>, Wrong> {
    let value = match cell {
        Cell::Integer(value) => value,
        Cell::Decimal(value) => whole(value)?,
        Cell::Text(text) => match number::integer(text, column.sign) {
            Ok(value) => value,
            Err(fault) => return missing_text(text, column).ok_or(wrong(fault)),
        },
        _ => return Err(NOT_A_NUMBER),
    };
    #[expect(clippy::cast_precision_loss, reason = "compared with a declared range only")]
    let near = value as f64;
    if is_missing_number(near, column.range) {
        return Ok(Value::Missing(Cow::Owned(value.to_string())));
    }
    if is_in_range(near, column) { Ok(Value::Integer(value)) } else { Err(OUT_OF_RANGE) }
}

/// A missing code with decimals, `-99999999.000000000`, in a column that uses the other sign.
fn missing_text<'a>(text: &'a str, column: &Planned) -> Option<Value<'a>> {
    let value: f64 = text.parse().ok()?;
    is_missing_number(value, column.range).then_some(Value::Missing(Cow::Borrowed(text)))
}

#[expect(clippy::cast_possible_truncation, reason = "cannot fail: checked against the range of i64")]
fn whole(value: f64) -> Result<i64, Wrong> {
    if !value.is_finite() {
        return Err(NOT_A_NUMBER);
    }
    if value.fract().abs() > 0.0 {
        return Err(NOT_WHOLE);
    }
    if value.abs() < 9.0e18 { Ok(value as i64) } else { Err(TOO_LARGE) }
}

#[expect(clippy::cast_precision_loss, reason = "a decimal column holds f64")]
fn to_decimal<'a>(cell: Cell<'a>, column: &Planned) -> Result<Value<'a>, Wrong> {
    let (value, signed) = match cell {
        Cell::Integer(value) => (value as f64, false),
        Cell::Decimal(value) if value.is_finite() => (value, value.fract().abs() > 0.0),
        Cell::Text(text) => match number::decimal(text, column.sign) {
            Ok(read) => read,
            Err(fault) => return missing_text(text, column).ok_or(wrong(fault)),
        },
        _ => return Err(NOT_A_NUMBER),
    };
    if is_missing_number(value, column.range) {
        return Ok(Value::Missing(Cow::Owned(value.to_string())));
    }
    if column.judged_later || is_in_range(value, column) {
        Ok(Value::Decimal(value, signed))
    } else {
        Err(OUT_OF_RANGE)
    }
}

const fn wrong(fault: NumberFault) -> Wrong {
    match fault {
        NumberFault::Not => NOT_A_NUMBER,
        NumberFault::Ambiguous => AMBIGUOUS_NUMBER,
        NumberFault::TooLarge => TOO_LARGE,
        NumberFault::NotWhole => NOT_WHOLE,
    }
}

/// The number in a cell, whatever its range; for looking into why it was refused.
#[expect(clippy::cast_precision_loss, reason = "looked at for its size only")]
pub(super) fn number_in(cell: Cell<'_>, column: &Planned) -> Option<f64> {
    match cell {
        Cell::Integer(value) => Some(value as f64),
        Cell::Decimal(value) => Some(value),
        Cell::Text(text) => number::decimal(text.trim(), column.sign).ok().map(|(value, _)| value),
        _ => None,
    }
}

/// Whether the declared range holds the value; bounds included.
pub(super) fn is_in_range(value: f64, column: &Planned) -> bool {
    column.range.is_none_or(|[low, high]| low <= value && value <= high)
}

fn to_date<'a>(cell: Cell<'a>, column: &Planned) -> Result<Value<'a>, Wrong> {
    let day = match cell {
        Cell::Date(day) => Some(day),
        Cell::Text(text) => column.date.parse(text),
        Cell::Integer(value) => column.date.parse(&value.to_string()),
        _ => None,
    };
    day.map(Value::Date).ok_or(NOT_A_DATE)
}

fn to_boolean(cell: Cell<'_>) -> Result<Value<'_>, Wrong> {
    const YES: [&str; 6] = ["ja", "j", "true", "waar", "1", "yes"];
    const NO: [&str; 6] = ["nee", "n", "false", "onwaar", "0", "no"];
    let is = |text: &str, words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match cell {
        Cell::Boolean(value) => Ok(Value::Boolean(value)),
        Cell::Integer(value @ (0 | 1)) => Ok(Value::Boolean(value == 1)),
        Cell::Text(text) if is(text, &YES) => Ok(Value::Boolean(true)),
        Cell::Text(text) if is(text, &NO) => Ok(Value::Boolean(false)),
        Cell::Decimal(value) => match whole(value) {
            Ok(value @ (0 | 1)) => Ok(Value::Boolean(value == 1)),
            _ => Err(NOT_YES_OR_NO),
        },
        _ => Err(NOT_YES_OR_NO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: ColumnType, range: Option<[f64; 2]>) -> Planned {
        Planned { range, ..Planned::text("x", 0, "x").of(kind) }
    }

    #[test]
    fn codes_for_missing_are_null_with_their_reason() {
        let share = column(ColumnType::Decimal, Some([0.0, 100.0]));
        for code in ["-99997", "-99999999.0", "-99999999.000000000", ".", "       .", "-9990", "-9999997"] {
            let value = convert(Cell::Text(code), &share);
            assert!(matches!(value, Ok(Value::Missing(_))), "{code}: {value:?}");
        }
        let text = column(ColumnType::Text, None);
        assert!(matches!(convert(Cell::Text("-99997"), &text), Ok(Value::Missing(_))));
        assert_eq!(convert(Cell::Text("-9990"), &text), Ok(Value::Text("-9990".into())));
    }

    #[test]
    fn a_column_that_can_be_negative_keeps_its_large_negative_numbers() {
        let score = column(ColumnType::Decimal, Some([-20_000.0, 20_000.0]));
        assert_eq!(convert(Cell::Integer(-12_000), &score), Ok(Value::Decimal(-12_000.0, false)));
    }

    #[test]
    fn a_value_out_of_range_is_wrong() {
        let size = column(ColumnType::Decimal, Some([1.0, 6.0]));
        assert_eq!(convert(Cell::Text("17"), &size), Err(OUT_OF_RANGE));
        assert_eq!(convert(Cell::Text("1,7"), &size), Ok(Value::Decimal(1.7, true)));
    }

    #[test]
    fn yes_and_no_are_read_and_rubbish_is_not() {
        let flag = column(ColumnType::Boolean, None);
        assert_eq!(convert(Cell::Text(" JA "), &flag), Ok(Value::Boolean(true)));
        assert_eq!(convert(Cell::Decimal(0.0), &flag), Ok(Value::Boolean(false)));
        assert_eq!(convert(Cell::Text("misschien"), &flag), Err(NOT_YES_OR_NO));
        assert_eq!(convert(Cell::Integer(2), &flag), Err(NOT_YES_OR_NO));
    }

    #[test]
    fn numbers_in_text_columns_are_written_plainly() {
        let text = column(ColumnType::Text, None);
        assert_eq!(convert(Cell::Decimal(1011.0), &text), Ok(Value::Text("1011".into())));
        assert_eq!(convert(Cell::Date(0), &text), Ok(Value::Text("1970-01-01".into())));
    }
}
