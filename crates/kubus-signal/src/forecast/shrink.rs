//! Rates of all areas at once, each pulled towards the rate of all together by as much as its own
//! count is chance: a Gamma prior fitted by moments (Marshall, R. (1991), Applied Statistics 40).

use super::season::real;

/// Expected count per unit of exposure of every area. `sums` are its counts over a common
/// `exposure`; `population` is relative to the mean area.
#[must_use]
pub fn shrunk(sums: &[f64], exposure: f64, population: &[f64]) -> Vec<f64> {
    let areas = real(sums.len().max(1));
    let people: f64 = population.iter().sum();
    let mean = sums.iter().sum::<f64>() / (exposure * people);
    let off = |(sum, people): (&f64, &f64)| people * (sum / (exposure * people) - mean).powi(2);
    let spread = sums.iter().zip(population).map(off).sum::<f64>() / people * areas / (areas - 1.0).max(1.0);
    let between = (spread - mean * areas / (exposure * people)).max(1e-8 * mean * mean + 1e-12);
    let strength = mean / between;
    let rate = |(sum, people): (&f64, &f64)| people * (strength * mean + sum) / (strength + exposure * people);
    sums.iter().zip(population).map(rate).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shrinking_keeps_the_total_and_pulls_towards_the_mean() {
        let found = shrunk(&[0.0, 2.0, 4.0, 30.0], 12.0, &[1.0; 4]);
        assert!((found.iter().sum::<f64>() - 36.0 / 12.0).abs() < 1e-9);
        assert!(found[0] > 0.0 && found[3] < 30.0 / 12.0);
    }

    #[test]
    fn a_small_area_is_pulled_further_than_a_large_one() {
        let found = shrunk(&[4.0, 40.0, 10.0, 90.0], 10.0, &[0.2, 2.0, 0.9, 0.9]);
        // Both have a rate of 2 where 3.6 is common.
        let pulled = (found[0] / 0.2 - 2.0, found[1] / 2.0 - 2.0);
        assert!(pulled.0 > 4.0 * pulled.1 && pulled.1 > 0.0, "{found:?}");
    }

    proptest! {
        /// An estimate lies between the area's own rate and the common one.
        #[test]
        fn an_estimate_lies_between_the_area_and_the_whole(sums in proptest::collection::vec(0u32..60, 2..30)) {
            let sums: Vec<f64> = sums.into_iter().map(f64::from).collect();
            let mean = sums.iter().sum::<f64>() / real(sums.len()) / 24.0;
            for (found, sum) in shrunk(&sums, 24.0, &vec![1.0; sums.len()]).iter().zip(&sums) {
                let (low, high) = ((sum / 24.0).min(mean), (sum / 24.0).max(mean));
                prop_assert!((low - 1e-9..=high + 1e-9).contains(found));
            }
        }
    }
}
