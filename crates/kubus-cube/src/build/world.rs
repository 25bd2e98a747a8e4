//! What the counters count from: declarations, geography, linked rows and the population. Called
//! by [`super::build`].

use std::collections::BTreeMap;

use arrow::array::Array;
use kubus_model::{AreaCode, AreaLevel, Finding, Period};

use super::calendar::{covered, periods_in};
use super::ground::{Ground, NOWHERE, newest};
use super::held::held;
use super::population::{Population, Snapshot, places};
use crate::area::Geography;
use crate::declaration::indicator::Rhythm;
use crate::declaration::{
    AttributeDeclaration, Declarations, IndicatorDeclaration, Linked as Link, SourceDeclaration, SourceKind, Unit,
};
use crate::link::{Linked, Refused, Secrets, SourceRows, Span, text_of, truth_of};

/// Everything that is counted from.
pub(crate) struct World<'a> {
    pub(crate) declarations: &'a Declarations,
    pub(crate) geography: &'a Geography,
    pub(crate) linked: &'a Linked,
    pub(crate) population: Option<Population<'a>>,
    /// Days that each source covers.
    covered: BTreeMap<&'a str, Span>,
    /// Value of each column attribute by row of the population; the number of values for unknown.
    codes: BTreeMap<&'a str, Vec<u8>>,
}

impl<'a> World<'a> {
    /// Puts everything in its place. `delivered` is the last day that each source can speak of.
    pub(crate) fn new(
        declarations: &'a Declarations,
        geography: &'a Geography,
        linked: &'a Linked,
        secrets: &Secrets,
        delivered: &BTreeMap<String, i32>,
    ) -> Result<Self, Refused> {
        let population = population(declarations, geography, linked, secrets)?;
        let span = |source: &'a SourceDeclaration| {
            let range = linked.source(&source.id)?.range()?;
            let limit = delivered.get(&source.id).copied().unwrap_or(i32::MAX).max(range.first);
            Some((source.id.as_str(), days_covered(source, Span { last: range.last.min(limit), ..range }, limit)))
        };
        let mut world = Self {
            declarations,
            geography,
            linked,
            population,
            covered: declarations.sources.iter().filter_map(span).collect(),
            codes: BTreeMap::new(),
        };
        for attribute in &declarations.town.attributes {
            if let (Some(column), Some(population)) = (&attribute.column, &world.population) {
                world.codes.insert(&attribute.id, codes(attribute, column, population.rows));
            }
        }
        Ok(world)
    }

    /// A declared source.
    pub(crate) fn declared(&self, id: &str) -> Option<&'a SourceDeclaration> {
        self.declarations.sources.iter().find(|source| source.id == id)
    }

    /// A declared source with its rows.
    pub(crate) fn source(&self, id: &str) -> Result<(&'a SourceDeclaration, &'a SourceRows), Refused> {
        let found = self.declared(id).zip(self.linked.source(id));
        found.ok_or_else(|| Finding::error("build-source-unknown").with("name", id).into())
    }

    /// The days that a source covers.
    pub(crate) fn covered(&self, source: &str) -> Option<Span> {
        self.covered.get(source).copied()
    }

    /// The codes of the areas of a level, sorted.
    pub(crate) fn areas(&self, level: &AreaLevel) -> Vec<AreaCode> {
        self.geography.areas.get(level).into_iter().flatten().map(|area| area.code.clone()).collect()
    }

    /// The periods of an indicator for which the population and every source it needs are there.
    pub(crate) fn periods(&self, rhythm: Rhythm, sources: &[&str], with_population: bool) -> Vec<Period> {
        let years = self.population.as_ref().filter(|_| with_population).and_then(|population| {
            let first = population.snapshots.first()?.day;
            let last = population.snapshots.last()?.day;
            Some(covered("P1Y", Span { first, last }))
        });
        if with_population && years.is_none() {
            return Vec::new();
        }
        let mut span = years.unwrap_or(Span::ALWAYS);
        for source in sources {
            let Some(own) = self.covered(source) else { return Vec::new() };
            span = Span { first: span.first.max(own.first), last: span.last.min(own.last) };
        }
        let known = |period: &Period| !with_population || self.snapshot(*period).is_some();
        if span.first > span.last || span == Span::ALWAYS {
            return Vec::new();
        }
        periods_in(rhythm, span).into_iter().filter(known).collect()
    }

    /// The population that serves a period.
    pub(crate) fn snapshot(&self, period: Period) -> Option<&Snapshot> {
        self.population.as_ref()?.at(period)
    }

    /// Per row of a linked source whether its condition is true.
    pub(crate) fn chosen(&self, link: &Link) -> Result<Vec<bool>, Refused> {
        let (_, rows) = self.source(&link.source)?;
        match (&link.condition, &rows.batch) {
            (Some(sql), Some(batch)) => truth_of(sql, batch),
            _ => Ok(vec![true; rows.len()]),
        }
    }

    /// Per unit whether it has a row of a linked source that holds in the period.
    pub(crate) fn held(
        &self,
        snapshot: &Snapshot,
        unit: Unit,
        link: &Link,
        chosen: &[bool],
        period: Period,
    ) -> Result<Vec<bool>, Refused> {
        Ok(held(snapshot, unit, self.source(&link.source)?.1, chosen, Span::of(period)))
    }

    /// Per unit the value of an attribute in a period: its position, or the number of values when
    /// it is not known.
    pub(crate) fn values(
        &self,
        attribute: &AttributeDeclaration,
        snapshot: &Snapshot,
        unit: Unit,
        period: Period,
    ) -> Result<Vec<u32>, Refused> {
        let own = self.own_values(attribute, snapshot, unit, period)?;
        if (unit, attribute.unit) != (Unit::Person, Unit::Household) {
            return Ok(own);
        }
        let unknown = unknown(attribute);
        Ok(snapshot.household_of.iter().map(|at| own.get(*at as usize).copied().unwrap_or(unknown)).collect())
    }

    /// As [`World::values`], but for persons with a household's attribute: by household.
    fn own_values(
        &self,
        attribute: &AttributeDeclaration,
        snapshot: &Snapshot,
        unit: Unit,
        period: Period,
    ) -> Result<Vec<u32>, Refused> {
        let unit = if attribute.unit == Unit::Household { Unit::Household } else { unit };
        if let Some(codes) = self.codes.get(attribute.id.as_str()) {
            return Ok(snapshot.units(unit).iter().map(|row| u32::from(codes[*row as usize])).collect());
        }
        let Some(link) = &attribute.linked else { return Ok(vec![unknown(attribute); snapshot.units(unit).len()]) };
        let at = |id: &str| position_of(attribute, id);
        let (yes, no) = (at("ja"), at("nee"));
        let held = self.held(snapshot, unit, link, &self.chosen(link)?, period)?;
        Ok(held.into_iter().map(|held| if held { yes } else { no }).collect())
    }

    /// The attributes of an indicator's breakdowns, each once, in declared order.
    pub(crate) fn attributes(&self, indicator: &IndicatorDeclaration) -> Vec<&'a AttributeDeclaration> {
        let used = |id: &str| indicator.breakdowns.iter().flatten().any(|name| name == id);
        self.declarations.town.attributes.iter().filter(|attribute| used(&attribute.id)).collect()
    }

    /// Rows of a source that could be placed, and rows in all.
    pub(crate) fn placed(&self, source: &SourceDeclaration) -> (usize, usize) {
        let Some(rows) = self.linked.source(&source.id) else { return (0, 0) };
        let placed = if source.location.level.as_str() == "unit" {
            self.known_holders(rows)
        } else if source.kind == SourceKind::Population {
            self.population.as_ref().map_or(0, |p| p.place.iter().filter(|place| **place != NOWHERE).count())
        } else if source.kind == SourceKind::AreaFigures {
            self.known_areas(source, rows)
        } else {
            let ground = Ground::of(self.declarations, self.geography, &source.location);
            ground.map_or(0, |g| places(source, rows, &g).iter().filter(|place| **place != NOWHERE).count())
        };
        (placed, rows.len())
    }

    /// Rows about an area that can be brought to the town's boundaries.
    fn known_areas(&self, source: &SourceDeclaration, rows: &SourceRows) -> usize {
        let level = &source.location.level;
        let area = self.declarations.areas.iter().find(|area| area.level == *level);
        let wanted = source.location.vintage.unwrap_or(self.declarations.town.vintage);
        let Some(vintage) = area.and_then(|area| newest(area, wanted)) else { return 0 };
        let own = self.geography.crosswalks.iter().filter(|((l, v, _), _)| l == level && *v == vintage);
        let own: Vec<_> = own.map(|(_, crosswalk)| &crosswalk.parts).collect();
        let column = source.location.column.as_deref();
        let codes = rows.batch.as_ref().zip(column).and_then(|(batch, column)| text_of(batch, column));
        let known = |code: &str| own.iter().any(|parts| parts.contains_key(&AreaCode::new(code.trim())));
        codes.map_or(0, |codes| codes.iter().flatten().filter(|code| known(code)).count())
    }

    /// Rows whose person or household is in the population of some date.
    fn known_holders(&self, rows: &SourceRows) -> usize {
        let Some(population) = &self.population else { return 0 };
        let known = |row: usize| {
            population.snapshots.iter().any(|snapshot| {
                snapshot.person_at.contains_key(&rows.person[row])
                    || snapshot.household_at.contains_key(&rows.household[row])
            })
        };
        (0..rows.len()).filter(|row| known(*row)).count()
    }
}

/// The days that a source covers. A register of spells may have a quiet period at its end, in
/// which nothing began and nothing ended: one more period of its rhythm is covered, when it lies
/// before the day of delivery.
fn days_covered(source: &SourceDeclaration, named: Span, delivered: i32) -> Span {
    let known = covered(&source.rhythm, named);
    let quiet = covered(&source.rhythm, Span { last: known.last.saturating_add(1), ..named });
    if source.kind == SourceKind::Spell && quiet.last <= delivered { quiet } else { known }
}

/// What stands for a value that is not known.
pub(crate) fn unknown(attribute: &AttributeDeclaration) -> u32 {
    u32::try_from(attribute.values.len()).unwrap_or(u32::MAX)
}

fn position_of(attribute: &AttributeDeclaration, id: &str) -> u32 {
    (0..).zip(&attribute.values).find(|(_, value)| value.id == id).map_or_else(|| unknown(attribute), |(at, _)| at)
}

fn population<'a>(
    declarations: &Declarations,
    geography: &Geography,
    linked: &'a Linked,
    secrets: &Secrets,
) -> Result<Option<Population<'a>>, Refused> {
    let Some(id) = &declarations.town.population else { return Ok(None) };
    let declared = declarations.sources.iter().find(|source| source.id == *id);
    let Some((source, rows)) = declared.zip(linked.source(id)) else {
        return Err(Finding::error("build-source-unknown").with("name", id).into());
    };
    let ground = Ground::of(declarations, geography, &source.location);
    let ground = ground.ok_or_else(|| Finding::error("build-level-unknown").with("name", &source.location.level))?;
    Population::new(source, rows, ground, secrets).map(Some)
}

fn codes(attribute: &AttributeDeclaration, column: &str, rows: &SourceRows) -> Vec<u8> {
    let small = |at: u32| u8::try_from(at).unwrap_or(u8::MAX);
    let texts = rows.batch.as_ref().and_then(|batch| text_of(batch, column));
    let Some(texts) = texts else { return vec![small(unknown(attribute)); rows.len()] };
    let of = |row: usize| {
        if texts.is_null(row) { unknown(attribute) } else { position_of(attribute, texts.value(row)) }
    };
    (0..texts.len()).map(|row| small(of(row))).collect()
}
