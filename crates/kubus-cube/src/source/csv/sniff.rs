//! The delimiter, the header and the decimal signs of a delimited text, from its first block.
//!
//! The header decides: the delimiter and row that hold most of the declared columns. Only when
//! every column is wanted does the regularity of the rows decide.

use kubus_model::Finding;

use super::super::number::{Evidence, Sign};
use super::super::plan::{Plan, count_found};
use super::super::sink::Sink;
use super::super::text::Blocks;
use super::super::{ReadRequest, Refusal, refusal};
use super::row::{Fields, all_rows};

const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];
/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 20;
/// Rows looked at for their regularity.
const SAMPLE_ROWS: usize = 60;
/// Rows looked at for their decimal signs.
const SIGN_ROWS: usize = 20_000;

/// What was found out about a text.
pub(super) struct Sniffed {
    pub(super) delimiter: u8,
    pub(super) plan: Plan,
    /// Where the first row after the header begins.
    pub(super) header_end: usize,
    /// The row of the header, 1-based.
    pub(super) header_row: u64,
}

/// A delimiter with the header it gives.
struct Candidate {
    delimiter: u8,
    rows: Vec<(Vec<String>, usize)>,
    header: usize,
    score: (usize, usize, usize),
}

/// Evidence for the decimal sign, per column of a plan.
pub(in crate::source) struct Evidences(Vec<Evidence>);

impl Evidences {
    pub(in crate::source) fn new(plan: &Plan) -> Self {
        Self(vec![Evidence::default(); plan.columns.len()])
    }

    /// Looks at one row.
    pub(in crate::source) fn observe<'a>(&mut self, plan: &Plan, text: impl Fn(usize) -> Option<&'a str>) {
        for (evidence, planned) in self.0.iter_mut().zip(&plan.columns) {
            if let Some(text) = planned.is_number().then(|| text(planned.index)).flatten() {
                evidence.observe(text);
            }
        }
    }

    /// Gives every column of numbers its sign: as declared, as the column shows, or as the other
    /// columns show.
    pub(in crate::source) fn set(&self, plan: &mut Plan, declared: Option<char>) {
        let mut all = Evidence::default();
        self.0.iter().for_each(|evidence| all.add(*evidence));
        let declared = declared.and_then(Sign::from_char);
        for (evidence, planned) in self.0.iter().zip(&mut plan.columns) {
            planned.sign = declared.or_else(|| evidence.sign()).or_else(|| all.sign());
        }
    }
}

/// Finds out how the text is written.
pub(super) fn sniff(sink: &mut Sink<'_>, text: &str, blocks: &Blocks<impl std::io::Read>) -> Result<Sniffed, Refusal> {
    if text.as_bytes().contains(&0) {
        return Err(refusal("source-nul-bytes"));
    }
    let request = sink.request;
    if let Some(wrong) = request.file.delimiter.filter(|delimiter| delimiter_byte(*delimiter).is_none()) {
        return Err(Box::new(Finding::error("delimiter-unknown").with("delimiter", wrong)));
    }
    let best = candidates(request, text).into_iter().rev().max_by_key(|candidate| candidate.score);
    let Some(mut best) = best else { return Err(first_fault(text)) };
    let (header, header_end) = std::mem::take(&mut best.rows[best.header]);
    if best.header > 0 && request.file.header_row.is_none() {
        sink.note(Finding::info("header-row-found").with("header", best.header + 1));
    }
    let mut plan =
        sink.plan(&header, false).map_err(|finding| with_sniffed(*finding, best.delimiter, blocks.encoding()))?;
    let evidences = signs(&text[header_end..], best.delimiter, &plan)?;
    evidences.set(&mut plan, request.file.decimal);
    sink.set_plan(&plan);
    Ok(Sniffed { delimiter: best.delimiter, plan, header_end, header_row: best.header as u64 + 1 })
}

fn candidates(request: &ReadRequest, text: &str) -> Vec<Candidate> {
    let declared = request.file.delimiter.and_then(delimiter_byte).or_else(|| excel_hint(text));
    let delimiters: Vec<u8> = declared.map_or_else(|| DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    delimiters.into_iter().filter_map(|delimiter| candidate(request, text, delimiter)).collect()
}

/// Excel's first line `sep=;`.
fn excel_hint(text: &str) -> Option<u8> {
    text.strip_prefix("sep=").and_then(|rest| rest.chars().next()).and_then(delimiter_byte)
}

/// A character that can be a delimiter: ASCII, and no quote, line end, letter or digit.
pub(in crate::source) fn delimiter_byte(delimiter: char) -> Option<u8> {
    let other = delimiter.is_ascii_alphanumeric() || matches!(delimiter, '"' | '\n' | '\r' | '\0');
    u8::try_from(delimiter).ok().filter(|byte| byte.is_ascii() && !other)
}

fn candidate(request: &ReadRequest, text: &str, delimiter: u8) -> Option<Candidate> {
    let rows = all_rows(text, delimiter, SAMPLE_ROWS).ok()?;
    let widths: Vec<usize> = rows.iter().map(|(row, _)| row.len()).collect();
    let texts: Vec<&[String]> = rows.iter().take(HEADER_ROWS).map(|(row, _)| row.as_slice()).collect();
    let header = find_header(request, &texts)?;
    let found = count_found(request, &rows[header].0);
    let width = widths[header];
    let alike = widths.iter().skip(header).filter(|other| **other == width).count();
    let regular = if width > 1 { alike * 100 / (widths.len() - header).max(1) } else { 0 };
    Some(Candidate { delimiter, rows, header, score: (found, regular, width) })
}

/// The position of the header: as declared, else the first row that holds most of the declared
/// columns; when every column is wanted, the first row as wide as the table.
pub(in crate::source) fn find_header(request: &ReadRequest, rows: &[&[String]]) -> Option<usize> {
    if let Some(declared) = request.file.header_row {
        let position = usize::try_from(declared).ok()?.checked_sub(1)?;
        return (position < rows.len()).then_some(position);
    }
    let filled = |row: &&&[String]| row.iter().filter(|text| !text.is_empty()).count();
    if request.columns.is_empty() {
        let widest = rows.iter().map(|row| filled(&row)).max().filter(|most| *most > 0)?;
        let enough = widest.min(widest / 2 + 1);
        return rows.iter().position(|row| filled(&row) >= enough);
    }
    let found: Vec<usize> = rows.iter().map(|row| count_found(request, row)).collect();
    let most = found.iter().copied().max()?;
    let first = rows.iter().position(|row| filled(&row) > 0)?;
    if most == 0 { Some(first) } else { found.iter().position(|count| *count == most) }
}

/// Why no delimiter gave a header: a quote that is never closed, or nothing at all.
fn first_fault(text: &str) -> Refusal {
    match all_rows(text, b';', SAMPLE_ROWS) {
        Err(fault) => fault,
        Ok(_) if text.trim().is_empty() => refusal("source-empty"),
        Ok(_) => refusal("header-not-found"),
    }
}

fn signs(text: &str, delimiter: u8, plan: &Plan) -> Result<Evidences, Refusal> {
    let mut evidences = Evidences::new(plan);
    let mut fields = Fields::new(text, delimiter);
    for _ in 0..SIGN_ROWS {
        if !fields.next()? {
            break;
        }
        evidences.observe(plan, |index| Some(fields.text(index)));
    }
    Ok(evidences)
}

fn with_sniffed(finding: Finding, delimiter: u8, encoding: &str) -> Refusal {
    Box::new(finding.with("delimiter", char::from(delimiter)).with("encoding", encoding))
}

/// What was sniffed, for the report: shown to people so that they can confirm it.
pub(super) fn finding(delimiter: u8, encoding: &str, plan: &Plan, header_row: u64) -> Finding {
    let mut signs: Vec<char> = plan.columns.iter().filter_map(|planned| planned.sign).map(Sign::as_char).collect();
    signs.sort_unstable();
    signs.dedup();
    let decimal =
        if signs.is_empty() { "-".to_owned() } else { signs.iter().map(char::to_string).collect::<Vec<_>>().join(" ") };
    let delimiter = if delimiter == b'\t' { "tab".to_owned() } else { char::from(delimiter).to_string() };
    Finding::info("source-sniffed")
        .with("delimiter", delimiter)
        .with("encoding", encoding)
        .with("decimal", decimal)
        .with("header", header_row)
}
