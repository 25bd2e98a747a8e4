//! What the published perturbation parameters say about the chance of each published count, given
//! the true count.
//!
//! The cell key method draws the change d of a count from a table that is declared by its largest
//! change D, its variance V and the small counts that must not occur. For each true count the
//! chances are taken as those of maximum entropy with mean 0 and variance V on the changes that
//! are possible: chance(d) ∝ exp(βd + γd²). Marley, J. and Leaver, V. (2011), *A method for
//! confidentialising user-defined tables*; Giessing, S. (2016), *Computational issues in the
//! design of transition probabilities*.

use kubus_model::rule::PerturbationParameters;

/// The chance of each published count, by true count.
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    bound: i64,
    /// Row y holds the chances of y − D, …, y + D; the last row holds for all larger counts.
    rows: Vec<Vec<f64>>,
}

impl Noise {
    /// No noise: the published count is the true one.
    #[must_use]
    pub fn none() -> Self {
        Self { bound: 0, rows: vec![vec![1.0]] }
    }

    /// The noise that the rules of a release declare.
    ///
    /// ```
    /// use kubus_model::rule::PerturbationParameters;
    /// use kubus_signal::statistic::noise::Noise;
    /// let noise = Noise::declared(&PerturbationParameters { max_noise: 2, variance: 1.08, unused_small_counts: 0 });
    /// assert!((noise.chance(12, 12) - 0.363_680_067).abs() < 1e-6);
    /// assert!(noise.chance(12, 15) < 1e-300);
    /// ```
    #[must_use]
    pub fn declared(parameters: &PerturbationParameters) -> Self {
        let bound = i64::from(parameters.max_noise);
        let unused = i64::from(parameters.unused_small_counts);
        let rows = (0..=bound + unused).map(|count| row(count, bound, unused, parameters.variance)).collect();
        Self { bound, rows }
    }

    /// D: the largest change.
    #[must_use]
    pub const fn bound(&self) -> i64 {
        self.bound
    }

    /// The chance that a true count is published as `published`.
    #[must_use]
    pub fn chance(&self, count: i64, published: i64) -> f64 {
        let change = published - count + self.bound;
        let row = usize::try_from(count).ok().map(|c| c.min(self.rows.len() - 1));
        match (row, usize::try_from(change)) {
            (Some(row), Ok(change)) => self.rows[row].get(change).copied().unwrap_or(0.0),
            _ => 0.0,
        }
    }

    /// The chance that a true count is published as less than `threshold`.
    #[must_use]
    pub fn chance_below(&self, count: i64, threshold: i64) -> f64 {
        let lowest = count - self.bound;
        (lowest..threshold.min(count + self.bound + 1)).map(|published| self.chance(count, published)).sum()
    }
}

/// The chances of the changes −D … D of one true count. Zero is never changed.
fn row(count: i64, bound: i64, unused: i64, variance: f64) -> Vec<f64> {
    let possible = |d: &i64| {
        let published = count + d;
        if count == 0 { *d == 0 } else { published >= 0 && !(1..=unused).contains(&published) }
    };
    let changes: Vec<i64> = (-bound..=bound).filter(possible).collect();
    let feasible = feasible_variance(&changes, variance);
    let (beta, gamma) = multipliers(&changes, feasible);
    let weights: Vec<f64> = changes.iter().map(|&d| weight(d, beta, gamma)).collect();
    let total: f64 = weights.iter().sum();
    let mut chances = vec![0.0; (-bound..=bound).count()];
    for (change, weight) in changes.iter().zip(weights) {
        if let Some(slot) = usize::try_from(change + bound).ok().and_then(|at| chances.get_mut(at)) {
            *slot = weight / total;
        }
    }
    chances
}

fn weight(change: i64, beta: f64, gamma: f64) -> f64 {
    let d = real(change);
    (beta * d + gamma * d * d).exp()
}

/// The variance nearest to the declared one that a distribution with mean 0 on these changes has.
fn feasible_variance(changes: &[i64], variance: f64) -> f64 {
    let (Some(&first), Some(&last)) = (changes.first(), changes.last()) else { return 0.0 };
    let below = changes.iter().copied().filter(|d| *d <= 0).max().unwrap_or(0);
    let above = changes.iter().copied().filter(|d| *d >= 0).min().unwrap_or(0);
    let (least, most) = (real(-below * above), real(-first * last));
    if most <= 0.0 { 0.0 } else { variance.clamp(least + 0.02 * (most - least), least + 0.98 * (most - least)) }
}

/// β and γ by damped Newton on the convex dual ln Σ exp(βd + γ(d² − V)).
fn multipliers(changes: &[i64], variance: f64) -> (f64, f64) {
    let (mut beta, mut gamma) = (0.0, 0.0);
    if changes.len() < 2 || variance <= 0.0 {
        return (beta, gamma);
    }
    for _ in 0..200 {
        let [mean, square, s_bb, s_bg, s_gg] = moments(changes, beta, gamma);
        let (g_b, g_g) = (mean, square - variance);
        let determinant = s_bb * s_gg - s_bg * s_bg;
        if g_b.abs() + g_g.abs() < 1e-12 || determinant <= 0.0 {
            break;
        }
        let step_b = (s_gg * g_b - s_bg * g_g) / determinant;
        let step_g = (s_bb * g_g - s_bg * g_b) / determinant;
        let scale = damping(changes, variance, (beta, gamma), (step_b, step_g));
        beta -= scale * step_b;
        gamma -= scale * step_g;
    }
    (beta, gamma)
}

/// The largest of 1, ½, ¼, … with which the dual goes down.
fn damping(changes: &[i64], variance: f64, at: (f64, f64), step: (f64, f64)) -> f64 {
    let dual =
        |beta: f64, gamma: f64| changes.iter().map(|&d| weight(d, beta, gamma)).sum::<f64>().ln() - gamma * variance;
    let here = dual(at.0, at.1);
    let mut scale = 1.0;
    while scale > 1e-6 && dual(at.0 - scale * step.0, at.1 - scale * step.1) > here {
        scale *= 0.5;
    }
    scale
}

/// Mean of d and of d², and the covariances of d, d².
fn moments(changes: &[i64], beta: f64, gamma: f64) -> [f64; 5] {
    let mut sums = [0.0; 5];
    for &change in changes {
        let (d, w) = (real(change), weight(change, beta, gamma));
        let powers = [1.0, d, d * d, d * d * d, d * d * d * d];
        sums.iter_mut().zip(powers).for_each(|(sum, power)| *sum += w * power);
    }
    let [total, d1, d2, d3, d4] = sums;
    let (d1, d2, d3, d4) = (d1 / total, d2 / total, d3 / total, d4 / total);
    [d1, d2, d2 - d1 * d1, d3 - d1 * d2, d4 - d2 * d2]
}

#[expect(clippy::cast_precision_loss, reason = "changes are at most 255")]
const fn real(change: i64) -> f64 {
    change as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(max_noise: u8, variance: f64, unused_small_counts: u8) -> Noise {
        Noise::declared(&PerturbationParameters { max_noise, variance, unused_small_counts })
    }

    #[test]
    fn every_row_is_a_distribution_with_mean_zero() {
        for noise in [declared(2, 1.08, 0), declared(5, 3.0, 2), declared(8, 4.0, 2), declared(3, 1.0, 0)] {
            for count in 0..30 {
                let changes = -noise.bound()..=noise.bound();
                let total: f64 = changes.clone().map(|d| noise.chance(count, count + d)).sum();
                let mean: f64 = changes.map(|d| real(d) * noise.chance(count, count + d)).sum();
                assert!((total - 1.0).abs() < 1e-12 && mean.abs() < 1e-8, "{count}: {total} {mean}");
            }
        }
    }

    #[test]
    fn large_counts_have_the_declared_variance() {
        let noise = declared(5, 3.0, 2);
        let variance: f64 = (-5..=5).map(|d| real(d * d) * noise.chance(40, 40 + d)).sum();
        assert!((variance - 3.0).abs() < 1e-9);
    }

    #[test]
    fn zero_stays_zero_and_forbidden_counts_do_not_occur() {
        let noise = declared(5, 3.0, 2);
        assert!((noise.chance(0, 0) - 1.0).abs() < 1e-15);
        assert!(
            (1..12).all(|count| noise.chance(count, 1) + noise.chance(count, 2) + noise.chance(count, -1) < 1e-300)
        );
    }

    #[test]
    fn a_count_far_below_the_threshold_is_surely_below_it() {
        let noise = declared(2, 1.08, 0);
        assert!((noise.chance_below(2, 5) - 1.0).abs() < 1e-12);
        assert!(noise.chance_below(7, 5).abs() < 1e-300);
        assert!((noise.chance_below(5, 5) - noise.chance(5, 4) - noise.chance(5, 3)).abs() < 1e-15);
    }
}
