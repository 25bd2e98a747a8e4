//! The true counts that are compatible with a published cell, each with the chance that it would
//! have been published like this. A protected cell is never replaced by a midpoint.

use kubus_model::{Cell, CellStatus};

use super::noise::Noise;

/// Consecutive counts with their likelihoods.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The first count.
    pub first: f64,
    /// Likelihood of the first count and of those that follow.
    pub likelihood: Vec<f64>,
}

/// The compatible counts, in one run or (low or nearly everyone) in two.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// The runs, in ascending order.
    pub runs: Vec<Run>,
}

/// What hides a count: the rules of the release for one indicator.
#[derive(Debug, Clone, Copy)]
pub struct Hiding<'a> {
    /// The chance of each published count.
    pub noise: &'a Noise,
    /// Counts published below this are suppressed.
    pub threshold: i64,
    /// A share above this is suppressed; `None` when the figure is not a share.
    pub max_group_share: Option<f64>,
}

impl Counts {
    /// One count, known exactly.
    #[must_use]
    pub fn exactly(count: f64) -> Self {
        Self { runs: vec![Run { first: count, likelihood: vec![1.0] }] }
    }

    /// The counts compatible with a published cell; `None` when the cell says nothing.
    /// `whole` is the denominator of a share: no count exceeds it.
    #[must_use]
    pub fn of(cell: &Cell, whole: Option<i64>, hiding: &Hiding<'_>) -> Option<Self> {
        match (cell.status, cell.numerator) {
            (CellStatus::Value | CellStatus::Zero, Some(published)) => Some(Self::seen(published, whole, hiding.noise)),
            (CellStatus::Zero, None) => Some(Self::seen(0, whole, hiding.noise)),
            (CellStatus::Suppressed, _) => Some(Self::hidden(whole, hiding)),
            _ => None,
        }
    }

    fn seen(published: i64, whole: Option<i64>, noise: &Noise) -> Self {
        let most = whole.unwrap_or(i64::MAX).max(0);
        let first = (published - noise.bound()).max(0);
        let last = (published + noise.bound()).min(most);
        let run = Run::new(first, last, |count| noise.chance(count, published));
        run.map_or_else(|| Self::exactly(real(published.clamp(0, most))), |run| Self { runs: vec![run] })
    }

    fn hidden(whole: Option<i64>, hiding: &Hiding<'_>) -> Self {
        let most = whole.unwrap_or(i64::MAX).max(0);
        let last_low = (hiding.threshold - 1 + hiding.noise.bound()).min(most);
        let low = Run::new(0, last_low, |count| hiding.noise.chance_below(count, hiding.threshold));
        let high = whole.and_then(|whole| Self::nearly_everyone(whole, last_low + 1, hiding));
        let runs: Vec<Run> = low.into_iter().chain(high).collect();
        if runs.is_empty() { Self::exactly(0.0) } else { Self { runs } }
    }

    /// Counts hidden because nearly everyone has the property: the share is above the rule's
    /// limit, or those without it are fewer than the threshold.
    fn nearly_everyone(whole: i64, from: i64, hiding: &Hiding<'_>) -> Option<Run> {
        let limit = hiding.max_group_share? * real(whole);
        let hidden = |count: i64| real(count) > limit || whole - count < hiding.threshold;
        let first = (from..=whole).find(|count| hidden(*count))?;
        Run::new(first, whole, |_| 1.0)
    }
}

impl Run {
    /// The counts from `first` to `last`; `None` when none is possible.
    fn new(first: i64, last: i64, likelihood: impl Fn(i64) -> f64) -> Option<Self> {
        let likelihood: Vec<f64> = (first..=last).map(likelihood).collect();
        let from = likelihood.iter().position(|l| *l > 0.0)?;
        let to = likelihood.iter().rposition(|l| *l > 0.0)?;
        let skipped = i64::try_from(from).unwrap_or(0);
        Some(Self { first: real(first + skipped), likelihood: likelihood[from..=to].to_vec() })
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
const fn real(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubus_model::rule::PerturbationParameters;

    fn noise() -> Noise {
        Noise::declared(&PerturbationParameters { max_noise: 2, variance: 1.08, unused_small_counts: 0 })
    }

    fn cell(status: CellStatus, numerator: Option<i64>) -> Cell {
        Cell { numerator, denominator: Some(30), ..Cell::missing(status) }
    }

    #[test]
    fn a_published_count_may_be_two_more_or_less() {
        let noise = noise();
        let hiding = Hiding { noise: &noise, threshold: 5, max_group_share: Some(0.9) };
        let counts = Counts::of(&cell(CellStatus::Value, Some(9)), Some(30), &hiding).unwrap();
        assert_eq!((counts.runs.len(), counts.runs[0].first, counts.runs[0].likelihood.len()), (1, 7.0, 5));
    }

    #[test]
    fn a_suppressed_count_is_low_or_nearly_everyone() {
        let noise = noise();
        let hiding = Hiding { noise: &noise, threshold: 5, max_group_share: Some(0.9) };
        let counts = Counts::of(&cell(CellStatus::Suppressed, None), Some(30), &hiding).unwrap();
        let ranges: Vec<(f64, usize)> = counts.runs.iter().map(|r| (r.first, r.likelihood.len())).collect();
        assert_eq!(ranges, [(0.0, 7), (26.0, 5)]);
    }

    #[test]
    fn a_cell_without_data_says_nothing() {
        let noise = noise();
        let hiding = Hiding { noise: &noise, threshold: 5, max_group_share: None };
        assert_eq!(Counts::of(&cell(CellStatus::NotAvailable, None), None, &hiding), None);
    }
}
