//! Values become Arrow columns, row by row. A row is added whole or refused whole.

use std::sync::Arc;

use arrow::array::{
    ArrayBuilder, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder,
    StringBuilder, UInt64Array, UInt64Builder,
};
use arrow::datatypes::{DataType, Field, Schema, UInt64Type};
use arrow::record_batch::RecordBatch;

use super::cell::{self, Cell, Value, convert};
use super::plan::{Plan, Planned};
use super::tally::Tally;
use crate::declaration::ColumnType;

/// The column with the row in the file.
pub(super) const ROW: &str = "row";
/// The column with the shape.
pub(super) const GEOMETRY: &str = "geometry";

/// A finished part of a file.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) batch: RecordBatch,
    /// Per column that is judged later: whether each value had a decimal sign.
    pub(super) signed: Vec<Vec<bool>>,
    pub(super) tally: Tally,
}

impl Part {
    /// Adds to the numbers of the rows: the number of the row before the first.
    pub(super) fn shift(&mut self, before: u64) {
        let position = self.signed.len();
        let rows = self.batch.column(position).as_primitive::<UInt64Type>();
        let shifted: UInt64Array = rows.unary(|row| row + before);
        let mut columns = self.batch.columns().to_vec();
        columns[position] = Arc::new(shifted);
        if let Ok(batch) = RecordBatch::try_new(self.batch.schema(), columns) {
            self.batch = batch;
        }
        self.tally.shift(before);
    }
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Decimal(Float64Builder),
    Date(Date32Builder),
    Boolean(BooleanBuilder),
}

/// Collects rows of one part of a file.
pub(super) struct Batcher<'p> {
    plan: &'p Plan,
    refuse_rows: bool,
    builders: Vec<Builder>,
    signed: Vec<Vec<bool>>,
    rows: UInt64Builder,
    geometry: BinaryBuilder,
    tally: Tally,
}

impl Builder {
    fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Integer => Self::Integer(Int64Builder::new()),
            ColumnType::Decimal => Self::Decimal(Float64Builder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
        }
    }

    fn push(&mut self, value: &Value<'_>) {
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => builder.append_value(text),
            (Self::Integer(builder), Value::Integer(value)) => builder.append_value(*value),
            (Self::Decimal(builder), Value::Decimal(value, _)) => builder.append_value(*value),
            (Self::Date(builder), Value::Date(value)) => builder.append_value(*value),
            (Self::Boolean(builder), Value::Boolean(value)) => builder.append_value(*value),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Integer(builder), _) => builder.append_null(),
            (Self::Decimal(builder), _) => builder.append_null(),
            (Self::Date(builder), _) => builder.append_null(),
            (Self::Boolean(builder), _) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
        }
    }
}

/// The Arrow type of a declared type.
pub(crate) const fn arrow_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Decimal => DataType::Float64,
        ColumnType::Date => DataType::Date32,
        ColumnType::Boolean => DataType::Boolean,
    }
}

/// The schema of the result.
pub(super) fn schema(plan: &Plan) -> Arc<Schema> {
    let column = |planned: &Planned| Field::new(&planned.name, arrow_type(planned.kind), true);
    let mut fields: Vec<Field> = plan.columns.iter().map(column).collect();
    fields.push(Field::new(ROW, DataType::UInt64, false));
    if plan.geometry {
        fields.push(Field::new(GEOMETRY, DataType::Binary, true));
    }
    Arc::new(Schema::new(fields))
}

impl<'p> Batcher<'p> {
    pub(super) fn new(plan: &'p Plan, refuse_rows: bool) -> Self {
        Self {
            plan,
            refuse_rows,
            builders: plan.columns.iter().map(|planned| Builder::new(planned.kind)).collect(),
            signed: vec![Vec::new(); plan.columns.len()],
            rows: UInt64Builder::new(),
            geometry: BinaryBuilder::new(),
            tally: Tally::default(),
        }
    }

    /// Number of rows taken up and not yet finished.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes up or refuses one row. `values` is room for the values, so that it can be reused.
    pub(super) fn push<'a>(
        &mut self,
        row: u64,
        cell: impl Fn(usize) -> Cell<'a>,
        geometry: Option<&[u8]>,
        values: &mut Vec<Value<'a>>,
    ) {
        self.tally.rows += 1;
        values.clear();
        for (position, planned) in self.plan.columns.iter().enumerate() {
            let value = match convert(cell(planned.index), planned) {
                Ok(value) => value,
                Err(code) if self.refuse_rows => return self.tally.refuse_row(row, Some(position), code),
                Err(code) => {
                    self.refuse_cell(row, position, code, cell(planned.index));
                    Value::Null
                }
            };
            if planned.required && matches!(value, Value::Null | Value::Missing(_)) {
                return self.tally.refuse_row(row, Some(position), cell::REQUIRED);
            }
            values.push(value);
        }
        self.append(row, values, geometry);
    }

    fn refuse_cell(&mut self, row: u64, position: usize, code: cell::Wrong, cell: Cell<'_>) {
        let planned = &self.plan.columns[position];
        self.tally.refuse_cell(row, position, code);
        if code == cell::OUT_OF_RANGE
            && let Some(value) = cell::number_in(cell, planned)
        {
            let fits = |divisor: f64| cell::is_in_range(value / divisor, planned);
            self.tally.divided(position, fits(10.0), fits(100.0));
        }
    }

    fn append(&mut self, row: u64, values: &[Value<'_>], geometry: Option<&[u8]>) {
        for (position, value) in values.iter().enumerate() {
            match value {
                Value::Missing(code) => self.tally.missing(position, code),
                Value::Text(text) if is_formula(text) => self.tally.formula(position),
                _ => {}
            }
            if self.plan.columns[position].judged_later {
                self.signed[position].push(matches!(value, Value::Decimal(_, true)));
            }
            self.builders[position].push(value);
        }
        self.rows.append_value(row);
        if self.plan.geometry {
            self.geometry.append_option(geometry);
        }
    }

    /// Refuses a row for its shape.
    pub(super) fn refuse(&mut self, row: u64, code: cell::Wrong) {
        self.tally.rows += 1;
        self.tally.refuse_row(row, None, code);
    }

    /// The rows so far; the batcher is empty afterwards.
    #[expect(
        clippy::expect_used,
        reason = "cannot fail: every builder got one value per row, of the type of its field"
    )]
    pub(super) fn finish(&mut self) -> Part {
        let mut columns: Vec<ArrayRef> = self.builders.iter_mut().map(Builder::finish).collect();
        columns.push(Arc::new(self.rows.finish()));
        if self.plan.geometry {
            columns.push(Arc::new(self.geometry.finish()));
        }
        let batch = RecordBatch::try_new(schema(self.plan), columns).expect("columns of equal length");
        let signed = self.signed.iter_mut().map(std::mem::take).collect();
        Part { batch, signed, tally: std::mem::take(&mut self.tally) }
    }
}

/// Whether a spreadsheet would run this text.
pub(super) fn is_formula(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next();
    let second = characters.next();
    match first {
        Some('=' | '@') => second.is_some_and(|c| c.is_alphanumeric() || c == '+' || c == '-'),
        Some('+' | '-') => second.is_some_and(char::is_alphabetic) && text.contains(['(', '|', '!']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::Array;
    use arrow::datatypes::Float64Type;

    fn plan(required: bool) -> Plan {
        let number = Planned { range: Some([0.0, 10.0]), ..Planned::text("n", 1, "N").of(ColumnType::Decimal) };
        let code = Planned { required, ..Planned::text("code", 0, "Code") };
        Plan { columns: vec![code, number], geometry: false, width: 2 }
    }

    fn read(rows: &[[&str; 2]], refuse_rows: bool) -> Part {
        let plan = plan(true);
        let mut batcher = Batcher::new(&plan, refuse_rows);
        for (at, row) in rows.iter().enumerate() {
            batcher.push(at as u64 + 2, |index| Cell::Text(row[index]), None, &mut Vec::new());
        }
        batcher.finish()
    }

    #[test]
    fn a_register_refuses_the_row_and_figures_lose_the_cell() {
        let rows = [["a", "5"], ["b", "11"], ["", "3"]];
        let register = read(&rows, true);
        assert_eq!((register.batch.num_rows(), register.tally.refused), (1, 2));
        let figures = read(&rows, false);
        assert_eq!((figures.batch.num_rows(), figures.tally.refused), (2, 1));
        let numbers = figures.batch.column(1).as_primitive::<Float64Type>();
        assert!(numbers.is_null(1));
        assert_eq!(figures.batch.column(2).as_primitive::<UInt64Type>().values(), &[2, 3]);
    }

    #[test]
    fn formulas_are_recognised_and_ordinary_text_is_not() {
        for text in ["=cmd|' /C calc'!A0", "=1+1", "@SUM(A1)", "+cmd|x", "-cmd|x"] {
            assert!(is_formula(text), "{text}");
        }
        for text in ["Straat", "-5", "+31 6", "= is gelijk", "@", "e-mail: a@b"] {
            assert!(!is_formula(text), "{text}");
        }
    }
}
