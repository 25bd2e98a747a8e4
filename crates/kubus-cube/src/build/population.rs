//! The population by reference date: persons, households, and who lives where. Called by the
//! counters.

use std::collections::HashMap;

use kubus_model::{Finding, Period};

use super::ground::{Ground, NOWHERE};
use crate::declaration::{SourceDeclaration, Unit};
use crate::link::{Refused, Secrets, SourceRows, Span, text_of, truth_of};

/// The persons and households at one reference date. Units are positions in `persons` and
/// `households`, whose entries are rows of the population.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// Reference date.
    pub(crate) day: i32,
    /// The row of each person.
    pub(crate) persons: Vec<u32>,
    /// The row that stands for each household.
    pub(crate) households: Vec<u32>,
    /// The household of each person; [`NOWHERE`] for none.
    pub(crate) household_of: Vec<u32>,
    /// Position of a person by pseudonym.
    pub(crate) person_at: HashMap<u64, u32>,
    /// Position of a household by pseudonym.
    pub(crate) household_at: HashMap<u64, u32>,
}

/// The population of every reference date.
#[derive(Debug)]
pub(crate) struct Population<'a> {
    pub(crate) rows: &'a SourceRows,
    pub(crate) ground: Ground,
    /// The place of each row; [`NOWHERE`] when its address is not known.
    pub(crate) place: Vec<u32>,
    /// Record key of each row's household; 0 for none.
    pub(crate) household_record: Vec<u64>,
    /// By reference date.
    pub(crate) snapshots: Vec<Snapshot>,
}

impl<'a> Population<'a> {
    /// Groups the rows of the population source.
    pub(crate) fn new(
        source: &SourceDeclaration,
        rows: &'a SourceRows,
        ground: Ground,
        secrets: &Secrets,
    ) -> Result<Self, Refused> {
        let heads = match (&source.household_row, &rows.batch) {
            (Some(sql), Some(batch)) => truth_of(sql, batch)?,
            _ => vec![false; rows.len()],
        };
        let record = |household: &u64| if *household == 0 { 0 } else { secrets.record_of(*household) };
        Ok(Self {
            place: places(source, rows, &ground),
            household_record: rows.household.iter().map(record).collect(),
            snapshots: snapshots(rows, &heads)?,
            rows,
            ground,
        })
    }

    /// The newest snapshot that is not after the end of a period.
    pub(crate) fn at(&self, period: Period) -> Option<&Snapshot> {
        let last = Span::of(period).last;
        self.snapshots.iter().rev().find(|snapshot| snapshot.day <= last)
    }

    /// The record key of a unit by its row.
    pub(crate) fn record(&self, unit: Unit, row: u32) -> u64 {
        match unit {
            Unit::Person => self.rows.record[row as usize],
            Unit::Household => self.household_record[row as usize],
        }
    }
}

impl Snapshot {
    /// The rows of the units of a kind.
    pub(crate) fn units(&self, unit: Unit) -> &[u32] {
        match unit {
            Unit::Person => &self.persons,
            Unit::Household => &self.households,
        }
    }
}

/// The place of every row by its declared location.
pub(crate) fn places(source: &SourceDeclaration, rows: &SourceRows, ground: &Ground) -> Vec<u32> {
    let column = source.location.column.as_deref();
    let texts = rows.batch.as_ref().zip(column).and_then(|(batch, column)| text_of(batch, column));
    match texts {
        Some(texts) => texts.iter().map(|code| code.and_then(|c| ground.place(c)).unwrap_or(NOWHERE)).collect(),
        None => vec![NOWHERE; rows.len()],
    }
}

fn snapshots(rows: &SourceRows, heads: &[bool]) -> Result<Vec<Snapshot>, Refused> {
    let mut days: Vec<i32> = rows.spans.iter().map(|span| span.first).collect();
    days.sort_unstable();
    days.dedup();
    let mut snapshots: Vec<Snapshot> = days.iter().map(|day| Snapshot { day: *day, ..Snapshot::default() }).collect();
    for (row, span) in (0..).zip(&rows.spans) {
        let at = days.binary_search(&span.first).unwrap_or(0);
        snapshots[at].add(rows, heads, row, &rows.id)?;
    }
    Ok(snapshots)
}

impl Snapshot {
    fn add(&mut self, rows: &SourceRows, heads: &[bool], row: u32, source: &str) -> Result<(), Refused> {
        let (person, household) = (rows.person[row as usize], rows.household[row as usize]);
        if self.person_at.insert(person, position(&self.persons)).is_some() {
            let twice = Finding::error("population-twice").source(source);
            return Err(twice.with("date", crate::link::date(self.day)).into());
        }
        self.persons.push(row);
        let household = self.household(rows, heads, row, household);
        self.household_of.push(household);
        Ok(())
    }

    /// The household of a row; the row that stands for it is the declared one, else that of the
    /// person with the smallest pseudonym.
    fn household(&mut self, rows: &SourceRows, heads: &[bool], row: u32, household: u64) -> u32 {
        if household == 0 {
            return NOWHERE;
        }
        let next = position(&self.households);
        let at = *self.household_at.entry(household).or_insert(next);
        if at == next {
            self.households.push(row);
        } else {
            let rank = |row: u32| (!heads[row as usize], rows.person[row as usize]);
            let present = &mut self.households[at as usize];
            if rank(row) < rank(*present) {
                *present = row;
            }
        }
        at
    }
}

fn position<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(NOWHERE)
}
