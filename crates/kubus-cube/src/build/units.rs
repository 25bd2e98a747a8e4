//! Counting units of the population: persons or households with a property, out of those at risk.
//! Called by [`super::count`].

use std::collections::BTreeSet;

use kubus_model::Period;
use rayon::prelude::*;

use super::CountError;
use super::ground::NOWHERE;
use super::population::{Population, Snapshot};
use super::tally::{Tally, add, empty_tables, kernel};
use super::world::World;
use crate::aggregate::{Aggregator, Layout, Rows};
use crate::declaration::{AttributeDeclaration, IndicatorDeclaration, Linked as Link, Unit, UnitSet};
use crate::exact::{ExactCell, ExactTable};
use crate::link::{Refused, truth_of};

/// A set of units, with its conditions worked out over the rows of the population.
struct Set<'a> {
    rows: Vec<bool>,
    with: Vec<(&'a Link, Vec<bool>)>,
    without: Vec<(&'a Link, Vec<bool>)>,
}

impl<'a> Set<'a> {
    fn new(world: &World<'_>, population: &Population<'_>, declared: &'a UnitSet) -> Result<Self, Refused> {
        let rows = match (&declared.condition, &population.rows.batch) {
            (Some(sql), Some(batch)) => truth_of(sql, batch)?,
            _ => vec![true; population.rows.len()],
        };
        let links = |links: &'a [Link]| {
            links.iter().map(|link| Ok((link, world.chosen(link)?))).collect::<Result<Vec<_>, Refused>>()
        };
        Ok(Self { rows, with: links(&declared.with)?, without: links(&declared.without)? })
    }

    /// Per unit of a snapshot whether it is in the set in a period.
    fn of(&self, world: &World<'_>, snapshot: &Snapshot, unit: Unit, period: Period) -> Result<Vec<bool>, Refused> {
        let mut chosen: Vec<bool> = snapshot.units(unit).iter().map(|row| self.rows[*row as usize]).collect();
        let links = self.with.iter().map(|link| (link, true)).chain(self.without.iter().map(|link| (link, false)));
        for ((link, rows), wanted) in links {
            let held = world.held(snapshot, unit, link, rows, period)?;
            chosen.iter_mut().zip(held).for_each(|(chosen, held)| *chosen &= held == wanted);
        }
        Ok(chosen)
    }
}

/// A count of units, ready to run.
pub(crate) struct UnitCount<'a> {
    world: &'a World<'a>,
    population: &'a Population<'a>,
    unit: Unit,
    attributes: Vec<&'a AttributeDeclaration>,
    denominator: Set<'a>,
    numerator: Option<Set<'a>>,
}

/// The tables of an indicator that counts units.
pub(crate) fn tables(
    world: &World<'_>,
    indicator: &IndicatorDeclaration,
    denominator: &UnitSet,
    numerator: Option<&UnitSet>,
) -> Result<Vec<ExactTable>, CountError> {
    let attributes = world.attributes(indicator);
    let periods = world.periods(indicator.rhythm, &sources(&attributes, denominator, numerator), true);
    let mut tables = empty_tables(world, indicator, &periods, &indicator.breakdowns);
    let unit = indicator.counts.unwrap_or(Unit::Person);
    if let Some(count) = UnitCount::new(world, unit, attributes, denominator, numerator)? {
        add(&mut tables, &count.tally(&periods)?, &put)?;
    }
    Ok(tables)
}

/// Adds the units at risk of an indicator of events.
pub(crate) fn add_at_risk(
    world: &World<'_>,
    indicator: &IndicatorDeclaration,
    periods: &[Period],
    at_risk: &UnitSet,
    tables: &mut [ExactTable],
) -> Result<(), CountError> {
    let unit = indicator.counts.unwrap_or(Unit::Person);
    match UnitCount::new(world, unit, Vec::new(), at_risk, None)? {
        Some(count) => add(tables, &count.tally(periods)?, &put),
        None => Ok(()),
    }
}

/// The sources that a count needs beside the population.
fn sources<'a>(
    attributes: &[&'a AttributeDeclaration],
    denominator: &'a UnitSet,
    numerator: Option<&'a UnitSet>,
) -> Vec<&'a str> {
    let sets = std::iter::once(denominator).chain(numerator);
    let linked = sets.flat_map(|set| set.with.iter().chain(&set.without));
    let linked = linked.chain(attributes.iter().filter_map(|attribute| attribute.linked.as_ref()));
    linked.map(|link| link.source.as_str()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Sums: numerator, denominator. Hashes: their record keys.
pub(crate) fn put(cell: &mut ExactCell, sums: &[i64], hashes: &[u64]) {
    cell.numerator += sums[0];
    cell.denominator += sums[1];
    cell.numerator_key = cell.numerator_key.wrapping_add(hashes[0]);
    cell.denominator_key = cell.denominator_key.wrapping_add(hashes[1]);
}

/// Columns of rows that are pushed to the kernel.
#[derive(Default)]
struct Pushed {
    keys: Vec<u64>,
    sums: [Vec<i64>; 2],
    hashes: [Vec<u64>; 2],
}

impl<'a> UnitCount<'a> {
    fn new(
        world: &'a World<'a>,
        unit: Unit,
        attributes: Vec<&'a AttributeDeclaration>,
        denominator: &'a UnitSet,
        numerator: Option<&'a UnitSet>,
    ) -> Result<Option<Self>, Refused> {
        let Some(population) = &world.population else { return Ok(None) };
        let denominator = Set::new(world, population, denominator)?;
        let numerator = numerator.map(|set| Set::new(world, population, set)).transpose()?;
        Ok(Some(Self { world, population, unit, attributes, denominator, numerator }))
    }

    fn tally(&self, periods: &[Period]) -> Result<Tally<'a>, CountError> {
        let ground = &self.population.ground;
        let rows =
            self.population.place.len().saturating_mul(periods.len().div_ceil(self.population.snapshots.len().max(1)));
        let (layout, kernel) = kernel(ground, periods.len(), &self.attributes, (2, 2), rows)?;
        let numbered: Vec<(u32, Period)> = (0..).zip(periods.iter().copied()).collect();
        numbered.par_iter().try_for_each(|(at, period)| self.push(*at, *period, &layout, &kernel))?;
        Ok(Tally { cuboid: kernel.finish()?, ground, attributes: self.attributes.clone(), weight: 1 })
    }

    /// Pushes the units of one period.
    fn push(&self, at: u32, period: Period, layout: &Layout, kernel: &Aggregator) -> Result<(), CountError> {
        let Some(snapshot) = self.population.at(period) else { return Ok(()) };
        let rows = self.rows(snapshot, at, period, layout)?;
        let sums = rows.sums.each_ref().map(Vec::as_slice);
        let hashes = rows.hashes.each_ref().map(Vec::as_slice);
        Ok(kernel.push(&Rows { keys: &rows.keys, sums: &sums, hashes: &hashes })?)
    }

    fn rows(&self, snapshot: &Snapshot, at: u32, period: Period, layout: &Layout) -> Result<Pushed, Refused> {
        let at_risk = self.denominator.of(self.world, snapshot, self.unit, period)?;
        let with = match &self.numerator {
            Some(set) => set.of(self.world, snapshot, self.unit, period)?,
            None => vec![false; at_risk.len()],
        };
        let values = |attribute: &&AttributeDeclaration| self.world.values(attribute, snapshot, self.unit, period);
        let values: Vec<Vec<u32>> = self.attributes.iter().map(values).collect::<Result<_, _>>()?;
        let mut pushed = Pushed::default();
        let mut key = vec![0; 2 + values.len()];
        for (unit, row) in snapshot.units(self.unit).iter().enumerate() {
            let place = self.population.place[*row as usize];
            if place == NOWHERE || !at_risk[unit] {
                continue;
            }
            (key[0], key[1]) = (place, at);
            key[2..].iter_mut().zip(&values).for_each(|(part, values)| *part = values[unit]);
            let record = self.population.record(self.unit, *row);
            pushed.keys.push(layout.pack(&key));
            pushed.sums[0].push(i64::from(with[unit]));
            pushed.sums[1].push(1);
            pushed.hashes[0].push(if with[unit] { record } else { 0 });
            pushed.hashes[1].push(record);
        }
        Ok(pushed)
    }
}
