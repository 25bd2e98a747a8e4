//! The only code that writes files: atomic publish, manifest, seal, hash-chained ledger.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`file`] | a file is written whole or not at all |
//! | [`table`] | the figures of one indicator at one level, as a Parquet file |
//! | [`key`] | the keys a town keeps outside its folder |
//! | [`chain`] | lines that each hold the hash of the line before |
//! | [`record`] | forecasts recorded before their outcome is known, chained |
//! | [`ledger`] | the list of releases; each line holds the hash of the one before |
//! | [`publish`] | a draft becomes a numbered, sealed, immutable release |
//! | [`recover`] | what a killed publication left behind becomes the old or the new |
//! | [`open`] | from a release folder to a checked [`kubus_model::Release`] |
//! | [`mod@verify`] | seals, ledger, files and figures of a whole series, as findings |
//!
//! Architecture Invariant: a reader sees the release before or the release after, never a mix.
//! Every write point has a name (a fail point), and `tests/crash.rs` kills a process at each.

pub mod chain;
pub mod file;
pub mod key;
pub mod ledger;
pub mod open;
pub mod publish;
pub mod record;
pub mod recover;
pub mod table;
pub mod verify;

pub use file::{write_atomic, write_atomic_private};
pub use key::{LinkKey, SealingKey};
pub use ledger::Ledger;
pub use open::{latest, list, open_release};
pub use publish::{Published, ReleaseDraft, publish};
pub use record::Records;
pub use verify::verify;
