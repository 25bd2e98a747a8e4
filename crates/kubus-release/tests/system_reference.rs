//! The attacker against other people's suppression patterns: how many sensitive cells are exposed.
//!
//! `N`: nested areas; `J`: nested and grid protected jointly; `U`: protected separately and then
//! published together. Patterns by GaussSuppression 1.2.3.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by unwrapping and says what it skips")]

use std::path::PathBuf;

use kubus_release::attack::system::{BareAttack, BareCell, attack_system};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/disclosure")
}

fn read(path: &str) -> Option<String> {
    let found = std::fs::read_to_string(folder().join(path)).ok();
    if found.is_none() {
        eprintln!("skipped: reference {path} is not there");
    }
    found
}

fn attack(name: &str) -> Option<BareAttack> {
    let pair = |line: &str| line.split_once(',').map(|(i, j)| (i.parse().unwrap(), j.parse().unwrap()));
    let cell = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        BareCell { freq: fields[0].parse().unwrap(), primary: fields[1] == "TRUE", suppressed: fields[2] == "TRUE" }
    };
    let x: Vec<(u32, u32)> = read(&format!("lp/{name}_x.csv"))?.lines().skip(1).filter_map(pair).collect();
    let cells: Vec<BareCell> = read(&format!("lp/{name}_pub.csv"))?.lines().skip(1).map(cell).collect();
    Some(attack_system(&x, &cells, true))
}

#[test]
fn exactly_the_exposed_cells_of_the_reference_are_found() {
    for (name, exact) in [("N1", 0), ("N2", 9), ("J1", 0), ("J2", 0), ("U1", 411), ("U2", 513)] {
        let Some(found) = attack(name) else { return };
        assert_eq!(found.exact, exact, "{name}");
    }
}

/// Figures of the solver that looked for the widest range of every cell.
#[test]
fn stopping_early_gives_the_figures_of_the_full_search() {
    for (name, figures) in [("J1", (0, 487, 619)), ("U1", (411, 925, 944))] {
        let Some(found) = attack(name) else { return };
        assert_eq!((found.exact, found.width_le_2, found.below_threshold), figures, "{name}");
    }
}
