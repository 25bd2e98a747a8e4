//! The draws against all subsets, against each other on more threads, and on figures without any
//! pattern.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

/// A lattice with an area without neighbours behind it.
fn lattice(side: u32) -> Graph {
    let at = |row: u32, column: u32| row * side + column;
    let cells = (0..side).flat_map(|row| (0..side).map(move |column| (row, column)));
    let edges: Vec<(u32, u32)> = cells
        .flat_map(|(row, column)| {
            let right = (column + 1 < side).then(|| (at(row, column), at(row, column + 1)));
            let down = (row + 1 < side).then(|| (at(row, column), at(row + 1, column)));
            right.into_iter().chain(down)
        })
        .collect();
    Graph::new((side * side + 1) as usize, &edges).unwrap()
}

fn figures(graph: &Graph, seed: u64, values: u32) -> Sample {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    Sample::new((0..graph.areas()).map(|_| f64::from(random.random_range(0..values)) / 10.0).collect(), graph).unwrap()
}

/// The chance of a sum at most, and at least, the observed one, over all subsets of the others.
fn by_all_subsets(sample: &Sample, graph: &Graph, area: usize) -> (f64, f64) {
    let whole: Vec<i64> = sample.figures.iter().map(|f| format!("{:.0}", f * 10.0).parse().unwrap()).collect();
    let observed: i64 = graph.neighbours(area).iter().map(|at| whole[*at as usize]).sum();
    let others: Vec<i64> = (0..whole.len()).filter(|at| *at != area).map(|at| whole[at]).collect();
    let (mut low, mut high, mut all) = (0.0, 0.0, 0.0);
    for subset in 0u32..1 << others.len() {
        if subset.count_ones() as usize == graph.degree(area) {
            let sum: i64 = others.iter().enumerate().filter(|(at, _)| subset >> at & 1 == 1).map(|(_, f)| f).sum();
            all += 1.0;
            low += f64::from(u8::from(sum <= observed));
            high += f64::from(u8::from(sum >= observed));
        }
    }
    (low / all, high / all)
}

#[test]
fn the_shares_are_those_of_all_subsets_of_the_others() {
    let graph = lattice(4);
    for seed in 1..=3 {
        let sample = figures(&graph, seed, 12);
        let found = conditional(&sample, &graph, Draws { count: 400_000, seed });
        assert!(found[16].is_none(), "an island has no p-value");
        for (area, tails) in found[..16].iter().enumerate() {
            let tails = tails.unwrap();
            let (low, high) = by_all_subsets(&sample, &graph, area);
            for (share, count) in [(low, tails.at_most), (high, tails.at_least)] {
                let draws = f64::from(tails.draws);
                let error = (share * (1.0 - share) / draws).sqrt();
                let apart = (f64::from(count) / draws - share).abs();
                assert!(apart <= 5.0 * error + 1e-12, "area {area}: {share} and {count} of {draws}");
            }
        }
    }
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let graph = lattice(9);
    let sample = figures(&graph, 5, 1000);
    for exact in [true, false] {
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| conditional_with(&sample, &graph, Draws { count: 300_001, seed: 8 }, exact))
        };
        assert_eq!(on(1), on(2));
        assert_eq!(on(1), on(5));
    }
}

#[test]
fn without_a_pattern_the_p_values_are_spread_evenly() {
    let graph = lattice(12);
    let mut p = Vec::new();
    for seed in 0..60 {
        let sample = figures(&graph, 1000 + seed, 1_000_000);
        p.extend(conditional(&sample, &graph, Draws { count: 4_000, seed }).iter().flatten().map(Tails::high));
    }
    p.sort_by(f64::total_cmp);
    let count = p.len() as f64;
    let apart = p.iter().enumerate().map(|(at, p)| (p - (at as f64 + 0.5) / count).abs()).fold(0.0, f64::max);
    // Areas of one map depend on each other, so Kolmogorov's bound is doubled.
    assert!(apart < 2.0 * 1.63 / count.sqrt(), "{apart} over {count}");
}
