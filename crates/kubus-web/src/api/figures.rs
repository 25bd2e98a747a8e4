//! One indicator at one level in one period: the figures of a map, and of an export.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kubus_model::release::AreaEntry;
use kubus_model::{AreaCode, AreaLevel, Cell, CellStatus, Indicator};
use kubus_signal::{Estimate, class_breaks, estimates};
use serde::Serialize;
use utoipa::ToSchema;

use super::failure::{Always, BadQuery, Hidden, NoRelease, SignedOut, Unchanged, Unknown};
use super::query::{Asked, Choice, Chosen};
use super::{Looked, record, reply};
use crate::App;
use crate::access::{Audience, Viewer};
use crate::problem::Problem;
use crate::published::Shown;

/// Where a figure comes from, and what must be known before it is used.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Provenance {
    pub(crate) release: u32,
    pub(crate) sources: Vec<String>,
    pub(crate) reference_date: Option<String>,
    pub(crate) rule: String,
    #[schema(required)]
    pub(crate) timeliness: Option<i64>,
    #[schema(required)]
    pub(crate) completeness: Option<f64>,
}

/// The figure of one area.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AreaFigure {
    pub(crate) id: u32,
    pub(crate) code: AreaCode,
    pub(crate) name: String,
    pub(crate) status: CellStatus,
    pub(crate) figure: Option<f64>,
    pub(crate) numerator: Option<i64>,
    pub(crate) denominator: Option<i64>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) reference: Option<f64>,
    pub(crate) certainty: Option<f64>,
    pub(crate) own_information: Option<f64>,
    pub(crate) too_uncertain: bool,
    pub(crate) estimated_share: f32,
    pub(crate) provisional: bool,
}

/// The answer of `GET /api/figures`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Figures {
    pub(crate) indicator: String,
    pub(crate) level: AreaLevel,
    pub(crate) period: String,
    pub(crate) member: String,
    pub(crate) breaks: Vec<f64>,
    pub(crate) unit_name: BTreeMap<String, String>,
    pub(crate) provenance: Provenance,
    pub(crate) areas: Vec<AreaFigure>,
}

/// The figures of one indicator at one level in one period.
#[utoipa::path(
    get, path = "/figures", operation_id = "getFigures", params(Choice),
    responses((status = 200, description = "The answer.", body = Figures), Unchanged, BadQuery, SignedOut, Hidden, Unknown, NoRelease, Always)
)]
pub(super) async fn figures(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Asked(choice): Asked<Choice>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    let audience = viewer.audience();
    choice.find(&shown, audience)?;
    record(&app, &viewer, &shown, looked("figures", &choice)).await?;
    let question = format!("figures {choice:?}");
    reply::json(&shown, &viewer, &headers, question, move |shown| of(shown, audience, &choice)).await
}

/// What someone looked at.
pub(super) fn looked(action: &'static str, choice: &Choice) -> Looked {
    Looked {
        action,
        indicator: Some(choice.indicator.clone()),
        level: Some(choice.level.to_string()),
        period: Some(choice.period.clone()),
        ..Looked::default()
    }
}

/// The figures of a choice.
pub(super) fn of(shown: &Shown, audience: Audience, choice: &Choice) -> Result<Figures, Problem> {
    let chosen = choice.find(shown, audience)?;
    let level = chosen.table.level();
    let estimates = estimates(&shown.release, &chosen.indicator.id, level, chosen.period, &chosen.member);
    let area = |at: usize, code: &AreaCode| {
        let cell = chosen.table.cell(at, chosen.period_at, chosen.member_at);
        figure(chosen.indicator, shown.release.area(level, code), code, cell, estimates.get(at))
    };
    Ok(Figures {
        indicator: chosen.indicator.id.clone(),
        level: level.clone(),
        period: chosen.period.to_string(),
        member: chosen.member.key(),
        breaks: class_breaks(&shown.release, &chosen.indicator.id, level, &chosen.member),
        unit_name: chosen.indicator.unit_name.clone(),
        provenance: provenance(shown, &chosen),
        areas: chosen.table.areas().iter().enumerate().map(|(at, code)| area(at, code)).collect(),
    })
}

fn figure(
    indicator: &Indicator,
    entry: Option<&AreaEntry>,
    code: &AreaCode,
    cell: &Cell,
    estimate: Option<&Estimate>,
) -> AreaFigure {
    AreaFigure {
        id: entry.map_or(u32::MAX, |entry| entry.id),
        code: code.clone(),
        name: entry.map_or_else(|| code.to_string(), |entry| entry.name.clone()),
        status: cell.status,
        figure: cell.figure(indicator.per),
        numerator: cell.numerator,
        denominator: cell.denominator,
        low: estimate.and_then(|e| e.low),
        high: estimate.and_then(|e| e.high),
        reference: estimate.and_then(|e| e.reference),
        certainty: estimate.and_then(|e| e.certainty),
        own_information: estimate.and_then(|e| e.own_information),
        too_uncertain: estimate.is_some_and(|e| e.too_uncertain),
        estimated_share: cell.estimated_share,
        provisional: cell.provisional,
    }
}

/// The sources of an indicator: their oldest reference date, the largest delay, the smallest
/// completeness.
fn provenance(shown: &Shown, chosen: &Chosen<'_>) -> Provenance {
    let manifest = shown.release.manifest();
    let own = || manifest.sources.iter().filter(|source| chosen.indicator.sources.contains(&source.id));
    Provenance {
        release: manifest.number,
        sources: chosen.indicator.sources.clone(),
        reference_date: own().filter_map(|source| source.reference_date.clone()).min(),
        rule: manifest.rules.name.clone(),
        timeliness: own().filter_map(|source| source.delay_days).max(),
        completeness: own().map(|source| source.completeness).reduce(f64::min),
    }
}
