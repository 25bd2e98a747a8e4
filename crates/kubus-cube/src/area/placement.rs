//! Where a row with only the code of an area is placed: in one atom of that area. Going from
//! coarse to fine, the area that holds most of its addresses is chosen at every coarser level, so
//! that the row is right at each of them as often as can be. Squares are no reason to move a row.
//! Called by [`super::load`].

use std::collections::{BTreeMap, HashMap};

use kubus_model::AreaCode;

use super::Placement;
use super::assign::NONE;
use super::atom::Atoms;
use super::level::Level;
use super::within::heaviest;

/// The placement of every area of a level that has an atom.
pub(crate) fn placement(levels: &[Level<'_>], atoms: &Atoms, level: usize) -> HashMap<AreaCode, Placement> {
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); levels[level].areas.list.len()];
    for (atom, area) in (0_u32..).zip(&atoms.area[level]) {
        if let Some(list) = members.get_mut(*area as usize) {
            list.push(atom);
        }
    }
    let coarser = |at: &usize| levels[*at].rank() < levels[level].rank() && !levels[*at].is_grid();
    let chain: Vec<usize> = (0..levels.len()).filter(coarser).collect();
    let codes = levels[level].areas.list.iter().map(|a| a.code.clone());
    codes.zip(members).filter_map(|(code, atoms_in)| Some((code, place(atoms, &chain, atoms_in)?))).collect()
}

fn place(atoms: &Atoms, chain: &[usize], mut candidates: Vec<u32>) -> Option<Placement> {
    let all = weight(atoms, &candidates);
    for level in chain {
        let mut weights: BTreeMap<u32, u64> = BTreeMap::new();
        for atom in &candidates {
            let area = atoms.area[*level][*atom as usize];
            *weights.entry(area).or_insert(0) += u64::from(atoms.addresses[*atom as usize]);
        }
        weights.retain(|area, _| *area != NONE);
        if let Some(chosen) = heaviest(&weights) {
            candidates.retain(|atom| atoms.area[*level][*atom as usize] == chosen);
        }
    }
    let inside = weight(atoms, &candidates);
    let weights = candidates.iter().map(|atom| (*atom, u64::from(atoms.addresses[*atom as usize])));
    let atom = heaviest(&weights.collect())?;
    let estimated = u16::try_from((all - inside) * 1000 / all.max(1)).unwrap_or(1000);
    Some(Placement { atom, estimated })
}

fn weight(atoms: &Atoms, list: &[u32]) -> u64 {
    list.iter().map(|atom| u64::from(atoms.addresses[*atom as usize])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atoms(coarse: Vec<u32>, addresses: Vec<u32>) -> Atoms {
        Atoms { area: vec![coarse], addresses, of_address: Vec::new() }
    }

    #[test]
    fn a_postcode_that_is_cut_by_a_border_is_placed_where_most_addresses_are() {
        // Two atoms of 6 in area 1 outweigh one of 8 in area 0.
        let placed = place(&atoms(vec![0, 1, 1], vec![8, 6, 6]), &[0], vec![0, 1, 2]).unwrap();
        assert_eq!(placed, Placement { atom: 1, estimated: 400 });
    }

    #[test]
    fn a_postcode_within_one_area_is_placed_without_an_estimate() {
        let placed = place(&atoms(vec![3, 3], vec![1, 2]), &[0], vec![0, 1]).unwrap();
        assert_eq!(placed, Placement { atom: 1, estimated: 0 });
    }

    #[test]
    fn an_area_without_addresses_has_no_placement() {
        assert_eq!(place(&atoms(vec![], vec![]), &[0], vec![]), None);
    }
}
