//! All releases for whoever guards the promise: what was promised, what was tried against it, and
//! what differs from one to the next. No figure is in these answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kubus_model::release::AttackStatement;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::failure::{Always, BadQuery, NoRelease, SignedOut, Unknown};
use super::query::Asked;
use super::{Looked, record, reply};
use crate::App;
use crate::access::Viewer;
use crate::difference::{self, Difference};
use crate::past::{LevelTally, Past};
use crate::problem::Problem;

/// One release.
#[derive(Serialize, ToSchema)]
struct PastRelease {
    number: u32,
    #[schema(required)]
    published_at: Option<String>,
    rules: String,
    promise: BTreeMap<String, String>,
    attack: AttackStatement,
    levels: Vec<LevelTally>,
}

/// The answer of `GET /api/releases`.
#[derive(Serialize, ToSchema)]
pub(super) struct ReleaseList {
    /// Newest first.
    releases: Vec<PastRelease>,
    /// Numbers of releases that are there and do not open: their seal or a file is not right.
    unopened: Vec<u32>,
}

/// All releases, newest first.
#[utoipa::path(
    get, path = "/releases", operation_id = "getReleases",
    responses((status = 200, description = "The answer.", body = ReleaseList), SignedOut, NoRelease, Always)
)]
pub(super) async fn releases(State(app): State<App>, viewer: Viewer) -> Result<Json<ReleaseList>, Problem> {
    let shown = app.shown()?;
    record(&app, &viewer, &shown, Looked { action: "releases", ..Looked::default() }).await?;
    let published = Arc::clone(&app.published);
    let numbers = published.numbers();
    let opened = reply::off_thread(move || {
        Ok(numbers.into_iter().rev().map(|number| (number, published.past(number).ok())).collect::<Vec<_>>())
    });
    let opened = opened.await?;
    let unopened = opened.iter().filter(|(_, past)| past.is_none()).map(|(number, _)| *number).collect();
    let releases = opened.into_iter().filter_map(|(_, past)| past).map(|past| described(&past)).collect();
    Ok(Json(ReleaseList { releases, unopened }))
}

fn described(past: &Past) -> PastRelease {
    PastRelease {
        number: past.manifest.number,
        published_at: past.published_at.clone(),
        rules: past.manifest.rules.name.clone(),
        promise: past.manifest.promise.clone(),
        attack: past.manifest.attack.clone(),
        levels: past.levels.clone(),
    }
}

/// Which two releases.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Pair {
    /// Number of the earlier release.
    before: u32,
    /// Number of the later release.
    after: u32,
}

/// What differs between two releases.
#[utoipa::path(
    get, path = "/releases/difference", operation_id = "getDifference", params(Pair),
    responses((status = 200, description = "The answer.", body = Difference), BadQuery, Unknown, SignedOut, NoRelease, Always)
)]
pub(super) async fn difference(
    State(app): State<App>,
    viewer: Viewer,
    Asked(pair): Asked<Pair>,
) -> Result<Json<Difference>, Problem> {
    let shown = app.shown()?;
    record(&app, &viewer, &shown, Looked { action: "difference", ..Looked::default() }).await?;
    let published = Arc::clone(&app.published);
    let found = reply::off_thread(move || {
        let past = |number| published.past(number).map_err(|_| Problem::NotFound("release"));
        Ok(difference::between(&*past(pair.before)?, &*past(pair.after)?))
    });
    Ok(Json(found.await?))
}
