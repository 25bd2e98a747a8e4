//! The exact split of a difference between two rates in behaviour (groups have other rates) and
//! composition (groups have other sizes).
//!
//! Kitagawa, E. (1955), *Components of a difference between two rates*, JASA 50; for two factors
//! the same as Das Gupta, P. (1993). Nothing is left over: the parts sum to the difference.

/// One group in the area and in the reference area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Share of the area's units in the group (0 to 1).
    pub share_here: f64,
    /// Share of the reference area's units in the group (0 to 1).
    pub share_reference: f64,
    /// Rate of the group here.
    pub rate_here: f64,
    /// Rate of the group in the reference area.
    pub rate_reference: f64,
}

/// The part of one group in a difference between two rates, in the unit of the rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Because the group has another rate here.
    pub behaviour: f64,
    /// Because the group has another size here. Summed over the groups it is the composition
    /// effect; of one group it is measured against the mean rate.
    pub composition: f64,
}

/// Splits the difference between the rate here and the rate in the reference area, per group.
///
/// ```
/// use kubus_signal::statistic::kitagawa::{Group, split};
/// let poor = Group { share_here: 0.5, share_reference: 0.1, rate_here: 0.2, rate_reference: 0.2 };
/// let rich = Group { share_here: 0.5, share_reference: 0.9, rate_here: 0.1, rate_reference: 0.1 };
/// let parts = split(&[poor, rich]);
/// let composition: f64 = parts.iter().map(|p| p.composition).sum();
/// assert!((composition - 0.04).abs() < 1e-15);
/// assert!(parts.iter().all(|p| p.behaviour.abs() < 1e-15));
/// ```
#[must_use]
pub fn split(groups: &[Group]) -> Vec<Split> {
    let overall = mean_rate(groups);
    let part = |group: &Group| Split {
        behaviour: f64::midpoint(group.share_here, group.share_reference) * (group.rate_here - group.rate_reference),
        composition: (group.share_here - group.share_reference)
            * (f64::midpoint(group.rate_here, group.rate_reference) - overall),
    };
    groups.iter().map(part).collect()
}

/// The mean of the two overall rates: shares differ by zero in total, so any constant may be taken
/// from the rates, and with this one a group counts by how far it is from the mean.
fn mean_rate(groups: &[Group]) -> f64 {
    let here: f64 = groups.iter().map(|g| g.share_here * g.rate_here).sum();
    let reference: f64 = groups.iter().map(|g| g.share_reference * g.rate_reference).sum();
    f64::midpoint(here, reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normalised(shares: &[f64]) -> Vec<f64> {
        let total: f64 = shares.iter().sum();
        shares.iter().map(|s| s / total).collect()
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_difference(rows in prop::collection::vec(
            (0.01f64..1.0, 0.01f64..1.0, 0.0f64..1.0, 0.0f64..1.0), 1..12)) {
            let here = normalised(&rows.iter().map(|r| r.0).collect::<Vec<_>>());
            let there = normalised(&rows.iter().map(|r| r.1).collect::<Vec<_>>());
            let groups: Vec<Group> = rows.iter().zip(here.iter().zip(&there)).map(|(r, (h, t))| Group {
                share_here: *h, share_reference: *t, rate_here: r.2, rate_reference: r.3,
            }).collect();
            let difference: f64 =
                groups.iter().map(|g| g.share_here * g.rate_here - g.share_reference * g.rate_reference).sum();
            let parts: f64 = split(&groups).iter().map(|p| p.behaviour + p.composition).sum();
            prop_assert!((parts - difference).abs() < 1e-12);
        }
    }
}
