//! Figures as a file, with their provenance.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::failure::{Always, BadQuery, Hidden, NoRelease, SignedOut, Unknown};
use super::figures::{looked, of};
use super::query::{Asked, Choice};
use super::{Looked, record, reply};
use crate::App;
use crate::access::Viewer;
use crate::export::{Format, Language, Sheet, write};
use crate::problem::Problem;

/// Which figures, in which form. Beside the choice: `lang` is `nl` or `en`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Wanted {
    #[serde(flatten)]
    choice: Choice,
    format: Format,
    #[serde(default)]
    lang: Language,
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
struct File(#[expect(dead_code, reason = "only describes the answer")] Vec<u8>);

/// Figures as a file, with their provenance.
#[utoipa::path(
    get, path = "/export", operation_id = "exportFigures",
    params(
        Choice,
        ("format" = Format, Query, description = "The form of the file."),
        ("lang" = Option<Language>, Query, description = "Language of headings and provenance; Dutch when left out."),
    ),
    responses(
        (status = 200, description = "The file.", content(
            (File = "text/csv; charset=utf-8"),
            (File = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (File = "application/geopackage+sqlite3"),
        )),
        BadQuery, SignedOut, Hidden, Unknown, NoRelease, Always
    )
)]
pub(super) async fn export(
    State(app): State<App>,
    viewer: Viewer,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let shown = app.shown()?;
    let audience = viewer.audience();
    wanted.choice.find(&shown, audience)?;
    let format = Some(wanted.format.extension().to_owned());
    record(&app, &viewer, &shown, Looked { format, ..looked("export", &wanted.choice) }).await?;
    let name = format!(
        "straatkubus-{}-{}-{}.{}",
        wanted.choice.indicator,
        wanted.choice.level,
        wanted.choice.period,
        wanted.format.extension()
    );
    let (format, scratch) = (wanted.format, app.scratch.clone());
    let make = move || {
        let figures = of(&shown, audience, &wanted.choice)?;
        let sheet = Sheet::new(&shown, &figures, wanted.lang, chrono::Utc::now().date_naive())
            .ok_or(Problem::NotFound("indicator"))?;
        let boundaries = shown.geometry(&figures.level).map_err(|error| Problem::internal("boundaries", error))?;
        write(&sheet, format, boundaries.as_deref(), &scratch).map_err(|error| Problem::internal("export", error))
    };
    let mut response = reply::off_thread(make).await?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(header::CONTENT_DISPOSITION, disposition.map_err(|_| Problem::BadRequest("indicator"))?);
    Ok(response)
}
