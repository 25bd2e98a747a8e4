//! The workshop: `kubus`, the command line of the research department. It sees raw rows and exact
//! counts; what leaves it is a sealed release.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`arguments`] | what can be asked, with examples |
//! | [`command`] | one file per command |
//! | [`message`] | findings in words, Dutch and English |
//! | [`progress`] | a line of progress on a terminal, nothing in a file |
//! | [`town`] | a fictional municipality |
//! | [`fetch`] | public sources by their declared addresses |

mod arguments;
mod command;
mod fetch;
mod message;
mod progress;
mod town;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The program starts itself again to read one untrusted file within limits.
    if std::env::args_os().nth(1).is_some_and(|first| first == "read-source") {
        return ExitCode::from(kubus_cube::source::child_main());
    }
    command::run(arguments::Arguments::parse())
}
