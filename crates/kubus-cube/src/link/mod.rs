//! Pseudonyms, record keys, recodes, and joins between sources, through DataFusion.
//!
//! Every person and household number is replaced by a keyed hash as soon as it is read; nothing
//! downstream sees the number. Called by [`crate::build`].
