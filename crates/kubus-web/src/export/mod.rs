//! Figures as a file for Excel, statistics programs and QGIS. Every file says where its figures
//! come from.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `sheet` | the table and its provenance, in words |
//! | `csv`, `xlsx`, `gpkg` | one form each |

mod csv;
mod gpkg;
mod sheet;
mod xlsx;

use std::path::Path;

use serde::Deserialize;
use utoipa::ToSchema;

pub use crate::message::Language;
pub use sheet::{Sheet, Value};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Text with `;`, UTF-8 with a byte order mark.
    Csv,
    /// Excel workbook.
    Xlsx,
    /// GeoPackage with boundaries.
    Gpkg,
}

impl Format {
    /// The end of the file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Gpkg => "gpkg",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Gpkg => "application/geopackage+sqlite3",
        }
    }
}

/// Why an export was not made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The workbook could not be made.
    #[error(transparent)]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The GeoPackage could not be made.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A file in the scratch folder could not be used.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// The boundaries cannot be read.
    #[error("the boundaries cannot be read: {0}")]
    Boundaries(String),
}

/// The bytes of an export. `boundaries` is the `GeoJSON` of the level; `scratch` is a folder for
/// files that are gone when this returns. Call it off the async threads, within a runtime.
///
/// # Errors
/// [`ExportError`].
pub fn write(sheet: &Sheet, format: Format, boundaries: Option<&[u8]>, scratch: &Path) -> Result<Vec<u8>, ExportError> {
    match format {
        Format::Csv => Ok(csv::write(sheet)),
        Format::Xlsx => xlsx::write(sheet),
        Format::Gpkg => gpkg::write(sheet, boundaries, scratch),
    }
}

/// A number with at most four decimals, as the language writes it.
fn decimal(number: f64, language: Language) -> String {
    let plain = format!("{number:.4}");
    let plain = plain.trim_end_matches('0').trim_end_matches('.');
    if language == Language::Nl { plain.replace('.', ",") } else { plain.to_owned() }
}

/// Text that a spreadsheet cannot take for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
