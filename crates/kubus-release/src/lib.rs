//! From a cube to a protected release: rules, cell keys, perturbation, and the attacker that must
//! fail before anything is published.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`perturbation`] | the noise: entropy, table, cell keys |
//! | [`rule`] | one file per disclosure rule |
//! | [`attack`] | the attacker, on published tables and on bare systems |
//! | [`suppress`] | secondary suppression of a bare system, judged by the attacker |
//! | [`promise`] | what is promised, in words |
//! | `figure`, `protect`, `fitness`, `files` | cell, cube, refusals, and the draft |
//!
//! Architecture Invariant: this crate returns a draft; only `kubus-store` writes. Everything that
//! is published is a function of perturbed counts, also which figures are hidden.

pub mod attack;
mod figure;
mod files;
mod fitness;
pub mod perturbation;
pub mod promise;
mod protect;
pub mod rule;
#[cfg(test)]
mod sample;
pub mod suppress;

use kubus_cube::exact::Cube;
use kubus_model::release::AttackStatement;
use kubus_model::{Blame, Fault, Finding, Release, Ruleset};
use kubus_store::{LinkKey, ReleaseDraft};

/// A draft that passed the checks and the attack.
#[derive(Debug, Clone)]
pub struct Protected {
    /// What can be published.
    pub draft: ReleaseDraft,
    /// What the attacker tried and found.
    pub attack: AttackStatement,
    /// What is worth saying about the release.
    pub findings: Vec<Finding>,
}

/// Why nothing can be published.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseRefusal {
    /// The attack succeeded.
    #[error("the attacker derives {} cells exactly and {} below the threshold", .0.exact, .0.below_threshold)]
    Attack(Box<AttackStatement>),
    /// A source is too late or too incomplete for the rules.
    #[error("{} sources are not fit for release", .0.len())]
    Sources(Vec<Finding>),
    /// The rules cannot be met: a perturbation table that does not exist, a threshold below 1.
    #[error("the rules cannot be used: {0}")]
    Rules(String),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

impl Blame for ReleaseRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Internal(_) => Fault::Ours,
            _ => Fault::User,
        }
    }

    fn finding(&self) -> Finding {
        match self {
            Self::Attack(found) => Finding::error("release-attack-succeeded")
                .with("exact", found.exact)
                .with("below", found.below_threshold),
            Self::Sources(findings) => Finding::error("release-sources-unfit").with("count", findings.len()),
            Self::Rules(reason) => Finding::error("release-rules-unusable").with("reason", reason),
            Self::Internal(reason) => Finding::error("release-internal").with("reason", reason),
        }
    }
}

/// Protects a cube under `rules`, attacks the result together with the `earlier` releases of the
/// series, and returns what can be published. The same cube, rules and key give the same bytes.
///
/// # Errors
/// [`ReleaseRefusal`]; nothing is written.
pub fn protect(
    cube: &Cube,
    rules: &Ruleset,
    key: &LinkKey,
    earlier: &[Release],
    progress: &(dyn Fn(&str, f64) + Sync),
) -> Result<Protected, ReleaseRefusal> {
    protect::protect(cube, rules, key, earlier, progress)
}
