//! dBase tables: fixed widths, all text. The encoding stands in a `.cpg` beside it or in the
//! header; else it is UTF-8 when the bytes are, else Windows-1252.

use std::path::Path;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use kubus_model::Finding;

use super::cell::Cell;
use super::csv::Evidences;
use super::open::{Kind, Opened};
use super::plan::Plan;
use super::shape;
use super::sink::{Rows, Sink};
use super::{Refusal, refusal};

/// Bytes of the header before the fields, and of one field.
const DESCRIPTOR: usize = 32;
/// Largest `.cpg` that is looked at.
const CPG_BYTES: u64 = 64;

/// A dBase table in memory.
pub(super) struct Dbf {
    bytes: Vec<u8>,
    start: usize,
    length: usize,
    records: usize,
    fields: Vec<Field>,
    encoding: &'static Encoding,
}

struct Field {
    name: String,
    start: usize,
    end: usize,
}

/// Reads a dBase table without shapes into the sink.
pub(super) fn read(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    if opened.kind() == Kind::Zip {
        return shape::read_table_of_zip(sink, opened);
    }
    let label = beside(opened.path(), "cpg");
    let dbf = Dbf::new(opened.into_bytes()?, label.as_deref())?;
    let plan = plan(sink, &dbf, false)?;
    let mut rows = Rows::new(sink, &plan);
    for record in 0..dbf.records() {
        let Some(texts) = dbf.texts(record) else { continue };
        rows.push(record as u64 + 1, |index| Cell::Text(&texts[index]), None)?;
    }
    rows.finish()
}

/// A small text beside a file: its `.cpg` or `.prj`.
pub(super) fn beside(path: &Path, extension: &str) -> Option<String> {
    let plain = if path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("gz")) {
        path.with_extension("")
    } else {
        path.to_owned()
    };
    let beside = plain.with_extension(extension);
    let small = beside.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= CPG_BYTES * 256);
    if small { std::fs::read_to_string(beside).ok() } else { None }
}

/// The plan for a table, with decimal signs.
pub(super) fn plan(sink: &mut Sink<'_>, dbf: &Dbf, geometry: bool) -> Result<Plan, Refusal> {
    let header: Vec<String> = dbf.fields.iter().map(|field| field.name.clone()).collect();
    let mut plan = sink.plan(&header, geometry)?;
    let mut evidences = Evidences::new(&plan);
    for record in 0..dbf.records().min(2_000) {
        if let Some(texts) = dbf.texts(record) {
            evidences.observe(&plan, |index| texts.get(index).map(String::as_str));
        }
    }
    evidences.set(&mut plan, sink.request.file.decimal);
    sink.set_plan(&plan);
    let finding = Finding::info("source-sniffed").with("delimiter", "-").with("encoding", dbf.encoding.name());
    sink.note(finding.with("decimal", "-").with("header", 0));
    Ok(plan)
}

fn two(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 2).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])))
}

impl Dbf {
    /// Reads the header; every record that it promises must be there.
    pub(super) fn new(bytes: Vec<u8>, label: Option<&str>) -> Result<Self, Refusal> {
        let damaged = || refusal("source-damaged");
        let records = bytes.get(4..8).ok_or_else(damaged)?;
        let records = u32::from_le_bytes([records[0], records[1], records[2], records[3]]) as usize;
        let start = two(&bytes, 8).ok_or_else(damaged)?;
        let length = two(&bytes, 10).filter(|length| *length > 0).ok_or_else(damaged)?;
        let fields = fields(&bytes, start, length).ok_or_else(damaged)?;
        let end = records.checked_mul(length).and_then(|size| size.checked_add(start)).ok_or_else(damaged)?;
        if bytes.len() < end {
            return Err(refusal("source-truncated"));
        }
        let encoding = encoding(label, bytes[29], &bytes[start..end]);
        Ok(Self { bytes, start, length, records, fields, encoding })
    }

    /// Number of records, deleted ones included.
    pub(super) const fn records(&self) -> usize {
        self.records
    }

    /// The fields of a record; nothing when it was deleted.
    pub(super) fn texts(&self, record: usize) -> Option<Vec<String>> {
        let from = self.start + record * self.length;
        let bytes = &self.bytes[from..from + self.length];
        if bytes[0] == b'*' {
            return None;
        }
        Some(self.fields.iter().map(|field| self.text(&bytes[field.start..field.end])).collect())
    }

    fn text(&self, bytes: &[u8]) -> String {
        let end = bytes.iter().rposition(|byte| *byte != 0 && *byte != b' ').map_or(0, |last| last + 1);
        let bytes = &bytes[..end];
        // A number that did not fit in its field is written as stars.
        if !bytes.is_empty() && bytes.iter().all(|byte| *byte == b'*') {
            return ".".to_owned();
        }
        self.encoding.decode_without_bom_handling(bytes).0.trim().to_owned()
    }
}

fn fields(bytes: &[u8], start: usize, length: usize) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    let mut offset = 1;
    let mut at = DESCRIPTOR;
    while at + DESCRIPTOR <= start && *bytes.get(at)? != 0x0D {
        let descriptor = bytes.get(at..at + DESCRIPTOR)?;
        let name: Vec<u8> = descriptor[..11].iter().copied().take_while(|byte| *byte != 0).collect();
        let end = offset + usize::from(descriptor[16]);
        fields.push(Field { name: String::from_utf8_lossy(&name).trim().to_owned(), start: offset, end });
        offset = end;
        at += DESCRIPTOR;
    }
    (offset <= length && !fields.is_empty()).then_some(fields)
}

fn encoding(label: Option<&str>, driver: u8, records: &[u8]) -> &'static Encoding {
    let named = label.map(|label| label.trim().trim_start_matches("ANSI ").replace("88591", "8859-1"));
    let named = named.and_then(|label| {
        let label = if label == "1252" || label == "65001" { format!("windows-{label}") } else { label };
        if label == "windows-65001" { Some(UTF_8) } else { Encoding::for_label(label.as_bytes()) }
    });
    match (named, driver) {
        (Some(encoding), _) => encoding,
        (None, 0x57 | 0x03) if std::str::from_utf8(records).is_err() => WINDOWS_1252,
        _ if std::str::from_utf8(records).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    }
}
