//! From which day to which a row holds, in days since 1 January 1970. Called by [`super::read`].

use arrow::array::{Array, AsArray};
use arrow::datatypes::Date32Type;
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;
use kubus_model::Period;

use crate::declaration::source::DateDeclaration;

/// First and last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) first: i32,
    pub(crate) last: i32,
}

impl Span {
    /// All days.
    pub(crate) const ALWAYS: Self = Self { first: i32::MIN, last: i32::MAX };

    /// The days of a period.
    pub(crate) fn of(period: Period) -> Self {
        Self { first: day(period.first_day()), last: day(period.last_day()) }
    }

    /// Whether the two have a day in common.
    pub(crate) const fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Whether every day of the other is one of these.
    pub(crate) const fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

/// The number of a day.
pub(crate) fn day(date: NaiveDate) -> i32 {
    i32::try_from((date - NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

/// The date of a day number.
pub(crate) fn date(day: i32) -> NaiveDate {
    NaiveDate::default() + chrono::Duration::days(i64::from(day))
}

/// Why a row has no span: the code of the finding.
pub(super) type NoSpan = &'static str;

/// The span of every row of a batch.
pub(super) fn spans(declared: &DateDeclaration, batch: &RecordBatch) -> Vec<Result<Span, NoSpan>> {
    let rows = batch.num_rows();
    if let Some(period) = declared.fixed {
        return vec![Ok(Span::of(period)); rows];
    }
    if let Some(column) = &declared.period {
        let texts = super::text_of(batch, column);
        return (0..rows).map(|row| period_at(texts.as_ref(), row)).collect();
    }
    if let Some(column) = &declared.on {
        let days = days(batch, column);
        return days.into_iter().map(|d| d.map(|d| Span { first: d, last: d }).ok_or("link-no-date")).collect();
    }
    let Some(start) = &declared.start else { return vec![Ok(Span::ALWAYS); rows] };
    let ends = declared.end.as_ref().map_or_else(|| vec![None; rows], |column| days(batch, column));
    days(batch, start).into_iter().zip(ends).map(|(start, end)| from_to(start, end)).collect()
}

fn period_at(texts: Option<&arrow::array::StringArray>, row: usize) -> Result<Span, NoSpan> {
    let texts = texts.filter(|texts| texts.is_valid(row)).ok_or("link-no-date")?;
    texts.value(row).parse::<Period>().map(Span::of).map_err(|_| "link-bad-date")
}

fn from_to(start: Option<i32>, end: Option<i32>) -> Result<Span, NoSpan> {
    let first = start.ok_or("link-no-date")?;
    let last = end.unwrap_or(i32::MAX);
    if last < first { Err("link-bad-date") } else { Ok(Span { first, last }) }
}

fn days(batch: &RecordBatch, column: &str) -> Vec<Option<i32>> {
    let array = batch.column_by_name(column).and_then(|c| c.as_primitive_opt::<Date32Type>());
    array.map_or_else(|| vec![None; batch.num_rows()], |days| days.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_its_days() {
        assert_eq!(Span::of(Period::Month(1970, 1)), Span { first: 0, last: 30 });
        assert_eq!(date(day(NaiveDate::from_ymd_opt(2024, 2, 29).unwrap())).to_string(), "2024-02-29");
    }

    #[test]
    fn a_spell_that_ends_before_it_starts_is_refused() {
        assert_eq!(from_to(Some(5), Some(4)), Err("link-bad-date"));
        assert_eq!(from_to(None, Some(4)), Err("link-no-date"));
        assert_eq!(from_to(Some(5), None), Ok(Span { first: 5, last: i32::MAX }));
    }

    #[test]
    fn spans_that_share_a_day_overlap() {
        let year = Span { first: 0, last: 364 };
        assert!(year.overlaps(Span { first: 364, last: 400 }) && !year.overlaps(Span { first: 365, last: 400 }));
        assert!(year.holds(Span { first: 3, last: 364 }) && !year.holds(Span { first: 3, last: 365 }));
    }
}
