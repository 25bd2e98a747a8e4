//! `town.toml`: the population, the attributes and the themes.

use kubus_model::Finding;

use super::identity::{identifier, unique};
use super::{Check, Place, count};
use crate::declaration::columns;
use crate::declaration::{AttributeDeclaration, SourceKind, Unit};

pub(super) fn check(check: &mut Check<'_>) {
    let town = &check.declared.town;
    let place = Place::file("town.toml");
    check.filled(&place.key("municipality"), &town.municipality);
    check.between(&place.key("vintage"), f64::from(town.vintage.0), 1995.0, 2100.0);
    if !is_municipality(&town.code) {
        check.found(&place.key("code"), Finding::error("declaration-bad-municipality").with("code", &town.code));
    }
    if let Some(id) = &town.population {
        let place = place.key("population");
        if let Some(source) = check.source(&place, id) {
            count::of_kind(check, &place, source, SourceKind::Population);
        }
    }
    for (at, theme) in town.themes.iter().enumerate() {
        let place = place.key("theme").key(at);
        identifier(check, &place.key("id"), &theme.id);
        check.dutch(&place.key("name"), &theme.name);
    }
    for (at, attribute) in town.attributes.iter().enumerate() {
        one(check, &place.key("attribute").key(at), attribute);
    }
}

/// `GM` and four digits.
fn is_municipality(code: &str) -> bool {
    code.strip_prefix("GM").is_some_and(|rest| rest.len() == 4 && rest.bytes().all(|b| b.is_ascii_digit()))
}

fn one(check: &mut Check<'_>, place: &Place, attribute: &AttributeDeclaration) {
    identifier(check, &place.key("id"), &attribute.id);
    check.dutch(&place.key("name"), &attribute.name);
    unique(check, &place.key("values"), attribute.values.iter().map(|v| v.id.as_str()));
    for (at, value) in attribute.values.iter().enumerate() {
        check.dutch(&place.key("values").key(at).key("name"), &value.name);
    }
    match (&attribute.column, &attribute.linked) {
        (Some(column), None) => of_population(check, place, attribute.unit, column),
        (None, Some(linked)) => {
            count::linked(check, &place.key("linked"), linked);
            yes_and_no(check, place, attribute);
        }
        _ => check.found(place, Finding::error("declaration-one-of").with("one", "column").with("other", "linked")),
    }
}

fn of_population(check: &mut Check<'_>, place: &Place, unit: Unit, column: &str) {
    let Some(population) = count::population(check, place, Some(unit)) else { return };
    let schema = columns::seen(population);
    check.known(&place.key("column"), "column", column, columns::names(&schema));
}

/// A linked attribute is `ja` or `nee`.
fn yes_and_no(check: &mut Check<'_>, place: &Place, attribute: &AttributeDeclaration) {
    for (at, value) in attribute.values.iter().enumerate() {
        check.known(&place.key("values").key(at).key("id"), "value", &value.id, ["ja", "nee"]);
    }
}
