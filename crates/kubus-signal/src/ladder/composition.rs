//! Who live in an area: the share of every group, from published denominators. Where a group was
//! suppressed, what is left of the area is divided as in the area around it.

use super::Step;
use super::standard::{Partitions, Reference, real};

/// Shares of the groups in an area; each list sums to 1.
#[derive(Debug, Clone, Default)]
pub(crate) struct Composition {
    /// Per attribute.
    pub(crate) margins: Vec<Vec<f64>>,
    /// Of the combinations, when the reference has them.
    pub(crate) joint: Option<Vec<f64>>,
}

impl Composition {
    /// The composition of the municipality.
    pub(crate) fn of_reference(reference: &Reference) -> Self {
        let margins = reference.margins().iter().map(|r| r.shares.clone()).collect();
        Self { margins, joint: reference.joint().map(|r| r.shares.clone()) }
    }

    /// The composition of an area of `units` units in the area around it.
    pub(crate) fn of_area(
        step: &Step<'_>,
        partitions: &Partitions,
        area: usize,
        period: usize,
        units: f64,
        around: &Self,
    ) -> Self {
        let published = |at: &Option<usize>| at.and_then(|m| step.table.cell(area, period, m).denominator).map(real);
        let shares = |positions: &Vec<Option<usize>>, around: &Vec<f64>| {
            filled(&positions.iter().map(published).collect::<Vec<_>>(), units, around)
        };
        let margins: Vec<Vec<f64>> =
            step.groups.margins.iter().zip(&around.margins).map(|(p, around)| shares(p, around)).collect();
        let joint = around.joint.as_ref().map(|around| {
            let mut joint = shares(&step.groups.joint, around);
            rake(&mut joint, &margins, partitions);
            joint
        });
        Self { margins, joint }
    }
}

/// Shares from published counts: the groups that are missing divide what is left of `units` in
/// the proportions of `around`. Sums to 1 (or is `around` when nothing is known).
pub(crate) fn filled(published: &[Option<f64>], units: f64, around: &[f64]) -> Vec<f64> {
    let known: f64 = published.iter().flatten().sum();
    let missing: f64 = published.iter().zip(around).filter(|(p, _)| p.is_none()).map(|(_, share)| share).sum();
    let left = (units - known).max(0.0);
    let fill = |share: &f64| if missing > 0.0 { left * share / missing } else { 0.0 };
    let counts: Vec<f64> = published.iter().zip(around).map(|(p, share)| p.unwrap_or_else(|| fill(share))).collect();
    let total: f64 = counts.iter().sum();
    let whole: f64 = around.iter().sum();
    if total > 0.0 { counts.iter().map(|c| c / total).collect() } else { around.iter().map(|a| a / whole).collect() }
}

/// Fits the combinations to the groups of each attribute in turn (Deming and Stephan, 1940).
fn rake(joint: &mut [f64], margins: &[Vec<f64>], partitions: &Partitions) {
    for _ in 0..6 {
        for (attribute, wanted) in margins.iter().enumerate() {
            let mut found = vec![0.0; wanted.len()];
            for (share, groups) in joint.iter().zip(&partitions.groups_of) {
                found[groups[attribute]] += *share;
            }
            for (share, groups) in joint.iter_mut().zip(&partitions.groups_of) {
                let group = groups[attribute];
                *share *= if found[group] > 0.0 { wanted[group] / found[group] } else { 1.0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_divided_as_around() {
        let shares = filled(&[Some(30.0), None, None], 40.0, &[0.5, 0.4, 0.1]);
        for (share, expected) in shares.iter().zip([0.75, 0.20, 0.05]) {
            assert!((share - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn an_area_without_published_groups_is_like_the_area_around() {
        assert_eq!(filled(&[None, None], 12.0, &[0.75, 0.25]), [0.75, 0.25]);
    }

    #[test]
    fn noise_that_makes_groups_exceed_the_total_is_scaled_away() {
        assert_eq!(filled(&[Some(30.0), Some(10.0), None], 39.0, &[0.5, 0.4, 0.1]), [0.75, 0.25, 0.0]);
    }
}
