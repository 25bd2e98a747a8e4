//! Why rows could not be aggregated.

use kubus_model::{Blame, Fault, Finding};

/// Why rows could not be aggregated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AggregateError {
    /// The dimensions need more than 63 bits.
    #[error("the dimensions need {0} bits where a key has 63")]
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
