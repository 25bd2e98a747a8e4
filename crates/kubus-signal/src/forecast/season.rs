//! Factors of the months (or quarters) of a year, shared by all areas: the ratio of the total to
//! its moving average over a year, pulled to 1 as if one more year without a season had been seen.

use crate::math::beta;

/// So many years are looked at.
const YEARS: usize = 5;

/// One factor per position in the year, mean 1; `totals` end at the origin, and position 0 of the
/// year is that of the first total. Without a whole year, and for years, all factors are 1.
#[must_use]
pub fn factors(totals: &[f64], season: usize) -> Vec<f64> {
    if season < 2 || totals.len() <= season {
        return vec![1.0; season.max(1)];
    }
    let begin = totals.len().saturating_sub(YEARS * season);
    let (mut sum, mut seen) = (vec![1.0; season], vec![1.0; season]);
    for at in begin..totals.len() {
        let average = around(totals, at, season);
        if average > 0.0 {
            sum[at % season] += totals[at] / average;
            seen[at % season] += 1.0;
        }
    }
    let factors: Vec<f64> = sum.iter().zip(&seen).map(|(sum, seen)| sum / seen).collect();
    let mean = factors.iter().sum::<f64>() / real(season);
    factors.iter().map(|factor| factor / mean).collect()
}

/// The chance of differences between the months as large as these, were there no season: one-way
/// analysis of variance (Fisher 1925) of the logarithm of the total over its moving average. 1 with
/// less than two years, or for years.
#[must_use]
pub fn chance(totals: &[f64], season: usize) -> f64 {
    if season < 2 || totals.len() < 2 * season {
        return 1.0;
    }
    let off = |at: usize| (totals[at].max(0.5) / around(totals, at, season).max(0.5)).ln();
    let values: Vec<f64> = (0..totals.len()).map(off).collect();
    let mean = |of: &[f64]| of.iter().sum::<f64>() / real(of.len());
    let whole = mean(&values);
    let (mut between, mut within) = (0.0, 0.0);
    for position in 0..season {
        let of: Vec<f64> = values.iter().skip(position).step_by(season).copied().collect();
        let own = mean(&of);
        between += real(of.len()) * (own - whole).powi(2);
        within += of.iter().map(|value| (value - own).powi(2)).sum::<f64>();
    }
    let freedom = (real(season - 1), real(values.len() - season));
    if within <= 0.0 {
        return if between > 0.0 { 0.0 } else { 1.0 };
    }
    // The upper tail of Fisher's F at (between / freedom.0) / (within / freedom.1).
    beta::lower(freedom.1 / 2.0, freedom.0 / 2.0, within / (within + between))
}

/// The mean of a year of totals around a position, as far as they are there.
fn around(totals: &[f64], at: usize, season: usize) -> f64 {
    let begin = at.saturating_sub(season / 2).min(totals.len() - season);
    totals[begin..begin + season].iter().sum::<f64>() / real(season)
}

#[expect(clippy::cast_precision_loss, reason = "a number of periods")]
pub(crate) const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_season_is_found_and_its_mean_is_one() {
        let month = |at: usize| if at % 12 < 6 { 120.0 } else { 80.0 };
        let found = factors(&(0..60).map(month).collect::<Vec<_>>(), 12);
        assert!((found.iter().sum::<f64>() / 12.0 - 1.0).abs() < 1e-12);
        assert!((1.1..1.2).contains(&found[2]) && (0.8..0.9).contains(&found[9]), "{found:?}");
    }

    #[test]
    fn a_season_is_no_chance_and_disorder_is() {
        let disorder = |at: usize| real((at * 29) % 17) - 8.0;
        let season: Vec<f64> =
            (0..60).map(|at| 200.0 + disorder(at) + if at % 12 < 6 { 20.0 } else { -20.0 }).collect();
        let none: Vec<f64> = (0..60).map(|at| 200.0 + disorder(at)).collect();
        assert!(chance(&season, 12) < 1e-6 && chance(&none, 12) > 0.05, "{}", chance(&none, 12));
        assert!(chance(&season[..20], 12) >= 1.0 && chance(&season, 1) >= 1.0);
    }

    #[test]
    fn a_growing_series_without_a_season_has_none() {
        let found = factors(&(0..60).map(|at| 100.0 + f64::from(at)).collect::<Vec<_>>(), 12);
        assert!(found.iter().all(|factor| (factor - 1.0).abs() < 0.04), "{found:?}");
    }
}
