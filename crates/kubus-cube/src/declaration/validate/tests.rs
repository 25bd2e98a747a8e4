//! One deliberate mistake at a time in the declarations of the demo town, and both shipped towns
//! without one.

use std::fs;
use std::path::{Path, PathBuf};

use kubus_model::{Finding, Severity};

use crate::declaration::load;

fn towns() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../towns")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if ["areas", "sources", "indicators"].iter().any(|folder| path.ends_with(folder)) {
            copy(&path, &target);
        } else if path.extension().is_some_and(|e| e == "toml") {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The demo town with `old` replaced by `new` in one file; the line of the mistake, and what is found.
fn mistake(path: &str, old: &str, new: &str) -> (u64, Vec<Finding>) {
    let town = tempfile::tempdir().unwrap();
    copy(&towns().join("demo"), town.path());
    let text = fs::read_to_string(town.path().join(path)).unwrap();
    let at = text.find(old).unwrap_or_else(|| panic!("{path} does not hold {old}"));
    fs::write(town.path().join(path), text.replacen(old, new, 1)).unwrap();
    let line = 1 + text[..at].matches('\n').count() as u64;
    let (declared, findings) = load(town.path());
    let refused = findings.iter().any(|f| f.severity == Severity::Error);
    assert_eq!(declared.is_none(), refused, "{path}: {old} -> {new}");
    (line, findings)
}

fn assert_found(code: &str, path: &str, old: &str, new: &str) -> Finding {
    let (line, findings) = mistake(path, old, new);
    let said = findings.iter().find(|f| f.code == code && f.source.as_deref() == Some(path) && f.row == Some(line));
    said.unwrap_or_else(|| panic!("{code} in {path}:{line} after {old} -> {new}; found {findings:#?}")).clone()
}

#[test]
fn the_demo_town_has_no_errors() {
    let (declared, findings) = load(&towns().join("demo"));
    assert!(declared.is_some() && findings.is_empty(), "{findings:#?}");
}

#[test]
fn non_take_up_is_a_share_with_ranges_of_shares() {
    let path = "indicators/non_take_up.toml";
    assert_found("declaration-out-of-range", path, "entitled = [0.9, 1.0]", "entitled = [0.9, 1.1]");
    assert_found("declaration-range-reversed", path, "helped_elsewhere = [0.0, 0.1]", "helped_elsewhere = [0.2, 0.1]");
    assert_found("declaration-measure-differs", path, "measure = \"share\"", "measure = \"count\"");
}

#[test]
fn almere_has_no_errors() {
    let (declared, findings) = load(&towns().join("almere"));
    assert!(declared.is_some() && findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_name_that_does_not_exist_is_found_with_the_nearest() {
    for (path, old, new, suggestion) in [
        ("town.toml", "population = \"population\"", "population = \"populatoin\"", "population"),
        ("town.toml", "column = \"tenure\"", "column = \"tenur\"", "tenure"),
        (
            "town.toml",
            "linked = { source = \"social_assistance\" }",
            "linked = { source = \"social_asistance\" }",
            "social_assistance",
        ),
        ("areas/pc4.toml", "parent = \"gemeente\"", "parent = \"gemente\"", "gemeente"),
        (
            "areas/pc4.toml",
            "assign = { kind = \"column\", column = \"pc6\"",
            "assign = { kind = \"column\", column = \"pc66\"",
            "pc6",
        ),
        ("sources/population.toml", "household = \"household\"", "household = \"houshold\"", "household"),
        ("sources/survey.toml", "weight = \"weight\"", "weight = \"wieght\"", "weight"),
        ("sources/survey.toml", "location = { level = \"buurt\"", "location = { level = \"burt\"", "buurt"),
        (
            "sources/survey.toml",
            "location = { level = \"buurt\", column = \"buurt\"",
            "location = { level = \"buurt\", column = \"burt\"",
            "buurt",
        ),
        ("sources/survey.toml", "date = { on = \"date\" }", "date = { on = \"daet\" }", "date"),
        ("indicators/problem_debt.toml", "theme = \"geld\"", "theme = \"gled\"", "geld"),
        ("indicators/problem_debt.toml", "levels = [\"gemeente\"", "levels = [\"gemeent\"", "gemeente"),
        ("indicators/problem_debt.toml", "[\"tenure\"],", "[\"tenur\"],", "tenure"),
        ("indicators/problem_debt.toml", "standardise = [\"benefit\"]", "standardise = [\"benfit\"]", "benefit"),
        (
            "indicators/problem_debt.toml",
            "source = \"early_debt_notice\"",
            "source = \"early_debt_notices\"",
            "early_debt_notice",
        ),
        ("indicators/household_size_cbs.toml", "weight = \"households\"", "weight = \"househods\"", "households"),
        ("rules.toml", "pc6 = 10", "pc66 = 10", "pc6"),
    ] {
        let found = assert_found("declaration-unknown-name", path, old, new);
        assert_eq!(found.parameters["suggestion"], suggestion, "{path}: {new}");
    }
}

#[test]
fn an_expression_that_cannot_be_used_is_found() {
    for (code, path, old, new) in [
        (
            "expression-unknown-column",
            "sources/population.toml",
            "age_group = \"CASE WHEN age <",
            "age_group = \"CASE WHEN aeg <",
        ),
        (
            "expression-unknown-column",
            "sources/population.toml",
            "household_row = \"relation",
            "household_row = \"relatoin",
        ),
        ("expression-wrong-type", "sources/cbs_kwb_buurt.toml", "where = \"kind = 'Buurt'\"", "where = \"kind\""),
        (
            "expression-query",
            "sources/cbs_kwb_buurt.toml",
            "where = \"kind = 'Buurt'\"",
            "where = \"kind = (SELECT 1)\"",
        ),
        (
            "expression-unknown-function",
            "indicators/youth_care.toml",
            "where = \"age < 18\"",
            "where = \"abss(age) < 18\"",
        ),
        (
            "expression-unknown-column",
            "indicators/problem_debt.toml",
            "with = [{ source = \"early_debt_notice\", where = \"months",
            "with = [{ source = \"early_debt_notice\", where = \"month",
        ),
        ("expression-wrong-type", "indicators/liveability.toml", "value = \"mark\"", "value = \"buurt\""),
        ("expression-not-understood", "indicators/age_65_plus.toml", "where = \"age >= 65\"", "where = \"age >= \""),
    ] {
        assert_found(code, path, old, new);
    }
}

#[test]
fn texts_and_identifiers_are_checked() {
    for (code, path, old, new) in [
        ("declaration-text-missing", "sources/survey.toml", "name = { nl =", "name = { fr ="),
        (
            "declaration-text-missing",
            "sources/survey.toml",
            "owner = \"Gemeente Waterrijk, Onderzoek\"",
            "owner = \" \"",
        ),
        (
            "declaration-text-missing",
            "indicators/problem_debt.toml",
            "evidence = \"Vroegsignalering in de Wgs (2021); gesprekken met schuldhulpverleners\"",
            "evidence = \"\"",
        ),
        ("declaration-text-missing", "town.toml", "name = { nl = \"Geld\",", "name = { nl = \"\","),
        ("declaration-id-not-file", "sources/survey.toml", "id = \"survey\"", "id = \"enquete\""),
        ("declaration-id-not-file", "areas/pc4.toml", "level = \"pc4\"", "level = \"pc5\""),
        ("declaration-bad-identifier", "indicators/residents.toml", "id = \"residents\"", "id = \"Residents\""),
        ("declaration-duplicate", "town.toml", "id = \"wonen\"", "id = \"geld\""),
        ("declaration-bad-municipality", "town.toml", "code = \"GM9901\"", "code = \"GM99\""),
        ("declaration-bad-duration", "sources/survey.toml", "retention = \"P5Y\"", "retention = \"vijf jaar\""),
    ] {
        assert_found(code, path, old, new);
    }
}

#[test]
fn declarations_that_contradict_each_other_are_found() {
    for (code, path, old, new) in [
        ("declaration-wrong-kind", "indicators/liveability.toml", "source = \"survey\"", "source = \"nuisance\""),
        ("declaration-wrong-column-type", "sources/survey.toml", "weight = \"weight\"", "weight = \"buurt\""),
        (
            "declaration-wrong-column-type",
            "sources/survey.toml",
            "date = { on = \"date\" }",
            "date = { on = \"mark\" }",
        ),
        (
            "declaration-not-linked",
            "indicators/problem_debt.toml",
            "source = \"early_debt_notice\", where = \"months >= 3\"",
            "source = \"nuisance\"",
        ),
        (
            "declaration-not-broken-down",
            "indicators/problem_debt.toml",
            "standardise = [\"benefit\"]",
            "standardise = [\"age_group\"]",
        ),
        ("declaration-not-of-unit", "indicators/problem_debt.toml", "[\"tenure\"],", "[\"age_group\"],"),
        ("declaration-measure-differs", "indicators/problem_debt.toml", "measure = \"share\"", "measure = \"rate\""),
        ("declaration-not-coarser", "areas/pc4.toml", "parent = \"gemeente\"", "parent = \"pc6\""),
    ] {
        assert_found(code, path, old, new);
    }
}

#[test]
fn a_key_that_cannot_be_missed_is_asked_for() {
    for (path, old, new) in [
        (
            "sources/survey.toml",
            "location = { level = \"buurt\", column = \"buurt\", vintage = 2025 }",
            "location = { level = \"buurt\" }",
        ),
        ("sources/survey.toml", "date = { on = \"date\" }", "date = { }"),
        (
            "indicators/problem_debt.toml",
            "levels = [\"gemeente\", \"wijk\", \"buurt\", \"pc4\", \"street\", \"grid500\", \"pc6\"]",
            "levels = []",
        ),
    ] {
        assert_found("declaration-key-needed", path, old, new);
    }
    let (_, findings) = mistake("town.toml", "column = \"tenure\"", "");
    assert!(findings.iter().any(|f| f.code == "declaration-one-of"), "{findings:#?}");
    let (_, findings) = mistake("indicators/problem_debt.toml", "counts = \"household\"", "");
    assert!(findings.iter().any(|f| f.code == "declaration-key-needed"), "{findings:#?}");
    let (_, findings) = mistake("town.toml", "population = \"population\"", "");
    assert!(findings.iter().any(|f| f.code == "declaration-no-population"), "{findings:#?}");
}

#[test]
fn numbers_out_of_range_are_found() {
    for (path, old, new) in [
        ("rules.toml", "min_count = 5", "min_count = -1"),
        ("rules.toml", "min_count_sensitive = 10", "min_count_sensitive = 4"),
        ("rules.toml", "max_group_share = 0.9", "max_group_share = 1.5"),
        ("rules.toml", "min_completeness = 0.95", "min_completeness = 95.0"),
        ("rules.toml", "variance = 2.0", "variance = 0.0"),
        ("town.toml", "vintage = 2025", "vintage = 25"),
        ("areas/pc4.toml", "year = 2025", "year = 25"),
        ("indicators/problem_debt.toml", "per = 100.0", "per = 0.0"),
        ("indicators/problem_debt.toml", "decimals = 1", "decimals = 9"),
    ] {
        assert_found("declaration-out-of-range", path, old, new);
    }
    assert_found(
        "declaration-range-reversed",
        "sources/survey.toml",
        "mark = { from = \"rapportcijfer\", type = \"integer\", range = [1.0, 10.0] }",
        "mark = { from = \"rapportcijfer\", type = \"integer\", range = [10.0, 1.0] }",
    );
}

#[test]
fn numbers_of_people_cannot_be_used_to_count_or_to_recode() {
    for (path, old, new) in [
        ("sources/population.toml", "household_row = \"relation = 'hoofd'\"", "household_row = \"person = '1'\""),
        ("sources/population.toml", "age_group = \"CASE WHEN age < 18", "age_group = \"CASE WHEN person = '1'"),
        ("indicators/age_65_plus.toml", "where = \"age >= 65\"", "where = \"person = '1'\""),
        ("town.toml", "column = \"tenure\"", "column = \"household\""),
    ] {
        let code = if path == "town.toml" { "declaration-unknown-name" } else { "expression-unknown-column" };
        assert_found(code, path, old, new);
    }
}
