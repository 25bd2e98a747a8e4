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
    let order = Order::new(published.keys().copied());
    let basis = basis(&order, published.iter().map(|(set, value)| (*set, *value)));
    asked
        .iter()
        .map(|set| {
            let left = reduced(&basis, order.row(set, 0));
            left.terms.is_empty().then(|| signed(negated(left.value)))
        })
        .collect()
}

/// For each further sum whether it contradicts neither the published ones nor those before it.
pub(super) fn fits(published: &BTreeMap<&Atoms, i64>, further: &[(&Atoms, i64)]) -> Vec<bool> {
    let order = Order::new(published.keys().copied());
    let mut basis = basis(&order, published.iter().map(|(set, value)| (*set, *value)));
    let fit = |(set, value): &(&Atoms, i64)| {
        let left = reduced(&basis, order.row(set, *value));
        insert(&mut basis, &left);
        !left.terms.is_empty() || left.value == 0
    };
    further.iter().map(fit).collect()
}

/// What of a sum does not follow from others: coefficients by place in the order of one
/// elimination, the first of them one.
pub(super) type Remainder = Vec<(u32, u64)>;

/// What is left of each asked sum after all combinations of the given ones.
pub(super) fn remainders(given: &[Atoms], asked: &[Atoms]) -> Vec<Remainder> {
    let order = Order::new(given.iter().chain(asked));
    let basis = basis(&order, given.iter().map(|set| (set, 0)));
    asked.iter().map(|set| scaled(reduced(&basis, order.row(set, 0)).terms.into_iter().collect())).collect()
}

/// Atoms that occur in few sums come first: they are eliminated by rows that touch little else.
struct Order(BTreeMap<u32, u32>);

impl Order {
    fn new<'a>(sums: impl Iterator<Item = &'a Atoms>) -> Self {
        let mut count: BTreeMap<u32, usize> = BTreeMap::new();
        sums.flatten().for_each(|atom| *count.entry(*atom).or_insert(0) += 1);
        let mut atoms: Vec<(usize, u32)> = count.into_iter().map(|(atom, count)| (count, atom)).collect();
        atoms.sort_unstable();
        Self((0..).zip(atoms).map(|(place, (_, atom))| (atom, place)).collect())
    }

    /// A sum by place; atoms that no sum of the order has come last.
    fn row(&self, set: &Atoms, value: i64) -> Row {
        let place = |atom: &u32| self.0.get(atom).copied().unwrap_or_else(|| u32::MAX - atom);
        Row { terms: set.iter().map(|atom| (place(atom), 1)).collect(), value: unsigned(value) }
    }
}

fn basis<'a>(order: &Order, sums: impl Iterator<Item = (&'a Atoms, i64)>) -> BTreeMap<u32, Row> {
    let mut basis = BTreeMap::new();
    let mut rows: Vec<(&Atoms, i64)> = sums.collect();
    rows.sort_by_key(|(set, _)| (set.len(), *set));
    for (set, value) in rows {
        let left = reduced(&basis, order.row(set, value));
        insert(&mut basis, &left);
    }
    basis
}

/// A remainder without its first column, by a multiple of another that has it; `None` when the
/// other has it not.
pub(super) fn combination(of: &Remainder, with: &Remainder) -> Option<Remainder> {
    let (first, own) = *of.first()?;
    let times = with.iter().find(|(column, _)| *column == first).map(|(_, c)| product(own, inverse(*c)))?;
    let mut left: BTreeMap<u32, u64> = of.iter().copied().collect();
    for (column, coefficient) in with {
        let entry = left.entry(*column).or_insert(0);
        *entry = difference(*entry, product(times, *coefficient));
    }
    Some(scaled(left.into_iter().filter(|(_, c)| *c != 0).collect()))
}

fn scaled(row: Remainder) -> Remainder {
    let scale = row.first().map_or(1, |(_, leading)| inverse(*leading));
    row.into_iter().map(|(column, c)| (column, product(c, scale))).collect()
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
