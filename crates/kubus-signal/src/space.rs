//! Does a figure cluster in space, and where. Pure functions of figures per area and of which
//! areas touch; they know no release and no area codes.
//!
//! Nothing here says why areas are alike. An area without neighbours has no local figure and no
//! p-value: its place in the result is `None`.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`graph`] | which areas touch, and how much a neighbour weighs |
//! | [`sample`] | one figure per area, its moments, a Z-score with its p-value |
//! | [`moran`] | Moran's I, of all areas and of each |
//! | [`geary`] | Geary's C, of all areas and of each |
//! | [`getis`] | Getis and Ord's G, of all areas and of each, and G* |
//! | [`rates`] | empirical Bayes rates, and rates on one scale whatever the population |
//! | [`scan`] | the circle with the most cases for its people (Kulldorff) |
//! | [`draws`] | p-values by drawing other areas in the place of the neighbours |

pub mod draws;
pub mod geary;
pub mod getis;
pub mod graph;
pub mod moran;
pub mod rates;
pub mod sample;
pub mod scan;

pub use graph::{Graph, Weights};
pub use sample::{Moments, Sample};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpaceError {
    /// A neighbour that is not among the areas.
    #[error("an edge names area {0} of {1}")]
    Outside(usize, usize),
    /// An area that would be its own neighbour.
    #[error("area {0} is its own neighbour")]
    Own(usize),
    /// Too few areas for moments of the fourth order.
    #[error("{0} areas are too few")]
    TooFew(usize),
    /// As many figures as areas are needed.
    #[error("{figures} figures for {areas} areas")]
    Lengths {
        /// Figures given.
        figures: usize,
        /// Areas in the graph.
        areas: usize,
    },
    /// A figure that is not finite.
    #[error("the figure of area {0} is not a number")]
    NotFinite(usize),
    /// All areas have the same figure.
    #[error("all areas have the same figure")]
    Constant,
    /// No two areas touch.
    #[error("no two areas touch")]
    NoEdges,
    /// Too many areas for circles around each of them.
    #[error("{0} areas are too many to scan")]
    TooMany(usize),
    /// A population must be above zero, a number of cases not below it.
    #[error("area {0} has no usable population or cases")]
    Population(usize),
}
