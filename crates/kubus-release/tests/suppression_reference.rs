//! Our suppression beside other people's: systems N, J and U and the tables z1, z2 by
//! GaussSuppression 1.2.3, and the eight linked regions of sdcTools/UserSupport issue 136.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by unwrapping and says what it skips")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use kubus_release::attack::system::attackers::{Helpers, helped};
use kubus_release::attack::system::{BareCell, attack_system, exposed_to_singles};
use kubus_release::suppress::{suppress, suppress_against};

type System = (Vec<(u32, u32)>, Vec<BareCell>);

fn read(path: &str) -> Option<Vec<Vec<String>>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/disclosure");
    let Ok(text) = std::fs::read_to_string(folder.join(path)) else {
        eprintln!("skipped: reference {path} is not there");
        return None;
    };
    let fields = |line: &str| line.split(',').map(|field| field.trim_matches('"').to_owned()).collect();
    Some(text.lines().skip(1).map(fields).collect())
}

fn lp(name: &str) -> Option<System> {
    let x = read(&format!("lp/{name}_x.csv"))?;
    let cells = read(&format!("lp/{name}_pub.csv"))?;
    let cell =
        |f: &Vec<String>| BareCell { freq: f[0].parse().unwrap(), primary: f[1] == "TRUE", suppressed: f[2] == "TRUE" };
    let pair = |f: &Vec<String>| (f[0].parse().unwrap(), f[1].parse().unwrap());
    Some((x.iter().map(pair).collect(), cells.iter().map(cell).collect()))
}

fn secondary(cells: &[BareCell]) -> u64 {
    cells.iter().filter(|c| c.suppressed && !c.primary).count() as u64
}

#[test]
fn nothing_in_the_reference_systems_is_exposed_after_suppression_and_much_is_without_it() {
    for name in ["N1", "N2", "J2", "U2"] {
        let Some((x, cells)) = lp(name) else { return };
        let found = suppress(&x, &cells, true);
        assert!(found.exact_without > 300, "{name}: without secondary suppression {}", found.exact_without);
        assert_eq!(found.attack.exact, 0, "{name}");
        assert!(cells.iter().zip(&found.suppressed).all(|(cell, hidden)| *hidden || !cell.primary), "{name}");
        if name == "J2" {
            assert!(found.secondary <= secondary(&cells), "{name}: {} of {}", found.secondary, secondary(&cells));
        }
    }
}

/// The eight regions: which lie in a county and in a group.
fn linked() -> Option<(Vec<String>, System)> {
    let regions = read("oracle/linked8_input.csv")?;
    let expected = read("oracle/gauss_linked8_maxN3.csv")?;
    let mut x = Vec::new();
    for (cell, row) in (0u32..).zip(&expected) {
        let inside = |region: &&(usize, &Vec<String>)| row[0] == "Total" || region.1[..3].contains(&row[0]);
        let found: Vec<(usize, &Vec<String>)> = regions.iter().enumerate().collect();
        x.extend(found.iter().filter(inside).map(|(atom, _)| (u32::try_from(*atom).unwrap(), cell)));
    }
    let names = expected.iter().map(|row| row[0].clone()).collect();
    let cell = |row: &Vec<String>| BareCell {
        freq: row[1].parse().unwrap(),
        primary: row[2] == "TRUE",
        suppressed: row[3] == "TRUE",
    };
    Some((names, (x, expected.iter().map(cell).collect())))
}

#[test]
fn eight_linked_regions_need_exactly_region_n() {
    let Some((names, (x, cells))) = linked() else { return };
    let found = suppress(&x, &cells, false);
    let extra = (0..names.len()).filter(|at| found.suppressed[*at] && !cells[*at].primary);
    assert_eq!(extra.map(|at| names[at].as_str()).collect::<Vec<_>>(), ["N"]);
    assert_eq!(found.attack.exact, 0);
}

/// Region by main source, both with totals, as GaussSuppression protected it.
fn z1(most: &str, zeros: &str) -> Option<System> {
    let rows = read(&format!("oracle/gauss_z1_maxN{most}_pz{zeros}.csv"))?;
    let mut atoms: BTreeMap<(String, String), u32> = BTreeMap::new();
    for row in rows.iter().filter(|row| row[0] != "Total" && row[1] != "Total") {
        let next = u32::try_from(atoms.len()).unwrap();
        atoms.insert((row[0].clone(), row[1].clone()), next);
    }
    let mut x = Vec::new();
    for (cell, row) in (0u32..).zip(&rows) {
        let fits = |(key, value): (&String, &String)| value == "Total" || key == value;
        let inside = atoms.iter().filter(|((a, b), _)| fits((a, &row[0])) && fits((b, &row[1])));
        x.extend(inside.map(|(_, atom)| (*atom, cell)));
    }
    let cell = |row: &Vec<String>| BareCell {
        freq: row[2].parse().unwrap(),
        primary: row[3] == "TRUE",
        suppressed: row[4] == "TRUE",
    };
    Some((x, rows.iter().map(cell).collect()))
}

#[test]
fn a_two_way_table_needs_no_more_cells_than_gauss_suppression_hides() {
    for (most, zeros) in [("1", "TRUE"), ("3", "TRUE"), ("5", "TRUE"), ("1", "FALSE"), ("3", "FALSE"), ("5", "FALSE")] {
        let Some((x, cells)) = z1(most, zeros) else { return };
        let found = suppress(&x, &cells, false);
        assert_eq!(attack_system(&x, &cells, false).exact, 0, "their pattern, maxN {most} {zeros}");
        assert_eq!(found.attack.exact, 0, "maxN {most} {zeros}");
        let (ours, theirs) = (found.secondary, secondary(&cells));
        eprintln!("maxN {most} zeros {zeros}: {ours} against {theirs}");
        assert!(ours <= theirs, "maxN {most} {zeros}: {ours} against {theirs}");
    }
}

#[test]
fn showing_any_hidden_cell_of_the_linked_regions_again_is_caught() {
    let Some((_, (x, mut cells))) = linked() else { return };
    let found = suppress(&x, &cells, false);
    for at in (0..cells.len()).filter(|at| found.suppressed[*at] && !cells[*at].primary).collect::<Vec<_>>() {
        cells.iter_mut().zip(&found.suppressed).for_each(|(cell, hidden)| cell.suppressed = *hidden);
        cells[at].suppressed = false;
        assert!(attack_system(&x, &cells, false).exact > 0, "cell {at}");
    }
}

#[test]
fn showing_any_one_hidden_cell_of_a_town_again_is_caught() {
    let Some((x, mut cells)) = lp("N2") else { return };
    let found = suppress(&x, &cells, true);
    cells.iter_mut().zip(&found.suppressed).for_each(|(cell, hidden)| cell.suppressed = *hidden);
    assert_eq!((attack_system(&x, &cells, true).exact, exposed_to_singles(&x, &cells, true)), (0, 0));
    let secondary: Vec<usize> = (0..cells.len()).filter(|at| cells[*at].suppressed && !cells[*at].primary).collect();
    let missed = secondary.iter().filter(|at| {
        cells[**at].suppressed = false;
        let caught = attack_system(&x, &cells, true).exact > 0 || exposed_to_singles(&x, &cells, true) > 0;
        cells[**at].suppressed = true;
        !caught
    });
    let missed = missed.count();
    eprintln!("{missed} of {} missed", secondary.len());
    assert!(missed * 100 <= secondary.len(), "{missed} of {}", secondary.len());
}

#[test]
fn contributors_see_through_another_pattern_and_not_through_ours() {
    for name in ["N1", "J1"] {
        let Some((x, mut cells)) = lp(name) else { return };
        let theirs = helped(&x, &cells, true, Helpers::Two).len();
        let found = suppress_against(&x, &cells, true, Some(Helpers::Two));
        cells.iter_mut().zip(&found.suppressed).for_each(|(cell, hidden)| cell.suppressed = *hidden);
        eprintln!("{name}: two contributors see {theirs} cells through theirs");
        assert!(theirs > 0, "{name}");
        assert_eq!((found.attack.exact, helped(&x, &cells, true, Helpers::Two).len()), (0, 0), "{name}");
    }
}
