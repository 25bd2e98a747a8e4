//! Farrington-Noufaily: what the same part of earlier years, the rest of the year and the trend
//! give reason to expect.
//!
//! Noufaily, A. et al. (2013), Statistics in Medicine 32, which improves Farrington, C. et al.
//! (1996), JRSS A 159: every period of the past takes part, the year is a factor whose first part
//! is a window around the period that is judged, the last half year is left out, only counts far
//! above the model weigh less, and the trend stays, significant or not, as long as it does not lead
//! beyond what was ever counted.

use super::model::{Fit, Point, Terms};
use super::threshold::Expected;
use super::{Bar, Reading, Setting, Silent};

/// Years of the past that take part.
const YEARS: usize = 5;
/// Years of the past that are needed.
const FEWEST_YEARS: usize = 3;
/// A share of the past without a count that is borne.
const MOST_GAPS: f64 = 0.2;
/// A standard error this many times what is expected says that nothing is known.
const MOST_DOUBT: f64 = 1.0;
/// A variance this many times the mean has no sensible distribution around it.
const WILDEST: f64 = 1000.0;
/// A residual above this makes a count of the past weigh less.
const FAR: f64 = 2.58;

/// Which periods of a past year count as the same part of the year.
struct Year {
    season: usize,
    /// Periods before and after the same period that belong to the window.
    window: usize,
    parts: usize,
}

impl Year {
    const fn of(season: usize) -> Self {
        let (window, parts) = match season {
            26.. => (3, 10),
            9..=25 => (1, 4),
            2..=8 => (0, season),
            _ => (0, 1),
        };
        Self { season, window, parts }
    }

    /// The part of the year of a period so many steps back.
    const fn part(&self, back: usize) -> usize {
        let place = back % self.season;
        if self.parts <= 1 || place <= self.window || place + self.window >= self.season {
            return 0;
        }
        let rest = self.season - 2 * self.window - 1;
        1 + (place - self.window - 1) * (self.parts - 1) / rest
    }

    /// The last half year is left out, for an outbreak may be on its way.
    const fn nearest(&self) -> usize {
        self.season / 2 + 1
    }
}

/// Expected count and the threshold.
pub(super) fn bar(past: &[Reading], setting: &Setting) -> Result<Bar, Silent> {
    let expected = expected(past, setting)?;
    let threshold = setting.method.range(&expected, setting.alpha, 0.0).upper;
    Ok(Bar { expected: expected.mean, threshold })
}

/// What is expected of the period after the past.
///
/// # Errors
/// [`Silent`].
pub fn expected(past: &[Reading], setting: &Setting) -> Result<Expected, Silent> {
    Ok(Usual::of(past, setting)?.back(0))
}

/// What a past gives reason to expect of the last half year and of the period after it.
pub(super) struct Usual {
    year: Year,
    /// Periods that took part, from the farthest.
    span: usize,
    /// `None` when there never was a case.
    fit: Option<Fit>,
}

impl Usual {
    pub(super) fn of(past: &[Reading], setting: &Setting) -> Result<Self, Silent> {
        let year = Year::of(setting.season);
        let span = (YEARS * year.season + year.window).min(past.len());
        if span < FEWEST_YEARS * year.season || span <= year.nearest() {
            return Err(Silent::ShortPast);
        }
        let point = |back: usize| {
            let count = f64::from(past[past.len() - back].ok()?);
            Some(Point { count, ..place(&year, span, back) })
        };
        let points: Vec<Point> = (year.nearest()..=span).rev().filter_map(point).collect();
        let all = (span + 1 - year.nearest()) as f64;
        if (points.len() as f64) < (1.0 - MOST_GAPS) * all {
            return Err(Silent::Gaps);
        }
        let highest = points.iter().map(|point| point.count).fold(0.0, f64::max);
        let fit = if highest > 0.0 { Some(best(&points, &year, highest).ok_or(Silent::NoFit)?) } else { None };
        Ok(Self { year, span, fit })
    }

    /// So many periods before the one that is judged; at most half a year.
    pub(super) fn back(&self, back: usize) -> Expected {
        let never = Expected { mean: 0.0, error: 0.0, dispersion: 1.0 };
        self.fit.as_ref().map_or(never, |fit| fit.expected(&place(&self.year, self.span, back)))
    }
}

/// How many periods before the one that is judged take no part.
pub(super) const fn left_out(season: usize) -> usize {
    Year::of(season).nearest() - 1
}

fn place(year: &Year, span: usize, back: usize) -> Point {
    Point { count: 0.0, time: -(back as f64) / span as f64, part: year.part(back) }
}

/// With a trend when it does not lead beyond what was ever counted; with a season when there are
/// enough cases in each part of the year. What is expected must be known to some extent.
fn best(points: &[Point], year: &Year, highest: f64) -> Option<Fit> {
    let parts = usable_parts(points, year.parts);
    let even = vec![1.0; points.len()];
    let fit = |(trend, parts)| Fit::new(points, &even, Terms { trend, parts })?.reweighted(points, FAR);
    let known = |fit: &Fit| {
        let expected = fit.expected(&place(year, 1, 0));
        let doubtful = expected.error > MOST_DOUBT * expected.mean || expected.dispersion > WILDEST;
        expected.mean <= highest && !doubtful
    };
    [(true, parts), (false, parts), (false, 1)].into_iter().filter_map(fit).find(known)
}

/// A part of the year without any case has no logarithm; then there is no season in the model.
fn usable_parts(points: &[Point], parts: usize) -> usize {
    let filled = |part: usize| points.iter().any(|point| point.part == part && point.count > 0.0);
    if (0..parts).all(filled) { parts } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_weeks_has_one_window_of_seven_and_nine_parts_of_five() {
        let year = Year::of(52);
        let mut sizes = [0; 10];
        (1..=52).for_each(|back| sizes[year.part(back)] += 1);
        assert_eq!(sizes, [7, 5, 5, 5, 5, 5, 5, 5, 5, 5]);
        assert_eq!((year.part(52), year.part(49), year.part(48)), (0, 0, 9));
    }

    #[test]
    fn a_year_of_months_has_a_window_of_three_and_three_parts_of_three() {
        let year = Year::of(12);
        let parts: Vec<usize> = (0..12).map(|back| year.part(back)).collect();
        assert_eq!(parts, [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0]);
        assert_eq!([0, 1, 2, 3, 4].map(|back| Year::of(4).part(back)), [0, 1, 2, 3, 0]);
    }
}
