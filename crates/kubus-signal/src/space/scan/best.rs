//! The best circle of many maps at once. Sixteen or thirty-two maps lie side by side: a circle
//! grows by one row of counts, and is looked at only when one of them reaches the count that would
//! beat the worst of their best circles so far.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::circle::Circles;
use super::{FEWEST_CASES, Options, log_likelihood_ratio, map};

/// Steps in which the expected cases of a circle are told apart.
const STEPS: usize = 1 << 14;

/// After so many circles' centres the counts that matter are worked out anew.
const RENEW: usize = 64;

/// A count in one of the maps that lie side by side.
pub(super) trait Lane: Copy + Default + PartialOrd + Send {
    /// One more area.
    fn plus(self, other: Self) -> Self;
    /// One when it is above the bar, else zero.
    fn over(self, bar: Self) -> Self;
    /// Either is not zero.
    fn or(self, other: Self) -> Self;
    /// A count that is known to fit.
    fn of(count: i32) -> Self;
    /// The count as a real number.
    fn real(self) -> f64;
}

macro_rules! lane {
    ($whole:ty) => {
        impl Lane for $whole {
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            fn over(self, bar: Self) -> Self {
                Self::from(self > bar)
            }
            fn or(self, other: Self) -> Self {
                self | other
            }
            fn of(count: i32) -> Self {
                Self::try_from(count).unwrap_or(Self::MAX)
            }
            fn real(self) -> f64 {
                f64::from(self)
            }
        }
    };
}
lane!(i16);
lane!(i32);

/// The log likelihood ratio of the best circle of each map.
pub(super) fn of_maps(circles: &Circles, options: Options, spread: f64) -> Vec<f64> {
    if circles.all < i16::MAX.cast_unsigned().into() {
        side_by_side::<i16, 32>(circles, options, spread)
    } else {
        side_by_side::<i32, 16>(circles, options, spread)
    }
}

/// The same with this many maps side by side, in numbers of this size.
pub(super) fn side_by_side<L: Lane, const N: usize>(circles: &Circles, options: Options, spread: f64) -> Vec<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let mut stream = || {
        let own = random.clone();
        random.jump();
        own
    };
    let streams: Vec<Xoshiro256PlusPlus> = (0..options.maps).map(|_| stream()).collect();
    let group = |streams: &[Xoshiro256PlusPlus]| Group::<L, N>::new(circles, streams, spread).best(streams.len());
    streams.par_chunks(N).flat_map_iter(group).collect()
}

struct Group<'a, L, const N: usize> {
    circles: &'a Circles,
    /// Per area, its cases in each map.
    cases: Vec<[L; N]>,
    best: [f64; N],
    /// Per step of expected cases, the most cases that cannot beat the worst of the best.
    idle: Vec<L>,
}

impl<'a, L: Lane, const N: usize> Group<'a, L, N> {
    fn new(circles: &'a Circles, streams: &[Xoshiro256PlusPlus], spread: f64) -> Self {
        let mut cases = vec![[L::default(); N]; circles.expected.len()];
        for (lane, stream) in streams.iter().enumerate() {
            map::fill(&circles.expected, circles.all, spread, &mut stream.clone(), |area| {
                cases[area][lane] = cases[area][lane].plus(L::of(1));
            });
        }
        Self { circles, cases, best: [0.0; N], idle: vec![L::of(1); STEPS + 1] }
    }

    fn best(mut self, maps: usize) -> Vec<f64> {
        // Circles far apart first, so that the bar is high soon.
        let centres = self.circles.around.len();
        let stride = (centres / RENEW).max(1);
        for (turn, start) in (0..stride).enumerate() {
            for centre in (start..centres).step_by(stride) {
                self.around(centre);
            }
            if turn < 4 || turn % 16 == 0 {
                self.renew(maps);
            }
        }
        self.best[..maps].to_vec()
    }

    fn around(&mut self, centre: usize) {
        let per_step = STEPS as f64 / f64::from(self.circles.all);
        let mut within = [L::default(); N];
        let mut expected = 0.0;
        for area in &self.circles.around[centre] {
            let area = *area as usize;
            expected += self.circles.expected[area];
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between zero and STEPS")]
            let idle = self.idle[((expected * per_step) as usize).min(STEPS)];
            let mut reached = L::default();
            for (within, cases) in within.iter_mut().zip(&self.cases[area]) {
                *within = within.plus(*cases);
                reached = reached.or(within.over(idle));
            }
            if reached != L::default() {
                // A copy, so that the counts themselves can stay in registers.
                let counts = within;
                self.look(&counts, expected, idle);
            }
        }
    }

    #[cold]
    fn look(&mut self, within: &[L; N], expected: f64, idle: L) {
        for (best, cases) in self.best.iter_mut().zip(within).filter(|(_, cases)| **cases > idle) {
            let llr = log_likelihood_ratio(cases.real(), expected, f64::from(self.circles.all));
            *best = best.max(llr);
        }
    }

    /// What cannot beat the worst of the best, for the fewest cases expected in each step.
    fn renew(&mut self, maps: usize) {
        let bar = self.best[..maps].iter().copied().fold(f64::INFINITY, f64::min);
        let all = self.circles.all;
        let mut idle = FEWEST_CASES.cast_signed() - 1;
        for (step, kept) in self.idle.iter_mut().enumerate() {
            let expected = f64::from(all) * step as f64 / STEPS as f64;
            let beaten = |cases: i32| {
                let cases = f64::from(cases);
                cases <= expected || log_likelihood_ratio(cases, expected, f64::from(all)) <= bar
            };
            while step > 0 && idle + 1 < all.cast_signed() && beaten(idle + 1) {
                idle += 1;
            }
            *kept = L::of(idle);
        }
    }
}
