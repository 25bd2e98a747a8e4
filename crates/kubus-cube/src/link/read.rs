//! One delivered file becomes linked rows, and an account of every row. Called by [`super::link`].

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::{concat_batches, filter_record_batch};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, Schema, UInt64Type};
use arrow::record_batch::RecordBatch;
use kubus_model::{Finding, Severity};

use super::evaluate::Program;
use super::secret::{Holder, Secrets};
use super::span::{Span, spans};
use super::{LinkError, SourceRows, text_of};
use crate::build::FileReport;
use crate::declaration::{SourceDeclaration, SourceKind};
use crate::source::{Limits, ReadRequest, ReadResult, read};

/// So many refused rows of one file are named; the others are only counted.
const NAMED: usize = 1_000;

/// What became of one file.
#[derive(Debug)]
pub(super) struct LinkedFile {
    pub(super) rows: Option<SourceRows>,
    pub(super) report: FileReport,
    pub(super) findings: Vec<Finding>,
}

/// Reads and links one file.
pub(super) fn link_file(source: &SourceDeclaration, path: &Path, secrets: &Secrets) -> Result<LinkedFile, LinkError> {
    let request = request(source, path);
    let result = read(&request, &Limits::default());
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut file = LinkedFile { rows: None, report: account(source, &name, &result), findings: result.findings };
    let Some(first) = result.batches.first() else { return Ok(file) };
    let batch = concat_batches(&first.schema(), &result.batches)?;
    drop(result.batches);
    let linking = Linking { source, name: &name, secrets };
    let rows = linking.rows(&batch, &mut file.report, &mut file.findings).map_err(|error| match error {
        LinkError::Declared(finding) => LinkError::Declared(Box::new(finding.source(&source.id).file(name.as_str()))),
        other => other,
    });
    file.rows = Some(rows?);
    Ok(file)
}

fn request(source: &SourceDeclaration, path: &Path) -> ReadRequest {
    ReadRequest {
        source: source.id.clone(),
        path: path.to_owned(),
        file: source.file.clone(),
        columns: source.columns.iter().map(|(name, column)| (name.clone(), column.clone())).collect(),
        refuse_rows: source.kind != SourceKind::AreaFigures,
    }
}

fn account(source: &SourceDeclaration, name: &str, result: &ReadResult) -> FileReport {
    let sniffed = result.findings.iter().find(|finding| finding.code == "source-sniffed");
    FileReport {
        source: source.id.clone(),
        file: name.to_owned(),
        rows: result.rows,
        counted: 0,
        refused: result.refused,
        left_out: 0,
        sniffed: sniffed.map(|finding| finding.parameters.clone()).unwrap_or_default(),
    }
}

/// What linking one file needs to know.
struct Linking<'a> {
    source: &'a SourceDeclaration,
    name: &'a str,
    secrets: &'a Secrets,
}

impl Linking<'_> {
    /// The rows that count; the others are in the report, and the refused ones among the findings.
    fn rows(
        &self,
        read: &RecordBatch,
        report: &mut FileReport,
        findings: &mut Vec<Finding>,
    ) -> Result<SourceRows, LinkError> {
        let program = Program::new(self.source).map_err(|refusal| Box::new(refusal.finding("recodes")))?;
        let batch = program.extend(read)?;
        let keep = program.keeps(&batch)?;
        let spans = spans(&self.source.date, &batch);
        let person = self.pseudonyms(&batch, Holder::Person, self.source.person.as_deref());
        let household = self.pseudonyms(&batch, Holder::Household, self.source.household.as_deref());
        let doubles = self.doubles(&batch);
        let verdicts = self.verdicts(&keep, &spans, &person, &household, &doubles);
        self.tell(&batch, &verdicts, report, findings);
        let chosen = BooleanArray::from(verdicts.iter().map(|v| *v == Verdict::Counted).collect::<Vec<_>>());
        let kept = filter_record_batch(&batch, &chosen)?;
        let among =
            |values: Vec<u64>| values.into_iter().zip(&chosen).filter(|(_, c)| *c == Some(true)).map(|(v, _)| v);
        let spans = spans.into_iter().zip(&chosen).filter(|(_, c)| *c == Some(true)).filter_map(|(s, _)| s.ok());
        let person: Vec<u64> = among(person).collect();
        Ok(SourceRows {
            id: self.source.id.clone(),
            record: self.records(&kept, &person),
            person,
            household: among(household).collect(),
            spans: spans.collect(),
            batch: Some(self.without_numbers(&kept)?),
        })
    }

    fn pseudonyms(&self, batch: &RecordBatch, holder: Holder, column: Option<&str>) -> Vec<u64> {
        match column.and_then(|column| text_of(batch, column)) {
            Some(texts) => texts.iter().map(|text| self.secrets.pseudonym(holder, text)).collect(),
            None => vec![0; batch.num_rows()],
        }
    }

    /// Per row whether its own number came before.
    fn doubles(&self, batch: &RecordBatch) -> Vec<bool> {
        let Some(numbers) = self.source.record.as_deref().and_then(|column| text_of(batch, column)) else {
            return vec![false; batch.num_rows()];
        };
        let mut seen = HashSet::new();
        numbers.iter().map(|number| number.is_some_and(|number| !seen.insert(number.to_owned()))).collect()
    }

    fn verdicts(
        &self,
        keep: &[bool],
        spans: &[Result<Span, &'static str>],
        person: &[u64],
        household: &[u64],
        doubles: &[bool],
    ) -> Vec<Verdict> {
        let population = self.source.kind == SourceKind::Population;
        let linked = self.source.person.is_some() || self.source.household.is_some();
        let mut seen = HashSet::new();
        let verdict = |row: usize| match &spans[row] {
            _ if !keep[row] => Verdict::LeftOut,
            Err(code) => Verdict::Refused(code),
            _ if doubles[row] => Verdict::Refused("link-double-row"),
            _ if linked && person[row] == 0 && household[row] == 0 => Verdict::Refused("link-no-person"),
            _ if population && person[row] == 0 => Verdict::Refused("link-no-person"),
            Ok(span) if population && !seen.insert((span.first, person[row])) => Verdict::Refused("link-duplicate"),
            Ok(_) => Verdict::Counted,
        };
        (0..keep.len()).map(verdict).collect()
    }

    /// Puts the verdicts into the report and names the refused rows.
    fn tell(&self, batch: &RecordBatch, verdicts: &[Verdict], report: &mut FileReport, findings: &mut Vec<Finding>) {
        let rows = batch.column_by_name("row").and_then(|column| column.as_primitive_opt::<UInt64Type>());
        let mut named = 0;
        for (at, verdict) in verdicts.iter().enumerate() {
            match verdict {
                Verdict::Counted => report.counted += 1,
                Verdict::LeftOut => report.left_out += 1,
                Verdict::Refused(code) => {
                    report.refused += 1;
                    named += 1;
                    if named <= NAMED {
                        let finding = Finding::new(*code, Severity::Warning).source(&self.source.id).file(self.name);
                        findings.push(finding.row(rows.map_or(0, |rows| rows.value(at))));
                    }
                }
            }
        }
        if named > NAMED {
            let more = Finding::warning("link-more-refused").source(&self.source.id).file(self.name);
            findings.push(more.with("count", named - NAMED));
        }
    }

    /// Record keys: of the person for the population, of the row's content for events and answers.
    fn records(&self, batch: &RecordBatch, person: &[u64]) -> Vec<u64> {
        match self.source.kind {
            SourceKind::Population => person.iter().map(|p| self.secrets.record_of(*p)).collect(),
            SourceKind::Event | SourceKind::Survey => {
                (0..batch.num_rows()).map(|row| self.secrets.record_of_content(&self.content(batch, row))).collect()
            }
            SourceKind::Spell | SourceKind::AreaFigures => Vec::new(),
        }
    }

    /// What a row says in its declared columns, in the order of their names: the same bytes for
    /// the same row, whatever file or line it is delivered in.
    fn content(&self, batch: &RecordBatch, row: usize) -> Vec<u8> {
        let mut bytes = self.source.id.clone().into_bytes();
        for column in batch.columns().iter().take(self.source.columns.len()) {
            bytes.push(0x1f);
            append(column, row, &mut bytes);
        }
        bytes
    }

    /// The batch without row numbers and without the columns that hold numbers of people.
    fn without_numbers(&self, batch: &RecordBatch) -> Result<RecordBatch, LinkError> {
        let is_number = |name: &str| {
            name == "row"
                || self.source.person.as_deref() == Some(name)
                || self.source.household.as_deref() == Some(name)
        };
        let schema = batch.schema();
        let kept = schema.fields().iter().zip(batch.columns()).filter(|(field, _)| !is_number(field.name()));
        let (fields, columns): (Vec<_>, Vec<ArrayRef>) = kept.map(|(f, c)| (Arc::clone(f), Arc::clone(c))).unzip();
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Counted,
    LeftOut,
    Refused(&'static str),
}

fn append(column: &ArrayRef, row: usize, bytes: &mut Vec<u8>) {
    if column.is_null(row) {
        return;
    }
    match column.data_type() {
        DataType::Utf8 => bytes.extend(column.as_string::<i32>().value(row).as_bytes()),
        DataType::Int64 => bytes.extend(column.as_primitive::<Int64Type>().value(row).to_le_bytes()),
        DataType::Float64 => bytes.extend(column.as_primitive::<Float64Type>().value(row).to_bits().to_le_bytes()),
        DataType::Date32 => bytes.extend(column.as_primitive::<Date32Type>().value(row).to_le_bytes()),
        DataType::Boolean => bytes.push(u8::from(column.as_boolean().value(row))),
        _ => {}
    }
}
