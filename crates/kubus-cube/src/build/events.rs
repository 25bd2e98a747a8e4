//! Counting rows of an event source, per units at risk or alone. Called by [`super::count`].

use kubus_model::{Finding, Period};

use super::CountError;
use super::ground::{Ground, NOWHERE};
use super::population::{Population, places};
use super::tally::{Tally, add, empty_tables, kernel};
use super::units::{add_at_risk, put};
use super::world::World;
use crate::aggregate::Rows;
use crate::declaration::{IndicatorDeclaration, SourceDeclaration, UnitSet};
use crate::exact::ExactTable;
use crate::link::{Refused, SourceRows, Span, truth_of};

/// The tables of an indicator that counts events.
pub(crate) fn tables(
    world: &World<'_>,
    indicator: &IndicatorDeclaration,
    source: &str,
    condition: Option<&str>,
    at_risk: Option<&UnitSet>,
) -> Result<Vec<ExactTable>, CountError> {
    let (declared, rows) = world.source(source)?;
    let by_unit = declared.location.level.as_str() == "unit";
    let periods = world.periods(indicator.rhythm, &[source], by_unit || at_risk.is_some());
    let mut tables = empty_tables(world, indicator, &periods, &[]);
    let chosen = match (condition, &rows.batch) {
        (Some(sql), Some(batch)) => truth_of(sql, batch)?,
        _ => vec![true; rows.len()],
    };
    let own = if by_unit { None } else { Some(ground(world, declared)?) };
    let ground = own.as_ref().or(world.population.as_ref().map(|population| &population.ground));
    let Some(ground) = ground else { return Ok(tables) };
    let places = match &world.population {
        Some(population) if by_unit => places_of_holders(population, rows),
        _ => places(declared, rows, ground),
    };
    let events = Events { rows, chosen: &chosen, places: &places };
    add(&mut tables, &events.tally(ground, &periods)?, &put)?;
    if let Some(at_risk) = at_risk {
        add_at_risk(world, indicator, &periods, at_risk, &mut tables)?;
    }
    Ok(tables)
}

fn ground(world: &World<'_>, source: &SourceDeclaration) -> Result<Ground, Refused> {
    Ground::of(world.declarations, world.geography, &source.location).ok_or_else(|| {
        Finding::error("build-level-unknown").source(&source.id).with("name", &source.location.level).into()
    })
}

/// Where the person or household of each event lived on its day.
fn places_of_holders(population: &Population<'_>, rows: &SourceRows) -> Vec<u32> {
    let place = |row: usize| {
        let day = rows.spans[row].first;
        let snapshot = population.snapshots.iter().rev().find(|snapshot| snapshot.day <= day)?;
        let person = snapshot.person_at.get(&rows.person[row]).map(|at| snapshot.persons[*at as usize]);
        let household = || snapshot.household_at.get(&rows.household[row]).map(|at| snapshot.households[*at as usize]);
        person.or_else(household).map(|row| population.place[row as usize])
    };
    (0..rows.len()).map(|row| place(row).unwrap_or(NOWHERE)).collect()
}

/// The events of a source and where they happened.
struct Events<'a> {
    rows: &'a SourceRows,
    chosen: &'a [bool],
    places: &'a [u32],
}

impl Events<'_> {
    fn tally<'g>(&self, ground: &'g Ground, periods: &[Period]) -> Result<Tally<'g>, CountError> {
        let (layout, kernel) = kernel(ground, periods.len(), &[], (2, 2), self.rows.len())?;
        let spans: Vec<Span> = periods.iter().map(|period| Span::of(*period)).collect();
        let (mut keys, mut records) = (Vec::new(), Vec::new());
        for row in 0..self.rows.len() {
            let at = spans.partition_point(|span| span.last < self.rows.spans[row].first);
            let within = spans.get(at).is_some_and(|span| span.holds(self.rows.spans[row]));
            if within && self.chosen[row] && self.places[row] != NOWHERE {
                keys.push(layout.pack(&[self.places[row], u32::try_from(at).unwrap_or(NOWHERE)]));
                records.push(self.rows.record[row]);
            }
        }
        let (ones, zeros, none) = (vec![1; keys.len()], vec![0; keys.len()], vec![0; keys.len()]);
        kernel.push(&Rows { keys: &keys, sums: &[&ones, &zeros], hashes: &[&records, &none] })?;
        Ok(Tally { cuboid: kernel.finish()?, ground, attributes: Vec::new(), weight: 0 })
    }
}
