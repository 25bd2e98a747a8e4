//! The areas around each area, nearest first, as far as a circle may go; and the clusters of one
//! map.

use rayon::prelude::*;

use super::{Areas, Cluster, FEWEST_CASES, MOST_AREAS, MOST_CLUSTERS, log_likelihood_ratio};
use crate::space::SpaceError;

/// Circles around every area.
pub(super) struct Circles {
    /// Per area, the areas around it, itself first.
    pub(super) around: Vec<Vec<u32>>,
    /// Per area, the cases expected by its population.
    pub(super) expected: Vec<f64>,
    /// All cases.
    pub(super) all: u32,
}

impl Circles {
    pub(super) fn new(areas: Areas<'_>, max_share: f64) -> Result<Self, SpaceError> {
        let count = areas.population.len();
        if count > MOST_AREAS {
            return Err(SpaceError::TooMany(count));
        }
        let [x, y] = areas.place;
        if x.len() != count || y.len() != count {
            return Err(SpaceError::Lengths { figures: x.len().min(y.len()), areas: count });
        }
        if let Some(at) = (0..count).find(|at| !(x[*at].is_finite() && y[*at].is_finite())) {
            return Err(SpaceError::NotFinite(at));
        }
        let all: u32 = areas.cases.iter().sum();
        let people: f64 = areas.population.iter().sum();
        let most = people * max_share * (1.0 + 1e-12);
        let numbers = u32::try_from(count).unwrap_or(u32::MAX);
        let of = |centre: usize| {
            // Distances are not below zero, so their bits are in their order.
            let apart = |at: usize| ((x[at] - x[centre]).powi(2) + (y[at] - y[centre]).powi(2)).to_bits();
            let mut order: Vec<(bool, u64, u32)> =
                (0..numbers).map(|at| (at as usize != centre, apart(at as usize), at)).collect();
            order.sort_unstable();
            let mut within = 0.0;
            let fits = |(_, _, at): &(bool, u64, u32)| {
                within += areas.population[*at as usize];
                within <= most
            };
            order.into_iter().take_while(fits).map(|(_, _, at)| at).collect()
        };
        let around = (0..count).into_par_iter().map(of).collect();
        let expected = areas.population.iter().map(|own| f64::from(all) * own / people).collect();
        Ok(Self { around, expected, all })
    }

    /// The best circle around an area: its log likelihood ratio and how many areas it holds.
    fn best_around(&self, centre: usize, cases: &[u32]) -> (f64, usize) {
        let (mut within, mut expected) = (0, 0.0);
        let mut best = (0.0, 0);
        for (at, area) in self.around[centre].iter().enumerate() {
            within += cases[*area as usize];
            expected += self.expected[*area as usize];
            let llr = log_likelihood_ratio(f64::from(within), expected, f64::from(self.all));
            if within >= FEWEST_CASES && llr > best.0 {
                best = (llr, at + 1);
            }
        }
        best
    }

    /// Of the best circle around each area, those that do not overlap a better one.
    pub(super) fn clusters(&self, cases: &[u32]) -> Vec<Cluster> {
        let best = |centre: usize| (centre, self.best_around(centre, cases));
        let mut found: Vec<(usize, (f64, usize))> = (0..cases.len()).into_par_iter().map(best).collect();
        found.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
        let mut taken = vec![false; cases.len()];
        let mut clusters = Vec::new();
        for (centre, (llr, count)) in found {
            let members: Vec<usize> = self.around[centre][..count].iter().map(|at| *at as usize).collect();
            if llr > 0.0 && clusters.len() < MOST_CLUSTERS && members.iter().all(|at| !taken[*at]) {
                members.iter().for_each(|at| taken[*at] = true);
                clusters.push(self.cluster(members, llr, cases));
            }
        }
        clusters
    }

    fn cluster(&self, members: Vec<usize>, llr: f64, cases: &[u32]) -> Cluster {
        let within: u32 = members.iter().map(|at| cases[*at]).sum();
        let expected: f64 = members.iter().map(|at| self.expected[*at]).sum();
        let outside = f64::from(self.all - within) / (f64::from(self.all) - expected);
        let relative_risk = f64::from(within) / expected / outside;
        let (p, gumbel_p, guarded_p) = (None, None, None);
        Cluster { members, cases: within, expected, relative_risk, llr, p, gumbel_p, guarded_p }
    }
}
