//! The strength κ of a prior: how strongly the areas of a level are alike.
//!
//! κ is in expected counts: the relative spread of rates around their prior mean is about 1/√κ.
//! It stays between [`WEAKEST`] (rates differ wildly) and [`STRONGEST`]: places are never assumed
//! to be more alike than a spread of 10 %. It is fitted in [`super::classes`], with a weak prior on
//! the spread (half-normal, scale 0.5) that keeps it out of the corners when a level has few areas.
//!
//! Robbins, H. (1956); Clayton, D. and Kaldor, J. (1987), Biometrics 43, 671–681.

use super::posterior::{Exposure, Prior};

/// Smallest strength: rates spread by about 200 %.
pub const WEAKEST: f64 = 0.25;
/// Largest strength: rates spread by about 10 %.
pub const STRONGEST: f64 = 100.0;

/// The prior of an area whose prior mean is itself uncertain.
#[must_use]
pub fn prior(exposure: Exposure, mean: f64, mean_variance: f64, strength: f64) -> Prior {
    let within = exposure.bounded(Prior { mean, strength });
    exposure.widened(within, mean_variance)
}
