//! Class breaks for a map: fixed over time, from released values only.
//!
//! The breaks are the quintiles of all published figures of the table, over all periods, rounded to
//! 1, 2 or 5 times a power of ten. Quintiles, because a map with five equally filled classes stays
//! readable when figures are skewed, as rates of small areas are.

use kubus_model::{AreaLevel, Member, Release};

/// Classes on a map.
const CLASSES: usize = 5;
/// Rounding steps that fit in the middle part of the figures, at least.
const FINENESS: f64 = 12.0;

/// Upper bounds of all classes but the last, ascending, in the indicator's unit: `n` breaks make
/// `n + 1` classes, and a value on a break belongs to the lower class. Rounded for people, computed
/// over all periods of the table so that maps of two years compare. Empty when nothing is published.
#[must_use]
pub fn class_breaks(release: &Release, indicator: &str, level: &AreaLevel, member: &Member) -> Vec<f64> {
    let found = release.indicator(indicator).zip(release.table(indicator, level));
    let Some((indicator, table)) = found else { return Vec::new() };
    let Some(member) = table.member_position(member) else { return Vec::new() };
    let places = (0..table.areas().len()).flat_map(|area| (0..table.periods().len()).map(move |p| (area, p)));
    breaks(places.filter_map(|(area, period)| table.cell(area, period, member).figure(indicator.per)).collect())
}

/// Rounded quintiles, at least the lowest figure and below the highest, so that no end class is empty.
fn breaks(mut figures: Vec<f64>) -> Vec<f64> {
    figures.retain(|figure| figure.is_finite());
    figures.sort_by(f64::total_cmp);
    let (Some(lowest), Some(highest)) = (figures.first().copied(), figures.last().copied()) else { return Vec::new() };
    let quantile = |part: usize| figures[((figures.len() * part).div_ceil(CLASSES)).max(1) - 1];
    let middle = quantile(CLASSES - 1) - quantile(1);
    let Some(step) = Step::of(if middle > 0.0 { middle } else { highest - lowest }) else { return Vec::new() };
    let mut rounded: Vec<f64> = (1..CLASSES).map(|part| step.round(quantile(part))).collect();
    rounded.retain(|at| *at >= lowest && *at < highest);
    rounded.dedup_by(|a, b| a.total_cmp(b).is_eq());
    rounded
}

/// A rounding step: 1, 2 or 5 times a power of ten.
struct Step {
    digit: f64,
    exponent: i32,
}

impl Step {
    /// The coarsest step that goes [`FINENESS`] times into a width; `None` without a width.
    fn of(width: f64) -> Option<Self> {
        let wanted = width / FINENESS;
        if !wanted.is_normal() || wanted < 0.0 {
            return None;
        }
        let exponents = (-30..30).rev();
        let steps = exponents.flat_map(|exponent| [5.0, 2.0, 1.0].map(|digit| Self { digit, exponent }));
        steps.into_iter().find(|step| step.times(1.0) <= wanted)
    }

    /// So many steps; a division for small steps, so that 0.3 is the number people call 0.3.
    fn times(&self, number: f64) -> f64 {
        let scale = 10f64.powi(self.exponent.abs());
        let digits = number * self.digit;
        if self.exponent < 0 { digits / scale } else { digits * scale }
    }

    /// The nearest multiple, without a negative zero.
    fn round(&self, figure: f64) -> f64 {
        self.times((figure / self.times(1.0)).round()) + 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quintiles_are_rounded_for_people() {
        let figures = (0..1000).map(|i| f64::from(i) * 0.0371).collect();
        assert_eq!(breaks(figures), [7.0, 15.0, 22.0, 30.0]);
        let small = (0..100).map(|i| f64::from(i) * 0.00731).collect();
        assert_eq!(breaks(small), [0.14, 0.28, 0.44, 0.58]);
    }

    #[test]
    fn many_zeros_give_a_class_of_zeros_and_fewer_classes() {
        let figures = (0..100).map(|i| f64::from((i - 70).max(0))).collect();
        assert_eq!(breaks(figures), [0.0, 9.0]);
    }

    #[test]
    fn nothing_published_or_one_figure_everywhere_gives_no_breaks() {
        assert!(breaks(Vec::new()).is_empty());
        assert!(breaks(vec![4.2; 30]).is_empty());
        assert!(breaks(vec![f64::NAN, f64::INFINITY]).is_empty());
    }

    proptest! {
        #[test]
        fn breaks_ascend_split_the_figures_and_do_not_depend_on_their_order(
            figures in prop::collection::vec(0.0..1e4f64, 1..200), turn in 0usize..200
        ) {
            let found = breaks(figures.clone());
            prop_assert!(found.len() < CLASSES);
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
            for at in &found {
                prop_assert!(figures.iter().any(|f| f <= at) && figures.iter().any(|f| f > at));
            }
            let mut turned = figures.clone();
            turned.rotate_left(turn % figures.len());
            prop_assert_eq!(breaks(turned), found);
        }
    }
}
