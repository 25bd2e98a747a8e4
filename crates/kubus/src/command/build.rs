//! `kubus check` and `kubus build`: from deliveries to a report, and to a cube in the vault.

use std::path::Path;

use kubus_cube::build::{self, BuildError, Report};
use kubus_cube::exact::Cube;
use kubus_model::Finding;
use kubus_store::{LinkKey, write_atomic};

use super::{Context, Failure, Outcome, has_errors, keys_of};
use crate::arguments::Format;

/// So many findings are shown; the report has them all.
const SHOWN: usize = 40;

pub(super) fn check(context: &Context, town: &Path) -> Outcome {
    let stages = context.stages();
    let report = build::check(town, &|stage, done| stages.show(stage, done));
    stages.finish();
    write_report(town, &report)?;
    tell(context, &report);
    if has_errors(&report.findings) { Err(refused(&report)) } else { Ok(()) }
}

pub(super) fn run(context: &Context, town: &Path) -> Outcome {
    let (cube, _) = make(context, town)?;
    Ok(build::write_vault(&cube, town)?)
}

/// Builds the cube and writes the report, also when the deliveries are refused.
pub(super) fn make(context: &Context, town: &Path) -> Result<(Cube, Report), Failure> {
    let key = LinkKey::load(&keys_of(town)?, town)?;
    let stages = context.stages();
    let built = build::build(town, &key, &|stage, done| stages.show(stage, done));
    stages.finish();
    match built {
        Ok((cube, report)) => {
            write_report(town, &report)?;
            tell(context, &report);
            Ok((cube, report))
        }
        Err(BuildError::Refused(report)) => {
            write_report(town, &report)?;
            tell(context, &report);
            Err(refused(&report))
        }
        Err(error) => Err(error.into()),
    }
}

fn refused(report: &Report) -> Failure {
    let errors = report.findings.iter().filter(|f| has_errors(std::slice::from_ref(f))).count();
    Failure::user(vec![Finding::error("build-refused").with("count", errors)])
}

fn write_report(town: &Path, report: &Report) -> Outcome {
    let folder = town.join("reports");
    std::fs::create_dir_all(&folder).map_err(|source| kubus_store::file::FileError {
        action: "write",
        path: folder.clone(),
        source,
    })?;
    let json = serde_json::to_vec_pretty(report).map_err(|e| BuildError::Internal(e.to_string()))?;
    Ok(write_atomic(&folder.join("report.json"), &json)?)
}

fn tell(context: &Context, report: &Report) {
    if context.format == Format::Json {
        context.say(&serde_json::to_string(report).unwrap_or_default());
        return;
    }
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings.iter().take(SHOWN).for_each(|finding| context.complain(finding));
    if findings.len() > SHOWN {
        let more = [("count", (findings.len() - SHOWN).to_string())];
        context.say(&context.messages.text("report-more", &more));
    }
}
