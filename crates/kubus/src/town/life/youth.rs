//! Children and young people: truancy, leaving school early, youth care.

use chrono::NaiveDate;

use super::Town;
use crate::town::calendar::{day, earlier, later};
use crate::town::people::{Kind, age};
use crate::town::random::Dice;

/// Something that happened to a child or young person.
#[derive(Debug)]
pub(in crate::town) struct YouthEvent {
    /// Person (position in the town).
    pub(in crate::town) person: usize,
    /// Day.
    pub(in crate::town) date: NaiveDate,
    /// Hours missed, or 0.
    pub(in crate::town) hours: usize,
    /// Type of school, or reason.
    pub(in crate::town) kind: &'static str,
}

/// A spell of youth care.
#[derive(Debug)]
pub(in crate::town) struct Care {
    /// Person (position in the town).
    pub(in crate::town) person: usize,
    /// First day.
    pub(in crate::town) start: NaiveDate,
    /// Last day, when it has ended.
    pub(in crate::town) end: Option<NaiveDate>,
    /// Form of care.
    pub(in crate::town) form: &'static str,
}

/// The three registers.
#[derive(Debug, Default)]
pub(in crate::town) struct Youth {
    /// Reports of truancy, by date.
    pub(in crate::town) truancy: Vec<YouthEvent>,
    /// Early school leavers, by date.
    pub(in crate::town) leavers: Vec<YouthEvent>,
    /// Youth care.
    pub(in crate::town) care: Vec<Care>,
}

/// A child in a year.
struct Child {
    person: usize,
    age: usize,
    position: usize,
    year: u16,
    /// How likely things are here, by building.
    local: f64,
    lone_parent: bool,
}

/// Draws the three registers.
pub(in crate::town) fn youth(town: &Town) -> Youth {
    let mut youth = Youth::default();
    for (position, year) in town.calendar.years().into_iter().enumerate() {
        for (at, household, address) in town.people.living(position) {
            let mut dice = Dice::new(town.seed, "youth", at * 64 + position);
            let local = town.local_factor("youth", address, 0.25);
            for (member, resident) in household.members_in(year).filter(|(_, r)| age(r.birth, year) < 23) {
                let lone_parent = household.kind == Kind::LoneParent;
                let person = household.first_person + member;
                let child = Child { person, age: age(resident.birth, year), position, year, local, lone_parent };
                child.lives(town, &mut dice, &mut youth);
            }
        }
    }
    youth.truancy.sort_by_key(|e| (e.date, e.person));
    youth.leavers.sort_by_key(|e| (e.date, e.person));
    youth
}

impl Child {
    fn lives(&self, town: &Town, dice: &mut Dice, youth: &mut Youth) {
        if (5..18).contains(&self.age) && dice.chance(self.local * if self.age >= 12 { 0.055 } else { 0.014 }) {
            self.misses_school(town, dice, &mut youth.truancy);
        }
        if (17..23).contains(&self.age) && dice.chance(0.022 * self.local) {
            let kind = dice.pick(&["mbo", "vo", "mbo"]);
            let date = later(day(self.year, 9, 1), dice.below(90));
            youth.leavers.push(YouthEvent { person: self.person, date, hours: 0, kind });
        }
        let chance = self.local * if self.lone_parent { 0.075 } else { 0.04 };
        if self.age < 18 && dice.chance(chance) {
            youth.care.push(self.care(town, 0, dice));
        }
        if self.age < 18 && self.position == 0 && dice.chance(chance) {
            youth.care.extend(
                Some(self.care(town, 365, dice))
                    .filter(|care| care.end.is_none_or(|end| end >= town.calendar.first_day())),
            );
        }
    }

    /// A spell of youth care that begins in this year, or so many days before.
    fn care(&self, town: &Town, before: usize, dice: &mut Dice) -> Care {
        let start = earlier(town.calendar.day_in(town.month_in(self.position, 0.1, dice), dice), before);
        let end = later(start, dice.range(90, 700));
        let form = dice.pick(&["ambulant", "ambulant", "daghulp", "pleegzorg", "verblijf", "gezinsgericht"]);
        Care { person: self.person, start, end: (end < town.calendar.last_day()).then_some(end), form }
    }

    fn misses_school(&self, town: &Town, dice: &mut Dice, truancy: &mut Vec<YouthEvent>) {
        for _ in 0..dice.range(1, 5) {
            let month = town.month_in(self.position, 0.3, dice);
            let kind = if self.age < 12 { "po" } else { dice.pick(&["vo", "vo", "mbo"]) };
            if !matches!(town.calendar.month(month).1, 7 | 8) {
                let date = town.calendar.day_in(month, dice);
                truancy.push(YouthEvent { person: self.person, date, hours: dice.range(2, 30), kind });
            }
        }
    }
}
