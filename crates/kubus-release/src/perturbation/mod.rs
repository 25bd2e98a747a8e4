//! Perturbation by cell key: what noise a count gets, and how it is drawn.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`entropy`] | the maximum-entropy probabilities of one count |
//! | [`table`] | the perturbation table (ptable) of given D, V and js, published with the release |
//! | [`cell_key`] | from the sum of record keys to a uniform number, by a secret of the series |
//!
//! Thompson, Broadfoot and Elazar (2013), UNECE work session on statistical data confidentiality;
//! Giessing (2016), PSD 2016, LNCS 9867, 237–251. Called by [`mod@crate::protect`]; the attacker uses
//! [`table`] only, for the parameters are public.

pub mod cell_key;
pub mod entropy;
pub mod table;

pub use cell_key::CellKeys;
pub use table::PerturbationTable;
