//! From a cube to a draft that can be published: noise and rules on every cell, the attack, at
//! most a few repairs, the attack again, and only then the files.
//!
//! Called by the workshop's `kubus release` through [`crate::protect`].

use std::collections::BTreeSet;

use kubus_cube::exact::{Cube, ExactTable};
use kubus_model::release::AttackStatement;
use kubus_model::{CellStatus, DraftTable, Finding, Indicator, Measure, Release, Ruleset};
use kubus_store::LinkKey;
use rayon::prelude::*;

use crate::attack::earlier::Known;
use crate::attack::repair::{Hide, repair};
use crate::attack::surface::{Face, Surface};
use crate::attack::{Count, Found, attack, statement};
use crate::figure::{Protector, counted};
use crate::perturbation::{CellKeys, PerturbationTable};
use crate::rule::{Hidden, Limits};
use crate::{Protected, ReleaseRefusal, files, fitness};

/// Rounds of hiding further figures and attacking again.
const MAX_REPAIRS: usize = 6;

/// A protected table, with why each figure is hidden.
#[derive(Debug, Clone)]
pub(crate) struct Shielded {
    /// What is published.
    pub(crate) table: DraftTable,
    /// Why each cell is hidden; stays in the workshop.
    pub(crate) hidden: Vec<Hidden>,
}

/// See [`crate::protect`].
pub(crate) fn protect(
    cube: &Cube,
    rules: &Ruleset,
    key: &LinkKey,
    earlier: &[Release],
    progress: &(dyn Fn(&str, f64) + Sync),
) -> Result<Protected, ReleaseRefusal> {
    fitness::sources(cube, rules)?;
    let noise = fitness::noise(cube, rules)?;
    progress("protect", 0.0);
    let mut shielded = shield(cube, rules, &noise, &CellKeys::new(key))?;
    progress("attack", 0.3);
    let (found, hidden) = attack_and_repair(cube, rules, &noise, earlier, &mut shielded)?;
    let attack = accepted(&found, !earlier.is_empty())?;
    let failed = Finding::info("release-attack-failed").with("cells", attack.cells).with("hidden", attack.primary);
    let mut findings = vec![failed];
    if hidden > 0 {
        findings.push(Finding::info("release-repaired").with("cells", hidden));
    }
    progress("write", 0.8);
    let draft = files::draft(cube, rules, &shielded, &attack)?;
    progress("write", 1.0);
    Ok(Protected { draft, attack, findings })
}

/// The statement of an attack that failed; an attack that succeeded stops the release.
fn accepted(found: &Found, with_earlier: bool) -> Result<AttackStatement, ReleaseRefusal> {
    let attack = statement(&found.tally, with_earlier);
    if found.breaches.is_empty() { Ok(attack) } else { Err(ReleaseRefusal::Attack(Box::new(attack))) }
}

/// Noise and rules on every cell of every table.
pub(crate) fn shield(
    cube: &Cube,
    rules: &Ruleset,
    noise: &PerturbationTable,
    keys: &CellKeys,
) -> Result<Vec<Shielded>, ReleaseRefusal> {
    cube.tables.par_iter().map(|exact| shield_table(exact, indicator(cube, exact)?, rules, noise, keys)).collect()
}

fn shield_table(
    exact: &ExactTable,
    indicator: &Indicator,
    rules: &Ruleset,
    noise: &PerturbationTable,
    keys: &CellKeys,
) -> Result<Shielded, ReleaseRefusal> {
    let (areas, periods, members) = (exact.areas.clone(), exact.periods.clone(), exact.members.clone());
    let mut table = DraftTable::new(&exact.indicator, &exact.level, areas, periods, members);
    if table.cells.len() != exact.cells.len() {
        return Err(ReleaseRefusal::Internal(format!("{} {} has another shape", exact.indicator, exact.level)));
    }
    let limits = Limits::of(rules, indicator, &exact.level);
    let protector = Protector { indicator, limits, noise, keys };
    let (cells, hidden) = exact.cells.par_iter().map(|cell| protector.protect(cell)).unzip();
    table.cells = cells;
    Ok(Shielded { table, hidden })
}

fn indicator<'a>(cube: &'a Cube, table: &ExactTable) -> Result<&'a Indicator, ReleaseRefusal> {
    let found = cube.indicators.iter().find(|i| i.id == table.indicator);
    found.ok_or_else(|| ReleaseRefusal::Internal(format!("no indicator {}", table.indicator)))
}

/// Attacks, hides what that takes, and attacks again; returns the last attack and the number of
/// cells hidden on the way.
pub(crate) fn attack_and_repair(
    cube: &Cube,
    rules: &Ruleset,
    noise: &PerturbationTable,
    earlier: &[Release],
    shielded: &mut [Shielded],
) -> Result<(Found, usize), ReleaseRefusal> {
    let known: Vec<Option<Known>> =
        shielded.par_iter().map(|s| Known::from_releases(&s.table, rules, earlier)).collect();
    let mut per_indicator: Vec<Option<Found>> = vec![None; cube.indicators.len()];
    let mut hidden = 0;
    for round in 0..=MAX_REPAIRS {
        let again = |at: &usize| per_indicator[*at].as_ref().is_none_or(|found| !found.breaches.is_empty());
        let stale: Vec<usize> = (0..cube.indicators.len()).filter(again).collect();
        let attacked: Vec<(Found, BTreeSet<Hide>)> =
            stale.par_iter().map(|at| attack_indicator(cube, *at, rules, noise, shielded, &known)).collect();
        for (at, (found, hides)) in stale.into_iter().zip(attacked) {
            if round < MAX_REPAIRS {
                hidden += hides.iter().filter(|hide| conceal(shielded, hide)).count();
            }
            per_indicator[at] = Some(found);
        }
        if per_indicator.iter().flatten().all(|found| found.breaches.is_empty()) {
            break;
        }
    }
    let total = per_indicator.into_iter().flatten().fold(Found::default(), |mut all, one| {
        all.tally.add(one.tally);
        all.breaches.extend(one.breaches);
        all
    });
    Ok((total, hidden))
}

fn attack_indicator(
    cube: &Cube,
    at: usize,
    rules: &Ruleset,
    noise: &PerturbationTable,
    shielded: &[Shielded],
    known: &[Option<Known>],
) -> (Found, BTreeSet<Hide>) {
    let indicator = &cube.indicators[at];
    if indicator.measure == Measure::Mean {
        return (Found::default(), BTreeSet::new());
    }
    let ours = (0..shielded.len()).filter(|id| shielded[*id].table.indicator == indicator.id);
    let faces = ours.map(|id| Face {
        table: &shielded[id].table,
        hidden: &shielded[id].hidden,
        limits: Limits::of(rules, indicator, &shielded[id].table.level),
        known: known[id].as_ref(),
        id,
    });
    let mut surface = Surface::new(faces.collect(), &cube.levels, &cube.areas, noise.largest_change());
    surface.tell_where_parts_add_up(|id, first, whole, parts| adds_up(&cube.tables[id], first, whole, parts));
    let truth = |id: usize, cell: usize, count: Count| {
        let exact = &cube.tables[id].cells[cell];
        match count {
            Count::Numerator => counted(exact, indicator.measure != Measure::Count).0,
            Count::Denominator => exact.denominator,
        }
    };
    let found = attack(&surface, indicator.measure, noise, &truth);
    let hides = repair(&surface, &found.breaches);
    (found, hides)
}

/// Whether the parts of an area and period, whose cells begin at `first`, add up to the whole.
fn adds_up(exact: &ExactTable, first: usize, whole: usize, parts: &[usize]) -> bool {
    let counts = |member: usize| (exact.cells[first + member].numerator, exact.cells[first + member].denominator);
    let sum = parts.iter().map(|part| counts(*part)).fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    sum == counts(whole)
}

/// Hides a figure; whether anything changed.
fn conceal(shielded: &mut [Shielded], (table, cell, whole): &Hide) -> bool {
    let Shielded { table, hidden } = &mut shielded[*table];
    let (figure, reason) = (&mut table.cells[*cell], &mut hidden[*cell]);
    let before = *figure;
    figure.numerator = None;
    figure.status = CellStatus::Suppressed;
    if *whole {
        figure.denominator = None;
    }
    if *reason == Hidden::No {
        *reason = Hidden::Repair;
    }
    *figure != before
}

#[cfg(test)]
mod tests;
