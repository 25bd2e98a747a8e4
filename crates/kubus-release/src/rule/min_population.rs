//! Minimum population: an area with fewer units than its level asks for shows nothing at all, not
//! even how many units there are.
//!
//! **Claim.** No figure is shown about a group for which it can be proven that it has fewer units
//! than the rule asks.
//! **Why.** Both counts are withheld when the perturbed denominator is below the limit; a shown
//! denominator v is at least the limit and may be exact, so fewer is never proven.
//! **Without it.** A shown denominator of a handful of units proves that the group is small.
//!
//! Source: CBS publishes figures by postcode 6 from five residents or dwellings.

use super::Limits;

/// Whether a perturbed denominator is too small to show anything.
#[must_use]
pub const fn hides(limits: &Limits, denominator: i64) -> bool {
    denominator < limits.min_population
}
