//! Waar eerst? The list of deviations as an order that says how sure it is. The urgency of every
//! signal is drawn from its posterior, all signals at once per draw, and each draw is an order.
//!
//! Two signals are drawn independently of each other: what they share (the rates of the
//! municipality, how much areas differ) counts as known, as everywhere in this crate.

use kubus_model::{Period, Signal};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::statistic::posterior::Posterior;
use crate::statistic::ranks::{self, Standing};
use crate::urgency::Urgency;

/// How an order is drawn; shown with it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RankDraws {
    /// Number of draws.
    pub draws: usize,
    /// The same seed gives the same draws.
    pub seed: u64,
    /// Probability of the intervals.
    pub credibility: f64,
    /// Below this probability of standing higher, two share a place.
    pub apart: f64,
}

impl Default for RankDraws {
    fn default() -> Self {
        Self { draws: 4000, seed: 20_260_101, credibility: 0.95, apart: ranks::APART }
    }
}

/// A signal with what is needed to draw its urgency.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The signal.
    pub signal: Signal,
    /// The first period in a row in which it was there.
    pub since: Period,
    pub(crate) posterior: Posterior,
    pub(crate) urgency: Urgency,
}

/// Where a signal stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Priority {
    /// Place, 1 is first; signals that cannot be told apart share one.
    pub place: usize,
    /// Expected rank.
    pub expected_rank: f64,
    /// Rank interval of this signal by itself.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<usize>, min_items = 2, max_items = 2))]
    pub ranks: (usize, usize),
    /// Rank interval that holds for all signals at once.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<usize>, min_items = 2, max_items = 2))]
    pub ranks_together: (usize, usize),
    /// P(among the most urgent tenth of the list).
    pub in_first_tenth: f64,
    /// The first period in a row in which it was there.
    pub since: Period,
    /// Interval of the reach.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<f64>, min_items = 2, max_items = 2))]
    pub reach_interval: (f64, f64),
}

/// Where each of the signals stands among the others, in the order given.
///
/// A signal is drawn with a seed of its own, so that another choice of signals changes its rank but
/// not its draws.
#[must_use]
pub fn priorities(listed: &[&Listed], how: &RankDraws) -> Vec<Priority> {
    let draws: Vec<Vec<f64>> = listed.par_iter().map(|one| one.urgencies(how)).collect();
    let standings = ranks::standings(&draws, how.credibility);
    listed.par_iter().zip(standings).map(|(one, standing)| one.priority(&standing, how.credibility)).collect()
}

impl Listed {
    fn urgencies(&self, how: &RankDraws) -> Vec<f64> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(how.seed ^ self.mark());
        let mut drawn = self.posterior.draws(&mut random, how.draws);
        drawn.iter_mut().for_each(|relative| *relative = self.urgency.at(*relative));
        drawn
    }

    /// A number that belongs to what is listed (FNV-1a of its name).
    fn mark(&self) -> u64 {
        let Signal { indicator, level, area, .. } = &self.signal;
        let name = format!("{indicator}/{level}/{area}");
        name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    fn priority(&self, standing: &Standing, credibility: f64) -> Priority {
        let tail = (1.0 - credibility) / 2.0;
        let ends = [tail, 1.0 - tail].map(|p| self.urgency.reach(self.posterior.quantile(p)));
        Priority {
            place: standing.place,
            expected_rank: standing.expected,
            ranks: standing.marginal,
            ranks_together: standing.simultaneous,
            in_first_tenth: standing.top,
            since: self.since,
            reach_interval: (ends[0].min(ends[1]), ends[0].max(ends[1])),
        }
    }
}
