//! Saved answers of CBS OData: v3 (`TypedDataSet` and `UntypedDataSet`, wide) and v4
//! (`Observations`, long, made wide by measure).
//!
//! An answer that says that there is more (a link to the next page) is refused: half a table
//! looks like a whole one.

use std::collections::{BTreeMap, BTreeSet};

use kubus_model::Finding;
use serde::Deserialize;
use serde_json::Value as Json;

use super::cell::Cell;
use super::geojson::{from_json, json_cell};
use super::open::Opened;
use super::sink::Sink;
use super::table::{Numbered, Owned, read_planned};
use super::{Refusal, refusal};

type Record = BTreeMap<String, Json>;

/// Members of an observation that are not part of its key.
const NOT_KEY: [&str; 6] = ["Id", "Measure", "ValueAttribute", "Value", "StringValue", "@odata.id"];

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    value: Option<Vec<Record>>,
    #[serde(default, rename = "odata.nextLink", alias = "@odata.nextLink")]
    next: Option<String>,
}

fn records(opened: Opened) -> Result<Vec<Record>, Refusal> {
    let bytes = opened.into_bytes()?;
    let answer: Answer = from_json(&bytes)?;
    if answer.next.is_some() {
        return Err(refusal("odata-incomplete"));
    }
    answer.value.filter(|records| !records.is_empty()).ok_or_else(|| refusal("odata-no-value"))
}

/// Reads a wide answer of OData v3 into the sink.
pub(super) fn read_v3(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let records = records(opened)?;
    let header: BTreeSet<&String> =
        records.iter().flat_map(BTreeMap::keys).filter(|name| !name.contains("odata.")).collect();
    let header: Vec<String> = header.into_iter().cloned().collect();
    let mut plan = sink.plan(&header, false)?;
    let rows = records.iter().zip(1..).map(|(record, number)| {
        let cells = header.iter().map(|name| record.get(name).map_or(Owned::Empty, owned)).collect();
        Ok((number, cells))
    });
    read_planned(sink, &mut plan, rows)
}

fn owned(value: &Json) -> Owned {
    match json_cell(value) {
        Cell::Text(text) => Owned::Text(text.trim().to_owned()),
        Cell::Integer(value) => Owned::Integer(value),
        Cell::Decimal(value) => Owned::Decimal(value),
        Cell::Boolean(value) => Owned::Boolean(value),
        Cell::Date(_) | Cell::Empty => Owned::Empty,
    }
}

/// Reads the observations of OData v4 into the sink, one row per key and one column per measure.
pub(super) fn read_v4(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let records = records(opened)?;
    let keys: BTreeSet<&String> =
        records.iter().flat_map(BTreeMap::keys).filter(|name| !NOT_KEY.contains(&name.as_str())).collect();
    let keys: Vec<&String> = keys.into_iter().collect();
    let measures: BTreeSet<String> = records.iter().filter_map(measure).collect();
    if measures.is_empty() {
        return Err(refusal("odata-no-observations"));
    }
    let measures: Vec<String> = measures.into_iter().collect();
    let header: Vec<String> = keys.iter().map(|name| (*name).clone()).chain(measures.iter().cloned()).collect();
    let mut plan = sink.plan(&header, false)?;
    let rows = widen(&records, &keys, &measures)?;
    read_planned(sink, &mut plan, rows.into_iter().map(Ok))
}

fn measure(record: &Record) -> Option<String> {
    record.get("Measure").and_then(Json::as_str).map(|text| text.trim().to_owned())
}

/// Rows in the order in which their keys appear first.
fn widen(records: &[Record], keys: &[&String], measures: &[String]) -> Result<Vec<Numbered>, Refusal> {
    let mut rows: Vec<Numbered> = Vec::new();
    let mut place = BTreeMap::<Vec<String>, usize>::new();
    for record in records {
        let Some(column) = measure(record).and_then(|name| measures.binary_search(&name).ok()) else { continue };
        let cells: Vec<Owned> = keys.iter().map(|name| record.get(*name).map_or(Owned::Empty, owned)).collect();
        let key: Vec<String> = cells.iter().map(|cell| cell.text().unwrap_or_default().to_owned()).collect();
        let position = *place.entry(key).or_insert_with(|| {
            let mut row = cells;
            row.resize(keys.len() + measures.len(), Owned::Empty);
            rows.push((rows.len() as u64 + 1, row));
            rows.len() - 1
        });
        let cell = &mut rows[position].1[keys.len() + column];
        if *cell != Owned::Empty {
            return Err(Box::new(Finding::error("observation-twice").with("measure", &measures[column])));
        }
        *cell = observed(record);
    }
    Ok(rows)
}

/// The value of an observation; without one, the reason as a missing code.
fn observed(record: &Record) -> Owned {
    for name in ["Value", "StringValue"] {
        match record.get(name).map_or(Owned::Empty, owned) {
            Owned::Empty => {}
            value => return value,
        }
    }
    Owned::Text(".".to_owned())
}
