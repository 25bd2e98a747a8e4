//! Counts by area and period: every area has one in every period, known or withheld.

use std::collections::{BTreeMap, BTreeSet};

use kubus_model::{Blame, Fault, Finding, Period};

use super::fill::filled;
use super::marks::Why;
use super::season::real;
use super::seen::Seen;

/// Fewer periods than this tell nothing.
pub const FEWEST_PERIODS: usize = 12;
/// When a larger share of the counts was withheld, nothing is forecast.
pub const MOST_WITHHELD: f64 = 0.7;

/// A panel of counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Areas, sorted.
    pub areas: Vec<String>,
    /// Periods of one length, without gaps.
    pub periods: Vec<Period>,
    /// What is known of the counts, by period, then by area.
    pub seen: Vec<Vec<Seen>>,
    /// What may be learnt from: nothing where a cell is marked.
    pub(super) taught: Vec<Vec<Seen>>,
    /// The counts to learn from, with what was expected where they are not known.
    pub(crate) counts: Vec<Vec<f64>>,
    /// Areas that are marked at any time, by why.
    pub(super) marked: BTreeMap<Why, Vec<bool>>,
}

/// Why rows are no panel.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
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
    /// Too many counts were withheld: this share.
    #[error("a share of {0} of the counts was withheld")]
    Withheld(f64),
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
            Self::Withheld(share) => {
                let per_cent = |share: f64| format!("{:.0}", 100.0 * share);
                Finding::error("panel-withheld").with("share", per_cent(*share)).with("most", per_cent(MOST_WITHHELD))
            }
            Self::TooShort(periods) => {
                Finding::error("panel-too-short").with("periods", periods).with("fewest", FEWEST_PERIODS)
            }
        }
    }
}

impl Panel {
    /// A panel of known counts, in any order.
    ///
    /// # Errors
    /// [`PanelError`]: a gap is never taken for a zero.
    pub fn new(rows: Vec<(String, Period, u32)>) -> Result<Self, PanelError> {
        Self::of(rows.into_iter().map(|(area, period, count)| (area, period, Seen::Exactly(count))).collect())
    }

    /// A panel of counts of which some were withheld, in any order.
    ///
    /// # Errors
    /// [`PanelError`]: a gap is not taken for a withheld count.
    pub fn of(rows: Vec<(String, Period, Seen)>) -> Result<Self, PanelError> {
        let areas: Vec<String> = rows.iter().map(|row| row.0.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let mut cells: BTreeMap<(Period, String), Seen> = BTreeMap::new();
        for (area, period, count) in rows {
            if cells.insert((period, area.clone()), count).is_some() {
                return Err(PanelError::Twice(area, period));
            }
        }
        let periods = periods(&cells)?;
        let count = |period: Period, area: &String| {
            cells.get(&(period, area.clone())).copied().ok_or_else(|| PanelError::Gap(period, area.clone()))
        };
        let of = |period: &Period| areas.iter().map(|area| count(*period, area)).collect::<Result<Vec<Seen>, _>>();
        let seen = periods.iter().map(of).collect::<Result<Vec<_>, _>>()?;
        let panel = Self { areas, periods, counts: filled(&seen), taught: seen.clone(), seen, marked: BTreeMap::new() };
        let share = panel.withheld_share();
        if share > MOST_WITHHELD { Err(PanelError::Withheld(share)) } else { Ok(panel) }
    }

    /// The panel as it was at the end of the period at a position.
    #[cfg(test)]
    pub(super) fn until(&self, end: usize) -> Self {
        Self {
            areas: self.areas.clone(),
            periods: self.periods[..=end].to_vec(),
            seen: self.seen[..=end].to_vec(),
            taught: self.taught[..=end].to_vec(),
            counts: self.counts[..=end].to_vec(),
            marked: self.marked.clone(),
        }
    }

    /// The panel that learns from other cells.
    pub(super) fn taught_by(mut self, taught: Vec<Vec<Seen>>, marked: BTreeMap<Why, Vec<bool>>) -> Self {
        self.counts = filled(&taught);
        self.taught = taught;
        self.marked = marked;
        self
    }

    /// Number of counts that were withheld.
    #[must_use]
    pub fn withheld(&self) -> usize {
        self.seen.iter().flatten().filter(|seen| seen.exact().is_none()).count()
    }

    /// Their share of all counts.
    #[must_use]
    pub fn withheld_share(&self) -> f64 {
        real(self.withheld()) / real((self.periods.len() * self.areas.len()).max(1))
    }

    /// The counts of a period, with what was expected where they are not known.
    pub(super) fn outcomes(&self, at: usize) -> Vec<f64> {
        let outcome = |(seen, expected): (&Seen, &f64)| seen.exact().map_or(*expected, f64::from);
        self.seen[at].iter().zip(&self.counts[at]).map(outcome).collect()
    }

    /// Between which counts this panel does not tell: from the lowest to the highest that was
    /// withheld as one of a class.
    pub(super) fn blind(&self) -> Option<(u32, u32)> {
        let classes = self.seen.iter().flatten().filter(|seen| seen.exact().is_none()).filter_map(|seen| seen.bounds());
        classes.reduce(|(low, high), (lower, higher)| (low.min(lower), high.max(higher)))
    }

    /// The total of every period.
    #[must_use]
    pub fn totals(&self) -> Vec<f64> {
        self.counts.iter().map(|counts| counts.iter().sum()).collect()
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

fn periods(cells: &BTreeMap<(Period, String), Seen>) -> Result<Vec<Period>, PanelError> {
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
        assert_eq!(Panel::new(rows(None)).unwrap().seen[4], [Seen::Exactly(5); 2]);
        assert_eq!(Panel::new(rows(Some(7))), Err(PanelError::Gap(Period::Month(2024, 4), "b".into())));
        let mut twice = rows(None);
        twice.push(twice[3].clone());
        assert_eq!(Panel::new(twice), Err(PanelError::Twice("b".into(), Period::Month(2024, 2))));
    }

    #[test]
    fn withheld_counts_are_filled_and_too_many_are_refused() {
        let few = Seen::Within { low: 0, high: 4 };
        let hide = |limit: u32| {
            let row = |(area, period, count): (String, Period, u32)| {
                (area, period, if count < limit { few } else { Seen::Exactly(count) })
            };
            Panel::of(rows(None).into_iter().map(row).collect())
        };
        let panel = hide(5).unwrap();
        assert_eq!((panel.withheld(), panel.blind()), (8, Some((0, 4))));
        assert!(panel.counts[..4].iter().flatten().all(|count| (0.0..=4.0).contains(count)));
        assert!(matches!(hide(10), Err(PanelError::Withheld(share)) if (share - 18.0 / 24.0).abs() < 1e-12));
    }

    #[test]
    fn periods_of_two_lengths_are_refused() {
        let mut mixed = rows(None);
        mixed.push(("a".into(), Period::Year(2025), 3));
        assert!(matches!(Panel::new(mixed), Err(PanelError::Mixed(..))));
    }
}
