//! What a caller may ask of [`crate::signals`]: which part of the release, how many false alarms
//! are tolerated, and how urgency is weighed. No computation lives here.

use kubus_model::{AreaLevel, Period};
use serde::{Deserialize, Serialize};

/// How urgency = severity × reach × certainty × persistence is weighed: each factor is raised to
/// its weight. Weights are a policy choice, so they carry a version that is shown beside the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UrgencyWeights {
    /// Name and version of this set of weights.
    pub version: String,
    /// Exponent of severity: how many times the reference the rate is.
    pub severity: f64,
    /// Exponent of reach: how many people or households above what the reference gives.
    pub reach: f64,
    /// Exponent of certainty.
    pub certainty: f64,
    /// Exponent of persistence: from 0.5 (new) to 1 (there for four periods or more).
    pub persistence: f64,
}

impl Default for UrgencyWeights {
    fn default() -> Self {
        Self { version: "urgentie-2026-1".to_owned(), severity: 1.0, reach: 0.5, certainty: 1.0, persistence: 1.0 }
    }
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignalOptions {
    /// Only this indicator; `None` is all.
    pub indicator: Option<String>,
    /// Only this level; `None` is all levels except the municipality itself and grids.
    pub level: Option<AreaLevel>,
    /// This period; `None` is the newest of each indicator.
    pub period: Option<Period>,
    /// Promised share of false alarms in each list (0 to 1).
    pub false_discovery_rate: f64,
    /// At most this many signals, the most urgent first; ranks count the whole list.
    pub limit: Option<usize>,
    /// An area whose own share of the information is below this (0 to 1) gives no signal: too few
    /// data.
    pub min_own_information: f64,
    /// How urgency is weighed.
    pub weights: UrgencyWeights,
}

impl Default for SignalOptions {
    fn default() -> Self {
        Self {
            indicator: None,
            level: None,
            period: None,
            false_discovery_rate: 0.10,
            limit: None,
            min_own_information: crate::estimate::MIN_OWN_INFORMATION,
            weights: UrgencyWeights::default(),
        }
    }
}
