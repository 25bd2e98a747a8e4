//! The people of the town: dwellings, households and residents, and who lives where in which year.
//! Fictional throughout; the numbers of persons fail the check digit of the citizen service number,
//! so none of them can be a real one.

mod draw;
mod number;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::calendar::Calendar;
use super::ground::Ground;
use super::plant::{Effects, Plan};
use super::random::Dice;
pub(super) use number::{household_number, person_number};

/// How a dwelling is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tenure {
    /// Owned by who lives there.
    Owned,
    /// Let by a housing association.
    Social,
    /// Let by someone else.
    Private,
}

/// Who form a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One person.
    Single,
    /// Two partners.
    Couple,
    /// Two partners with children.
    Family,
    /// One parent with children.
    LoneParent,
    /// Others.
    Other,
}

/// Income in thirds of the Netherlands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Income {
    /// Low.
    Low,
    /// Middle.
    Middle,
    /// High.
    High,
}

/// A spell of social assistance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Benefit {
    /// First day.
    pub(super) start: NaiveDate,
    /// Last day, when it has ended.
    pub(super) end: Option<NaiveDate>,
}

/// The place of a resident in the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// Head.
    Head,
    /// Partner of the head.
    Partner,
    /// Child of the head or partner.
    Child,
    /// Other member.
    Other,
}

/// A resident.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resident {
    /// Place in the household.
    pub(super) relation: Relation,
    /// Date of birth; may lie after the first reference date.
    pub(super) birth: NaiveDate,
    /// Whether a woman.
    pub(super) woman: bool,
}

/// A household.
#[derive(Debug, Clone)]
pub(super) struct Household {
    /// The address (position) in each year covered; `None` when it does not live in the town.
    pub(super) homes: Vec<Option<usize>>,
    /// Who form it.
    pub(super) kind: Kind,
    /// Its income.
    pub(super) income: Income,
    /// Its social assistance, if any.
    pub(super) benefit: Option<Benefit>,
    /// Its members, the head first.
    pub(super) members: Vec<Resident>,
    /// Number of the first member, counted through the town.
    pub(super) first_person: usize,
}

/// Everybody.
#[derive(Debug)]
pub(super) struct People {
    /// How each address is held.
    pub(super) tenures: Vec<Tenure>,
    /// All households of all years.
    pub(super) households: Vec<Household>,
}

impl Household {
    /// Age of the head on 1 January of a year.
    pub(super) fn head_age(&self, year: u16) -> usize {
        self.members.first().map_or(0, |head| age(head.birth, year))
    }

    /// Whether it had social assistance on some day of a year.
    pub(super) fn on_benefit(&self, year: u16) -> bool {
        let (first, last) = (super::calendar::day(year, 1, 1), super::calendar::day(year, 12, 31));
        self.benefit.is_some_and(|b| b.start <= last && b.end.is_none_or(|end| end >= first))
    }

    /// The members born before 1 January of a year, with their position.
    pub(super) fn members_in(&self, year: u16) -> impl Iterator<Item = (usize, &Resident)> {
        let reference = super::calendar::day(year, 1, 1);
        self.members.iter().enumerate().filter(move |(_, member)| member.birth < reference)
    }
}

/// Whole years of age on 1 January of a year.
pub(super) fn age(birth: NaiveDate, year: u16) -> usize {
    use chrono::Datelike;
    let born = i32::from(year) - birth.year() - i32::from(birth.ordinal() > 1);
    usize::try_from(born).unwrap_or(0)
}

impl People {
    /// Draws everybody.
    pub(super) fn new(seed: u64, ground: &Ground, plan: &Plan, calendar: Calendar) -> Self {
        let fields = draw::Fields::new(seed);
        let parts: Vec<draw::Drawn> = (0..ground.postcodes.len())
            .into_par_iter()
            .map(|at| draw::postcode(seed, ground, at, &plan.effects[at], &fields, calendar))
            .collect();
        let tenures = parts.iter().flat_map(|part| part.tenures.iter().copied()).collect();
        let mut households: Vec<Household> = parts.into_iter().flat_map(|part| part.households).collect();
        for year in 1..calendar.years().len() {
            move_within(seed, ground, &plan.effects, year, &mut households);
        }
        households.retain(|h| h.homes.iter().any(Option::is_some));
        let mut next = 0;
        for household in &mut households {
            household.first_person = next;
            next += household.members.len();
        }
        Self { tenures, households }
    }

    /// Residents on 1 January of a year (its position among the years).
    pub(super) fn residents(&self, position: usize, year: u16) -> usize {
        let here = self.households.iter().filter(|h| h.homes[position].is_some());
        here.map(|h| h.members_in(year).count()).sum()
    }

    /// The households that live in the town in a year (position), with their address.
    pub(super) fn living(&self, position: usize) -> impl Iterator<Item = (usize, &Household, usize)> {
        self.households.iter().enumerate().filter_map(move |(at, h)| h.homes[position].map(|home| (at, h, home)))
    }
}

/// A third of those who leave an address stay in the town: they take the place of newcomers
/// elsewhere and keep their numbers. Where something is planted nobody moves in that way.
fn move_within(seed: u64, ground: &Ground, effects: &[Effects], year: usize, households: &mut [Household]) {
    let mut dice = Dice::new(seed, "move", year);
    let ordinary = |address: usize| {
        let effects = effects[ground.addresses[address].postcode];
        effects.benefit_share.is_none() && effects.senior_share.is_none()
    };
    let at = |h: &Household, y: usize| h.homes[y].filter(|address| ordinary(*address));
    let all = 0..households.len();
    let leaves = |h: &Household| at(h, year - 1).is_some() && h.homes[year].is_none();
    let comes = |h: &Household| {
        h.homes[year - 1].is_none() && at(h, year).is_some() && h.homes[..year].iter().all(Option::is_none)
    };
    let mut leavers: Vec<usize> = all.clone().filter(|i| leaves(&households[*i])).collect();
    let mut newcomers: Vec<usize> = all.filter(|i| comes(&households[*i])).collect();
    dice.shuffle(&mut leavers);
    dice.shuffle(&mut newcomers);
    for (leaver, newcomer) in leavers.iter().zip(&newcomers).take(leavers.len() / 3) {
        let homes = std::mem::take(&mut households[*newcomer].homes);
        households[*leaver].homes[year..].copy_from_slice(&homes[year..]);
        households[*newcomer].homes = vec![None; homes.len()];
    }
}
