//! A signal: a deviation of an area, never a report about a person.

use serde::{Deserialize, Serialize};

use crate::{AreaCode, AreaLevel, CellStatus, Period};

/// Why an area deviates, as a code with numbers. Association, never cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// A group that lives here has a higher rate than the same group elsewhere (gedrag).
    Behaviour {
        /// Attribute of the breakdown.
        attribute: String,
        /// Value of the attribute.
        value: String,
        /// Posterior mean rate of the group here, in the indicator's unit.
        rate_here: f64,
        /// 95 % credible interval of `rate_here`.
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>, min_items = 2, max_items = 2))]
        interval: (f64, f64),
        /// Rate of the same group in the reference area.
        rate_reference: f64,
        /// Part of the deviation (0 to 1) that sits in this group.
        contribution: f64,
    },
    /// The groups are too small here, but in the area around it a group has a higher rate than the
    /// same group elsewhere.
    BehaviourAround {
        /// Level of the enclosing area.
        level: AreaLevel,
        /// Code of the enclosing area.
        area: AreaCode,
        /// Attribute of the breakdown.
        attribute: String,
        /// Value of the attribute.
        value: String,
        /// Posterior mean rate of the group there, in the indicator's unit.
        rate_there: f64,
        /// 95 % credible interval of `rate_there`.
        #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>, min_items = 2, max_items = 2))]
        interval: (f64, f64),
        /// Rate of the same group in the municipality.
        rate_reference: f64,
    },
    /// A group is larger here than elsewhere (samenstelling).
    Composition {
        /// Attribute of the breakdown.
        attribute: String,
        /// Value of the attribute.
        value: String,
        /// Share of units in the group here (0 to 1).
        share_here: f64,
        /// Share of units in the group in the reference area (0 to 1).
        share_reference: f64,
    },
    /// The groups are too small here to say more without disclosing (onthulling).
    StoppedByDisclosure {
        /// Attribute of the breakdown that could not be opened.
        attribute: String,
    },
    /// The enclosing area does not deviate: averages hide this one.
    HiddenByAverage {
        /// Level of the enclosing area.
        level: AreaLevel,
        /// Code of the enclosing area.
        area: AreaCode,
        /// Rate of the enclosing area, in the indicator's unit.
        rate: f64,
        /// Reference rate, in the indicator's unit.
        rate_reference: f64,
    },
    /// The deviation was there in earlier periods too.
    Persistent {
        /// Number of consecutive periods, this one counted.
        periods: usize,
    },
}

/// Another area that shows the same deviation: it overlaps the listed area at another level.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overlap {
    /// Area level.
    pub level: AreaLevel,
    /// Area code.
    pub area: AreaCode,
}

/// One deviation: where, what, how much, how sure, and why as far as disclosure allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signal {
    /// Rank in the list, 1 is the most urgent.
    pub rank: usize,
    /// Indicator identifier.
    pub indicator: String,
    /// Area level.
    pub level: AreaLevel,
    /// Area code.
    pub area: AreaCode,
    /// Period.
    pub period: Period,
    /// Status of the published cell.
    pub status: CellStatus,
    /// Published numerator, if any.
    pub observed: Option<i64>,
    /// Published denominator, if any.
    pub denominator: Option<i64>,
    /// Expected numerator, by indirect standardisation over the declared attributes.
    pub expected: f64,
    /// Posterior mean of the rate, in the indicator's unit.
    pub rate: f64,
    /// 95 % credible interval of the rate.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>, min_items = 2, max_items = 2))]
    pub interval: (f64, f64),
    /// Reference rate (what would be expected here), in the indicator's unit.
    pub reference: f64,
    /// P(rate is less favourable than c × reference), 0 to 1.
    pub certainty: f64,
    /// The policy's c.
    pub exceedance: f64,
    /// Share of the information that is the area's own, 0 to 1.
    pub own_information: f64,
    /// Expected number of units above what the reference gives: the reach.
    pub reach: f64,
    /// Severity × reach × certainty × persistence, for the order of the list.
    pub urgency: f64,
    /// Why, most important first.
    pub why: Vec<Reason>,
    /// Areas that deviate with this one: overlapping ones at other levels, and listed ones of its
    /// own level that touch it, or touch one that does. They are not listed themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Overlap>,
}
