//! How far a group deviates: (observed - expected) / √expected, at one rate for all. For a given
//! table this orders groups as √n (p - p₀) does. And how far any part of a group could deviate.

use super::Options;
use super::table::{Measure, Table, Weight, plus};

/// Which deviations count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// More cases than expected.
    Higher,
    /// Fewer cases than expected.
    Lower,
    /// Either.
    Both,
}

/// What is expected, and what bounds the parts of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    measure: Measure,
    side: Side,
    /// Exposure and cases of all.
    pub(super) all: Weight,
    pub(super) rate: f64,
    /// The largest and the smallest ratio of observed over expected of one cell.
    steepest: f64,
    flattest: f64,
    /// Fewest exposure of a group.
    smallest: f64,
}

impl Scale {
    /// Of these weights; nothing when all are cases or none is.
    pub(super) fn of(table: &Table, weights: &[Weight], options: &Options) -> Option<Self> {
        let all = weights.iter().fold([0.0; 2], |sum, weight| plus(sum, *weight));
        let rate = all[1] / all[0];
        if rate.is_nan() || rate <= 0.0 || (table.measure == Measure::Share && all[1] >= all[0]) {
            return None;
        }
        let ratios = || weights.iter().filter(|w| w[0] > 0.0).map(|w| w[1] / (w[0] * rate));
        Some(Self {
            measure: table.measure,
            side: options.side,
            all,
            rate,
            steepest: ratios().fold(0.0, f64::max),
            flattest: ratios().fold(f64::INFINITY, f64::min),
            smallest: options.smallest,
        })
    }

    pub(super) fn expected(&self, weight: Weight) -> f64 {
        weight[0] * self.rate
    }

    /// The deviation of a group; not a number above zero when it is too small or on the other side.
    pub(super) fn deviation(&self, weight: Weight) -> f64 {
        if weight[0] <= 0.0 || weight[0] < self.smallest {
            return 0.0;
        }
        let expected = self.expected(weight);
        self.signed((weight[1] - expected) / expected.sqrt())
    }

    /// What a deviation with its sign counts for on the side that was asked.
    pub(super) fn signed(&self, deviation: f64) -> f64 {
        match self.side {
            Side::Higher => deviation,
            Side::Lower => -deviation,
            Side::Both => deviation.abs(),
        }
    }

    /// The optimistic estimate: no part of the group deviates more.
    pub(super) fn bound(&self, weight: Weight) -> f64 {
        if weight[0] <= 0.0 || weight[0] < self.smallest {
            return 0.0;
        }
        match self.side {
            Side::Higher => self.above(weight),
            Side::Lower => self.below(weight),
            Side::Both => self.above(weight).max(self.below(weight)),
        }
    }

    /// All cases of the group in the smallest part that can hold them.
    fn above(&self, weight: Weight) -> f64 {
        let least = (weight[1] / self.steepest).max(self.smallest * self.rate);
        match least {
            _ if weight[1] <= 0.0 => 0.0,
            least if least > 0.0 => (weight[1] - least) / least.sqrt(),
            // A cell with next to no exposure has any ratio.
            _ => f64::INFINITY,
        }
    }

    /// As much of the group as can be without cases.
    fn below(&self, weight: Weight) -> f64 {
        let whole = self.expected(weight).sqrt() * (1.0 - self.flattest);
        match self.measure {
            Measure::Share => whole.min(((weight[0] - weight[1]) * self.rate).sqrt()),
            Measure::Rate => whole,
        }
    }
}
