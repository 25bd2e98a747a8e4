//! From rows on places to tables by area: the kernel's cuboid, rolled up per level and breakdown.
//! Called by the counters.

use std::collections::BTreeMap;

use kubus_model::{AreaLevel, Member, Period};

use super::CountError;
use super::ground::{Ground, Onto};
use super::world::{World, unknown};
use crate::aggregate::{Aggregator, Cuboid, Dimension, Layout, Roll};
use crate::declaration::{AttributeDeclaration, IndicatorDeclaration};
use crate::exact::{ExactCell, ExactState, ExactTable};

/// Bytes that the kernel may use for one indicator.
const MEMORY: u64 = 1 << 30;

/// Counted rows by place, period and attributes.
pub(crate) struct Tally<'a> {
    pub(crate) cuboid: Cuboid,
    pub(crate) ground: &'a Ground,
    pub(crate) attributes: Vec<&'a AttributeDeclaration>,
    /// Which sum says how heavily a place counts in the estimated share.
    pub(crate) weight: usize,
}

/// How the sums and hashes of a rolled-up row are added to a cell.
pub(crate) type Put<'a> = &'a dyn Fn(&mut ExactCell, &[i64], &[u64]);

/// A kernel over place, period and attributes.
pub(crate) fn kernel(
    ground: &Ground,
    periods: usize,
    attributes: &[&AttributeDeclaration],
    measures: (usize, usize),
    rows: usize,
) -> Result<(Layout, Aggregator), CountError> {
    let dimension = |name: &str, size: u32| Dimension { name: name.to_owned(), size };
    let mut dimensions = vec![dimension("place", ground.size), dimension("period", small(periods))];
    dimensions.extend(attributes.iter().map(|a| dimension(&a.id, unknown(a) + 1)));
    let layout = Layout::new(dimensions)?;
    Ok((layout.clone(), Aggregator::new(layout, measures.0, measures.1, rows as u64, MEMORY)))
}

/// The tables of an indicator at all its levels, every cell counted and zero.
pub(crate) fn empty_tables(
    world: &World<'_>,
    indicator: &IndicatorDeclaration,
    periods: &[Period],
    breakdowns: &[Vec<String>],
) -> Vec<ExactTable> {
    let members = members(world, breakdowns);
    let zero = ExactCell { state: ExactState::Counted, ..ExactCell::NOT_AVAILABLE };
    let table = |level: &AreaLevel| {
        let areas = world.areas(level);
        let cells = vec![zero; areas.len() * periods.len() * members.len()];
        let (periods, members) = (periods.to_vec(), members.clone());
        ExactTable { indicator: indicator.id.clone(), level: level.clone(), areas, periods, members, cells }
    };
    let known = |level: &&AreaLevel| world.geography.areas.contains_key(*level);
    if periods.is_empty() { Vec::new() } else { indicator.levels.iter().filter(known).map(table).collect() }
}

/// The total, then every combination of values of each breakdown.
fn members(world: &World<'_>, breakdowns: &[Vec<String>]) -> Vec<Member> {
    let attributes = &world.declarations.town.attributes;
    let mut members = vec![Member::total()];
    for breakdown in breakdowns {
        let mut combined = vec![Member::total()];
        for name in breakdown {
            let values = attributes.iter().filter(|a| a.id == *name).flat_map(|a| &a.values);
            let values: Vec<&String> = values.map(|value| &value.id).collect();
            let longer = |member: &Member| values.iter().map(|value| with(member, name, value)).collect::<Vec<_>>();
            combined = combined.iter().flat_map(longer).collect();
        }
        members.extend(combined);
    }
    members
}

fn with(member: &Member, attribute: &str, value: &str) -> Member {
    let mut member = member.clone();
    member.attributes.push((attribute.to_owned(), value.to_owned()));
    member
}

/// Adds a tally to the tables: the total, and each breakdown whose attributes it has.
pub(crate) fn add(tables: &mut [ExactTable], tally: &Tally<'_>, put: Put<'_>) -> Result<(), CountError> {
    for table in tables {
        let Some(onto) = tally.ground.onto.get(&table.level) else { continue };
        let mut breakdowns: Vec<Vec<String>> =
            table.members.iter().map(|m| m.breakdown().map(str::to_owned).collect()).collect();
        breakdowns.dedup();
        for breakdown in breakdowns {
            if breakdown.iter().all(|name| tally.attributes.iter().any(|a| a.id == *name)) {
                add_breakdown(table, tally, onto, &breakdown, put)?;
            }
        }
        add_estimated(table, tally, onto)?;
    }
    Ok(())
}

fn add_breakdown(
    table: &mut ExactTable,
    tally: &Tally<'_>,
    onto: &Onto,
    breakdown: &[String],
    put: Put<'_>,
) -> Result<(), CountError> {
    let known: Vec<Vec<u32>> = tally.attributes.iter().map(|a| known_values(a)).collect();
    let mut rolls = vec![Roll::Map { to: &onto.target, size: small(table.areas.len()) }, Roll::Keep];
    let mut kept = Vec::new();
    for (attribute, to) in tally.attributes.iter().zip(&known) {
        if breakdown.contains(&attribute.id) {
            kept.push(*attribute);
            rolls.push(Roll::Map { to, size: unknown(attribute) });
        } else {
            rolls.push(Roll::Drop);
        }
    }
    let rolled = tally.cuboid.roll_up(&rolls)?;
    let positions = positions(table, breakdown);
    let mut sums = vec![0; rolled.sums.len()];
    let mut hashes = vec![0; rolled.hashes.len()];
    for (at, key) in rolled.keys.iter().enumerate() {
        let value = |dimension: usize| rolled.layout.unpack(*key, dimension);
        let values: Vec<(&str, u32)> = kept.iter().enumerate().map(|(i, a)| (a.id.as_str(), value(i + 2))).collect();
        let Some(member) = positions.get(&in_order(breakdown, &values)) else { continue };
        sums.iter_mut().zip(&rolled.sums).for_each(|(sum, column)| *sum = column[at]);
        hashes.iter_mut().zip(&rolled.hashes).for_each(|(hash, column)| *hash = column[at]);
        let cell = table.position(value(0) as usize, value(1) as usize, *member);
        put(&mut table.cells[cell], &sums, &hashes);
    }
    Ok(())
}

/// Values that are known stay; the unknown one is left out of breakdowns.
fn known_values(attribute: &AttributeDeclaration) -> Vec<u32> {
    (0..unknown(attribute)).chain([u32::MAX]).collect()
}

/// Values in the order in which the breakdown names its attributes.
fn in_order(breakdown: &[String], values: &[(&str, u32)]) -> Vec<u32> {
    let of = |name: &String| values.iter().find(|(id, _)| id == name).map_or(0, |(_, value)| *value);
    breakdown.iter().map(of).collect()
}

/// The position of each member of a breakdown, by its values.
fn positions(table: &ExactTable, breakdown: &[String]) -> BTreeMap<Vec<u32>, usize> {
    let of = |(_, member): &(usize, &Member)| member.breakdown().eq(breakdown.iter().map(String::as_str));
    let mut seen: Vec<Vec<&str>> = vec![Vec::new(); breakdown.len()];
    let mut positions = BTreeMap::new();
    for (at, member) in table.members.iter().enumerate().filter(of) {
        let codes = member.attributes.iter().zip(&mut seen).map(|((_, value), seen)| {
            let known = seen.iter().position(|v| v == value);
            small(known.unwrap_or_else(|| {
                seen.push(value);
                seen.len() - 1
            }))
        });
        positions.insert(codes.collect(), at);
    }
    positions
}

/// Raises the estimated share of every cell of an area and period to that of this tally.
fn add_estimated(table: &mut ExactTable, tally: &Tally<'_>, onto: &Onto) -> Result<(), CountError> {
    if onto.estimated.iter().all(|share| *share == 0) {
        return Ok(());
    }
    let mut rolls = vec![Roll::Keep, Roll::Keep];
    rolls.extend(tally.attributes.iter().map(|_| Roll::Drop));
    let rolled = tally.cuboid.roll_up(&rolls)?;
    let mut parts = vec![(0_i64, 0_i64); table.areas.len() * table.periods.len()];
    for (key, weight) in rolled.keys.iter().zip(&rolled.sums[tally.weight]) {
        let (place, period) = (rolled.layout.unpack(*key, 0) as usize, rolled.layout.unpack(*key, 1) as usize);
        if let Some(part) = parts.get_mut((onto.target[place] as usize).saturating_mul(table.periods.len()) + period) {
            part.0 += weight * i64::from(onto.estimated[place]);
            part.1 += weight * 1000;
        }
    }
    for (cells, (estimated, all)) in table.cells.chunks_mut(table.members.len()).zip(parts) {
        let share = ratio(estimated, all);
        cells.iter_mut().for_each(|cell| cell.estimated_share = cell.estimated_share.max(share));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a share, shown in whole per cents")]
fn ratio(part: i64, all: i64) -> f32 {
    if all <= 0 { 0.0 } else { (part as f64 / all as f64) as f32 }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
