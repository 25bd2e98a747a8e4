//! Every name that stands for another declaration, or for a column, is known.

use kubus_model::Finding;

use super::super::{
    AreaDeclaration, Assign, Count, IndicatorDeclaration, Linked, SourceDeclaration, SourceKind, UnitSet,
};
use super::{Check, area_file, indicator_file, source_file};

pub(super) fn check(check: &mut Check<'_>) {
    let declared = check.declarations;
    town(check);
    declared.areas.iter().for_each(|area| self::area(check, area));
    declared.sources.iter().for_each(|source| self::source(check, source));
    declared.indicators.iter().for_each(|indicator| self::indicator(check, indicator));
    for level in declared.rules.min_population.keys() {
        self::level(check, "rules.toml", &format!("min_population.{level}"), level);
    }
}

fn town(check: &mut Check<'_>) {
    let declared = check.declarations;
    if let Some(population) = &declared.town.population {
        source_name(check, "town.toml", "population", population);
        let of = declared.sources.iter().find(|source| source.id == *population);
        if of.is_some_and(|source| source.kind != SourceKind::Population || source.person.is_none()) {
            check.report(
                "town.toml",
                "population",
                Finding::error("declaration-no-population").with("name", population),
            );
        }
    }
    let columns: Vec<&str> = population_columns(check);
    for (at, attribute) in declared.town.attributes.iter().enumerate() {
        let key = format!("attribute.{at}");
        match (&attribute.column, &attribute.linked) {
            (Some(column), None) => {
                check.known("town.toml", &format!("{key}.column"), "column", column, columns.iter().copied());
            }
            (None, Some(linked)) => {
                source_name(check, "town.toml", &format!("{key}.linked.source"), &linked.source);
                let ids: Vec<&str> = attribute.values.iter().map(|value| value.id.as_str()).collect();
                for needed in ["ja", "nee"] {
                    check.known("town.toml", &format!("{key}.values"), "value", needed, ids.iter().copied());
                }
            }
            _ => check.report("town.toml", &key, Finding::error("declaration-column-or-linked")),
        }
    }
}

/// Declared columns and recodes of the population source.
fn population_columns<'a>(check: &Check<'a>) -> Vec<&'a str> {
    let declared = check.declarations;
    let of = |source: &&SourceDeclaration| Some(&source.id) == declared.town.population.as_ref();
    declared.sources.iter().find(of).map(all_columns).unwrap_or_default()
}

/// Declared columns and recodes of a source.
fn all_columns(source: &SourceDeclaration) -> Vec<&str> {
    source.columns.keys().chain(source.recodes.keys()).map(String::as_str).collect()
}

fn area(check: &mut Check<'_>, area: &AreaDeclaration) {
    let file = area_file(area.level.as_str());
    if let Some(parent) = &area.parent {
        level(check, &file, "parent", parent.as_str());
    }
    for (at, vintage) in area.vintages.iter().enumerate() {
        if let Some(Assign::Nested { finer }) = &vintage.assign {
            level(check, &file, &format!("vintage.{at}.assign.finer"), finer.as_str());
        }
    }
}

fn source(check: &mut Check<'_>, source: &SourceDeclaration) {
    let file = source_file(&source.id);
    let columns = all_columns(source);
    let named = [
        ("person", &source.person),
        ("household", &source.household),
        ("weight", &source.weight),
        ("location.column", &source.location.column),
        ("date.on", &source.date.on),
        ("date.start", &source.date.start),
        ("date.end", &source.date.end),
        ("date.period", &source.date.period),
    ];
    for (key, name) in named {
        if let Some(name) = name {
            check.known(&file, key, "column", name, columns.iter().copied());
        }
    }
    for name in source.recodes.keys().filter(|name| source.columns.contains_key(*name)) {
        check.report(&file, &format!("recodes.{name}"), Finding::error("declaration-double").with("name", name));
    }
    match source.location.level.as_str() {
        "address" if !check.declarations.addresses.is_empty() => {}
        "unit" if check.declarations.town.population.is_some() => {}
        other => level(check, &file, "location.level", other),
    }
    if source.location.level.as_str() != "unit" && source.location.column.is_none() {
        check.report(&file, "location", Finding::error("declaration-needs").with("what", "column"));
    }
    let date = &source.date;
    if date.on.is_none() && date.start.is_none() && date.period.is_none() && date.fixed.is_none() {
        check.report(&file, "date", Finding::error("declaration-needs").with("what", "date"));
    }
}

fn indicator(check: &mut Check<'_>, indicator: &IndicatorDeclaration) {
    let file = indicator_file(&indicator.id);
    let declared = check.declarations;
    check.known(&file, "theme", "theme", &indicator.theme, declared.town.themes.iter().map(|theme| theme.id.as_str()));
    for (at, name) in indicator.levels.iter().enumerate() {
        level(check, &file, &format!("levels.{at}"), name.as_str());
    }
    let attributes = declared.town.attributes.iter().map(|attribute| attribute.id.as_str());
    for (at, breakdown) in indicator.breakdowns.iter().enumerate() {
        for name in breakdown {
            check.known(&file, &format!("breakdowns.{at}"), "attribute", name, attributes.clone());
        }
    }
    for name in &indicator.standardise {
        let single = indicator.breakdowns.iter().filter(|b| b.len() == 1).flatten().map(String::as_str);
        check.known(&file, "standardise", "breakdown", name, single);
    }
    count(check, &file, &indicator.count);
}

fn count(check: &mut Check<'_>, file: &str, count: &Count) {
    match count {
        Count::Units { denominator, numerator } => {
            set(check, file, "count.denominator", denominator);
            if let Some(numerator) = numerator {
                set(check, file, "count.numerator", numerator);
            }
            needs_population(check, file);
        }
        Count::Events { source, denominator, .. } => {
            source_name(check, file, "count.source", source);
            if let Some(denominator) = denominator {
                set(check, file, "count.denominator", denominator);
                needs_population(check, file);
            }
        }
        Count::Survey { source, .. } => source_name(check, file, "count.source", source),
        Count::Figures { source, also, value, denominator, weight } => {
            source_name(check, file, "count.source", source);
            also.iter().for_each(|other| source_name(check, file, "count.also", other));
            let columns = [("count.value", Some(value)), ("count.denominator", denominator.as_ref())];
            for id in std::iter::once(source).chain(also) {
                let of = check.declarations.sources.iter().find(|declared| declared.id == *id);
                let known = of.map(all_columns).unwrap_or_default();
                for (key, name) in columns.into_iter().chain([("count.weight", weight.as_ref())]) {
                    if let (Some(name), Some(_)) = (name, of) {
                        check.known(file, key, "column", name, known.iter().copied());
                    }
                }
            }
        }
    }
}

fn set(check: &mut Check<'_>, file: &str, key: &str, set: &UnitSet) {
    for (name, links) in [("with", &set.with), ("without", &set.without)] {
        for (at, Linked { source, .. }) in links.iter().enumerate() {
            source_name(check, file, &format!("{key}.{name}.{at}.source"), source);
        }
    }
}

fn needs_population(check: &mut Check<'_>, file: &str) {
    if check.declarations.town.population.is_none() {
        check.report(file, "count", Finding::error("declaration-needs").with("what", "population"));
    }
}

fn source_name(check: &mut Check<'_>, file: &str, key: &str, name: &str) {
    let known = check.declarations.sources.iter().map(|source| source.id.as_str());
    check.known(file, key, "source", name, known);
}

fn level(check: &mut Check<'_>, file: &str, key: &str, name: &str) {
    let known = check.declarations.areas.iter().map(|area| area.level.as_str());
    check.known(file, key, "level", name, known);
}
