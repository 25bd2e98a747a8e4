//! The spatial scan statistic: which circle holds more cases than chance gives its people.
//!
//! Kulldorff, M. (1997), Communications in Statistics 26: Poisson cases, a circle around every
//! area up to a share of the population. The p-value of a circle is that of the best circle of
//! maps without a pattern, so it already allows for all circles that were tried. Its tail is also
//! read off a Gumbel curve (Abrams, A. et al. 2010, International Journal of Health Geographics 9).
//! When areas differ more than chance gives, everywhere, a Poisson scan sees clusters too soon;
//! `guarded` draws its maps with that much difference in them. A true cluster adds to that
//! difference, so the guard errs on the side of saying nothing.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`circle`] | the areas around each area, nearest first |
//! | [`map`] | maps without a pattern |
//! | [`best`] | the best circle of many maps at once |

mod best;
mod circle;
mod map;

use super::SpaceError;
use super::rates::Counts;
use circle::Circles;

/// Circles need the areas around every area; beyond this they no longer fit in memory.
pub const MOST_AREAS: usize = 15_000;

/// A cluster has at least so many cases.
const FEWEST_CASES: u32 = 2;

/// So many clusters are told at most.
const MOST_CLUSTERS: usize = 10;

/// Areas to scan.
#[derive(Debug, Clone, Copy)]
pub struct Areas<'a> {
    /// Cases.
    pub cases: &'a [u32],
    /// People at risk.
    pub population: &'a [f64],
    /// Where the areas lie, on a plane.
    pub place: [&'a [f64]; 2],
}

/// How to scan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// A circle holds at most this share of the population.
    pub max_share: f64,
    /// Maps without a pattern.
    pub maps: usize,
    /// The same number gives the same maps.
    pub seed: u64,
}

/// A circle with more cases than expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its areas, the middle first.
    pub members: Vec<usize>,
    /// Cases within.
    pub cases: u32,
    /// Cases expected by its population.
    pub expected: f64,
    /// The rate within over the rate elsewhere.
    pub relative_risk: f64,
    /// Log likelihood ratio.
    pub llr: f64,
    /// Share of the maps with a circle as good; absent without maps.
    pub p: Option<f64>,
    /// The same by a Gumbel curve through the maps.
    pub gumbel_p: Option<f64>,
    /// The same with maps whose areas differ as much as these; absent when they do not differ
    /// more than chance gives.
    pub guarded_p: Option<f64>,
}

/// The log likelihood ratio of `cases` out of `all` where `expected` were expected; zero when there
/// are not more than that.
#[must_use]
pub fn log_likelihood_ratio(cases: f64, expected: f64, all: f64) -> f64 {
    if cases <= expected {
        return 0.0;
    }
    let rest = all - cases;
    let outside = if rest > 0.0 { rest * (rest / (all - expected)).ln() } else { 0.0 };
    cases * (cases / expected).ln() + outside
}

/// The clusters of a map, the clearest first, none of which overlap.
///
/// # Errors
/// [`SpaceError`], when a population or a place cannot be used, or there are too many areas.
pub fn scan(areas: Areas<'_>, options: Options) -> Result<Vec<Cluster>, SpaceError> {
    let real: Vec<f64> = areas.cases.iter().map(|cases| f64::from(*cases)).collect();
    let prior = Counts::new(&real, areas.population)?.shared_prior();
    let circles = Circles::new(areas, options.max_share)?;
    let mut clusters = circles.clusters(areas.cases);
    if options.maps == 0 || clusters.is_empty() {
        return Ok(clusters);
    }
    let maps = |spread: f64| {
        let mut best = best::of_maps(&circles, options, spread);
        best.sort_by(f64::total_cmp);
        best
    };
    let chance = maps(0.0);
    let spread = prior.variance / (prior.mean * prior.mean);
    let differing = (spread > 0.0).then(|| maps(spread));
    for cluster in &mut clusters {
        cluster.p = Some(share(&chance, cluster.llr));
        cluster.gumbel_p = Some(gumbel(&chance, cluster.llr));
        cluster.guarded_p = differing.as_ref().map(|best| share(best, cluster.llr));
    }
    Ok(clusters)
}

/// The share of maps that are as good, the map itself counted as one.
fn share(best: &[f64], llr: f64) -> f64 {
    let lower = best.partition_point(|other| *other < llr - 1e-9);
    (best.len() - lower + 1) as f64 / (best.len() + 1) as f64
}

/// The upper tail of the Gumbel curve with the mean and the variance of the maps.
fn gumbel(best: &[f64], llr: f64) -> f64 {
    let count = best.len() as f64;
    let mean = best.iter().sum::<f64>() / count;
    let variance = best.iter().map(|b| (b - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let scale = (6.0 * variance).sqrt() / std::f64::consts::PI;
    let start = mean - 0.577_215_664_901_532_9 * scale;
    -(-(-(llr - start) / scale).exp()).exp_m1()
}

#[cfg(test)]
mod tests;
