//! Group disclosure: when (nearly) all units of a group have the property, the figure says it of
//! each of them.
//!
//! **Claim.** No published pair of counts proves a share above `max_group_share`, or fewer than
//! `min_count` units without the property.
//! **Why.** From numerator v and denominator w the attacker gets a share of at least
//! (v − D)/(w + D) ≤ v/w, and v/w is at most the rule. The same set of people has the same noise,
//! so 100 % stays 100 % and is always hidden.
//! **Without it.** 40 of 40 is published and tells everyone's situation.
//!
//! Source: Hundepool et al. (2012), Statistical Disclosure Control, section 4.3.

use super::Limits;

/// Whether a pair of perturbed counts discloses the group.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
pub fn hides(limits: &Limits, numerator: i64, denominator: i64) -> bool {
    limits
        .max_group_share
        .is_some_and(|most| numerator as f64 > most * denominator as f64 || denominator - numerator < limits.min_count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_everyone_is_hidden_and_half_is_not() {
        let limits = Limits { min_count: 5, min_population: 5, max_group_share: Some(0.9), has_denominator: true };
        assert!(hides(&limits, 40, 40) && hides(&limits, 95, 100) && hides(&limits, 11, 15));
        assert!(!hides(&limits, 50, 100) && !hides(&limits, 90, 100));
    }

    #[test]
    fn events_are_not_part_of_their_denominator() {
        let limits = Limits { min_count: 5, min_population: 5, max_group_share: None, has_denominator: true };
        assert!(!hides(&limits, 200, 100));
    }
}
