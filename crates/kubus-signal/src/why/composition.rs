//! A group is larger here than in the municipality, and that moves the area's figure. The
//! expectation has been corrected for it where the indicator says so; it explains the figure, not
//! the deviation.

use kubus_model::signal::Reason;

use crate::listing::Scene;
use crate::statistic::kitagawa::{self, Split};

use super::group::{Breakdown, Group};

/// A group is named when its share is at least this much larger (as a part of all units) …
const LEAST_DIFFERENCE: f64 = 0.05;
/// … and at least this many times as large.
const LEAST_RATIO: f64 = 1.25;

/// The larger groups that move the figure in the unfavourable direction, largest effect first.
pub(crate) fn reasons(scene: &Scene<'_>, breakdowns: &[Breakdown], most: usize) -> Vec<Reason> {
    let standardised = |b: &&Breakdown| scene.ladder.indicator.standardise.contains(&b.attribute);
    let mut found: Vec<(f64, Reason)> = breakdowns.iter().filter(standardised).flat_map(larger).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, reason)| reason).take(most).collect()
}

fn larger(breakdown: &Breakdown) -> Vec<(f64, Reason)> {
    let groups: Vec<kitagawa::Group> = breakdown.groups.iter().map(compared).collect();
    let parts = kitagawa::split(&groups);
    let telling = |(group, part): &(&Group, Split)| {
        group.units.is_some()
            && group.share_here >= group.share_reference + LEAST_DIFFERENCE
            && group.share_here >= group.share_reference * LEAST_RATIO
            && breakdown.sign * part.composition > 0.0
    };
    let reason = |group: &Group| Reason::Composition {
        attribute: breakdown.attribute.clone(),
        value: group.value.clone(),
        share_here: group.share_here,
        share_reference: group.share_reference,
    };
    let pairs = breakdown.groups.iter().zip(parts).filter(telling);
    pairs.map(|(group, part)| (breakdown.sign * part.composition, reason(group))).collect()
}

fn compared(group: &Group) -> kitagawa::Group {
    kitagawa::Group {
        share_here: group.share_here,
        share_reference: group.share_reference,
        rate_here: group.rate_here(),
        rate_reference: group.rate_reference,
    }
}
