//! The largest deviation that tables without a pattern give, over every group at once: the cases
//! are drawn anew, all groups are counted, and the largest is kept. A p-value against it allows
//! for the whole search.
//!
//! Of rows, as many as there were become a case, anywhere (given their total, a binomial). Of an
//! exposure, each cell gets a Poisson count, and what is expected follows its total.

use std::ops::{AddAssign, Range};

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::scale::{Scale, Side};
use super::table::{Measure, Table, Weight};
use super::{DrillError, LISTED, Options};
use crate::statistic::gamma_poisson::draw;

/// Counting more groups than this takes too long and too much memory.
pub(super) const MOST_GROUPS: usize = 20_000_000;

/// Draws after which it is seen whether more are needed.
const BATCH: usize = 64;

/// Draws that share their memory.
const TOGETHER: usize = 16;

/// Deviations this close are the same.
const ROUNDING: f64 = 1e-9;

/// The largest deviation of each table by chance, ascending. With a deviation that is `asked`
/// about, drawing stops as soon as so many tables are as far off that it is no finding.
pub(super) fn largest(
    table: &Table,
    weights: &[Weight],
    scale: &Scale,
    options: &Options,
    asked: Option<f64>,
) -> Result<Vec<f64>, DrillError> {
    let places = Places::new(table, options.depth)?;
    let chance = Chance::new(table, weights, scale, &places, options);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let mut stream = || {
        let own = random.clone();
        random.jump();
        own
    };
    let streams: Vec<Xoshiro256PlusPlus> = (0..options.draws).map(|_| stream()).collect();
    let mut found: Vec<f64> = Vec::with_capacity(options.draws);
    for streams in streams.chunks(if asked.is_some() { BATCH } else { options.draws }) {
        found.par_extend(streams.par_chunks(TOGETHER).flat_map_iter(|streams| chance.draw(streams)));
        let above = |deviation: f64| found.iter().filter(|other| **other >= deviation - ROUNDING).count();
        if asked.is_some_and(|deviation| above(deviation) as f64 > LISTED * (options.draws + 1) as f64) {
            break;
        }
    }
    found.sort_unstable_by(f64::total_cmp);
    Ok(found)
}

/// The share of tables that are as far off, the table itself counted as one.
pub(super) fn share(largest: &[f64], deviation: f64) -> f64 {
    let lower = largest.partition_point(|other| *other < deviation - ROUNDING);
    (largest.len() - lower + 1) as f64 / (largest.len() + 1) as f64
}

/// A place in one list of counts for every group: values first, then pairs, then triples. The
/// place of a pair is that of its first value plus its second; of a triple, that of its pair plus
/// its third. A pair that has triples is not counted: it is the sum of those with each value of the
/// next column.
struct Places {
    depth: usize,
    values: usize,
    /// By value; wraps around zero.
    pairs: Vec<usize>,
    /// By pair; wraps around zero.
    triples: Vec<usize>,
    /// By pair, the triples that add up to it; none when it is counted itself.
    parts: Vec<Range<usize>>,
    all: usize,
}

impl Places {
    fn new(table: &Table, depth: usize) -> Result<Self, DrillError> {
        let width = table.width();
        let values = usize::from(table.first[width]);
        let first = |column: usize| usize::from(table.first[column]);
        let column = |value: usize| table.column(u16::try_from(value).unwrap_or(u16::MAX));
        let (mut pairs, mut triples, mut parts, mut all) = (vec![0; values], Vec::new(), Vec::new(), values);
        let most = |all: usize| if all > MOST_GROUPS { Err(DrillError::ManyGroups(all)) } else { Ok(()) };
        if depth > 1 {
            for (value, pair) in pairs.iter_mut().enumerate() {
                let next = first(column(value) + 1);
                *pair = all.wrapping_sub(next);
                all += values - next;
            }
            most(all)?;
        }
        if depth > 2 {
            for second in (0..values).flat_map(|value| first(column(value) + 1)..values) {
                let next = first(column(second) + 1);
                triples.push(all.wrapping_sub(next));
                let width = if next < values { first(column(next) + 1) - next } else { 0 };
                parts.push(all..all + width);
                all += values - next;
                most(all)?;
            }
        }
        Ok(Self { depth, values, pairs, triples, parts, all })
    }

    /// Gives the place of every group that a cell is in, but for pairs that have triples.
    #[inline]
    fn each(&self, cell: &[u16], mut take: impl FnMut(usize)) {
        let mut later = cell;
        while let Some((first, rest)) = later.split_first() {
            later = rest;
            take(usize::from(*first));
            if self.depth < 2 {
                continue;
            }
            let pairs = self.pairs[usize::from(*first)];
            let mut last = rest;
            while let Some((second, rest)) = last.split_first() {
                last = rest;
                let pair = pairs.wrapping_add(usize::from(*second));
                if self.depth < 3 || rest.is_empty() {
                    take(pair);
                } else {
                    let triples = self.triples[pair.wrapping_sub(self.values)];
                    rest.iter().for_each(|third| take(triples.wrapping_add(usize::from(*third))));
                }
            }
        }
    }
}

impl Places {
    /// Works out the pairs that were not counted.
    fn add_up<T: Copy + Default + AddAssign>(&self, counts: &mut [T]) {
        for (pair, parts) in (self.values..).zip(&self.parts).filter(|(_, parts)| !parts.is_empty()) {
            let mut sum = T::default();
            counts[parts.clone()].iter().for_each(|part| sum += *part);
            counts[pair] = sum;
        }
    }
}

/// What is fixed in all draws.
struct Chance<'a> {
    table: &'a Table,
    scale: &'a Scale,
    side: Side,
    places: &'a Places,
    /// Deviation of every group without a case, and what one more adds.
    lines: Vec<[f64; 2]>,
    draws: Draws,
}

/// How cases are drawn.
enum Draws {
    /// So many of the rows; of each row its cell.
    Rows { cells: Vec<u32>, count: usize },
    /// A mean for each cell.
    Means(Vec<f64>),
}

impl<'a> Chance<'a> {
    fn new(table: &'a Table, weights: &[Weight], scale: &'a Scale, places: &'a Places, options: &Options) -> Self {
        let mut exposure = vec![0.0; places.all];
        for (at, weight) in weights.iter().enumerate() {
            places.each(table.cell(at), |place| exposure[place] += weight[0]);
        }
        places.add_up(&mut exposure);
        let [rows, cases] = scale.all;
        // The rarer of case and no case is drawn.
        let rare = table.measure == Measure::Rate || cases * 2.0 <= rows;
        let line = |exposure: f64| {
            if exposure <= 0.0 || exposure < options.smallest {
                return [0.0, 0.0];
            }
            let root = (exposure * scale.rate).sqrt();
            if rare { [-root, 1.0 / root] } else { [(exposure - root * root) / root, -1.0 / root] }
        };
        let draws = match table.measure {
            Measure::Share => Draws::Rows {
                cells: (0..).zip(weights).flat_map(|(at, w)| (0..whole(w[0])).map(move |_| at)).collect(),
                count: whole(if rare { cases } else { rows - cases }),
            },
            Measure::Rate => Draws::Means(weights.iter().map(|weight| scale.expected(*weight)).collect()),
        };
        let lines = exposure.into_iter().map(line).collect();
        Self { table, scale, side: options.side, places, lines, draws }
    }

    fn draw(&self, streams: &[Xoshiro256PlusPlus]) -> Vec<f64> {
        let mut counts = vec![0_u32; self.places.all];
        let mut drawn = Vec::new();
        let one = |stream: &Xoshiro256PlusPlus| {
            let mut random = stream.clone();
            counts.fill(0);
            match &self.draws {
                Draws::Rows { cells, count } => {
                    self.rows(cells, *count, &mut random, &mut drawn, &mut counts);
                    self.most(&counts, 1.0)
                }
                Draws::Means(means) => {
                    let total = self.poisson(means, &mut random, &mut counts);
                    self.most(&counts, total / self.scale.all[1])
                }
            }
        };
        streams.iter().map(one).collect()
    }

    /// Makes so many different rows a case.
    fn rows(
        &self,
        cells: &[u32],
        count: usize,
        random: &mut Xoshiro256PlusPlus,
        drawn: &mut Vec<u64>,
        counts: &mut [u32],
    ) {
        drawn.clear();
        drawn.resize(cells.len().div_ceil(64), 0);
        let mut left = count;
        while left > 0 {
            let row = random.random_range(0..cells.len());
            let (word, bit) = (row / 64, 1 << (row % 64));
            if drawn[word] & bit == 0 {
                drawn[word] |= bit;
                left -= 1;
                self.places
                    .each(self.table.cell(cells[row] as usize), |place| counts[place] = counts[place].wrapping_add(1));
            }
        }
    }

    /// Gives every cell a count; returns their total.
    fn poisson(&self, means: &[f64], random: &mut Xoshiro256PlusPlus, counts: &mut [u32]) -> f64 {
        let mut total = 0.0;
        for (at, mean) in means.iter().enumerate() {
            let cases = draw::poisson(random, *mean);
            if cases > 0.0 {
                total += cases;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; saturates")]
                let cases = cases as u32;
                self.places.each(self.table.cell(at), |place| counts[place] = counts[place].saturating_add(cases));
            }
        }
        self.places.add_up(counts);
        total
    }

    /// The largest deviation when there are `more` times as many cases as there were.
    fn most(&self, counts: &[u32], more: f64) -> f64 {
        let root = more.sqrt();
        if root <= 0.0 {
            return 0.0;
        }
        let of = |(count, line): (&u32, &[f64; 2])| line[0] * root + line[1] * f64::from(*count) / root;
        let all = counts.iter().zip(&self.lines).map(of);
        match self.side {
            Side::Higher => all.fold(0.0, f64::max),
            Side::Lower => -all.fold(0.0, f64::min),
            Side::Both => all.fold(0.0, |most, deviation| deviation.abs().max(most)),
        }
    }
}

fn whole(number: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of ones")]
    let whole = number as usize;
    whole
}
