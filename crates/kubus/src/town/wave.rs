//! A signal that moves: hot spots that stay in a neighbourhood for some months and then go on to one
//! beside it, as near repeats of burglaries do. The mean of many years does not show them; who looks
//! at the last months does.

use std::collections::BTreeSet;

use super::ground::Ground;
use super::random::Dice;

/// One hot spot for so many neighbourhoods.
const NEIGHBOURHOODS_PER_SPOT: usize = 10;
/// Months that a hot spot stays.
const STAYS: (usize, usize) = (5, 9);

/// The neighbourhoods (positions in [`Ground::now`]) that are hot, by month.
pub(super) fn hot(seed: u64, ground: &Ground, months: usize) -> Vec<BTreeSet<usize>> {
    let inhabited = inhabited(ground);
    let mut order: Vec<usize> = inhabited.iter().copied().collect();
    Dice::new(seed, "wave", 0).shuffle(&mut order);
    let spots = (order.len() / NEIGHBOURHOODS_PER_SPOT).max(1);
    let mut hot = vec![BTreeSet::new(); months];
    for (spot, start) in order.into_iter().take(spots).enumerate() {
        let mut dice = Dice::new(seed, "wave path", spot);
        // The first stay is cut: a hot spot was there before the first month.
        let (mut here, mut left) = (start, dice.range(1, STAYS.1));
        for month in &mut hot {
            if left == 0 || month.contains(&here) {
                let free = beside(ground, here).into_iter().filter(|n| inhabited.contains(n) && !month.contains(n));
                let free: Vec<usize> = free.collect();
                if !free.is_empty() {
                    here = dice.pick(&free);
                }
                left = dice.range(STAYS.0, STAYS.1);
            }
            month.insert(here);
            left -= 1;
        }
    }
    hot
}

/// Neighbourhoods in which anyone lives.
fn inhabited(ground: &Ground) -> BTreeSet<usize> {
    (0..ground.postcodes.len()).map(|postcode| ground.neighbourhood_of(postcode)).collect()
}

/// The neighbourhoods that touch this one.
fn beside(ground: &Ground, here: usize) -> BTreeSet<usize> {
    let of = &ground.now.of_square;
    let own = (0..of.len()).filter(|square| of[*square] == Some(here));
    let touching = own.flat_map(|square| ground.lattice.beside(square)).filter_map(|square| of[square]);
    touching.filter(|other| *other != here).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hot_spots_stay_for_months_and_go_to_a_neighbourhood_beside() {
        let ground = Ground::new(1, 60_000, 1.0);
        let hot = hot(1, &ground, 48);
        let mut moves = 0;
        for (before, after) in hot.iter().zip(&hot[1..]) {
            for arrived in after.difference(before) {
                assert!(before.iter().any(|from| beside(&ground, *from).contains(arrived)), "{arrived}");
                moves += 1;
            }
        }
        let spots = hot[0].len();
        assert!(spots >= 2 && (48 / 9 * spots / 2..=48 / 4 * spots).contains(&moves), "{spots} {moves}");
        assert_eq!(hot, super::hot(1, &ground, 48));
    }
}
