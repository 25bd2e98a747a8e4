//! The direction of dependencies between our crates, as ARCHITECTURE.md has it. A new arrow is a
//! decision, not an accident.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each crate may use.
const ALLOWED: [(&str, &[&str]); 8] = [
    ("kubus-model", &[]),
    ("kubus-store", &["kubus-model"]),
    ("kubus-cube", &["kubus-model", "kubus-store"]),
    ("kubus-release", &["kubus-model", "kubus-store", "kubus-cube"]),
    ("kubus-signal", &["kubus-model"]),
    ("kubus-web", &["kubus-model", "kubus-store", "kubus-signal"]),
    ("kubus", &["kubus-model", "kubus-store", "kubus-cube", "kubus-release", "kubus-signal"]),
    ("kubus-bench", &["kubus-model", "kubus-cube", "kubus-signal"]),
];

/// Our crates with the crates of ours that they depend on, tests included.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let ours = |name: &str| ALLOWED.iter().any(|(allowed, _)| *allowed == name);
    let uses = |package: &cargo_metadata::Package| {
        let own = package.dependencies.iter().filter(|d| ours(&d.name) && d.kind != DependencyKind::Build);
        own.map(|d| d.name.clone()).collect()
    };
    metadata.packages.iter().map(|package| (package.name.to_string(), uses(package))).collect()
}

#[test]
fn crates_depend_only_on_what_the_design_allows() {
    let arrows = arrows();
    assert_eq!(arrows.len(), ALLOWED.len(), "a crate is not in the list: {:?}", arrows.keys());
    for (name, allowed) in ALLOWED {
        let extra: Vec<&String> = arrows[name].iter().filter(|used| !allowed.contains(&used.as_str())).collect();
        assert!(extra.is_empty(), "{name} may not depend on {extra:?}");
    }
}

#[test]
fn the_window_has_no_way_to_rows_or_exact_counts() {
    let arrows = arrows();
    let mut reached = BTreeSet::new();
    let mut open = vec!["kubus-web".to_owned(), "kubus-signal".to_owned()];
    while let Some(name) = open.pop() {
        open.extend(arrows[&name].iter().filter(|used| !reached.contains(*used)).cloned());
        reached.insert(name);
    }
    assert!(reached.contains("kubus-model"), "the walk over the arrows does not work");
    assert!(!reached.contains("kubus-cube") && !reached.contains("kubus-release"), "{reached:?}");
}
