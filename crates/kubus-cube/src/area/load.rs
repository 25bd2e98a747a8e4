//! The whole geography of a town, step by step: read boundaries and addresses, code the
//! addresses, make atoms, draw, and convert older vintages. Called by [`super::Geography::load`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use kubus_model::release::{AreaEntry, LevelEntry};
use kubus_model::{AreaLevel, AreaVintage, Finding};
use rayon::prelude::*;

use super::addresses::AddressTable;
use super::assign::{BoundaryMap, Coder, NONE};
use super::atom::Atoms;
use super::crosswalk::Crosswalks;
use super::drawing::{self, Drawn};
use super::level::{Level, levels};
use super::placement::placement;
use super::within::{Within, within};
use super::{Geography, boundary, check};
use crate::declaration::{Addresses, Assign, Declarations};

/// See [`Geography::load`].
pub(crate) fn load(declarations: &Declarations, deliveries: &Path) -> Geography {
    let (boundaries, mut findings) = read_boundaries(declarations, deliveries);
    let lists = read_addresses(declarations, deliveries, &mut findings);
    let (main, others) = split(lists, declarations.town.vintage);
    let mut coder = main.as_ref().map(|addresses| Coder {
        declarations,
        deliveries,
        addresses,
        others: &others,
        boundaries: &boundaries,
        known: BTreeMap::new(),
        findings: Vec::new(),
    });
    let (levels, of_levels) = levels(declarations, &boundaries, &mut coder);
    findings.extend(of_levels);
    findings.extend(check::gaps(&levels));
    let atoms = match &main {
        Some(addresses) => Atoms::of_addresses(&levels, addresses.len()),
        None => Atoms::of_areas(&levels),
    };
    let inside = within(&levels, &atoms);
    let converted =
        Crosswalks { declarations, boundaries: &boundaries, levels: &levels, atoms: &atoms, within: &inside }
            .all(&mut coder);
    findings.extend(coder.into_iter().flat_map(|c| c.findings));
    findings.extend(converted.1);
    Geography {
        crosswalks: converted.0,
        findings: once_each(findings),
        ..assemble(&levels, &atoms, &inside, main.as_ref())
    }
}

/// Every file of every vintage, in parallel; findings in the order of the declarations.
fn read_boundaries(declarations: &Declarations, deliveries: &Path) -> (BoundaryMap, Vec<Finding>) {
    let all: Vec<_> = declarations.areas.iter().flat_map(|a| a.vintages.iter().map(move |v| (a, v))).collect();
    let read: Vec<_> = all
        .par_iter()
        .map(|(area, vintage)| {
            let read = boundary::read(&area.level, vintage, deliveries);
            ((area.level.clone(), vintage.year), read)
        })
        .collect();
    let mut boundaries = BoundaryMap::new();
    let mut findings = Vec::new();
    for (key, read) in read {
        findings.extend(read.findings);
        boundaries.insert(key, read.areas);
    }
    (boundaries, findings)
}

/// Every list of addresses by its year, with the further columns that levels take codes from.
fn read_addresses(
    declarations: &Declarations,
    deliveries: &Path,
    findings: &mut Vec<Finding>,
) -> BTreeMap<AreaVintage, AddressTable> {
    let mut read = |list: &Addresses| {
        let further = further_columns(declarations, list.year);
        (list.year, AddressTable::read(list, &further, deliveries, findings))
    };
    declarations.addresses.iter().map(&mut read).collect()
}

/// Columns without a role that some level takes its codes from in a year (or in any year, for the
/// list of the town's vintage, which also serves years without a list).
fn further_columns(declarations: &Declarations, year: AreaVintage) -> Vec<String> {
    let roles = ["id", "pc6", "number", "street"];
    let vintages = declarations.areas.iter().flat_map(|a| &a.vintages);
    let wanted = vintages.filter(|v| v.year == year || year == declarations.town.vintage);
    let columns: BTreeSet<&String> = wanted
        .filter_map(|v| match &v.assign {
            Some(Assign::Column { column, .. }) if !roles.contains(&column.as_str()) => Some(column),
            _ => None,
        })
        .collect();
    columns.into_iter().cloned().collect()
}

/// The list that the atoms are made of (the town's year, else the newest before, else the oldest
/// after) and the others.
fn split(
    mut lists: BTreeMap<AreaVintage, AddressTable>,
    town: AreaVintage,
) -> (Option<AddressTable>, BTreeMap<AreaVintage, AddressTable>) {
    let before = lists.range(..=town).next_back().map(|(year, _)| *year);
    let chosen = before.or_else(|| lists.keys().next().copied());
    let main = chosen.and_then(|year| lists.remove(&year)).filter(|table| table.len() > 0);
    (main, lists)
}

/// The same file read for two levels says the same twice.
fn once_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    findings.into_iter().filter(|finding| seen.insert(finding.clone())).collect()
}

fn assemble(levels: &[Level<'_>], atoms: &Atoms, within: &Within, addresses: Option<&AddressTable>) -> Geography {
    let drawn: Vec<Option<Drawn>> = (0..levels.len())
        .into_par_iter()
        .map(|at| levels[at].drawing.map(|_| drawing::draw(&levels[at].areas, &parents(levels, within, at))))
        .collect();
    let mut geography = Geography {
        atoms: u32::try_from(atoms.len()).unwrap_or(NONE),
        addresses_of_atom: atoms.addresses.clone(),
        atom_of_address: atom_of_address(atoms, addresses),
        ..Geography::default()
    };
    for (at, (level, drawn)) in levels.iter().zip(drawn).enumerate() {
        let name = level.declared.level.clone();
        geography.levels.push(entry(level, levels, drawn.is_some()));
        geography.areas.insert(name.clone(), areas(levels, within, at, drawn.as_ref()));
        geography.area_of_atom.insert(name.clone(), atoms.area[at].clone());
        geography.placement.insert(name.clone(), placement(levels, atoms, at));
        if let Some(drawn) = drawn {
            geography.geometry.insert(name, drawn.geojson);
        }
    }
    geography
}

fn atom_of_address(atoms: &Atoms, addresses: Option<&AddressTable>) -> HashMap<String, u32> {
    let ids = addresses.into_iter().flat_map(|table| &table.ids);
    ids.cloned().zip(atoms.of_address.iter().copied()).collect()
}

fn parent_of(level: &Level<'_>, levels: &[Level<'_>]) -> Option<usize> {
    let parent = level.declared.parent.as_ref()?;
    levels.iter().position(|other| other.declared.level == *parent && other.rank() < level.rank())
}

fn parents(levels: &[Level<'_>], within: &Within, at: usize) -> Vec<Option<String>> {
    let parent = parent_of(&levels[at], levels);
    let code = |area: usize| {
        let parent = parent?;
        let position = *within[at].get(&parent)?.get(area)?;
        levels[parent].areas.list.get(position as usize).map(|a| a.code.0.clone())
    };
    (0..levels[at].areas.list.len()).map(code).collect()
}

fn entry(level: &Level<'_>, levels: &[Level<'_>], drawn: bool) -> LevelEntry {
    let name = &level.declared.level;
    LevelEntry {
        level: name.clone(),
        name: level.declared.name.clone(),
        vintage: level.vintage.year,
        rank: level.rank(),
        parent: parent_of(level, levels).map(|at| levels[at].declared.level.clone()),
        geometry: drawn.then(|| format!("geometry/{name}.geojson")),
        areas: level.areas.list.len(),
    }
}

fn areas(levels: &[Level<'_>], within: &Within, at: usize, drawn: Option<&Drawn>) -> Vec<AreaEntry> {
    let level = &levels[at];
    let one = |(id, area): (u32, &super::areas::Area)| AreaEntry {
        id,
        code: area.code.clone(),
        name: area.name.clone(),
        within: lies_in(levels, &within[at], id),
        adjacent: level.adjacent[id as usize].clone(),
        bounds: drawn.and_then(|d| d.bounds[id as usize]),
    };
    (0_u32..).zip(&level.areas.list).map(one).collect()
}

fn lies_in(
    levels: &[Level<'_>],
    within: &BTreeMap<usize, Vec<u32>>,
    area: u32,
) -> BTreeMap<AreaLevel, kubus_model::AreaCode> {
    let named = |(coarse, of): (&usize, &Vec<u32>)| {
        let position = *of.get(area as usize)?;
        let code = levels[*coarse].areas.list.get(position as usize)?.code.clone();
        Some((levels[*coarse].declared.level.clone(), code))
    };
    within.iter().filter_map(named).collect()
}
