//! The special functions that posteriors need, accurate far into the tails. No statistics here.
//!
//! statrs was checked first: it has the same functions, but its tails stop at about 1e-10 relative
//! error for large shapes, because the factor in front is taken as a difference of large
//! logarithms. Ours follow Loader's saddle-point form, which has no such difference.

pub mod beta;
pub mod gamma;
#[cfg(test)]
mod reference;
pub mod search;
