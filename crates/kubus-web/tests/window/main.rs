//! The built program `kubus-web`, driven from outside over HTTP with small releases made here.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `town` | a small release |
//! | `running` | a running window and a client |
//! | `shape` | whether an answer is as the description of the API says |
//! | the others | the tests |
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

mod answers;
mod background;
mod commands;
mod files;
mod limits;
mod releases;
mod running;
mod shape;
mod signing_in;
mod town;
