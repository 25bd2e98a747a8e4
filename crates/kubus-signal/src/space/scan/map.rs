//! Maps without a pattern: as many cases, each in an area with a chance that follows from its
//! population (Walker's alias method, as Vose 1991 builds its table).

use rand::{Rng, RngExt};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::statistic::gamma_poisson::draw::gamma;

/// A table that gives an area in one draw.
struct Alias {
    keep: Vec<f64>,
    other: Vec<usize>,
}

impl Alias {
    fn new(weights: &[f64]) -> Self {
        let count = weights.len() as f64;
        let all: f64 = weights.iter().sum();
        let mut keep: Vec<f64> = weights.iter().map(|weight| weight / all * count).collect();
        let mut other: Vec<usize> = (0..weights.len()).collect();
        let (mut poor, mut rich): (Vec<usize>, Vec<usize>) = (0..weights.len()).partition(|at| keep[*at] < 1.0);
        while let (Some(low), Some(high)) = (poor.pop(), rich.pop()) {
            other[low] = high;
            keep[high] -= 1.0 - keep[low];
            if keep[high] < 1.0 { poor.push(high) } else { rich.push(high) }
        }
        poor.into_iter().chain(rich).for_each(|at| keep[at] = 1.0);
        Self { keep, other }
    }

    fn draw(&self, random: &mut Xoshiro256PlusPlus) -> usize {
        let wide = u128::from(random.next_u64()) * self.keep.len() as u128;
        #[expect(clippy::cast_possible_truncation, reason = "below the number of areas")]
        let at = (wide >> 64) as usize;
        if random.random::<f64>() < self.keep[at] { at } else { self.other[at] }
    }
}

/// Gives the area of each of `cases` cases. With a spread above zero the areas get a rate of
/// their own first: a Gamma with mean one and that variance.
pub(super) fn fill(
    expected: &[f64],
    cases: u32,
    spread: f64,
    random: &mut Xoshiro256PlusPlus,
    mut take: impl FnMut(usize),
) {
    let shape = 1.0 / spread;
    let weights: Vec<f64> = if spread > 0.0 {
        expected.iter().map(|expected| expected * gamma(random, shape, shape)).collect()
    } else {
        expected.to_vec()
    };
    let alias = Alias::new(&weights);
    (0..cases).for_each(|_| take(alias.draw(random)));
}
