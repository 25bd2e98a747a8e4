//! How cells hang together: cells with the same atoms are one variable, and every variable that is
//! not one atom is the sum of other, disjoint variables. Those equations are few and short, where
//! rows over atoms are long.

use std::collections::BTreeMap;

/// The variables of a system and one equation for each that has parts.
#[derive(Debug, Clone)]
pub(super) struct Structure {
    /// Variable by cell.
    pub(super) of_cell: Vec<usize>,
    /// Number of variables: those of cells first, then atoms that are no cell.
    pub(super) variables: usize,
    /// A variable and the disjoint variables that it is the sum of.
    pub(super) equations: Vec<(usize, Vec<usize>)>,
    /// Equations in which a variable occurs, by variable.
    within: Vec<Vec<usize>>,
}

impl Structure {
    /// Finds the structure of cells over atoms; `x` says which atom lies in which cell.
    pub(super) fn new(x: &[(u32, u32)], cells: usize) -> Self {
        let sets = merged(x, cells);
        let mut number: BTreeMap<&Vec<u32>, usize> = BTreeMap::new();
        let mut distinct: Vec<&Vec<u32>> = Vec::new();
        let mut of_cell = Vec::with_capacity(cells);
        for set in &sets {
            let next = number.len();
            let variable = *number.entry(set).or_insert(next);
            if variable == distinct.len() {
                distinct.push(set);
            }
            of_cell.push(variable);
        }
        let mut covers = Covers::new(&distinct);
        let wholes = (0..distinct.len()).filter(|v| distinct[*v].len() > 1);
        let equations: Vec<(usize, Vec<usize>)> = wholes.map(|v| (v, covers.cover(v))).collect();
        let mut within = vec![Vec::new(); covers.variables];
        for (at, (whole, parts)) in equations.iter().enumerate() {
            parts.iter().chain([whole]).for_each(|variable| within[*variable].push(at));
        }
        Self { of_cell, variables: covers.variables, equations, within }
    }

    /// The variables that share an equation with one.
    pub(super) fn beside(&self, variable: usize) -> impl Iterator<Item = usize> {
        let equations = self.within[variable].iter().map(|at| &self.equations[*at]);
        equations.flat_map(|(whole, parts)| parts.iter().chain([whole])).copied()
    }
}

/// The atoms of each cell, where atoms that lie in exactly the same cells are taken as one.
fn merged(x: &[(u32, u32)], cells: usize) -> Vec<Vec<u32>> {
    let mut cells_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (atom, cell) in x.iter().filter(|(_, cell)| (*cell as usize) < cells) {
        cells_of.entry(*atom).or_default().push(*cell);
    }
    for list in cells_of.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    let mut first: BTreeMap<&Vec<u32>, u32> = BTreeMap::new();
    let mut sets = vec![Vec::new(); cells];
    for (atom, list) in &cells_of {
        if *first.entry(list).or_insert(*atom) == *atom {
            list.iter().for_each(|cell| sets[*cell as usize].push(*atom));
        }
    }
    sets
}

/// Finds for a set the largest disjoint sets inside it.
#[derive(Debug)]
struct Covers<'a> {
    sets: &'a [&'a Vec<u32>],
    /// Sets by atom.
    with_atom: BTreeMap<u32, Vec<usize>>,
    /// Variable by atom, for atoms that are a set of their own or were left over.
    alone: BTreeMap<u32, usize>,
    /// Variables so far.
    variables: usize,
    /// How many atoms of the set in hand each set has.
    shared: Vec<usize>,
}

impl<'a> Covers<'a> {
    fn new(sets: &'a [&'a Vec<u32>]) -> Self {
        let mut with_atom: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, set) in sets.iter().enumerate() {
            set.iter().for_each(|atom| with_atom.entry(*atom).or_default().push(at));
        }
        let single = sets.iter().enumerate().filter(|(_, set)| set.len() == 1);
        let alone = single.map(|(at, set)| (set[0], at)).collect();
        Self { sets, with_atom, alone, variables: sets.len(), shared: vec![0; sets.len()] }
    }

    /// The parts of a set: other sets, largest first, and single atoms for what is left.
    fn cover(&mut self, of: usize) -> Vec<usize> {
        let mut left: BTreeMap<u32, bool> = self.sets[of].iter().map(|atom| (*atom, true)).collect();
        let mut parts = Vec::new();
        for part in self.inside(of) {
            if self.sets[part].iter().all(|atom| left.get(atom) == Some(&true)) {
                left.extend(self.sets[part].iter().map(|atom| (*atom, false)));
                parts.push(part);
            }
        }
        for atom in left.into_iter().filter(|(_, open)| *open).map(|(atom, _)| atom) {
            let next = self.variables;
            let variable = *self.alone.entry(atom).or_insert(next);
            self.variables += usize::from(variable == next);
            parts.push(variable);
        }
        parts
    }

    /// The sets inside a set, largest first.
    fn inside(&mut self, of: usize) -> Vec<usize> {
        let mut touched = Vec::new();
        for other in self.sets[of].iter().filter_map(|atom| self.with_atom.get(atom)).flatten() {
            if self.shared[*other] == 0 {
                touched.push(*other);
            }
            self.shared[*other] += 1;
        }
        let whole = |at: &usize| self.shared[*at] == self.sets[*at].len() && self.sets[*at].len() < self.sets[of].len();
        let mut inside: Vec<usize> = touched.iter().copied().filter(whole).collect();
        inside.sort_by_key(|at| (std::cmp::Reverse(self.sets[*at].len()), *at));
        touched.into_iter().for_each(|at| self.shared[at] = 0);
        inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_is_the_sum_of_its_largest_disjoint_parts() {
        // Cells: {0,1,2,3}, {0,1}, {2}, {0,1} again; atom 3 is no cell; atoms 0 and 1 go together.
        let x = [(0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (1, 1), (2, 2), (0, 3), (1, 3)];
        let found = Structure::new(&x, 4);
        assert_eq!(found.of_cell, [0, 1, 2, 1]);
        assert_eq!(found.equations, [(0, vec![1, 2, 3])]);
        assert_eq!(found.variables, 4);
    }
}
