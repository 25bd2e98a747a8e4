//! `kubus release`: from the cube in the vault to a sealed, numbered release.

use std::path::Path;

use kubus_cube::build::read_vault;
use kubus_cube::exact::Cube;
use kubus_model::{Finding, Release, Ruleset};
use kubus_release::{ReleaseRefusal, protect};
use kubus_store::open::verifying_key;
use kubus_store::{LinkKey, Published, SealingKey, list, open_release, publish};

use super::{Context, Failure, Outcome, keys_of};
use crate::arguments::Format;

pub(super) fn run(context: &Context, town: &Path, rules: Option<&Path>) -> Outcome {
    let cube = read_vault(town)?;
    let rules = rules.map_or_else(|| Ok(cube.rules.clone()), read_rules)?;
    make(context, town, &cube, &rules).map(drop)
}

/// Protects, attacks, seals and publishes.
pub(super) fn make(context: &Context, town: &Path, cube: &Cube, rules: &Ruleset) -> Result<Published, Failure> {
    let keys = keys_of(town)?;
    let key = LinkKey::load(&keys, town)?;
    let sealing = SealingKey::load_or_create(&keys, town)?;
    let releases = town.join("releases");
    let earlier = open_earlier(&releases)?;
    let stages = context.stages();
    let protected = protect(cube, rules, &key, &earlier, &|stage, done| stages.show(stage, done));
    stages.finish();
    let protected = protected.map_err(refusal)?;
    protected.findings.iter().for_each(|finding| context.complain(finding));
    let published = publish(protected.draft, &releases, &sealing, chrono::Utc::now())?;
    tell(context, &published);
    Ok(published)
}

/// A release that is refused on its sources says which; everything else says itself.
fn refusal(refusal: ReleaseRefusal) -> Failure {
    match refusal {
        ReleaseRefusal::Sources(findings) => Failure::user(findings),
        other => other.into(),
    }
}

fn open_earlier(releases: &Path) -> Result<Vec<Release>, Failure> {
    let folders = list(releases);
    if folders.is_empty() {
        return Ok(Vec::new());
    }
    let key = verifying_key(releases)?;
    folders.iter().map(|(_, folder)| Ok(open_release(folder, &key)?)).collect()
}

fn read_rules(path: &Path) -> Result<Ruleset, Failure> {
    let wrong = |reason: String| {
        Failure::user(vec![Finding::error("rules-unreadable").file(path.display().to_string()).with("reason", reason)])
    };
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    toml::from_str(&text).map_err(|e| wrong(e.to_string()))
}

fn tell(context: &Context, published: &Published) {
    let path = published.path.display().to_string();
    if context.format == Format::Json {
        context.say(&serde_json::json!({"release": published.number, "path": path}).to_string());
    } else {
        let parameters = [("number", published.number.to_string()), ("path", path)];
        context.say(&context.messages.text("release-published", &parameters));
    }
}
