//! The words of Straatkubus, in one place: areas, periods, indicators, cells, rules, releases,
//! signals and findings.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`area`] | area levels, codes and vintages |
//! | [`period`] | years, quarters and months, with the notations of CBS |
//! | [`indicator`] | what is measured, in plain words and in the terms of the field |
//! | [`cell`] | one published figure and its status |
//! | [`table`] | the figures of one indicator at one level, as a dense block |
//! | [`rule`] | disclosure rules as a municipality declares them |
//! | [`release`] | a sealed release: the only door to published figures |
//! | [`signal`] | a deviation of an area |
//! | [`finding`] | what a check found, as a code with parameters |
//!
//! Architecture Invariant: no input or output, no async and no clock in this crate, and no type
//! whose row is a person or a household.

pub mod area;
pub mod cell;
pub mod finding;
pub mod indicator;
pub mod period;
pub mod release;
pub mod rule;
pub mod signal;
pub mod table;

pub use area::{AreaCode, AreaLevel, AreaVintage};
pub use cell::{Cell, CellStatus};
pub use finding::{Blame, Fault, Finding, Severity};
pub use indicator::{Direction, Indicator, Measure, TakeUp};
pub use period::{Period, PeriodError};
pub use release::{Manifest, Release, ReleaseError};
pub use rule::Ruleset;
pub use signal::Signal;
pub use table::{DraftTable, Member, Table};
