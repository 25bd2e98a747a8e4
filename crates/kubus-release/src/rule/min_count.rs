//! Threshold: a count below `min_count` (sensitive: `min_count_sensitive`) is hidden, and zero
//! with it.
//!
//! **Claim.** From a table alone nobody can prove that a cell holds 1 to `min_count − 1` units,
//! nor that it holds none.
//! **Why.** A hidden cell says "the perturbed count is below t", which 0 … t − 1 + D all can be. A
//! published cell v ≥ t may hold v, and v is not below t. Sums over several cells are the
//! attacker's business ([`crate::attack`]).
//! **Without it.** A published 1 or 2 proves a few units (test below): zero never becomes 1.
//!
//! Source: CBS, method series "Statistische beveiliging"; Hundepool et al. (2012), ch. 4.

use super::Limits;

/// Whether a perturbed count is too small to show.
#[must_use]
pub const fn hides(limits: &Limits, count: i64) -> bool {
    count < limits.min_count
}
