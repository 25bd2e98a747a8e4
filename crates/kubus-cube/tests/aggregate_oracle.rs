//! The kernel against a plain integer oracle, on random tables: any number of threads, skewed and
//! missing values, wrapping keys. The oracle shares no code with the kernel.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::collections::BTreeMap;

use kubus_cube::aggregate::{AggregateError, Aggregator, Cuboid, Dimension, Layout, Roll, Rows, aggregate};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// A random table: the values of three dimensions (the last may be missing), a sum and a hash.
#[derive(Debug, Clone)]
struct Table {
    sizes: [u32; 3],
    rows: Vec<([u32; 3], i64, u64)>,
    area_of: Vec<u32>,
    areas: u32,
    partitions: usize,
}

fn table() -> impl Strategy<Value = Table> {
    let partitions = prop::sample::select(vec![1usize, 2, 8]);
    (1u32..40, 1u32..5, 1u32..5, 1u32..6, partitions).prop_flat_map(|(atoms, periods, members, areas, partitions)| {
        // One atom holds half of the rows; the last member stands for "missing".
        let row = (prop_oneof![Just(0), 0..atoms], 0..periods, 0..=members, -3i64..1 << 40, any::<u64>());
        let area = prop_oneof![9 => 0..areas, 1 => Just(u32::MAX)];
        (prop::collection::vec(row, 0..60), prop::collection::vec(area, atoms as usize)).prop_map(
            move |(rows, area_of)| Table {
                sizes: [atoms, periods, members + 1],
                rows: rows.into_iter().map(|(a, p, m, sum, hash)| ([a, p, m], sum, hash)).collect(),
                area_of,
                areas,
                partitions,
            },
        )
    })
}

/// Loops and a sorted map; nothing clever.
fn oracle(table: &Table, group: impl Fn(&[u32; 3]) -> Option<Vec<u32>>) -> BTreeMap<Vec<u32>, (i64, u64)> {
    let mut sums = BTreeMap::new();
    for (values, sum, hash) in &table.rows {
        if let Some(key) = group(values) {
            let cell = sums.entry(key).or_insert((0i64, 0u64));
            cell.0 += sum;
            cell.1 = cell.1.wrapping_add(*hash);
        }
    }
    sums
}

fn as_map(cuboid: &Cuboid) -> BTreeMap<Vec<u32>, (i64, u64)> {
    let dimensions = cuboid.layout.dimensions().len();
    let values = |key| (0..dimensions).map(|d| cuboid.layout.unpack(key, d)).collect();
    (0..cuboid.keys.len()).map(|at| (values(cuboid.keys[at]), (cuboid.sums[0][at], cuboid.hashes[0][at]))).collect()
}

fn finest(table: &Table) -> Cuboid {
    let named = ["atom", "period", "member"].into_iter().zip(table.sizes);
    let layout = Layout::new(named.map(|(name, size)| Dimension { name: name.into(), size }).collect()).unwrap();
    let keys: Vec<u64> = table.rows.iter().map(|(values, ..)| layout.pack(values)).collect();
    let sums: Vec<i64> = table.rows.iter().map(|row| row.1).collect();
    let hashes: Vec<u64> = table.rows.iter().map(|row| row.2).collect();
    let kernel = Aggregator::new(layout, 1, 1, keys.len() as u64, 1 << 30);
    let length = keys.len().div_ceil(table.partitions).max(1);
    std::thread::scope(|scope| {
        for ((keys, sum), hash) in keys.chunks(length).zip(sums.chunks(length)).zip(hashes.chunks(length)) {
            let kernel = &kernel;
            scope.spawn(move || kernel.push(&Rows { keys, sums: &[sum], hashes: &[hash] }).unwrap());
        }
    });
    kernel.finish().unwrap()
}

#[test]
fn the_kernel_agrees_with_the_oracle_on_ten_thousand_random_tables() {
    let mut runner = TestRunner::new(Config { cases: 10_000, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&table(), |table| {
        let fine = finest(&table);
        prop_assert!(fine.keys.is_sorted_by(|a, b| a < b));
        prop_assert_eq!(as_map(&fine), oracle(&table, |v| Some(v.to_vec())));
        let missing = table.sizes[2] - 1;
        let to_area = Roll::Map { to: &table.area_of, size: table.areas };
        let map: Vec<u32> = (0..=missing).map(|m| if m == missing { u32::MAX } else { m }).collect();
        let area = |v: &[u32; 3]| Some(table.area_of[v[0] as usize]).filter(|a| *a != u32::MAX);
        let total = fine.roll_up(&[to_area, Roll::Keep, Roll::Drop]).unwrap();
        prop_assert_eq!(as_map(&total), oracle(&table, |v| Some(vec![area(v)?, v[1]])));
        let members = fine.roll_up(&[to_area, Roll::Drop, Roll::Map { to: &map, size: missing }]).unwrap();
        let known = |v: &[u32; 3]| Some(v[2]).filter(|m| *m != missing);
        prop_assert_eq!(as_map(&members), oracle(&table, |v| Some(vec![area(v)?, known(v)?])));
        let twice = fine.roll_up(&[Roll::Keep, Roll::Drop, Roll::Keep]).unwrap();
        let twice = twice.roll_up(&[to_area, Roll::Drop]).unwrap();
        prop_assert_eq!(as_map(&twice), oracle(&table, |v| Some(vec![area(v)?])));
        Ok(())
    });
    outcome.unwrap();
}

fn wide_layout() -> Layout {
    Layout::new(vec![Dimension { name: "atom".into(), size: 1 << 20 }]).unwrap()
}

#[test]
fn both_ways_of_storing_give_the_same_cuboid() {
    let keys: Vec<u64> = (0..5000).map(|at| at * 7919 % (1 << 20)).collect();
    let values: Vec<i64> = (0..5000).map(|at| at * 1_000_003).collect();
    let hashed = |expected_rows| {
        let kernel = Aggregator::new(wide_layout(), 1, 0, expected_rows, 1 << 30);
        kernel.push(&Rows { keys: &keys, sums: &[&values], hashes: &[] }).unwrap();
        kernel.push(&Rows { keys: &keys, sums: &[&values], hashes: &[] }).unwrap();
        kernel.finish().unwrap()
    };
    assert_eq!(hashed(0), hashed(1 << 30));
}

#[test]
fn a_sum_that_leaves_its_range_is_an_error_and_never_wraps() {
    for expected_rows in [0, 1 << 30] {
        let kernel = Aggregator::new(wide_layout(), 1, 0, expected_rows, 1 << 30);
        kernel.push(&Rows { keys: &[5], sums: &[&[i64::MAX]], hashes: &[] }).unwrap();
        let pushed = kernel.push(&Rows { keys: &[5], sums: &[&[1]], hashes: &[] });
        let outcome = pushed.and_then(|()| kernel.finish().map(|_| ()));
        assert_eq!(outcome, Err(AggregateError::Overflow(0)));
    }
}

#[test]
fn more_memory_than_allowed_is_refused() {
    let keys: Vec<u64> = (0..100_000).map(|at| at * 7).collect();
    let ones = vec![1i64; keys.len()];
    let rows = [Rows { keys: &keys, sums: &[&ones], hashes: &[] }];
    assert!(matches!(aggregate(&wide_layout(), &rows, 1 << 16), Err(AggregateError::Memory { .. })));
    assert_eq!(aggregate(&wide_layout(), &rows, 1 << 28).unwrap().keys.len(), 100_000);
}

#[test]
fn keys_outside_the_layout_and_uneven_columns_are_refused() {
    let wide = Rows { keys: &[1 << 40], sums: &[], hashes: &[] };
    assert!(matches!(aggregate(&wide_layout(), &[wide], 1 << 20), Err(AggregateError::Shape(_))));
    let uneven = Rows { keys: &[1, 2], sums: &[&[1]], hashes: &[] };
    assert!(matches!(aggregate(&wide_layout(), &[uneven], 1 << 20), Err(AggregateError::Shape(_))));
    let dimension = || Dimension { name: "d".into(), size: u32::MAX };
    assert_eq!(Layout::new(vec![dimension(), dimension()]), Err(AggregateError::TooWide(64)));
}
