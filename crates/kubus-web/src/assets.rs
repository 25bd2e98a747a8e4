//! The pages: files of the front end, and its start page for every other address.

use std::path::{Component, Path, PathBuf};

use axum::extract::State;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::problem::Problem;

/// Files with a hash in their name never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Others are asked for again.
const ASK_AGAIN: &str = "no-cache";

/// A file of the front end, or its start page.
///
/// # Errors
/// [`Problem::NotFound`] under `/api`, for a missing file, and without a front end.
pub async fn page(State(app): State<App>, uri: Uri) -> Result<Response, Problem> {
    let root = app.assets.as_ref().ok_or(Problem::NotFound("page"))?;
    if uri.path() == "/api" || uri.path().starts_with("/api/") {
        return Err(Problem::NotFound("path"));
    }
    let asked = within(root, uri.path()).ok_or(Problem::NotFound("path"))?;
    match tokio::fs::read(&asked).await {
        Ok(bytes) => Ok(file(&asked, bytes, uri.path())),
        Err(_) if asked.extension().is_none() => {
            let start = root.join("index.html");
            let bytes = tokio::fs::read(&start).await.map_err(|_| Problem::NotFound("page"))?;
            Ok(file(&start, bytes, ""))
        }
        Err(_) => Err(Problem::NotFound("path")),
    }
}

/// The file of an address, never outside the folder.
fn within(root: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    plain.then(|| root.join(relative))
}

fn file(path: &Path, bytes: Vec<u8>, address: &str) -> Response {
    let caching = if address.starts_with("/assets/") { FOR_EVER } else { ASK_AGAIN };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_outside_the_folder() {
        let root = Path::new("web");
        assert_eq!(within(root, "/assets/a.js"), Some(PathBuf::from("web/assets/a.js")));
        for path in ["/../secret", "/a/../../b", "/./x", "//..//x"] {
            let inside = within(root, path).is_none_or(|p| p.starts_with("web") && !p.to_string_lossy().contains(".."));
            assert!(inside, "{path}");
        }
    }
}
