//! Which periods a count can be made for. Called by the counters.

use chrono::{Datelike, Months, NaiveDate};
use kubus_model::Period;

use crate::declaration::indicator::Rhythm;
use crate::link::{Span, date, day};

/// Every period of the given length that lies wholly within `span`, in order.
pub(crate) fn periods_in(rhythm: Rhythm, span: Span) -> Vec<Period> {
    let mut period = period_of(rhythm, date(span.first));
    let mut periods = Vec::new();
    while Span::of(period).last <= span.last {
        if span.holds(Span::of(period)) {
            periods.push(period);
        }
        period = period.next();
    }
    periods
}

fn period_of(rhythm: Rhythm, day: NaiveDate) -> Period {
    match (rhythm, Period::month_of(day)) {
        (Rhythm::Month, month) => month,
        (Rhythm::Quarter, Period::Month(year, month)) => Period::Quarter(year, month.div_ceil(3)),
        _ => Period::year_of(day),
    }
}

/// The days that a delivery covers: from the begin of the period of its rhythm in which its first
/// row falls, to the end of that in which its last one does.
pub(crate) fn covered(rhythm: &str, named: Span) -> Span {
    let months = months_of(rhythm);
    let begin = |at: i32| {
        let of = date(at);
        let month = (of.month0() / months) * months;
        NaiveDate::from_ymd_opt(of.year(), month + 1, 1).unwrap_or(of)
    };
    let last = begin(named.last).checked_add_months(Months::new(months)).and_then(|next| next.pred_opt());
    Span { first: day(begin(named.first)), last: last.map_or(named.last, day) }
}

/// Months of a declared rhythm (`P1M`, `P3M`, `P1Y`), at most 12; a month when it is shorter.
pub(crate) fn months_of(rhythm: &str) -> u32 {
    let number = rhythm.trim_start_matches('P').trim_end_matches(char::is_alphabetic).parse::<u32>().unwrap_or(1);
    let months = if rhythm.ends_with('Y') {
        number * 12
    } else if rhythm.ends_with('M') {
        number
    } else {
        1
    };
    months.clamp(1, 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: (i32, u32, u32), last: (i32, u32, u32)) -> Span {
        let of = |(y, m, d)| day(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        Span { first: of(first), last: of(last) }
    }

    #[test]
    fn only_periods_that_are_wholly_covered_count() {
        let span = span((2022, 1, 1), (2024, 11, 30));
        assert_eq!(periods_in(Rhythm::Year, span), [Period::Year(2022), Period::Year(2023)]);
        assert_eq!(periods_in(Rhythm::Quarter, span).last(), Some(&Period::Quarter(2024, 3)));
        assert_eq!(periods_in(Rhythm::Month, span).len(), 35);
    }

    #[test]
    fn a_delivery_covers_the_whole_period_of_its_rhythm() {
        assert_eq!(covered("P1M", span((2024, 1, 9), (2024, 11, 2))), span((2024, 1, 1), (2024, 11, 30)));
        assert_eq!(covered("P3M", span((2024, 2, 9), (2024, 11, 2))), span((2024, 1, 1), (2024, 12, 31)));
        assert_eq!(covered("P1Y", span((2023, 8, 1), (2024, 2, 2))), span((2023, 1, 1), (2024, 12, 31)));
    }
}
