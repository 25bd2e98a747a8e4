//! `areas/*.toml`: parents, finer levels, vintages and columns of the list of addresses.

use std::collections::BTreeSet;

use kubus_model::Finding;

use super::{Check, Place};
use crate::declaration::{AreaDeclaration, Assign};

/// Columns of the list of addresses that can hold an area code.
const ADDRESS_COLUMNS: [&str; 4] = ["id", "pc6", "number", "street"];
/// Widest square in metres.
const WIDEST: f64 = 100_000.0;

pub(super) fn check(check: &mut Check<'_>) {
    let declared = check.declared;
    for area in &declared.areas {
        one(check, &Place::file(format!("areas/{}.toml", area.level)), area);
    }
    let lists = Place::file("areas/addresses.toml").key("addresses");
    years(check, &lists, declared.addresses.iter().map(|list| list.year.0));
}

fn one(check: &mut Check<'_>, place: &Place, area: &AreaDeclaration) {
    check.dutch(&place.key("name"), &area.name);
    if let Some(parent) = &area.parent {
        check.level(&place.key("parent"), parent.as_str());
        let rank = check.declared.areas.iter().find(|a| a.level == *parent).map(|a| a.rank);
        if rank.is_some_and(|rank| rank >= area.rank) {
            let finding = Finding::error("declaration-not-coarser").with("name", parent);
            check.found(&place.key("parent"), finding);
        }
    }
    if area.vintages.is_empty() {
        check.found(&place.key("vintage"), Finding::error("declaration-key-needed").with("kind", "level"));
    }
    let vintages = place.key("vintage");
    years(check, &vintages, area.vintages.iter().map(|vintage| vintage.year.0));
    for (at, vintage) in area.vintages.iter().enumerate() {
        if let Some(assign) = &vintage.assign {
            assigned(check, &vintages.key(at).key("assign"), assign);
        }
    }
}

/// No year twice, and each a year of the Dutch area schemes.
fn years(check: &mut Check<'_>, place: &Place, years: impl Iterator<Item = u16>) {
    let mut seen = BTreeSet::new();
    for (at, year) in years.enumerate() {
        let place = place.key(at).key("year");
        check.between(&place, f64::from(year), 1995.0, 2100.0);
        if !seen.insert(year) {
            check.found(&place, Finding::error("declaration-duplicate").with("id", year));
        }
    }
}

fn assigned(check: &mut Check<'_>, place: &Place, assign: &Assign) {
    match assign {
        Assign::Column { column, length } => {
            check.known(&place.key("column"), "column", column, ADDRESS_COLUMNS);
            if *length == Some(0) {
                check.between(&place.key("length"), 0.0, 1.0, 100.0);
            }
        }
        Assign::Grid { size } => check.between(&place.key("size"), f64::from(*size), 100.0, WIDEST),
        Assign::Nested { finer } => check.level(&place.key("finer"), finer.as_str()),
        Assign::Polygon | Assign::Lookup { .. } | Assign::Whole => {}
    }
}
