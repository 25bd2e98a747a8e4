//! One level in the town's vintage: its areas, how they are drawn, and where each address lies.
//! Called by [`super::load`].

use geo::Coord;
use kubus_model::{AreaVintage, Finding};

use super::adjacency::{Drawing, adjacency};
use super::areas::Areas;
use super::assign::{BoundaryMap, Coded, Coder, NONE, about, warning};
use super::hull::{FEWEST, hull};
use super::{check, grid};
use crate::declaration::{AreaDeclaration, Assign, Declarations, VintageDeclaration};

/// A level in the town's vintage.
pub(crate) struct Level<'a> {
    /// What was declared.
    pub(crate) declared: &'a AreaDeclaration,
    /// The vintage that holds.
    pub(crate) vintage: &'a VintageDeclaration,
    /// Its areas.
    pub(crate) areas: Areas,
    /// How they are drawn; `None` when they are not.
    pub(crate) drawing: Option<Drawing>,
    /// For each address the position of its area; empty without addresses.
    pub(crate) of_address: Vec<u32>,
    /// For each area the positions of its neighbours.
    pub(crate) adjacent: Vec<Vec<u32>>,
}

impl Level<'_> {
    /// Fineness.
    pub(crate) const fn rank(&self) -> u8 {
        self.declared.rank
    }

    /// Whether it is a level of squares.
    pub(crate) const fn is_grid(&self) -> bool {
        matches!(self.vintage.assign, Some(Assign::Grid { .. }))
    }

    /// Whether its code comes out of the code of a finer level.
    pub(crate) const fn is_nested(&self) -> bool {
        matches!(self.vintage.assign, Some(Assign::Nested { .. }))
    }
}

/// The vintage of a level that holds in the town's year: that year's; else the newest before it,
/// unless a later one is declared, for then the boundaries changed at a time we do not know.
pub(crate) fn current(area: &AreaDeclaration, town: AreaVintage) -> Option<&VintageDeclaration> {
    let newest = super::assign::vintage_in(area, town)?;
    let replaced = area.vintages.iter().any(|v| v.year > town);
    (newest.year == town || !replaced).then_some(newest)
}

/// The levels in the town's vintage, coarse to fine, and what was found.
pub(crate) fn levels<'a>(
    declarations: &'a Declarations,
    boundaries: &BoundaryMap,
    coder: &mut Option<Coder<'_>>,
) -> (Vec<Level<'a>>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut levels = Vec::new();
    let mut declared: Vec<&AreaDeclaration> = declarations.areas.iter().collect();
    declared.sort_by_key(|a| (a.rank, a.level.clone()));
    for area in declared {
        if let Some(vintage) = current(area, declarations.town.vintage) {
            levels.push(level(area, vintage, declarations, boundaries, coder, &mut findings));
        } else {
            let finding = Finding::info("area-only-for-conversion").source(area.level.as_str());
            findings.push(finding.with("vintage", declarations.town.vintage));
        }
    }
    (levels, findings)
}

fn level<'a>(
    area: &'a AreaDeclaration,
    vintage: &'a VintageDeclaration,
    declarations: &Declarations,
    boundaries: &BoundaryMap,
    coder: &mut Option<Coder<'_>>,
    findings: &mut Vec<Finding>,
) -> Level<'a> {
    let mut areas = boundaries.get(&(area.level.clone(), vintage.year)).cloned().unwrap_or_default();
    let coded = match coder {
        Some(coder) => coder.code(area, vintage),
        None => alone(area, declarations, &areas),
    };
    let added = areas.add_codes(&coded.codes);
    if added > 0 && areas.has_shapes() {
        findings.push(warning("area-without-shape", area, vintage.year).with("count", added));
    }
    let of_address: Vec<u32> = remap(&coded, &areas);
    outside(area, vintage, &of_address, findings);
    name_whole(&mut areas, area, declarations);
    let points = coder.as_ref().map_or(&[][..], |c| &c.addresses.points);
    let drawing = draw(&mut areas, area, vintage, &of_address, points, findings);
    if drawing == Some(Drawing::Polygons) {
        findings.extend(check::overlaps(area, vintage.year, &areas));
    }
    if areas.list.is_empty() {
        findings.push(about("area-level-empty", area, vintage.year));
    }
    let adjacent = drawing.map_or_else(|| vec![Vec::new(); areas.list.len()], |d| adjacency(&areas, d));
    Level { declared: area, vintage, areas, drawing, of_address, adjacent }
}

/// Without addresses a level has the areas of its file; the municipality is there in any case.
fn alone(area: &AreaDeclaration, declarations: &Declarations, areas: &Areas) -> Coded {
    let missing = area.rank == 0 && areas.list.is_empty();
    let codes = if missing { vec![kubus_model::AreaCode::new(&declarations.town.code)] } else { Vec::new() };
    Coded { codes, of: Vec::new() }
}

fn remap(coded: &Coded, areas: &Areas) -> Vec<u32> {
    let to: Vec<u32> = coded.codes.iter().map(|code| areas.position(code).unwrap_or(NONE)).collect();
    coded.of.iter().map(|at| to.get(*at as usize).copied().unwrap_or(NONE)).collect()
}

fn outside(area: &AreaDeclaration, vintage: &VintageDeclaration, of_address: &[u32], findings: &mut Vec<Finding>) {
    let count = of_address.iter().filter(|at| **at == NONE).count();
    if count > 0 {
        let finding = warning("area-address-outside", area, vintage.year);
        findings.push(finding.with("count", count).with("of", of_address.len()));
    }
}

/// The municipality is called what the town calls it, when no file gives a name.
fn name_whole(areas: &mut Areas, area: &AreaDeclaration, declarations: &Declarations) {
    if let ([only], 0) = (areas.list.as_mut_slice(), area.rank)
        && only.name == only.code.as_str()
    {
        only.name.clone_from(&declarations.town.municipality);
    }
}

/// Gives areas a shape where their file has none: squares by their code, hulls by their addresses.
fn draw(
    areas: &mut Areas,
    area: &AreaDeclaration,
    vintage: &VintageDeclaration,
    of_address: &[u32],
    points: &[Option<Coord>],
    findings: &mut Vec<Finding>,
) -> Option<Drawing> {
    if areas.has_shapes() {
        return Some(Drawing::Polygons);
    }
    if let Some(Assign::Grid { size }) = vintage.assign {
        for square in &mut areas.list {
            square.shape = grid::square(&square.code, size).unwrap_or_else(|| square.shape.clone());
        }
        return Some(Drawing::Squares(size));
    }
    area.hull.then(|| {
        let hidden = hulls(areas, of_address, points);
        if hidden > 0 {
            let finding = Finding::info("area-hull-withheld").source(area.level.as_str());
            findings.push(finding.with("count", hidden).with("fewest", FEWEST));
        }
        Drawing::Hulls
    })
}

/// Draws hulls; returns how many areas have too few addresses to be drawn.
fn hulls(areas: &mut Areas, of_address: &[u32], points: &[Option<Coord>]) -> usize {
    let mut by_area: Vec<Vec<Coord>> = vec![Vec::new(); areas.list.len()];
    for (at, point) in of_address.iter().zip(points) {
        if let (Some(list), Some(point)) = (by_area.get_mut(*at as usize), point) {
            list.push(*point);
        }
    }
    for (one, points) in areas.list.iter_mut().zip(&by_area) {
        one.shape = hull(points);
    }
    by_area.iter().filter(|points| points.len() < FEWEST).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn area(years: &[u16]) -> AreaDeclaration {
        let vintage = |year: &u16| VintageDeclaration {
            year: AreaVintage(*year),
            file: None,
            code: None,
            label: None,
            water: None,
            condition: None,
            crs: None,
            assign: None,
        };
        AreaDeclaration {
            level: kubus_model::AreaLevel::new("buurt"),
            name: BTreeMap::new(),
            rank: 2,
            parent: None,
            hull: false,
            vintages: years.iter().map(vintage).collect(),
        }
    }

    #[test]
    fn boundaries_that_were_replaced_at_an_unknown_time_do_not_hold_in_the_towns_year() {
        let year = |years: &[u16]| current(&area(years), AreaVintage(2022)).map(|v| v.year.0);
        assert_eq!(year(&[2022, 2024]), Some(2022));
        assert_eq!(year(&[2011, 2021]), Some(2021));
        assert_eq!(year(&[2011, 2024]), None);
        assert_eq!(year(&[2024]), None);
    }
}
