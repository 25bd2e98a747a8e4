//! Two manifests that differ in known ways.

use serde_json::{Value, json};

use super::*;

fn manifest() -> Value {
    json!({
        "format": 1, "town": "t", "municipality": "T", "number": 1, "program": "0",
        "rules": {"name": "r-1", "min_count": 5, "min_count_sensitive": 10, "max_group_share": 0.9,
            "min_population": {"pc6": 10}, "perturbation": null, "max_delay_days": null},
        "promise": {}, "labels": {}, "sources": [],
        "levels": [{"level": "buurt", "name": {}, "vintage": 2024, "rank": 2, "parent": null,
            "geometry": "geometry/buurt.geojson", "areas": 2}],
        "indicators": [{"id": "debts", "name": {}, "description": {}, "guidance": {}, "does_not_say": {},
            "theme": "geld", "measure": "share", "unit": "household", "unit_name": {}, "per": 100.0, "decimals": 1,
            "direction": "high_is_unfavourable", "levels": ["buurt"], "breakdowns": [], "standardise": [],
            "evidence": "", "sources": [], "sensitive": false, "exceedance": 1.5}],
        "tables": [{"indicator": "debts", "level": "buurt", "path": "tables/debts", "periods": ["2024"],
            "breakdowns": [["benefit"]]}],
        "attack": {"attacker": "A0", "cells": 2, "primary": 0, "exact": 0, "below_threshold": 0, "stages": []},
        "files": [{"path": "tables/debts", "sha256": "aa", "bytes": 1},
            {"path": "geometry/buurt.geojson", "sha256": "bb", "bytes": 1}]
    })
}

fn past(manifest: &Value, codes: &[&str]) -> Past {
    let codes = codes.iter().map(|code| kubus_model::AreaCode::new(*code)).collect();
    Past {
        manifest: serde_json::from_value(manifest.clone()).unwrap(),
        published_at: None,
        levels: Vec::new(),
        areas: BTreeMap::from([(AreaLevel::new("buurt"), codes)]),
    }
}

#[test]
fn a_release_does_not_differ_from_itself() {
    let one = past(&manifest(), &["BU1", "BU2"]);
    let found = between(&one, &one);
    assert!(found.rules.is_empty() && found.levels.is_empty() && found.indicators.is_empty());
    assert_eq!((found.tables.len(), found.tables_alike), (0, 1));
}

#[test]
fn a_changed_rule_a_new_period_and_another_area_are_told() {
    let mut later = manifest();
    later["number"] = json!(2);
    later["rules"]["min_count"] = json!(6);
    later["rules"]["min_population"] = json!({"street": 10});
    later["tables"][0]["periods"] = json!(["2024", "2025"]);
    later["files"][0]["sha256"] = json!("cc");
    later["indicators"][0]["exceedance"] = json!(1.2);
    let found = between(&past(&manifest(), &["BU1", "BU2"]), &past(&later, &["BU2", "BU3", "BU4"]));
    let rules: Vec<(&str, Option<&str>, Option<&str>)> =
        found.rules.iter().map(|r| (r.rule.as_str(), r.before.as_deref(), r.after.as_deref())).collect();
    assert_eq!(
        rules,
        [
            ("min_count", Some("5"), Some("6")),
            ("min_population.pc6", Some("10"), None),
            ("min_population.street", None, Some("10")),
        ]
    );
    let table = &found.tables[0];
    assert_eq!((table.change, table.periods_added.len(), table.figures_differ), (Change::Changed, 1, false));
    assert_eq!((found.levels[0].areas_added, found.levels[0].areas_removed), (2, 1));
    assert_eq!(found.indicators[0].parts, ["exceedance"]);
}

#[test]
fn other_figures_in_the_same_places_are_told_without_a_figure() {
    let mut later = manifest();
    later["files"][0]["sha256"] = json!("cc");
    let found = between(&past(&manifest(), &["BU1"]), &past(&later, &["BU1"]));
    assert!(found.tables[0].figures_differ && found.tables[0].periods_added.is_empty());
    let words = serde_json::to_string(&found).unwrap();
    assert!(!words.contains("numerator") && !words.contains("\"figure\""), "{words}");
}

#[test]
fn what_only_one_of_them_has_is_new_or_gone() {
    let mut later = manifest();
    later["tables"][0]["indicator"] = json!("arrears");
    let found = between(&past(&manifest(), &["BU1"]), &past(&later, &["BU1"]));
    let changes: Vec<(&str, Change)> = found.tables.iter().map(|t| (t.indicator.as_str(), t.change)).collect();
    assert_eq!(changes, [("arrears", Change::Added), ("debts", Change::Removed)]);
    assert_eq!(found.tables_alike, 0);
}
