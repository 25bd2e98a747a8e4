//! The columns of a source and their types: as declared, and with the recodes behind them. A
//! recode sees the declared columns and no other recode. Numbers of persons and households are gone
//! before anything is counted: recodes and conditions of indicators do not see them. Called by the
//! checks of declarations and by [`crate::link`].

use arrow::datatypes::{DataType, Field, Schema};

use super::SourceDeclaration;
use super::expression::{Gives, compile};
use crate::source::arrow_type;

/// The declared columns.
pub(crate) fn declared(source: &SourceDeclaration) -> Schema {
    let fields = source.columns.iter().map(|(name, column)| Field::new(name, arrow_type(column.kind), true));
    Schema::new(fields.collect::<Vec<_>>())
}

/// The declared columns and the recodes that compile.
pub(crate) fn with_recodes(source: &SourceDeclaration) -> Schema {
    let own = declared(source);
    let mut fields: Vec<Field> = own.fields().iter().map(|field| field.as_ref().clone()).collect();
    for (name, sql) in &source.recodes {
        if let Ok(recode) = compile(sql, &own, Gives::Anything) {
            fields.push(Field::new(name, plain(recode.kind), true));
        }
    }
    Schema::new(fields)
}

/// The columns that recodes may use: the declared ones without the numbers of people.
pub(crate) fn recodable(source: &SourceDeclaration) -> Schema {
    without_numbers(source, &declared(source))
}

/// The columns that are left when the numbers of people are gone, recodes included.
pub(crate) fn seen(source: &SourceDeclaration) -> Schema {
    without_numbers(source, &with_recodes(source))
}

fn without_numbers(source: &SourceDeclaration, schema: &Schema) -> Schema {
    let numbers = [source.person.as_deref(), source.household.as_deref()];
    let kept = schema.fields().iter().filter(|field| !numbers.contains(&Some(field.name().as_str())));
    Schema::new(kept.cloned().collect::<Vec<_>>())
}

/// The names of the columns.
pub(crate) fn names(schema: &Schema) -> Vec<&str> {
    schema.fields().iter().map(|field| field.name().as_str()).collect()
}

/// Texts are plain, whatever a function made of them.
pub(crate) fn plain(kind: DataType) -> DataType {
    match kind {
        DataType::Utf8View | DataType::LargeUtf8 | DataType::Null => DataType::Utf8,
        other => other,
    }
}
