//! Almere on real input: its declarations fit the types, and the geography of 2022 with crosswalks
//! from 2011, 2017 and 2024 comes out of the files as they were published. Skips visibly where the
//! sample data is absent.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops where its preparation fails, and says that it skips"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kubus_cube::area::{Crosswalk, Geography};
use kubus_cube::declaration::{
    AreaDeclaration, Count, Declarations, IndicatorDeclaration, SourceDeclaration, TownDeclaration,
};
use kubus_cube::source::{ReadRequest, read_here};
use kubus_model::{AreaCode, AreaLevel, AreaVintage, Severity};
use serde::de::DeserializeOwned;

const FILES: [&str; 4] = [
    "cbs-almere-buurten/almere_buurten.geojson",
    "tmap-nld-2022/NLD_dist_rd.geojson.gz",
    "tmap-nld-2022/NLD_muni_rd.geojson.gz",
    "cbs-buurt-2017-2024/cbs_buurt_namen_85984.csv.gz",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn parse<T: DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parse_folder<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let folder = root().join("towns/almere").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| parse(path)).collect()
}

fn declarations() -> Declarations {
    let town = root().join("towns/almere");
    let mut areas: Vec<AreaDeclaration> = parse_folder("areas");
    areas.sort_by_key(|area| area.rank);
    Declarations {
        town: parse::<TownDeclaration>(&town.join("town.toml")),
        areas,
        addresses: Vec::new(),
        sources: parse_folder::<SourceDeclaration>("sources"),
        indicators: parse_folder::<IndicatorDeclaration>("indicators"),
        rules: parse(&town.join("rules.toml")),
    }
}

static GEOGRAPHY: LazyLock<Option<Geography>> = LazyLock::new(|| {
    let data = root().join("../shared/data");
    if !data.is_dir() {
        eprintln!("skipped: no sample data beside the project");
        return None;
    }
    let deliveries = tempfile::tempdir().unwrap();
    for file in FILES {
        let name = Path::new(file).file_name().unwrap();
        std::fs::copy(data.join(file), deliveries.path().join(name)).unwrap();
    }
    Some(Geography::load(&declarations(), deliveries.path()))
});

fn crosswalk(geography: &Geography, year: u16, level: &str) -> Crosswalk {
    let key = (AreaLevel::new("buurt"), AreaVintage(year), AreaLevel::new(level));
    geography.crosswalks.get(&key).cloned().unwrap_or_else(|| panic!("{key:?}"))
}

fn codes(geography: &Geography, crosswalk: &Crosswalk, old: &str) -> Vec<(String, f64)> {
    let districts = &geography.areas[&AreaLevel::new("wijk")];
    let named = |part: &kubus_cube::area::CrosswalkPart| (districts[part.target as usize].code.0.clone(), part.share);
    crosswalk.parts.get(&AreaCode::new(old)).into_iter().flatten().map(named).collect()
}

#[test]
fn every_indicator_refers_to_declared_sources_that_have_its_columns() {
    let declarations = declarations();
    let sources: BTreeMap<&str, &SourceDeclaration> = declarations.sources.iter().map(|s| (s.id.as_str(), s)).collect();
    assert!((12..=15).contains(&declarations.indicators.len()));
    for indicator in &declarations.indicators {
        let Count::Figures { source, also, value, denominator, weight } = &indicator.count else {
            panic!("{} is not made of figures", indicator.id)
        };
        assert!(declarations.town.themes.iter().any(|theme| theme.id == indicator.theme), "{}", indicator.id);
        for name in std::iter::once(source).chain(also) {
            let source = sources.get(name.as_str()).unwrap_or_else(|| panic!("{}: {name}", indicator.id));
            for column in [Some(value), denominator.as_ref(), weight.as_ref()].into_iter().flatten() {
                let known = source.columns.contains_key(column) || source.recodes.contains_key(column);
                assert!(known, "{}: {name} has no {column}", indicator.id);
            }
        }
    }
}

#[test]
fn every_file_that_is_read_can_be_fetched_from_a_declared_address() {
    let declarations = declarations();
    let public: Vec<&str> = declarations.sources.iter().flat_map(|s| &s.public).map(|p| p.file.as_str()).collect();
    let of_areas = declarations.areas.iter().flat_map(|a| &a.vintages).filter_map(|v| v.file.as_ref());
    for file in of_areas.chain(declarations.sources.iter().map(|s| &s.file)) {
        assert!(public.contains(&file.name.as_str()), "{}", file.name);
    }
}

#[test]
fn almere_has_71_districts_within_one_municipality() {
    let Some(geography) = GEOGRAPHY.as_ref() else { return };
    let errors: Vec<_> = geography.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let levels: Vec<&str> = geography.levels.iter().map(|l| l.level.as_str()).collect();
    assert_eq!(levels, ["gemeente", "wijk"]);
    let districts = &geography.areas[&AreaLevel::new("wijk")];
    assert_eq!((districts.len(), geography.atoms), (71, 71));
    for (id, district) in (0u32..).zip(districts) {
        assert_eq!(district.id, id);
        assert_eq!(district.within[&AreaLevel::new("gemeente")], AreaCode::new("GM0034"));
        let [west, south, east, north] = district.bounds.unwrap();
        assert!(5.0 < west && west < east && east < 5.4 && 52.2 < south && south < north && north < 52.5);
        assert!(!district.adjacent.is_empty(), "{} has no neighbour", district.name);
    }
    assert_eq!(geography.areas[&AreaLevel::new("gemeente")][0].name, "Almere");
}

#[test]
fn every_district_is_drawn_with_the_id_of_its_entry() {
    let Some(geography) = GEOGRAPHY.as_ref() else { return };
    let level = AreaLevel::new("wijk");
    let drawn: geojson::FeatureCollection = serde_json::from_slice(&geography.geometry[&level]).unwrap();
    assert_eq!(drawn.features.len(), 71);
    for feature in &drawn.features {
        let Some(geojson::feature::Id::Number(id)) = &feature.id else { panic!("no id") };
        let entry = &geography.areas[&level][usize::try_from(id.as_u64().unwrap()).unwrap()];
        assert_eq!(feature.property("code").unwrap().as_str(), Some(entry.code.as_str()));
        assert_eq!(feature.property("parent").unwrap().as_str(), Some("GM0034"));
    }
}

#[test]
fn the_shares_of_every_old_area_sum_to_one() {
    let Some(geography) = GEOGRAPHY.as_ref() else { return };
    for (key, crosswalk) in &geography.crosswalks {
        assert!(!crosswalk.by_address, "{key:?}");
        for (code, parts) in &crosswalk.parts {
            let sum: f64 = parts.iter().map(|p| p.share).sum();
            assert!((sum - 1.0).abs() < 1e-9 && parts.iter().all(|p| p.share > 0.0), "{key:?} {code}: {parts:?}");
        }
    }
}

#[test]
fn neighbourhoods_of_2011_lie_in_the_districts_that_carry_their_names() {
    let Some(geography) = GEOGRAPHY.as_ref() else { return };
    let old = crosswalk(geography, 2011, "wijk");
    assert_eq!(old.parts.len(), 63);
    assert_eq!(codes(geography, &old, "BU00340311"), [("WK003451".to_owned(), 1.0)], "Eilandenbuurt");
    let cut = codes(geography, &old, "BU00340108");
    assert_eq!(cut.iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["WK003408", "WK003411"], "De Wierden");
    assert!((cut[0].1 - 0.70).abs() < 0.02, "{cut:?}");
    let whole = old.parts.values().filter(|parts| parts.len() == 1).count();
    assert!(whole >= 45, "{whole} of 63 lie wholly in one district");
}

#[test]
fn neighbourhoods_of_2024_are_placed_by_their_code_and_not_those_of_2011() {
    let Some(geography) = GEOGRAPHY.as_ref() else { return };
    let new = crosswalk(geography, 2024, "wijk");
    assert_eq!(new.parts.len(), 238);
    assert!(new.parts.values().all(|parts| parts.len() == 1));
    assert_eq!(codes(geography, &new, "BU00340101"), [("WK003401".to_owned(), 1.0)]);
    // In 2011 BU00340102 lay in the borough WK003401; its code says nothing about 2022.
    assert_eq!(codes(geography, &crosswalk(geography, 2011, "wijk"), "BU00340102")[0].0, "WK003402");
    let municipality = crosswalk(geography, 2024, "gemeente");
    assert_eq!(municipality.parts.len(), 238);
}

#[test]
fn what_had_to_be_assumed_is_said() {
    let Some(geography) = GEOGRAPHY.as_ref() else { return };
    let said = |code: &str| geography.findings.iter().any(|f| f.code == code);
    assert!(said("area-only-for-conversion"));
    assert!(said("area-same-codes"));
    assert!(said("area-crosswalk-surface"));
}

/// Where the sample of a declared file is.
fn sample(name: &str) -> Option<PathBuf> {
    let folders = std::fs::read_dir(root().join("../shared/data")).ok()?;
    let mut found: Vec<PathBuf> = folders.map(|f| f.unwrap().path().join(name)).filter(|p| p.is_file()).collect();
    found.sort();
    found.into_iter().next()
}

#[test]
fn every_source_is_read_as_declared_and_lost_commas_are_reported() {
    let mut lost = Vec::new();
    for declared in declarations().sources {
        let Some(path) = sample(&declared.file.name) else {
            eprintln!("skipped: no sample of {}", declared.file.name);
            return;
        };
        let columns: Vec<_> = declared.columns.iter().map(|(name, column)| (name.clone(), column.clone())).collect();
        let request = ReadRequest { source: declared.id, path, file: declared.file, columns, refuse_rows: false };
        let result = read_here(&request);
        let errors: Vec<_> =
            result.findings.iter().filter(|f| f.severity == Severity::Error && f.row.is_none()).collect();
        assert!(errors.is_empty() && result.rows > 0, "{}: {errors:?}", request.source);
        for finding in result.findings.iter().filter(|f| f.code == "decimals-repaired" || f.code == "cells-refused") {
            lost.push(format!("{} {} {}", finding.code, request.source, finding.column.as_deref().unwrap_or_default()));
        }
    }
    lost.sort();
    // One of 3,426 values of p_ink_li kept its comma, so the rest cannot be repaired for certain.
    for column in ["g_hhgro", "p_ink_li"] {
        assert!(lost.contains(&format!("cells-refused gemeente_2021_2022 {column}")), "{lost:?}");
    }
    for column in ["g_ink_pi", "p_hh_osm"] {
        assert!(lost.contains(&format!("decimals-repaired gemeente_2021_2022 {column}")), "{lost:?}");
    }
}

#[test]
fn the_same_files_give_the_same_geography() {
    let Some(geography) = GEOGRAPHY.as_ref() else { return };
    let data = root().join("../shared/data");
    let deliveries = tempfile::tempdir().unwrap();
    for file in FILES {
        let name = Path::new(file).file_name().unwrap();
        std::fs::copy(data.join(file), deliveries.path().join(name)).unwrap();
    }
    let again = Geography::load(&declarations(), deliveries.path());
    assert_eq!(again.geometry, geography.geometry);
    assert_eq!(again.findings, geography.findings);
    assert_eq!(again.areas, geography.areas);
    for (key, crosswalk) in &again.crosswalks {
        assert_eq!(crosswalk.parts, geography.crosswalks[key].parts);
    }
}
