//! From a cell's key to the uniform number that picks its noise.
//!
//! A cell's key is the wrapping sum of its records' keys. Sums are related (the key of a union is
//! the sum of the keys), so noise drawn from the sum itself would be related too: someone who
//! learns where a few keys fall learns where their sums fall. A keyed hash of the sum, with a
//! secret of the series, cuts that thread and keeps what counts: the same people, the same noise,
//! in every table, geography, period and release. Neither keys nor sums leave the workshop.
//!
//! Aumasson and Bernstein (2012), SipHash-2-4, on one 8-byte message.

use kubus_store::LinkKey;

/// The secret of a series of releases.
#[derive(Clone)]
pub struct CellKeys {
    k0: u64,
    k1: u64,
}

impl CellKeys {
    /// Derives the secret from the town's link key.
    #[must_use]
    pub fn new(key: &LinkKey) -> Self {
        let secret = key.derive("cell-key");
        let word = |from: usize| secret[from..from + 8].iter().rev().fold(0, |w, b| (w << 8) | u64::from(*b));
        Self { k0: word(0), k1: word(8) }
    }

    /// The uniform number of the set of records whose keys add up to `sum`.
    #[must_use]
    pub fn uniform(&self, sum: u64) -> u64 {
        let mut state = [
            self.k0 ^ 0x736f_6d65_7073_6575,
            self.k1 ^ 0x646f_7261_6e64_6f6d,
            self.k0 ^ 0x6c79_6765_6e65_7261,
            self.k1 ^ 0x7465_6462_7974_6573,
        ];
        absorb(&mut state, sum);
        absorb(&mut state, 8 << 56);
        state[2] ^= 0xff;
        (0..4).for_each(|_| mix(&mut state));
        state[0] ^ state[1] ^ state[2] ^ state[3]
    }
}

fn absorb(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    mix(state);
    mix(state);
    state[0] ^= word;
}

fn mix([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *b = b.rotate_left(13) ^ *a;
    *a = a.rotate_left(32);
    *c = c.wrapping_add(*d);
    *d = d.rotate_left(16) ^ *c;
    *a = a.wrapping_add(*d);
    *d = d.rotate_left(21) ^ *a;
    *c = c.wrapping_add(*b);
    *b = b.rotate_left(17) ^ *c;
    *c = c.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_siphash_as_its_authors_publish_it() {
        let keys = CellKeys { k0: 0x0706_0504_0302_0100, k1: 0x0f0e_0d0c_0b0a_0908 };
        assert_eq!(keys.uniform(0x0706_0504_0302_0100), 0x93f5_f579_9a93_2462);
    }

    #[test]
    fn another_secret_gives_other_noise_and_the_same_secret_the_same() {
        let of = |byte: u8| CellKeys::new(&LinkKey::from_bytes([byte; 32])).uniform(42);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn the_number_of_a_union_does_not_follow_from_those_of_its_parts() {
        let keys = CellKeys::new(&LinkKey::from_bytes([3; 32]));
        let related = (0..1000u64).filter(|at| {
            let (a, b) = (at.wrapping_mul(0x9e37_79b9_7f4a_7c15), at.wrapping_mul(0xbf58_476d_1ce4_e5b9));
            let sum = keys.uniform(a).wrapping_add(keys.uniform(b));
            keys.uniform(a.wrapping_add(b)).abs_diff(sum) < 1 << 54
        });
        assert!(related.count() < 10);
    }
}
