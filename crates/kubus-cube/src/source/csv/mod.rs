//! Text with a delimiter: CSV as people deliver it, StatLine's "CSV met statistische symbolen",
//! KWB and `pc6hnr` as text.
//!
//! RFC 4180 quotes, any line end, a header that may come after some title lines. Blocks of whole
//! rows are read in parallel and put out in their order, so the result does not depend on the
//! number of threads.

mod row;
mod sniff;

use rayon::prelude::*;

use self::row::Fields;
use super::batch::{Batcher, Part};
use super::cell::Value;
use super::open::Opened;
use super::plan::Plan;
use super::sink::Sink;
use super::text::Blocks;
use super::{Refusal, refusal};
use crate::declaration::SourceFormat;

pub(super) use self::row::all_rows;
pub(super) use self::sniff::{Evidences, delimiter_byte, find_header};

/// A row of one field that is not a row of the table.
const FOOTNOTES: [&str; 4] = ["Bron:", "© ", "Source:", "Bron "];

/// How the rows of a file are read.
struct Shape<'p> {
    delimiter: u8,
    plan: &'p Plan,
    format: SourceFormat,
    refuse_rows: bool,
}

/// Reads a delimited text into the sink.
pub(super) fn read(sink: &mut Sink<'_>, opened: Opened) -> Result<(), Refusal> {
    let mut blocks = Blocks::new(opened.into_reader(), sink.request.file.encoding.as_deref())?;
    let Some(mut first) = blocks.next()? else { return Err(refusal("source-empty")) };
    let sniffed = sniff::sniff(sink, &first, &blocks)?;
    let plan = sniffed.plan;
    let request = sink.request;
    let shape = Shape {
        delimiter: sniffed.delimiter,
        plan: &plan,
        format: request.file.format,
        refuse_rows: request.refuse_rows,
    };
    let mut group = vec![first.split_off(sniffed.header_end)];
    let mut before = sniffed.header_row;
    while !group.is_empty() {
        before = read_group(sink, &group, &shape, before)?;
        group.clear();
        let most = rayon::current_num_threads().clamp(1, 8) * 2;
        while group.len() < most {
            let Some(text) = blocks.next()? else { break };
            group.push(text);
        }
    }
    sink.note(sniff::finding(shape.delimiter, blocks.encoding(), &plan, sniffed.header_row));
    Ok(())
}

/// Reads some blocks in parallel and puts them out in order; the number of the last row.
fn read_group(sink: &mut Sink<'_>, group: &[String], shape: &Shape<'_>, before: u64) -> Result<u64, Refusal> {
    let done: Vec<Result<(Part, u64), Refusal>> = group.par_iter().map(|text| read_block(text, shape)).collect();
    let mut before = before;
    for read in done {
        let (mut part, rows) = read?;
        part.shift(before);
        sink.put(part)?;
        before += rows;
    }
    Ok(before)
}

/// The rows of one block, numbered from 1, and how many there are with the empty ones.
fn read_block(text: &str, shape: &Shape<'_>) -> Result<(Part, u64), Refusal> {
    if text.as_bytes().contains(&0) {
        return Err(refusal("source-nul-bytes"));
    }
    let mut batcher = Batcher::new(shape.plan, shape.refuse_rows);
    let mut fields = Fields::new(text, shape.delimiter);
    let mut row = 0;
    while fields.next()? {
        row += 1;
        take_row(&fields, row, shape, &mut batcher);
    }
    Ok((batcher.finish(), row))
}

fn take_row(fields: &Fields<'_>, row: u64, shape: &Shape<'_>, batcher: &mut Batcher<'_>) {
    let width = shape.plan.width;
    if fields.len() == width || (fields.len() > width && fields.is_empty_from(width)) {
        if fields.len() == 1 && fields.is_empty_from(0) {
            return;
        }
        let mut values: Vec<Value<'_>> = Vec::with_capacity(shape.plan.columns.len());
        batcher.push(row, |index| fields.cell(index), None, &mut values);
    } else if fields.is_empty_from(0) || is_footnote(fields, shape.format) {
        // Not a row of the table.
    } else if fields.len() > width {
        batcher.refuse(row, "row-too-long");
    } else {
        batcher.refuse(row, "row-too-short");
    }
}

/// The last line of a StatLine file, `"Bron: CBS"`.
fn is_footnote(fields: &Fields<'_>, format: SourceFormat) -> bool {
    let published = matches!(format, SourceFormat::Statline | SourceFormat::Kwb | SourceFormat::Csv);
    published && fields.len() == 1 && FOOTNOTES.iter().any(|start| fields.text(0).starts_with(start))
}
