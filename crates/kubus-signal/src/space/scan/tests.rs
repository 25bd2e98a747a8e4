//! The fast search against the plain one, and p-values without a pattern.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::*;

fn town(count: usize, seed: u64) -> (Vec<f64>, [Vec<f64>; 2]) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let population = (0..count).map(|_| f64::from(random.random_range(20..200u32))).collect();
    let mut place = || (0..count).map(|_| random.random::<f64>()).collect::<Vec<f64>>();
    (population, [place(), place()])
}

fn drawn(expected: &[f64], cases: u32, seed: u64) -> Vec<u32> {
    let mut counts = vec![0; expected.len()];
    map::fill(expected, cases, 0.0, &mut Xoshiro256PlusPlus::seed_from_u64(seed), |at| counts[at] += 1);
    counts
}

#[test]
fn the_best_circles_of_many_maps_are_those_of_each_map_alone() {
    let (population, [x, y]) = town(150, 3);
    let cases = drawn(&population, 400, 4);
    let circles = Circles::new(Areas { cases: &cases, population: &population, place: [&x, &y] }, 0.5).unwrap();
    let options = Options { max_share: 0.5, maps: 50, seed: 9 };
    let fast = best::of_maps(&circles, options, 0.0);
    assert_eq!(fast, best::side_by_side::<i32, 16>(&circles, options, 0.0));
    let mut random = Xoshiro256PlusPlus::seed_from_u64(9);
    for found in fast {
        let mut counts = vec![0; 150];
        map::fill(&circles.expected, 400, 0.0, &mut random.clone(), |at| counts[at] += 1);
        random.jump();
        let alone = circles.clusters(&counts)[0].llr;
        assert!((found - alone).abs() < 1e-9, "{found} is not {alone}");
    }
}

#[test]
fn without_a_pattern_the_p_value_of_the_best_circle_is_spread_evenly() {
    let (population, [x, y]) = town(60, 5);
    let of = |seed: u64| {
        let cases = drawn(&population, 200, seed);
        let areas = Areas { cases: &cases, population: &population, place: [&x, &y] };
        scan(areas, Options { max_share: 0.5, maps: 99, seed }).unwrap()[0].p.unwrap()
    };
    let mut p: Vec<f64> = (1000..1400u64).into_par_iter().map(of).collect();
    p.sort_by(f64::total_cmp);
    let apart = p.iter().zip(1u32..).map(|(p, at)| (p - f64::from(at) / 400.0).abs()).fold(0.0, f64::max);
    assert!(apart < 1.63 / 20.0 + 0.01, "{apart}");
}
