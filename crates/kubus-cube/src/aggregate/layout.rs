//! How the dimensions of a row are packed into one 64-bit key.

use super::AggregateError;

/// One dimension of a packed key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Name, for messages.
    pub name: String,
    /// Number of members; values are `0..size`.
    pub size: u32,
}

/// How keys are packed: the first dimension takes the highest bits. At most 63 bits in all,
/// so that no key is `u64::MAX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    dimensions: Vec<Dimension>,
    shifts: Vec<u32>,
}

impl Layout {
    /// A layout of dimensions.
    ///
    /// # Errors
    /// [`AggregateError::TooWide`].
    pub fn new(dimensions: Vec<Dimension>) -> Result<Self, AggregateError> {
        let total: u32 = dimensions.iter().map(bits).sum();
        if total > 63 {
            return Err(AggregateError::TooWide(total));
        }
        let mut left = total;
        let mut shifts = Vec::with_capacity(dimensions.len());
        for dimension in &dimensions {
            left -= bits(dimension);
            shifts.push(left);
        }
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
        self.shifts.iter().zip(values).fold(0, |key, (shift, value)| key | u64::from(*value) << shift)
    }

    /// The value of one dimension in a key.
    #[must_use]
    pub fn unpack(&self, key: u64, dimension: usize) -> u32 {
        u32::try_from((key >> self.shifts[dimension]) & self.mask(dimension)).unwrap_or(u32::MAX)
    }

    /// By how many bits the values of a dimension are shifted in a key.
    #[must_use]
    pub fn shift(&self, dimension: usize) -> u32 {
        self.shifts[dimension]
    }

    /// The bits of a dimension, before the shift.
    pub(super) fn mask(&self, dimension: usize) -> u64 {
        (1 << bits(&self.dimensions[dimension])) - 1
    }

    /// One more than the largest key that could be packed.
    pub(super) fn keys(&self) -> u64 {
        1 << self.dimensions.iter().map(bits).sum::<u32>()
    }
}

/// Bits that the values of a dimension take.
const fn bits(dimension: &Dimension) -> u32 {
    if dimension.size <= 1 { 0 } else { 32 - (dimension.size - 1).leading_zeros() }
}
