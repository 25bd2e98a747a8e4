//! Reads the folder of declarations. Called through [`super::load`].

use std::collections::BTreeMap;
use std::path::Path;

use kubus_model::{Finding, Ruleset};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::parse::parse;
use super::validate::validate;
use super::{Addresses, Declarations, IndicatorDeclaration, SourceDeclaration, TownDeclaration};

/// `areas/addresses.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressFile {
    #[serde(default)]
    addresses: Vec<Addresses>,
}

/// The texts read so far, by their path in the town folder, and what was found.
#[derive(Debug, Default)]
struct Reading {
    texts: BTreeMap<String, String>,
    findings: Vec<Finding>,
}

/// See [`super::load`].
pub(crate) fn load(town: &Path) -> (Option<Declarations>, Vec<Finding>) {
    let mut reading = Reading::default();
    let declarations = reading.all(town);
    match declarations {
        Some(mut declarations) if reading.findings.is_empty() => {
            sort(&mut declarations);
            let findings = validate(&declarations, &reading.texts);
            let refused = findings.iter().any(|f| f.severity == kubus_model::Severity::Error);
            (if refused { None } else { Some(declarations) }, findings)
        }
        _ => (None, reading.findings),
    }
}

impl Reading {
    fn all(&mut self, town: &Path) -> Option<Declarations> {
        let declared: Option<TownDeclaration> = self.one(town, "town.toml");
        let rules: Option<Ruleset> = self.one(town, "rules.toml");
        let areas = self.folder(town, "areas", |name| name != "addresses.toml");
        let addresses = if town.join("areas/addresses.toml").exists() {
            self.one::<AddressFile>(town, "areas/addresses.toml").map_or_else(Vec::new, |file| file.addresses)
        } else {
            Vec::new()
        };
        let sources: Vec<SourceDeclaration> = self.folder(town, "sources", |_| true);
        let indicators: Vec<IndicatorDeclaration> = self.folder(town, "indicators", |_| true);
        Some(Declarations { town: declared?, areas, addresses, sources, indicators, rules: rules? })
    }

    /// Every `.toml` file of a folder that `wanted` accepts, by name.
    fn folder<T: DeserializeOwned>(&mut self, town: &Path, folder: &str, wanted: fn(&str) -> bool) -> Vec<T> {
        let entries = std::fs::read_dir(town.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.retain(|name| name.ends_with(".toml") && wanted(name));
        names.sort();
        if names.is_empty() {
            self.findings.push(Finding::error("declaration-folder-empty").source(format!("{folder}/")));
        }
        names.iter().filter_map(|name| self.one(town, &format!("{folder}/{name}"))).collect()
    }

    fn one<T: DeserializeOwned>(&mut self, town: &Path, path: &str) -> Option<T> {
        let text = match std::fs::read_to_string(town.join(path)) {
            Ok(text) => text,
            Err(error) => {
                self.findings.push(unreadable(path, &error));
                return None;
            }
        };
        let (value, findings) = parse(&text);
        self.findings.extend(findings.into_iter().map(|f| placed(f, path)));
        self.texts.insert(path.to_owned(), text);
        value
    }
}

fn unreadable(path: &str, error: &std::io::Error) -> Finding {
    let code = match error.kind() {
        std::io::ErrorKind::NotFound => "declaration-file-missing",
        _ => "declaration-file-unreadable",
    };
    placed(Finding::error(code).with("reason", error), path)
}

/// Names the declaration file: its path in the town folder as source, its bare name as file.
pub(super) fn placed(finding: Finding, path: &str) -> Finding {
    let name = path.rsplit('/').next().unwrap_or(path);
    finding.source(path).file(name)
}

/// Areas coarse to fine, indicators by theme (in the town's order) and identifier.
fn sort(declarations: &mut Declarations) {
    declarations.areas.sort_by(|a, b| (a.rank, &a.level).cmp(&(b.rank, &b.level)));
    declarations.sources.sort_by(|a, b| a.id.cmp(&b.id));
    let themes: Vec<String> = declarations.town.themes.iter().map(|t| t.id.clone()).collect();
    let place = |theme: &str| themes.iter().position(|t| t == theme).unwrap_or(themes.len());
    declarations.indicators.sort_by(|a, b| (place(&a.theme), &a.id).cmp(&(place(&b.theme), &b.id)));
}
