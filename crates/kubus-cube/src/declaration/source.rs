//! `sources/<id>.toml`: a delivery, who answers for it, and how its columns are read.

use std::collections::BTreeMap;

use kubus_model::{AreaLevel, AreaVintage, Period};
use serde::{Deserialize, Serialize};

use super::Texts;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceFormat {
    /// Text with a delimiter; delimiter, encoding and decimal sign are sniffed unless given.
    Csv,
    /// Excel workbook (xlsx, xls).
    Xlsx,
    /// OpenDocument spreadsheet.
    Ods,
    /// Parquet.
    Parquet,
    /// GeoPackage; `layer` names the table.
    Geopackage,
    /// GeoJSON.
    Geojson,
    /// Shapefile (zip, or .shp with its .dbf).
    Shapefile,
    /// dBase table without shapes.
    Dbf,
    /// A saved answer of CBS OData v3 (`value` array).
    Odata3,
    /// A saved answer of CBS OData v4 (observations).
    Odata4,
    /// StatLine "CSV met statistische symbolen".
    Statline,
    /// StatLine "CSV volgens tabelindeling".
    StatlineTable,
    /// CBS Kerncijfers wijken en buurten (xlsx or csv).
    Kwb,
    /// `pc6hnrYYYY0801_gwb.csv`.
    Pc6hnr,
}

/// Which file, and what must be known to read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDeclaration {
    /// Name within `deliveries/`, or a pattern with `*`; every match is read, in the order of
    /// their names. A `.gz` file is unpacked while reading.
    pub name: String,
    /// Format.
    pub format: SourceFormat,
    /// Worksheet (xlsx, ods) or layer (GeoPackage); the first when absent.
    #[serde(default)]
    pub layer: Option<String>,
    /// Row of the header, 1-based, when it is not the first.
    #[serde(default)]
    pub header_row: Option<u32>,
    /// Delimiter, when sniffing is not wanted.
    #[serde(default)]
    pub delimiter: Option<char>,
    /// Encoding label (`windows-1252`), when sniffing is not wanted.
    #[serde(default)]
    pub encoding: Option<String>,
    /// Decimal sign (`,` or `.`), when sniffing is not wanted.
    #[serde(default)]
    pub decimal: Option<char>,
}

/// What a row of the source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The population: a row per resident and reference date (one file per year).
    Population,
    /// Something that holds for a person or household from a start to an end date.
    Spell,
    /// Something that happened on a date (or in a month), with or without a person.
    Event,
    /// An answer of a respondent, with a weight.
    Survey,
    /// Figures per area, counted by another publisher.
    AreaFigures,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text, trimmed.
    Text,
    /// Whole number, i64.
    Integer,
    /// Number with decimals, f64.
    Decimal,
    /// Date.
    Date,
    /// Yes or no (`ja`/`nee`, `true`/`false`, `1`/`0`).
    Boolean,
}

/// How one declared column comes out of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnDeclaration {
    /// Name in the file; CBS suffix numbers may be left out (`AantalInwoners` finds
    /// `AantalInwoners_5`).
    pub from: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Smallest and largest value that can be right; outside it the row is refused (registers) or
    /// the cell is (area figures), and a lost decimal comma is looked for.
    #[serde(default)]
    pub range: Option<[f64; 2]>,
    /// A row without it is refused.
    #[serde(default)]
    pub required: bool,
    /// Date format (`%d-%m-%Y`), when it is not ISO 8601 or `dd-mm-jjjj`.
    #[serde(default)]
    pub format: Option<String>,
    /// Only this many decimals can be right: a value without them is a lost comma (area figures).
    #[serde(default)]
    pub decimals: Option<u8>,
}

/// Where a row lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationDeclaration {
    /// `address` (identifier of the list of addresses), an area level, or `unit`: where the
    /// person or household of the row lives in the period.
    pub level: AreaLevel,
    /// Declared column with the code; absent for `unit`.
    #[serde(default)]
    pub column: Option<String>,
    /// Boundaries of which year the codes belong to; the town's when absent.
    #[serde(default)]
    pub vintage: Option<AreaVintage>,
}

/// When a row holds. Every name is a declared column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateDeclaration {
    /// The date of an event, or the reference date of a population row.
    #[serde(default)]
    pub on: Option<String>,
    /// First day of a spell.
    #[serde(default)]
    pub start: Option<String>,
    /// Last day of a spell; empty means that it goes on.
    #[serde(default)]
    pub end: Option<String>,
    /// A text column with a period (`2024JJ00`, `2024-03`).
    #[serde(default)]
    pub period: Option<String>,
    /// The one period that the whole source describes.
    #[serde(default)]
    pub fixed: Option<Period>,
}

/// Where a public source can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicDeclaration {
    /// Publisher: `CBS`.
    pub publisher: String,
    /// Product, with its table number or edition.
    pub product: String,
    /// Licence: `CC BY 4.0`.
    pub licence: String,
    /// Download address.
    pub address: String,
    /// Name of the file in `deliveries/`.
    pub file: String,
    /// SHA-256 of the bytes, when the publisher's file never changes.
    #[serde(default)]
    pub sha256: Option<String>,
}

/// `sources/<id>.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceDeclaration {
    /// Identifier, snake case, equal to the file's name.
    pub id: String,
    /// Name for people.
    pub name: Texts,
    /// What a row is.
    pub kind: SourceKind,
    /// Who owns the data.
    pub owner: String,
    /// Whom to ask.
    pub contact: String,
    /// Purpose for which it may be used.
    pub purpose: String,
    /// Legal basis.
    pub legal_basis: String,
    /// How long deliveries are kept, ISO 8601 duration: `P5Y`.
    pub retention: String,
    /// How often it is delivered: `P1M`, `P3M`, `P1Y`.
    pub rhythm: String,
    /// The file or files.
    pub file: FileDeclaration,
    /// Declared columns by their name here; conditions and recodes see these and nothing else.
    pub columns: BTreeMap<String, ColumnDeclaration>,
    /// Further columns, each an SQL expression over `columns`.
    #[serde(default)]
    pub recodes: BTreeMap<String, String>,
    /// Only rows for which this SQL expression over `columns` and `recodes` is true.
    #[serde(default, rename = "where")]
    pub condition: Option<String>,
    /// Declared column with the person's pseudonym or number.
    #[serde(default)]
    pub person: Option<String>,
    /// Declared column with the household's pseudonym or number.
    #[serde(default)]
    pub household: Option<String>,
    /// For the population: the row that stands for its household (`relation = 'hoofd'`).
    #[serde(default)]
    pub household_row: Option<String>,
    /// Declared column with the number of the row itself (a report's or respondent's number): a row
    /// whose number came before in the file is a double and is refused.
    #[serde(default)]
    pub record: Option<String>,
    /// Declared column with the weight of a respondent.
    #[serde(default)]
    pub weight: Option<String>,
    /// Where a row lies.
    pub location: LocationDeclaration,
    /// When a row holds.
    #[serde(default)]
    pub date: DateDeclaration,
    /// Whether the publisher calls the figures provisional.
    #[serde(default)]
    pub provisional: bool,
    /// For a public source: where it can be fetched, one entry per file.
    #[serde(default)]
    pub public: Vec<PublicDeclaration>,
}
