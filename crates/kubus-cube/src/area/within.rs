//! In which coarser area each area lies: where most of its addresses are; without addresses, by
//! code or by surface. Called by [`super::load`] and [`super::crosswalk`].

use std::collections::BTreeMap;

use super::assign::NONE;
use super::atom::{Atoms, holds};
use super::level::Level;

/// For each level, for each coarser level (by its position), the area that each area lies in.
pub(crate) type Within = Vec<BTreeMap<usize, Vec<u32>>>;

/// The number of addresses that each pair of areas of two levels share.
pub(crate) fn shared(atoms: &Atoms, fine: usize, coarse: usize, areas: usize) -> Vec<BTreeMap<u32, u64>> {
    let mut found = vec![BTreeMap::new(); areas];
    let pairs = atoms.area[fine].iter().zip(&atoms.area[coarse]).zip(&atoms.addresses);
    for ((one, other), addresses) in pairs {
        if let (Some(map), true) = (found.get_mut(*one as usize), *other != NONE) {
            *map.entry(*other).or_insert(0) += u64::from(*addresses);
        }
    }
    found
}

/// The key with the largest weight; the smallest key among equals.
pub(crate) fn heaviest(weights: &BTreeMap<u32, u64>) -> Option<u32> {
    weights.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(key, _)| *key)
}

/// Fills the whole table.
pub(crate) fn within(levels: &[Level<'_>], atoms: &Atoms) -> Within {
    let of = |fine: usize| {
        let coarser = (0..levels.len()).filter(|coarse| levels[*coarse].rank() < levels[fine].rank());
        coarser.map(|coarse| (coarse, lies_in(levels, atoms, fine, coarse))).collect()
    };
    (0..levels.len()).map(of).collect()
}

fn lies_in(levels: &[Level<'_>], atoms: &Atoms, fine: usize, coarse: usize) -> Vec<u32> {
    let by_address = shared(atoms, fine, coarse, levels[fine].areas.list.len());
    let mut found: Vec<u32> = by_address.iter().map(|weights| heaviest(weights).unwrap_or(NONE)).collect();
    if found.contains(&NONE) {
        let otherwise = holds(&levels[fine], &levels[coarse]);
        found.iter_mut().zip(otherwise).filter(|(at, _)| **at == NONE).for_each(|(at, other)| *at = other);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_addresses_decide_and_the_first_area_wins_a_tie() {
        assert_eq!(heaviest(&BTreeMap::from([(3, 5), (1, 9), (2, 9)])), Some(1));
        assert_eq!(heaviest(&BTreeMap::new()), None);
    }

    #[test]
    fn addresses_without_an_area_weigh_nothing() {
        let atoms =
            Atoms { area: vec![vec![0, 0, NONE], vec![1, NONE, 1]], addresses: vec![4, 9, 7], of_address: vec![] };
        assert_eq!(shared(&atoms, 0, 1, 1), vec![BTreeMap::from([(1, 4)])]);
    }
}
