//! The months a town covers. They end with December 2025, so that the newest whole year is 2025.

use chrono::{Datelike, Days, NaiveDate};

use super::random::Dice;

/// The year in which every town ends.
pub(super) const LAST_YEAR: u16 = 2025;

/// The months covered by the deliveries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    months: usize,
}

/// A day of the calendar.
#[expect(clippy::expect_used, reason = "cannot fail: year, month and day come from this module and are valid")]
pub(super) fn day(year: u16, month: usize, day: u32) -> NaiveDate {
    let month = u32::try_from(month).expect("a month below 13");
    NaiveDate::from_ymd_opt(i32::from(year), month, day).expect("a valid date")
}

/// The date `days` later.
pub(super) fn later(date: NaiveDate, days: usize) -> NaiveDate {
    date.checked_add_days(Days::new(days as u64)).unwrap_or(date)
}

/// The date `days` earlier.
pub(super) fn earlier(date: NaiveDate, days: usize) -> NaiveDate {
    date.checked_sub_days(Days::new(days as u64)).unwrap_or(date)
}

/// Written as Dutch registers write dates: `31-12-2025`.
pub(super) fn dutch(date: NaiveDate) -> String {
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}

impl Calendar {
    /// The last `months` months up to December 2025.
    pub(super) const fn new(months: usize) -> Self {
        Self { months }
    }

    /// Number of months.
    pub(super) const fn months(self) -> usize {
        self.months
    }

    /// The calendar years touched, oldest first.
    pub(super) fn years(self) -> Vec<u16> {
        let count = u16::try_from(self.months.div_ceil(12)).unwrap_or(1);
        (LAST_YEAR + 1 - count..=LAST_YEAR).collect()
    }

    /// Year and month (1 to 12) of the month at a position.
    pub(super) fn month(self, at: usize) -> (u16, usize) {
        let number = usize::from(LAST_YEAR) * 12 + 12 + at - self.months;
        (u16::try_from(number / 12).unwrap_or(LAST_YEAR), number % 12 + 1)
    }

    /// The position among [`Calendar::years`] of the year of a month.
    pub(super) fn year_of_month(self, at: usize) -> usize {
        usize::from(self.month(at).0 - self.years()[0])
    }

    /// The positions of the months of a year (a position among [`Calendar::years`]).
    pub(super) fn months_of_year(self, year: usize) -> Vec<usize> {
        (0..self.months).filter(|at| self.year_of_month(*at) == year).collect()
    }

    /// The first day covered.
    pub(super) fn first_day(self) -> NaiveDate {
        let (year, month) = self.month(0);
        day(year, month, 1)
    }

    /// The last day covered.
    pub(super) fn last_day(self) -> NaiveDate {
        day(LAST_YEAR, 12, 31)
    }

    /// A random day in a month.
    pub(super) fn day_in(self, at: usize, dice: &mut Dice) -> NaiveDate {
        let (year, month) = self.month(at);
        later(day(year, month, 1), dice.below(28))
    }

    /// Winter is +1, summer is -1: a triangle wave over the year with its top in January.
    pub(super) fn winter(self, at: usize) -> f64 {
        let month = self.month(at).1;
        let from_january = (month - 1).min(13 - month) as f64;
        1.0 - from_january / 3.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_in_december_2025_and_years_follow() {
        let calendar = Calendar::new(48);
        assert_eq!((calendar.month(0), calendar.month(47)), ((2022, 1), (2025, 12)));
        assert_eq!(calendar.years(), [2022, 2023, 2024, 2025]);
        let short = Calendar::new(18);
        assert_eq!((short.month(0), short.month(5), short.month(6)), ((2024, 7), (2024, 12), (2025, 1)));
        assert_eq!(short.months_of_year(0), [0, 1, 2, 3, 4, 5]);
        assert_eq!(Calendar::new(1).month(0), (2025, 12));
    }

    #[test]
    fn winter_is_cold_and_summer_is_warm() {
        let calendar = Calendar::new(12);
        assert!(calendar.winter(0) > 0.9 && calendar.winter(6) < -0.9);
        assert_eq!(dutch(day(2025, 3, 9)), "09-03-2025");
    }
}
