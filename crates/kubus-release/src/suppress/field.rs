//! Numbers modulo the prime 2⁶¹ − 1, in which the protector eliminates without rounding. The
//! attacker has arithmetic of his own, so that one mistake cannot hide another.

/// The prime.
const PRIME: u64 = (1 << 61) - 1;

/// A number below the prime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Residue(u64);

impl Residue {
    /// Nought.
    pub(super) const ZERO: Self = Self(0);
    /// One.
    pub(super) const ONE: Self = Self(1);

    /// The number that added to this one gives nought.
    pub(super) const fn negated(self) -> Self {
        if self.0 == 0 { self } else { Self(PRIME - self.0) }
    }

    /// The sum.
    pub(super) const fn plus(self, other: Self) -> Self {
        let sum = self.0 + other.0;
        Self(if sum >= PRIME { sum - PRIME } else { sum })
    }

    /// The product.
    pub(super) fn times(self, other: Self) -> Self {
        let wide = u128::from(self.0) * u128::from(other.0);
        let high = u64::try_from(wide >> 61).unwrap_or(0);
        let low = u64::try_from(wide & u128::from(PRIME)).unwrap_or(0);
        Self(low).plus(Self(high))
    }

    /// The number that times this one gives one, by Fermat: a^(p − 2). Nought for nought.
    pub(super) fn inverse(self) -> Self {
        let (mut result, mut power, mut exponent) = (Self::ONE, self, PRIME - 2);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result.times(power);
            }
            power = power.times(power);
            exponent >>= 1;
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_but_nought_has_an_inverse_and_a_negative(a in 1..PRIME) {
            let a = Residue(a);
            prop_assert_eq!(a.times(a.inverse()), Residue::ONE);
            prop_assert_eq!(a.plus(a.negated()), Residue::ZERO);
        }
    }
}
