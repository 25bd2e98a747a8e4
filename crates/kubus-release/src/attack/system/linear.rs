//! Which sums of atoms follow from the published ones alone: exact linear algebra modulo the prime
//! 2⁶¹ − 1. No rounding; a sum that is dependent modulo the prime but not over the rationals would
//! take a determinant divisible by it, a chance of about one in 10¹⁶.

use std::collections::BTreeMap;

use super::Atoms;

/// The field: numbers below this prime.
const PRIME: u64 = (1 << 61) - 1;

/// A sparse row: coefficient by atom, and the value of the sum.
#[derive(Debug, Clone)]
struct Row {
    terms: BTreeMap<u32, u64>,
    value: u64,
}

/// For each asked sum its value, when it follows from the published sums.
pub(super) fn values(published: &BTreeMap<&Atoms, i64>, asked: &[&Atoms]) -> Vec<Option<i64>> {
    let mut basis: BTreeMap<u32, Row> = BTreeMap::new();
    let mut rows: Vec<(&Atoms, i64)> = published.iter().map(|(set, value)| (*set, *value)).collect();
    rows.sort_by_key(|(set, _)| set.len());
    for (set, value) in rows {
        let left = reduced(&basis, row(set, value));
        insert(&mut basis, &left);
    }
    asked
        .iter()
        .map(|set| {
            let left = reduced(&basis, row(set, 0));
            left.terms.is_empty().then(|| signed(negated(left.value)))
        })
        .collect()
}

/// For each asked sum whether it is a combination of the given ones.
pub(super) fn combined(given: &[Atoms], asked: &[Atoms]) -> Vec<bool> {
    let sums: BTreeMap<&Atoms, i64> = given.iter().map(|set| (set, 0)).collect();
    values(&sums, &asked.iter().collect::<Vec<_>>()).into_iter().map(|value| value.is_some()).collect()
}

fn row(set: &Atoms, value: i64) -> Row {
    Row { terms: set.iter().map(|atom| (*atom, 1)).collect(), value: unsigned(value) }
}

/// What is left of a row after subtracting multiples of the basis.
fn reduced(basis: &BTreeMap<u32, Row>, mut row: Row) -> Row {
    let mut left = BTreeMap::new();
    while let Some((atom, factor)) = row.terms.pop_first() {
        let Some(pivot) = basis.get(&atom) else {
            left.insert(atom, factor);
            continue;
        };
        for (other, coefficient) in pivot.terms.range(atom + 1..) {
            let entry = row.terms.entry(*other).or_insert(0);
            *entry = difference(*entry, product(factor, *coefficient));
            if *entry == 0 {
                row.terms.remove(other);
            }
        }
        row.value = difference(row.value, product(factor, pivot.value));
    }
    Row { terms: left, value: row.value }
}

fn insert(basis: &mut BTreeMap<u32, Row>, row: &Row) {
    if let Some((atom, leading)) = row.terms.first_key_value().map(|(a, c)| (*a, *c)) {
        let scale = inverse(leading);
        let terms = row.terms.iter().map(|(a, c)| (*a, product(*c, scale))).collect();
        basis.insert(atom, Row { terms, value: product(row.value, scale) });
    }
}

fn product(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    let folded = (wide & u128::from(PRIME)) + (wide >> 61);
    u64::try_from(folded % u128::from(PRIME)).unwrap_or(0)
}

const fn difference(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + PRIME - b }
}

const fn negated(a: u64) -> u64 {
    difference(0, a)
}

/// By Fermat: a^(p − 2).
fn inverse(a: u64) -> u64 {
    let bits = (0..61).filter(|bit| ((PRIME - 2) >> bit) & 1 == 1);
    let powers: Vec<u64> = std::iter::successors(Some(a), |p| Some(product(*p, *p))).take(61).collect();
    bits.fold(1, |result, bit| product(result, powers[bit]))
}

fn unsigned(value: i64) -> u64 {
    let size = value.unsigned_abs() % PRIME;
    if value < 0 { negated(size) } else { size }
}

/// Values are far smaller than half the prime, so the upper half stands for negative ones.
fn signed(value: u64) -> i64 {
    let number = |v: u64| i64::try_from(v).unwrap_or(i64::MAX);
    if value > PRIME / 2 { -number(PRIME - value) } else { number(value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_inverse_times_the_number_is_one(a in 1..PRIME) {
            prop_assert_eq!(product(a, inverse(a)), 1);
        }
    }

    #[test]
    fn a_sum_follows_only_when_it_is_a_combination() {
        let (abc, bc, ab) = (vec![0, 1, 2], vec![1, 2], vec![0, 1]);
        let published = BTreeMap::from([(&abc, 12), (&bc, 9)]);
        assert_eq!(values(&published, &[&vec![0], &ab, &vec![1], &abc]), [Some(3), None, None, Some(12)]);
    }
}
