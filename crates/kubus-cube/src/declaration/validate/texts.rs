//! Identifiers equal their file's name and are there once; every text is there in Dutch.

use kubus_model::Finding;

use super::super::{AttributeDeclaration, Texts};
use super::{Check, area_file, indicator_file, source_file};

pub(super) fn check(check: &mut Check<'_>) {
    let declared = check.declarations;
    for source in &declared.sources {
        identifier(check, &source_file(&source.id), &source.id);
        dutch(check, &source_file(&source.id), "name", &source.name);
    }
    for area in &declared.areas {
        identifier(check, &area_file(area.level.as_str()), area.level.as_str());
        dutch(check, &area_file(area.level.as_str()), "name", &area.name);
    }
    for indicator in &declared.indicators {
        let file = indicator_file(&indicator.id);
        identifier(check, &file, &indicator.id);
        let texts = [
            ("name", &indicator.name),
            ("description", &indicator.description),
            ("guidance", &indicator.guidance),
            ("does_not_say", &indicator.does_not_say),
            ("unit", &indicator.unit),
        ];
        texts.iter().for_each(|(key, text)| dutch(check, &file, key, text));
    }
    for (at, attribute) in declared.town.attributes.iter().enumerate() {
        self::attribute(check, at, attribute);
    }
    for (at, theme) in declared.town.themes.iter().enumerate() {
        dutch(check, "town.toml", &format!("theme.{at}.name"), &theme.name);
    }
}

fn attribute(check: &mut Check<'_>, at: usize, attribute: &AttributeDeclaration) {
    dutch(check, "town.toml", &format!("attribute.{at}.name"), &attribute.name);
    for (value_at, value) in attribute.values.iter().enumerate() {
        let key = format!("attribute.{at}.values.{value_at}");
        dutch(check, "town.toml", &format!("{key}.name"), &value.name);
        if attribute.values[..value_at].iter().any(|earlier| earlier.id == value.id) {
            check.report(
                "town.toml",
                &format!("{key}.id"),
                Finding::error("declaration-double").with("name", &value.id),
            );
        }
    }
}

/// The file in which the identifier stands must bear its name.
fn identifier(check: &mut Check<'_>, file: &str, id: &str) {
    if check.texts.contains_key(file) {
        return;
    }
    let folder = file.split('/').next().unwrap_or_default();
    let quoted = format!("\"{id}\"");
    let holder = check.texts.iter().find(|(path, text)| path.starts_with(folder) && text.contains(&quoted));
    let holder = holder.map_or_else(|| file.to_owned(), |(path, _)| path.clone());
    let key = if folder == "areas" { "level" } else { "id" };
    check.report(&holder, key, Finding::error("declaration-id-differs").with("name", id).with("expected", file));
}

fn dutch(check: &mut Check<'_>, file: &str, key: &str, texts: &Texts) {
    if texts.get("nl").is_none_or(|text| text.trim().is_empty()) {
        check.report(file, key, Finding::error("declaration-no-dutch"));
    }
}
