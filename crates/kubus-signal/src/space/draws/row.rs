//! Rows in random order, one at a time: the Fisher–Yates shuffle, stopped early. What an earlier
//! row left behind is as good a start as any.

use rand::Rng;

/// Puts one of the values from `drawn` on in that place, each with the same chance, and gives it.
pub(super) fn next<T: Copy>(values: &mut [T], drawn: usize, random: &mut impl Rng) -> T {
    let other = drawn + below(values.len() - drawn, random);
    values.swap(drawn, other);
    values[drawn]
}

/// A whole number below `bound`, each with the same chance (Lemire 2019). Areas are numbered with
/// 32 bits, so `bound` fits.
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn below(bound: usize, random: &mut impl Rng) -> usize {
    let bound = bound as u32;
    let mut wide = u64::from(random.next_u32()) * u64::from(bound);
    if (wide as u32) < bound {
        let uneven = bound.wrapping_neg() % bound;
        while (wide as u32) < uneven {
            wide = u64::from(random.next_u32()) * u64::from(bound);
        }
    }
    (wide >> 32) as usize
}
