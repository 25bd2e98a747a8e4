//! What the release holds: its description, the areas of a level, and their boundaries.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kubus_model::release::{AttackStatement, LevelEntry, SourceStatement};
use kubus_model::{AreaCode, AreaLevel, Direction, Indicator, Period, Ruleset, Table};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::failure::{Always, BadPlace, NoRelease, SignedOut, Unchanged, Unknown};
use super::query::Named;
use super::reply;
use crate::App;
use crate::access::{Audience, Viewer};
use crate::background::BackgroundMap;
use crate::problem::Problem;
use crate::published::Shown;

/// Part of the areas of a level that must have a figure before the map opens on it.
const FILLED: f64 = 0.5;

/// Whether the window works, and which release it shows.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    status: &'static str,
    #[schema(required)]
    release: Option<u32>,
}

/// Whether the window works. Open to everyone.
#[utoipa::path(
    get, path = "/health", operation_id = "getHealth", security(()),
    responses((status = 200, description = "The answer.", body = Health), Always)
)]
pub(super) async fn health(State(app): State<App>) -> Json<Health> {
    let release = app.published.now().map(|shown| shown.release.manifest().number);
    Json(Health { status: if release.is_some() { "ok" } else { "no-release" }, release })
}

#[derive(Serialize, ToSchema)]
struct MemberEntry {
    key: String,
    #[schema(value_type = Vec<Vec<String>>)]
    attributes: Vec<(String, String)>,
}

#[derive(Serialize, ToSchema)]
struct TableEntry<'a> {
    indicator: &'a str,
    level: &'a AreaLevel,
    periods: &'a [Period],
    breakdowns: &'a [Vec<String>],
    members: Vec<MemberEntry>,
}

#[derive(Serialize, ToSchema)]
struct DefaultView<'a> {
    indicator: &'a str,
    level: &'a AreaLevel,
    period: Period,
}

/// The release as the front end first sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = ReleaseDescription)]
struct Description<'a> {
    number: u32,
    town: &'a str,
    municipality: &'a str,
    published_at: Option<&'a str>,
    rules: &'a Ruleset,
    promise: &'a BTreeMap<String, String>,
    attack: &'a AttackStatement,
    levels: &'a [LevelEntry],
    indicators: &'a [Indicator],
    labels: &'a BTreeMap<String, BTreeMap<String, String>>,
    sources: &'a [SourceStatement],
    tables: Vec<TableEntry<'a>>,
    background_map: Option<&'a BackgroundMap>,
    default: Option<DefaultView<'a>>,
}

/// What the release holds, as far as this user may see it.
#[utoipa::path(
    get, path = "/release", operation_id = "getRelease",
    responses((status = 200, description = "The answer.", body = Description), Unchanged, SignedOut, NoRelease, Always)
)]
pub(super) async fn describe(State(app): State<App>, viewer: Viewer, headers: HeaderMap) -> Result<Response, Problem> {
    let audience = viewer.audience();
    let background = app.background.clone();
    // The setting is part of the question: an answer kept by a browser ends when it changes.
    let question = background.as_ref().map_or_else(|| "release".to_owned(), |map| format!("release {map:?}"));
    let make = move |shown: &Shown| {
        serde_json::to_value(description(shown, audience, background.as_deref())).map_err(unwritten)
    };
    reply::json(&app.shown()?, &viewer, &headers, question, make).await
}

fn unwritten(error: serde_json::Error) -> Problem {
    Problem::internal("description", error)
}

fn description<'a>(shown: &'a Shown, audience: Audience, background_map: Option<&'a BackgroundMap>) -> Description<'a> {
    let manifest = shown.release.manifest();
    let visible = |table: &&Table| {
        let indicator = shown.release.indicator(table.indicator());
        indicator.is_some_and(|indicator| audience.may_see(&shown.release, indicator, table.level()))
    };
    let tables: Vec<&Table> = shown.release.tables().iter().filter(visible).collect();
    Description {
        number: manifest.number,
        town: &manifest.town,
        municipality: &manifest.municipality,
        published_at: shown.published_at.as_deref(),
        rules: &manifest.rules,
        promise: &manifest.promise,
        attack: &manifest.attack,
        levels: &manifest.levels,
        indicators: &manifest.indicators,
        labels: &manifest.labels,
        sources: &manifest.sources,
        default: default_view(shown, &tables),
        tables: tables.into_iter().map(|table| entry(shown, table)).collect(),
        background_map,
    }
}

fn entry<'a>(shown: &'a Shown, table: &'a Table) -> TableEntry<'a> {
    let named = shown.release.manifest().tables.iter();
    let named = named.filter(|entry| entry.indicator == table.indicator() && entry.level == *table.level());
    TableEntry {
        indicator: table.indicator(),
        level: table.level(),
        periods: table.periods(),
        breakdowns: named.map(|entry| entry.breakdowns.as_slice()).next().unwrap_or_default(),
        members: table
            .members()
            .iter()
            .map(|member| MemberEntry { key: member.key(), attributes: member.attributes.clone() })
            .collect(),
    }
}

/// What the map opens on: the first indicator that points somewhere, its newest period, and its
/// finest level with boundaries at which enough areas have a figure.
fn default_view<'a>(shown: &'a Shown, tables: &[&'a Table]) -> Option<DefaultView<'a>> {
    let manifest = shown.release.manifest();
    let tables_of = |id: &str| tables.iter().filter(|table| table.indicator() == id).copied().collect::<Vec<_>>();
    let pointing = manifest.indicators.iter().filter(|i| i.direction != Direction::Neutral);
    let indicator = pointing.chain(&manifest.indicators).find(|i| !tables_of(&i.id).is_empty())?;
    let drawn =
        |level: &AreaLevel| manifest.levels.iter().find(|entry| entry.level == *level && entry.geometry.is_some());
    let mut ranked: Vec<(u8, &Table)> =
        tables_of(&indicator.id).into_iter().filter_map(|table| Some((drawn(table.level())?.rank, table))).collect();
    ranked.sort_by_key(|(rank, table)| (std::cmp::Reverse(*rank), table.level().clone()));
    let (_, table) = ranked.iter().find(|(_, table)| filled(table) >= FILLED).or_else(|| ranked.last())?;
    Some(DefaultView { indicator: &indicator.id, level: table.level(), period: *table.periods().last()? })
}

/// Part of the areas with a published figure in the newest period.
#[expect(clippy::cast_precision_loss, reason = "a share of areas")]
fn filled(table: &Table) -> f64 {
    let Some(newest) = table.periods().len().checked_sub(1) else { return 0.0 };
    let areas = table.areas().len();
    let published = (0..areas).filter(|area| table.cell(*area, newest, 0).status.is_published()).count();
    published as f64 / areas.max(1) as f64
}

/// A level, as an address names it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct Level {
    /// Level of the areas.
    level: AreaLevel,
}

/// An area of a level.
#[derive(Serialize, ToSchema)]
struct Area<'a> {
    id: u32,
    code: &'a AreaCode,
    name: &'a str,
    within: &'a BTreeMap<AreaLevel, AreaCode>,
    bounds: Option<[f64; 4]>,
}

#[derive(Serialize, ToSchema)]
struct AreaList<'a> {
    level: &'a AreaLevel,
    areas: Vec<Area<'a>>,
}

/// The areas of a level.
#[utoipa::path(
    get, path = "/areas/{level}", operation_id = "getAreas", params(Level),
    responses((status = 200, description = "The answer.", body = AreaList), Unchanged, BadPlace, SignedOut, Unknown, NoRelease, Always)
)]
pub(super) async fn areas(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Named(Level { level }): Named<Level>,
) -> Result<Response, Problem> {
    let question = format!("areas {level}");
    let make = move |shown: &Shown| {
        let entries = shown.release.areas(&level);
        if entries.is_empty() {
            return Err(Problem::NotFound("level"));
        }
        let areas = entries.iter().map(|area| Area {
            id: area.id,
            code: &area.code,
            name: &area.name,
            within: &area.within,
            bounds: area.bounds,
        });
        serde_json::to_value(AreaList { level: &level, areas: areas.collect() }).map_err(unwritten)
    };
    reply::json(&app.shown()?, &viewer, &headers, question, make).await
}

/// The boundaries of a level as they were sealed (`GeoJSON`, WGS84).
#[utoipa::path(
    get, path = "/geometry/{level}", operation_id = "getGeometry", params(Level),
    responses(
        (status = 200, description = "The answer.", body = Object, content_type = "application/geo+json"),
        Unchanged, BadPlace, SignedOut, Unknown, NoRelease, Always
    )
)]
pub(super) async fn geometry(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Named(Level { level }): Named<Level>,
) -> Result<Response, Problem> {
    let question = format!("geometry {level}");
    let make = move |shown: &Shown| {
        let found = shown.geometry(&level).map_err(|error| Problem::internal("boundaries", error))?;
        found.ok_or(Problem::NotFound("level"))
    };
    reply::bytes(&app.shown()?, &viewer, &headers, question, "application/geo+json", make).await
}
