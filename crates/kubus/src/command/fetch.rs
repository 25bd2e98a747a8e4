//! `kubus fetch`: public sources by their declared addresses.

use std::path::Path;

use super::{Context, Failure, Outcome, declarations, has_errors};
use crate::fetch::{FetchOptions, fetch};

pub(super) fn run(context: &Context, town: &Path, allow_hosts: Vec<String>) -> Outcome {
    let declarations = declarations(town)?;
    let stages = context.stages();
    let options = FetchOptions { allow_hosts, ..FetchOptions::default() };
    let fetched = fetch(town, &declarations, &options, &|file, done| stages.show(file, done));
    stages.finish();
    let findings = fetched?;
    if has_errors(&findings) {
        return Err(Failure::user(findings));
    }
    findings.iter().for_each(|finding| context.complain(finding));
    Ok(())
}
