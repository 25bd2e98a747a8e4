//! Repeatable chance: one stream of numbers per (seed, purpose, index), so that every part of the
//! town can be drawn on its own, in any order and on any number of threads.
//!
//! Only additions, multiplications, divisions and square roots are used on floating-point numbers:
//! these are exact in IEEE 754, so a town has the same bytes on every machine.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A stream of chance for one purpose.
#[derive(Debug, Clone)]
pub(super) struct Dice(Xoshiro256PlusPlus);

/// Mixes a text and two numbers into one seed (FNV-1a, then the finaliser of SplitMix64).
fn mix(seed: u64, purpose: &str, index: u64) -> u64 {
    let start = seed ^ 0xcbf2_9ce4_8422_2325;
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = purpose.bytes().chain(index.to_le_bytes()).fold(start, step);
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// The whole part of a number between 0 and 2^53.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "cut off on purpose; callers pass 0 to 2^53"
)]
pub(super) const fn whole(value: f64) -> usize {
    value as usize
}

/// The nearest whole number, signed.
#[expect(clippy::cast_possible_truncation, reason = "rounded on purpose; callers pass values far below 2^53")]
pub(super) const fn rounded(value: f64) -> i64 {
    value.round() as i64
}

impl Dice {
    /// The stream for `purpose` and `index` in the town with this `seed`.
    pub(super) fn new(seed: u64, purpose: &str, index: usize) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(mix(seed, purpose, index as u64)))
    }

    /// A number from 0 up to but not including 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A number between `low` and `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A position below `n`; 0 when `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        whole(self.unit() * n as f64).min(n.saturating_sub(1))
    }

    /// A whole number from `low` to `high`, both counted.
    pub(super) fn range(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high + 1 - low)
    }

    /// A bell-shaped number with mean 0 and standard deviation 1 (Irwin-Hall: twelve sums).
    pub(super) fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A position, with probability proportional to its weight.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return at;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// One of the items.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// A count with about this mean and a variance just below it: many small chances.
    pub(super) fn count(&mut self, mean: f64) -> usize {
        let trials = 16 + whole(8.0 * mean);
        (0..trials).filter(|_| self.chance(mean / trials as f64)).count()
    }

    /// Puts the items in a random order (Fisher-Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_seed_purpose_and_index_and_on_nothing_else() {
        let first = |seed, purpose, index| Dice::new(seed, purpose, index).unit().to_bits();
        assert_eq!(first(1, "a", 0), first(1, "a", 0));
        assert_ne!(first(1, "a", 0), first(2, "a", 0));
        assert_ne!(first(1, "a", 0), first(1, "b", 0));
        assert_ne!(first(1, "a", 0), first(1, "a", 1));
    }

    #[test]
    fn draws_have_the_promised_means() {
        let mut dice = Dice::new(1, "test", 0);
        let n = 20_000;
        let counts: usize = (0..n).map(|_| dice.count(3.0)).sum();
        assert!((counts as f64 / f64::from(n) - 3.0).abs() < 0.05);
        let bell: f64 = (0..n).map(|_| dice.bell()).sum::<f64>() / f64::from(n);
        assert!(bell.abs() < 0.03);
        let second = (0..n).filter(|_| dice.weighted(&[1.0, 3.0]) == 1).count();
        assert!((second as f64 / f64::from(n) - 0.75).abs() < 0.02);
    }

    proptest::proptest! {
        #[test]
        fn a_range_is_kept_and_a_shuffle_loses_nothing(seed: u64, low in 0_usize..50, more in 0_usize..50) {
            let mut dice = Dice::new(seed, "range", low);
            let drawn = dice.range(low, low + more);
            proptest::prop_assert!((low..=low + more).contains(&drawn));
            let mut items: Vec<usize> = (0..more).collect();
            dice.shuffle(&mut items);
            items.sort_unstable();
            proptest::prop_assert_eq!(items, (0..more).collect::<Vec<_>>());
        }
    }
}
