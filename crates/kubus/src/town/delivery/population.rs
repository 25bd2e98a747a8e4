//! The population extract: one CSV per year with the state on 1 January, a row per resident.

use std::fmt::Write;
use std::path::Path;

use super::csv_file::write_bytes;
use super::{Account, address};
use crate::town::TownError;
use crate::town::calendar::{day, dutch};
use crate::town::life::Town;
use crate::town::people::{Household, Income, Kind, Relation, Resident, Tenure, age, household_number, person_number};
use crate::town::random::Dice;

const HEADER: &str = "peildatum;persoonsnummer;huishoudnummer;adres_id;geboortedatum;leeftijd;geslacht;relatie;\
                      huishoudtype;eigendom;inkomensklasse\r\n";

/// Writes the extract of the year at a position.
pub(super) fn write(town: &Town, position: usize, path: &Path) -> Result<Option<Account>, TownError> {
    let year = town.calendar.years()[position];
    let mut dice = Dice::new(town.seed, "population rows", position);
    let mut text = String::with_capacity(100 * 1024);
    text.push_str(HEADER);
    let mut account = Account::default();
    let mut line = String::new();
    for (at, household, home) in town.people.living(position) {
        for (member, resident) in household.members_in(year) {
            line.clear();
            row(&mut line, town, year, at, household, home, member, resident);
            text.push_str(&line);
            account.rows += 1;
            if dice.chance(0.0012) {
                text.push_str(&spoiled(&line, &mut dice));
                account.rows += 1;
                account.bad += 1;
            } else if dice.chance(0.0004) {
                text.push_str(&line);
                account.rows += 1;
                account.double += 1;
            }
        }
    }
    write_bytes(path, text.as_bytes())?;
    Ok(Some(account))
}

#[expect(clippy::too_many_arguments, reason = "one row says who, where and when; a struct would only rename these")]
fn row(
    line: &mut String,
    town: &Town,
    year: u16,
    at: usize,
    household: &Household,
    home: usize,
    member: usize,
    resident: &Resident,
) {
    let fields = format_args!(
        "{};{};{};{};{};{};{};{};{};{};{}\r\n",
        dutch(day(year, 1, 1)),
        person_number(household.first_person + member),
        household_number(at),
        address::identifier(home),
        dutch(resident.birth),
        age(resident.birth, year),
        if resident.woman { "V" } else { "M" },
        relation(resident.relation),
        kind(household.kind),
        tenure(town.people.tenures[home]),
        income(household.income),
    );
    #[expect(clippy::expect_used, reason = "cannot fail: writing to a String is infallible")]
    line.write_fmt(fields).expect("a String takes every text");
}

/// A copy of a row that must be refused: no number, an impossible reference date, or a lost age.
fn spoiled(line: &str, dice: &mut Dice) -> String {
    let mut fields: Vec<&str> = line.trim_end().split(';').collect();
    let (column, value) = dice.pick(&[(1, ""), (0, "31-02-2024"), (5, "999"), (2, "")]);
    fields[column] = value;
    format!("{}\r\n", fields.join(";"))
}

const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Head => "hoofd",
        Relation::Partner => "partner",
        Relation::Child => "kind",
        Relation::Other => "overig",
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Single => "eenpersoons",
        Kind::Couple => "paar_zonder_kinderen",
        Kind::Family => "paar_met_kinderen",
        Kind::LoneParent => "eenouder",
        Kind::Other => "overig",
    }
}

const fn tenure(tenure: Tenure) -> &'static str {
    match tenure {
        Tenure::Owned => "koop",
        Tenure::Social => "huur_sociaal",
        Tenure::Private => "huur_overig",
    }
}

const fn income(income: Income) -> &'static str {
    match income {
        Income::Low => "laag",
        Income::Middle => "midden",
        Income::High => "hoog",
    }
}
