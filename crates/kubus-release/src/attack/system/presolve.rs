//! Makes published sums short and finds bounds on atoms: a published set inside another is
//! subtracted from it, and what is left bounds its atoms. Atoms that are certain drop out.

use std::collections::BTreeMap;

use super::Atoms;

/// Atoms without an upper bound; sums of millions of these stay inside 64 bits.
pub(super) const OPEN: i64 = 1 << 40;

/// A published sum, or a sum of at least one unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sum {
    pub(super) atoms: Atoms,
    pub(super) value: i64,
}

/// A shortened system.
#[derive(Debug, Clone, Default)]
pub(super) struct System {
    /// Sums with a known value, over atoms that are not certain.
    pub(super) equal: Vec<Sum>,
    /// Sums of at least `value`.
    pub(super) least: Vec<Sum>,
    /// Bounds by atom.
    pub(super) bounds: BTreeMap<u32, (i64, i64)>,
}

/// Shortens a system. `least_one` are sets known to hold at least one unit.
pub(super) fn presolve(published: &BTreeMap<&Atoms, i64>, least_one: &[&Atoms]) -> System {
    let atoms = published.keys().chain(least_one).flat_map(|set| set.iter().copied());
    let mut system = System { bounds: atoms.map(|atom| (atom, (0, OPEN))).collect(), ..System::default() };
    let minimal = minimal(least_one);
    for set in minimal.iter().filter(|set| set.len() == 1) {
        system.bounds.insert(set[0], (1, OPEN));
    }
    let sums = published.iter().map(|(set, value)| Sum { atoms: (*set).clone(), value: *value });
    system.equal = shortened(sums.collect());
    system.least = minimal.into_iter().filter(|s| s.len() > 1).map(|atoms| Sum { atoms, value: 1 }).collect();
    while propagate(&mut system) {}
    drop_certain(&mut system);
    system
}

/// The sets that contain no other set of the list.
fn minimal(sets: &[&Atoms]) -> Vec<Atoms> {
    let mut sorted: Vec<&Atoms> = sets.iter().copied().filter(|set| !set.is_empty()).collect();
    sorted.sort_by_key(|set| (set.len(), *set));
    sorted.dedup();
    let mut kept: Vec<&Atoms> = Vec::new();
    let mut by_first: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for set in sorted {
        let mut inside = set.iter().filter_map(|atom| by_first.get(atom)).flatten();
        if !inside.any(|at| contains(set, kept[*at])) {
            by_first.entry(set[0]).or_default().push(kept.len());
            kept.push(set);
        }
    }
    kept.into_iter().cloned().collect()
}

/// Subtracts from each sum the largest other sums inside it, until none is inside another.
fn shortened(mut sums: Vec<Sum>) -> Vec<Sum> {
    loop {
        sums.retain(|sum| !sum.atoms.is_empty());
        sums.sort_by(|a, b| (a.atoms.len(), a).cmp(&(b.atoms.len(), b)));
        sums.dedup_by(|a, b| a.atoms == b.atoms);
        let mut by_first: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut changed = false;
        for at in 0..sums.len() {
            for inner in inside(&sums, at, &by_first) {
                if contains(&sums[at].atoms, &sums[inner].atoms) {
                    let atoms = without(&sums[at].atoms, &sums[inner].atoms);
                    sums[at] = Sum { atoms, value: sums[at].value - sums[inner].value };
                    changed = true;
                }
            }
            if let Some(first) = sums[at].atoms.first() {
                by_first.entry(*first).or_default().push(at);
            }
        }
        if !changed {
            return sums;
        }
    }
}

/// The sums inside a sum, the largest first.
fn inside(sums: &[Sum], at: usize, by_first: &BTreeMap<u32, Vec<usize>>) -> Vec<usize> {
    let candidates = sums[at].atoms.iter().filter_map(|atom| by_first.get(atom)).flatten().copied();
    let mut inside: Vec<usize> = candidates.filter(|other| contains(&sums[at].atoms, &sums[*other].atoms)).collect();
    inside.sort_by_key(|other| (std::cmp::Reverse(sums[*other].atoms.len()), *other));
    inside
}

fn contains(set: &Atoms, part: &Atoms) -> bool {
    part.len() <= set.len() && part.iter().all(|atom| set.binary_search(atom).is_ok())
}

fn without(set: &Atoms, part: &Atoms) -> Atoms {
    set.iter().copied().filter(|atom| part.binary_search(atom).is_err()).collect()
}

/// One sweep of bounds along all sums; whether any moved.
fn propagate(system: &mut System) -> bool {
    let mut moved = false;
    for sum in &system.equal {
        moved |= narrow(&mut system.bounds, sum, sum.value);
    }
    for sum in &system.least {
        moved |= narrow(&mut system.bounds, sum, OPEN);
    }
    moved
}

/// Bounds the atoms of a sum that lies between its value and `most`.
fn narrow(bounds: &mut BTreeMap<u32, (i64, i64)>, sum: &Sum, most: i64) -> bool {
    let of = |bounds: &BTreeMap<u32, (i64, i64)>, atom: &u32| bounds.get(atom).copied().unwrap_or((0, OPEN));
    let all: Vec<(i64, i64)> = sum.atoms.iter().map(|atom| of(bounds, atom)).collect();
    let (low, high): (i64, i64) = all.iter().fold((0, 0), |(l, h), b| (l + b.0, h + b.1));
    let mut moved = false;
    for (atom, own) in sum.atoms.iter().zip(all) {
        let next = (own.0.max(sum.value - (high - own.1)), own.1.min(most - (low - own.0)));
        if next != own && next.0 <= next.1 {
            bounds.insert(*atom, next);
            moved = true;
        }
    }
    moved
}

/// Takes atoms that are certain out of all sums.
fn drop_certain(system: &mut System) {
    let bounds = &system.bounds;
    let certain = |atom: &u32| bounds.get(atom).filter(|(low, high)| low == high).map(|(low, _)| *low);
    let drop = |sum: &Sum| {
        let known: i64 = sum.atoms.iter().filter_map(certain).sum();
        let atoms = sum.atoms.iter().copied().filter(|atom| certain(atom).is_none()).collect();
        Sum { atoms, value: sum.value - known }
    };
    let equal = shortened(system.equal.iter().map(drop).collect());
    let least: Vec<Sum> = system.least.iter().map(drop).filter(|sum| !implied(bounds, sum)).collect();
    (system.equal, system.least) = (equal, least);
}

/// Whether the lower bounds of its atoms give the sum already.
fn implied(bounds: &BTreeMap<u32, (i64, i64)>, sum: &Sum) -> bool {
    sum.atoms.iter().filter_map(|atom| bounds.get(atom)).map(|(low, _)| low).sum::<i64>() >= sum.value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_published_sets_differ_by_is_known() {
        let (abc, bc) = (vec![0, 1, 2], vec![1, 2]);
        let system = presolve(&BTreeMap::from([(&abc, 12), (&bc, 9)]), &[]);
        assert_eq!(system.bounds[&0], (3, 3));
        assert_eq!(system.equal, [Sum { atoms: vec![1, 2], value: 9 }]);
    }

    #[test]
    fn a_sum_as_small_as_its_number_of_non_empty_cells_is_certain_everywhere() {
        let (all, a, b) = (vec![0, 1], vec![0], vec![1]);
        let system = presolve(&BTreeMap::from([(&all, 2)]), &[&a, &b]);
        assert_eq!((system.bounds[&0], system.bounds[&1]), ((1, 1), (1, 1)));
        assert!(system.equal.is_empty() && system.least.is_empty());
    }
}
