use super::*;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::statistic::gamma_poisson::draw;

const EXPECTED: f64 = 8.0;

/// Areas whose relative rates are drawn with a strength, of which every `each`-th is `ratio` times
/// as high; in four periods, in which the rate stays.
fn drawn(areas: usize, strength: f64, each: usize, ratio: f64, seed: u64) -> Vec<[Counts; 4]> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let one = |at: usize| {
        let by = if each > 0 && at.is_multiple_of(each) { ratio } else { 1.0 };
        std::array::from_fn(|_| {
            Counts::exactly(draw::negative_binomial(&mut random, strength, strength, by * EXPECTED))
        })
    };
    (0..areas).map(one).collect()
}

fn cases(counts: &[[Counts; 4]], earlier: bool) -> Vec<Case<'_>> {
    counts.iter().map(|all| case(all, earlier)).collect()
}

fn case([now, past @ ..]: &[Counts; 4], earlier: bool) -> Case<'_> {
    let exposure = Exposure::Events { expected: EXPECTED };
    let moment = |counts| Moment { exposure, counts };
    let earlier = if earlier { past.iter().map(moment).collect() } else { Vec::new() };
    Case { now: moment(now), earlier, mean: 1.0, mean_variance: 0.0 }
}

#[test]
fn the_planted_strength_is_found_back() {
    for (planted, seed) in [(4.0, 2), (16.0, 3)] {
        let counts = drawn(900, planted, 0, 1.0, seed);
        let found = fit(&cases(&counts, false));
        assert!((found.strength / planted).ln().abs() < 0.5, "{planted}: {found:?}");
        assert!(found.main() > 0.85, "{found:?}");
    }
}

#[test]
fn areas_without_any_spread_get_the_strongest_prior_and_no_rare_classes() {
    let counts = drawn(900, 1e7, 0, 1.0, 5);
    let found = fit(&cases(&counts, false));
    assert!(found.strength > 40.0 && found.main() > 0.97, "{found:?}");
}

#[test]
fn a_few_areas_of_another_class_do_not_weaken_the_others_and_are_not_pulled_back() {
    let counts = drawn(900, 1e7, 180, 4.0, 7);
    let cases = cases(&counts, true);
    let found = fit(&cases);
    assert!(found.strength > 40.0, "{found:?}");
    let rare: f64 = found.rare[2..].iter().sum();
    assert!((0.003..0.012).contains(&rare), "{found:?}");
    let certainty = |at: usize| cases[at].posterior(&found).exceeds(1.5);
    assert!((0..900).step_by(180).all(|hot| certainty(hot) > 0.95));
    assert!((1..60).all(|cold| certainty(cold) < 0.2));
    let alone = cases[0].posterior(&Spread::plain(found.strength));
    assert!(cases[0].posterior(&found).mean() > 1.5 * alone.mean(), "one class pulls it back");
}

#[test]
fn earlier_periods_make_the_class_of_an_area_more_certain() {
    let counts = drawn(900, 1e7, 180, 2.5, 11);
    let (with, without) = (cases(&counts, true), cases(&counts, false));
    let (spread, short) = (fit(&with), fit(&without));
    let sure = |cases: &[Case<'_>], spread: &Spread| -> f64 {
        (0..900).step_by(180).map(|hot| cases[hot].posterior(spread).exceeds(1.5)).sum()
    };
    assert!(sure(&with, &spread) > sure(&without, &short));
}

#[test]
fn with_few_areas_there_are_no_rare_classes() {
    let counts = drawn(FEWEST - 1, 10.0, 10, 5.0, 13);
    assert!(fit(&cases(&counts, false)).main() > 0.999_999);
}
