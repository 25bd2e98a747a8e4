//! The kernel: packed integer keys, one pass to the finest cuboid, then roll-up.
//!
//! A row is a packed key (one field per dimension: atom, period, attributes) and measures: sums
//! (i64, checked) and hashes (u64, wrapping: record keys). The same rows give the same cuboid,
//! whatever the number of threads or the order, because integer sums commute. Called by
//! [`crate::build`] and the benchmark.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `layout` | dimensions and packed keys |
//! | `segment` | the table of one range of keys: direct-addressed or hashed |
//! | `kernel` | rows from any number of threads into segments, and the cuboid out of them |
//! | `roll` | from a cuboid to a coarser one, never by reading rows again |
//!
//! Memory is bounded: the kernel refuses with [`AggregateError::Memory`] before it grows past
//! its allowance.

mod error;
mod kernel;
mod layout;
mod roll;
mod segment;

pub use error::AggregateError;
pub use kernel::{Aggregator, aggregate};
pub use layout::{Dimension, Layout};
pub use roll::Roll;

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
