//! Levels of the areas at an origin, for memories of several lengths: counts further back weigh
//! less, by a discount per period; what the whole town did is taken out first, by the season and a
//! smoothed level of the total. A discounted Gamma-Poisson (West and Harrison 1997; Harvey and
//! Fernandes 1989) with a prior that all areas share.

use super::panel::Panel;
use super::season::{real, trusted};
use super::shift::{self, Shift};
use super::shrink::shrunk;

/// Discounts per month: from never forgetting to a memory of three months.
const DISCOUNTS: [f64; MEMORIES] = [1.0, 0.97, 0.93, 0.88, 0.80, 0.65];
/// Memories that are tried.
pub(super) const MEMORIES: usize = 6;
/// Position of the memory that is used when nothing can be learnt: eight months.
pub(super) const USUAL: usize = 3;
/// How much of the last deviation of the total the level of the total may follow.
const FOLLOWED: [f64; 4] = [0.02, 0.1, 0.3, 0.5];
/// The one that is used when nothing can be learnt.
const USUALLY_FOLLOWED: f64 = 0.3;
/// So many past periods choose between them, and no fewer than these.
const LOOKED_AT: usize = 36;
const FEWEST: usize = 6;
/// Smallest mean of a cell.
const LEAST: f64 = 1e-4;

/// Means of every area for the period `horizon` after an origin, one for each memory, from what is
/// known at the origin.
pub(super) fn means(panel: &Panel, population: &[f64], origin: usize, horizon: usize) -> Vec<[f64; MEMORIES]> {
    let known = &panel.counts[..=origin];
    let season = panel.season();
    let totals = &panel.totals()[..=origin];
    let shifts = shift::shifts(totals, season);
    let factors = trusted(&shift::without(totals, &shifts), season);
    let levels = levels(totals, &factors, &shifts, followed(totals, &factors, &shifts, horizon));
    let ahead = levels[origin] * factors[(origin + horizon) % season];
    let mut means = vec![[0.0; MEMORIES]; panel.areas.len()];
    for (memory, discount) in DISCOUNTS.map(|discount| discount.powf(months(season))).into_iter().enumerate() {
        let mut sums = vec![0.0; panel.areas.len()];
        let mut exposure = 0.0;
        for (at, counts) in known.iter().enumerate() {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum = discount * *sum + count);
            exposure = discount * exposure + factors[at % season] * levels[at];
        }
        let rates = shrunk(&sums, exposure, population);
        means.iter_mut().zip(rates).for_each(|(means, rate)| means[memory] = (rate * ahead).max(LEAST));
    }
    means
}

/// Months in a period, at most half a year: a year forgets less than twelve months would.
fn months(season: usize) -> f64 {
    (12.0 / real(season)).min(6.0)
}

/// How much the level is best followed: the smallest error of the logarithm of the total, so many
/// periods ahead, in the periods that are known.
fn followed(totals: &[f64], factors: &[f64], shifts: &[Shift], horizon: usize) -> f64 {
    let first = totals.len().saturating_sub(LOOKED_AT).max(horizon + 2);
    if totals.len() < first + FEWEST {
        return USUALLY_FOLLOWED;
    }
    let error = |follow: f64| {
        let levels = levels(totals, factors, shifts, follow);
        let base = base(totals, factors.len());
        let off = |at: usize| {
            let expected = levels[at - horizon] * base * factors[at % factors.len()];
            (totals[at].max(0.5) / expected.max(1e-9)).ln().powi(2)
        };
        (first..totals.len()).map(off).sum::<f64>()
    };
    let errors = FOLLOWED.map(|follow| (error(follow), follow));
    errors.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or(USUALLY_FOLLOWED, |best| best.1)
}

/// The mean of the first year.
fn base(totals: &[f64], season: usize) -> f64 {
    let first = &totals[..season.clamp(1, totals.len())];
    (first.iter().sum::<f64>() / real(first.len())).max(1e-9)
}

/// The level of the total at every period, relative to the first year; it jumps where the total does.
fn levels(totals: &[f64], factors: &[f64], shifts: &[Shift], followed: f64) -> Vec<f64> {
    let season = factors.len();
    let base = base(totals, season);
    let seen = |at: usize| totals[at] / (base * factors[at % season]).max(1e-9);
    let mut level = seen(0);
    let follow = |at: usize| {
        match shifts.iter().find(|shift| shift.at == at) {
            Some(shift) => level *= shift.factor,
            None if at > 0 => level += followed * (seen(at) - level),
            None => {}
        }
        level.max(1e-6)
    };
    (0..totals.len()).map(follow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::model::tests::panel;

    #[test]
    fn a_steady_area_has_the_same_level_in_every_memory() {
        let panel = panel(48, |month, area| u32::try_from(area + (month + area) % 3).unwrap());
        let found = means(&panel, &[1.0; 40], 47, 1);
        assert!(found[30].iter().all(|mean| (mean - 31.0).abs() < 1.5), "{:?}", found[30]);
    }

    #[test]
    fn a_short_memory_follows_an_area_that_changed() {
        let panel = panel(48, |month, area| if area == 7 && month > 42 { 20 } else { 4 });
        let found = means(&panel, &[1.0; 40], 47, 1)[7];
        assert!(found[5] > 2.0 * found[0] && found.is_sorted(), "{found:?}");
    }
}
