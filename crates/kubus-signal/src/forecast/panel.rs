//! Counts by area and period: every area has a count in every period.

use std::collections::{BTreeMap, BTreeSet};

use kubus_model::{Blame, Fault, Finding, Period};

/// Fewer periods than this tell nothing.
pub const FEWEST_PERIODS: usize = 12;

/// A panel of counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// Areas, sorted.
    pub areas: Vec<String>,
    /// Periods of one length, without gaps.
    pub periods: Vec<Period>,
    /// Counts by period, then by area.
    pub counts: Vec<Vec<u32>>,
}

/// Why rows are no panel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PanelError {
    /// Periods of different lengths.
    #[error("periods of different lengths: {0} and {1}")]
    Mixed(Period, Period),
    /// An area has two counts in one period.
    #[error("two counts for {0} in {1}")]
    Twice(String, Period),
    /// A period lacks areas that others have.
    #[error("{1} has no count in {0}")]
    Gap(Period, String),
    /// Too few periods or no areas.
    #[error("{0} periods are too few")]
    TooShort(usize),
}

impl Blame for PanelError {
    fn fault(&self) -> Fault {
        Fault::User
    }

    fn finding(&self) -> Finding {
        match self {
            Self::Mixed(one, other) => Finding::error("panel-mixed").with("one", one).with("other", other),
            Self::Twice(area, period) => Finding::error("panel-twice").with("area", area).with("period", period),
            Self::Gap(period, area) => Finding::error("panel-gap").with("area", area).with("period", period),
            Self::TooShort(periods) => {
                Finding::error("panel-too-short").with("periods", periods).with("fewest", FEWEST_PERIODS)
            }
        }
    }
}

impl Panel {
    /// A panel of rows in any order.
    ///
    /// # Errors
    /// [`PanelError`]: a gap is never taken for a zero.
    pub fn new(rows: Vec<(String, Period, u32)>) -> Result<Self, PanelError> {
        let areas: Vec<String> = rows.iter().map(|row| row.0.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let mut cells: BTreeMap<(Period, String), u32> = BTreeMap::new();
        for (area, period, count) in rows {
            if cells.insert((period, area.clone()), count).is_some() {
                return Err(PanelError::Twice(area, period));
            }
        }
        let periods = periods(&cells)?;
        let count = |period: Period, area: &String| {
            cells.get(&(period, area.clone())).copied().ok_or_else(|| PanelError::Gap(period, area.clone()))
        };
        let of = |period: &Period| areas.iter().map(|area| count(*period, area)).collect::<Result<Vec<u32>, _>>();
        let counts = periods.iter().map(of).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { areas, periods, counts })
    }

    /// The total of every period.
    #[must_use]
    pub fn totals(&self) -> Vec<f64> {
        self.counts.iter().map(|counts| counts.iter().map(|count| f64::from(*count)).sum()).collect()
    }

    /// Periods in a year: 12, 4 or 1.
    #[must_use]
    pub fn season(&self) -> usize {
        match self.periods.first() {
            Some(Period::Month(..)) => 12,
            Some(Period::Quarter(..)) => 4,
            _ => 1,
        }
    }

    /// The period that lies `steps` after a position, which may be beyond the panel.
    #[must_use]
    pub fn after(&self, at: usize, steps: usize) -> Option<Period> {
        let mut period = *self.periods.get(at)?;
        (0..steps).for_each(|_| period = period.next());
        Some(period)
    }
}

fn periods(cells: &BTreeMap<(Period, String), u32>) -> Result<Vec<Period>, PanelError> {
    let found: BTreeSet<Period> = cells.keys().map(|(period, _)| *period).collect();
    let (Some(first), Some(last)) = (found.first().copied(), found.last().copied()) else {
        return Err(PanelError::TooShort(0));
    };
    if let Some(other) = found.iter().find(|p| std::mem::discriminant(*p) != std::mem::discriminant(&first)) {
        return Err(PanelError::Mixed(first, *other));
    }
    let all: Vec<Period> = std::iter::successors(Some(first), |p| (*p < last).then(|| p.next())).collect();
    if all.len() < FEWEST_PERIODS { Err(PanelError::TooShort(all.len())) } else { Ok(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(skip: Option<usize>) -> Vec<(String, Period, u32)> {
        let cells =
            (1..=12u8).flat_map(|m| ["a", "b"].map(|area| (area.to_owned(), Period::Month(2024, m), u32::from(m))));
        cells.enumerate().filter(|(at, _)| Some(*at) != skip).map(|(_, row)| row).collect()
    }

    #[test]
    fn a_gap_is_refused_and_not_taken_for_zero() {
        assert_eq!(Panel::new(rows(None)).unwrap().counts[4], [5, 5]);
        assert_eq!(Panel::new(rows(Some(7))), Err(PanelError::Gap(Period::Month(2024, 4), "b".into())));
        let mut twice = rows(None);
        twice.push(twice[3].clone());
        assert_eq!(Panel::new(twice), Err(PanelError::Twice("b".into(), Period::Month(2024, 2))));
    }

    #[test]
    fn periods_of_two_lengths_are_refused() {
        let mut mixed = rows(None);
        mixed.push(("a".into(), Period::Year(2025), 3));
        assert!(matches!(Panel::new(mixed), Err(PanelError::Mixed(..))));
    }
}
