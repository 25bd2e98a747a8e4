//! Marks: areas and periods with an intervention of one's own, or with changed detection. What
//! happened there is not learnt from (who acts on a forecast changes what it is judged by), and skill
//! is told apart for these areas.

use std::collections::BTreeMap;

use kubus_model::{Blame, Fault, Finding, Period};
use serde::Serialize;

use super::panel::Panel;
use super::seen::Seen;

/// Why a cell is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// An approach of one's own ran there.
    Intervention,
    /// It was looked for, or recorded, in another way.
    Detection,
}

impl Why {
    /// Its name in files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intervention => "intervention",
            Self::Detection => "detection",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Intervention, Self::Detection].into_iter().find(|why| why.name() == name)
    }
}

/// A mark on an area, from and with a period to and with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Area; `*` for all.
    pub area: String,
    /// First period.
    pub from: Period,
    /// Last period; none as long as it goes on.
    pub to: Option<Period>,
    /// Why.
    pub why: Why,
}

/// Why marks cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarksError {
    /// An area that is not in the panel.
    #[error("a mark on {0}, which is not in the panel")]
    UnknownArea(String),
    /// It ends before it begins, or its periods are not as long as those of the panel.
    #[error("a mark on {0} from {1} that cannot be placed")]
    WrongPeriod(String, Period),
}

impl Blame for MarksError {
    fn fault(&self) -> Fault {
        Fault::User
    }

    fn finding(&self) -> Finding {
        match self {
            Self::UnknownArea(area) => Finding::error("marks-unknown-area").with("area", area),
            Self::WrongPeriod(area, from) => Finding::error("marks-wrong-period").with("area", area).with("from", from),
        }
    }
}

impl Panel {
    /// The panel with marks: what is marked is not learnt from.
    ///
    /// # Errors
    /// [`MarksError`].
    pub fn with_marks(self, marks: &[Mark]) -> Result<Self, MarksError> {
        let mut taught = self.seen.clone();
        let mut marked: BTreeMap<Why, Vec<bool>> = BTreeMap::new();
        for mark in marks {
            let wrong = || MarksError::WrongPeriod(mark.area.clone(), mark.from);
            let last = mark.to.unwrap_or_else(|| self.periods[self.periods.len() - 1].max(mark.from));
            let alike = |period: &Period| std::mem::discriminant(period) == std::mem::discriminant(&self.periods[0]);
            if last < mark.from || !alike(&mark.from) || !alike(&last) {
                return Err(wrong());
            }
            let hit = |area: &String| mark.area == "*" || *area == mark.area;
            let areas: Vec<usize> = (0..self.areas.len()).filter(|at| hit(&self.areas[*at])).collect();
            if areas.is_empty() {
                return Err(MarksError::UnknownArea(mark.area.clone()));
            }
            let flags = marked.entry(mark.why).or_insert_with(|| vec![false; self.areas.len()]);
            areas.iter().for_each(|area| flags[*area] = true);
            let during = |period: &Period| (mark.from..=last).contains(period);
            for (_, cells) in self.periods.iter().zip(&mut taught).filter(|(period, _)| during(period)) {
                areas.iter().for_each(|area| cells[*area] = Seen::Nothing);
            }
        }
        Ok(self.taught_by(taught, marked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::model::tests::panel;
    use crate::forecast::{Forecaster, Surroundings};

    fn usual(month: usize, area: usize) -> u32 {
        u32::try_from((month * 7 + area * 3) % 5 + area / 10).unwrap_or(0)
    }

    /// Area 12 in 2018, and area 30 from May 2018 on.
    fn marks() -> Vec<Mark> {
        let mark = |area: &str, from, to| Mark { area: area.into(), from, to, why: Why::Intervention };
        vec![
            mark("a12", Period::Month(2018, 1), Some(Period::Month(2018, 12))),
            mark("a30", Period::Month(2018, 5), None),
        ]
    }

    fn forecasts(panel: &Panel, origin: usize) -> Vec<crate::forecast::Forecast> {
        Forecaster::new(panel, &Surroundings::unknown(panel), 1, origin).forecasts(origin)
    }

    #[test]
    fn what_happened_in_a_marked_cell_is_not_learnt_from() {
        let marked =
            |month: usize, area: usize| (area == 12 && (36..48).contains(&month)) || (area == 30 && month >= 40);
        let loud = |month, area| if marked(month, area) { 400 } else { usual(month, area) };
        let of = |count: &dyn Fn(usize, usize) -> u32| panel(60, count).with_marks(&marks()).unwrap();
        for origin in [38, 47, 59] {
            assert_eq!(forecasts(&of(&usual), origin), forecasts(&of(&loud), origin));
        }
        assert_ne!(forecasts(&panel(60, usual), 47), forecasts(&panel(60, loud), 47));
    }

    #[test]
    fn a_mark_after_the_origin_and_what_happens_there_change_nothing() {
        let later = |month: usize, area: usize| if month > 47 { 900 } else { usual(month, area) };
        let after = vec![Mark { area: "*".into(), from: Period::Month(2019, 1), to: None, why: Why::Detection }];
        let marked = panel(60, later).with_marks(&[marks(), after].concat()).unwrap();
        let cut = panel(48, usual).with_marks(&marks()).unwrap();
        for origin in [40, 47] {
            assert_eq!(forecasts(&marked, origin), forecasts(&cut, origin));
        }
    }

    #[test]
    fn a_mark_that_cannot_be_placed_is_refused() {
        let with = |mark: Mark| panel(24, usual).with_marks(&[mark]);
        let mark = |area: &str, from, to| Mark { area: area.into(), from, to, why: Why::Detection };
        let (january, may) = (Period::Month(2016, 1), Period::Month(2016, 5));
        assert_eq!(with(mark("b", january, None)), Err(MarksError::UnknownArea("b".into())));
        assert!(with(mark("a01", may, Some(january))).is_err());
        assert!(with(mark("a01", Period::Year(2016), None)).is_err());
    }
}
