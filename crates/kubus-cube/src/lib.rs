//! Deliveries to cube: source formats, area schemes and vintages, linking, aggregation.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`declaration`] | what a town declares in `towns/<name>/*.toml`, validated |
//! | [`source`] | one file per source format; untrusted files are read in a limited child process |
//! | [`area`] | schemes, vintages, atoms, crosswalks, adjacency |
//! | [`link`] | pseudonyms, joins and recodes, through DataFusion |
//! | [`aggregate`] | the kernel: packed keys, one pass, roll-up; and its oracle |
//! | [`exact`] | the cube itself: exact counts, for the workshop only |
//! | [`build`] | the whole way from deliveries to a cube in the vault |
//!
//! Architecture Invariant: `kubus-web` and `kubus-signal` do not depend on this crate.

pub mod aggregate;
pub mod area;
pub mod build;
pub mod declaration;
pub mod exact;
pub mod link;
pub mod source;
