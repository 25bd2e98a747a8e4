//! Figures per area by another publisher, on the town's boundaries. Where the publisher gives the
//! area itself its figure is taken as it is; elsewhere it is made of the areas it consists of, by
//! the crosswalk. Called by [`super::count`].

use std::collections::{BTreeSet, HashMap};

use arrow::array::Array;
use kubus_model::{AreaCode, AreaLevel, AreaVintage, Finding, Period};

use super::CountError;
use super::calendar::periods_in;
use super::ground::newest;
use super::tally::empty_tables;
use super::world::World;
use crate::area::Crosswalk;
use crate::declaration::IndicatorDeclaration;
use crate::declaration::indicator::Rhythm;
use crate::exact::{ExactCell, ExactState, ExactTable};
use crate::link::{Refused, Span, numbers_of, text_of};

/// A part of an old area smaller than this does not make a figure unknown.
const SLIVER: f64 = 0.01;
/// So much of the weight behind a mean may lack a figure.
const MAY_LACK: f64 = 0.05;

/// Which columns an indicator takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) value: &'a str,
    pub(crate) denominator: Option<&'a str>,
    pub(crate) weight: Option<&'a str>,
}

/// What a publisher says about one area and period.
#[derive(Debug, Clone, Copy)]
struct Said {
    value: f64,
    /// The denominator or the weight; 1 when neither is declared.
    by: f64,
}

/// The figures of one source.
struct Published {
    level: AreaLevel,
    vintage: AreaVintage,
    provisional: bool,
    said: HashMap<(Period, AreaCode), Said>,
}

/// How figures of parts become the figure of the whole.
#[derive(Debug, Clone, Copy)]
enum Combine {
    /// They add up.
    Sum,
    /// `per` × Σ value / Σ denominator.
    Ratio(f64),
    /// Σ weight × value / Σ weight.
    Mean,
}

/// The tables of an indicator of published figures.
pub(crate) fn tables(
    world: &World<'_>,
    indicator: &IndicatorDeclaration,
    sources: &[&str],
    columns: Columns<'_>,
) -> Result<Vec<ExactTable>, CountError> {
    let published =
        sources.iter().map(|id| read(world, id, columns, indicator.rhythm)).collect::<Result<Vec<_>, _>>()?;
    let periods: BTreeSet<Period> = published.iter().flat_map(|p| p.said.keys().map(|(period, _)| *period)).collect();
    let periods: Vec<Period> = periods.into_iter().collect();
    let mut tables = empty_tables(world, indicator, &periods, &[]);
    let combine = match (columns.denominator, columns.weight) {
        (Some(_), _) => Combine::Ratio(indicator.per),
        (None, Some(_)) => Combine::Mean,
        (None, None) => Combine::Sum,
    };
    for table in &mut tables {
        fill(world, table, &published, combine);
    }
    Ok(tables)
}

fn read(world: &World<'_>, id: &str, columns: Columns<'_>, rhythm: Rhythm) -> Result<Published, Refused> {
    let (declared, rows) = world.source(id)?;
    let area = world.declarations.areas.iter().find(|area| area.level == declared.location.level);
    let wanted = declared.location.vintage.unwrap_or(world.declarations.town.vintage);
    let vintage = area.and_then(|area| newest(area, wanted));
    let unknown = || Finding::error("build-level-unknown").source(id).with("name", &declared.location.level);
    let mut published = Published {
        level: declared.location.level.clone(),
        vintage: vintage.ok_or_else(unknown)?,
        provisional: declared.provisional,
        said: HashMap::new(),
    };
    let Some(batch) = &rows.batch else { return Ok(published) };
    let numbers = |name: &str| {
        let unknown = || Finding::error("build-column-unknown").source(id).with("name", name);
        numbers_of(batch, name).ok_or_else(|| Refused::from(unknown()))
    };
    let values = numbers(columns.value)?;
    let by = columns.denominator.or(columns.weight).map(numbers).transpose()?;
    let codes = declared.location.column.as_deref().and_then(|column| text_of(batch, column));
    for row in 0..rows.len() {
        let code = codes.as_ref().filter(|codes| codes.is_valid(row)).map(|codes| codes.value(row).trim());
        let period = exactly(rhythm, rows.spans[row]);
        if let (Some(code), Some(period)) = (code, period) {
            let said = Said { value: values[row], by: by.as_ref().map_or(1.0, |by| by[row]) };
            published.said.entry((period, AreaCode::new(code))).or_insert(said);
        }
    }
    Ok(published)
}

/// The period of the indicator's length that has exactly these days.
fn exactly(rhythm: Rhythm, span: Span) -> Option<Period> {
    if span == Span::ALWAYS {
        return None;
    }
    periods_in(rhythm, span).into_iter().find(|period| Span::of(*period) == span)
}

fn fill(world: &World<'_>, table: &mut ExactTable, published: &[Published], combine: Combine) {
    let town = world.declarations.areas.iter().find(|area| area.level == table.level);
    let town = town.and_then(|area| newest(area, world.declarations.town.vintage));
    let parts: Vec<Option<Vec<Vec<Part<'_>>>>> = published.iter().map(|source| parts(world, source, table)).collect();
    for area in 0..table.areas.len() {
        for period in 0..table.periods.len() {
            let (code, when) = (&table.areas[area], table.periods[period]);
            let direct = published.iter().find_map(|source| {
                let same = source.level == table.level && Some(source.vintage) == town;
                same.then(|| whole(source, when, code, combine)).flatten()
            });
            let made = || {
                published.iter().zip(&parts).find_map(|(source, parts)| {
                    let parts = parts.as_ref()?.get(area)?;
                    put_together(source, when, parts, combine)
                })
            };
            let at = table.position(area, period, 0);
            table.cells[at] = direct.or_else(made).unwrap_or(ExactCell::NOT_AVAILABLE);
        }
    }
}

/// A part of an area: an area of the publisher, and the share of it that lies here.
struct Part<'a> {
    code: &'a AreaCode,
    share: f64,
}

/// Per area of the table its parts in the areas of a source; none when there is no crosswalk.
fn parts<'a>(world: &'a World<'_>, source: &Published, table: &ExactTable) -> Option<Vec<Vec<Part<'a>>>> {
    let key = (source.level.clone(), source.vintage, table.level.clone());
    let crosswalk: &Crosswalk = world.geography.crosswalks.get(&key)?;
    let mut parts: Vec<Vec<Part<'a>>> = table.areas.iter().map(|_| Vec::new()).collect();
    let mut codes: Vec<_> = crosswalk.parts.iter().collect();
    codes.sort_unstable_by_key(|(code, _)| *code);
    for (code, targets) in codes {
        for target in targets {
            if let Some(list) = parts.get_mut(target.target as usize) {
                list.push(Part { code, share: target.share });
            }
        }
    }
    Some(parts)
}

/// The figure that the publisher gives for the area itself.
fn whole(source: &Published, period: Period, code: &AreaCode, combine: Combine) -> Option<ExactCell> {
    let said = source.said.get(&(period, code.clone()))?;
    let value = match combine {
        Combine::Ratio(per) => per * said.value / said.by,
        Combine::Sum | Combine::Mean => said.value,
    };
    value.is_finite().then(|| cell(value, 0.0, source.provisional))
}

/// The figure made of parts; none when too much of it is not known.
fn put_together(source: &Published, period: Period, parts: &[Part<'_>], combine: Combine) -> Option<ExactCell> {
    let mut sum = Sum::default();
    for part in parts {
        match source.said.get(&(period, part.code.clone())) {
            Some(said) => sum.add(*said, part.share, combine)?,
            None if part.share < SLIVER => {}
            None => return None,
        }
    }
    let value = match combine {
        Combine::Sum => sum.value,
        Combine::Ratio(per) => per * sum.value / sum.by,
        Combine::Mean => sum.value / sum.by,
    };
    let known = !parts.is_empty() && sum.lacking <= MAY_LACK * (sum.by + sum.lacking) && value.is_finite();
    known.then(|| cell(value, sum.estimated(combine), source.provisional))
}

/// Running sums over parts.
#[derive(Debug, Default)]
struct Sum {
    value: f64,
    by: f64,
    /// What was counted in of areas that lie here only partly.
    split_value: f64,
    split_by: f64,
    /// Weight of areas without a figure.
    lacking: f64,
}

impl Sum {
    /// Adds a part; none when it is not known and cannot be left out.
    fn add(&mut self, said: Said, share: f64, combine: Combine) -> Option<()> {
        let by = said.by * share;
        let value = match combine {
            Combine::Mean => said.value * by,
            Combine::Sum | Combine::Ratio(_) => said.value * share,
        };
        match combine {
            Combine::Mean if by == 0.0 => return Some(()),
            Combine::Mean if said.value.is_nan() && by.is_finite() => {
                self.lacking += by;
                return Some(());
            }
            _ if !(value.is_finite() && by.is_finite()) => return if share < SLIVER { Some(()) } else { None },
            _ => {}
        }
        self.value += value;
        self.by += by;
        if share < 1.0 - 1e-9 {
            self.split_value += value;
            self.split_by += by;
        }
        Some(())
    }

    /// Part of the figure that comes from areas that lie here only partly.
    fn estimated(&self, combine: Combine) -> f64 {
        let (part, all) = match combine {
            Combine::Sum => (self.split_value, self.value),
            Combine::Ratio(_) | Combine::Mean => (self.split_by, self.by),
        };
        if all > 0.0 { (part / all).clamp(0.0, 1.0) } else { 0.0 }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a share, shown in whole per cents")]
fn cell(value: f64, estimated: f64, provisional: bool) -> ExactCell {
    ExactCell {
        state: ExactState::Counted,
        value,
        estimated_share: estimated as f32,
        provisional,
        ..ExactCell::NOT_AVAILABLE
    }
}
