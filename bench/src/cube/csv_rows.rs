//! Records out of CSV: the file is cut at line ends, each thread parses pieces, and every field is
//! checked (a postcode that exists, a year and a class in range, yes or no, a date that exists).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};
use kubus_cube::aggregate::{Aggregator, Layout};
use rayon::prelude::*;

use super::area::Areas;
use super::parquet_rows::age_class;
use super::{Batch, Failure, Record};

/// Bytes per piece.
const PIECE: u64 = 16 << 20;
const HEADER: &[u8] =
    b"person_id,household_id,pc6,birth_year,sex,income_class,benefit,debt,school_dropout,youth_care,date\n";
/// Days from 1970-01-01 to 2024-01-01.
const FIRST_DAY: i32 = 19_723;
/// The first day of each quarter of a leap year.
const QUARTER_STARTS: [i32; 5] = [0, 91, 182, 274, 366];

pub(crate) fn read(path: &Path, areas: &Areas, layout: &Layout, kernel: &Aggregator) -> Result<(), Failure> {
    let length = path.metadata()?.len();
    let mut header = vec![0; HEADER.len()];
    File::open(path)?.read_exact(&mut header)?;
    if header != HEADER {
        return Err("the header of persons.csv is not as expected".into());
    }
    let start = HEADER.len() as u64;
    let pieces = (length - start).div_ceil(PIECE);
    (0..usize::try_from(pieces)?).into_par_iter().with_max_len(1).try_for_each(|piece| {
        let from = start + piece as u64 * PIECE;
        let bytes = piece_at(path, from, (from + PIECE).min(length), from == start)?;
        parse(&bytes, areas, layout, kernel)
    })
}

/// The whole lines that begin in `from..to`; the file has no line ends within quotes.
fn piece_at(path: &Path, from: u64, to: u64, first: bool) -> Result<Vec<u8>, Failure> {
    let mut file = File::open(path)?;
    let begin = if first { from } else { from - 1 };
    file.seek(SeekFrom::Start(begin))?;
    let mut bytes = vec![0; usize::try_from(to - begin)?];
    file.read_exact(&mut bytes)?;
    let mut byte = [0];
    while bytes.last().is_some_and(|last| *last != b'\n') && file.read(&mut byte)? == 1 {
        bytes.push(byte[0]);
    }
    if !first {
        let skip = bytes.iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| at + 1);
        bytes.drain(..skip);
    }
    Ok(bytes)
}

fn parse(bytes: &[u8], areas: &Areas, layout: &Layout, kernel: &Aggregator) -> Result<(), Failure> {
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let (mut line, mut rows) = (ByteRecord::new(), Batch::default());
    while reader.read_byte_record(&mut line)? {
        rows.add(layout, &record(&line, areas).ok_or_else(|| format!("a field is wrong near {:?}", line.position()))?);
    }
    Ok(rows.flush(kernel)?)
}

fn record(line: &ByteRecord, areas: &Areas) -> Option<Record> {
    let field = |at: usize| line.get(at);
    let flag = |at| match field(at)? {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    };
    number(field(0)?)?;
    number(field(1)?)?;
    let woman = match field(4)? {
        b"V" => true,
        b"M" => false,
        _ => return None,
    };
    Some(Record {
        area: areas.find(field(2)?)?,
        quarter: quarter_of_date(field(10)?)?,
        age: age_class(i32::try_from(number(field(3)?)?).ok()?)?,
        woman,
        benefit: flag(6)?,
        debt: flag(7)?,
        dropout: flag(8)?,
        youth_care: flag(9)?,
        income: number(field(5)?).filter(|class| (1..=10).contains(class))?,
    })
}

fn number(text: &[u8]) -> Option<i64> {
    let digit = |sum: i64, byte: &u8| {
        byte.is_ascii_digit().then(|| sum.checked_mul(10)?.checked_add(i64::from(byte - b'0'))).flatten()
    };
    if text.is_empty() { None } else { text.iter().try_fold(0, digit) }
}

fn quarter_of_date(text: &[u8]) -> Option<u32> {
    let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(number(text.get(5..7)?)?).ok()?.checked_sub(1)?;
    let day = number(text.get(8..10)?)?;
    let right =
        text.len() == 10 && text.starts_with(b"2024-") && text[7] == b'-' && (1..=*days.get(month)?).contains(&day);
    if right { u32::try_from(month / 3).ok() } else { None }
}

/// The quarter (0 to 3) of a day since 1970 that lies in 2024.
pub(crate) fn quarter_of_day(day: i32) -> Option<u32> {
    let day = day - FIRST_DAY;
    (0..4).find(|q| (QUARTER_STARTS[*q]..QUARTER_STARTS[*q + 1]).contains(&day)).and_then(|q| u32::try_from(q).ok())
}
