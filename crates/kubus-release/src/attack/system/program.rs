//! The least and the largest value of a sum of atoms, by linear programs on the connected
//! components of a shortened system.

use std::collections::BTreeMap;

use super::Atoms;
use super::presolve::{OPEN, System};
use super::simplex::Tableau;

/// Room for rounding and for [`slack`] in the value of a linear program; bounds are whole numbers.
const ROUNDING: f64 = 1e-3;

/// One component: its atoms and, when it could be made, its linear program.
#[derive(Debug)]
struct Component {
    /// Column by atom.
    columns: BTreeMap<u32, usize>,
    width: usize,
    tableau: Option<Tableau>,
}

/// The linear programs of a system.
#[derive(Debug)]
pub(super) struct Programs {
    components: Vec<Component>,
    /// Component by atom.
    of_atom: BTreeMap<u32, usize>,
}

impl Programs {
    /// Splits a system into components and makes each feasible.
    pub(super) fn new(system: &System) -> Self {
        let groups = groups(system);
        let of_atom: BTreeMap<u32, usize> =
            groups.iter().enumerate().flat_map(|(at, atoms)| atoms.iter().map(move |a| (*a, at))).collect();
        let components = groups.iter().map(|atoms| component(system, atoms)).collect();
        Self { components, of_atom }
    }

    /// The certain bounds of a sum, as integers.
    pub(super) fn range(&mut self, system: &System, set: &Atoms) -> (i64, i64) {
        let mut parts: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        let mut total = (0, 0);
        for atom in set {
            let (low, high) = system.bounds.get(atom).copied().unwrap_or((0, OPEN));
            match self.of_atom.get(atom) {
                Some(component) if low < high => parts.entry(*component).or_default().push(*atom),
                _ => total = (total.0 + low, total.1 + high),
            }
        }
        for (component, atoms) in parts {
            let (low, high) = self.components[component].range(system, &atoms);
            total = (total.0 + low, total.1 + high);
        }
        total
    }
}

impl Component {
    fn range(&mut self, system: &System, atoms: &[u32]) -> (i64, i64) {
        let bounds = || atoms.iter().filter_map(|atom| system.bounds.get(atom));
        let low: i64 = bounds().map(|(low, _)| low).sum();
        let high: i64 = bounds().map(|(_, high)| high).sum();
        let mut objective = vec![0.0; self.width];
        atoms.iter().filter_map(|atom| self.columns.get(atom)).for_each(|column| objective[*column] = 1.0);
        let Some(tableau) = &mut self.tableau else { return (low, high) };
        // Variables are counted from minus their slack.
        let origin: f64 = atoms.iter().filter_map(|atom| self.columns.get(atom)).map(|column| slack(*column)).sum();
        let whole = |value: f64| low + integer(value);
        let least = tableau.minimise(&objective).map_or(low, |value| whole((value - origin - ROUNDING).ceil()));
        objective.iter_mut().for_each(|c| *c = -*c);
        let most = tableau.minimise(&objective).map_or(high, |value| whole((ROUNDING - value - origin).floor()));
        (least.max(low), most.min(high))
    }
}

/// How far a variable may go below its bound: a little, and each a different little, so that no
/// two rows tie and the method cannot walk in circles. It widens bounds, which is safe.
fn slack(column: usize) -> f64 {
    let spread = (column as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    1e-6 * (1.0 + real(i64::try_from(spread).unwrap_or(0)) / 16_777_216.0)
}

#[expect(clippy::cast_possible_truncation, reason = "counts of people are far below 2^53")]
const fn integer(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
const fn real(value: i64) -> f64 {
    value as f64
}

/// The atoms of each component, ascending; components in order of their first atom.
fn groups(system: &System) -> Vec<Atoms> {
    let mut leader: BTreeMap<u32, u32> = BTreeMap::new();
    for sum in system.equal.iter().chain(&system.least) {
        for atom in &sum.atoms {
            leader.entry(*atom).or_insert(*atom);
        }
        for pair in sum.atoms.windows(2) {
            let (a, b) = (top(&leader, pair[0]), top(&leader, pair[1]));
            leader.insert(a.max(b), a.min(b));
        }
    }
    let mut groups: BTreeMap<u32, Atoms> = BTreeMap::new();
    for atom in leader.keys() {
        groups.entry(top(&leader, *atom)).or_default().push(*atom);
    }
    groups.into_values().collect()
}

fn top(leader: &BTreeMap<u32, u32>, mut atom: u32) -> u32 {
    while let Some(next) = leader.get(&atom).filter(|next| **next != atom) {
        atom = *next;
    }
    atom
}

/// The linear program of a component: atoms above their lower bound, and a surplus for each sum
/// that is only known to be at least something.
fn component(system: &System, atoms: &Atoms) -> Component {
    let columns: BTreeMap<u32, usize> = atoms.iter().enumerate().map(|(column, atom)| (*atom, column)).collect();
    let inside = |sum: &&super::presolve::Sum| sum.atoms.first().is_some_and(|atom| columns.contains_key(atom));
    let (equal, least) = (system.equal.iter().filter(inside), system.least.iter().filter(inside));
    let width = columns.len() + least.clone().count();
    let low = |atom: &u32| system.bounds.get(atom).map_or(0, |(low, _)| *low);
    let row = |sum: &super::presolve::Sum| {
        let mut row = vec![0.0; width + 1];
        sum.atoms.iter().filter_map(|atom| columns.get(atom)).for_each(|column| row[*column] = 1.0);
        row[width] = real(sum.value - sum.atoms.iter().map(low).sum::<i64>());
        row
    };
    let surplus = least.clone().enumerate().map(|(at, sum)| {
        let mut row = row(sum);
        row[columns.len() + at] = -1.0;
        row
    });
    let rows = equal.map(row).chain(surplus).map(loosened).collect();
    Component { tableau: Tableau::feasible(rows, width), columns, width }
}

/// A row over variables counted from minus their slack.
fn loosened(mut row: Vec<f64>) -> Vec<f64> {
    let width = row.len() - 1;
    row[width] += (0..width).map(|column| row[column] * slack(column)).sum::<f64>();
    row
}
