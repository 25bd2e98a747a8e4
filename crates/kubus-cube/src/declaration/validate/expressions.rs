//! Every SQL expression is accepted over the columns that it may see, and gives what it must. The
//! numbers of persons and households are no columns of a condition: they are gone before.

use std::collections::BTreeMap;

use arrow::datatypes::{DataType, Field, Schema};

use super::super::expression::{Gives, compile};
use super::super::{Count, Declarations, Linked, SourceDeclaration, UnitSet};
use super::{Check, indicator_file, source_file};

/// The columns of each source that conditions of indicators may see.
type Schemas<'a> = BTreeMap<&'a str, Schema>;

pub(super) fn check(check: &mut Check<'_>) {
    let declared = check.declarations;
    let mut schemas = Schemas::new();
    for source in &declared.sources {
        let schema = self::source(check, source);
        schemas.insert(&source.id, schema);
    }
    for (at, attribute) in declared.town.attributes.iter().enumerate() {
        if let Some(linked) = &attribute.linked {
            link(check, "town.toml", &format!("attribute.{at}.linked"), linked, &schemas);
        }
    }
    for indicator in &declared.indicators {
        count(check, &indicator_file(&indicator.id), &indicator.count, &schemas);
    }
}

/// Checks the expressions of a source, and gives the columns that others may see.
fn source(check: &mut Check<'_>, source: &SourceDeclaration) -> Schema {
    let file = source_file(&source.id);
    let columns = super::super::source::column_schema(source);
    let mut fields: Vec<Field> = columns.fields().iter().map(|field| field.as_ref().clone()).collect();
    for (name, sql) in &source.recodes {
        let kind = accept(check, &file, &format!("recodes.{name}"), sql, &columns, Gives::Anything);
        fields.push(Field::new(name, kind.unwrap_or(DataType::Utf8), true));
    }
    let all = Schema::new(fields.clone());
    if let Some(sql) = &source.condition {
        accept(check, &file, "where", sql, &all, Gives::Truth);
    }
    let hidden = [source.person.as_deref(), source.household.as_deref()];
    fields.retain(|field| !hidden.contains(&Some(field.name().as_str())));
    let seen = Schema::new(fields);
    if let Some(sql) = &source.household_row {
        accept(check, &file, "household_row", sql, &seen, Gives::Truth);
    }
    seen
}

fn count(check: &mut Check<'_>, file: &str, count: &Count, schemas: &Schemas<'_>) {
    match count {
        Count::Units { denominator, numerator } => {
            set(check, file, "count.denominator", denominator, schemas);
            if let Some(numerator) = numerator {
                set(check, file, "count.numerator", numerator, schemas);
            }
        }
        Count::Events { source, condition, denominator } => {
            if let (Some(sql), Some(schema)) = (condition, schemas.get(source.as_str())) {
                accept(check, file, "count.where", sql, schema, Gives::Truth);
            }
            if let Some(denominator) = denominator {
                set(check, file, "count.denominator", denominator, schemas);
            }
        }
        Count::Survey { source, value } => {
            if let Some(schema) = schemas.get(source.as_str()) {
                accept(check, file, "count.value", value, schema, Gives::Number);
            }
        }
        Count::Figures { .. } => {}
    }
}

fn set(check: &mut Check<'_>, file: &str, key: &str, set: &UnitSet, schemas: &Schemas<'_>) {
    let population = population(check.declarations).and_then(|id| schemas.get(id));
    if let (Some(sql), Some(schema)) = (&set.condition, population) {
        accept(check, file, &format!("{key}.where"), sql, schema, Gives::Truth);
    }
    for (name, links) in [("with", &set.with), ("without", &set.without)] {
        for (at, linked) in links.iter().enumerate() {
            link(check, file, &format!("{key}.{name}.{at}"), linked, schemas);
        }
    }
}

fn population(declarations: &Declarations) -> Option<&str> {
    declarations.town.population.as_deref()
}

fn link(check: &mut Check<'_>, file: &str, key: &str, linked: &Linked, schemas: &Schemas<'_>) {
    if let (Some(sql), Some(schema)) = (&linked.condition, schemas.get(linked.source.as_str())) {
        accept(check, file, &format!("{key}.where"), sql, schema, Gives::Truth);
    }
}

/// Compiles one expression, and gives the type of its values.
fn accept(check: &mut Check<'_>, file: &str, key: &str, sql: &str, schema: &Schema, gives: Gives) -> Option<DataType> {
    match compile(sql, schema, gives) {
        Ok(expression) => Some(expression.kind),
        Err(refusal) => {
            check.report(file, key, refusal.finding(key));
            None
        }
    }
}
