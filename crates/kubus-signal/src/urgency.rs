//! What first: severity × reach × certainty × persistence, each raised to the weight that the
//! municipality declared.

use kubus_model::Signal;

use crate::options::UrgencyWeights;

/// After this many periods a deviation counts as fully persistent.
const FULLY_PERSISTENT: usize = 4;

/// How many times less favourable than the reference a relative rate is.
pub(crate) fn severity(relative: f64, looks_low: bool) -> f64 {
    if looks_low { 1.0 / relative.max(1e-3) } else { relative }
}

/// Expected units beyond what the reference gives, in the unfavourable direction.
pub(crate) fn reach(relative: f64, expected: f64, looks_low: bool) -> f64 {
    let excess = (relative - 1.0) * expected;
    if looks_low { -excess } else { excess }.max(0.0)
}

/// The urgency of one deviation as a function of its relative rate: severity and reach follow it,
/// certainty and persistence do not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Urgency {
    expected: f64,
    looks_low: bool,
    severity: f64,
    reach: f64,
    steady: f64,
}

impl Urgency {
    /// `periods` is how many consecutive periods it has been there, this one counted.
    pub(crate) fn new(
        (expected, looks_low): (f64, bool),
        certainty: f64,
        periods: usize,
        weights: &UrgencyWeights,
    ) -> Self {
        let steady = certainty.powf(weights.certainty) * persistence(periods).powf(weights.persistence);
        Self { expected, looks_low, severity: weights.severity, reach: weights.reach, steady }
    }

    /// The urgency at a relative rate.
    pub(crate) fn at(&self, relative: f64) -> f64 {
        severity(relative, self.looks_low).max(0.0).powf(self.severity)
            * self.reach(relative).powf(self.reach)
            * self.steady
    }

    /// The reach at a relative rate.
    pub(crate) fn reach(&self, relative: f64) -> f64 {
        reach(relative, self.expected, self.looks_low)
    }
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

    #[test]
    fn reach_is_what_lies_beyond_the_reference_on_the_unfavourable_side() {
        let reaches = vec![reach(3.0, 4.0, false), reach(0.5, 4.0, false), reach(0.5, 4.0, true)];
        assert_eq!(reaches, [8.0, 0.0, 2.0]);
    }
}
