//! Which cells are certain once others are published: Gauss–Jordan elimination over the variables
//! of a [`Structure`], in exact arithmetic.
//!
//! Every equation is kept solved for one variable that occurs in no other. So what a cell adds to
//! what is known can be read off: itself, or the right-hand side of its equation. A cell is
//! certain when nothing is left. After Langsrud (2024), "Secondary cell suppression by Gaussian
//! elimination", in which a cell may be published when no sensitive cell becomes a multiple of
//! what is known.
//!
//! A sensitive cell at its floor (a one where empty cells are known, else a zero) cannot become
//! less. A sum of such cells alone gives them all away, and they give no room to others. So they
//! are never solved for, and count as known to whoever looks at another cell.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::field::Residue;
use super::structure::Structure;

/// A linear form: coefficient by variable, none of them nought.
type Form = BTreeMap<usize, Residue>;

/// What is known of all variables, up to published values.
#[derive(Debug, Clone)]
pub(super) struct Knowledge {
    /// For a solved variable, the form in unsolved ones that it equals.
    solved: BTreeMap<usize, Form>,
    /// Solved variables in whose form an unsolved one occurs.
    occurs: Vec<BTreeSet<usize>>,
    /// Variables whose value is published.
    known: Vec<bool>,
    /// Sensitive variables at their floor.
    floor: Vec<bool>,
}

impl Knowledge {
    /// What is known when nothing is published yet: only how cells add up. Variables that come
    /// late in `order` (small ones) are solved for rather than early ones.
    pub(super) fn new(structure: &Structure, order: &[usize], floor: &[bool]) -> Self {
        let mut rank = vec![usize::MAX; structure.variables];
        order.iter().enumerate().for_each(|(at, variable)| rank[*variable] = at);
        let mut knowledge = Self {
            solved: BTreeMap::new(),
            occurs: vec![BTreeSet::new(); structure.variables],
            known: vec![false; structure.variables],
            floor: floor.to_vec(),
        };
        for (whole, parts) in &structure.equations {
            let mut form = knowledge.of(*whole);
            for part in parts {
                let own = knowledge.of(*part);
                add(&mut form, &own, Residue::ONE.negated());
            }
            let last = |v: &usize| (!floor[*v], rank[*v], Reverse(knowledge.occurs[*v].len()), *v);
            let pivot = form.keys().copied().max_by_key(last);
            if let Some(pivot) = pivot {
                knowledge.solve(pivot, form);
            }
        }
        knowledge
    }

    /// What is not certain about a variable: a form in unsolved, unpublished variables.
    pub(super) fn of(&self, variable: usize) -> Form {
        match self.solved.get(&variable) {
            Some(form) => form.clone(),
            None if self.known[variable] => Form::new(),
            None => Form::from([(variable, Residue::ONE)]),
        }
    }

    /// Whether a sensitive variable would become certain if this one were published.
    pub(super) fn exposes(&self, variable: usize, sensitive: &[bool]) -> bool {
        let form = self.of(variable);
        let free = form.keys().copied().filter(|v| !self.floor[*v]);
        let Some(rarest) = free.min_by_key(|v| (self.occurs[*v].len(), *v)) else { return !form.is_empty() };
        // A sensitive variable that is a multiple of the form has the rarest variable in it too.
        let solved = |v: &usize| sensitive[*v] && self.solved.get(v).is_some_and(|own| self.multiple(own, &form));
        let unsolved = sensitive[rarest] && self.multiple(&Form::from([(rarest, Residue::ONE)]), &form);
        unsolved || self.occurs[rarest].iter().any(solved)
    }

    /// Whether two forms are multiples of each other, but for variables at their floor.
    fn multiple(&self, a: &Form, b: &Form) -> bool {
        let free = |form: &Form| -> Vec<(usize, Residue)> {
            form.iter().filter(|(v, _)| !self.floor[**v]).map(|(v, c)| (*v, *c)).collect()
        };
        let (a, b) = (free(a), free(b));
        let (Some((_, first)), Some((_, second))) = (a.first().copied(), b.first().copied()) else { return false };
        a.len() == b.len() && a.iter().zip(&b).all(|((u, c), (v, d))| u == v && c.times(second) == d.times(first))
    }

    /// Publishes a variable.
    pub(super) fn publish(&mut self, variable: usize) {
        let form = self.of(variable);
        let pivot = form.keys().copied().min_by_key(|v| (self.floor[*v], self.occurs[*v].len(), *v));
        if let Some(pivot) = pivot {
            self.solve(pivot, form);
        }
        self.known[variable] = true;
        self.drop_if_free(variable);
    }

    /// Takes `form = something known` and solves it for `pivot`, everywhere.
    fn solve(&mut self, pivot: usize, mut form: Form) {
        let Some(own) = form.remove(&pivot) else { return };
        let scale = own.inverse().negated();
        form.values_mut().for_each(|c| *c = c.times(scale));
        let users = std::mem::take(&mut self.occurs[pivot]);
        for user in users {
            let Some(mut old) = self.solved.remove(&user) else { continue };
            if let Some(times) = old.remove(&pivot) {
                self.replace(user, &mut old, &form, times);
            }
            self.solved.insert(user, old);
        }
        for variable in form.keys() {
            self.occurs[*variable].insert(pivot);
        }
        self.solved.insert(pivot, form);
    }

    /// Adds `times` × `form` to the form of a solved variable, and keeps track of who occurs where.
    fn replace(&mut self, user: usize, old: &mut Form, form: &Form, times: Residue) {
        for (variable, coefficient) in form {
            let entry = old.entry(*variable).or_insert(Residue::ZERO);
            *entry = entry.plus(coefficient.times(times));
            if *entry == Residue::ZERO {
                old.remove(variable);
                self.occurs[*variable].remove(&user);
            } else {
                self.occurs[*variable].insert(user);
            }
        }
    }

    /// A certain variable needs no form.
    fn drop_if_free(&mut self, variable: usize) {
        if self.solved.get(&variable).is_some_and(Form::is_empty) {
            self.solved.remove(&variable);
        }
    }
}

fn add(form: &mut Form, other: &Form, times: Residue) {
    for (variable, coefficient) in other {
        let entry = form.entry(*variable).or_insert(Residue::ZERO);
        *entry = entry.plus(coefficient.times(times));
        if *entry == Residue::ZERO {
            form.remove(variable);
        }
    }
}
