//! Declared columns found in the header of a file: by name, trimmed and in any case, or by the
//! name that CBS gives without its number (`AantalInwoners` finds `AantalInwoners_5`).

use kubus_model::Finding;

use super::date::DateFormat;
use super::number::Sign;
use super::{ReadRequest, Refusal};
use crate::declaration::{ColumnDeclaration, ColumnType, SourceFormat};

/// Most columns of a file.
const MOST_COLUMNS: usize = 20_000;

/// One column to read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Planned {
    /// Name in the result.
    pub(super) name: String,
    /// Position in the file.
    pub(super) index: usize,
    /// Name in the file.
    pub(super) header: String,
    pub(super) kind: ColumnType,
    pub(super) range: Option<[f64; 2]>,
    pub(super) required: bool,
    pub(super) decimals: Option<u8>,
    pub(super) date: DateFormat,
    pub(super) sign: Option<Sign>,
    /// Range and decimals are judged when the whole column is known (lost decimal commas).
    pub(super) judged_later: bool,
}

/// The columns to read, in the order of the result.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) columns: Vec<Planned>,
    /// Whether the file has shapes.
    pub(super) geometry: bool,
    /// Number of columns in the file.
    pub(super) width: usize,
}

impl Plan {
    /// No column at all.
    pub(super) const fn none() -> Self {
        Self { columns: Vec::new(), geometry: false, width: 0 }
    }
}

impl Planned {
    /// A column of text.
    pub(super) fn text(name: &str, index: usize, header: &str) -> Self {
        Self {
            name: name.to_owned(),
            index,
            header: header.to_owned(),
            kind: ColumnType::Text,
            range: None,
            required: false,
            decimals: None,
            date: DateFormat::Usual,
            sign: None,
            judged_later: false,
        }
    }

    /// The same column with another type.
    #[cfg(test)]
    pub(super) fn of(self, kind: ColumnType) -> Self {
        Self { kind, ..self }
    }

    fn declared(name: &str, index: usize, header: &str, declared: &ColumnDeclaration, figures: bool) -> Self {
        Self {
            kind: declared.kind,
            range: declared.range,
            required: declared.required,
            decimals: declared.decimals,
            date: DateFormat::new(declared.format.as_deref()),
            judged_later: figures && declared.kind == ColumnType::Decimal && declared.decimals.is_some(),
            ..Self::text(name, index, header)
        }
    }

    /// Whether it holds numbers written as text.
    pub(super) const fn is_number(&self) -> bool {
        matches!(self.kind, ColumnType::Integer | ColumnType::Decimal)
    }
}

/// How a declared name fits a name in the file: 2 the name itself, 1 its base name, 0 not.
fn fit(declared: &str, header: &str, format: SourceFormat) -> u8 {
    let (declared, header) = (clean(declared), clean(header));
    if declared.to_lowercase() == header.to_lowercase() {
        2
    } else if base(header, format) != header
        && base(declared, format).to_lowercase() == base(header, format).to_lowercase()
    {
        1
    } else {
        0
    }
}

fn clean(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// The name without the number that CBS puts after it; for `pc6hnr` without the year. Only names
/// in the style of StatLine (`AantalInwoners_5`) carry such a number: in `p_hh_110` it is part of
/// the name.
fn base(name: &str, format: SourceFormat) -> &str {
    let stripped = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if stripped.len() == name.len() || stripped.is_empty() {
        return name;
    }
    let capital = stripped.contains(|c: char| c.is_uppercase());
    let statline = capital && stripped.contains(|c: char| c.is_lowercase());
    match (stripped.strip_suffix('_'), format) {
        (Some(base), _) if statline => base,
        (_, SourceFormat::Pc6hnr) => stripped,
        _ => name,
    }
}

/// The positions of the best fits of a declared name.
fn find(declared: &str, header: &[String], format: SourceFormat) -> Vec<usize> {
    let fits: Vec<u8> = header.iter().map(|name| fit(declared, name, format)).collect();
    let best = fits.iter().copied().max().unwrap_or(0);
    let found = |(index, fit): (usize, &u8)| (best > 0 && *fit == best).then_some(index);
    fits.iter().enumerate().filter_map(found).collect()
}

/// How many of the requested columns a header has.
pub(super) fn count_found(request: &ReadRequest, header: &[String]) -> usize {
    let has = |column: &&(String, ColumnDeclaration)| !find(&column.1.from, header, request.file.format).is_empty();
    request.columns.iter().filter(has).count()
}

/// The plan for a header, with what there is to say about it.
pub(super) fn plan(request: &ReadRequest, header: &[String], geometry: bool) -> Result<(Plan, Vec<Finding>), Refusal> {
    if header.len() > MOST_COLUMNS {
        let finding =
            Finding::error("source-too-many-columns").with("columns", header.len()).with("allowed", MOST_COLUMNS);
        return Err(Box::new(finding));
    }
    let (columns, findings) =
        if request.columns.is_empty() { every_column(header) } else { (requested(request, header)?, Vec::new()) };
    Ok((Plan { columns, geometry, width: header.len() }, findings))
}

fn requested(request: &ReadRequest, header: &[String]) -> Result<Vec<Planned>, Refusal> {
    let mut columns = Vec::with_capacity(request.columns.len());
    for (name, declared) in &request.columns {
        match find(&declared.from, header, request.file.format).as_slice() {
            [index] => {
                columns.push(Planned::declared(name, *index, header[*index].trim(), declared, !request.refuse_rows));
            }
            [] => return Err(missing(&declared.from, header)),
            more => {
                let finding = Finding::error("column-twice").column(&declared.from).with("count", more.len());
                return Err(Box::new(finding));
            }
        }
    }
    Ok(columns)
}

fn missing(name: &str, header: &[String]) -> Refusal {
    let found: Vec<&str> = header.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).take(30).collect();
    Box::new(Finding::error("column-missing").column(name).with("found", found.join(", ")))
}

/// Every column as text; a name that is there twice gets a number.
fn every_column(header: &[String]) -> (Vec<Planned>, Vec<Finding>) {
    let mut columns: Vec<Planned> = Vec::with_capacity(header.len());
    let mut findings = Vec::new();
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for (index, raw) in header.iter().enumerate() {
        let name = raw.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let name = if name.is_empty() { format!("column_{}", index + 1) } else { name.to_owned() };
        let times = seen.entry(name.to_lowercase()).or_default();
        *times += 1;
        if *times == 1 {
            columns.push(Planned::text(&name, index, &name));
        } else {
            findings
                .push(Finding::warning("column-name-repeated").column(&name).with("name", format!("{name} ({times})")));
            columns.push(Planned::text(&format!("{name} ({times})"), index, &name));
        }
    }
    (columns, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(declared: &str, header: &[&str], format: SourceFormat) -> Vec<usize> {
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        find(declared, &header, format)
    }

    #[test]
    fn a_column_is_found_in_any_case_and_without_its_number() {
        let header = ["\u{feff}WijkenEnBuurten", " Gemeentenaam_1 ", "AantalInwoners_5", "k_0Tot15Jaar_8"];
        assert_eq!(found("wijkenenbuurten", &header, SourceFormat::Csv), [0]);
        assert_eq!(found("AantalInwoners", &header, SourceFormat::Csv), [2]);
        assert_eq!(found("AantalInwoners_33", &header, SourceFormat::Csv), [2]);
        assert_eq!(found("k_0Tot15Jaar", &header, SourceFormat::Csv), [3]);
        assert!(found("Aantal", &header, SourceFormat::Csv).is_empty());
    }

    #[test]
    fn a_number_that_is_part_of_the_name_is_never_left_out() {
        assert!(found("p_hh_110", &["p_hh_120"], SourceFormat::Csv).is_empty());
        assert!(found("P_HH", &["P_HH_120"], SourceFormat::Csv).is_empty());
        assert!(found("a_00_14", &["a_00_15"], SourceFormat::Csv).is_empty());
    }

    #[test]
    fn an_exact_name_wins_over_a_base_name() {
        assert_eq!(found("Aantal_1", &["Aantal_2", "Aantal_1"], SourceFormat::Csv), [1]);
        assert_eq!(found("Aantal", &["Aantal_2", "Aantal_1"], SourceFormat::Csv), [0, 1]);
    }

    #[test]
    fn the_year_in_a_pc6hnr_name_may_be_left_out() {
        let header = ["PC6", "Huisnummer", "Buurt2021", "Wijk2021"];
        assert_eq!(found("buurt", &header, SourceFormat::Pc6hnr), [2]);
        assert_eq!(found("Buurt2024", &header, SourceFormat::Pc6hnr), [2]);
        assert_eq!(found("PC6", &header, SourceFormat::Pc6hnr), [0]);
        assert!(found("buurt", &header, SourceFormat::Csv).is_empty());
    }

    #[test]
    fn a_name_that_is_there_twice_gets_a_number() {
        let (columns, findings) = every_column(&["a".into(), "A".into(), String::new()]);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["a", "A (2)", "column_3"]);
        assert_eq!(findings[0].code, "column-name-repeated");
    }
}
