//! Errors as people's programs get them: RFC 9457 `application/problem+json` with a stable code.
//! Never a path, a cause or a sentence from inside; those go to the log, in English.

use std::fmt::Display;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::password::PasswordError;
use crate::state::StateError;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request is not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// 401: there is no open session.
    NotSignedIn,
    /// 401: name and password do not fit.
    SignInRefused,
    /// 403: this role may not see this.
    NotAuthorised,
    /// 403: another site's page sent this.
    CrossSite,
    /// 404: nothing has this address, or the release has no such thing.
    NotFound(&'static str),
    /// 405: not with this method.
    MethodNotAllowed,
    /// 400: a parameter or the body is not as described.
    BadRequest(&'static str),
    /// 408: it took too long.
    Timeout,
    /// 413: the body is larger than 64 kB.
    TooLarge,
    /// 415: the body is not JSON.
    NotJson,
    /// 422: the new password is too short or too long.
    WeakPassword,
    /// 429: wait this many seconds.
    TooManyAttempts(u64),
    /// 500: our fault; the log says what.
    Internal,
    /// 503: there is no release to show yet.
    NoRelease,
    /// 503: the state cannot be reached.
    StateUnavailable,
}

/// The body of a problem (RFC 9457). The client puts `code` into words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:straatkubus:problem:` and the code.
    pub r#type: String,
    /// The name of the HTTP status.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable code in kebab case.
    pub code: String,
    /// What was not found or not understood: a parameter's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Seconds to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// Our fault: writes what happened to the log and keeps it from the answer.
    pub fn internal(what: &str, cause: impl Display) -> Self {
        tracing::error!(%cause, "{what}");
        Self::Internal
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn | Self::SignInRefused => StatusCode::UNAUTHORIZED,
            Self::NotAuthorised | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::WeakPassword => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NoRelease | Self::StateUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "not-signed-in",
            Self::SignInRefused => "sign-in-refused",
            Self::NotAuthorised => "not-authorised",
            Self::CrossSite => "cross-site-refused",
            Self::NotFound(_) => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::BadRequest(_) => "bad-request",
            Self::Timeout => "request-timeout",
            Self::TooLarge => "body-too-large",
            Self::NotJson => "body-not-json",
            Self::WeakPassword => "password-not-acceptable",
            Self::TooManyAttempts(_) => "too-many-attempts",
            Self::Internal => "internal-error",
            Self::NoRelease => "no-release",
            Self::StateUnavailable => "state-unavailable",
        }
    }

    fn body(&self) -> ProblemBody {
        let (parameter, retry_after) = match self {
            Self::NotFound(what) | Self::BadRequest(what) => (Some((*what).to_owned()), None),
            Self::TooManyAttempts(seconds) => (None, Some(*seconds)),
            _ => (None, None),
        };
        ProblemBody {
            r#type: format!("urn:straatkubus:problem:{}", self.code()),
            title: self.status().canonical_reason().unwrap_or_default().to_owned(),
            status: self.status().as_u16(),
            code: self.code().to_owned(),
            parameter,
            retry_after,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Self::TooManyAttempts(seconds) = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StateError> for Problem {
    fn from(error: StateError) -> Self {
        tracing::error!(%error, "state unavailable");
        Self::StateUnavailable
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        Self::internal("password", error)
    }
}
