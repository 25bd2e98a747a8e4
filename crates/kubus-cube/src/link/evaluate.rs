//! Recodes and conditions over a batch of declared columns. Called by [`super::read`], and by
//! [`crate::build`] for the conditions of indicators.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use kubus_model::Finding;

use super::{LinkError, Refused};
use crate::declaration::SourceDeclaration;
use crate::declaration::columns::{declared, plain};
use crate::declaration::expression::{Expression, Gives, Refusal, compile};

/// What is computed over every row of a source.
#[derive(Debug)]
pub(super) struct Program {
    recodes: Vec<Expression>,
    condition: Option<Expression>,
    /// Declared columns, recodes and the row, as the extended batch has them.
    schema: SchemaRef,
}

impl Program {
    /// Compiles the recodes and the condition of a source.
    pub(super) fn new(source: &SourceDeclaration) -> Result<Self, Refusal> {
        let declared = declared(source);
        let mut fields: Vec<Field> = declared.fields().iter().map(|f| f.as_ref().clone()).collect();
        let mut recodes = Vec::with_capacity(source.recodes.len());
        for (name, sql) in &source.recodes {
            let recode = compile(sql, &declared, Gives::Anything)?;
            fields.push(Field::new(name, plain(recode.kind.clone()), true));
            recodes.push(recode);
        }
        let seen = Schema::new(fields.clone());
        let condition = source.condition.as_ref().map(|sql| compile(sql, &seen, Gives::Truth)).transpose()?;
        fields.push(Field::new("row", DataType::UInt64, false));
        Ok(Self { recodes, condition, schema: Arc::new(Schema::new(fields)) })
    }

    /// The batch with the recodes after its declared columns and the row last.
    pub(super) fn extend(&self, batch: &RecordBatch) -> Result<RecordBatch, LinkError> {
        let declared = self.schema.fields().len() - self.recodes.len() - 1;
        let mut columns: Vec<ArrayRef> = batch.columns().iter().take(declared).cloned().collect();
        for recode in &self.recodes {
            let made = evaluate(recode, batch)?;
            columns.push(cast(&made, &plain(recode.kind.clone())).map_err(|_| failed())?);
        }
        columns.extend(batch.column_by_name("row").cloned());
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    /// Per row of an extended batch whether the source's condition is true.
    pub(super) fn keeps(&self, batch: &RecordBatch) -> Result<Vec<bool>, Refused> {
        match &self.condition {
            Some(condition) => truths(condition, batch),
            None => Ok(vec![true; batch.num_rows()]),
        }
    }
}

/// An expression that was accepted fails on a value. What `DataFusion` says of it holds the value
/// itself, so nothing of that is told.
fn failed() -> Refused {
    Box::new(Finding::error("expression-failed"))
}

fn evaluate(expression: &Expression, batch: &RecordBatch) -> Result<ArrayRef, Refused> {
    let value = expression.physical.evaluate(batch).map_err(|_| failed())?;
    value.into_array(batch.num_rows()).map_err(|_| failed())
}

fn truths(expression: &Expression, batch: &RecordBatch) -> Result<Vec<bool>, Refused> {
    let array = evaluate(expression, batch)?;
    Ok(array
        .as_boolean_opt()
        .map_or_else(|| vec![false; batch.num_rows()], |truth| truth.iter().map(|t| t == Some(true)).collect()))
}

/// Per row whether an SQL condition is true; unknown is not true.
pub(crate) fn truth_of(sql: &str, batch: &RecordBatch) -> Result<Vec<bool>, Refused> {
    let condition = compile(sql, &batch.schema(), Gives::Truth).map_err(|refusal| refusal.finding("where"))?;
    truths(&condition, batch)
}

/// Per row the number that an SQL expression gives; NaN when it is unknown.
pub(crate) fn number_of(sql: &str, batch: &RecordBatch) -> Result<Vec<f64>, Refused> {
    let value = compile(sql, &batch.schema(), Gives::Number).map_err(|refusal| refusal.finding("value"))?;
    let array = evaluate(&value, batch)?;
    let array = cast(&array, &DataType::Float64).map_err(|_| failed())?;
    let numbers: &Float64Array = array.as_primitive::<Float64Type>();
    Ok(numbers.iter().map(|n| n.unwrap_or(f64::NAN)).collect())
}

/// A column as numbers, whole or not; NaN where it is empty.
pub(crate) fn numbers_of(batch: &RecordBatch, column: &str) -> Option<Vec<f64>> {
    let array = cast(batch.column_by_name(column)?, &DataType::Float64).ok()?;
    Some(array.as_primitive::<Float64Type>().iter().map(|n| n.unwrap_or(f64::NAN)).collect())
}

/// A column as text, whatever its type.
pub(crate) fn text_of(batch: &RecordBatch, column: &str) -> Option<StringArray> {
    let array = cast(batch.column_by_name(column)?, &DataType::Utf8).ok()?;
    array.as_string_opt::<i32>().cloned()
}
