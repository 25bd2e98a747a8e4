//! What happens to people, as the registers see it: one file per register. Every function is a
//! pure function of the seed and the town; files are made of the records in [`super::delivery`].

pub(super) mod arrears;
pub(super) mod burglary;
pub(super) mod debt;
pub(super) mod nuisance;
pub(super) mod survey;
pub(super) mod violence;
pub(super) mod youth;

use super::calendar::{Calendar, LAST_YEAR};
use super::ground::Ground;
use super::people::People;
use super::plant::{Effects, Plan};
use super::random::Dice;

/// The town as the registers know it.
#[derive(Debug)]
pub(super) struct Town {
    /// The seed.
    pub(super) seed: u64,
    /// The months covered.
    pub(super) calendar: Calendar,
    /// The ground.
    pub(super) ground: Ground,
    /// What is planted.
    pub(super) plan: Plan,
    /// The people.
    pub(super) people: People,
}

impl Town {
    /// The planted effects at an address.
    pub(super) fn effects(&self, address: usize) -> &Effects {
        &self.plan.effects[self.ground.addresses[address].postcode]
    }

    /// A factor with mean 1 that is the same for everyone in a building, and partly for everyone in
    /// a postcode: things cluster more than chance gives. 1 where only the composition may differ.
    pub(super) fn local_factor(&self, purpose: &'static str, address: usize, width: f64) -> f64 {
        let place = &self.ground.addresses[address];
        let effects = &self.plan.effects[place.postcode];
        if effects.plain {
            return 1.0;
        }
        let around = Dice::new(self.seed, purpose, place.postcode).between(1.0 - width / 2.0, 1.0 + width / 2.0);
        let inside = 4096 * (place.postcode + 1) + place.building;
        around * Dice::new(self.seed, purpose, inside).between(1.0 - width, 1.0 + width)
    }

    /// Residents of each postcode on the newest reference date.
    pub(super) fn residents_by_postcode(&self) -> Vec<usize> {
        let mut residents = vec![0; self.ground.postcodes.len()];
        for (_, household, address) in self.people.living(self.calendar.years().len() - 1) {
            residents[self.ground.addresses[address].postcode] += household.members_in(LAST_YEAR).count();
        }
        residents
    }

    /// The code of the postcode of an address.
    pub(super) fn postcode(&self, address: usize) -> &str {
        &self.ground.postcodes[self.ground.addresses[address].postcode].code
    }

    /// A month (position) of a year, more often in winter when `winter` is positive.
    pub(super) fn month_in(&self, year: usize, winter: f64, dice: &mut Dice) -> usize {
        let months = self.calendar.months_of_year(year);
        let weights: Vec<f64> = months.iter().map(|m| 1.0 + winter * self.calendar.winter(*m)).collect();
        months[dice.weighted(&weights)]
    }
}
