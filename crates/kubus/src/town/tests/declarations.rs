//! The declarations of the demo town fit their types and the files they speak of.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::{FluentBundle, FluentResource};
use kubus_cube::declaration::{
    Addresses, AreaDeclaration, Count, IndicatorDeclaration, SourceDeclaration, SourceFormat, TownDeclaration,
};
use kubus_model::{Direction, Ruleset};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Made, made};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressFile {
    addresses: Vec<Addresses>,
}

fn files(town: &Made, folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(town.out().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sources(town: &Made) -> Vec<SourceDeclaration> {
    files(town, "sources").iter().map(|path| read(path)).collect()
}

fn indicators(town: &Made) -> Vec<IndicatorDeclaration> {
    files(town, "indicators").iter().map(|path| read(path)).collect()
}

#[test]
fn every_declaration_fits_its_type_and_bears_the_name_of_its_file() {
    let town = made(2_000, 12, 1);
    let declared: TownDeclaration = read(&town.out().join("town.toml"));
    assert_eq!((declared.code.as_str(), declared.vintage.0), ("GM9901", 2025));
    let _: Ruleset = read(&town.out().join("rules.toml"));
    let stem = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    for path in files(&town, "areas") {
        if stem(&path) == "addresses" {
            assert_eq!(read::<AddressFile>(&path).addresses.len(), 2);
        } else {
            assert_eq!(read::<AreaDeclaration>(&path).level.as_str(), stem(&path));
        }
    }
    let names = |folder: &str| files(&town, folder).iter().map(stem).collect::<Vec<_>>();
    assert_eq!(sources(&town).into_iter().map(|s| s.id).collect::<Vec<_>>(), names("sources"));
    assert_eq!(indicators(&town).into_iter().map(|i| i.id).collect::<Vec<_>>(), names("indicators"));
    assert!((16..=24).contains(&indicators(&town).len()));
}

#[test]
fn indicators_use_only_what_is_declared() {
    let town = made(2_000, 12, 1);
    let declared: TownDeclaration = read(&town.out().join("town.toml"));
    let attributes: BTreeSet<String> = declared.attributes.into_iter().map(|a| a.id).collect();
    let themes: BTreeSet<String> = declared.themes.into_iter().map(|t| t.id).collect();
    let levels: BTreeSet<String> =
        files(&town, "areas").iter().map(|p| p.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let sources: BTreeSet<String> = sources(&town).into_iter().map(|s| s.id).collect();
    for indicator in indicators(&town) {
        let id = &indicator.id;
        assert!(themes.contains(&indicator.theme), "{id}");
        assert!(indicator.levels.iter().all(|level| levels.contains(level.as_str())), "{id}");
        assert!(indicator.breakdowns.iter().flatten().all(|a| attributes.contains(a)), "{id}");
        assert!(indicator.standardise.iter().all(|a| indicator.breakdowns.contains(&vec![a.clone()])), "{id}");
        for texts in [&indicator.name, &indicator.description, &indicator.guidance, &indicator.does_not_say] {
            assert_eq!(texts.keys().collect::<Vec<_>>(), ["en", "nl"], "{id}");
        }
        let named: Vec<String> = match indicator.count {
            Count::Units { denominator, numerator } => [Some(denominator), numerator]
                .into_iter()
                .flatten()
                .flat_map(|set| set.with.into_iter().chain(set.without))
                .map(|linked| linked.source)
                .collect(),
            Count::Events { source, .. } | Count::Survey { source, .. } => vec![source],
            Count::Figures { source, also, .. } => std::iter::once(source).chain(also).collect(),
        };
        assert!(named.iter().all(|source| sources.contains(source)), "{id}");
    }
}

#[test]
fn figures_about_who_live_somewhere_give_no_signals() {
    let town = made(2_000, 12, 1);
    let composition = ["social_assistance", "low_income", "social_rent", "age_65_plus", "living_alone", "residents"];
    let neutral = |i: &IndicatorDeclaration| !composition.contains(&i.id.as_str()) || i.direction == Direction::Neutral;
    assert!(indicators(&town).iter().all(neutral));
}

#[test]
fn every_declared_column_is_in_the_header_of_its_file() {
    let town = made(2_000, 12, 1);
    for source in sources(&town) {
        let name = source.file.name.replace('*', "2025");
        let path = town.out().join("deliveries").join(&name);
        assert!(path.exists(), "{name} is delivered");
        if source.file.format == SourceFormat::Csv {
            let bytes = fs::read(&path).unwrap();
            let text = encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned();
            let header = text.lines().next().unwrap().trim_start_matches('\u{feff}').replace("ï»¿", "");
            let columns: Vec<&str> = header.split([';', ',']).collect();
            let missing = source.columns.values().find(|column| !columns.contains(&column.from.as_str()));
            assert!(missing.is_none(), "{name}: {missing:?} not in {columns:?}");
        }
    }
}

#[test]
fn every_finding_has_a_sentence_in_dutch_and_in_english() {
    for language in ["nl", "en"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("lang/{language}/town.ftl"));
        let resource = FluentResource::try_new(fs::read_to_string(path).unwrap()).unwrap();
        let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
        bundle.add_resource(resource).unwrap();
        let codes = ["town-out-of-range", "town-foreign-files", "town-file-failed", "town-format-failed"];
        let stages = ["town-ground", "town-people", "town-deliveries", "town-done"];
        codes.into_iter().chain(stages).for_each(|code| assert!(bundle.has_message(code), "{language} {code}"));
    }
}
