//! Which further figures to hide when the attacker finds a breach: the cheapest that break his
//! sum. Hiding is a last resort; with noise on every figure breaches are rare coincidences.

use std::collections::BTreeSet;

use super::Count;
use super::judge::Breach;
use super::surface::Surface;

/// A figure to hide: table (the caller's position), cell, and whether the denominator goes too.
pub(crate) type Hide = (usize, usize, bool);

/// The figures to hide so that none of these breaches can be repeated in the same way.
pub(crate) fn repair(surface: &Surface<'_>, breaches: &[Breach]) -> BTreeSet<Hide> {
    breaches.iter().flat_map(|breach| against(surface, breach)).collect()
}

/// A breached figure that is shown is hidden itself, unless it is the total of the coarsest level,
/// which everything needs; of a hidden one, the cheapest neighbour in each sum it is part of.
fn against(surface: &Surface<'_>, breach: &Breach) -> Vec<Hide> {
    let whole = breach.count == Count::Denominator;
    let everything = breach.face == 0 && breach.member == 0;
    if shown(surface, breach, breach.face, breach.area, breach.member).is_some() && !everything {
        let face = &surface.faces[breach.face];
        return vec![(face.id, face.table.position(breach.area, breach.period, breach.member), whole)];
    }
    neighbours(surface, breach).into_iter().map(|(id, cell)| (id, cell, whole)).collect()
}

/// The published figure of the breach's kind and period at another place.
fn shown(surface: &Surface<'_>, breach: &Breach, face: usize, area: usize, member: usize) -> Option<i64> {
    let period = surface.faces[breach.face].table.periods[breach.period];
    let table = surface.faces[face].table;
    let position = table.periods.iter().position(|p| *p == period)?;
    let cell = &table.cells[table.position(area, position, member)];
    match breach.count {
        Count::Numerator => cell.numerator,
        Count::Denominator => cell.denominator,
    }
}

/// The cheapest shown figure in each sum in which the breached cell takes part.
fn neighbours(surface: &Surface<'_>, breach: &Breach) -> Vec<(usize, usize)> {
    let mut sums: Vec<Vec<(usize, usize, usize)>> = Vec::new();
    for breakdown in &surface.breakdowns[breach.face] {
        if breakdown.whole == breach.member || breakdown.parts.contains(&breach.member) {
            sums.push(breakdown.parts.iter().map(|member| (breach.face, breach.area, *member)).collect());
        }
    }
    for nesting in &surface.nestings {
        sums.extend(areas_with(nesting, breach));
    }
    let period = surface.faces[breach.face].table.periods[breach.period];
    let cheapest = |sum: Vec<(usize, usize, usize)>| {
        sum.into_iter().filter_map(|p| Some((shown(surface, breach, p.0, p.1, p.2)?, p))).min()
    };
    let place = |(_, (face, area, member)): (i64, (usize, usize, usize))| {
        let table = surface.faces[face].table;
        let position = table.periods.iter().position(|p| *p == period)?;
        Some((surface.faces[face].id, table.position(area, position, member)))
    };
    sums.into_iter().filter_map(cheapest).filter_map(place).collect()
}

/// The areas that add up with the breached cell in a nesting, if it takes part.
fn areas_with(nesting: &super::surface::Nesting, breach: &Breach) -> Option<Vec<(usize, usize, usize)>> {
    let pair = |(fine, coarse): &&(usize, usize)| {
        (nesting.child == breach.face && *fine == breach.member)
            || (nesting.parent == breach.face && *coarse == breach.member)
    };
    let (fine, _) = nesting.members.iter().find(pair)?;
    let parent =
        if nesting.child == breach.face { nesting.to[breach.area] } else { u32::try_from(breach.area).ok()? };
    let inside = nesting.to.iter().enumerate().filter(|(_, to)| **to == parent && parent != u32::MAX);
    Some(inside.map(|(area, _)| (nesting.child, area, *fine)).collect())
}
