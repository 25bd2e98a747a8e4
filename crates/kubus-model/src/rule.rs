//! Disclosure rules as a municipality declares them in `rules.toml`. Published with the release:
//! the promise must hold against someone who knows the rules (Kerckhoffs).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The perturbation table's parameters for the cell key method.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Perturbation))]
pub struct PerturbationParameters {
    /// Largest absolute change D, at least 1.
    pub max_noise: u8,
    /// Variance V of the change.
    pub variance: f64,
    /// Perturbed counts 1…js do not occur.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub unused_small_counts: u8,
}

/// The rules of one release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ruleset {
    /// A name and version for people: `standaard-2026-1`.
    pub name: String,
    /// Counts below this are suppressed; zero and small counts are one class.
    pub min_count: i64,
    /// The same for sensitive indicators.
    pub min_count_sensitive: i64,
    /// An area with fewer units than this in the denominator shows nothing, by level.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub min_population: BTreeMap<String, i64>,
    /// A share above this (0 to 1) discloses the group and is suppressed.
    pub max_group_share: f64,
    /// Cell key perturbation; absent means none (only for figures that are public already).
    pub perturbation: Option<PerturbationParameters>,
    /// A source less complete than this (0 to 1) stops the release.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub min_completeness: f64,
    /// A source older than this many days beyond its rhythm stops the release; absent: never.
    pub max_delay_days: Option<i64>,
}
