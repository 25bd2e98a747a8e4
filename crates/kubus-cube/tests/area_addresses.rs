//! A small town with addresses: three neighbourhoods in 2025, of which two were one in 2024 and
//! one had another code; postcodes, a street, squares, water, and an address outside everything.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails, and says that it skips")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use kubus_cube::area::{Geography, Placement};
use kubus_cube::declaration::{Addresses, AreaDeclaration, Declarations};
use kubus_model::{AreaCode, AreaLevel, AreaVintage, Severity};
use serde::Deserialize;

const AREAS: &str = r#"
[[area]]
level = "gemeente"
name = { nl = "Gemeente" }
rank = 0
vintage = [{ year = 2025, assign = { kind = "whole" } }]

[[area]]
level = "wijk"
name = { nl = "Wijk" }
rank = 1
parent = "gemeente"
vintage = [{ year = 2025, assign = { kind = "nested", finer = "buurt" } }]

[[area]]
level = "buurt"
name = { nl = "Buurt" }
rank = 2
parent = "wijk"
vintage = [
  { year = 2024, file = { name = "buurten_2024.geojson", format = "geojson" }, code = "buurtcode", label = "buurtnaam" },
  { year = 2025, file = { name = "buurten_2025.geojson", format = "geojson" }, code = "buurtcode", label = "buurtnaam", water = "water" },
]

[[area]]
level = "pc4"
name = { nl = "Postcode 4" }
rank = 2
vintage = [{ year = 2025, assign = { kind = "column", column = "pc6", length = 4 } }]

[[area]]
level = "straat"
name = { nl = "Straat" }
rank = 3
hull = true
vintage = [{ year = 2025, assign = { kind = "column", column = "street" } }]

[[area]]
level = "pc6"
name = { nl = "Postcode" }
rank = 4
vintage = [{ year = 2025, assign = { kind = "column", column = "pc6" } }]

[[area]]
level = "vierkant100"
name = { nl = "Vierkant" }
rank = 5
vintage = [{ year = 2025, assign = { kind = "grid", size = 100 } }]

[[addresses]]
year = 2025
file = { name = "adressen.csv", format = "csv", delimiter = ";" }
id = "adres"
pc6 = "postcode"
number = "huisnummer"
street = "straat"
x = "x"
y = "y"

[town]
id = "klein"
municipality = "Klein"
code = "GM9901"
vintage = 2025

[rules]
name = "r"
min_count = 5
min_count_sensitive = 10
max_group_share = 0.9
"#;

#[derive(Deserialize)]
struct Everything {
    area: Vec<AreaDeclaration>,
    addresses: Vec<Addresses>,
    town: kubus_cube::declaration::TownDeclaration,
    rules: kubus_model::Ruleset,
}

fn declarations(text: &str) -> Declarations {
    let all: Everything = toml::from_str(text).unwrap();
    Declarations {
        town: all.town,
        areas: all.area,
        addresses: all.addresses,
        sources: Vec::new(),
        indicators: Vec::new(),
        rules: all.rules,
    }
}

/// A collection of rectangles in RD, with code, name and whether it is water.
fn rectangles(path: &Path, list: &[(&str, &str, &str, [i32; 4])]) {
    let feature = |(code, name, water, [w, s, e, n]): &(&str, &str, &str, [i32; 4])| {
        format!(
            r#"{{"type":"Feature","properties":{{"buurtcode":"{code}","buurtnaam":"{name}","water":"{water}"}},
            "geometry":{{"type":"Polygon","coordinates":[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]}}}}"#
        )
    };
    let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::28992"}}"#;
    let features: Vec<String> = list.iter().map(feature).collect();
    std::fs::write(path, format!(r#"{{"type":"FeatureCollection",{crs},"features":[{}]}}"#, features.join(",")))
        .unwrap();
}

/// Six addresses in the first neighbourhood, three in the second, five in the third, one nowhere.
fn addresses() -> Vec<(String, &'static str, &'static str, i32, i32)> {
    let mut list = Vec::new();
    let mut add = |count: i32, pc6, street, x: i32, y: i32| {
        for at in 0..count {
            list.push((format!("A{:02}", list.len()), pc6, street, x + at * 10, y));
        }
    };
    add(3, "9901AA", "Dorpsstraat", 140_410, 480_050);
    add(3, "9901AB", "Dorpsstraat", 140_450, 480_050);
    add(1, "9901AA", "Dorpsstraat", 140_510, 480_050);
    add(2, "9901AC", "Kort", 140_550, 480_450);
    add(5, "9902AA", "Laan", 140_110, 480_610);
    add(1, "9902AA", "Laan", 149_000, 480_610);
    list
}

fn deliveries() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    rectangles(
        &folder.path().join("buurten_2025.geojson"),
        &[
            ("BU99010101", "West", "NEE", [140_000, 480_000, 140_500, 480_500]),
            ("BU99010102", "Oost", "NEE", [140_500, 480_000, 141_000, 480_500]),
            ("BU99010201", "Noord", "NEE", [140_000, 480_500, 141_000, 481_000]),
            ("BU99019997", "Meer", "JA", [140_000, 481_000, 141_000, 482_000]),
        ],
    );
    rectangles(
        &folder.path().join("buurten_2024.geojson"),
        &[
            ("BU99010109", "Zuid", "NEE", [140_000, 480_000, 141_000, 480_500]),
            ("BU99010209", "Noord", "NEE", [140_000, 480_500, 141_000, 481_000]),
        ],
    );
    let mut text = "adres;postcode;huisnummer;straat;x;y\n".to_owned();
    for (number, (id, pc6, street, x, y)) in addresses().iter().enumerate() {
        writeln!(text, "{id};{pc6};{};{street};{x};{y}", number + 1).unwrap();
    }
    std::fs::write(folder.path().join("adressen.csv"), text).unwrap();
    folder
}

fn load() -> Geography {
    Geography::load(&declarations(AREAS), deliveries().path())
}

fn level(name: &str) -> AreaLevel {
    AreaLevel::new(name)
}

fn codes(geography: &Geography, name: &str) -> Vec<String> {
    geography.areas[&level(name)].iter().map(|a| a.code.0.clone()).collect()
}

#[test]
fn every_address_is_in_one_atom_and_atoms_sum_to_areas() {
    let geography = load();
    let errors: Vec<_> = geography.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(geography.atom_of_address.len(), 15);
    assert_eq!(geography.addresses_of_atom.iter().sum::<u32>(), 15);
    let mut by_neighbourhood = [0; 3];
    for (atom, area) in geography.area_of_atom[&level("buurt")].iter().enumerate() {
        if let Some(sum) = by_neighbourhood.get_mut(*area as usize) {
            *sum += geography.addresses_of_atom[atom];
        }
    }
    assert_eq!(by_neighbourhood, [6, 3, 5]);
    let outside = geography.findings.iter().find(|f| f.code == "area-address-outside").unwrap();
    assert_eq!((outside.source.as_deref(), outside.parameters["count"].as_str()), (Some("wijk"), "1"));
}

#[test]
fn levels_get_their_codes_from_columns_polygons_squares_and_nesting() {
    let geography = load();
    assert_eq!(codes(&geography, "buurt"), ["BU99010101", "BU99010102", "BU99010201"]);
    assert_eq!(codes(&geography, "wijk"), ["WK990101", "WK990102"]);
    assert_eq!(codes(&geography, "gemeente"), ["GM9901"]);
    assert_eq!(codes(&geography, "pc4"), ["9901", "9902"]);
    assert_eq!(
        codes(&geography, "vierkant100"),
        ["E1401N4806", "E1404N4800", "E1405N4800", "E1405N4804", "E1490N4806"]
    );
    let east = &geography.areas[&level("buurt")][1];
    assert_eq!(east.within[&level("wijk")], AreaCode::new("WK990101"));
    assert_eq!(geography.areas[&level("vierkant100")][1].adjacent, [2]);
    assert_eq!(east.adjacent, [0, 2]);
}

#[test]
fn water_is_drawn_and_not_listed() {
    let geography = load();
    let drawn = String::from_utf8(geography.geometry[&level("buurt")].clone()).unwrap();
    assert!(drawn.contains("BU99019997") && drawn.contains("\"water\":true"));
    assert!(!codes(&geography, "buurt").contains(&"BU99019997".to_owned()));
}

#[test]
fn a_street_of_two_addresses_is_listed_and_not_drawn() {
    let geography = load();
    let streets = &geography.areas[&level("straat")];
    let drawn: Vec<(&str, bool)> = streets.iter().map(|s| (s.code.as_str(), s.bounds.is_some())).collect();
    assert_eq!(drawn, [("Dorpsstraat", true), ("Kort", false), ("Laan", true)]);
    assert!(!String::from_utf8(geography.geometry[&level("straat")].clone()).unwrap().contains("Kort"));
}

#[test]
fn a_postcode_that_is_cut_is_placed_where_most_of_its_addresses_are() {
    let geography = load();
    let Placement { atom, estimated } = geography.placement[&level("pc6")][&AreaCode::new("9901AA")];
    assert_eq!(geography.area_of_atom[&level("buurt")][atom as usize], 0);
    assert_eq!(estimated, 250);
    assert_eq!(geography.placement[&level("pc6")][&AreaCode::new("9901AC")].estimated, 0);
}

#[test]
fn an_old_neighbourhood_is_divided_by_its_addresses_and_not_by_surface() {
    let geography = load();
    let crosswalk = &geography.crosswalks[&(level("buurt"), AreaVintage(2024), level("buurt"))];
    assert!(crosswalk.by_address);
    let shares: Vec<(u32, f64)> =
        crosswalk.parts[&AreaCode::new("BU99010109")].iter().map(|p| (p.target, p.share)).collect();
    assert_eq!(shares, [(0, 6.0 / 9.0), (1, 3.0 / 9.0)]);
    let to_district = &geography.crosswalks[&(level("buurt"), AreaVintage(2024), level("wijk"))];
    assert_eq!(to_district.parts[&AreaCode::new("BU99010109")].len(), 1);
    let renumbered = geography.findings.iter().find(|f| f.code == "area-renumbered").unwrap();
    assert_eq!(renumbered.parameters["example"], "BU99010209 → BU99010201");
}

#[test]
fn a_level_of_this_year_can_be_added_up_to_coarser_levels() {
    let geography = load();
    let crosswalk = &geography.crosswalks[&(level("pc6"), AreaVintage(2025), level("buurt"))];
    let parts = &crosswalk.parts[&AreaCode::new("9901AA")];
    assert_eq!(parts.iter().map(|p| (p.target, p.share)).collect::<Vec<_>>(), [(0, 0.75), (1, 0.25)]);
}

#[test]
fn a_lookup_says_which_addresses_it_misses_and_which_codes_do_not_exist() {
    let with_lookup = AREAS.replace(
        r#"label = "buurtnaam", water = "water" }"#,
        r#"label = "buurtnaam", water = "water", assign = { kind = "lookup", file = { name = "pc6hnr.csv", format = "pc6hnr" } } }"#,
    );
    let folder = deliveries();
    let mut text = "PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025\n".to_owned();
    for (number, (_, pc6, _, x, y)) in addresses().iter().enumerate().skip(1) {
        let code = match (number, *x < 140_500, *y < 480_500) {
            (1, ..) => 99_010_177,
            (_, true, true) => 99_010_101,
            (_, false, true) => 99_010_102,
            _ => 99_010_201,
        };
        writeln!(text, "{pc6};{};{code};990101;9901", number + 1).unwrap();
    }
    std::fs::write(folder.path().join("pc6hnr.csv"), text).unwrap();
    let geography = Geography::load(&declarations(&with_lookup), folder.path());
    let count = |code: &str| {
        let found = geography.findings.iter().find(|f| f.code == code);
        found.map(|f| f.parameters["count"].clone())
    };
    assert_eq!(count("area-lookup-missed").as_deref(), Some("1"));
    assert_eq!(count("area-lookup-unknown").as_deref(), Some("1"));
    let first = geography.atom_of_address["A00"] as usize;
    assert_eq!(geography.area_of_atom[&level("buurt")][first], 0, "the boundaries help out");
}

#[test]
fn a_file_or_column_that_is_not_there_is_an_error_that_names_it() {
    let folder = deliveries();
    std::fs::remove_file(folder.path().join("buurten_2024.geojson")).unwrap();
    let geography = Geography::load(&declarations(AREAS), folder.path());
    let error = geography.findings.iter().find(|f| f.code == "area-file-missing").unwrap();
    assert_eq!((error.severity, error.parameters["name"].as_str()), (Severity::Error, "buurten_2024.geojson"));
    let other = AREAS.replace("code = \"buurtcode\"", "code = \"nummer\"");
    let geography = Geography::load(&declarations(&other), deliveries().path());
    assert!(geography.findings.iter().any(|f| f.code == "area-column-missing"));
}

#[test]
fn no_finding_holds_an_address_or_a_postcode() {
    let geography = load();
    let text = serde_json::to_string(&geography.findings).unwrap();
    let secrets: BTreeMap<_, _> = addresses().into_iter().map(|(id, pc6, ..)| (id, pc6)).collect();
    for (id, pc6) in secrets {
        assert!(!text.contains(&id) && !text.contains(pc6), "{text}");
    }
}
