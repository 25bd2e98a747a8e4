//! The perturbation table: for each true count the possible published counts with their chances.
//!
//! Counts from the last row on share that row (the noise is then symmetric and no longer touches
//! 0 or the unused small counts). Zero stays zero. The parameters are published, so the attacker
//! builds the same table.

use kubus_model::rule::PerturbationParameters;

use super::entropy::{EntropyError, probabilities};

/// One change and the share of keys that get it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// What is added to the true count.
    pub change: i64,
    /// Its chance, 0 to 1.
    pub chance: f64,
    /// Keys up to this one (inclusive), counted from 0, get this change or an earlier one.
    last_key: u64,
}

/// The changes of every true count.
#[derive(Debug, Clone, PartialEq)]
pub struct PerturbationTable {
    rows: Vec<Vec<Change>>,
}

impl PerturbationTable {
    /// The table of largest noise D, variance V and unused small counts 1…js.
    ///
    /// # Errors
    /// [`EntropyError`] when no such table exists.
    ///
    /// ```
    /// use kubus_model::rule::PerturbationParameters;
    /// use kubus_release::perturbation::PerturbationTable;
    /// let asked = PerturbationParameters { max_noise: 2, variance: 1.08, unused_small_counts: 0 };
    /// let table = PerturbationTable::new(asked).unwrap();
    /// assert_eq!(table.perturb(0, 1 << 63), 0);
    /// assert!((98..=102).contains(&table.perturb(100, 1 << 63)));
    /// ```
    pub fn new(asked: PerturbationParameters) -> Result<Self, EntropyError> {
        let (most, unused) = (i64::from(asked.max_noise), i64::from(asked.unused_small_counts));
        let row = |count: i64| {
            let changes: Vec<i64> =
                (-most.min(count)..=most).filter(|change| !(1..=unused).contains(&(count + change))).collect();
            probabilities(&changes, asked.variance).map(|p| with_keys(&changes, &p))
        };
        let zero = vec![Change { change: 0, chance: 1.0, last_key: u64::MAX }];
        let symmetric = if unused == 0 { most } else { most + unused + 1 };
        let rows: Result<Vec<_>, _> = (1..=symmetric).map(row).collect();
        Ok(Self { rows: std::iter::once(zero).chain(rows?).collect() })
    }

    /// A table without noise, for figures that are public already and for attack tests.
    #[must_use]
    pub fn without_noise() -> Self {
        Self { rows: vec![vec![Change { change: 0, chance: 1.0, last_key: u64::MAX }]] }
    }

    /// The rows: the changes of true count 0, 1, … and, in the last, of every larger count.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Change>] {
        &self.rows
    }

    /// The published count of a true count whose cell key falls at `uniform`.
    #[must_use]
    pub fn perturb(&self, count: i64, uniform: u64) -> i64 {
        let row = self.row(count);
        let drawn = row.iter().find(|c| uniform <= c.last_key).or(row.last());
        count + drawn.map_or(0, |c| c.change)
    }

    /// The smallest and largest true count that can be published as `published`; `None` when none
    /// can.
    #[must_use]
    pub fn compatible(&self, published: i64) -> Option<(i64, i64)> {
        let reach = self.largest_change();
        let possible = |count: &i64| self.row(*count).iter().any(|c| count + c.change == published);
        let lowest = (published - reach).max(0);
        let first = (lowest..=published + reach).find(possible)?;
        let last = (lowest..=published + reach).rev().find(possible)?;
        Some((first, last))
    }

    /// The largest true count that can be published below `threshold`; at least 0.
    #[must_use]
    pub fn largest_below(&self, threshold: i64) -> i64 {
        let published_below = |count: &i64| self.row(*count).iter().any(|c| count + c.change < threshold);
        (0..threshold + self.largest_change()).rev().find(published_below).unwrap_or(0)
    }

    /// The largest change in either direction: D, or 0 without noise.
    #[must_use]
    pub fn largest_change(&self) -> i64 {
        self.rows.iter().flatten().map(|c| c.change.abs()).max().unwrap_or(0)
    }

    /// The chance that a true count is published as `published`.
    #[must_use]
    pub fn chance(&self, count: i64, published: i64) -> f64 {
        let found = self.row(count).iter().find(|c| count + c.change == published);
        found.map_or(0.0, |c| c.chance)
    }

    fn row(&self, count: i64) -> &[Change] {
        let last = self.rows.len() - 1;
        &self.rows[usize::try_from(count.max(0)).unwrap_or(last).min(last)]
    }
}

fn with_keys(changes: &[i64], chances: &[f64]) -> Vec<Change> {
    let sums = chances.iter().scan(0.0, |sum, p| {
        *sum += p;
        Some(*sum)
    });
    let rows = changes.iter().zip(chances).zip(sums);
    let mut row: Vec<Change> = rows
        .map(|((change, chance), sum)| Change { change: *change, chance: *chance, last_key: key_at(sum) })
        .collect();
    if let Some(last) = row.last_mut() {
        last.last_key = u64::MAX;
    }
    row
}

/// The last key of the lowest `share` of all keys.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of 0 to 1 of 2^64; the cast saturates at both ends"
)]
fn key_at(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 2f64.powi(64)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(max_noise: u8, variance: f64, unused_small_counts: u8) -> PerturbationTable {
        PerturbationTable::new(PerturbationParameters { max_noise, variance, unused_small_counts }).unwrap()
    }

    proptest! {
        #[test]
        fn noise_is_bounded_keeps_zero_and_never_gives_an_unused_count(count in 0i64..500, uniform: u64) {
            let published = table(5, 3.0, 2).perturb(count, uniform);
            prop_assert!((published - count).abs() <= 5 && published >= 0);
            prop_assert!(count != 0 || published == 0);
            prop_assert!(!(1..=2).contains(&published));
        }

        #[test]
        fn the_true_count_is_always_among_the_compatible_ones(count in 0i64..50, uniform: u64, threshold in 1i64..12) {
            let table = table(4, 2.0, 1);
            let published = table.perturb(count, uniform);
            let (low, high) = table.compatible(published).unwrap();
            prop_assert!(low <= count && count <= high);
            prop_assert!(published >= threshold || count <= table.largest_below(threshold));
        }
    }

    #[test]
    fn over_all_keys_the_noise_has_mean_zero_and_the_variance_asked_for() {
        let table = table(5, 3.0, 0);
        let steps = 1u64 << 16;
        for count in [1, 2, 5, 40] {
            let noise = (0..steps).map(|at| table.perturb(count, at << 48) - count);
            let (sum, squares) = noise.fold((0i64, 0i64), |(s, q), v| (s + v, q + v * v));
            assert!(sum.abs() < 20, "count {count}: {sum}");
            assert!(squares <= 3 * 65_536 + 200, "count {count}: {squares}");
        }
    }

    #[test]
    fn a_row_looks_up_like_the_published_intervals() {
        let table = table(2, 1.08, 0);
        let at = |share: f64| table.perturb(2, key_at(share)) - 2;
        assert_eq!(
            [at(0.0739), at(0.074), at(0.317), at(0.319), at(0.681), at(0.926), at(0.9999)],
            [-2, -1, -1, 0, 0, 1, 2]
        );
    }
}
