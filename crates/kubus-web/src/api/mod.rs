//! The answers of the window, and the description of the API that is made from them. A copy stands
//! in `web/openapi.json`, from which the front end's types are made; a test holds the two together.
//!
//! | module | answers |
//! | --- | --- |
//! | `session` | signing in and out, changing a password |
//! | `release` | what the release holds, its areas and boundaries |
//! | `figures` | one indicator on a map |
//! | `area` | the profile of one area, and one indicator there through time |
//! | `signals` | deviations, most urgent first |
//! | `priorities` | where first, with how sure each place is |
//! | `take_up` | how many could be reached who are entitled and do not use it |
//! | `releases` | all releases, what was tried against them, what differs between two |
//! | `forecast` | what lies ahead, and what could be known |
//! | `download` | figures as a file |
//! | `reply` | caching, and work off the async threads |
//! | `query` | parameters and bodies |
//! | `failure` | how a question may fail, for the description |

mod area;
mod download;
mod failure;
pub(crate) mod figures;
mod forecast;
mod priorities;
mod query;
mod release;
mod releases;
mod reply;
mod session;
mod signals;
mod take_up;

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::Viewer;
use crate::access::session::COOKIE;
use crate::export::{Format, Language};
use crate::problem::{Problem, ProblemBody};
use crate::published::Shown;
use crate::state::{AuditEntry, now};
use failure::{Always, NoState, SignedOut};

/// What the description of the API says beside the handlers.
#[derive(OpenApi)]
#[openapi(
    info(title = "Straatkubus", description = "Protected figures of sealed releases, and what deviates in them."),
    components(schemas(ProblemBody, Format, Language)),
    modifiers(&SessionCookie),
    security(("session" = []))
)]
struct Frame;

/// The session's cookie, as a security scheme.
struct SessionCookie;

impl Modify for SessionCookie {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
        description.components.get_or_insert_default().add_security_scheme("session", scheme);
    }
}

/// The description of the API (`OpenAPI` 3.1), made from the handlers and the types they answer.
pub static DESCRIPTION: LazyLock<String> = LazyLock::new(|| {
    let description = Frame::openapi().nest("/api", handlers().into_openapi());
    // Nothing in the description can fail to be written as JSON.
    description.to_pretty_json().unwrap_or_default() + "\n"
});

/// Every handler, by its own description: what is not described cannot be asked for.
fn handlers() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(session::sign_in, session::who, session::sign_out))
        .routes(routes!(session::change_password))
        .routes(routes!(release::health))
        .routes(routes!(release::describe))
        .routes(routes!(release::areas))
        .routes(routes!(release::geometry))
        .routes(routes!(figures::figures))
        .routes(routes!(area::profile))
        .routes(routes!(area::series))
        .routes(routes!(signals::signals))
        .routes(routes!(priorities::priorities))
        .routes(routes!(take_up::take_up))
        .routes(routes!(releases::releases))
        .routes(routes!(releases::difference))
        .routes(routes!(forecast::forecast))
        .routes(routes!(forecast::feasibility))
        .routes(routes!(download::export))
        .routes(routes!(describe))
}

/// Everything under `/api`.
pub fn routes() -> Router<App> {
    Router::from(handlers())
        .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
        .fallback(|| async { Problem::NotFound("path") })
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "getDescription",
    responses((status = 200, description = "The answer.", body = Object), SignedOut, NoState, Always)
)]
async fn describe(_: Viewer) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION.as_str())
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
