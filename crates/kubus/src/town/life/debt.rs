//! Early debt notices and debt assistance. Whether a household has problem debt depends on social
//! assistance and a little on age, and by chance on the building; and, on the islands, on what was
//! planted there.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Town;
use crate::town::calendar::{day, later};
use crate::town::people::Household;
use crate::town::plant::Island;
use crate::town::random::Dice;

/// Chance of problem debt in a year with social assistance.
const WITH_BENEFIT: f64 = 0.115;
/// The same without.
const WITHOUT_BENEFIT: f64 = 0.046;
/// The same with social assistance in the affected postcodes of the islands.
const ISLAND_WITH_BENEFIT: f64 = 0.7;
/// Chance of a notice that is not problem debt.
const LIGHT: f64 = 0.05;
/// Months in arrears from which a debt counts as problem debt.
const PROBLEM_MONTHS: usize = 3;

/// A notice by a fixed-cost creditor.
#[derive(Debug)]
pub(in crate::town) struct Notice {
    /// Household (position).
    pub(in crate::town) household: usize,
    /// Where it lives.
    pub(in crate::town) address: usize,
    /// Day of the notice.
    pub(in crate::town) date: NaiveDate,
    /// Months in arrears.
    pub(in crate::town) months: usize,
    /// Amount in cents.
    pub(in crate::town) cents: usize,
    /// Who gave notice.
    pub(in crate::town) creditor: &'static str,
}

/// A spell of debt assistance.
#[derive(Debug)]
pub(in crate::town) struct Help {
    /// Household (position).
    pub(in crate::town) household: usize,
    /// First day.
    pub(in crate::town) start: NaiveDate,
    /// Last day, when it has ended.
    pub(in crate::town) end: Option<NaiveDate>,
}

/// Both registers.
#[derive(Debug, Default)]
pub(in crate::town) struct Debts {
    /// Early debt notices, by date.
    pub(in crate::town) notices: Vec<Notice>,
    /// Debt assistance.
    pub(in crate::town) help: Vec<Help>,
}

/// Draws both registers.
pub(in crate::town) fn debts(town: &Town) -> Debts {
    let ranks = planted_ranks(town);
    let around = around_factor(town);
    let mut debts = Debts::default();
    let years = town.calendar.years();
    for (at, household) in town.people.households.iter().enumerate() {
        let mut dice = Dice::new(town.seed, "debt", at);
        let lasting = ranks.get(&at).copied().unwrap_or_else(|| dice.unit());
        let changing = !ranks.contains_key(&at) && dice.chance(0.3);
        let seeks_help = dice.unit();
        for (position, year) in years.iter().enumerate() {
            let Some(address) = household.homes[position] else { continue };
            let rank = if changing { dice.unit() } else { lasting };
            if rank < risk(town, household, address, *year, around) {
                let first = problem_notices(town, at, address, position, &mut dice, &mut debts.notices);
                if seeks_help > non_take_up(town, household, address, *year) {
                    seek_help(town, at, first, *year, &mut dice, &mut debts.help);
                }
            } else if dice.chance(LIGHT) {
                let date = town.calendar.day_in(town.month_in(position, 0.2, &mut dice), &mut dice);
                let months = dice.range(1, PROBLEM_MONTHS - 1);
                debts.notices.push(notice(at, address, date, months, &mut dice));
            }
        }
    }
    debts.notices.sort_by_key(|n| (n.date, n.household));
    debts
}

/// The chance of problem debt in a year by social assistance and age alone.
fn usual_risk(household: &Household, year: u16) -> f64 {
    let age = match household.head_age(year) {
        0..35 => 1.08,
        35..50 => 1.06,
        50..65 => 1.0,
        _ => 0.8,
    };
    age * if household.on_benefit(year) { WITH_BENEFIT } else { WITHOUT_BENEFIT }
}

fn risk(town: &Town, household: &Household, address: usize, year: u16, around: f64) -> f64 {
    match town.effects(address).island {
        Island::Affected if household.on_benefit(year) => ISLAND_WITH_BENEFIT,
        Island::Affected => WITHOUT_BENEFIT,
        Island::Around => around * usual_risk(household, year),
        Island::No => usual_risk(household, year) * town.local_factor("debt", address, 0.3),
    }
}

/// The factor that makes the average of the islands' neighbourhood that of the town.
fn around_factor(town: &Town) -> f64 {
    let years = town.calendar.years();
    let (position, year) = (years.len() - 1, years[years.len() - 1]);
    let mut expected = [0.0; 3];
    let mut households = [0.0; 3];
    for (_, household, address) in town.people.living(position) {
        let part = town.effects(address).island as usize;
        let affected = part == Island::Affected as usize;
        expected[part] +=
            if affected { risk(town, household, address, year, 1.0) } else { usual_risk(household, year) };
        households[part] += 1.0;
    }
    let target = expected[0] / f64::max(households[0], 1.0) * (households[1] + households[2]);
    ((target - expected[2]) / f64::max(expected[1], 0.001)).clamp(0.05, 1.0)
}

/// The golden ratio, less one: its multiples spread evenly over 0 to 1 in every stretch.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Where something is planted, ranks are spread evenly over each group, so that chance does not blur
/// the case or make a decoy deviate.
fn planted_ranks(town: &Town) -> BTreeMap<usize, f64> {
    let mut turns: BTreeMap<(usize, bool), usize> = BTreeMap::new();
    let mut ranks = BTreeMap::new();
    for (at, household) in town.people.households.iter().enumerate() {
        let Some(address) = household.homes.iter().flatten().next() else { continue };
        let effects = town.effects(*address);
        if effects.island == Island::No && !effects.plain {
            continue;
        }
        let turn = turns.entry((effects.island as usize, household.benefit.is_some())).or_default();
        *turn += 1;
        ranks.insert(at, (*turn as f64 * GOLDEN).fract());
    }
    ranks
}

/// The chance that a household with problem debt uses no debt assistance: mostly a matter of age.
fn non_take_up(town: &Town, household: &Household, address: usize, year: u16) -> f64 {
    match household.head_age(year) {
        _ if town.effects(address).island == Island::Affected => 0.9,
        0..35 => 0.42,
        35..65 => 0.45,
        _ => 0.88,
    }
}

/// Notices of problem debt in a year, perhaps with a light one before; the date of the first.
fn problem_notices(
    town: &Town,
    household: usize,
    address: usize,
    position: usize,
    dice: &mut Dice,
    notices: &mut Vec<Notice>,
) -> NaiveDate {
    let mut first = town.calendar.last_day();
    for turn in 0..dice.range(1, 4) {
        let date = town.calendar.day_in(town.month_in(position, 0.25, dice), dice);
        let months = if turn == 1 { dice.range(1, 2) } else { dice.range(PROBLEM_MONTHS, 9) };
        first = first.min(date);
        notices.push(notice(household, address, date, months, dice));
    }
    first
}

fn notice(household: usize, address: usize, date: NaiveDate, months: usize, dice: &mut Dice) -> Notice {
    let creditor = dice.pick(&["energie", "drinkwater", "zorgverzekering", "woonlasten"]);
    let a_month = if creditor == "woonlasten" { 68_000 } else { 14_500 };
    let cents = months * a_month + dice.below(a_month);
    Notice { household, address, date, months, cents, creditor }
}

/// Debt assistance starts in the year of the notice, unless it is going on already.
fn seek_help(town: &Town, household: usize, notice: NaiveDate, year: u16, dice: &mut Dice, help: &mut Vec<Help>) {
    let going_on = help.last().is_some_and(|h| h.household == household && h.end.is_none_or(|e| e >= day(year, 1, 1)));
    if going_on {
        return;
    }
    let start = later(notice, dice.range(10, 45)).min(day(year, 12, 31));
    let end = later(start, dice.range(200, 800));
    help.push(Help { household, start, end: (end < town.calendar.last_day()).then_some(end) });
}
