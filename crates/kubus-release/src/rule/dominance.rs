//! Dominance: in a sum of amounts one or two large contributors give each other away.
//!
//! **Claim.** From a shown sum no contributor can estimate another's amount to within p % (p %
//! rule), and no `n` contributors make up more than k % of it ((n, k) rule).
//! **Why.** The second largest subtracts his own x₂ from the sum; what is left is x₁ and a rest of
//! `total − x₁ − x₂`. If that rest is at least p % of x₁, he is at least p % off, and everyone else
//! is further off.
//! **Without it.** A sum of 100, 90 of one firm and 8 of another, tells the other: at most 92.
//!
//! Parts of one holding know each other's amounts, so they count as one contributor
//! ([`holdings`]). Amounts are whole numbers in the smallest unit (cents); no rounding.
//!
//! Source: Hundepool et al. (2012), Statistical Disclosure Control, section 4.2.

use std::collections::BTreeMap;

/// A rule for sums of amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dominance {
    /// Hide when the rest is less than this percentage of the largest amount.
    PPercent(u8),
    /// Hide when the `n` largest make up more than `k` percent of the sum.
    NK {
        /// Number of contributors.
        n: usize,
        /// Percentage of the sum.
        k: u8,
    },
}

/// Whether a sum of these amounts must be hidden. Amounts are not negative, and one contributor
/// occurs once; nothing is hidden when the sum is 0.
///
/// ```
/// use kubus_release::rule::dominance::{Dominance, hides};
/// assert!(hides(Dominance::PPercent(15), &[90, 8, 2]));
/// assert!(!hides(Dominance::PPercent(15), &[50, 30, 20]));
/// assert!(hides(Dominance::NK { n: 1, k: 75 }, &[90, 8, 2]));
/// ```
#[must_use]
pub fn hides(rule: Dominance, amounts: &[i64]) -> bool {
    let mut sorted: Vec<i128> = amounts.iter().map(|amount| i128::from((*amount).max(0))).collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let total: i128 = sorted.iter().sum();
    let largest = |n: usize| sorted.iter().take(n).sum::<i128>();
    match rule {
        Dominance::PPercent(p) => 100 * (total - largest(2)) < i128::from(p) * largest(1),
        Dominance::NK { n, k } => 100 * largest(n) > i128::from(k) * total,
    }
}

/// The amounts by holding: parts with the same holding are one contributor. Parts without one
/// stand alone.
///
/// ```
/// use kubus_release::rule::dominance::holdings;
/// assert_eq!(holdings(&[(Some("a"), 3), (None, 4), (Some("a"), 5)]), [8, 4]);
/// ```
#[must_use]
pub fn holdings(parts: &[(Option<&str>, i64)]) -> Vec<i64> {
    let mut joined: BTreeMap<&str, i64> = BTreeMap::new();
    for (holding, amount) in parts.iter().filter_map(|(h, amount)| h.map(|h| (h, *amount))) {
        let sum = joined.entry(holding).or_default();
        *sum = sum.saturating_add(amount);
    }
    let alone = parts.iter().filter(|(holding, _)| holding.is_none()).map(|(_, amount)| *amount);
    joined.into_values().chain(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn joining_into_holdings_never_makes_a_hidden_sum_safe(
            amounts in prop::collection::vec(0i64..1_000_000, 2..9),
            p in 1u8..60,
        ) {
            let apart: Vec<(Option<&str>, i64)> = amounts.iter().map(|amount| (None, *amount)).collect();
            let mut joined = apart.clone();
            (joined[0].0, joined[1].0) = (Some("h"), Some("h"));
            for rule in [Dominance::PPercent(p), Dominance::NK { n: 2, k: p }] {
                prop_assert!(!hides(rule, &holdings(&apart)) || hides(rule, &holdings(&joined)));
            }
        }

        #[test]
        fn what_the_second_learns_is_at_least_p_percent_off_when_shown(
            amounts in prop::collection::vec(0i64..1_000_000, 2..9),
            p in 1u8..60,
        ) {
            if !hides(Dominance::PPercent(p), &amounts) {
                let mut sorted = amounts.clone();
                sorted.sort_unstable();
                let (first, second) = (sorted[sorted.len() - 1], sorted[sorted.len() - 2]);
                let most = amounts.iter().sum::<i64>() - second;
                prop_assert!(100 * (most - first) >= i64::from(p) * first);
            }
        }
    }

    #[test]
    fn a_holding_of_two_parts_is_seen_through() {
        let parts = [(Some("h"), 45), (Some("h"), 45), (None, 8), (None, 2)];
        let apart: Vec<i64> = parts.iter().map(|(_, amount)| *amount).collect();
        assert!(!hides(Dominance::PPercent(15), &apart));
        assert!(hides(Dominance::PPercent(15), &holdings(&parts)));
    }
}
