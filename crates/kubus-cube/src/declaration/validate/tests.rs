#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::path::{Path, PathBuf};

use kubus_model::{Finding, Severity};

use crate::declaration::load;

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../towns").join(name)
}

/// The demo town with one text replaced by another in one file.
fn with(file: &str, old: &str, new: &str) -> Vec<Finding> {
    let town = tempfile::tempdir().unwrap();
    for folder in ["areas", "sources", "indicators"] {
        std::fs::create_dir_all(town.path().join(folder)).unwrap();
        for entry in std::fs::read_dir(shipped("demo").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, town.path().join(folder).join(path.file_name().unwrap())).unwrap();
        }
    }
    for name in ["town.toml", "rules.toml"] {
        std::fs::copy(shipped("demo").join(name), town.path().join(name)).unwrap();
    }
    let path = town.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{file} does not hold {old}");
    std::fs::write(&path, text.replacen(old, new, 1)).unwrap();
    load(town.path()).1
}

#[test]
fn the_shipped_towns_are_accepted() {
    for name in ["demo", "almere"] {
        let (declarations, findings) = load(&shipped(name));
        assert_eq!(findings, [], "{name}");
        assert!(declarations.is_some(), "{name}");
    }
}

#[test]
fn one_mistake_gives_one_finding_with_its_file_and_line() {
    let debt = "indicators/problem_debt.toml";
    let people = "sources/population.toml";
    let cases = [
        ("town.toml", "population = \"population\"", "population = \"populatoin\"", "declaration-unknown-name"),
        ("town.toml", "column = \"tenure\"", "column = \"tenur\"", "declaration-unknown-name"),
        ("town.toml", "linked = { source = \"social_assistance\" }", "", "declaration-column-or-linked"),
        ("town.toml", "{ id = \"ja\", name", "{ id = \"jaa\", name", "declaration-unknown-name"),
        ("town.toml", "id = \"midden\"", "id = \"laag\"", "declaration-double"),
        ("town.toml", "name = { nl = \"Geld\", en", "name = { nl = \"\", en", "declaration-no-dutch"),
        ("areas/buurt.toml", "parent = \"wijk\"", "parent = \"wijkje\"", "declaration-unknown-name"),
        ("areas/buurt.toml", "level = \"buurt\"", "level = \"buurtje\"", "declaration-id-differs"),
        (people, "date = { on = \"reference_date\" }", "date = { on = \"date\" }", "declaration-unknown-name"),
        (people, "level = \"address\"", "level = \"adres\"", "declaration-unknown-name"),
        (people, "date = { on = \"reference_date\" }", "", "declaration-needs"),
        (people, "WHEN age < 18", "WHEN aeg < 18", "expression-unknown-column"),
        (people, "\"relation = 'hoofd'\"", "\"relation\"", "expression-wrong-type"),
        (people, "\"relation = 'hoofd'\"", "\"person = '1'\"", "expression-unknown-column"),
        (debt, "theme = \"geld\"", "theme = \"gelt\"", "declaration-unknown-name"),
        (debt, "levels = [\"gemeente\"", "levels = [\"gemente\"", "declaration-unknown-name"),
        (debt, "standardise = [\"benefit\"]", "standardise = [\"income_class\"]", "declaration-unknown-name"),
        (debt, "where = \"months >= 3\"", "where = \"(SELECT 1)\"", "expression-query"),
        (debt, "where = \"months >= 3\"", "where = \"random() > 0.5\"", "expression-unknown-function"),
        ("indicators/liveability.toml", "value = \"mark\"", "value = \"unsafe\"", "expression-wrong-type"),
        ("indicators/residents_cbs.toml", "value = \"residents\"", "value = \"inwoners\"", "declaration-unknown-name"),
        ("rules.toml", "pc6 = 10", "pc7 = 10", "declaration-unknown-name"),
    ];
    for (file, old, new, code) in cases {
        let findings = with(file, old, new);
        let first = findings.first().unwrap_or_else(|| panic!("{file}: {new} is accepted"));
        assert_eq!(first.code, code, "{file}: {new}: {findings:?}");
        assert_eq!(first.severity, Severity::Error);
        assert_eq!(first.source.as_deref(), Some(file), "{new}");
        assert!(first.row.is_some() || new.is_empty(), "{file}: {new} has no line");
    }
}

#[test]
fn a_slip_of_the_pen_comes_with_what_was_probably_meant() {
    let findings = with("town.toml", "column = \"tenure\"", "column = \"tenur\"");
    assert_eq!(findings[0].parameters["suggestion"], "tenure");
    let line = std::fs::read_to_string(shipped("demo").join("town.toml")).unwrap();
    let line = line.lines().position(|l| l == "column = \"tenure\"").unwrap() as u64 + 1;
    assert_eq!(findings[0].row, Some(line));
}
