//! P-values without a normal curve: the neighbours of an area are replaced by as many other
//! areas, drawn without replacement, and one counts how often their sum is as low or as high.
//!
//! Anselin, L. (1995), Geographical Analysis 27: the conditional permutation test. It answers for
//! Moran's I, G and G* alike, for they differ only by what stays fixed.
//!
//! All areas share the draws. One draw is a row of other areas in random order; its first k serve
//! every area with k neighbours. A draw that holds the area itself is taken out of that area's
//! count, which leaves a fair draw of the others; from [`EXACT_BELOW`] areas on it stays in, for
//! it then hardly matters. Sums are whole numbers, so that equal sums are equal in any order, and
//! the counts are the same however many threads there are.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`place`] | where a sum lies among the sums that were observed |
//! | [`row`] | rows of areas in random order |
//! | [`whole`] | figures as whole numbers |

mod place;
mod row;
mod whole;

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::{Graph, Sample};
use place::Observed;

/// With fewer areas than this, a draw with the area itself never counts.
pub const EXACT_BELOW: usize = 5_000;

/// Draws made from one stream of random numbers.
const CHUNK: u32 = 1 << 16;

/// How many draws, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// Draws that all areas share.
    pub count: u32,
    /// The same number gives the same draws.
    pub seed: u64,
}

/// How the neighbours' sum of an area lies among the draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tails {
    /// Draws that count for this area.
    pub draws: u32,
    /// Draws whose sum is the observed one or lower.
    pub at_most: u32,
    /// Draws whose sum is the observed one or higher.
    pub at_least: u32,
}

impl Tails {
    /// The chance of a sum this low or lower; never zero, for the area itself counts as a draw.
    #[must_use]
    pub fn low(&self) -> f64 {
        (f64::from(self.at_most) + 1.0) / (f64::from(self.draws) + 1.0)
    }

    /// The chance of a sum this high or higher.
    #[must_use]
    pub fn high(&self) -> f64 {
        (f64::from(self.at_least) + 1.0) / (f64::from(self.draws) + 1.0)
    }

    /// Two-sided: twice the smaller of the two, at most one.
    #[must_use]
    pub fn two_sided(&self) -> f64 {
        (2.0 * self.low().min(self.high())).min(1.0)
    }
}

/// The draws of every area; `None` for one without neighbours.
///
/// Works on the threads of the pool it is called in; their number does not change the answer.
#[must_use]
pub fn conditional(sample: &Sample, graph: &Graph, draws: Draws) -> Vec<Option<Tails>> {
    conditional_with(sample, graph, draws, sample.figures.len() < EXACT_BELOW)
}

fn conditional_with(sample: &Sample, graph: &Graph, draws: Draws, exact: bool) -> Vec<Option<Tails>> {
    let longest = (0..graph.areas()).map(|at| graph.degree(at)).max().unwrap_or(0);
    let figures = whole::numbers(&sample.figures, longest + 1);
    let observed = Observed::new(&figures, graph);
    let streams = streams(draws);
    let count = |tally: Tally, stream: &Stream| {
        if exact { exactly(&figures, &observed, tally, stream) } else { shared(&figures, &observed, tally, stream) }
    };
    let none = || Tally::new(&observed, exact);
    let tally = streams.par_iter().fold(none, count).reduce_with(Tally::with).unwrap_or_else(none);
    tails(&observed, &tally, draws.count)
}

/// A part of the draws, with its own random numbers.
struct Stream {
    random: Xoshiro256PlusPlus,
    draws: u32,
}

fn streams(draws: Draws) -> Vec<Stream> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(draws.seed);
    let part = |first: u32| {
        let stream = Stream { random: random.clone(), draws: CHUNK.min(draws.count - first) };
        random.jump();
        stream
    };
    (0..draws.count.div_ceil(CHUNK)).map(|at| at * CHUNK).map(part).collect()
}

/// What was counted: per place among the observed sums, and per area what must be taken out.
struct Tally {
    places: Vec<u32>,
    own: Vec<Own>,
}

/// The draws that hold the area itself.
#[derive(Clone, Copy, Default)]
struct Own {
    all: u32,
    lower: u32,
    equal: u32,
}

impl Tally {
    fn new(observed: &Observed, exact: bool) -> Self {
        let areas = if exact { observed.areas.len() } else { 0 };
        Self { places: vec![0; observed.places()], own: vec![Own::default(); areas] }
    }

    fn with(mut self, other: Self) -> Self {
        self.places.iter_mut().zip(other.places).for_each(|(own, other)| *own += other);
        for (own, other) in self.own.iter_mut().zip(other.own) {
            own.all += other.all;
            own.lower += other.lower;
            own.equal += other.equal;
        }
        self
    }
}

/// Draws for very many areas: only the figures are shuffled.
fn shared(figures: &[i64], observed: &Observed, mut tally: Tally, stream: &Stream) -> Tally {
    let mut figures = figures.to_vec();
    let mut random = stream.random.clone();
    for _ in 0..stream.draws {
        let (mut sum, mut drawn) = (0i64, 0);
        for class in &observed.classes {
            while drawn < class.neighbours {
                sum = sum.wrapping_add(row::next(&mut figures, drawn, &mut random));
                drawn += 1;
            }
            tally.places[class.place(sum)] += 1;
        }
    }
    tally
}

/// Draws that remember which areas they hold.
fn exactly(figures: &[i64], observed: &Observed, mut tally: Tally, stream: &Stream) -> Tally {
    let mut areas: Vec<usize> = (0..figures.len()).collect();
    let mut random = stream.random.clone();
    let mut sums = vec![0i64; observed.classes.len()];
    for _ in 0..stream.draws {
        let (mut sum, mut drawn) = (0i64, 0);
        for (class, kept) in observed.classes.iter().zip(&mut sums) {
            while drawn < class.neighbours {
                sum = sum.wrapping_add(figures[row::next(&mut areas, drawn, &mut random)]);
                drawn += 1;
            }
            tally.places[class.place(sum)] += 1;
            *kept = sum;
        }
        for (at, area) in areas[..drawn].iter().enumerate() {
            let Some(seen) = observed.areas[*area] else { continue };
            if at < observed.classes[seen.class].neighbours {
                let (own, sum) = (&mut tally.own[*area], sums[seen.class]);
                own.all += 1;
                own.lower += u32::from(sum < seen.sum);
                own.equal += u32::from(sum == seen.sum);
            }
        }
    }
    tally
}

fn tails(observed: &Observed, tally: &Tally, draws: u32) -> Vec<Option<Tails>> {
    let below = observed.below(&tally.places);
    let of = |(area, seen): (usize, &Option<place::Seen>)| {
        let seen = (*seen)?;
        let own = tally.own.get(area).copied().unwrap_or_default();
        let place = observed.classes[seen.class].place(seen.sum);
        let (lower, equal) = (below[place - 1] - own.lower, tally.places[place] - own.equal);
        let draws = draws - own.all;
        Some(Tails { draws, at_most: lower + equal, at_least: draws - lower })
    };
    observed.areas.iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests;
