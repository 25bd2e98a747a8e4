//! Overlaps and gaps in boundaries, as findings. Called by [`super::level`] and [`super::load`].

use geo::{Area as _, BooleanOps};
use kubus_model::{AreaVintage, Finding};
use rayon::prelude::*;

use super::areas::Areas;
use super::assign::warning;
use super::level::Level;
use super::locate::{box_tree, near};
use crate::declaration::AreaDeclaration;

/// An overlap counts when it is more than this part of the smaller area …
const OVERLAP_SHARE: f64 = 0.01;

/// … and more than this many square metres.
const OVERLAP_METRES: f64 = 500.0;

/// A level whose surface differs by more than this part from its coarser level has gaps.
const GAP_SHARE: f64 = 0.02;

/// A finding when areas of one level overlap: how many pairs, and the first by code.
pub(crate) fn overlaps(area: &AreaDeclaration, year: AreaVintage, areas: &Areas) -> Option<Finding> {
    let tree = box_tree(areas.list.iter().map(|a| &a.shape));
    let pairs: Vec<(usize, usize)> = (0..areas.list.len())
        .into_par_iter()
        .flat_map_iter(|at| {
            let later = near(&tree, &areas.list[at].shape, 0.0).into_iter().map(|o| o as usize);
            later.filter(move |other| *other > at && overlap(areas, at, *other)).map(move |other| (at, other))
        })
        .collect();
    let (first, second) = pairs.first()?;
    let example = format!("{}, {}", areas.list[*first].code, areas.list[*second].code);
    Some(warning("area-overlap", area, year).with("count", pairs.len()).with("example", example))
}

fn overlap(areas: &Areas, a: usize, b: usize) -> bool {
    let (a, b) = (&areas.list[a].shape, &areas.list[b].shape);
    let shared = a.intersection(b).unsigned_area();
    let smaller = a.unsigned_area().min(b.unsigned_area());
    shared > OVERLAP_METRES && shared > smaller * OVERLAP_SHARE
}

/// A finding for every drawn level that covers less land and water than the municipality.
pub(crate) fn gaps(levels: &[Level<'_>]) -> Vec<Finding> {
    let drawn = |level: &&Level<'_>| level.areas.has_shapes() && level.vintage.file.is_some();
    let Some(whole) = levels.iter().find(|level| level.rank() == 0).filter(drawn) else { return Vec::new() };
    let full = surface(whole);
    let gap = |level: &Level<'_>| {
        let missing = 1.0 - surface(level) / full;
        let finding = warning("area-gap", level.declared, level.vintage.year);
        (missing > GAP_SHARE).then(|| finding.with("percent", format!("{:.0}", missing * 100.0)))
    };
    levels.iter().filter(|l| l.rank() > 0).filter(drawn).filter_map(gap).collect()
}

fn surface(level: &Level<'_>) -> f64 {
    level.areas.surface() + level.areas.water.iter().map(|w| w.shape.unsigned_area()).sum::<f64>()
}
