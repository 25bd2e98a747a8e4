//! Ranks from joint draws: in every draw all are put in order, so that what is uncertain of each
//! makes the order uncertain. The first place is the highest value.
//!
//! * Expected rank: Laird, N. and Louis, T. (1989), *Empirical Bayes ranking methods*, Journal of
//!   Educational Statistics 14, 29–46.
//! * Rank intervals, one by one: Goldstein, H. and Spiegelhalter, D. (1996), *League tables and
//!   their limitations*, JRSS A 159, 385–443.
//! * Rank intervals that hold for all at once: Besag, J. et al. (1995), *Bayesian computation and
//!   stochastic systems*, Statistical Science 10, 3–66 (section 6.3: by order statistics).

use rayon::prelude::*;

/// Who stands above the first of a tie with less than this probability shares its place.
pub const APART: f64 = 0.95;
/// The part of the list that counts as its top.
const TOP: usize = 10;

/// Where one of the ranked stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Place in the order of expected ranks, 1 is first. Those that cannot be told apart share one.
    pub place: usize,
    /// Expected rank.
    pub expected: f64,
    /// Rank interval of this one by itself.
    pub marginal: (usize, usize),
    /// Rank interval of a set that holds for all at once.
    pub simultaneous: (usize, usize),
    /// P(among the first tenth of the ranked).
    pub top: f64,
}

/// Ranks of all in every draw, as the sum of the first and the last place of a tie: twice the rank.
struct Ranks {
    of: Vec<Vec<u32>>,
    draws: usize,
}

/// Where each stands, in the order given; `draws` holds as many draws for each.
///
/// ```
/// use kubus_signal::statistic::ranks::standings;
/// let found = standings(&[vec![1.0, 2.0, 1.0], vec![7.0, 8.0, 9.0]], 0.95);
/// assert_eq!((found[1].place, found[0].place), (1, 2));
/// ```
#[must_use]
pub fn standings(draws: &[Vec<f64>], credibility: f64) -> Vec<Standing> {
    let ranks = Ranks::of(draws);
    let sorted: Vec<Vec<u32>> = ranks.of.par_iter().map(|ranks| sorted(ranks)).collect();
    let tail = part((1.0 - credibility) / 2.0, ranks.draws);
    let deepest = ranks.simultaneous(&sorted, credibility).max(ranks.draws - tail.min(ranks.draws));
    let expected: Vec<f64> = ranks.of.iter().map(|of| mean(of)).collect();
    let places = places(draws, &expected);
    let top = u32::try_from(2 * draws.len().div_ceil(TOP)).unwrap_or(u32::MAX);
    let standing = |at: usize| Standing {
        place: places[at],
        expected: expected[at],
        marginal: interval(&sorted[at], ranks.draws - tail),
        simultaneous: interval(&sorted[at], deepest),
        top: share(&ranks.of[at], top),
    };
    (0..draws.len()).map(standing).collect()
}

impl Ranks {
    fn of(draws: &[Vec<f64>]) -> Self {
        let count = draws.iter().map(Vec::len).min().unwrap_or(0);
        let by_draw: Vec<Vec<u32>> = (0..count).into_par_iter().map(|at| ranks_in(draws, at)).collect();
        let of = (0..draws.len()).map(|item| by_draw.iter().map(|ranks| ranks[item]).collect()).collect();
        Self { of, draws: count }
    }

    /// The smallest k such that the share `credibility` of the draws lies, for all at once, between
    /// the k-th lowest and the k-th highest rank of each.
    fn simultaneous(&self, sorted: &[Vec<u32>], credibility: f64) -> usize {
        let depth = |draw: usize| {
            let of_one = |(ranks, sorted): (&Vec<u32>, &Vec<u32>)| {
                let below = sorted.partition_point(|rank| *rank < ranks[draw]);
                let up_to = sorted.partition_point(|rank| *rank <= ranks[draw]);
                (below + 1).max(self.draws + 1 - up_to)
            };
            self.of.iter().zip(sorted).map(of_one).max().unwrap_or(1)
        };
        let mut depths: Vec<usize> = (0..self.draws).into_par_iter().map(depth).collect();
        depths.sort_unstable();
        let wanted = self.draws - part(1.0 - credibility, self.draws);
        depths.get(wanted.saturating_sub(1)).copied().unwrap_or(1)
    }
}

/// Twice the rank of each in one draw; who are equal share the middle of their places.
fn ranks_in(draws: &[Vec<f64>], at: usize) -> Vec<u32> {
    let mut order: Vec<usize> = (0..draws.len()).collect();
    order.sort_by(|a, b| draws[*b][at].total_cmp(&draws[*a][at]));
    let mut ranks = vec![0; draws.len()];
    let (mut first, mut place) = (0, 1_u32);
    for tie in order.chunk_by(|a, b| draws[*a][at].total_cmp(&draws[*b][at]).is_eq()) {
        let last = first + u32::try_from(tie.len()).unwrap_or(u32::MAX);
        tie.iter().for_each(|item| ranks[*item] = place + last);
        (first, place) = (last, last + 1);
    }
    ranks
}

fn sorted(ranks: &[u32]) -> Vec<u32> {
    let mut sorted = ranks.to_vec();
    sorted.sort_unstable();
    sorted
}

/// From the k-th highest to the k-th lowest of sorted ranks.
fn interval(sorted: &[u32], k: usize) -> (usize, usize) {
    let rank = |at: usize| sorted.get(at).copied().unwrap_or(0) as usize;
    (rank(sorted.len().saturating_sub(k)) / 2, rank(k.saturating_sub(1)).div_ceil(2))
}

fn mean(ranks: &[u32]) -> f64 {
    ranks.iter().map(|rank| f64::from(*rank)).sum::<f64>() / (2.0 * real(ranks.len().max(1)))
}

fn share(ranks: &[u32], most: u32) -> f64 {
    real(ranks.iter().filter(|rank| **rank <= most).count()) / real(ranks.len().max(1))
}

/// The place of each: those that follow the first of a tie share its place as long as that one does
/// not stand above them with probability [`APART`].
fn places(draws: &[Vec<f64>], expected: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..draws.len()).collect();
    order.sort_by(|a, b| expected[*a].total_cmp(&expected[*b]).then(a.cmp(b)));
    let mut places = vec![1; draws.len()];
    let mut head = 0;
    for (position, item) in order.iter().enumerate() {
        if above(&draws[order[head]], &draws[*item]) >= APART {
            head = position;
        }
        places[*item] = head + 1;
    }
    places
}

/// P(one > other), an equal draw counts half.
fn above(one: &[f64], other: &[f64]) -> f64 {
    let of = |(one, other): (&f64, &f64)| match one.total_cmp(other) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    };
    one.iter().zip(other).map(of).sum::<f64>() / real(one.len().max(1))
}

/// How many of `whole` a share is, downwards.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a number of draws")]
fn part(share: f64, whole: usize) -> usize {
    (share.clamp(0.0, 1.0) * real(whole) + 1e-9).floor() as usize
}

#[expect(clippy::cast_precision_loss, reason = "a number of draws or areas")]
const fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;
    use crate::statistic::gamma_poisson::GammaPoisson;

    #[test]
    fn equal_values_share_the_middle_of_their_places() {
        let draws = [vec![5.0], vec![0.0], vec![7.0], vec![5.0], vec![0.0]];
        assert_eq!(ranks_in(&draws, 0), [5, 9, 2, 5, 9]);
    }

    #[test]
    fn who_cannot_be_told_apart_share_a_place_and_the_next_is_counted_on() {
        let certain = |value: f64| vec![value; 20];
        let wobbly: Vec<f64> = (0..20).map(|at| if at % 3 == 0 { 9.0 } else { 11.0 }).collect();
        let found = standings(&[certain(1.0), wobbly, certain(10.0), certain(10.0)], 0.9);
        assert_eq!(found.iter().map(|one| one.place).collect::<Vec<_>>(), [4, 1, 1, 1]);
        assert_eq!(found[0].marginal, (4, 4));
        assert_eq!((found[1].marginal, found[1].simultaneous), ((1, 3), (1, 3)));
    }

    #[test]
    fn the_top_of_a_list_is_its_first_tenth_upwards() {
        let draws: Vec<Vec<f64>> = (0..11).map(|at| vec![-f64::from(at); 4]).collect();
        let tops: Vec<f64> = standings(&draws, 0.95).iter().map(|one| one.top).collect();
        assert_eq!(tops[..3], [1.0, 1.0, 0.0]);
    }

    /// 56 districts with their exact rank distributions, by numerical integration in SciPy 1.17 from
    /// the posteriors of SpatialEpi (R): the draws must agree.
    #[test]
    fn draws_agree_with_exact_rank_probabilities_of_scottish_lip_cancer() {
        let model = GammaPoisson { alpha: 1.879_489_973_830_875, mu: 0.352_106_533_393_358_f64.exp() };
        let lines = include_str!("../../tests/golden/lip_cancer_ranks.csv").lines().skip(1);
        let rows: Vec<Vec<f64>> =
            lines.map(|line| line.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect()).collect();
        let draw = |(seed, row): (u64, &Vec<f64>)| {
            model.posterior(row[0], row[1]).draws(&mut Xoshiro256PlusPlus::seed_from_u64(seed), 20_000)
        };
        let draws: Vec<Vec<f64>> = (0..).zip(&rows).map(draw).collect();
        let found = standings(&draws, 0.95);
        assert_eq!(found.len(), 56);
        for (one, row) in found.iter().zip(&rows) {
            assert!((one.expected - row[2]).abs() < 0.4, "{one:?} {row:?}");
            assert!((one.top - row[3]).abs() < 0.015, "{one:?} {row:?}");
            let ends = [(one.marginal.0, row[4]), (one.marginal.1, row[5])];
            assert!(ends.iter().all(|(found, exact)| (real(*found) - exact).abs() <= 1.0), "{one:?} {row:?}");
        }
    }

    #[test]
    fn nothing_to_rank_gives_nothing() {
        assert!(standings(&[], 0.95).is_empty());
    }

    proptest! {
        #[test]
        fn intervals_lie_within_each_other_and_ranks_add_up(
            draws in (2usize..9, 3usize..60).prop_flat_map(|(items, count)| vec(vec(-3i8..4, count), items)),
        ) {
            let draws: Vec<Vec<f64>> = draws.iter().map(|of| of.iter().map(|v| f64::from(*v)).collect()).collect();
            let n = draws.len();
            let found = standings(&draws, 0.9);
            let sum: f64 = found.iter().map(|one| one.expected).sum();
            prop_assert!((sum - real(n * (n + 1)) / 2.0).abs() < 1e-9);
            for one in &found {
                prop_assert!(1 <= one.simultaneous.0 && one.simultaneous.1 <= n);
                prop_assert!(one.simultaneous.0 <= one.marginal.0 && one.marginal.1 <= one.simultaneous.1);
                prop_assert!(one.marginal.0 <= one.marginal.1 && one.place <= n);
            }
        }

        #[test]
        fn the_promised_share_of_draws_lies_within_all_intervals_at_once(
            draws in (2usize..7, 20usize..80).prop_flat_map(|(items, count)| vec(vec(0.0f64..1.0, count), items)),
        ) {
            let found = standings(&draws, 0.9);
            let ranks = Ranks::of(&draws);
            let within = |draw: &usize| found.iter().zip(&ranks.of).all(|(one, of)| {
                let rank = of[*draw] as usize;
                (2 * one.simultaneous.0..=2 * one.simultaneous.1).contains(&rank)
            });
            let inside = (0..ranks.draws).filter(within).count();
            prop_assert!(real(inside) >= 0.9 * real(ranks.draws));
        }

        #[test]
        fn the_order_in_which_they_are_given_does_not_matter(
            draws in vec(vec(0.0f64..1.0, 25), 2..8),
        ) {
            let turned: Vec<Vec<f64>> = draws.iter().rev().cloned().collect();
            let one: Vec<_> = standings(&draws, 0.95).iter().map(|s| (s.marginal, s.simultaneous)).collect();
            let other: Vec<_> = standings(&turned, 0.95).iter().rev().map(|s| (s.marginal, s.simultaneous)).collect();
            prop_assert_eq!(one, other);
        }
    }
}
