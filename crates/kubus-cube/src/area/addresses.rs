//! A list of addresses, column by column. Called by [`super::assign`].

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;
use arrow::record_batch::RecordBatch;
use geo::Coord;
use kubus_model::Finding;

use crate::declaration::{Addresses, ColumnDeclaration, ColumnType};
use crate::source::{self, Limits, ReadRequest};

/// The name of the list in findings.
const OWNER: &str = "addresses";

/// The addresses of one list, in the order of the file, each identifier once.
#[derive(Debug, Clone, Default)]
pub(crate) struct AddressTable {
    /// Identifiers.
    pub(crate) ids: Vec<String>,
    /// Where they are, in RD metres.
    pub(crate) points: Vec<Option<Coord>>,
    /// Text columns by role (`pc6`, `number`, `street`) or by their name in the file.
    pub(crate) texts: BTreeMap<String, Vec<Option<String>>>,
}

impl AddressTable {
    /// The number of addresses.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The position of each identifier.
    pub(crate) fn positions(&self) -> HashMap<&str, usize> {
        self.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect()
    }

    /// A text column, by role or by its name in the file.
    pub(crate) fn text(&self, column: &str) -> Option<&[Option<String>]> {
        self.texts.get(column).map(Vec::as_slice)
    }

    /// Reads a list; `further` names columns of the file beside those with a role.
    pub(crate) fn read(
        declared: &Addresses,
        further: &[String],
        deliveries: &Path,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let columns = requested(declared, further);
        let paths = source::find_files(deliveries, &declared.file);
        if paths.is_empty() {
            findings.push(Finding::error("area-file-missing").source(OWNER).with("name", &declared.file.name));
        }
        let mut reader = Reader { columns: &columns, table: Self::default(), seen: HashMap::new() };
        for path in paths {
            let request = ReadRequest {
                source: OWNER.to_owned(),
                path,
                file: declared.file.clone(),
                columns: columns.clone(),
                refuse_rows: false,
            };
            let result = source::read(&request, &Limits::default());
            findings.extend(result.findings);
            result.batches.iter().for_each(|batch| reader.take(batch));
        }
        reader.finish(findings)
    }
}

fn requested(declared: &Addresses, further: &[String]) -> Vec<(String, ColumnDeclaration)> {
    let column = |name: &str, from: &str, kind| {
        let declaration = ColumnDeclaration {
            from: from.to_owned(),
            kind,
            range: None,
            required: false,
            format: None,
            decimals: None,
        };
        (name.to_owned(), declaration)
    };
    let mut columns = vec![
        column("id", &declared.id, ColumnType::Text),
        column("pc6", &declared.pc6, ColumnType::Text),
        column("number", &declared.number, ColumnType::Text),
        column("street", &declared.street, ColumnType::Text),
        column("x", &declared.x, ColumnType::Decimal),
        column("y", &declared.y, ColumnType::Decimal),
    ];
    columns.extend(further.iter().map(|name| column(name, name, ColumnType::Text)));
    columns
}

struct Reader<'a> {
    columns: &'a [(String, ColumnDeclaration)],
    table: AddressTable,
    seen: HashMap<String, u32>,
}

impl Reader<'_> {
    fn take(&mut self, batch: &RecordBatch) {
        let kept = self.new_ids(batch);
        self.points(batch, &kept);
        for (name, declaration) in self.columns.iter().filter(|(name, _)| name != "id") {
            if declaration.kind == ColumnType::Text {
                let texts = self.table.texts.entry(name.clone()).or_default();
                texts.extend(kept.iter().map(|row| text_at(batch, name, *row)));
            }
        }
    }

    /// The rows whose identifier was not seen before; the identifiers are taken.
    fn new_ids(&mut self, batch: &RecordBatch) -> Vec<usize> {
        let mut kept = Vec::with_capacity(batch.num_rows());
        for row in 0..batch.num_rows() {
            let Some(id) = text_at(batch, "id", row) else { continue };
            let times = self.seen.entry(id.clone()).or_default();
            *times += 1;
            if *times == 1 {
                self.table.ids.push(id);
                kept.push(row);
            }
        }
        kept
    }

    fn points(&mut self, batch: &RecordBatch, kept: &[usize]) {
        let number = |name: &str, row: usize| {
            let column = batch.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
            column.is_valid(row).then(|| column.value(row)).filter(|v| v.is_finite())
        };
        let point = |row: &usize| Some(Coord { x: number("x", *row)?, y: number("y", *row)? });
        self.table.points.extend(kept.iter().map(point));
    }

    fn finish(self, findings: &mut Vec<Finding>) -> AddressTable {
        let doubled = self.seen.values().filter(|times| **times > 1).count();
        if doubled > 0 {
            findings.push(Finding::warning("area-address-doubled").source(OWNER).with("count", doubled));
        }
        let nowhere = self.table.points.iter().filter(|p| p.is_none()).count();
        if nowhere > 0 {
            findings.push(Finding::warning("area-address-nowhere").source(OWNER).with("count", nowhere));
        }
        self.table
    }
}

fn text_at(batch: &RecordBatch, name: &str, row: usize) -> Option<String> {
    let column = batch.column_by_name(name)?.as_string_opt::<i32>()?;
    super::boundary::text(column, row).map(str::to_owned)
}
