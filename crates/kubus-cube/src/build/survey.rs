//! Weighted means of the answers of respondents. Weights are whole millionths, so that sums do
//! not depend on their order. Called by [`super::count`].

use kubus_model::{Finding, Period};

use super::CountError;
use super::ground::{Ground, NOWHERE};
use super::population::places;
use super::tally::{Tally, add, empty_tables, kernel};
use super::world::World;
use crate::aggregate::Rows;
use crate::declaration::{IndicatorDeclaration, SourceDeclaration};
use crate::exact::{ExactCell, ExactTable};
use crate::link::{SourceRows, Span, number_of, numbers_of};

/// Millionths in one.
const MILLION: f64 = 1_000_000.0;
/// Largest weighted answer that is summed, so that a billion of them fit in 64 bits.
const LARGEST: f64 = 9.0e9;

/// The tables of an indicator about a survey.
pub(crate) fn tables(
    world: &World<'_>,
    indicator: &IndicatorDeclaration,
    source: &str,
    value: &str,
) -> Result<Vec<ExactTable>, CountError> {
    let (declared, rows) = world.source(source)?;
    let periods = world.periods(indicator.rhythm, &[source], false);
    let mut tables = empty_tables(world, indicator, &periods, &[]);
    let ground = Ground::of(world.declarations, world.geography, &declared.location);
    let unknown = || Finding::error("build-level-unknown").source(source).with("name", &declared.location.level);
    let ground = ground.ok_or_else(|| Box::new(unknown()))?;
    if rows.batch.is_some() {
        add(&mut tables, &tally(declared, rows, value, &ground, &periods)?, &put)?;
    }
    tables.iter_mut().flat_map(|table| &mut table.cells).for_each(finish);
    Ok(tables)
}

fn tally<'g>(
    declared: &SourceDeclaration,
    rows: &SourceRows,
    value: &str,
    ground: &'g Ground,
    periods: &[Period],
) -> Result<Tally<'g>, CountError> {
    let (layout, kernel) = kernel(ground, periods.len(), &[], (3, 0), rows.len())?;
    let spans: Vec<Span> = periods.iter().map(|period| Span::of(*period)).collect();
    let places = places(declared, rows, ground);
    let values = rows.batch.as_ref().map_or_else(|| Ok(Vec::new()), |batch| number_of(value, batch))?;
    let weights = weights(declared, rows);
    let mut keys = Vec::new();
    let mut sums: [Vec<i64>; 3] = Default::default();
    for row in 0..rows.len() {
        let at = spans.partition_point(|span| span.last < rows.spans[row].first);
        let within = spans.get(at).is_some_and(|span| span.holds(rows.spans[row]));
        let product = values[row] * weights[row];
        if within && places[row] != NOWHERE && weights[row] > 0.0 && product.abs() <= LARGEST {
            keys.push(layout.pack(&[places[row], u32::try_from(at).unwrap_or(NOWHERE)]));
            sums[0].push(millionths(product));
            sums[1].push(millionths(weights[row]));
            sums[2].push(1);
        }
    }
    let sums = sums.each_ref().map(Vec::as_slice);
    kernel.push(&Rows { keys: &keys, sums: &sums, hashes: &[] })?;
    Ok(Tally { cuboid: kernel.finish()?, ground, attributes: Vec::new(), weight: 2 })
}

/// The weight of every row; 1 without a declared column, 0 when it is empty.
fn weights(declared: &SourceDeclaration, rows: &SourceRows) -> Vec<f64> {
    let column = declared.weight.as_deref().zip(rows.batch.as_ref());
    match column.and_then(|(name, batch)| numbers_of(batch, name)) {
        Some(weights) => weights.iter().map(|w| if w.is_nan() { 0.0 } else { w.clamp(0.0, LARGEST) }).collect(),
        None => vec![1.0; rows.len()],
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 9e9 millions: below 2^63")]
fn millionths(value: f64) -> i64 {
    (value * MILLION).round() as i64
}

/// Weighted answers are kept in the numerator and weights in the denominator until [`finish`].
fn put(cell: &mut ExactCell, sums: &[i64], _: &[u64]) {
    cell.numerator += sums[0];
    cell.denominator += sums[1];
    cell.contributors += sums[2];
}

#[expect(clippy::cast_precision_loss, reason = "a mean of answers has a few digits that count")]
fn finish(cell: &mut ExactCell) {
    let (answers, weight) = (std::mem::take(&mut cell.numerator), std::mem::take(&mut cell.denominator));
    if cell.contributors == 0 || weight == 0 {
        *cell = ExactCell::NOT_AVAILABLE;
    } else {
        cell.value = answers as f64 / weight as f64;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, Int64Array};
    use arrow::record_batch::RecordBatch;

    use super::*;

    #[test]
    fn weights_are_read_whether_they_are_whole_numbers_or_not() {
        let source = r#"{"id": "s", "name": {}, "kind": "survey", "owner": "", "contact": "", "purpose": "",
            "legal_basis": "", "retention": "P1Y", "rhythm": "P1Y", "file": {"name": "s.csv", "format": "csv"},
            "columns": {}, "weight": "w", "location": {"level": "pc6", "column": "pc6"}}"#;
        let declared: SourceDeclaration = serde_json::from_str(source).unwrap();
        let whole: ArrayRef = Arc::new(Int64Array::from(vec![Some(3), None]));
        let parts: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.5), None]));
        for (column, first) in [(whole, 3.0), (parts, 0.5)] {
            let batch = RecordBatch::try_from_iter([("w", column)]).unwrap();
            let rows = SourceRows { batch: Some(batch), spans: vec![Span::ALWAYS; 2], ..SourceRows::default() };
            let found = weights(&declared, &rows);
            assert!((found[0] - first).abs() < 1e-12 && found[1].abs() < 1e-12, "{found:?}");
        }
    }
}
