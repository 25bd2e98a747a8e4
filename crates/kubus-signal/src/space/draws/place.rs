//! Where a drawn sum lies among the observed ones: below, equal to or between. All observed sums
//! of areas with as many neighbours are sorted once; a table of narrow buckets then finds the
//! place of a draw in a few steps, so draws need not be kept or sorted.

use super::super::Graph;

/// Buckets per observed sum, at least.
const BUCKETS_PER_SUM: usize = 4;

/// So many observed sums of one bucket are compared without a branch.
const COMPARED: usize = 4;

/// What was observed.
pub(super) struct Observed {
    /// Areas by their number of neighbours, ascending.
    pub(super) classes: Vec<Class>,
    /// Per area; `None` without neighbours.
    pub(super) areas: Vec<Option<Seen>>,
}

/// The class of an area and the sum of its neighbours.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) class: usize,
    pub(super) sum: i64,
}

/// The areas with one number of neighbours. Place 2t + 1 is the t-th observed sum, place 2t what
/// lies just below it.
pub(super) struct Class {
    pub(super) neighbours: usize,
    first: usize,
    lowest: i64,
    shift: u32,
    /// Distinct sums ascending, and behind them a few that no draw reaches.
    sums: Vec<i64>,
    /// Per bucket, the first sum that lies in it or beyond.
    starts: Vec<u32>,
}

impl Observed {
    pub(super) fn new(figures: &[i64], graph: &Graph) -> Self {
        let mut degrees: Vec<usize> = (0..graph.areas()).map(|at| graph.degree(at)).filter(|d| *d > 0).collect();
        degrees.sort_unstable();
        degrees.dedup();
        let seen = |at: usize| {
            let class = degrees.binary_search(&graph.degree(at)).ok()?;
            Some(Seen { class, sum: graph.neighbours(at).iter().map(|other| figures[*other as usize]).sum() })
        };
        let areas: Vec<Option<Seen>> = (0..graph.areas()).map(seen).collect();
        let mut sums = vec![Vec::new(); degrees.len()];
        areas.iter().flatten().for_each(|seen| sums[seen.class].push(seen.sum));
        let mut classes: Vec<Class> = Vec::with_capacity(degrees.len());
        for (neighbours, sums) in degrees.into_iter().zip(sums) {
            let first = classes.last().map_or(0, |class| class.first + class.places());
            classes.push(Class::new(neighbours, first, sums));
        }
        Self { classes, areas }
    }

    /// How many places all classes have together.
    pub(super) fn places(&self) -> usize {
        self.classes.iter().map(Class::places).sum()
    }

    /// Per place, how many draws of its class lie there or lower.
    pub(super) fn below(&self, places: &[u32]) -> Vec<u32> {
        let mut below = Vec::with_capacity(places.len());
        for class in &self.classes {
            let mut running = 0;
            below.extend(places[class.first..class.first + class.places()].iter().map(|count| {
                running += count;
                running
            }));
        }
        below
    }
}

impl Class {
    fn new(neighbours: usize, first: usize, mut sums: Vec<i64>) -> Self {
        sums.sort_unstable();
        sums.dedup();
        let lowest = sums.first().copied().unwrap_or(0);
        let width = sums.last().map_or(0, |highest| highest.abs_diff(lowest));
        let most = (sums.len() * BUCKETS_PER_SUM).next_power_of_two() as u64;
        let shift = (0..64).find(|shift| width >> shift < most).unwrap_or(63);
        let buckets = (width >> shift) + 1;
        let mut starts = Vec::new();
        let mut at = 0u32;
        for bucket in 0..buckets {
            while sums.get(at as usize).is_some_and(|sum| sum.abs_diff(lowest) >> shift < bucket) {
                at += 1;
            }
            starts.push(at);
        }
        sums.extend([i64::MAX; COMPARED]);
        Self { neighbours, first, lowest, shift, sums, starts }
    }

    fn distinct(&self) -> usize {
        self.sums.len() - COMPARED
    }

    fn places(&self) -> usize {
        2 * self.distinct() + 1
    }

    /// The place of a sum.
    pub(super) fn place(&self, sum: i64) -> usize {
        if sum < self.lowest {
            return self.first;
        }
        let bucket = usize::try_from(sum.abs_diff(self.lowest) >> self.shift).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(bucket) else { return self.first + 2 * self.distinct() };
        let mut at = *start as usize;
        let lower = self.sums[at..at + COMPARED].iter().filter(|seen| **seen < sum).count();
        at += lower;
        if lower == COMPARED {
            at += self.sums[at..].partition_point(|seen| *seen < sum);
        }
        self.first + 2 * at + usize::from(self.sums[at] == sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_sum_finds_its_place(
            sums in proptest::collection::vec(-50i64..50, 1..80),
            far in proptest::collection::vec(proptest::num::i64::ANY, 0..3),
        ) {
            let sums: Vec<i64> = sums.into_iter().chain(far.into_iter().map(|f| f / 4)).collect();
            let class = Class::new(3, 7, sums.clone());
            let mut sorted = sums;
            sorted.sort_unstable();
            sorted.dedup();
            for sum in -60..60 {
                let lower = sorted.partition_point(|seen| *seen < sum);
                let equal = usize::from(sorted.get(lower) == Some(&sum));
                proptest::prop_assert_eq!(class.place(sum), 7 + 2 * lower + equal);
            }
        }
    }
}
