//! Answers made of a release: computed off the async threads, kept per release and audience, and
//! not sent again to who has them already.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::access::Viewer;
use crate::problem::Problem;
use crate::published::Shown;

/// A JSON answer to `question`, from what is kept or made by `make`.
pub(super) async fn json<T: Serialize>(
    shown: &Arc<Shown>,
    viewer: &Viewer,
    headers: &HeaderMap,
    question: String,
    make: impl FnOnce(&Shown) -> Result<T, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let make = |shown: &Shown| {
        let body = serde_json::to_vec(&make(shown)?).map_err(|error| Problem::internal("answer", error))?;
        Ok(Bytes::from(body))
    };
    bytes(shown, viewer, headers, question, "application/json", make).await
}

/// An answer of bytes, as [`json`].
pub(super) async fn bytes(
    shown: &Arc<Shown>,
    viewer: &Viewer,
    headers: &HeaderMap,
    question: String,
    content_type: &'static str,
    make: impl FnOnce(&Shown) -> Result<Bytes, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let key = (viewer.audience(), question);
    let tag = tag(shown, &key);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|given| matches(given, &tag)) {
        return Ok(with_caching(StatusCode::NOT_MODIFIED.into_response(), &tag));
    }
    let body = match shown.answers.get(&key) {
        Some(body) => body,
        None => {
            let own = Arc::clone(shown);
            let made = off_thread(move || make(&own)).await?;
            shown.answers.keep(key, made.clone(), made.len());
            made
        }
    };
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    Ok(with_caching(response, &tag))
}

/// Work that takes more than a moment.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal("work stopped", error))?
}

/// The release, the audience and the question, as a weak `ETag`: compression may change the bytes.
fn tag(shown: &Shown, (audience, question): &(crate::access::Audience, String)) -> String {
    let hash = Sha256::digest(format!("{}\n{audience:?}\n{question}", shown.tag));
    format!("W/\"{}\"", &hex::encode(hash)[..32])
}

fn matches(given: &HeaderValue, tag: &str) -> bool {
    given.to_str().is_ok_and(|given| given.split(',').any(|one| one.trim() == tag))
}

fn with_caching(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
