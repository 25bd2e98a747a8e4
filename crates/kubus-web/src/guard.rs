//! What surrounds every answer: security headers, a time limit, no page of another site.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::InvalidHeaderValue;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::background::BackgroundMap;
use crate::problem::Problem;

/// An answer may take this long.
const LONGEST: Duration = Duration::from_secs(30);

const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Nothing from elsewhere but the tiles of the background map, nothing inline, no framing.
///
/// # Errors
/// [`InvalidHeaderValue`] when the origin holds what a header cannot hold.
pub fn policy(background: Option<&BackgroundMap>) -> Result<HeaderValue, InvalidHeaderValue> {
    let tiles = background.map(|map| format!(" {}", map.origin())).unwrap_or_default();
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{tiles}; \
         connect-src 'self'{tiles}; worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    ))
}

/// Middleware that puts the security headers on every answer.
pub async fn security_headers(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Middleware that ends what takes too long.
pub async fn time_limit(request: Request, next: Next) -> Response {
    tokio::time::timeout(LONGEST, next.run(request)).await.unwrap_or_else(|_| Problem::Timeout.into_response())
}
