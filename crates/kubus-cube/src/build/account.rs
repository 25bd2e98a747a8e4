//! What is said about each source: how late, how complete, at what level, since when. Called by
//! [`super::build`] and [`super::check`].

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use kubus_model::release::SourceStatement;
use kubus_model::{AreaLevel, Finding, Period};

use super::FileReport;
use super::calendar::months_of;
use super::world::World;
use crate::declaration::{Declarations, SourceDeclaration};
use crate::link::{Linked, date, day};
use crate::source::find_files;

/// Days in a month, on average and rounded up: a delivery is late beyond this many per month.
const DAYS_PER_MONTH: i64 = 31;
/// Below this share of rows counted a delivery is called incomplete.
const COMPLETE: f64 = 0.95;

/// The day on which the newest file of each source was delivered.
pub(crate) fn delivered(declarations: &Declarations, deliveries: &Path) -> BTreeMap<String, i32> {
    let newest = |source: &SourceDeclaration| {
        let files = find_files(deliveries, &source.file);
        let times = files.iter().filter_map(|path| path.metadata().ok()?.modified().ok());
        let newest: SystemTime = times.max()?;
        Some((source.id.clone(), day(chrono::DateTime::<chrono::Utc>::from(newest).date_naive())))
    };
    declarations.sources.iter().filter_map(newest).collect()
}

/// One statement per source, in declared order.
pub(crate) fn statements(
    world: &World<'_>,
    linked: &Linked,
    delivered: &BTreeMap<String, i32>,
) -> Vec<SourceStatement> {
    let statement = |source: &SourceDeclaration| Statement { world, linked, source }.make(delivered.get(&source.id));
    world.declarations.sources.iter().map(statement).collect()
}

/// What a reader must know before the figures are used.
pub(crate) fn warnings(statements: &[SourceStatement]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for statement in statements {
        if let Some(days) = statement.late_days.filter(|days| *days > 0) {
            findings.push(Finding::warning("source-late").source(&statement.id).with("days", days));
        }
        if statement.completeness < COMPLETE {
            let share = format!("{:.0}", statement.completeness * 100.0);
            findings.push(Finding::warning("source-incomplete").source(&statement.id).with("share", share));
        }
        if statement.coverage < COMPLETE {
            let share = format!("{:.0}", statement.coverage * 100.0);
            findings.push(Finding::warning("source-not-placed").source(&statement.id).with("share", share));
        }
    }
    findings
}

struct Statement<'a> {
    world: &'a World<'a>,
    linked: &'a Linked,
    source: &'a SourceDeclaration,
}

impl Statement<'_> {
    fn make(&self, delivered: Option<&i32>) -> SourceStatement {
        let source = self.source;
        let covered = self.world.covered(&source.id);
        let delay = covered.zip(delivered).map(|(span, day)| i64::from(*day) - i64::from(span.last));
        let (placed, rows) = self.world.placed(source);
        SourceStatement {
            id: source.id.clone(),
            name: source.name.clone(),
            owner: source.owner.clone(),
            attribution: attribution(source),
            purpose: source.purpose.clone(),
            legal_basis: source.legal_basis.clone(),
            reference_date: covered.map(|span| date(span.last).to_string()),
            since: covered.map(|span| Period::month_of(date(span.first))),
            delay_days: delay,
            late_days: delay.map(|days| days - i64::from(months_of(&source.rhythm)) * DAYS_PER_MONTH),
            completeness: self.completeness(),
            coverage: part(placed as u64, rows as u64),
            level: self.level(),
        }
    }

    fn completeness(&self) -> f64 {
        let own = |file: &&FileReport| file.source == self.source.id;
        let files = || self.linked.files.iter().filter(own);
        let counted: u64 = files().map(|file| file.counted).sum();
        let refused: u64 = files().map(|file| file.refused).sum();
        part(counted, counted + refused)
    }

    /// The finest level at which the source can be placed.
    fn level(&self) -> AreaLevel {
        let level = &self.source.location.level;
        if level.as_str() != "unit" && level.as_str() != "address" {
            return level.clone();
        }
        let finest = self.world.declarations.areas.iter().max_by_key(|area| area.rank);
        finest.map_or_else(|| level.clone(), |area| area.level.clone())
    }
}

fn attribution(source: &SourceDeclaration) -> Option<String> {
    let public = source.public.first()?;
    Some(format!("{}, {} ({}), {}", public.publisher, public.product, public.licence, public.address))
}

#[expect(clippy::cast_precision_loss, reason = "a share of rows, shown in whole per cents")]
fn part(some: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { some as f64 / all as f64 }
}
