//! `sources/*.toml`: columns that exist and have the type that is needed, recodes and conditions
//! that compile, and what each kind of source cannot do without.

use arrow::datatypes::{DataType, Schema};
use kubus_model::Finding;

use super::{Check, Place, identity};
use crate::declaration::columns;
use crate::declaration::expression::Gives;
use crate::declaration::{SourceDeclaration, SourceKind};

pub(super) fn check(check: &mut Check<'_>) {
    for source in &check.declared.sources {
        let place = Place::file(format!("sources/{}.toml", source.id));
        described(check, &place, source);
        declared_columns(check, &place, source);
        expressions(check, &place, source);
        keys(check, &place, source);
        located(check, &place, source);
        dated(check, &place, source);
    }
}

fn described(check: &mut Check<'_>, place: &Place, source: &SourceDeclaration) {
    check.dutch(&place.key("name"), &source.name);
    let texts = [
        ("owner", &source.owner),
        ("contact", &source.contact),
        ("purpose", &source.purpose),
        ("legal_basis", &source.legal_basis),
    ];
    for (key, text) in texts {
        check.filled(&place.key(key), text);
    }
    for (key, duration) in [("retention", &source.retention), ("rhythm", &source.rhythm)] {
        if !is_duration(duration) {
            let finding = Finding::error("declaration-bad-duration").with("value", duration);
            check.found(&place.key(key), finding);
        }
    }
}

/// `P`, a whole number above zero, and years, months, weeks or days.
fn is_duration(text: &str) -> bool {
    let number = text.strip_prefix('P').and_then(|rest| rest.strip_suffix(['Y', 'M', 'W', 'D']));
    number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()) && n.parse::<u16>().is_ok_and(|n| n > 0))
}

fn declared_columns(check: &mut Check<'_>, place: &Place, source: &SourceDeclaration) {
    for (name, column) in &source.columns {
        let place = place.key("columns").key(name);
        identity::identifier(check, &place, name);
        if column.range.is_some_and(|[low, high]| low.is_nan() || high.is_nan() || low > high) {
            check.found(&place.key("range"), Finding::error("declaration-range-reversed"));
        }
    }
    for name in source.recodes.keys() {
        let place = place.key("recodes").key(name);
        identity::identifier(check, &place, name);
        if source.columns.contains_key(name) {
            check.found(&place, Finding::error("declaration-duplicate").with("id", name));
        }
    }
}

fn expressions(check: &mut Check<'_>, place: &Place, source: &SourceDeclaration) {
    let own = columns::recodable(source);
    for (name, sql) in &source.recodes {
        check.compiles(&place.key("recodes").key(name), sql, &own, Gives::Anything);
    }
    let conditions = [
        ("where", &source.condition, columns::with_recodes(source)),
        ("household_row", &source.household_row, columns::seen(source)),
    ];
    for (key, sql, schema) in conditions {
        if let Some(sql) = sql {
            check.compiles(&place.key(key), sql, &schema, Gives::Truth);
        }
    }
}

fn keys(check: &mut Check<'_>, place: &Place, source: &SourceDeclaration) {
    let all = columns::with_recodes(source);
    for (key, name) in [("person", &source.person), ("household", &source.household)] {
        if let Some(name) = name {
            check.known(&place.key(key), "column", name, columns::names(&all));
        }
    }
    if let Some(name) = &source.record {
        check.known(&place.key("record"), "column", name, columns::names(&all));
    }
    if let Some(name) = &source.weight {
        typed(check, &place.key("weight"), name, &all, "number");
    }
    if source.kind == SourceKind::Population {
        needed(check, &place.key("person"), source.kind, source.person.is_some());
    }
    if source.household.is_some() && source.kind == SourceKind::Population {
        needed(check, &place.key("household_row"), source.kind, source.household_row.is_some());
    }
}

/// Demands a column with a type: `date`, `number` or `text`.
pub(super) fn typed(check: &mut Check<'_>, place: &Place, name: &str, schema: &Schema, wanted: &str) {
    if !check.known(place, "column", name, columns::names(schema)) {
        return;
    }
    let Ok(field) = schema.field_with_name(name) else { return };
    let fits = match wanted {
        "date" => *field.data_type() == DataType::Date32,
        "number" => field.data_type().is_numeric(),
        _ => *field.data_type() == DataType::Utf8,
    };
    if !fits {
        let finding = Finding::error("declaration-wrong-column-type").with("name", name).with("wanted", wanted);
        check.found(place, finding.with("found", field.data_type()));
    }
}

fn needed(check: &mut Check<'_>, place: &Place, kind: SourceKind, given: bool) {
    if !given {
        check.found(place, Finding::error("declaration-key-needed").with("kind", kind_name(kind)));
    }
}

/// The name of a kind of source, as it stands in the declaration.
pub(super) const fn kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Population => "population",
        SourceKind::Spell => "spell",
        SourceKind::Event => "event",
        SourceKind::Survey => "survey",
        SourceKind::AreaFigures => "area_figures",
    }
}

fn located(check: &mut Check<'_>, place: &Place, source: &SourceDeclaration) {
    let place = place.key("location");
    let level = source.location.level.as_str();
    let levels = check.declared.areas.iter().map(|a| a.level.as_str());
    let special = ["address", "unit"];
    check.known(&place.key("level"), "level", level, levels.chain(special).collect::<Vec<_>>());
    match &source.location.column {
        Some(name) => {
            check.known(&place.key("column"), "column", name, columns::names(&columns::with_recodes(source)));
        }
        None => needed(check, &place.key("column"), source.kind, level == "unit"),
    }
    let linked = source.person.is_some() || source.household.is_some();
    if level == "unit" && !linked {
        needed(check, &place.key("level"), source.kind, false);
    }
}

fn dated(check: &mut Check<'_>, place: &Place, source: &SourceDeclaration) {
    let place = place.key("date");
    let all = columns::with_recodes(source);
    let date = &source.date;
    for (key, name, wanted) in [
        ("on", &date.on, "date"),
        ("start", &date.start, "date"),
        ("end", &date.end, "date"),
        ("period", &date.period, "text"),
    ] {
        if let Some(name) = name {
            typed(check, &place.key(key), name, &all, wanted);
        }
    }
    let moment = date.on.is_some() || date.period.is_some() || date.fixed.is_some();
    let key = if source.kind == SourceKind::Spell { "start" } else { "on" };
    needed(check, &place.key(key), source.kind, moment || date.start.is_some());
}
