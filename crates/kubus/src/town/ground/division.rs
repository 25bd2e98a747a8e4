//! Dividing squares among seeds: each seed grows over land until it meets another (Dijkstra with
//! random costs per square, so that borders are irregular and every part is connected).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Lattice;

/// `count` of the squares that lie far apart: each next one is farthest from those chosen.
pub(super) fn spread(lattice: &Lattice, among: &[usize], count: usize) -> Vec<usize> {
    let Some(first) = among.get(among.len() / 2) else { return Vec::new() };
    let mut chosen = vec![*first];
    let mut nearest: Vec<usize> = among.iter().map(|s| lattice.distance(*s, *first)).collect();
    while chosen.len() < count.min(among.len()) {
        let farthest = (0..among.len()).max_by_key(|at| (nearest[*at], Reverse(*at))).unwrap_or_default();
        chosen.push(among[farthest]);
        for (at, square) in among.iter().enumerate() {
            nearest[at] = nearest[at].min(lattice.distance(*square, among[farthest]));
        }
    }
    chosen
}

/// The seed (its position) to which each square of `among` belongs; `None` for other squares. A
/// square that no seed can reach belongs to the nearest.
pub(super) fn grow(
    lattice: &Lattice,
    among: &[usize],
    seeds: &[usize],
    cost: impl Fn(usize, usize) -> u32,
) -> Vec<Option<usize>> {
    let mut open = vec![false; lattice.len()];
    among.iter().for_each(|square| open[*square] = true);
    let mut owner = vec![None; lattice.len()];
    let mut queue: BinaryHeap<_> = seeds.iter().enumerate().map(|(at, seed)| Reverse((0_u32, *seed, at))).collect();
    while let Some(Reverse((spent, square, seed))) = queue.pop() {
        if owner[square].is_some() {
            continue;
        }
        owner[square] = Some(seed);
        let free = lattice.beside(square).into_iter().filter(|next| open[*next] && owner[*next].is_none());
        queue.extend(free.map(|next| Reverse((spent + cost(next, seed), next, seed))));
    }
    for square in among.iter().filter(|s| owner[**s].is_none()).copied().collect::<Vec<_>>() {
        owner[square] = (0..seeds.len()).min_by_key(|at| lattice.distance(square, seeds[*at]));
    }
    owner
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_square_gets_one_seed_and_every_seed_keeps_its_own(seed: u64, count in 1_usize..9) {
            let lattice = Lattice::new(seed, 60);
            let all: Vec<usize> = (0..lattice.len()).collect();
            let seeds = spread(&lattice, &all, count);
            let owner = grow(&lattice, &all, &seeds, |_, _| 1);
            proptest::prop_assert!(owner.iter().all(Option::is_some));
            for (at, square) in seeds.iter().enumerate() {
                proptest::prop_assert_eq!(owner[*square], Some(at));
            }
        }
    }
}
