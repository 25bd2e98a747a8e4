//! One request for one file. Redirects are followed one by one, each to an allowed host. A part of
//! a file is asked for with `Range` and `If-Range` (RFC 9110, sections 13.1.5 and 14), so that a
//! file that changed meanwhile comes whole. Called by [`super`].

use std::io::Read;
use std::time::Duration;

use kubus_model::Finding;
use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};
use url::Url;

use super::part::Resume;
use super::{FetchOptions, host};

/// Redirects that are followed.
const REDIRECTS: u32 = 5;

/// What to do with an answer.
pub(super) enum Answer {
    /// Take the body.
    Body(Box<Fetched>),
    /// Start anew: what is there is of no use.
    Restart,
    /// The connection failed or the server is busy.
    TryAgain(Finding),
    /// It will not come.
    Refused(Finding),
}

/// A body on its way.
pub(super) struct Fetched {
    /// The bytes.
    pub(super) reader: Box<dyn Read>,
    /// The position in the file at which they begin.
    pub(super) from: u64,
    /// The length of the whole file, when the server says it.
    pub(super) total: Option<u64>,
    /// Strong ETag, else the date of modification.
    pub(super) validator: Option<String>,
}

/// Asks for a file, or for the rest of it.
pub(super) fn request(address: &Url, resume: Option<&Resume>, options: &FetchOptions) -> Answer {
    let agent = agent();
    let mut address = address.clone();
    for _ in 0..=REDIRECTS {
        let response = match call(&agent, &address, resume) {
            Ok(response) => response,
            Err(error) => return Answer::TryAgain(Finding::error("fetch-no-answer").with("reason", error)),
        };
        if !response.status().is_redirection() {
            return judge(response, resume, options);
        }
        match next(&address, response.headers(), options) {
            Ok(further) => address = further,
            Err(finding) => return Answer::Refused(*finding),
        }
    }
    Answer::Refused(Finding::error("fetch-too-many-redirects"))
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .accept_encoding("identity")
        .user_agent(concat!("kubus/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(Duration::from_secs(30)))
        .timeout_recv_response(Some(Duration::from_secs(120)))
        .timeout_per_read(Some(Duration::from_secs(60)))
        .build()
        .new_agent()
}

fn call(agent: &Agent, address: &Url, resume: Option<&Resume>) -> Result<Response<Body>, ureq::Error> {
    let mut request = agent.get(address.as_str());
    if let Some(resume) = resume {
        request = request.header("Range", format!("bytes={}-", resume.from)).header("If-Range", &resume.validator);
    }
    request.call()
}

fn next(address: &Url, headers: &HeaderMap, options: &FetchOptions) -> Result<Url, Box<Finding>> {
    let further = text(headers, "location").and_then(|location| address.join(location).ok());
    let further = further.ok_or_else(|| Box::new(Finding::error("fetch-bad-redirect")))?;
    host::allowed(further.as_str(), options)
}

fn judge(response: Response<Body>, resume: Option<&Resume>, options: &FetchOptions) -> Answer {
    let status = response.status().as_u16();
    let length = text(response.headers(), "content-length").and_then(|t| t.parse::<u64>().ok());
    let (from, total) = match (status, resume) {
        (200, _) => (0, length),
        (206, Some(resume)) => match range(response.headers()) {
            Some((from, total)) if from == resume.from => (from, total),
            _ => return Answer::Restart,
        },
        (206, None) => return Answer::Restart,
        (416, _) => return Answer::Restart,
        (429 | 500..=599, _) => return Answer::TryAgain(Finding::error("fetch-status").with("status", status)),
        _ => return Answer::Refused(Finding::error("fetch-status").with("status", status)),
    };
    if text(response.headers(), "content-type").is_some_and(|kind| kind.to_lowercase().starts_with("text/html")) {
        return Answer::Refused(Finding::error("fetch-web-page"));
    }
    if total.is_some_and(|total| total > options.max_bytes) {
        return Answer::Refused(Finding::error("fetch-too-large").with("limit", options.max_bytes));
    }
    let validator = validator(response.headers());
    let reader = Box::new(response.into_body().into_reader());
    Answer::Body(Box::new(Fetched { reader, from, total, validator }))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The first byte and the whole length out of `bytes 100-199/200`.
fn range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let (span, total) = text(headers, "content-range")?.strip_prefix("bytes ")?.split_once('/')?;
    let from = span.split_once('-')?.0.trim().parse().ok()?;
    Some((from, total.trim().parse().ok()))
}

/// What proves that a file is still the same: a weak ETag does not.
fn validator(headers: &HeaderMap) -> Option<String> {
    let strong = text(headers, "etag").filter(|tag| !tag.starts_with("W/"));
    strong.or_else(|| text(headers, "last-modified")).map(str::to_owned)
}
