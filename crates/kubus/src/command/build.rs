//! `kubus check` and `kubus build`: from deliveries to a report, and to a cube in the vault.

use std::path::Path;

use kubus_cube::build::{self, BuildError, Report};
use kubus_cube::exact::Cube;
use kubus_model::{Finding, Severity};
use kubus_store::{LinkKey, write_atomic};

use super::{Context, Failure, Outcome, has_errors, keys_of};
use crate::arguments::Format;

/// So many findings are shown; the report has them all.
const SHOWN: usize = 40;

pub(super) fn check(context: &Context, town: &Path) -> Outcome {
    exists(town)?;
    let stages = context.stages();
    let report = build::check(town, &|stage, done| stages.show(stage, done));
    stages.finish();
    write_report(context, town, &report)?;
    tell(context, &report);
    if has_errors(&report.findings) { Err(refused(&report)) } else { Ok(()) }
}

pub(super) fn run(context: &Context, town: &Path) -> Outcome {
    let (cube, _) = make(context, town)?;
    Ok(build::write_vault(&cube, town)?)
}

/// Builds the cube and writes the report, also when the deliveries are refused.
pub(super) fn make(context: &Context, town: &Path) -> Result<(Cube, Report), Failure> {
    exists(town)?;
    let key = LinkKey::load(&keys_of(town)?, town)?;
    let stages = context.stages();
    let built = build::build(town, &key, &|stage, done| stages.show(stage, done));
    stages.finish();
    match built {
        Ok((cube, report)) => {
            write_report(context, town, &report)?;
            tell(context, &report);
            Ok((cube, report))
        }
        Err(BuildError::Refused(report)) => {
            write_report(context, town, &report)?;
            tell(context, &report);
            Err(refused(&report))
        }
        Err(error) => Err(error.into()),
    }
}

/// Nothing is written in a place that is no town.
fn exists(town: &Path) -> Outcome {
    if town.join("town.toml").is_file() {
        return Ok(());
    }
    Err(Failure::user(vec![Finding::error("town-not-found").with("path", town.display())]))
}

fn refused(report: &Report) -> Failure {
    let errors = report.findings.iter().filter(|f| has_errors(std::slice::from_ref(f))).count();
    Failure::user(vec![Finding::error("build-refused").with("count", errors)])
}

fn write_report(context: &Context, town: &Path, report: &Report) -> Outcome {
    let folder = town.join("reports");
    std::fs::create_dir_all(&folder).map_err(|source| kubus_store::file::FileError {
        action: "write",
        path: folder.clone(),
        source,
    })?;
    let json = serde_json::to_vec_pretty(report).map_err(|e| BuildError::Internal(e.to_string()))?;
    write_atomic(&folder.join("report.json"), &json)?;
    let messages = &context.messages;
    let sentence = |finding: &Finding| messages.sentence(finding);
    let html = build::report_html(report, messages.language(), &sentence, &|code| messages.text(code, &[]));
    Ok(write_atomic(&folder.join("report.html"), html.as_bytes())?)
}

/// Shows what was found: the worst first, findings of one kind in one file as one line.
fn tell(context: &Context, report: &Report) {
    if context.format == Format::Json {
        context.say(&serde_json::to_string(report).unwrap_or_default());
        return;
    }
    let groups = groups(&report.findings);
    for (finding, count) in groups.iter().take(SHOWN) {
        context.complain(finding);
        if *count > 1 {
            context.say(&context.messages.text("report-alike", &[("count", (count - 1).to_string())]));
        }
    }
    let shown: usize = groups.iter().take(SHOWN).map(|(_, count)| count).sum();
    if shown < report.findings.len() {
        let more = [("count", (report.findings.len() - shown).to_string())];
        context.say(&context.messages.text("report-more", &more));
    }
}

/// Warnings and errors by kind and file, errors first: the first of each, and how many there are.
fn groups(findings: &[Finding]) -> Vec<(&Finding, usize)> {
    let kind = |f: &&Finding| (std::cmp::Reverse(f.severity), f.source.clone(), f.file.clone(), f.code.clone());
    let mut sorted: Vec<&Finding> = findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
    sorted.sort_by_key(kind);
    sorted.chunk_by(|one, other| kind(one) == kind(other)).map(|alike| (alike[0], alike.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_of_one_kind_are_one_line_and_errors_come_first() {
        let late = Finding::warning("source-late").source("b");
        let bad = |row| Finding::warning("value-not-a-date").source("a").row(row);
        let wrong = Finding::error("source-empty").source("z");
        let findings = [late, bad(3), bad(9), wrong, Finding::info("source-sniffed")];
        let told: Vec<(&str, usize)> = groups(&findings).iter().map(|(f, n)| (f.code.as_str(), *n)).collect();
        assert_eq!(told, [("source-empty", 1), ("value-not-a-date", 2), ("source-late", 1)]);
    }
}
