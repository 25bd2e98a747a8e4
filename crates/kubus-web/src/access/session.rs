//! Sessions on the server: a random token in a cookie, its SHA-256 in the state. A stolen copy of
//! the state opens no session. A session ends after two hours without a request, and after twelve
//! hours in any case.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::policy::Audience;
use super::role::Role;
use crate::App;
use crate::problem::Problem;
use crate::state::{Session, now};

/// The cookie's name.
pub const COOKIE: &str = "kubus_session";
/// Seconds after which a session ends whatever happens.
pub const LONGEST: i64 = 12 * 60 * 60;
/// Seconds without a request after which a session ends.
pub const IDLE: i64 = 2 * 60 * 60;
/// A session's last use is written down once in so many seconds.
const SEEN_EVERY: i64 = 60;

/// Someone who is signed in.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Sign-in name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The stored form of the session's token.
    pub token_hash: String,
}

impl Viewer {
    /// Which answers this person gets.
    #[must_use]
    pub fn audience(&self) -> Audience {
        self.role.into()
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = token_in(&parts.headers).ok_or(Problem::NotSignedIn)?;
        let token_hash = stored_form(token);
        let session = app.state.session(token_hash.clone()).await?.ok_or(Problem::NotSignedIn)?;
        let moment = now();
        if !is_open(&session, moment) {
            app.state.close_session(token_hash).await?;
            return Err(Problem::NotSignedIn);
        }
        if moment - session.seen_at >= SEEN_EVERY {
            app.state.touch_session(token_hash.clone(), moment).await?;
        }
        Ok(Self { name: session.name, role: session.role, token_hash })
    }
}

fn is_open(session: &Session, moment: i64) -> bool {
    moment < session.expires_at && moment - session.seen_at < IDLE
}

/// A new token of 256 random bits.
///
/// # Errors
/// [`Problem::Internal`] when the system gives no random numbers.
pub fn new_token() -> Result<String, Problem> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal("no random numbers", error))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The form in which a token is kept: its SHA-256.
#[must_use]
pub fn stored_form(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The token in a request's cookies.
#[must_use]
pub fn token_in(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| token)
}

/// The cookie that carries a token. It is sent over HTTPS only, unless the visitor's own machine
/// is the server (the `Host` is a loopback name).
///
/// # Errors
/// [`Problem::Internal`] for a token that no header can hold; ours are plain ASCII.
pub fn set_cookie(token: &str, headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    cookie(token, LONGEST, headers)
}

/// The cookie that takes the token away.
///
/// # Errors
/// As [`set_cookie`].
pub fn clear_cookie(headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    cookie("", 0, headers)
}

fn cookie(token: &str, seconds: i64, headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    let secure = if is_loopback(headers) { "" } else { "; Secure" };
    let text = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|error| Problem::internal("cookie", error))
}

fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        [(name, value.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn the_token_is_found_between_other_cookies() {
        let found = headers(header::COOKIE, "a=1; kubus_session=abc; kubus_session_x=2");
        assert_eq!(token_in(&found), Some("abc"));
        assert_eq!(token_in(&headers(header::COOKIE, "kubus_sessionx=1")), None);
    }

    #[test]
    fn the_cookie_is_for_https_only_unless_the_server_is_this_machine() {
        let cookie = |host| set_cookie("t", &headers(header::HOST, host)).unwrap().to_str().unwrap().to_owned();
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "[::1]", "localhost"] {
            assert!(!cookie(host).contains("Secure"), "{host}");
        }
        for host in ["kubus.waterrijk.nl", "localhost.example.nl", "10.0.0.1:80", ""] {
            assert!(cookie(host).ends_with("; HttpOnly; SameSite=Strict; Max-Age=43200; Secure"), "{host}");
        }
    }

    #[test]
    fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
        let session = Session { name: "a".into(), role: Role::Dpo, opened_at: 0, seen_at: 0, expires_at: LONGEST };
        assert!(is_open(&session, IDLE - 1));
        assert!(!is_open(&session, IDLE));
        assert!(!is_open(&Session { seen_at: LONGEST - 1, ..session }, LONGEST));
    }
}
