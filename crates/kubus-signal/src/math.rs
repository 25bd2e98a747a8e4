//! The special functions that posteriors need, accurate far into the tails. No statistics here.
//!
//! Densities follow Loader's saddle-point form, which takes no difference of large logarithms.

pub mod beta;
pub mod cholesky;
pub mod gamma;
pub mod normal;
#[cfg(test)]
mod reference;
pub mod search;
pub mod student;
