//! `kubus scan`: the circle with more cases than chance gives its people.

use std::fmt::Write as _;
use std::path::Path;

use kubus_model::Finding;
use kubus_signal::space::SpaceError;
use kubus_signal::space::scan::{self, Cluster, Options};
use kubus_store::write_atomic;

use super::areas::{self, Areas, Files};
use super::{Context, Failure, Outcome, signal};
use crate::arguments::{Format, ScanArguments};

/// Clusters with a higher p-value are not told in words.
const TOLD: f64 = 0.05;

pub(super) fn run(context: &Context, asked: &ScanArguments) -> Outcome {
    let areas = areas_of(asked)?;
    let threads = rayon::ThreadPoolBuilder::new().num_threads(asked.jobs.unwrap_or(0)).build();
    let found = threads.map_or_else(|_| clusters(&areas, asked), |pool| pool.install(|| clusters(&areas, asked)))?;
    match (&asked.out, context.format) {
        (Some(path), Format::Json) => write_atomic(path, json(&areas, &found).as_bytes())?,
        (Some(path), Format::Csv | Format::Text) => write_atomic(path, csv(&areas, &found).as_bytes())?,
        (None, Format::Json) => context.say(&json(&areas, &found)),
        (None, Format::Csv) => context.say(csv(&areas, &found).trim_end()),
        (None, Format::Text) => {}
    }
    if context.format == Format::Text {
        tell(context, &areas, &found);
    }
    Ok(())
}

fn areas_of(asked: &ScanArguments) -> Result<Areas, Failure> {
    if let (Some(path), Some(indicator), Some(level)) = (&asked.release, &asked.indicator, &asked.level) {
        let release = signal::open(path)?;
        let (indicator, table) = areas::table_of(&release, indicator, level)?;
        return Ok(areas::of_release(&release, indicator, table));
    }
    let path = asked.areas.as_deref().unwrap_or_else(|| Path::new("areas.csv"));
    areas::read(&Files { areas: path, edges: None }, &["x", "y", "pop", "cases"])
}

/// The clusters of the areas that have a figure, numbered as all areas are.
fn clusters(areas: &Areas, asked: &ScanArguments) -> Result<Vec<Cluster>, Failure> {
    let (Some([cases, population]), Some([x, y])) = (&areas.counts, &areas.place) else {
        return Err(Failure::user(vec![Finding::error("scan-no-counts")]));
    };
    let kept: Vec<usize> = (0..areas.ids.len()).filter(|at| areas.status[*at].is_published()).collect();
    let pick = |column: &[f64]| kept.iter().map(|at| column[*at]).collect::<Vec<f64>>();
    let whole = |at: &usize| {
        let wrong = || Finding::error("scan-cases-wrong").with("name", &areas.ids[*at]);
        count(cases[*at]).ok_or_else(|| Failure::user(vec![wrong()]))
    };
    let cases = kept.iter().map(whole).collect::<Result<Vec<u32>, Failure>>()?;
    let (population, x, y) = (pick(population), pick(x), pick(y));
    let subject = scan::Areas { cases: &cases, population: &population, place: [&x, &y] };
    let options = Options { max_share: asked.max_share, maps: asked.perms, seed: asked.seed };
    let mut found = scan::scan(subject, options).map_err(|error| match error {
        SpaceError::TooMany(count) => {
            let finding = Finding::error("scan-too-many").with("areas", count).with("most", scan::MOST_AREAS);
            Failure::user(vec![finding])
        }
        other => areas::explain(&other, &kept.iter().map(|at| areas.ids[*at].clone()).collect::<Vec<_>>()),
    })?;
    found.iter_mut().flat_map(|cluster| &mut cluster.members).for_each(|at| *at = kept[*at]);
    Ok(found)
}

/// A whole number of cases that is not negative.
fn count(cases: f64) -> Option<u32> {
    let whole = cases >= 0.0 && cases <= f64::from(i32::MAX) && cases.fract().abs() < f64::EPSILON;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within bounds")]
    whole.then_some(cases as u32)
}

fn codes<'a>(areas: &'a Areas, cluster: &Cluster) -> Vec<&'a str> {
    cluster.members.iter().map(|at| areas.ids[*at].as_str()).collect()
}

/// One line per cluster; its areas stand in one cell, separated by spaces.
fn csv(areas: &Areas, found: &[Cluster]) -> String {
    let mut text = "rank,areas,cases,expected,relative_risk,llr,p,p_gumbel,p_guarded,members\n".to_owned();
    let optional = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for (rank, c) in (1..).zip(found) {
        let members = codes(areas, c).join(" ").replace('"', "\"\"");
        let p = [c.p, c.gumbel_p, c.guarded_p].map(optional).join(",");
        let (areas, expected, risk) = (c.members.len(), c.expected, c.relative_risk);
        // Writing to a String does not fail.
        let _ = writeln!(text, "{rank},{areas},{},{expected},{risk},{},{p},\"{members}\"", c.cases, c.llr);
    }
    text
}

fn json(areas: &Areas, found: &[Cluster]) -> String {
    let of = |c: &Cluster| {
        serde_json::json!({
            "members": codes(areas, c), "cases": c.cases, "expected": c.expected, "relative_risk": c.relative_risk,
            "llr": c.llr, "p": c.p, "p_gumbel": c.gumbel_p, "p_guarded": c.guarded_p,
        })
    };
    let clusters: Vec<serde_json::Value> = found.iter().map(of).collect();
    serde_json::json!({"period": areas.period, "clusters": clusters}).to_string()
}

fn tell(context: &Context, areas: &Areas, found: &[Cluster]) {
    let missing = areas.status.iter().filter(|status| !status.is_published()).count();
    let told = |cluster: &&Cluster| cluster.p.is_none_or(|p| p <= TOLD);
    let counts = [
        ("areas", (areas.ids.len() - missing).to_string()),
        ("missing", missing.to_string()),
        ("period", areas.period.map_or_else(String::new, |period| period.to_string())),
        ("clusters", found.iter().filter(told).count().to_string()),
    ];
    let period = areas.period.map(|_| "space-period");
    for code in ["scan-areas"].into_iter().chain(period) {
        context.say(&context.messages.text(code, &counts));
    }
    let p = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
    for cluster in found.iter().filter(told) {
        let parameters = [
            ("count", cluster.members.len().to_string()),
            ("centre", areas.ids[cluster.members[0]].clone()),
            ("cases", cluster.cases.to_string()),
            ("expected", format!("{:.1}", cluster.expected)),
            ("risk", format!("{:.2}", cluster.relative_risk)),
            ("llr", format!("{:.2}", cluster.llr)),
            ("p", p(cluster.p)),
            ("guarded", p(cluster.guarded_p)),
        ];
        let code = if cluster.guarded_p.is_some() { "scan-cluster-guarded" } else { "scan-cluster" };
        context.say(&context.messages.text(code, &parameters));
    }
    context.say(&context.messages.text("space-no-cause", &[]));
}
