//! The yearly liveability survey: a sample of adults, with weights because the young answer less.

use chrono::NaiveDate;

use super::Town;
use crate::town::calendar::{day, later};
use crate::town::field::Field;
use crate::town::people::age;
use crate::town::random::{Dice, rounded};

/// An answer.
#[derive(Debug)]
pub(in crate::town) struct Answer {
    /// Day of the interview.
    pub(in crate::town) date: NaiveDate,
    /// Neighbourhood (position, 2025).
    pub(in crate::town) neighbourhood: usize,
    /// Weight.
    pub(in crate::town) weight: f64,
    /// Mark for liveability, 1 to 10.
    pub(in crate::town) mark: i64,
    /// Whether the respondent feels unsafe at times.
    pub(in crate::town) unsafe_here: bool,
}

/// Draws the answers of all years, by date.
pub(in crate::town) fn survey(town: &Town) -> Vec<Answer> {
    let mood = Field::usual(town.seed, "mood");
    let mut answers = Vec::new();
    for (position, year) in town.calendar.years().into_iter().enumerate() {
        for (at, household, address) in town.people.living(position) {
            let mut dice = Dice::new(town.seed, "survey", at * 64 + position);
            let adults: Vec<usize> =
                household.members_in(year).map(|(_, r)| age(r.birth, year)).filter(|a| *a >= 18).collect();
            let Some(age) = adults.get(dice.below(adults.len())).copied() else { continue };
            let answers_often = if age < 35 { 0.045 } else { 0.09 };
            if dice.chance(answers_often) {
                let date = later(day(year, 9, 1), dice.below(80));
                let weight = adults.len() as f64 * if age < 35 { 1.35 } else { 0.7 } * dice.between(0.85, 1.15);
                answers.push(answer(town, &mood, address, date, weight, &mut dice));
            }
        }
    }
    answers.sort_by_key(|answer| (answer.date, answer.neighbourhood));
    answers
}

fn answer(town: &Town, mood: &Field, address: usize, date: NaiveDate, weight: f64, dice: &mut Dice) -> Answer {
    let place = &town.ground.addresses[address];
    let felt = town.effects(address).felt;
    let good = 0.35 * mood.at(place.at.0, place.at.1) - felt;
    let mark = rounded(7.3 + good + 1.1 * dice.bell()).clamp(1, 10);
    let unsafe_here = dice.chance((0.2 - 0.2 * good).clamp(0.02, 0.95));
    let neighbourhood = town.ground.now.of_square[place.square].unwrap_or_default();
    Answer { date, neighbourhood, weight, mark, unsafe_here }
}
