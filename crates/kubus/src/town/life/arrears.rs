//! Rent arrears of tenants of the housing association.

use chrono::NaiveDate;

use super::Town;
use crate::town::calendar::{earlier, later};
use crate::town::people::Tenure;
use crate::town::random::Dice;

/// Chance that arrears begin in a month.
const A_MONTH: f64 = 0.006;
/// How many times as many arrears begin in the last month, where they rise.
const RISE: f64 = 4.0;

/// A spell of rent arrears.
#[derive(Debug)]
pub(in crate::town) struct Arrears {
    /// Household (position).
    pub(in crate::town) household: usize,
    /// Where it lives.
    pub(in crate::town) address: usize,
    /// First day.
    pub(in crate::town) start: NaiveDate,
    /// Last day, when it has ended.
    pub(in crate::town) end: Option<NaiveDate>,
    /// Amount in cents.
    pub(in crate::town) cents: usize,
}

/// The month (position) from which arrears rise where that is planted.
pub(in crate::town) const fn rise_from(months: usize) -> usize {
    months / 4
}

/// Months before the first one in which arrears may have begun: they are going on when it starts.
const RUN_IN: usize = 8;

/// Draws the register, by household and date.
pub(in crate::town) fn arrears(town: &Town) -> Vec<Arrears> {
    let mut arrears = Vec::new();
    for (at, household) in town.people.households.iter().enumerate() {
        let mut dice = Dice::new(town.seed, "arrears", at);
        let mut busy = 0;
        for step in 0..town.calendar.months() + RUN_IN {
            let month = step.saturating_sub(RUN_IN);
            let home = household.homes[town.calendar.year_of_month(month)];
            let Some(address) = home.filter(|a| town.people.tenures[*a] == Tenure::Social) else { continue };
            if step < busy || !dice.chance(chance(town, address, month)) {
                continue;
            }
            let start = earlier(town.calendar.day_in(month, &mut dice), 30 * RUN_IN.saturating_sub(step));
            let length = dice.range(2, 7);
            busy = step + length + 1;
            let end = later(start, 30 * length);
            let end = (end < town.calendar.last_day()).then_some(end);
            arrears.push(Arrears { household: at, address, start, end, cents: length * 61_000 + dice.below(60_000) });
        }
    }
    arrears
}

fn chance(town: &Town, address: usize, month: usize) -> f64 {
    let season = 1.0 + 0.2 * town.calendar.winter(month);
    let from = rise_from(town.calendar.months());
    let grown = month.saturating_sub(from) as f64 / (town.calendar.months() - from).max(1) as f64;
    let rise = if town.effects(address).rising { 1.0 + (RISE - 1.0) * grown } else { 1.0 };
    A_MONTH * season * rise * town.local_factor("arrears", address, 0.3)
}
