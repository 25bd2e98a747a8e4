//! What first: severity × reach × certainty × persistence, each raised to the weight that the
//! municipality declared.

use kubus_model::Signal;

use crate::options::UrgencyWeights;

/// After this many periods a deviation counts as fully persistent.
const FULLY_PERSISTENT: usize = 4;

/// The urgency of a measured signal. `severity` is how many times less favourable than the
/// reference it is; `periods` how many consecutive periods it has been there, this one counted.
pub(crate) fn of(signal: &Signal, severity: f64, periods: usize, weights: &UrgencyWeights) -> f64 {
    severity.max(0.0).powf(weights.severity)
        * signal.reach.max(0.0).powf(weights.reach)
        * signal.certainty.powf(weights.certainty)
        * persistence(periods).powf(weights.persistence)
}

/// From 0.5 (new) to 1 (four periods or more).
fn persistence(periods: usize) -> f64 {
    let earlier = periods.clamp(1, FULLY_PERSISTENT) - 1;
    0.5 + 0.5 * f64::from(u32::try_from(earlier).unwrap_or(0)) / 3.0
}

/// Most urgent first; ties by indicator, level and area, so that the order is always the same.
pub(crate) fn order(a: &Signal, b: &Signal) -> std::cmp::Ordering {
    let by_name = || (&a.indicator, &a.level, &a.area).cmp(&(&b.indicator, &b.level, &b.area));
    b.urgency.total_cmp(&a.urgency).then_with(by_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persistence_grows_from_a_half_to_one() {
        let factors: Vec<f64> = [0, 1, 4, 40].iter().map(|p| persistence(*p)).collect();
        assert_eq!(factors, [0.5, 0.5, 1.0, 1.0]);
    }
}
