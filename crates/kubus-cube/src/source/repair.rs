//! What is wrong in a whole column and certain enough to put right: lost decimal commas, codes
//! without their leading zeros, and postcodes written with a space. Every repair is reported.
//!
//! **Lost decimal comma.** A figure declared with `decimals` that is written without a decimal
//! sign may have lost it: 17 for 1,7. When no value of the column has a sign, there are at least
//! [`CERTAIN`] of them, and every one divided by 10^decimals can be right, the column is repaired.
//! Otherwise a value is kept only when it can be right and its division cannot, or when so few
//! values lack a sign that a dropped final zero explains them; the others are refused.
//!
//! **Stripped zeros.** 340101 among `BU00340101` is `BU00340101`; by level and width.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, StringArray, StringBuilder, UInt64Array};
use arrow::datatypes::{Float64Type, UInt64Type};
use arrow::record_batch::RecordBatch;
use kubus_model::Finding;

use super::batch::Part;
use super::cell::{OUT_OF_RANGE, is_in_range};
use super::plan::{Plan, Planned};
use super::tally::Tally;
use super::{ReadRequest, Refusal, refusal};
use crate::declaration::{ColumnType, SourceFormat};

/// Fewest values for which the absence of every decimal sign cannot be chance.
const CERTAIN: usize = 20;

/// A value whose decimal comma was lost and that cannot be put right for certain.
const LOST: &str = "value-lost-decimal";

/// What was repaired, by column.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    counts: BTreeMap<(usize, &'static str), u64>,
}

impl Repairs {
    /// Repairs one part: a whole file of figures, or a part of a register.
    pub(super) fn part(
        &mut self,
        part: Part,
        plan: &Plan,
        request: &ReadRequest,
        tally: &mut Tally,
    ) -> Result<RecordBatch, Refusal> {
        let batch = part.batch;
        let rows = batch.column(plan.columns.len()).as_primitive::<UInt64Type>();
        let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
        for (position, planned) in plan.columns.iter().enumerate() {
            let column = &columns[position];
            if planned.judged_later {
                let judge = Judge { position, planned, rows, signed: &part.signed[position] };
                let judged = judge.column(column.as_primitive::<Float64Type>(), tally, self);
                columns[position] = Arc::new(judged);
            } else if planned.kind == ColumnType::Text {
                let texts = column.as_string::<i32>();
                if let Some(repaired) = self.texts(position, planned, texts, request.file.format) {
                    columns[position] = Arc::new(repaired);
                }
            }
        }
        RecordBatch::try_new(batch.schema(), columns).map_err(|_| refusal("source-reader-died"))
    }

    fn texts(
        &mut self,
        position: usize,
        planned: &Planned,
        texts: &StringArray,
        format: SourceFormat,
    ) -> Option<StringArray> {
        let evidence = Evidence::of(texts);
        if let Some(level) = evidence.level(planned, format) {
            return self.rewrite(position, "codes-repaired", texts, |text| restore(text, level));
        }
        if evidence.marked > 0 && is_published(format) {
            return self.rewrite(position, "provisional-mark", texts, unmark);
        }
        if evidence.postcodes > 0 && evidence.postcodes * 100 >= evidence.texts * 95 {
            return self.rewrite(position, "postcodes-rewritten", texts, tidy_postcode);
        }
        None
    }

    /// The column with every text for which `change` has another one; nothing when there is none.
    fn rewrite(
        &mut self,
        position: usize,
        code: &'static str,
        texts: &StringArray,
        change: impl Fn(&str) -> Option<String>,
    ) -> Option<StringArray> {
        let mut builder = StringBuilder::with_capacity(texts.len(), texts.values().len());
        let mut changed = 0;
        for text in texts {
            let other = text.and_then(&change);
            changed += u64::from(other.is_some());
            builder.append_option(other.as_deref().or(text));
        }
        if changed == 0 {
            return None;
        }
        *self.counts.entry((position, code)).or_default() += changed;
        Some(builder.finish())
    }

    /// What was repaired, as findings.
    pub(super) fn findings(&self, plan: &Plan) -> Vec<Finding> {
        let finding = |((position, code), count): (&(usize, &'static str), &u64)| {
            let header = plan.columns.get(*position).map_or("", |planned| planned.header.as_str());
            let finding = if *code == "decimals-repaired" { Finding::warning(*code) } else { Finding::info(*code) };
            finding.column(header).with("count", count)
        };
        self.counts.iter().map(finding).collect()
    }
}

/// Judges a column of figures that should have decimals.
struct Judge<'a> {
    position: usize,
    planned: &'a Planned,
    rows: &'a UInt64Array,
    signed: &'a [bool],
}

impl Judge<'_> {
    fn divisor(&self) -> f64 {
        10f64.powi(i32::from(self.planned.decimals.unwrap_or(0)))
    }

    fn fits(&self, value: f64) -> bool {
        is_in_range(value, self.planned)
    }

    fn column(&self, values: &Float64Array, tally: &mut Tally, repairs: &mut Repairs) -> Float64Array {
        let unsigned: Vec<f64> =
            values.iter().zip(self.signed).filter_map(|(value, signed)| if *signed { None } else { value }).collect();
        let present = values.len() - values.null_count();
        let whole_column = unsigned.len() == present && self.divisor() > 1.0;
        let all_fit = unsigned.iter().all(|value| self.fits(value / self.divisor()));
        if whole_column && present >= CERTAIN && all_fit && self.planned.range.is_some() {
            repairs.counts.insert((self.position, "decimals-repaired"), present as u64);
            return values.iter().map(|value| value.map(|value| value / self.divisor())).collect();
        }
        let nonzero = unsigned.iter().filter(|value| value.abs() > 0.0).count();
        self.each(values, self.explained(nonzero, present), tally)
    }

    /// Whether dropped final zeros explain the values without a decimal sign: one in ten for one
    /// decimal, one in a hundred for two; twice that is allowed, and a few in a short column.
    fn explained(&self, unsigned: usize, present: usize) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "numbers of rows, compared with a share of them")]
        let (unsigned, present) = (unsigned as f64, present as f64);
        unsigned < present && unsigned <= 2.0 + 2.0 * present / self.divisor()
    }

    fn each(&self, values: &Float64Array, explained: bool, tally: &mut Tally) -> Float64Array {
        let keep = |(at, value): (usize, Option<f64>)| {
            let value = value?;
            match self.verdict(value, self.signed[at], explained) {
                None => Some(value),
                Some(code) => {
                    tally.refuse_cell(self.rows.value(at), self.position, code);
                    None
                }
            }
        };
        values.iter().enumerate().map(keep).collect()
    }

    /// The reason to refuse a value, if there is one.
    fn verdict(&self, value: f64, signed: bool, explained: bool) -> Option<&'static str> {
        let fits = self.fits(value);
        let divided = self.divisor() > 1.0 && self.fits(value / self.divisor());
        match (fits, signed || value.abs() <= 0.0) {
            (true, true) => None,
            (false, true) => Some(OUT_OF_RANGE),
            (true, false) if !divided || explained => None,
            (true | false, false) if divided => Some(LOST),
            _ => Some(OUT_OF_RANGE),
        }
    }
}

/// A level whose codes have a prefix and a fixed width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Neighbourhood,
    District,
    Municipality,
    /// Codes of several levels: the width says which.
    ByWidth,
}

/// What the texts of a column look like.
#[derive(Debug, Default)]
struct Evidence {
    texts: usize,
    neighbourhoods: usize,
    districts: usize,
    municipalities: usize,
    bare: usize,
    shortest: usize,
    longest: usize,
    postcodes: usize,
    marked: usize,
}

impl Evidence {
    fn of(texts: &StringArray) -> Self {
        let mut evidence = Self { shortest: usize::MAX, ..Self::default() };
        for text in texts.iter().flatten() {
            evidence.observe(text);
            // Most columns hold no codes at all: stop looking when that is clear.
            if evidence.texts == 1000 && evidence.is_ordinary() {
                break;
            }
        }
        evidence
    }

    fn observe(&mut self, text: &str) {
        self.texts += 1;
        match text.as_bytes() {
            [b'B', b'U', digits @ ..] if is_digits(digits, 8, 8) => self.neighbourhoods += 1,
            [b'W', b'K', digits @ ..] if is_digits(digits, 6, 6) => self.districts += 1,
            [b'G', b'M', digits @ ..] if is_digits(digits, 4, 4) => self.municipalities += 1,
            _ => match bare_digits(text) {
                Some(digits) => {
                    self.bare += 1;
                    self.shortest = self.shortest.min(digits.len());
                    self.longest = self.longest.max(digits.len());
                }
                None => {
                    self.postcodes += usize::from(is_postcode(text));
                    self.marked += usize::from(unmark(text).is_some());
                }
            },
        }
    }

    const fn is_ordinary(&self) -> bool {
        self.neighbourhoods + self.districts + self.municipalities + self.bare + self.postcodes + self.marked == 0
    }

    /// The level whose prefix and zeros are to be restored, if the column holds codes without.
    fn level(&self, planned: &Planned, format: SourceFormat) -> Option<Level> {
        if self.bare == 0 {
            return None;
        }
        match (self.neighbourhoods > 0, self.districts > 0, self.municipalities > 0) {
            (true, false, false) => return Some(Level::Neighbourhood),
            (false, true, false) => return Some(Level::District),
            (false, false, true) => return Some(Level::Municipality),
            (false, false, false) => {}
            _ => return Some(Level::ByWidth),
        }
        let level = hinted(&planned.name).or_else(|| hinted(&planned.header))?;
        let (shortest, longest) = match (level, format) {
            (Level::Neighbourhood, SourceFormat::Pc6hnr) => (1, 8),
            (Level::District, SourceFormat::Pc6hnr) => (1, 6),
            (Level::Neighbourhood, _) => (5, 8),
            (Level::District, _) => (3, 6),
            _ => (1, 4),
        };
        let fits = self.bare == self.texts && shortest <= self.shortest && self.longest <= longest;
        fits.then_some(level)
    }
}

/// Formats in which StatLine marks provisional periods with a star.
const fn is_published(format: SourceFormat) -> bool {
    matches!(format, SourceFormat::Csv | SourceFormat::Statline | SourceFormat::StatlineTable)
}

/// A period without the star of StatLine: `2022*` is 2022, provisional.
fn unmark(text: &str) -> Option<String> {
    let period = text.strip_suffix('*')?.trim_end_matches('*').trim_end();
    let year = period.get(..4).is_some_and(|year| is_digits(year.as_bytes(), 4, 4));
    (year && period.len() <= 16).then(|| period.to_owned())
}

/// The level that a column's name speaks of.
fn hinted(name: &str) -> Option<Level> {
    let name = name.to_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    if is(&["buurt", "bu_", "brt"]) {
        Some(Level::Neighbourhood)
    } else if is(&["wijk", "wk_"]) {
        Some(Level::District)
    } else if is(&["gemeente", "gm_"]) {
        Some(Level::Municipality)
    } else {
        None
    }
}

fn is_digits(text: &[u8], least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.iter().all(u8::is_ascii_digit)
}

/// Digits of a code that lost its prefix, `340101` or as a spreadsheet writes it, `340101.0`.
fn bare_digits(text: &str) -> Option<&str> {
    let digits = text.strip_suffix(".0").unwrap_or(text);
    is_digits(digits.as_bytes(), 1, 8).then_some(digits)
}

/// The whole code for digits without prefix; nothing for other texts.
fn restore(text: &str, level: Level) -> Option<String> {
    let digits = bare_digits(text)?;
    let level = match (level, digits.len()) {
        (Level::ByWidth, 7..) => Level::Neighbourhood,
        (Level::ByWidth, 5..) => Level::District,
        (Level::ByWidth, _) => Level::Municipality,
        (level, _) => level,
    };
    match level {
        Level::Neighbourhood => Some(format!("BU{digits:0>8}")),
        Level::District if digits.len() <= 6 => Some(format!("WK{digits:0>6}")),
        Level::Municipality if digits.len() <= 4 => Some(format!("GM{digits:0>4}")),
        _ => None,
    }
}

/// Four digits and two letters, with or without a space.
fn is_postcode(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ([_, _, _, _, b' ', letters @ ..] | [_, _, _, _, letters @ ..]) = bytes else { return false };
    is_digits(&bytes[..4], 4, 4)
        && bytes[0] != b'0'
        && letters.len() == 2
        && letters.iter().all(u8::is_ascii_alphabetic)
}

/// A postcode as `1315XA`, when it is written otherwise.
fn tidy_postcode(text: &str) -> Option<String> {
    if !is_postcode(text) {
        return None;
    }
    let tidy = text.replace(' ', "").to_uppercase();
    (tidy != text).then_some(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::UInt64Array;

    fn judged(values: &[(f64, bool)], decimals: u8, range: [f64; 2]) -> (Vec<Option<f64>>, u64) {
        let planned = Planned {
            decimals: Some(decimals),
            range: Some(range),
            ..Planned::text("x", 0, "x").of(ColumnType::Decimal)
        };
        let numbers: Float64Array = values.iter().map(|(value, _)| Some(*value)).collect();
        let signed: Vec<bool> = values.iter().map(|(_, signed)| *signed).collect();
        let rows: UInt64Array = (0..values.len() as u64).collect();
        let mut repairs = Repairs::default();
        let judge = Judge { position: 0, planned: &planned, rows: &rows, signed: &signed };
        let judged = judge.column(&numbers, &mut Tally::default(), &mut repairs);
        (judged.iter().collect(), repairs.counts.values().sum())
    }

    #[test]
    fn a_column_without_any_decimal_sign_gets_its_comma_back() {
        let values: Vec<(f64, bool)> = (0..30).map(|at| (f64::from(11 + at), false)).collect();
        let (judged, repaired) = judged(&values, 1, [1.0, 6.0]);
        assert_eq!(repaired, 30);
        assert_eq!(judged[6], Some(1.7));
    }

    #[test]
    fn a_few_values_without_sign_are_not_certain_and_are_refused() {
        let (kept, repaired) = judged(&[(17.0, false), (21.0, false)], 1, [1.0, 6.0]);
        assert_eq!((kept, repaired), (vec![None, None], 0));
    }

    #[test]
    fn in_a_mixed_column_only_what_can_be_right_is_kept() {
        let mut values: Vec<(f64, bool)> = (0..100).map(|at| (f64::from(10 + at % 40) / 10.0, true)).collect();
        values.extend([(17.0, false), (2.0, false), (70.0, true)]);
        let (kept, repaired) = judged(&values, 1, [1.0, 6.0]);
        assert_eq!(repaired, 0);
        assert_eq!(kept[100..], [None, Some(2.0), None]);
    }

    #[test]
    fn half_a_column_without_sign_is_refused_where_both_readings_fit() {
        let values: Vec<(f64, bool)> = (0..100).map(|at| (f64::from(1 + at % 90), at % 2 == 0)).collect();
        let (kept, _) = judged(&values, 1, [0.0, 100.0]);
        assert!(kept.iter().enumerate().all(|(at, value)| value.is_some() == (at % 2 == 0)));
    }

    fn repaired(name: &str, texts: &[&str]) -> Vec<String> {
        let array = StringArray::from(texts.to_vec());
        let planned = Planned::text(name, 0, name);
        let array = Repairs::default().texts(0, &planned, &array, SourceFormat::Csv).unwrap_or(array);
        array.iter().flatten().map(str::to_owned).collect()
    }

    #[test]
    fn codes_get_their_prefix_and_zeros_back_by_level_and_width() {
        assert_eq!(repaired("code", &["BU00340101", "340102"]), ["BU00340101", "BU00340102"]);
        assert_eq!(repaired("code", &["WK000300", "300"]), ["WK000300", "WK000300"]);
        assert_eq!(
            repaired("code", &["GM0034", "WK003401", "34", "6290100"]),
            ["GM0034", "WK003401", "GM0034", "BU06290100"]
        );
        assert_eq!(repaired("buurt", &["6290100", "340101.0"]), ["BU06290100", "BU00340101"]);
        assert_eq!(repaired("huisnummer", &["12", "14"]), ["12", "14"]);
        assert_eq!(repaired("buurt", &["12", "Centrum"]), ["12", "Centrum"]);
    }

    #[test]
    fn the_star_of_a_provisional_period_is_taken_off() {
        assert_eq!(repaired("Perioden", &["2021", "2022*", "2023**"]), ["2021", "2022", "2023"]);
        assert_eq!(repaired("naam", &["a*", "12*"]), ["a*", "12*"]);
    }

    #[test]
    fn postcodes_are_written_in_one_way() {
        assert_eq!(repaired("pc6", &["1315 XA", "1315xb", "1315XC"]), ["1315XA", "1315XB", "1315XC"]);
        assert_eq!(repaired("pc6", &["1315 XA", "Almere"]), ["1315 XA", "Almere"]);
    }
}
