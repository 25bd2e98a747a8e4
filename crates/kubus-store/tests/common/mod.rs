//! A small release draft for the tests of the store.

use std::collections::BTreeMap;

use kubus_model::release::{AttackStatement, LevelEntry, Manifest, TableEntry};
use kubus_model::rule::{PerturbationParameters, Ruleset};
use kubus_model::{
    AreaCode, AreaLevel, AreaVintage, Cell, CellStatus, Direction, DraftTable, Indicator, Measure, Member, Period,
};
use kubus_store::{ReleaseDraft, SealingKey, table};

/// The key of all tests.
pub(crate) fn key() -> SealingKey {
    SealingKey::from_bytes(&[7; 32])
}

/// A release with one table in which every figure is `figure`, so that a mix of two releases
/// would show.
pub(crate) fn draft(figure: i64) -> ReleaseDraft {
    let level = AreaLevel::new("buurt");
    let codes: Vec<AreaCode> = (1..=3).map(|at| AreaCode::new(format!("BU9901000{at}"))).collect();
    let mut figures =
        DraftTable::new("schulden", &level, codes.clone(), vec![Period::Year(2025)], vec![Member::total()]);
    figures.cells.fill(Cell { numerator: Some(figure), denominator: Some(1000), ..Cell::missing(CellStatus::Value) });
    let areas: Vec<serde_json::Value> = codes
        .iter()
        .enumerate()
        .map(|(id, code)| {
            serde_json::json!({"id": id, "code": code, "name": code, "within": {}, "adjacent": [], "bounds": null})
        })
        .collect();
    let files = BTreeMap::from([
        ("areas/buurt.json".to_owned(), serde_json::to_vec(&areas).unwrap()),
        ("report.json".to_owned(), format!("{{\"figure\":{figure}}}").into_bytes()),
        ("tables/schulden.buurt.parquet".to_owned(), table::encode(&figures).unwrap()),
    ]);
    ReleaseDraft { manifest: manifest(level), files }
}

fn manifest(level: AreaLevel) -> Manifest {
    Manifest {
        format: 1,
        town: "demo".into(),
        municipality: "Waterrijk".into(),
        number: 0,
        program: "test".into(),
        rules: rules(),
        promise: BTreeMap::new(),
        levels: vec![LevelEntry {
            level: level.clone(),
            name: BTreeMap::new(),
            vintage: AreaVintage(2025),
            rank: 2,
            parent: None,
            geometry: None,
            areas: 3,
        }],
        indicators: vec![indicator(&level)],
        labels: BTreeMap::new(),
        tables: vec![TableEntry {
            indicator: "schulden".into(),
            level,
            path: "tables/schulden.buurt.parquet".into(),
            periods: vec![Period::Year(2025)],
            breakdowns: vec![],
        }],
        sources: vec![],
        attack: AttackStatement {
            attacker: "A0".into(),
            cells: 3,
            primary: 0,
            exact: 0,
            below_threshold: 0,
            stages: vec![],
            levels: vec![],
        },
        files: vec![],
    }
}

fn rules() -> Ruleset {
    Ruleset {
        name: "test".into(),
        min_count: 5,
        min_count_sensitive: 10,
        min_population: BTreeMap::new(),
        max_group_share: 0.9,
        perturbation: Some(PerturbationParameters { max_noise: 2, variance: 1.0, unused_small_counts: 0 }),
        min_completeness: 0.0,
        max_delay_days: None,
    }
}

fn indicator(level: &AreaLevel) -> Indicator {
    Indicator {
        id: "schulden".into(),
        name: BTreeMap::new(),
        description: BTreeMap::new(),
        guidance: BTreeMap::new(),
        does_not_say: BTreeMap::new(),
        theme: "t".into(),
        measure: Measure::Share,
        unit: "household".into(),
        unit_name: BTreeMap::new(),
        per: 100.0,
        decimals: 1,
        direction: Direction::HighIsUnfavourable,
        levels: vec![level.clone()],
        breakdowns: vec![],
        standardise: vec![],
        evidence: String::new(),
        sources: vec![],
        sensitive: false,
        exceedance: 1.5,
        take_up: None,
    }
}
