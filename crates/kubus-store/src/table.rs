//! The figures of one indicator at one level, as a Parquet file (zstd).
//!
//! | column | type | meaning |
//! | --- | --- | --- |
//! | `area`, `period`, `member` | dictionary of text | code, [`Period`] as written, [`Member::key`] |
//! | `status` | u8 | [`CellStatus`] as stored |
//! | `numerator`, `denominator` | i64, null | protected counts |
//! | `value` | f64, null | a mean or a figure by another publisher |
//! | `estimated_share` | f32 | 0 to 1 |
//! | `provisional` | bool | |
//!
//! Rows that are `NotAvailable` and say nothing else are left out; the shape (all areas, periods
//! and members) is in the file's metadata with the format version. The same table gives the same
//! bytes. Any Parquet reader can read it. Called by `kubus-release` and by [`crate::open`].

mod read;
mod write;

pub use read::decode;
pub use write::encode;

#[cfg(doc)]
use kubus_model::CellStatus;
use kubus_model::{AreaCode, AreaLevel, Member, Period};
use serde::{Deserialize, Serialize};

/// The format this version writes and reads.
pub const TABLE_FORMAT: u32 = 1;
const SHAPE_KEY: &str = "straatkubus.shape";
/// The largest number of cells a file may announce: 2^27, six times the demo's largest town.
const MAX_CELLS: usize = 1 << 27;

/// Why a table could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The number of cells is not areas × periods × members.
    #[error("the table holds {cells} cells where its shape asks for {expected}")]
    Shape {
        /// Cells found.
        cells: usize,
        /// Cells expected.
        expected: usize,
    },
    /// The file is of another format or has no readable shape.
    #[error("not a table of format {TABLE_FORMAT}: {0}")]
    Format(String),
    /// A row names an area, period, member or status that does not exist.
    #[error("row {row} names an unknown {what}")]
    Unknown {
        /// Row number, from 0.
        row: usize,
        /// `area`, `period`, `member` or `status`.
        what: &'static str,
    },
    /// Parquet or Arrow refused.
    #[error("{0}")]
    Parquet(String),
}

impl From<parquet::errors::ParquetError> for TableError {
    fn from(error: parquet::errors::ParquetError) -> Self {
        Self::Parquet(error.to_string())
    }
}

impl From<arrow::error::ArrowError> for TableError {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Parquet(error.to_string())
    }
}

impl kubus_model::Blame for TableError {
    fn fault(&self) -> kubus_model::Fault {
        kubus_model::Fault::Ours
    }

    fn finding(&self) -> kubus_model::Finding {
        kubus_model::Finding::error("table-unreadable").with("reason", self)
    }
}

/// What the metadata says: the identity and the shape of the table.
#[derive(Debug, Serialize, Deserialize)]
struct Shape {
    format: u32,
    indicator: String,
    level: AreaLevel,
    areas: Vec<AreaCode>,
    periods: Vec<Period>,
    members: Vec<Member>,
}

impl Shape {
    /// Areas × periods × members, when that is a size we accept.
    fn cells(&self) -> Option<usize> {
        let cells = self.areas.len().checked_mul(self.periods.len())?.checked_mul(self.members.len())?;
        (cells <= MAX_CELLS).then_some(cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubus_model::{Cell, CellStatus, DraftTable};
    use proptest::prelude::*;

    fn cell() -> impl Strategy<Value = Cell> {
        let count = || proptest::option::of(-5i64..10_000);
        let value = proptest::option::of(-1e6f64..1e6);
        (0u8..7, count(), count(), value, 0f32..=1.0, any::<bool>()).prop_map(
            |(status, numerator, denominator, value, estimated_share, provisional)| Cell {
                status: CellStatus::from_code(status).unwrap(),
                numerator,
                denominator,
                value,
                estimated_share,
                provisional,
            },
        )
    }

    fn table() -> impl Strategy<Value = DraftTable> {
        (1usize..6, 1usize..4, 1usize..4).prop_flat_map(|(areas, periods, members)| {
            proptest::collection::vec(cell(), areas * periods * members).prop_map(move |cells| {
                let codes = (0..areas).map(|a| AreaCode::new(format!("BU{a:04}"))).collect();
                let months = (0..periods).map(|p| Period::Month(2024, u8::try_from(p).unwrap() + 1)).collect();
                let mut kinds = vec![Member::total()];
                kinds.extend((1..members).map(|m| Member::of("uitkering", format!("waarde {m}"))));
                let mut table = DraftTable::new("huurachterstand", &AreaLevel::new("buurt"), codes, months, kinds);
                table.cells = cells;
                table
            })
        })
    }

    proptest! {
        #[test]
        fn a_written_table_reads_back_with_the_same_bytes_each_time(table in table()) {
            let bytes = encode(&table).unwrap();
            prop_assert_eq!(&bytes, &encode(&table).unwrap());
            prop_assert_eq!(decode(&bytes).unwrap(), table);
        }

        #[test]
        fn damaged_bytes_are_an_error_or_another_table_but_never_a_crash(table in table(), at in any::<prop::sample::Index>(), byte: u8) {
            let mut bytes = encode(&table).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = decode(&bytes);
            let _ = decode(&bytes[..at]);
        }
    }

    #[test]
    fn rows_without_anything_to_say_are_left_out() {
        let areas: Vec<AreaCode> = (0..20_000).map(|a| AreaCode::new(format!("{a:06}"))).collect();
        let empty =
            DraftTable::new("x", &AreaLevel::new("pc6"), areas, vec![Period::Year(2024)], vec![Member::total()]);
        let mut full = empty.clone();
        for (at, cell) in full.cells.iter_mut().enumerate() {
            *cell = Cell { numerator: Some(at as i64 * 7 % 50), ..Cell::missing(CellStatus::Value) };
        }
        let rows = |table: &DraftTable| {
            let bytes = bytes::Bytes::from(encode(table).unwrap());
            let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
            reader.metadata().file_metadata().num_rows()
        };
        assert_eq!((rows(&empty), rows(&full)), (0, 20_000));
        assert_eq!(decode(&encode(&empty).unwrap()).unwrap(), empty);
    }

    #[test]
    fn a_table_with_the_wrong_number_of_cells_is_refused() {
        let mut table = DraftTable::new("x", &AreaLevel::new("pc6"), vec![], vec![], vec![Member::total()]);
        table.cells.push(Cell::missing(CellStatus::Value));
        assert!(matches!(encode(&table), Err(TableError::Shape { cells: 1, expected: 0 })));
    }
}
