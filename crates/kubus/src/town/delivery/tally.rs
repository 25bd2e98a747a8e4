//! Counting the town as a statistical office would: residents and households per area.

use crate::town::calendar::LAST_YEAR;
use crate::town::life::Town;
use crate::town::people::{Household, Income, Kind, Tenure, age};

/// What is known about one area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Residents.
    pub(super) residents: usize,
    /// Of whom women.
    pub(super) women: usize,
    /// Residents of 0–14, 15–24, 25–44, 45–64, 65 and over.
    pub(super) ages: [usize; 5],
    /// Households.
    pub(super) households: usize,
    /// Households of one person.
    pub(super) alone: usize,
    /// Households with children.
    pub(super) with_children: usize,
    /// Households in an owned dwelling.
    pub(super) owned: usize,
    /// Households in a dwelling of a housing association.
    pub(super) social: usize,
    /// Households of low, middle and high income.
    pub(super) incomes: [usize; 3],
    /// Households on social assistance.
    pub(super) on_benefit: usize,
}

/// Counts the newest year into `count` areas; `area_of` gives the area of an address.
pub(super) fn tally(town: &Town, count: usize, area_of: impl Fn(usize) -> Option<usize>) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); count];
    let position = town.calendar.years().len() - 1;
    for (_, household, home) in town.people.living(position) {
        if let Some(area) = area_of(home) {
            tallies[area].add(household, town.people.tenures[home]);
        }
    }
    tallies
}

impl Tally {
    fn add(&mut self, household: &Household, tenure: Tenure) {
        for (_, resident) in household.members_in(LAST_YEAR) {
            self.residents += 1;
            self.women += usize::from(resident.woman);
            let class = match age(resident.birth, LAST_YEAR) {
                0..15 => 0,
                15..25 => 1,
                25..45 => 2,
                45..65 => 3,
                _ => 4,
            };
            self.ages[class] += 1;
        }
        self.households += 1;
        self.alone += usize::from(household.kind == Kind::Single);
        self.with_children += usize::from(matches!(household.kind, Kind::Family | Kind::LoneParent));
        self.owned += usize::from(tenure == Tenure::Owned);
        self.social += usize::from(tenure == Tenure::Social);
        self.incomes[match household.income {
            Income::Low => 0,
            Income::Middle => 1,
            Income::High => 2,
        }] += 1;
        self.on_benefit += usize::from(household.on_benefit(LAST_YEAR));
    }

    /// A part as a whole percentage; `None` for an area that is too small to say.
    pub(super) fn percentage(&self, part: usize, whole: usize) -> Option<usize> {
        (whole >= 10).then(|| (100 * part + whole / 2) / whole)
    }

    /// Mean number of residents of a household, in tenths.
    pub(super) fn household_size(&self) -> Option<usize> {
        (self.households >= 10).then(|| (10 * self.residents + self.households / 2) / self.households)
    }
}

/// A count as Statistics Netherlands publishes it: a multiple of five.
pub(super) const fn fives(count: usize) -> usize {
    (count + 2) / 5 * 5
}
