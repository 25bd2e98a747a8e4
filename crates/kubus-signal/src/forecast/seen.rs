//! What is known of a count: the number, the class it lies in, or nothing. A count that was withheld
//! is a mixture over the counts it may be, weighed by how likely each is at the current level; it is
//! never the middle of its class.

use std::fmt;
use std::str::FromStr;

use super::spread;

/// Widest class.
const WIDEST: u32 = 1_000;

/// What is known of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The count.
    Exactly(u32),
    /// It was withheld, and lies in a class.
    Within {
        /// The lowest count it may be.
        low: u32,
        /// The highest.
        high: u32,
    },
    /// It was withheld, and may be any.
    Nothing,
}

/// A text that says nothing about a count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a count: {0:?} (expected 7, <5 or 1-4)")]
pub struct SeenError(pub String);

impl Seen {
    /// The count, when it is known.
    #[must_use]
    pub const fn exact(self) -> Option<u32> {
        match self {
            Self::Exactly(count) => Some(count),
            Self::Within { .. } | Self::Nothing => None,
        }
    }

    /// The count that is expected under a negative binomial, given what is known.
    #[must_use]
    pub fn expected(self, mean: f64, size: f64) -> f64 {
        match self {
            Self::Exactly(count) => f64::from(count),
            Self::Within { low, high } => moments(low, high, |count| spread::ln_chance(count, mean, size)).mean,
            Self::Nothing => mean,
        }
    }

    /// ln of the chance of what is known, under a negative binomial; 0 when nothing is.
    #[must_use]
    pub fn ln_chance(self, mean: f64, size: f64) -> f64 {
        match self {
            Self::Exactly(count) => spread::ln_chance(count, mean, size),
            Self::Within { low, high } => moments(low, high, |count| spread::ln_chance(count, mean, size)).ln_chance,
            Self::Nothing => 0.0,
        }
    }

    /// What is known of the sum of two counts.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        match (self.bounds(), other.bounds()) {
            (Some((a, b)), Some((c, d))) => {
                let (low, high) = (a.saturating_add(c), b.saturating_add(d));
                if low == high { Self::Exactly(low) } else { Self::Within { low, high } }
            }
            _ => Self::Nothing,
        }
    }

    /// The lowest and highest it may be.
    #[must_use]
    pub const fn bounds(self) -> Option<(u32, u32)> {
        match self {
            Self::Exactly(count) => Some((count, count)),
            Self::Within { low, high } => Some((low, high)),
            Self::Nothing => None,
        }
    }
}

/// A distribution cut to a class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    pub(super) ln_chance: f64,
    pub(super) mean: f64,
    pub(super) variance: f64,
}

/// Of the counts from `low` to `high`.
pub(super) fn moments(low: u32, high: u32, ln_chance: impl Fn(u32) -> f64) -> Moments {
    let highest = (low..=high).map(&ln_chance).fold(f64::NEG_INFINITY, f64::max);
    let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
    for count in low..=high {
        let (chance, count) = ((ln_chance(count) - highest).exp(), f64::from(count));
        sum += chance;
        first += chance * count;
        second += chance * count * count;
    }
    let mean = first / sum;
    Moments { ln_chance: highest + sum.ln(), mean, variance: (second / sum - mean * mean).max(0.0) }
}

impl FromStr for Seen {
    type Err = SeenError;

    /// `7`, `<5`, or `1-4`.
    fn from_str(text: &str) -> Result<Self, SeenError> {
        let text = text.trim();
        let wrong = || SeenError(text.to_owned());
        let number = |part: &str| part.trim().parse::<u32>().map_err(|_| wrong());
        let (low, high) = if let Some(limit) = text.strip_prefix('<') {
            (0, number(limit)?.checked_sub(1).ok_or_else(wrong)?)
        } else if let Some((low, high)) = text.split_once('-') {
            (number(low)?, number(high)?)
        } else {
            return number(text).map(Self::Exactly);
        };
        match high.checked_sub(low) {
            Some(0) => Ok(Self::Exactly(low)),
            Some(width) if width <= WIDEST => Ok(Self::Within { low, high }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(count) => write!(f, "{count}"),
            Self::Within { low, high } => write!(f, "{low}-{high}"),
            Self::Nothing => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FEW: Seen = Seen::Within { low: 0, high: 4 };

    #[test]
    fn classes_are_read_and_wrong_ones_are_not() {
        assert_eq!("7".parse(), Ok(Seen::Exactly(7)));
        assert_eq!("<5".parse(), Ok(FEW));
        assert_eq!(" 1-4".parse(), Ok(Seen::Within { low: 1, high: 4 }));
        assert_eq!("<1".parse(), Ok(Seen::Exactly(0)));
        for wrong in ["", "<0", "4-1", "x", "-3", "0-9999", "2.5"] {
            assert!(wrong.parse::<Seen>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_withheld_count_is_expected_at_its_level_and_not_in_the_middle_of_its_class() {
        // A Poisson with mean 1 cut to 0..4: sum of k e^-1/k! over the sum, by hand: 64/65.
        assert!((FEW.expected(1.0, 1e4) - 64.0 / 65.0).abs() < 1e-3, "{}", FEW.expected(1.0, 1e4));
        assert!(FEW.expected(0.1, 5.0) < 0.11 && FEW.expected(30.0, 5.0) > 3.0);
        assert!((Seen::Nothing.expected(3.3, 5.0) - 3.3).abs() < 1e-12 && Seen::Nothing.ln_chance(3.0, 1.0) == 0.0);
        assert!((FEW.ln_chance(1.0, 1e4).exp() - 65.0 / 24.0 * (-1.0f64).exp()).abs() < 1e-3);
    }

    #[test]
    fn a_sum_with_a_withheld_count_lies_in_a_class() {
        assert_eq!(FEW.plus(Seen::Exactly(3)), Seen::Within { low: 3, high: 7 });
        assert_eq!(Seen::Exactly(2).plus(Seen::Exactly(3)), Seen::Exactly(5));
        assert_eq!(FEW.plus(Seen::Nothing), Seen::Nothing);
    }

    proptest! {
        /// What is expected lies in the class, and rises with the level.
        #[test]
        fn what_is_expected_lies_in_the_class(mean in 0.001..200.0f64, size in 0.1..50.0f64, low in 0u32..5, wide in 1u32..8) {
            let seen = Seen::Within { low, high: low + wide };
            let found = seen.expected(mean, size);
            prop_assert!(found >= f64::from(low) && found <= f64::from(low + wide));
            prop_assert!(seen.expected(mean * 1.5, size) >= found);
        }
    }
}
