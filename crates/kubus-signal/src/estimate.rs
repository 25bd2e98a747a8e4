//! What the release says about the rate of each area, with its uncertainty: for maps (hatching),
//! profiles and trends. Lists of deviations live in [`crate::signals`].

use kubus_model::{AreaCode, AreaLevel, CellStatus, Member, Period, Release};
use serde::{Deserialize, Serialize};

/// An area whose own share of the information is below this is "te weinig gegevens": no colour
/// and no signal.
pub const MIN_OWN_INFORMATION: f64 = 0.10;

/// The rate of one area in one period, in the indicator's unit (so × `per`). Everything except
/// the area, period and status is absent when the release gives no ground for it: no data, no
/// denominator, or a mean taken over from another publisher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Area code.
    pub area: AreaCode,
    /// Period.
    pub period: Period,
    /// Status of the published cell.
    pub status: CellStatus,
    /// Posterior mean of the rate.
    pub mean: Option<f64>,
    /// Lower end of the 95 % credible interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % credible interval.
    pub high: Option<f64>,
    /// The rate that would be expected here, standardised for who live here.
    pub reference: Option<f64>,
    /// P(rate is less favourable than c × reference), 0 to 1; absent for neutral indicators.
    pub certainty: Option<f64>,
    /// Share of the information that is the area's own, 0 to 1.
    pub own_information: Option<f64>,
    /// Too few data of its own: show it as "te onzeker", never as a colour.
    pub too_uncertain: bool,
}

/// One estimate per area of the table (in its order) for a period and a member. Empty when the
/// release has no such table, period or member.
#[must_use]
pub fn estimates(
    _release: &Release,
    _indicator: &str,
    _level: &AreaLevel,
    _period: Period,
    _member: &Member,
) -> Vec<Estimate> {
    Vec::new()
}

/// One estimate per period of the table for one area and a member: the trend with its interval.
#[must_use]
pub fn area_series(
    _release: &Release,
    _indicator: &str,
    _level: &AreaLevel,
    _area: &AreaCode,
    _member: &Member,
) -> Vec<Estimate> {
    Vec::new()
}
