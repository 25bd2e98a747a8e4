//! Requests that another site makes in someone's browser (CSRF) are refused: every unsafe method
//! must come from our own pages, by `Sec-Fetch-Site` (W3C Fetch Metadata) or else by `Origin`.
//! Beside it: session cookies are `SameSite=Strict` and bodies must be JSON.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Middleware that refuses unsafe requests from elsewhere.
pub async fn refuse_cross_site(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_same_origin(request.headers()) { next.run(request).await } else { Problem::CrossSite.into_response() }
}

/// Whether the headers say that our own page, or no browser at all, sent this.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or("?"));
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pairs: &[(&'static str, &str)]) -> bool {
        is_same_origin(&pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect())
    }

    #[test]
    fn only_our_own_pages_and_programs_may_change_something() {
        assert!(allowed(&[("host", "a:1")]));
        assert!(allowed(&[("host", "a:1"), ("origin", "http://a:1")]));
        assert!(allowed(&[("host", "a:1"), ("sec-fetch-site", "same-origin")]));
        assert!(!allowed(&[("host", "a:1"), ("origin", "http://a:2")]));
        assert!(!allowed(&[("host", "a:1"), ("origin", "null")]));
        assert!(!allowed(&[("host", "a:1"), ("origin", "http://a:1"), ("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("host", "a:1"), ("sec-fetch-site", "same-site")]));
    }
}
