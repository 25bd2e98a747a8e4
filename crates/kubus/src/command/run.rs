//! `kubus run`: from deliveries to signals in one go.

use std::path::Path;

use kubus_cube::build::write_vault;

use super::{Context, Outcome, build, release, signal};

pub(super) fn run(context: &Context, town: &Path) -> Outcome {
    let (cube, _) = build::make(context, town)?;
    write_vault(&cube, town)?;
    let published = release::make(context, town, &cube, &cube.rules)?;
    signal::run(context, &published.path, None, None)
}
