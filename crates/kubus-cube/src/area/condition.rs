//! The `where` of a boundary file: one SQL expression over the text columns of the file.
//!
//! An expression and nothing else: DataFusion's parser takes no statement here, the context knows
//! no table, and a subquery cannot be planned. Column names are compared without regard to case.
//! Called by [`super::boundary`].

use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use datafusion::common::DFSchema;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;

/// The rows for which the expression is true; unknown counts as not true.
///
/// # Errors
/// The reason in English, as DataFusion gives it: a syntax error, an unknown column or function.
pub(crate) fn keep(batch: &RecordBatch, expression: &str) -> Result<RecordBatch, String> {
    let lowered = lower_names(batch).map_err(|e| e.to_string())?;
    let mask = evaluate(&lowered, expression).map_err(|e| e.strip_backtrace())?;
    filter_record_batch(batch, &mask).map_err(|e| e.to_string())
}

/// The same columns under lower-case names, to which unquoted names in SQL refer.
fn lower_names(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let lower = |f: &Arc<Field>| f.as_ref().clone().with_name(f.name().to_lowercase());
    let fields: Vec<Field> = batch.schema().fields().iter().map(lower).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), batch.columns().to_vec())
}

fn evaluate(batch: &RecordBatch, expression: &str) -> Result<BooleanArray, DataFusionError> {
    let context = SessionContext::new();
    let schema = DFSchema::try_from(batch.schema())?;
    let parsed = context.parse_sql_expr(expression, &schema)?;
    let physical = context.create_physical_expr(parsed, &schema)?;
    let values = physical.evaluate(batch)?.into_array(batch.num_rows())?;
    let mask = values.as_boolean_opt();
    let mask = mask.ok_or_else(|| DataFusionError::Plan("the expression is not true or false".into()))?;
    Ok((0..mask.len()).map(|row| Some(mask.is_valid(row) && mask.value(row))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, StringArray};

    fn batch() -> RecordBatch {
        let codes: ArrayRef = Arc::new(StringArray::from(vec![Some("WK003401"), Some("WK001400"), None]));
        RecordBatch::try_from_iter([("WK_CODE", codes)]).unwrap()
    }

    #[test]
    fn a_condition_keeps_the_rows_for_which_it_is_true() {
        assert_eq!(keep(&batch(), "wk_code LIKE 'WK0034%'").unwrap().num_rows(), 1);
        assert_eq!(keep(&batch(), "WK_CODE IS NOT NULL").unwrap().num_rows(), 2);
    }

    #[test]
    fn what_is_not_one_expression_over_the_columns_is_refused() {
        for text in ["", "nope = 'a'", "DROP TABLE x", "wk_code", "wk_code IN (SELECT 1)", "wk_code = 'a'; SELECT 1"] {
            assert!(keep(&batch(), text).is_err(), "{text}");
        }
    }
}
