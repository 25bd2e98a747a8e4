//! The answers of the window. Their shapes stand in `web/openapi.json`, from which the front end's
//! types are made; a test holds the two together.
//!
//! | module | answers |
//! | --- | --- |
//! | `session` | signing in and out, changing a password |
//! | `release` | what the release holds, its areas and boundaries |
//! | `figures` | one indicator on a map |
//! | `area` | the profile of one area, and one indicator there through time |
//! | `signals` | deviations, most urgent first |
//! | `download` | figures as a file |
//! | `reply` | caching, and work off the async threads |
//! | `query` | parameters and bodies |

mod area;
mod download;
pub(crate) mod figures;
mod query;
mod release;
mod reply;
mod session;
mod signals;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};

use crate::App;
use crate::access::Viewer;
use crate::problem::Problem;
use crate::published::Shown;
use crate::state::{AuditEntry, now};

/// The description of the API (`OpenAPI` 3.1).
pub const DESCRIPTION: &str = include_str!("../../../../web/openapi.json");

/// Everything under `/api`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/session", post(session::sign_in).get(session::who).delete(session::sign_out))
        .route("/session/password", post(session::change_password))
        .route("/health", get(release::health))
        .route("/release", get(release::describe))
        .route("/areas/{level}", get(release::areas))
        .route("/geometry/{level}", get(release::geometry))
        .route("/figures", get(figures::figures))
        .route("/area/{level}/{code}", get(area::profile))
        .route("/area/{level}/{code}/series", get(area::series))
        .route("/signals", get(signals::signals))
        .route("/export", get(download::export))
        .route("/openapi.json", get(describe))
        .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
        .fallback(|| async { Problem::NotFound("path") })
}

/// `GET /api/openapi.json`.
async fn describe(_: Viewer) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION)
}

/// What of a release someone looked at, for the audit log.
#[derive(Debug, Clone, Default)]
struct Looked {
    action: &'static str,
    indicator: Option<String>,
    level: Option<String>,
    period: Option<String>,
    area: Option<String>,
    format: Option<String>,
}

/// Writes down who looked at what, before the answer is given.
async fn record(app: &App, viewer: &Viewer, shown: &Shown, looked: Looked) -> Result<(), Problem> {
    let entry = AuditEntry {
        name: viewer.name.clone(),
        role: viewer.role.to_string(),
        action: looked.action,
        release: Some(shown.release.manifest().number),
        indicator: looked.indicator,
        level: looked.level,
        period: looked.period,
        area: looked.area,
        format: looked.format,
    };
    Ok(app.state.record(entry, now()).await?)
}
