//! Identifiers: written as agreed, equal to the name of their file, each once.

use std::collections::BTreeSet;

use kubus_model::Finding;

use super::{Check, Place};

/// Longest identifier.
const LONGEST: usize = 60;

pub(super) fn check(check: &mut Check<'_>) {
    let declared = check.declared;
    each(check, "sources", "id", declared.sources.iter().map(|s| s.id.as_str()));
    each(check, "indicators", "id", declared.indicators.iter().map(|i| i.id.as_str()));
    each(check, "areas", "level", declared.areas.iter().map(|a| a.level.as_str()));
    let town = Place::file("town.toml");
    identifier(check, &town.key("id"), &declared.town.id.replace('-', "_"));
    let attributes = declared.town.attributes.iter().map(|a| a.id.as_str());
    unique(check, &town.key("attribute"), attributes);
    unique(check, &town.key("theme"), declared.town.themes.iter().map(|t| t.id.as_str()));
}

/// Every file of a folder carries the identifier that its name says.
fn each<'i>(check: &mut Check<'_>, folder: &str, key: &str, ids: impl Iterator<Item = &'i str>) {
    let ids: BTreeSet<&str> = ids.collect();
    for (path, text) in check.texts {
        let Some(name) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) else { continue };
        let table: toml::Table = text.parse().unwrap_or_default();
        let Some(id) = table.get(key).and_then(toml::Value::as_str).filter(|id| ids.contains(id)) else { continue };
        let place = Place::file(path).key(key);
        identifier(check, &place, id);
        let expected = name.trim_end_matches(".toml");
        if id != expected {
            check.found(&place, Finding::error("declaration-id-not-file").with("id", id).with("expected", expected));
        }
    }
}

/// Small letters, digits and underscores, a letter first.
pub(super) fn identifier(check: &mut Check<'_>, place: &Place, id: &str) {
    let letters = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !letters || id.len() > LONGEST || !id.starts_with(|c: char| c.is_ascii_lowercase()) {
        check.found(place, Finding::error("declaration-bad-identifier").with("id", id));
    }
}

/// No two entries of an array have the same identifier.
pub(super) fn unique<'i>(check: &mut Check<'_>, place: &Place, ids: impl Iterator<Item = &'i str>) {
    let mut seen = BTreeSet::new();
    for (at, id) in ids.enumerate() {
        if !seen.insert(id) {
            check.found(&place.key(at).key("id"), Finding::error("declaration-duplicate").with("id", id));
        }
    }
}
