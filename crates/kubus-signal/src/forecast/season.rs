//! Factors of the months (or quarters) of a year, shared by all areas: the ratio of the total to
//! its moving average over a year, pulled to 1 as if one more year without a season had been seen.

use crate::math::beta;

/// A season is trusted when chance makes one like it less often than this.
const SURE: f64 = 0.001;
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

/// The factors that a forecast uses: where the season is no chance (1 in 1,000), each month is pulled
/// to 1 only by as much as its own mean is noise (empirical Bayes on logarithms); else as
/// [`factors`].
#[must_use]
pub fn trusted(totals: &[f64], season: usize) -> Vec<f64> {
    if chance(totals, season) > SURE {
        return factors(totals, season);
    }
    let found = Months::of(&totals[totals.len().saturating_sub(YEARS * season)..], season);
    let shift = (totals.len() - found.seen) % season;
    let noise = found.within / found.freedom;
    let spread = found.means.iter().map(|mean| (mean - found.whole).powi(2)).sum::<f64>() / real(season - 1);
    let between = (spread - noise * real(season) / real(found.seen)).max(0.0);
    let pulled = |at: usize| {
        let (mean, count) = (found.means[at], found.counts[at]);
        (between / (between + noise / count).max(1e-12) * mean).exp()
    };
    let factors: Vec<f64> = (0..season).map(|at| pulled((at + season - shift) % season)).collect();
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
    let found = Months::of(totals, season);
    let means = found.means.iter().zip(&found.counts);
    let between: f64 = means.map(|(mean, count)| count * (mean - found.whole).powi(2)).sum();
    if found.within <= 0.0 {
        return if between > 0.0 { 0.0 } else { 1.0 };
    }
    // The upper tail of Fisher's F at (between / (season - 1)) / (within / freedom).
    let ways = real(season - 1);
    beta::lower(found.freedom / 2.0, ways / 2.0, found.within / (found.within + between))
}

/// Logarithms of totals over their moving average, by position in the year.
struct Months {
    means: Vec<f64>,
    counts: Vec<f64>,
    whole: f64,
    /// Sum of squares around the means, and its degrees of freedom.
    within: f64,
    freedom: f64,
    seen: usize,
}

impl Months {
    /// Of at least two years.
    fn of(totals: &[f64], season: usize) -> Self {
        let off = |at: usize| (totals[at].max(0.5) / around(totals, at, season).max(0.5)).ln();
        let values: Vec<f64> = (0..totals.len()).map(off).collect();
        let of = |position: usize| values.iter().skip(position).step_by(season);
        let counts: Vec<f64> = (0..season).map(|position| real(of(position).count())).collect();
        let means: Vec<f64> = (0..season).map(|position| of(position).sum::<f64>() / counts[position]).collect();
        let squares = |at: usize| of(at).map(|value| (value - means[at]).powi(2)).sum::<f64>();
        Self {
            within: (0..season).map(squares).sum(),
            freedom: real(values.len() - season),
            whole: values.iter().sum::<f64>() / real(values.len()),
            seen: values.len(),
            means,
            counts,
        }
    }
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
    fn a_sure_season_is_trusted_and_stands_at_its_own_months() {
        let month = |at: usize| if at % 12 < 6 { 140.0 } else { 60.0 } + real(at * 7 % 5);
        for months in [60, 67, 84] {
            let found = trusted(&(0..months).map(month).collect::<Vec<_>>(), 12);
            assert!((found.iter().sum::<f64>() / 12.0 - 1.0).abs() < 1e-12);
            assert!((1.37..1.42).contains(&found[2]) && (0.58..0.63).contains(&found[9]), "{months} {found:?}");
        }
        let none: Vec<f64> = (0..60).map(|at| 200.0 + real((at * 29) % 17)).collect();
        assert_eq!(trusted(&none, 12), factors(&none, 12));
    }

    #[test]
    fn a_growing_series_without_a_season_has_none() {
        let found = factors(&(0..60).map(|at| 100.0 + f64::from(at)).collect::<Vec<_>>(), 12);
        assert!(found.iter().all(|factor| (factor - 1.0).abs() < 0.04), "{found:?}");
    }
}
