//! The files of a release: tables, areas, boundaries, the promise and the account of the attack.

use std::collections::BTreeMap;

use kubus_cube::exact::Cube;
use kubus_model::release::{AttackStatement, LevelEntry, Manifest, TableEntry};
use kubus_model::{AreaLevel, Ruleset};
use kubus_store::{ReleaseDraft, table};
use rayon::prelude::*;

use crate::promise::{full_text, promise};
use crate::protect::Shielded;
use crate::{Blame, ReleaseRefusal};

/// Everything that is published, ready for the store.
pub(crate) fn draft(
    cube: &Cube,
    rules: &Ruleset,
    shielded: &[Shielded],
    attack: &AttackStatement,
) -> Result<ReleaseDraft, ReleaseRefusal> {
    let mut files = tables(shielded)?;
    for (level, areas) in &cube.areas {
        files.insert(format!("areas/{level}.json"), json(areas)?);
    }
    files.extend(cube.geometry.iter().map(|(level, bytes)| (geometry_path(level), bytes.clone())));
    files.insert("promise.md".to_owned(), full_text(rules).into_bytes());
    files.insert("attack.json".to_owned(), json(attack)?);
    Ok(ReleaseDraft { manifest: manifest(cube, rules, shielded, attack), files })
}

fn tables(shielded: &[Shielded]) -> Result<BTreeMap<String, Vec<u8>>, ReleaseRefusal> {
    let encoded: Result<Vec<_>, _> = shielded
        .par_iter()
        .map(|s| table::encode(&s.table).map(|bytes| (table_path(&s.table.indicator, &s.table.level), bytes)))
        .collect();
    Ok(encoded.map_err(|e| ReleaseRefusal::Internal(e.finding().code + ": " + &e.to_string()))?.into_iter().collect())
}

fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, ReleaseRefusal> {
    serde_json::to_vec(value).map_err(|e| ReleaseRefusal::Internal(e.to_string()))
}

fn table_path(indicator: &str, level: &AreaLevel) -> String {
    format!("tables/{indicator}.{level}.parquet")
}

fn geometry_path(level: &AreaLevel) -> String {
    format!("geometry/{level}.geojson")
}

fn manifest(cube: &Cube, rules: &Ruleset, shielded: &[Shielded], attack: &AttackStatement) -> Manifest {
    Manifest {
        format: 1,
        town: cube.town.clone(),
        municipality: cube.municipality.clone(),
        number: 0,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rules: rules.clone(),
        promise: promise(rules),
        levels: cube.levels.iter().map(|level| level_entry(cube, level)).collect(),
        indicators: cube.indicators.clone(),
        labels: cube.labels.clone(),
        tables: shielded.iter().map(table_entry).collect(),
        sources: cube.sources.clone(),
        attack: attack.clone(),
        files: Vec::new(),
    }
}

fn level_entry(cube: &Cube, level: &LevelEntry) -> LevelEntry {
    let geometry = cube.geometry.contains_key(&level.level).then(|| geometry_path(&level.level));
    LevelEntry { geometry, ..level.clone() }
}

fn table_entry(shielded: &Shielded) -> TableEntry {
    let table = &shielded.table;
    let mut breakdowns: Vec<Vec<String>> = Vec::new();
    for member in table.members.iter().filter(|m| !m.attributes.is_empty()) {
        let names = member.breakdown().map(str::to_owned).collect();
        if !breakdowns.contains(&names) {
            breakdowns.push(names);
        }
    }
    TableEntry {
        indicator: table.indicator.clone(),
        level: table.level.clone(),
        path: table_path(&table.indicator, &table.level),
        periods: table.periods.clone(),
        breakdowns,
    }
}
