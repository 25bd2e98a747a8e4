//! Sudden shifts of the level of the total: a changed way of recording, a pandemic. They are found
//! where the months after differ from the months before by far more than such months usually do,
//! and are told with every forecast; they are never averaged away in silence.

use super::season::factors;

/// Periods before, and after, that are compared.
const BEFORE: usize = 6;
/// A shift is seen no sooner than after so many periods.
const AFTER: usize = 4;
/// A smaller change than this, as a ratio, is no shift.
const SMALLEST: f64 = 1.25;
/// So many times the usual difference.
const USUAL: f64 = 5.0;

/// A sudden change of the total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// Position of the first period after it.
    pub at: usize,
    /// How many times higher the total is after it.
    pub factor: f64,
}

/// The shifts in totals that end at the origin, in order.
#[must_use]
pub fn shifts(totals: &[f64], season: usize) -> Vec<Shift> {
    if totals.len() < BEFORE + AFTER + season {
        return Vec::new();
    }
    let factors = factors(totals, season);
    let ln: Vec<f64> =
        totals.iter().enumerate().map(|(at, total)| (total.max(0.5) / factors[at % season]).ln()).collect();
    let places = BEFORE..=totals.len() - AFTER;
    let steps: Vec<f64> =
        places.map(|at| median(ln[at..at + AFTER].to_vec()) - median(ln[at - BEFORE..at].to_vec())).collect();
    let trend = median(steps.clone());
    let usual = 1.4826 * median(steps.iter().map(|step| (step - trend).abs()).collect());
    let far = |step: f64| (step - trend).abs();
    let least = SMALLEST.ln().max(USUAL * usual);
    let mut found: Vec<Shift> = Vec::new();
    let mut order: Vec<usize> = (0..steps.len()).filter(|at| far(steps[*at]) >= least).collect();
    order.sort_by(|a, b| far(steps[*b]).total_cmp(&far(steps[*a])).then(a.cmp(b)));
    for at in order {
        if found.iter().all(|shift| shift.at.abs_diff(at + BEFORE) >= BEFORE) {
            found.push(Shift { at: at + BEFORE, factor: (steps[at] - trend).exp() });
        }
    }
    found.sort_by_key(|shift| shift.at);
    found
}

/// The totals as they would have been at the last level.
#[must_use]
pub fn without(totals: &[f64], shifts: &[Shift]) -> Vec<f64> {
    let later = |at: usize| shifts.iter().filter(|shift| shift.at > at).map(|shift| shift.factor).product::<f64>();
    totals.iter().enumerate().map(|(at, total)| total * later(at)).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { f64::midpoint(values[half - 1], values[half]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::season::real;

    /// A year's rhythm with some disorder, and a jump.
    fn totals(jump: f64, from: usize) -> Vec<f64> {
        let month = |at: usize| {
            1000.0 * (1.0 + 0.2 * (real(at) * std::f64::consts::FRAC_PI_6).sin()) * (1.0 + 0.03 * real((at * 7) % 5))
        };
        (0..60).map(|at| month(at) * if at >= from { jump } else { 1.0 }).collect()
    }

    #[test]
    fn a_change_of_recording_is_found_where_it_was() {
        let found = shifts(&totals(1.8, 40), 12);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].at.abs_diff(40) <= 1 && (found[0].factor / 1.8).ln().abs() < 0.15, "{found:?}");
        let level = without(&totals(1.8, 40), &found);
        assert!((level[10] / totals(1.8, 40)[10] - found[0].factor).abs() < 1e-9 && level[59] <= totals(1.8, 40)[59]);
    }

    #[test]
    fn a_season_and_a_steady_trend_are_no_shift() {
        assert_eq!(shifts(&totals(1.0, 60), 12), []);
        let growing: Vec<f64> = totals(1.0, 60).iter().enumerate().map(|(at, t)| t * 1.02f64.powf(real(at))).collect();
        assert_eq!(shifts(&growing, 12), []);
    }

    #[test]
    fn a_shift_is_not_seen_before_it_can_be() {
        assert_eq!(shifts(&totals(1.8, 40)[..42], 12), []);
    }
}
