//! Periods: a year, a quarter or a month, written as people and as CBS write them.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A reporting period. Ordered by its first day, then by length.
///
/// ```
/// use kubus_model::Period;
/// assert_eq!("2024JJ00".parse::<Period>().unwrap(), Period::Year(2024));
/// assert_eq!("2021MM03".parse::<Period>().unwrap().to_string(), "2021-03");
/// assert_eq!("2023Q2".parse::<Period>().unwrap(), Period::Quarter(2023, 2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// A calendar year.
    Year(u16),
    /// A quarter, 1 to 4.
    Quarter(u16, u8),
    /// A month, 1 to 12.
    Month(u16, u8),
}

/// A text that is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a period: {0:?} (expected 2024, 2024Q1, 2024-01, 2024JJ00, 2024KW01 or 2024MM01)")]
pub struct PeriodError(pub String);

impl Period {
    /// The first day of the period.
    ///
    /// # Panics
    /// Never for periods made by parsing; a hand-made month 13 panics.
    #[must_use]
    #[expect(clippy::expect_used, reason = "cannot fail: parsed periods hold valid months")]
    pub fn first_day(self) -> NaiveDate {
        let (year, month) = match self {
            Self::Year(y) => (y, 1),
            Self::Quarter(y, q) => (y, q * 3 - 2),
            Self::Month(y, m) => (y, m),
        };
        NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), 1).expect("valid month")
    }

    /// The last day of the period.
    #[must_use]
    #[expect(clippy::expect_used, reason = "cannot fail: the day before a valid first day exists")]
    pub fn last_day(self) -> NaiveDate {
        self.next().first_day().pred_opt().expect("a day before")
    }

    /// The period of the same length that follows.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Year(y) => Self::Year(y + 1),
            Self::Quarter(y, 4) => Self::Quarter(y + 1, 1),
            Self::Quarter(y, q) => Self::Quarter(y, q + 1),
            Self::Month(y, 12) => Self::Month(y + 1, 1),
            Self::Month(y, m) => Self::Month(y, m + 1),
        }
    }

    /// The calendar year in which the period lies.
    #[must_use]
    pub const fn year(self) -> u16 {
        match self {
            Self::Year(y) | Self::Quarter(y, _) | Self::Month(y, _) => y,
        }
    }

    /// The month that holds `day`.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month(year_of(day), small(day.month()))
    }

    /// The year that holds `day`.
    #[must_use]
    pub fn year_of(day: NaiveDate) -> Self {
        Self::Year(year_of(day))
    }
}

fn year_of(day: NaiveDate) -> u16 {
    u16::try_from(day.year()).unwrap_or(0)
}

fn small(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(0)
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.first_day(), self.last_day()).cmp(&(other.first_day(), other.last_day()))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y}"),
            Self::Quarter(y, q) => write!(f, "{y}Q{q}"),
            Self::Month(y, m) => write!(f, "{y}-{m:02}"),
        }
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let trimmed = text.trim();
        let bad = || PeriodError(text.to_owned());
        let year: u16 = trimmed.get(..4).ok_or_else(bad)?.parse().map_err(|_| bad())?;
        let rest = trimmed.get(4..).ok_or_else(bad)?;
        let number =
            |digits: &str, max: u8| digits.parse::<u8>().ok().filter(|n| (1..=max).contains(n)).ok_or_else(bad);
        match rest {
            "" | "JJ00" => Ok(Self::Year(year)),
            r if r.starts_with("KW") => Ok(Self::Quarter(year, number(&r[2..], 4)?)),
            r if r.starts_with("MM") => Ok(Self::Month(year, number(&r[2..], 12)?)),
            r if r.starts_with(['Q', 'K']) => Ok(Self::Quarter(year, number(&r[1..], 4)?)),
            r if r.starts_with('-') => Ok(Self::Month(year, number(&r[1..], 12)?)),
            _ => Err(bad()),
        }
    }
}

/// A period is a text; the macro would describe the variants.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Period {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some("A year, a quarter or a month."));
        text.pattern(Some(r"^\d{4}(Q[1-4]|-(0[1-9]|1[0-2]))?$")).examples(["2025", "2025Q1", "2025-01"]).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Period {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_written_period_reads_back(year in 1900u16..2100, month in 1u8..=12) {
            for period in [Period::Year(year), Period::Month(year, month), Period::Quarter(year, month.div_ceil(3))] {
                prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
                prop_assert!(period < period.next());
            }
        }
    }

    #[test]
    fn rubbish_is_refused() {
        for text in ["", "20", "2024JJ01", "2024MM13", "2024Q5", "jaar", "2024-00"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
