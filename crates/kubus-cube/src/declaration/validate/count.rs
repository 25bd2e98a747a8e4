//! The `count` of an indicator: sources of the right kind, conditions and values that compile.

use kubus_model::Finding;

use super::source::{kind_name, typed};
use super::{Check, Place};
use crate::declaration::columns;
use crate::declaration::expression::Gives;
use crate::declaration::{Count, IndicatorDeclaration, Linked, SourceDeclaration, SourceKind, Unit, UnitSet};

pub(super) fn check(check: &mut Check<'_>, indicator_place: &Place, indicator: &IndicatorDeclaration) {
    let place = indicator_place.key("count");
    match &indicator.count {
        Count::Units { denominator, numerator } => {
            counted(check, indicator_place, indicator.counts);
            set(check, &place.key("denominator"), denominator, indicator.counts);
            if let Some(numerator) = numerator {
                set(check, &place.key("numerator"), numerator, indicator.counts);
            }
        }
        Count::Events { source, condition, denominator } => {
            let found = kind(check, &place.key("source"), source, SourceKind::Event);
            if let (Some(source), Some(sql)) = (found, condition) {
                check.compiles(&place.key("where"), sql, &columns::seen(source), Gives::Truth);
            }
            if let Some(denominator) = denominator {
                counted(check, indicator_place, indicator.counts);
                set(check, &place.key("denominator"), denominator, indicator.counts);
            }
        }
        Count::Survey { source, value } => {
            if let Some(source) = kind(check, &place.key("source"), source, SourceKind::Survey) {
                check.compiles(&place.key("value"), value, &columns::seen(source), Gives::Number);
            }
        }
        Count::Figures { source, also, value, denominator, weight } => {
            let names = [("value", Some(value)), ("denominator", denominator.as_ref()), ("weight", weight.as_ref())];
            figures(check, &place, &place.key("source"), source, names);
            for (at, source) in also.iter().enumerate() {
                figures(check, &place, &place.key("also").key(at), source, names);
            }
        }
    }
}

/// Units are counted: it must be said which.
fn counted(check: &mut Check<'_>, place: &Place, unit: Option<Unit>) {
    if unit.is_none() {
        check.found(&place.key("counts"), Finding::error("declaration-key-needed").with("kind", "units"));
    }
}

fn figures(check: &mut Check<'_>, place: &Place, at: &Place, id: &str, names: [(&str, Option<&String>); 3]) {
    let Some(source) = kind(check, at, id, SourceKind::AreaFigures) else { return };
    let schema = columns::seen(source);
    for (key, name) in names {
        if let Some(name) = name {
            typed(check, &place.key(key), name, &schema, "number");
        }
    }
}

fn set(check: &mut Check<'_>, place: &Place, set: &UnitSet, unit: Option<Unit>) {
    let population = population(check, place, unit);
    if let (Some(population), Some(sql)) = (population, &set.condition) {
        check.compiles(&place.key("where"), sql, &columns::seen(population), Gives::Truth);
    }
    for (key, list) in [("with", &set.with), ("without", &set.without)] {
        for (at, one) in list.iter().enumerate() {
            linked(check, &place.key(key).key(at), one);
        }
    }
}

/// Demands a source that can be linked to units, and a condition over its columns.
pub(super) fn linked(check: &mut Check<'_>, place: &Place, linked: &Linked) {
    let Some(source) = check.source(&place.key("source"), &linked.source) else { return };
    if source.person.is_none() && source.household.is_none() {
        check.found(&place.key("source"), Finding::error("declaration-not-linked").with("name", &source.id));
    }
    if let Some(sql) = &linked.condition {
        check.compiles(&place.key("where"), sql, &columns::seen(source), Gives::Truth);
    }
}

/// The population source, which must tell households apart when households are counted.
pub(super) fn population<'a>(
    check: &mut Check<'a>,
    place: &Place,
    unit: Option<Unit>,
) -> Option<&'a SourceDeclaration> {
    let declared = check.declared;
    let Some(id) = &declared.town.population else {
        check.found(place, Finding::error("declaration-no-population"));
        return None;
    };
    let source = declared.sources.iter().find(|source| source.id == *id)?;
    if unit == Some(Unit::Household) && source.household.is_none() {
        check.found(place, Finding::error("declaration-no-households").with("name", id));
    }
    Some(source)
}

fn kind<'a>(check: &mut Check<'a>, place: &Place, id: &str, wanted: SourceKind) -> Option<&'a SourceDeclaration> {
    let source = check.source(place, id)?;
    of_kind(check, place, source, wanted).then_some(source)
}

/// Demands that a source is of a kind.
pub(super) fn of_kind(check: &mut Check<'_>, place: &Place, source: &SourceDeclaration, wanted: SourceKind) -> bool {
    if source.kind != wanted {
        let finding = Finding::error("declaration-wrong-kind").with("name", &source.id);
        check.found(place, finding.with("wanted", kind_name(wanted)).with("found", kind_name(source.kind)));
    }
    source.kind == wanted
}
