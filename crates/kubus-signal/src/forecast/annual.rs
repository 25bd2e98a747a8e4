//! The total of the next year as a target of its own: the forecasts of its periods added up, with a
//! spread fitted to past years' totals, against the same sum of every simple figure. From every
//! origin a year ahead; years overlap, so blocks of a whole year count as one observation.

use rayon::prelude::*;

use super::baseline::{self, Baseline};
use super::model::{Forecaster, PAST, WARM};
use super::panel::Panel;
use super::score::{Played, Scored, Truth, seed_of};
use super::seen::Seen;
use super::surroundings::Surroundings;
use super::verdict::{Blocks, Verdict, judge};

/// Origins that are looked at: three years of months.
const YEARS: usize = 3;

/// Totals of the years after every origin: forecasts, simple figures and outcomes.
struct Totals {
    means: Vec<Option<Vec<f64>>>,
    simple: Vec<Option<[Vec<f64>; 4]>>,
    taught: Vec<Vec<Seen>>,
    seen: Vec<Vec<Seen>>,
    values: Vec<Vec<f64>>,
}

/// The verdict on the total of the next year. `None` for panels of years, and when there is no year
/// to learn from before a year to play back.
#[must_use]
pub fn annual(panel: &Panel, around: &Surroundings, seed: u64) -> Option<Verdict> {
    let year = panel.season();
    let last = panel.periods.len().checked_sub(year)?;
    let first = last.saturating_sub(YEARS * year).max(WARM + 2 * year);
    if year < 2 || first >= last {
        return None;
    }
    let totals = Totals::of(panel, around, year, first.saturating_sub(year + PAST).max(WARM)..last);
    let blind = None;
    let one = |origin: usize| {
        let (means, simple) = (totals.means[origin].as_deref()?, totals.simple[origin].as_ref()?);
        let size = |means: &dyn Fn(usize) -> Option<Vec<f64>>| totals.size(year, origin, means);
        let played = Played {
            means,
            size: size(&|t| totals.means[t].clone()),
            baselines: std::array::from_fn(|at| {
                let own = |t: usize| totals.simple[t].as_ref().map(|all| all[at].clone());
                (simple[at].as_slice(), size(&own))
            }),
        };
        let truth = Truth { seen: &totals.seen[origin], values: &totals.values[origin], blind };
        Some(Scored::of(truth, &played, &[], seed_of(seed, origin)))
    };
    let scored: Vec<Scored> = (first..last).into_par_iter().filter_map(one).collect();
    (!scored.is_empty()).then(|| judge(panel, &scored, Blocks { length: year, overlap: year }, seed))
}

impl Totals {
    fn of(panel: &Panel, around: &Surroundings, year: usize, origins: std::ops::Range<usize>) -> Self {
        let steps: Vec<Forecaster<'_>> =
            (1..=year).into_par_iter().map(|h| Forecaster::new(panel, around, h, origins.start)).collect();
        let ahead = |t: usize| added(steps.iter().map(|step| step.means_at(t)));
        let all = |t: usize, baseline: Baseline| {
            added((1..=year).map(|h| Some(baseline.means(panel, t, h)))).unwrap_or_default()
        };
        let simple = |t: usize| Baseline::ALL.map(|baseline| all(t, baseline));
        let known = |t: &usize| origins.contains(t);
        let places = 0..origins.end;
        let years = |cells: &[Vec<Seen>], t: usize| {
            let areas = 0..panel.areas.len();
            areas.map(|area| (t + 1..=t + year).fold(Seen::Exactly(0), |sum, at| sum.plus(cells[at][area]))).collect()
        };
        let values = |t: usize| added((t + 1..=t + year).map(|at| Some(panel.outcomes(at)))).unwrap_or_default();
        Self {
            means: places.clone().into_par_iter().map(|t| known(&t).then(|| ahead(t)).flatten()).collect(),
            simple: places.clone().into_par_iter().map(|t| known(&t).then(|| simple(t))).collect(),
            taught: places.clone().map(|t| years(&panel.taught, t)).collect(),
            seen: places.clone().map(|t| years(&panel.seen, t)).collect(),
            values: places.map(values).collect(),
        }
    }

    /// The size that totals of years that were known at an origin give.
    fn size(&self, year: usize, origin: usize, means: &dyn Fn(usize) -> Option<Vec<f64>>) -> f64 {
        let past = (0..(origin + 1).saturating_sub(year)).rev().take(PAST);
        let pairs = past.filter_map(|t| Some(self.taught[t].iter().copied().zip(means(t)?)));
        baseline::size_of(&pairs.flatten().collect::<Vec<_>>())
    }
}

/// Sums by area; `None` when one of the periods has none.
fn added<V: AsRef<[f64]>>(periods: impl Iterator<Item = Option<V>>) -> Option<Vec<f64>> {
    let mut sums: Vec<f64> = Vec::new();
    for period in periods {
        let period = period?;
        let means = period.as_ref();
        sums.resize(means.len(), 0.0);
        sums.iter_mut().zip(means).for_each(|(sum, mean)| *sum += mean);
    }
    Some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::model::tests::panel;
    use crate::forecast::study::drawn;
    use crate::forecast::verdict::Worth;

    fn of(panel: &Panel) -> Verdict {
        annual(panel, &Surroundings::unknown(panel), 1).unwrap()
    }

    #[test]
    fn where_nothing_changes_the_total_of_a_year_is_not_forecast_better_than_a_mean() {
        let found = of(&drawn(60, 96, 4, |_, area| 0.2 + f64::from(u32::try_from(area % 9).unwrap()) / 2.0));
        assert_eq!((found.origins, found.worth), (36, Worth::Negligible), "{found:?}");
        assert!((0.9..1.1).contains(&found.calibration.by_fifth[4].ratio), "{found:?}");
        assert!((found.calibration.coverage.0 - 0.8).abs() < 0.12, "{found:?}");
    }

    #[test]
    fn the_total_of_a_year_is_the_sum_of_its_months() {
        let panel = panel(60, |month, area| u32::try_from(area + month % 2).unwrap());
        let totals = Totals::of(&panel, &Surroundings::unknown(&panel), 12, 40..48);
        assert_eq!(totals.seen[45][7], Seen::Exactly(7 * 12 + 6));
        assert!((totals.values[45][7] - 90.0).abs() < 1e-9);
        assert!((totals.means[45].as_ref().unwrap()[30] - 366.0).abs() < 8.0);
        assert!(totals.means[39].is_none());
    }

    #[test]
    fn what_comes_after_the_year_changes_nothing_before() {
        let usual = |month: usize, area: usize| u32::try_from((month * 7 + area * 3) % 5 + area / 10).unwrap();
        let loud = panel(72, |month, area| if month > 50 { 500 } else { usual(month, area) });
        let of = |panel: &Panel| Totals::of(panel, &Surroundings::unknown(panel), 12, 40..51).means[50].clone();
        assert_eq!(of(&panel(72, usual)), of(&loud));
    }

    #[test]
    fn a_panel_of_years_or_too_few_has_no_total_of_the_next_year() {
        let short = panel(36, |_, area| u32::try_from(area).unwrap());
        assert_eq!(annual(&short, &Surroundings::unknown(&short), 1), None);
    }
}
