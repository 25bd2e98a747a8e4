//! Reports of domestic violence: by month and postcode, without any number of a person.

use super::Town;
use crate::town::random::Dice;

/// Reports per resident in a year.
const A_YEAR: f64 = 0.0025;

/// A report.
#[derive(Debug)]
pub(in crate::town) struct Violence {
    /// Month (position).
    pub(in crate::town) month: usize,
    /// Postcode (position).
    pub(in crate::town) postcode: usize,
    /// Kind of report.
    pub(in crate::town) kind: &'static str,
}

/// Draws the register, by month and postcode.
pub(in crate::town) fn violence(town: &Town) -> Vec<Violence> {
    let mut reports = Vec::new();
    for (position, year) in town.calendar.years().into_iter().enumerate() {
        let covered = town.calendar.months_of_year(position).len() as f64 / 12.0;
        for (at, household, address) in town.people.living(position) {
            let mut dice = Dice::new(town.seed, "violence", at * 64 + position);
            let people = household.members_in(year).count() as f64;
            let chance = people
                * A_YEAR
                * covered
                * town.effects(address).violence
                * town.local_factor("violence", address, 0.3);
            if dice.chance(chance) {
                let month = town.month_in(position, -0.15, &mut dice);
                let kind = dice.pick(&["partnergeweld", "partnergeweld", "kindermishandeling", "oudermishandeling"]);
                reports.push(Violence { month, postcode: town.ground.addresses[address].postcode, kind });
            }
        }
    }
    reports.sort_by_key(|r| (r.month, r.postcode));
    reports
}
