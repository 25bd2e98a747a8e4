//! Is it worth to rank areas anew for every period? The share of all events that fell in the tenth
//! of the areas that was pointed at, for the forecast and for the map of the long run, which anyone
//! has. Prediction efficiency: that share over the best that could have been pointed at (Hunt 2016).

use super::season::real;

/// Share of the areas that is pointed at.
const POINTED_AT: f64 = 0.10;

/// What pointing at a tenth of the areas gives in one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pointed {
    /// Share of the events in the areas pointed at.
    pub(super) hit: f64,
    /// That share over the best possible.
    pub(super) efficiency: f64,
}

/// What the order of `means` gives; equal means share. `None` when nothing happened.
pub(super) fn pointed(counts: &[f64], means: &[f64]) -> Option<Pointed> {
    let total: f64 = counts.iter().sum();
    let many = pointed_at(counts.len());
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|a, b| means[*b].total_cmp(&means[*a]));
    let last = means[*order.get(many - 1)?];
    let (mut surely, mut above, mut tied, mut ties) = (0.0, 0, 0.0, 0);
    for (mean, count) in means.iter().zip(counts) {
        if *mean > last {
            surely += count;
            above += 1;
        } else if mean.total_cmp(&last).is_eq() {
            tied += count;
            ties += 1;
        }
    }
    let got = surely + real(many - above) * tied / real(ties);
    let mut best = counts.to_vec();
    best.sort_by(|a, b| b.total_cmp(a));
    let best: f64 = best[..many].iter().sum();
    (total > 0.0).then(|| Pointed { hit: got / total, efficiency: got / best })
}

/// Which areas the order of `means` points at; of equal means the first.
pub(super) fn flagged(means: &[f64]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|a, b| means[*b].total_cmp(&means[*a]).then(a.cmp(b)));
    let mut flags = vec![false; means.len()];
    order.iter().take(pointed_at(means.len())).for_each(|area| flags[*area] = true);
    flags
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a tenth of a number of areas")]
fn pointed_at(areas: usize) -> usize {
    ((POINTED_AT * real(areas)).round() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointing_right_hits_most_and_equal_means_share() {
        let counts: Vec<f64> = (0..20).map(f64::from).collect();
        let right: Vec<f64> = (0..20).map(f64::from).collect();
        let found = pointed(&counts, &right).unwrap();
        assert!((found.hit - 37.0 / 190.0).abs() < 1e-12 && (found.efficiency - 1.0).abs() < 1e-12);
        let found = pointed(&counts, &[1.0; 20]).unwrap();
        assert!((found.hit - 0.1).abs() < 1e-12, "{found:?}");
        assert_eq!(pointed(&[0.0; 20], &right), None);
    }
}
