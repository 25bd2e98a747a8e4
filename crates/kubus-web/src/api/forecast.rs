//! What lies ahead of an indicator, whether that is worth anything, and at which levels; and what
//! could be known at all. Both are functions of the release, or of the question alone.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kubus_model::{AreaCode, AreaLevel};
use kubus_signal::feasibility::{self, Answer, Level, Question};
use kubus_signal::forecast::outlook::{self, Ahead, LevelOutlook, Past};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::failure::{Always, BadQuery, Hidden, NoRelease, SignedOut, Unchanged, Unknown};
use super::query::{Asked, indicator};
use super::{Looked, record, reply};
use crate::App;
use crate::access::Viewer;
use crate::problem::Problem;

/// Periods that are forecast.
const STEPS: usize = 6;

/// Which series.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Indicator identifier.
    indicator: String,
    /// Area level; the finest that is worth it when left out.
    level: Option<AreaLevel>,
    /// Area; the first of the level when left out.
    area: Option<AreaCode>,
}

/// The past of one area, and what lies ahead.
#[derive(Serialize, ToSchema)]
struct AreaOutlook {
    level: AreaLevel,
    area: AreaCode,
    area_name: String,
    past: Vec<Past>,
    ahead: Vec<Ahead>,
}

/// The answer of `GET /api/forecast`.
#[derive(Serialize, ToSchema)]
struct Outlook {
    release: u32,
    indicator: String,
    /// Levels that were tried, finest first; refused ones too.
    levels: Vec<LevelOutlook>,
    /// The finest level that is worth it.
    finest: Option<AreaLevel>,
    /// One area, unless every level is refused.
    shown: Option<AreaOutlook>,
}

/// What lies ahead of an indicator, and whether that is worth anything.
#[utoipa::path(
    get, path = "/forecast", operation_id = "getForecast", params(Wanted),
    responses((status = 200, description = "The answer.", body = Outlook), Unchanged, BadQuery, Hidden, Unknown, SignedOut, NoRelease, Always)
)]
pub(super) async fn forecast(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    let looked = Looked {
        action: "forecast",
        indicator: Some(wanted.indicator.clone()),
        level: wanted.level.as_ref().map(ToString::to_string),
        area: wanted.area.as_ref().map(ToString::to_string),
        ..Looked::default()
    };
    record(&app, &viewer, &shown, looked).await?;
    let audience = viewer.audience();
    let question = format!("forecast {wanted:?}");
    reply::json(&shown, &viewer, &headers, question, move |shown| {
        let release = &shown.release;
        let described = indicator(shown, &wanted.indicator)?;
        let seen = |level: &&LevelOutlook| audience.may_see(release, described, &level.level);
        let levels: Vec<LevelOutlook> = shown.outlooks(&wanted.indicator).iter().filter(seen).cloned().collect();
        if levels.is_empty() {
            return Err(Problem::NotAuthorised);
        }
        let finest = levels.iter().find(|level| level.passes).map(|level| level.level.clone());
        let asked = match &wanted.level {
            Some(asked) => Some(levels.iter().find(|l| l.level == *asked).ok_or(Problem::NotFound("level"))?),
            None => levels.iter().find(|l| l.passes).or_else(|| levels.iter().rev().find(|l| l.verdict.is_some())),
        };
        let shown = match asked {
            Some(level) => area_of(release, &wanted, level)?,
            None => None,
        };
        Ok(Outlook { release: release.manifest().number, indicator: wanted.indicator.clone(), levels, finest, shown })
    })
    .await
}

/// The asked area of a level; nothing when the level is refused.
fn area_of(
    release: &kubus_model::Release,
    wanted: &Wanted,
    level: &LevelOutlook,
) -> Result<Option<AreaOutlook>, Problem> {
    let Some(verdict) = &level.verdict else { return Ok(None) };
    let first = release.areas(&level.level).first().map(|entry| entry.code.clone());
    let code = wanted.area.clone().or(first).ok_or(Problem::NotFound("area"))?;
    let entry = release.area(&level.level, &code).ok_or(Problem::NotFound("area"))?;
    let found = outlook::area(release, &wanted.indicator, &level.level, &code, STEPS, verdict);
    let (past, ahead) = found.ok_or(Problem::NotFound("area"))?;
    Ok(Some(AreaOutlook { level: level.level.clone(), area_name: entry.name.clone(), area: code, past, ahead }))
}

/// What should be found, in data of which this is known.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Feasibility {
    /// Events per 1,000 persons (or households) and year.
    #[param(minimum = 0)]
    per_1000: f64,
    /// Levels, finest first, each as `name:areas:persons per area`, separated by commas.
    #[param(example = "buurt:10:2000,wijk:2:10000")]
    levels: String,
    /// Years that are collected.
    #[param(minimum = 0, maximum = 100)]
    years: Option<f64>,
    /// Smallest ratio to the usual rate that matters.
    #[param(minimum = 1, maximum = 100)]
    ratio: Option<f64>,
    /// Smallest yearly change that matters.
    change: Option<f64>,
    /// How an intervention multiplies the count.
    #[param(minimum = 0, maximum = 10)]
    effect: Option<f64>,
    /// Share of the events that is in the data.
    #[param(minimum = 0, maximum = 1)]
    coverage: Option<f64>,
    /// Months by which the data are late.
    delay: Option<u32>,
}

/// The answer of `GET /api/feasibility`.
#[derive(Serialize, ToSchema)]
struct Feasible {
    question: Question,
    answer: Answer,
}

/// What could be known, before anyone asks for data.
#[utoipa::path(
    get, path = "/feasibility", operation_id = "getFeasibility", params(Feasibility),
    responses((status = 200, description = "The answer.", body = Feasible), Unchanged, BadQuery, SignedOut, NoRelease, Always)
)]
pub(super) async fn feasibility(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Asked(asked): Asked<Feasibility>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    let question = question(&asked)?;
    reply::json(&shown, &viewer, &headers, format!("feasibility {asked:?}"), move |_| {
        let answer = feasibility::answer(&question);
        Ok(Feasible { question, answer })
    })
    .await
}

fn question(asked: &Feasibility) -> Result<Question, Problem> {
    let usual = Question::default();
    let level = |text: &str| {
        let (name, numbers) = text.trim().split_once(':')?;
        let (areas, units) = numbers.split_once(':')?;
        Some(Level { name: name.trim().to_owned(), areas: areas.parse().ok()?, units: units.parse().ok()? })
    };
    let levels: Option<Vec<Level>> = asked.levels.split(',').map(level).collect();
    let question = Question {
        rate: asked.per_1000 / 1000.0,
        levels: levels.ok_or(Problem::BadRequest("levels"))?,
        years: asked.years.unwrap_or(usual.years),
        ratio: asked.ratio.unwrap_or(usual.ratio),
        change: asked.change.unwrap_or(usual.change),
        effect: asked.effect.unwrap_or(usual.effect),
        coverage: asked.coverage.unwrap_or(usual.coverage),
        delay: asked.delay.unwrap_or(usual.delay),
        ..usual
    };
    question.checked().map_err(|outside| Problem::BadRequest(outside.name))
}
