//! Parameters and bodies, with a [`Problem`] for what is not as described.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use kubus_model::{AreaLevel, Indicator, Member, Period, Table};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::App;
use crate::access::Audience;
use crate::problem::Problem;
use crate::published::Shown;

/// Longest text of a parameter, in bytes.
const LONGEST: usize = 512;

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, app).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Problem::NotJson),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Problem::TooLarge),
            Err(_) => Err(Problem::BadRequest("body")),
        }
    }
}

/// Parameters behind the question mark.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|query| query.len() > 4 * LONGEST) {
            return Err(Problem::BadRequest("query"));
        }
        let Query(value) =
            Query::<T>::from_request_parts(parts, app).await.map_err(|_| Problem::BadRequest("query"))?;
        Ok(Self(value))
    }
}

/// What the address names between its slashes.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(value) = Path::<T>::from_request_parts(parts, app).await.map_err(|_| Problem::BadRequest("path"))?;
        Ok(Self(value))
    }
}

/// Which figures of the release.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Choice {
    /// Indicator identifier.
    pub(super) indicator: String,
    /// Area level.
    pub(super) level: AreaLevel,
    /// A year, a quarter or a month, as the release or as CBS writes it.
    #[param(example = "2025Q1")]
    pub(super) period: String,
    /// Part of the people or households, as a table's members name it; empty is all of them.
    #[serde(default)]
    pub(super) member: String,
}

/// The table of a choice, with positions, when this audience may see it.
pub(super) struct Chosen<'a> {
    pub(super) indicator: &'a Indicator,
    pub(super) table: &'a Table,
    pub(super) period: Period,
    pub(super) period_at: usize,
    pub(super) member: Member,
    pub(super) member_at: usize,
}

/// An indicator of the release.
pub(super) fn indicator<'a>(shown: &'a Shown, id: &str) -> Result<&'a Indicator, Problem> {
    shown.release.indicator(id).ok_or(Problem::NotFound("indicator"))
}

impl Choice {
    pub(super) fn find<'a>(&self, shown: &'a Shown, audience: Audience) -> Result<Chosen<'a>, Problem> {
        let indicator = indicator(shown, &self.indicator)?;
        let table = shown.release.table(&self.indicator, &self.level).ok_or(Problem::NotFound("level"))?;
        if !audience.may_see(&shown.release, indicator, &self.level) {
            return Err(Problem::NotAuthorised);
        }
        let period: Period = self.period.parse().map_err(|_| Problem::BadRequest("period"))?;
        let period_at = table.period_position(period).ok_or(Problem::NotFound("period"))?;
        let member = Member::from_key(&self.member).ok_or(Problem::BadRequest("member"))?;
        let member_at = table.member_position(&member).ok_or(Problem::NotFound("member"))?;
        Ok(Chosen { indicator, table, period, period_at, member, member_at })
    }
}
