//! A shortened system with its atoms as numbered columns: what is open, which sums tie it, and
//! which columns hang together.

use std::collections::{BTreeMap, BTreeSet};

use super::Atoms;
use super::presolve::{OPEN, System};
use super::window::real;

/// Columns noted for a line.
const ROOMIEST: usize = 6;

/// A sum over columns.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Ascending.
    pub(super) columns: Vec<usize>,
    /// What the sum is, or is at least.
    pub(super) value: i64,
    /// Whether it is at least `value`.
    pub(super) least: bool,
    /// The few columns with most room between their bounds and a known solution.
    pub(super) roomiest: Vec<usize>,
}

/// A system by column.
#[derive(Debug)]
pub(super) struct Layout {
    /// Atom by column, ascending.
    atoms: Vec<u32>,
    /// Bounds by column.
    pub(super) bounds: Vec<(i64, i64)>,
    pub(super) lines: Vec<Line>,
    /// Lines by column.
    pub(super) lines_of: Vec<Vec<usize>>,
    /// The first column of the component of each column.
    pub(super) component: Vec<usize>,
    /// The number of columns of each component.
    sizes: BTreeMap<usize, usize>,
    /// Bounds of atoms that are in no line, or certain.
    rest: BTreeMap<u32, (i64, i64)>,
}

/// A sum that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Its open columns, ascending.
    pub(super) columns: Vec<usize>,
    /// Bounds of what lies in no column.
    pub(super) rest: (i64, i64),
}

impl Layout {
    pub(super) fn new(system: &System) -> Self {
        let sums = || system.equal.iter().chain(&system.least);
        let mut atoms: Vec<u32> = sums().flat_map(|sum| sum.atoms.iter().copied()).collect();
        atoms.sort_unstable();
        atoms.dedup();
        let known = |atom: &u32| system.bounds.get(atom).copied().unwrap_or((0, OPEN));
        atoms.retain(|atom| known(atom).0 < known(atom).1);
        let column = |atom: &u32| atoms.binary_search(atom).ok();
        let line = |(at, sum): (usize, &super::presolve::Sum)| {
            let certain: i64 = sum.atoms.iter().filter(|a| column(a).is_none()).map(|a| known(a).0).sum();
            let columns = sum.atoms.iter().filter_map(column).collect();
            Line { columns, value: sum.value - certain, least: at >= system.equal.len(), roomiest: Vec::new() }
        };
        let lines: Vec<Line> = sums().enumerate().map(line).filter(|line| !line.columns.is_empty()).collect();
        let mut lines_of = vec![Vec::new(); atoms.len()];
        for (at, line) in lines.iter().enumerate() {
            line.columns.iter().for_each(|column| lines_of[*column].push(at));
        }
        let bounds = atoms.iter().map(known).collect();
        let rest = system.bounds.iter().filter(|(atom, _)| column(atom).is_none()).map(|(a, b)| (*a, *b)).collect();
        let component = components(atoms.len(), &lines);
        let mut sizes = BTreeMap::new();
        component.iter().for_each(|component| *sizes.entry(*component).or_insert(0) += 1);
        Self { bounds, lines, lines_of, component, sizes, rest, atoms }
    }

    /// Notes for each line which columns have most room below their value in a solution.
    pub(super) fn note_room(&mut self, point: &[f64]) {
        for line in &mut self.lines {
            let mut columns = line.columns.clone();
            let room = |column: &usize| point[*column] - real(self.bounds[*column].0);
            columns.sort_by(|a, b| room(b).total_cmp(&room(a)).then(a.cmp(b)));
            columns.truncate(ROOMIEST);
            line.roomiest = columns;
        }
    }

    /// The number of columns that hang together with these.
    pub(super) fn together(&self, columns: &[usize]) -> usize {
        let components: BTreeSet<usize> = columns.iter().map(|column| self.component[*column]).collect();
        components.iter().map(|component| self.sizes.get(component).copied().unwrap_or(0)).sum()
    }

    /// A sum of atoms by column.
    pub(super) fn asked(&self, set: &Atoms) -> Asked {
        let columns = set.iter().filter_map(|atom| self.column(*atom)).collect();
        let others = set.iter().filter(|atom| self.column(**atom).is_none());
        let bounds = others.map(|atom| self.rest.get(atom).copied().unwrap_or((0, OPEN)));
        Asked { columns, rest: bounds.fold((0, 0), |(l, h), (low, high)| (l + low, h + high)) }
    }

    /// The column of an atom that is open.
    pub(super) fn column(&self, atom: u32) -> Option<usize> {
        self.atoms.binary_search(&atom).ok()
    }
}

/// The first column of the component of each column.
fn components(columns: usize, lines: &[Line]) -> Vec<usize> {
    let mut leader: Vec<usize> = (0..columns).collect();
    for line in lines {
        for pair in line.columns.windows(2) {
            let (a, b) = (top(&mut leader, pair[0]), top(&mut leader, pair[1]));
            leader[a.max(b)] = a.min(b);
        }
    }
    (0..columns).map(|column| top(&mut leader, column)).collect()
}

fn top(leader: &mut [usize], mut column: usize) -> usize {
    while leader[column] != column {
        leader[column] = leader[leader[column]];
        column = leader[column];
    }
    column
}
