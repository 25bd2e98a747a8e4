//! The least and the largest value of a sum of atoms, by linear programs on the connected
//! components of a shortened system.
//!
//! Every solution that a program finds says something about all sums: a sum that differs enough
//! between two solutions needs no program of its own.

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

    /// The certain bounds of each sum, as integers; of a sum for which `enough` holds for a range
    /// that was seen, that range. `enough` must hold for all wider ranges too.
    pub(super) fn ranges(
        &mut self,
        system: &System,
        sets: &[&Atoms],
        enough: impl Fn((i64, i64)) -> bool,
    ) -> Vec<(i64, i64)> {
        let mut asked: Vec<Asked> = sets.iter().map(|set| self.asked(system, set)).collect();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.components.len()];
        for (at, sum) in asked.iter().enumerate() {
            sum.parts.iter().for_each(|part| users[part.component].push(at));
        }
        for (at, component) in self.components.iter().enumerate() {
            component.look(at, &users[at], &mut asked);
        }
        for at in 0..asked.len() {
            for part in 0..asked[at].parts.len() {
                for most in [false, true] {
                    if enough(asked[at].seen()) {
                        continue;
                    }
                    let Part { component, atoms, .. } = asked[at].parts[part].clone();
                    let found = self.components[component].end(system, &atoms, most);
                    self.components[component].look(component, &users[component], &mut asked);
                    asked[at].parts[part].settle(found, most);
                }
            }
        }
        asked.iter().map(Asked::seen).collect()
    }

    /// A sum split by component; what is certain about it is taken apart.
    fn asked(&self, system: &System, set: &Atoms) -> Asked {
        let mut parts: BTreeMap<usize, (i64, Vec<u32>)> = BTreeMap::new();
        let mut rest = (0, 0);
        for atom in set {
            let (low, high) = system.bounds.get(atom).copied().unwrap_or((0, OPEN));
            match self.of_atom.get(atom) {
                Some(component) if low < high => {
                    let part = parts.entry(*component).or_default();
                    part.0 += low;
                    part.1.push(*atom);
                }
                _ => rest = (rest.0 + low, rest.1 + high),
            }
        }
        let part = |(component, (low, atoms))| Part { component, atoms, low, seen: None };
        Asked { rest, parts: parts.into_iter().map(part).collect() }
    }
}

/// A sum that is asked for.
#[derive(Debug)]
struct Asked {
    /// Bounds of what lies in no component.
    rest: (i64, i64),
    parts: Vec<Part>,
}

impl Asked {
    /// The range seen so far; nothing (lowest above highest) while a part was not seen.
    fn seen(&self) -> (i64, i64) {
        let add = |(low, high): (i64, i64), (l, h): (i64, i64)| (low + l, high + h);
        self.parts.iter().map(|part| part.seen.unwrap_or((OPEN, -OPEN))).fold(self.rest, add)
    }
}

/// The part of a sum that lies in one component.
#[derive(Debug, Clone)]
struct Part {
    component: usize,
    atoms: Vec<u32>,
    /// The sum of the lower bounds of its atoms.
    low: i64,
    /// The least and the largest value it has in solutions found so far, rounded outwards.
    seen: Option<(i64, i64)>,
}

impl Part {
    /// Takes what a linear program says of one end.
    fn settle(&mut self, found: i64, most: bool) {
        let (low, high) = self.seen.unwrap_or((found, found));
        self.seen = Some(if most { (low, found) } else { (found, high) });
    }
}

impl Component {
    /// The largest or the least value of a part.
    fn end(&mut self, system: &System, atoms: &[u32], most: bool) -> i64 {
        let bounds = || atoms.iter().filter_map(|atom| system.bounds.get(atom));
        let low: i64 = bounds().map(|(low, _)| low).sum();
        let high: i64 = bounds().map(|(_, high)| high).sum();
        let columns = || atoms.iter().filter_map(|atom| self.columns.get(atom));
        let mut objective = vec![0.0; self.width];
        columns().for_each(|column| objective[*column] = if most { -1.0 } else { 1.0 });
        // Variables are counted from minus their slack.
        let origin: f64 = columns().map(|column| slack(*column)).sum();
        let found = self.tableau.as_mut().and_then(|tableau| tableau.minimise(&objective));
        if most {
            found.map_or(high, |value| low + rounded_up(-value - origin)).min(high)
        } else {
            found.map_or(low, |value| low + rounded_down(value - origin)).max(low)
        }
    }

    /// Widens what was seen of each asked part of this component by the present solution.
    fn look(&self, own: usize, users: &[usize], asked: &mut [Asked]) {
        let Some(values) = self.tableau.as_ref().map(Tableau::values) else { return };
        for user in users {
            for part in asked[*user].parts.iter_mut().filter(|part| part.component == own) {
                let columns = part.atoms.iter().filter_map(|atom| self.columns.get(atom));
                let value: f64 = columns.map(|column| values[*column] - slack(*column)).sum();
                let now = (part.low + rounded_down(value).max(0), part.low + rounded_up(value));
                let (low, high) = part.seen.unwrap_or(now);
                part.seen = Some((low.min(now.0), high.max(now.1)));
            }
        }
    }
}

/// The least whole number that may be meant by the least value of a program.
fn rounded_down(value: f64) -> i64 {
    integer((value - ROUNDING).ceil())
}

/// The largest whole number that may be meant by the largest value of a program.
fn rounded_up(value: f64) -> i64 {
    integer((value + ROUNDING).floor())
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
