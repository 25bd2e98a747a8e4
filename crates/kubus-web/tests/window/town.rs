//! A small town: a municipality, twelve buurten of which one deviates, and four streets of which
//! one deviates, in another buurt.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::DateTime;
use kubus_model::release::{AttackStatement, LevelAttack, LevelEntry, Manifest, SourceStatement, TableEntry};
use kubus_model::rule::Ruleset;
use kubus_model::{
    AreaCode, AreaLevel, AreaVintage, Cell, CellStatus, Direction, DraftTable, Indicator, Measure, Member, Period,
    TakeUp,
};
use kubus_store::{ReleaseDraft, SealingKey, publish, table};
use serde_json::{Value, json};

/// The only indicator; it is sensitive.
pub(crate) const INDICATOR: &str = "schulden";
/// The newest period.
pub(crate) const PERIOD: &str = "2025";
/// The buurt that deviates.
pub(crate) const DEVIATING: &str = "BU9901000C";
const PERIODS: [Period; 2] = [Period::Year(2024), Period::Year(2025)];
/// Levels with their rank and their areas.
const LEVELS: [(&str, u8, usize); 3] = [("gemeente", 0, 1), ("buurt", 2, 12), ("straat", 3, 4)];

/// Publishes the next release, in which the ordinary figure is `figure` of a thousand.
pub(crate) fn publish_next(releases: &Path, figure: i64) -> u32 {
    publish(draft(figure), releases, &SealingKey::from_bytes(&[7; 32]), DateTime::UNIX_EPOCH).unwrap().number
}

fn draft(figure: i64) -> ReleaseDraft {
    let mut files = BTreeMap::new();
    for (level, _, count) in LEVELS {
        let areas: Vec<Value> = (0..count).map(|at| area(level, at)).collect();
        files.insert(format!("areas/{level}.json"), serde_json::to_vec(&areas).unwrap());
        files.insert(format!("geometry/{level}.geojson"), geometry(level, count));
        files.insert(path(level), table::encode(&figures(level, count, figure)).unwrap());
    }
    ReleaseDraft { manifest: manifest(), files }
}

fn path(level: &str) -> String {
    format!("tables/{INDICATOR}.{level}.parquet")
}

fn code(level: &str, at: usize) -> String {
    let kind = match level {
        "gemeente" => "GM",
        "buurt" => "BU",
        _ => "ST",
    };
    format!("{kind}9901000{:X}", at + 1)
}

/// One area. The second buurt has a name that a spreadsheet would take for a formula.
fn area(level: &str, at: usize) -> Value {
    let name = if (level, at) == ("buurt", 1) { "=HYPERLINK(\"x\")".to_owned() } else { format!("{level} {at}") };
    let mut within = BTreeMap::new();
    if level != "gemeente" {
        within.insert("gemeente", code("gemeente", 0));
    }
    if level == "straat" {
        within.insert("buurt", code("buurt", 0));
    }
    json!({"id": at, "code": code(level, at), "name": name, "within": within, "adjacent": [],
           "bounds": [5.0, 52.0, 5.1, 52.1]})
}

fn geometry(level: &str, count: usize) -> Vec<u8> {
    let feature = |at: usize| {
        let west = 5.0 + f64::from(u32::try_from(at).unwrap()) / 100.0;
        let ring = [[west, 52.0], [west + 0.01, 52.0], [west + 0.01, 52.01], [west, 52.0]];
        json!({"type": "Feature", "id": at, "properties": {"code": code(level, at)},
               "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let features: Vec<Value> = (0..count).map(feature).collect();
    serde_json::to_vec(&json!({"type": "FeatureCollection", "features": features})).unwrap()
}

/// The figures: the last buurt and the last street deviate; the third is suppressed and the fourth zero.
fn figures(level: &str, count: usize, figure: i64) -> DraftTable {
    let codes = (0..count).map(|at| AreaCode::new(code(level, at))).collect();
    let members = vec![Member::total(), Member::of("bijstand", "ja"), Member::of("bijstand", "nee")];
    let mut made = DraftTable::new(INDICATOR, &AreaLevel::new(level), codes, PERIODS.to_vec(), members);
    for at in 0..count {
        for position in made.position(at, 0, 0)..=made.position(at, 1, 2) {
            made.cells[position] = cell(level, at, position % 3, figure);
        }
    }
    made
}

fn cell(level: &str, at: usize, member: usize, figure: i64) -> Cell {
    let whole = [1_000, 200, 800][member] * if level == "gemeente" { 12 } else { 1 };
    let count = figure * whole / 1_000;
    let value =
        |status, numerator| Cell { numerator: Some(numerator), denominator: Some(whole), ..Cell::missing(status) };
    match (level, at) {
        ("buurt", 2) => Cell { denominator: Some(whole), ..Cell::missing(CellStatus::Suppressed) },
        ("buurt", 3) => value(CellStatus::Zero, 0),
        ("buurt", 11) | ("straat", 3) => value(CellStatus::Value, count * 4),
        _ => value(CellStatus::Value, count),
    }
}

fn texts(nl: &str, en: &str) -> BTreeMap<String, String> {
    [("nl", nl), ("en", en)].map(|(language, text)| (language.to_owned(), text.to_owned())).into()
}

fn manifest() -> Manifest {
    Manifest {
        format: 1,
        town: "klein".into(),
        municipality: "Waterrijk".into(),
        number: 0,
        program: "test".into(),
        rules: rules(),
        promise: texts("Niemand is te herkennen.", "Nobody can be recognised."),
        levels: LEVELS.map(|(level, rank, areas)| entry(level, rank, areas)).to_vec(),
        indicators: vec![indicator()],
        labels: BTreeMap::from([
            ("theme=geld".into(), texts("Geld", "Money")),
            ("bijstand".into(), texts("Bijstand", "Benefit")),
            ("bijstand=ja".into(), texts("met bijstand", "with benefit")),
        ]),
        tables: LEVELS.map(|(level, ..)| table_entry(level)).to_vec(),
        sources: vec![source()],
        attack: AttackStatement {
            attacker: "A0".into(),
            cells: 102,
            primary: 0,
            exact: 0,
            below_threshold: 0,
            stages: vec!["totals".into()],
            levels: vec![LevelAttack {
                level: AreaLevel::new("buurt"),
                cells: 72,
                primary: 0,
                exact: 0,
                below_threshold: 0,
            }],
        },
        files: vec![],
    }
}

fn entry(level: &str, rank: u8, areas: usize) -> LevelEntry {
    LevelEntry {
        level: AreaLevel::new(level),
        name: texts(level, level),
        vintage: AreaVintage(2025),
        rank,
        parent: None,
        geometry: Some(format!("geometry/{level}.geojson")),
        areas,
    }
}

fn table_entry(level: &str) -> TableEntry {
    TableEntry {
        indicator: INDICATOR.into(),
        level: AreaLevel::new(level),
        path: path(level),
        periods: PERIODS.to_vec(),
        breakdowns: vec![vec!["bijstand".into()]],
    }
}

fn source() -> SourceStatement {
    SourceStatement {
        id: "register".into(),
        name: texts("Register", "Register"),
        owner: "Gemeente Waterrijk".into(),
        attribution: None,
        purpose: "beleid".into(),
        legal_basis: "e-taak".into(),
        reference_date: Some("2025-12-31".into()),
        since: Some(PERIODS[0]),
        delay_days: Some(21),
        late_days: None,
        completeness: 0.98,
        coverage: 0.99,
        level: AreaLevel::new("straat"),
    }
}

fn rules() -> Ruleset {
    Ruleset {
        name: "standaard-2026-1".into(),
        min_count: 5,
        min_count_sensitive: 10,
        min_population: BTreeMap::new(),
        max_group_share: 0.9,
        perturbation: None,
        min_completeness: 0.0,
        max_delay_days: None,
    }
}

fn indicator() -> Indicator {
    Indicator {
        id: INDICATOR.into(),
        name: texts("Schulden", "Debts"),
        description: texts("Huishoudens met schulden.", "Households in debt."),
        guidance: texts("", ""),
        does_not_say: texts("Het zegt niets over één huishouden.", "It says nothing about one household."),
        theme: "geld".into(),
        measure: Measure::Share,
        unit: "household".into(),
        unit_name: texts("%", "%"),
        per: 100.0,
        decimals: 1,
        direction: Direction::HighIsUnfavourable,
        levels: LEVELS.map(|(level, ..)| AreaLevel::new(level)).to_vec(),
        breakdowns: vec![vec!["bijstand".into()]],
        standardise: vec![],
        evidence: String::new(),
        sources: vec!["register".into()],
        sensitive: true,
        exceedance: 1.5,
        take_up: Some(TakeUp { entitled: (0.9, 1.0), helped_elsewhere: (0.0, 0.1) }),
    }
}
