//! Reports of nuisance in public space, with free text as people type it. How easily people report
//! differs by neighbourhood.

use chrono::NaiveDate;

use super::Town;
use crate::town::random::Dice;

/// Reports per resident in a month.
const A_MONTH: f64 = 0.005;

/// A report.
#[derive(Debug)]
pub(in crate::town) struct Nuisance {
    /// Day.
    pub(in crate::town) date: NaiveDate,
    /// Postcode (position).
    pub(in crate::town) postcode: usize,
    /// Category.
    pub(in crate::town) category: &'static str,
    /// What was typed.
    pub(in crate::town) text: String,
}

const CATEGORIES: [&str; 6] = ["geluid", "afval", "jongeren", "verkeer", "buren", "vernieling"];
const OPENINGS: [&str; 6] = [
    "Al weken herrie op het plein",
    "Volle container, troep ernaast",
    "Er wordt 's avonds hard gereden; vooral bij de bocht",
    "Weer een \"feestje\" tot 3 uur",
    "Bankje kapot; prullenbak ook",
    "Grote groep bij de speeltuin,\nveel lawaai",
];
const ENDINGS: [&str; 6] = [
    "",
    " Graag actie!",
    "\r\nIk meldde dit eerder; er gebeurde niets.",
    " (zie foto's)",
    " \"Niemand\" doet iets.",
    " Vorige week óók al; en de week ervoor.",
];

/// Draws the register, by date.
pub(in crate::town) fn nuisance(town: &Town) -> Vec<Nuisance> {
    let mut reports = Vec::new();
    for (at, residents) in town.residents_by_postcode().into_iter().enumerate() {
        let effects = &town.plan.effects[at];
        let easily = Dice::new(town.seed, "reporting", town.ground.neighbourhood_of(at)).between(0.82, 1.2);
        let mut dice = Dice::new(town.seed, "nuisance", at);
        let local = if effects.plain { 1.0 } else { easily * dice.between(0.7, 1.3) };
        let mean = A_MONTH * residents as f64 * local * effects.nuisance;
        for month in 0..town.calendar.months() {
            for _ in 0..dice.count(mean * (1.0 - 0.3 * town.calendar.winter(month))) {
                let date = town.calendar.day_in(month, &mut dice);
                reports.push(report(at, date, &mut dice));
            }
        }
    }
    reports.sort_by(|a, b| (a.date, a.postcode, &a.text).cmp(&(b.date, b.postcode, &b.text)));
    reports
}

fn report(postcode: usize, date: NaiveDate, dice: &mut Dice) -> Nuisance {
    let canary = if dice.chance(0.004) { format!(" [kanarie-{:08}]", dice.below(100_000_000)) } else { String::new() };
    let text = format!("{}.{}{canary}", dice.pick(&OPENINGS), dice.pick(&ENDINGS));
    Nuisance { date, postcode, category: dice.pick(&CATEGORIES), text }
}
