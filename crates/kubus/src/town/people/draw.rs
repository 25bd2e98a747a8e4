//! Drawing the dwellings, households and residents of one postcode.

use chrono::NaiveDate;

use super::{Benefit, Household, Income, Kind, Relation, Resident, Tenure};
use crate::town::calendar::{Calendar, LAST_YEAR, day, later};
use crate::town::field::Field;
use crate::town::ground::Ground;
use crate::town::plant::Effects;
use crate::town::random::{Dice, whole};

/// Part of the addresses where someone lives.
const OCCUPIED: f64 = 0.975;
/// Part of the households that leave their address in a year.
const LEAVE: f64 = 0.07;
/// Part of the low-income households under 65 on social assistance, by tenure (social, other).
const ON_BENEFIT: [f64; 2] = [0.27, 0.135];

/// The surfaces by which neighbours are alike.
pub(super) struct Fields {
    income: Field,
    social: Field,
    age: Field,
    family: Field,
}

impl Fields {
    /// The surfaces of a town.
    pub(super) fn new(seed: u64) -> Self {
        let usual = |name| Field::usual(seed, name);
        Self { income: usual("income"), social: usual("social"), age: usual("age"), family: usual("family") }
    }
}

/// What was drawn for one postcode.
pub(super) struct Drawn {
    pub(super) tenures: Vec<Tenure>,
    pub(super) households: Vec<Household>,
}

/// What is alike for all households of a postcode.
struct Place<'a> {
    effects: &'a Effects,
    flats: bool,
    income: f64,
    social: f64,
    age: f64,
    family: f64,
    years: Vec<u16>,
}

/// Draws one postcode.
pub(super) fn postcode(
    seed: u64,
    ground: &Ground,
    at: usize,
    effects: &Effects,
    fields: &Fields,
    calendar: Calendar,
) -> Drawn {
    let mut dice = Dice::new(seed, "people", at);
    let postcode = &ground.postcodes[at];
    let (x, y) = ground.middle(at);
    let place = Place {
        effects,
        flats: postcode.flats,
        income: fields.income.at(x, y) + 0.15 * dice.bell(),
        social: fields.social.at(x, y) - 0.3 * fields.income.at(x, y),
        age: fields.age.at(x, y),
        family: fields.family.at(x, y),
        years: calendar.years(),
    };
    let mut drawn = Drawn { tenures: Vec::new(), households: Vec::new() };
    let mut building = (usize::MAX, Tenure::Owned);
    for address in postcode.addresses.clone() {
        let number = ground.addresses[address].building;
        if building.0 != number {
            building = (number, place.tenure(&mut dice));
        }
        let tenure = if dice.chance(0.8) { building.1 } else { place.tenure(&mut dice) };
        drawn.tenures.push(tenure);
        place.occupants(address, tenure, &mut dice, &mut drawn.households);
    }
    drawn
}

impl Place<'_> {
    fn tenure(&self, dice: &mut Dice) -> Tenure {
        let social = (0.27 + 0.55 * self.social + if self.flats { 0.12 } else { -0.03 }).clamp(0.02, 0.9);
        let private = if self.flats { 0.16 } else { 0.06 };
        [Tenure::Owned, Tenure::Social, Tenure::Private]
            [dice.weighted(&[(1.0 - social - private).max(0.03), social, private])]
    }

    /// Who live at one address through the years.
    fn occupants(&self, address: usize, tenure: Tenure, dice: &mut Dice, households: &mut Vec<Household>) {
        let mut from = 0;
        while from < self.years.len() {
            let mut until = from + 1;
            while until < self.years.len() && !dice.chance(LEAVE) {
                until += 1;
            }
            if dice.chance(OCCUPIED) {
                let homes = (0..self.years.len()).map(|y| (from..until).contains(&y).then_some(address)).collect();
                households.push(self.household(households.len(), homes, self.years[from], tenure, dice));
            }
            from = until;
        }
    }

    fn household(
        &self,
        turn: usize,
        homes: Vec<Option<usize>>,
        year: u16,
        tenure: Tenure,
        dice: &mut Dice,
    ) -> Household {
        let (kind, age) = self.kind_and_age(dice);
        let planted = self.effects.benefit_share.is_some_and(|share| is_turn(turn, share));
        let head_age = if planted && age > 60 { dice.range(30, 60) } else { age };
        let income = if planted { Income::Low } else { self.income(kind, tenure, dice) };
        let able = self.effects.benefit_share.is_none() && income == Income::Low && head_age < 65;
        let draws = able && dice.chance(ON_BENEFIT[usize::from(tenure != Tenure::Social)]);
        let benefit = (planted || draws).then(|| spell(year, planted, dice));
        let members = members(kind, head_age, year, dice);
        Household { homes, kind, income, benefit, members, first_person: 0 }
    }

    /// Kind of household, and age of its head in its first year.
    fn kind_and_age(&self, dice: &mut Dice) -> (Kind, usize) {
        let family = (1.0 + 0.9 * self.family) * if self.flats { 0.55 } else { 1.25 };
        let single = if self.flats { 1.35 } else { 0.8 };
        let weights = [0.37 * single, 0.27, 0.25 * family, 0.075 * family, 0.03];
        let kind = [Kind::Single, Kind::Couple, Kind::Family, Kind::LoneParent, Kind::Other][dice.weighted(&weights)];
        let alone = matches!(kind, Kind::Single | Kind::Couple);
        let usual = if alone { (0.34 + 0.25 * self.age).clamp(0.04, 0.9) } else { 0.0 };
        if dice.chance(self.effects.senior_share.unwrap_or(usual)) {
            return (if alone { kind } else { dice.pick(&[Kind::Single, Kind::Couple]) }, dice.range(65, 90));
        }
        let age = match kind {
            Kind::Single => dice.range(20, 64),
            Kind::Couple => dice.range(23, 64),
            Kind::Family | Kind::LoneParent => dice.range(27, 56),
            Kind::Other => dice.range(20, 62),
        };
        (kind, age)
    }

    fn income(&self, kind: Kind, tenure: Tenure, dice: &mut Dice) -> Income {
        let held = match tenure {
            Tenure::Owned => 0.4,
            Tenure::Social => -0.5,
            Tenure::Private => -0.05,
        };
        let people = match kind {
            Kind::Couple | Kind::Family => 0.2,
            Kind::Single => -0.2,
            Kind::LoneParent => -0.3,
            Kind::Other => 0.0,
        };
        let score = 0.6 * self.income + 0.5 * dice.bell() + held + people;
        match score {
            s if s < -0.25 => Income::Low,
            s if s < 0.45 => Income::Middle,
            _ => Income::High,
        }
    }
}

/// Whether it is the turn of this one, when an exact share of all is wanted.
fn is_turn(turn: usize, share: f64) -> bool {
    whole(share * (turn + 1) as f64) > whole(share * turn as f64)
}

/// A spell of social assistance: most began before and go on; where it is planted, all do.
fn spell(year: u16, planted: bool, dice: &mut Dice) -> Benefit {
    let before = later(day(year - 9, 1, 1), dice.below(8 * 365));
    let during = later(day(year, 1, 15), dice.below(1000)).min(day(LAST_YEAR, 11, 30));
    let end = later(day(year, 3, 1), dice.below(1200));
    match dice.unit() {
        part if planted || part < 0.76 => Benefit { start: before, end: None },
        part if part < 0.88 => Benefit { start: during, end: None },
        _ => Benefit { start: before, end: (end < day(LAST_YEAR, 12, 1)).then_some(end) },
    }
}

/// The members of a household, the head first.
fn members(kind: Kind, head_age: usize, year: u16, dice: &mut Dice) -> Vec<Resident> {
    let woman = dice.chance(if kind == Kind::LoneParent { 0.82 } else { 0.45 });
    let mut members = vec![Resident { relation: Relation::Head, birth: born(year, head_age, dice), woman }];
    if matches!(kind, Kind::Couple | Kind::Family) {
        let age = (head_age + dice.below(7)).saturating_sub(4).max(19);
        let woman = if dice.chance(0.02) { woman } else { !woman };
        members.push(Resident { relation: Relation::Partner, birth: born(year, age, dice), woman });
    }
    match kind {
        Kind::Family | Kind::LoneParent => members.extend(children(head_age, year, dice)),
        Kind::Other => members.extend((0..dice.range(1, 2)).map(|_| {
            let age = dice.range(19, 60);
            Resident { relation: Relation::Other, birth: born(year, age, dice), woman: dice.chance(0.5) }
        })),
        Kind::Single | Kind::Couple => {}
    }
    members
}

/// One to three children; the eldest is born before the household comes, others may come later.
fn children(head_age: usize, year: u16, dice: &mut Dice) -> Vec<Resident> {
    let eldest = dice.range(1, (head_age - 22).min(20));
    let count = 1 + dice.weighted(&[0.38, 0.45, 0.17]);
    let mut birth = born(year, eldest, dice);
    let mut children = Vec::with_capacity(count);
    for _ in 0..count {
        if birth <= day(LAST_YEAR, 12, 31) {
            children.push(Resident { relation: Relation::Child, birth, woman: dice.chance(0.49) });
        }
        birth = later(birth, 500 + dice.below(900));
    }
    children
}

/// A date of birth that gives this age on 1 January of a year.
fn born(year: u16, age: usize, dice: &mut Dice) -> NaiveDate {
    let age = u16::try_from(age).unwrap_or(0);
    later(day(year - age - 1, 1, 2), dice.below(363))
}
