//! The kernel: packed integer keys, one pass to the finest cuboid, then roll-up.
//!
//! A row is a packed key (one field per dimension: atom, period, attributes) and measures: sums
//! (i64, checked) and hashes (u64, wrapping: record keys). The same rows give the same cuboid,
//! whatever the number of threads or the order. Called by [`crate::build`] and the benchmark.

use kubus_model::{Blame, Fault, Finding};

/// One dimension of a packed key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Name, for messages.
    pub name: String,
    /// Number of members; values are `0..size`.
    pub size: u32,
}

/// How keys are packed: the first dimension takes the highest bits. At most 64 bits in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    dimensions: Vec<Dimension>,
    shifts: Vec<u32>,
}

/// Rows to aggregate, column by column.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// Packed keys.
    pub keys: &'a [u64],
    /// Columns that are summed; an empty list counts nothing.
    pub sums: &'a [&'a [i64]],
    /// Columns that are summed with wrap-around.
    pub hashes: &'a [&'a [u64]],
}

/// An aggregated table: keys ascending and distinct, one value per key and measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cuboid {
    /// How keys are packed.
    pub layout: Layout,
    /// Packed keys, ascending.
    pub keys: Vec<u64>,
    /// Sums by measure, then by key.
    pub sums: Vec<Vec<i64>>,
    /// Wrapping sums by measure, then by key.
    pub hashes: Vec<Vec<u64>>,
}

/// What happens to a dimension when rolling up.
#[derive(Debug, Clone, Copy)]
pub enum Roll<'a> {
    /// It stays.
    Keep,
    /// It is summed over.
    Drop,
    /// Each value becomes another (an atom its area) out of `size`; `u32::MAX` leaves the row out.
    Map {
        /// New value by old value.
        to: &'a [u32],
        /// Number of new values.
        size: u32,
    },
}

/// Why rows could not be aggregated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AggregateError {
    /// The dimensions need more than 64 bits.
    #[error("the dimensions need {0} bits where a key has 64")]
    TooWide(u32),
    /// A sum left the range of i64.
    #[error("a sum of measure {0} does not fit in 64 bits")]
    Overflow(usize),
    /// More memory would be needed than is allowed.
    #[error("{needed} bytes would be needed where {allowed} are allowed")]
    Memory {
        /// Bytes that would be needed.
        needed: u64,
        /// Bytes allowed.
        allowed: u64,
    },
    /// A value is outside its dimension, or columns differ in length.
    #[error("{0}")]
    Shape(String),
}

impl Blame for AggregateError {
    fn fault(&self) -> Fault {
        match self {
            Self::Memory { .. } => Fault::User,
            Self::TooWide(_) | Self::Overflow(_) | Self::Shape(_) => Fault::Ours,
        }
    }

    fn finding(&self) -> Finding {
        match self {
            Self::Memory { needed, allowed } => {
                Finding::error("build-memory").with("needed", needed).with("allowed", allowed)
            }
            other => Finding::error("build-internal").with("reason", other),
        }
    }
}

impl Layout {
    /// A layout of dimensions.
    ///
    /// # Errors
    /// [`AggregateError::TooWide`].
    pub fn new(dimensions: Vec<Dimension>) -> Result<Self, AggregateError> {
        let bits = |d: &Dimension| if d.size <= 1 { 0 } else { 32 - (d.size - 1).leading_zeros() };
        let total: u32 = dimensions.iter().map(bits).sum();
        if total > 64 {
            return Err(AggregateError::TooWide(total));
        }
        let mut left = total;
        let shifts = dimensions
            .iter()
            .map(|d| {
                left -= bits(d);
                left
            })
            .collect();
        Ok(Self { dimensions, shifts })
    }

    /// The dimensions.
    #[must_use]
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Packs one value per dimension; each must be below the dimension's size.
    #[must_use]
    pub fn pack(&self, values: &[u32]) -> u64 {
        self.shifts.iter().zip(values).fold(0, |key, (shift, value)| key | shifted(u64::from(*value), *shift))
    }

    /// The value of one dimension in a key.
    #[must_use]
    pub fn unpack(&self, key: u64, dimension: usize) -> u32 {
        let size = self.dimensions[dimension].size;
        let bits = if size <= 1 { 0 } else { 32 - (size - 1).leading_zeros() };
        let value = key.checked_shr(self.shifts[dimension]).unwrap_or(0) & ((1 << bits) - 1);
        u32::try_from(value).unwrap_or(u32::MAX)
    }
}

/// `value << shift`, where a shift by 64 (a dimension of one member before everything) is 0.
fn shifted(value: u64, shift: u32) -> u64 {
    value.checked_shl(shift).unwrap_or(0)
}
