//! Lists with a promised share of false alarms.
//!
//! Bayesian: Newton, M. et al. (2004), *Detecting differential gene expression with a
//! semiparametric hierarchical mixture method*, Biostatistics 5; Müller, P. et al. (2004), JASA 99.
//! On p-values: Benjamini, Y. and Hochberg, Y. (1995), JRSS B 57; Benjamini, Y. and Yekutieli, D.
//! (2001), Annals of Statistics 29.

/// An area that more likely does not deviate than does is never on a list, whatever the others.
pub const LEAST_CERTAINTY: f64 = 0.5;

/// How many of the certainties, which must descend, form the longest list with an expected share
/// of false alarms of at most `promised`.
///
/// ```
/// use kubus_signal::statistic::discovery::longest_list;
/// assert_eq!(longest_list(&[0.99, 0.95, 0.80, 0.60], 0.10), 3);
/// ```
#[must_use]
pub fn longest_list(certainties: &[f64], promised: f64) -> usize {
    let (mut false_alarms, mut listed) = (0.0, 0.0);
    certainties
        .iter()
        .take_while(|certainty| {
            false_alarms += 1.0 - **certainty;
            listed += 1.0;
            **certainty >= LEAST_CERTAINTY && false_alarms <= promised * listed
        })
        .count()
}

/// Benjamini–Hochberg adjusted p-values, in the order given.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    adjusted(p, 1.0)
}

/// Benjamini–Yekutieli adjusted p-values, in the order given: valid under any dependence.
#[must_use]
pub fn benjamini_yekutieli(p: &[f64]) -> Vec<f64> {
    let harmonic = (1..=p.len()).map(|i| 1.0 / real(i)).sum();
    adjusted(p, harmonic)
}

fn adjusted(p: &[f64], factor: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*b].total_cmp(&p[*a]));
    let mut smallest = 1.0_f64;
    let mut adjusted = vec![1.0; p.len()];
    for (place, at) in order.into_iter().enumerate() {
        smallest = smallest.min(p[at] * factor * real(p.len()) / real(p.len() - place));
        adjusted[at] = smallest;
    }
    adjusted
}

#[expect(clippy::cast_precision_loss, reason = "lists stay far below 2^53")]
const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_stops_where_the_promise_would_break() {
        assert_eq!(longest_list(&[], 0.1), 0);
        assert_eq!(longest_list(&[0.85, 0.8], 0.1), 0);
        assert_eq!(longest_list(&[1.0, 1.0, 1.0, 1.0, 1.0, 0.4], 0.2), 5);
    }

    #[test]
    fn adjusted_p_values_equal_a_hand_calculation() {
        let found = benjamini_hochberg(&[0.04, 0.01, 0.03]);
        for (value, expected) in found.iter().zip([0.04, 0.03, 0.04]) {
            assert!((value - expected).abs() < 1e-15);
        }
    }

    proptest::proptest! {
        #[test]
        fn the_expected_false_alarms_never_exceed_the_promise(
            mut certainties in proptest::collection::vec(0.0f64..1.0, 0..60),
            promised in 0.01f64..0.5,
        ) {
            certainties.sort_by(|a, b| b.total_cmp(a));
            let listed = longest_list(&certainties, promised);
            let alarms: f64 = certainties[..listed].iter().map(|c| 1.0 - c).sum();
            proptest::prop_assert!(alarms <= promised * real(listed) + 1e-12);
        }
    }
}
