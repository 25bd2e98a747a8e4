//! A prior with heavy tails: most areas of a level are alike, a few are not. Each area belongs to
//! one class: the main one, whose spread is fitted, or a rare one, whose areas have a quarter to
//! eight times the rate. How rare each is follows from all areas (EM, maximum likelihood), so a
//! handful of areas that deviate strongly is not pulled back to the average by hundreds that do
//! not.
//!
//! A class lasts: an earlier period of the same area counts as evidence for its class with
//! [`EARLIER`] of the weight of the period itself, because the people are largely the same. Within
//! a class every period has a rate of its own.
//!
//! Kiefer, J. and Wolfowitz, J. (1956), Ann. Math. Statist. 27; Koenker, R. and Mizera, I. (2014),
//! JASA 109; Dempster, A., Laird, N. and Rubin, D. (1977), JRSS B 39.

use rayon::prelude::*;

use crate::math::search;

use super::counts::Counts;
use super::posterior::{Exposure, Posterior, Prior, ln_marginal};
use super::strength::{STRONGEST, WEAKEST, prior};

/// Rates of the rare classes, relative to the main one.
pub const RATIOS: [f64; 7] = [0.25, 0.5, 1.75, 2.5, 3.5, 5.0, 8.0];
/// Number of rare classes.
pub const RARE: usize = RATIOS.len();
/// Relative spread of the rates within a rare class.
const SPREAD: f64 = 0.35;
/// Weight of an earlier period as evidence of an area's class.
pub const EARLIER: f64 = 1.0 / 3.0;
/// So many earlier periods are looked at.
pub const PERIODS: usize = 3;
/// Fewer areas than this tell nothing about rare classes.
const FEWEST: usize = 60;
/// The main class counts this many areas beforehand.
const BEFOREHAND: f64 = 5.0;
/// Rounds of EM.
const ROUNDS: usize = 60;
/// At most this many areas take part in the fit of the main class, evenly taken from the list.
const MOST_CASES: usize = 1200;

/// One area in one period.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// What it is measured against.
    pub exposure: Exposure,
    /// What was published.
    pub counts: &'a Counts,
}

/// One area in the fit.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The period itself.
    pub now: Moment<'a>,
    /// Earlier periods, at most [`PERIODS`].
    pub earlier: Vec<Moment<'a>>,
    /// Prior mean of the relative rate.
    pub mean: f64,
    /// Variance of that prior mean.
    pub mean_variance: f64,
}

/// How the areas of a level differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Strength of the main class, in expected counts.
    pub strength: f64,
    /// Share of the areas in each rare class.
    pub rare: [f64; RARE],
}

impl Spread {
    /// A main class alone.
    #[must_use]
    pub const fn plain(strength: f64) -> Self {
        Self { strength, rare: [0.0; RARE] }
    }

    /// Share of the areas in the main class.
    fn main(&self) -> f64 {
        1.0 - self.rare.iter().sum::<f64>()
    }
}

impl Case<'_> {
    /// The prior of a rare class in one period.
    fn rare(&self, moment: &Moment<'_>, class: usize) -> Prior {
        let ratio = RATIOS[class];
        let strength = 1.0 / (SPREAD * SPREAD * ratio);
        prior(moment.exposure, self.mean * ratio, self.mean_variance * ratio * ratio, strength)
    }

    /// ln of the chance of everything that was published, in a class whose prior is `of`.
    fn ln_chance(&self, of: impl Fn(&Moment<'_>) -> Prior) -> f64 {
        self.ln_now(&of) + self.ln_earlier(&of)
    }

    fn ln_now(&self, of: impl Fn(&Moment<'_>) -> Prior) -> f64 {
        ln_marginal(self.now.exposure, of(&self.now), self.now.counts)
    }

    fn ln_earlier(&self, of: impl Fn(&Moment<'_>) -> Prior) -> f64 {
        let ln = |moment: &Moment<'_>| ln_marginal(moment.exposure, of(moment), moment.counts);
        EARLIER * self.earlier.iter().map(ln).sum::<f64>()
    }

    fn main(&self, strength: f64) -> impl Fn(&Moment<'_>) -> Prior + '_ {
        move |moment| prior(moment.exposure, self.mean, self.mean_variance, strength)
    }

    /// The posterior of the period itself, over all classes.
    #[must_use]
    pub fn posterior(&self, spread: &Spread) -> Posterior {
        let main = self.main(spread.strength);
        let mut classes = vec![(spread.main().ln() + self.ln_earlier(&main), main(&self.now))];
        for class in (0..RARE).filter(|class| spread.rare[*class] > 0.0) {
            let of = |moment: &Moment<'_>| self.rare(moment, class);
            classes.push((spread.rare[class].ln() + self.ln_earlier(of), self.rare(&self.now, class)));
        }
        let largest = classes.iter().map(|(ln, _)| *ln).fold(f64::NEG_INFINITY, f64::max);
        let priors: Vec<(f64, Prior)> = classes.into_iter().map(|(ln, p)| ((ln - largest).exp(), p)).collect();
        Posterior::mixture(self.now.exposure, &priors, self.now.counts)
    }
}

/// The spread with the highest likelihood: the main class alone, then the rare classes, then the
/// main class beside them, and the rare classes once more. Sums run in the order of the cases, so
/// the result does not depend on the number of threads.
#[must_use]
pub fn fit(cases: &[Case<'_>]) -> Spread {
    let rare = chances(cases);
    let alone = Spread::plain(main_strength(cases, &rare, &Spread::plain(1.0)));
    if cases.len() < FEWEST {
        return alone;
    }
    let first = Spread { rare: shares(cases, &rare, alone.strength), ..alone };
    let strength = main_strength(cases, &rare, &first);
    Spread { rare: shares(cases, &rare, strength), strength }
}

/// ln of the chance of every case in every rare class.
fn chances(cases: &[Case<'_>]) -> Vec<[f64; RARE]> {
    let of = |case: &Case<'_>| std::array::from_fn(|class| case.ln_chance(|moment| case.rare(moment, class)));
    cases.par_iter().with_min_len(64).map(of).collect()
}

fn main_strength(cases: &[Case<'_>], rare: &[[f64; RARE]], spread: &Spread) -> f64 {
    let stride = cases.len().div_ceil(MOST_CASES).max(1);
    let chosen: Vec<(&Case<'_>, &[f64; RARE])> = cases.iter().zip(rare).step_by(stride).collect();
    let score = |ln_strength: f64| {
        let strength = ln_strength.exp();
        let of = |(case, rare): &(&Case<'_>, &[f64; RARE])| {
            ln_mixed(case.ln_chance(case.main(strength)), rare, spread.main(), &spread.rare)
        };
        let logs: Vec<f64> = chosen.par_iter().with_min_len(64).map(of).collect();
        logs.iter().sum::<f64>() - 2.0 / strength
    };
    search::maximum(score, WEAKEST.ln(), STRONGEST.ln(), 8, 10).exp()
}

/// ln of the chance over all classes.
fn ln_mixed(main: f64, rare: &[f64; RARE], main_share: f64, shares: &[f64; RARE]) -> f64 {
    let others: f64 = rare.iter().zip(shares).map(|(ln, share)| share * (ln - main).exp().min(1e200)).sum();
    main + (main_share + others).ln()
}

/// Shares of the rare classes by EM.
fn shares(cases: &[Case<'_>], rare: &[[f64; RARE]], strength: f64) -> [f64; RARE] {
    let main: Vec<f64> = cases.par_iter().with_min_len(64).map(|case| case.ln_chance(case.main(strength))).collect();
    let relative: Vec<[f64; RARE]> =
        rare.iter().zip(&main).map(|(rare, main)| rare.map(|ln| (ln - main).exp().min(1e200))).collect();
    let all = real(cases.len()) + BEFOREHAND;
    let mut shares = [0.01; RARE];
    for _ in 0..ROUNDS {
        let main_share = 1.0 - shares.iter().sum::<f64>();
        let mut counted = [0.0; RARE];
        for chances in &relative {
            let weighed: [f64; RARE] = std::array::from_fn(|class| shares[class] * chances[class]);
            let total = main_share + weighed.iter().sum::<f64>();
            counted.iter_mut().zip(weighed).for_each(|(counted, weight)| *counted += weight / total);
        }
        shares = counted.map(|counted| counted / all);
    }
    shares
}

#[expect(clippy::cast_precision_loss, reason = "a number of areas")]
const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
