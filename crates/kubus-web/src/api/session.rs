//! Signing in and out, and changing one's password.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failure::{
    Always, BadBody, FromElsewhere, NoState, Refused, RefusedOrSignedOut, SignedOut, TooManyAttempts, WeakPassword,
};
use super::query::Body;
use crate::App;
use crate::access::password::{MAX_LENGTH, is_acceptable};
use crate::access::session::{LONGEST, clear_cookie, new_token, set_cookie, stored_form};
use crate::access::{Role, Viewer};
use crate::problem::Problem;
use crate::state::{AuditEntry, User, now, tidy_name};

/// What signs in.
#[derive(Deserialize, ToSchema)]
pub(super) struct Credentials {
    name: String,
    password: String,
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
pub(super) struct Passwords {
    old: String,
    new: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    name: String,
    role: Role,
    language: Option<String>,
}

/// Signs in: the answer sets the session's cookie.
#[utoipa::path(
    post, path = "/session", operation_id = "signIn", security(()), request_body = Credentials,
    responses((status = 200, description = "The answer.", body = Session), BadBody, Refused, FromElsewhere, TooManyAttempts, NoState, Always)
)]
pub(super) async fn sign_in(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(given): Body<Credentials>,
) -> Result<Response, Problem> {
    let name = tidy_name(&given.name).filter(|_| given.password.len() <= MAX_LENGTH).ok_or(Problem::SignInRefused)?;
    let wait = |left: std::time::Duration| Problem::TooManyAttempts(left.as_secs().max(1));
    app.throttle.attempt(&name, from.ip(), Instant::now()).map_err(wait)?;
    let user = app.state.user(name.clone()).await?;
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let fits = app.checker.check(given.password, stored).await?;
    let Some(user) = user.filter(|_| fits) else {
        note(&app, &name, "", "sign_in_refused").await?;
        return Err(Problem::SignInRefused);
    };
    app.throttle.succeeded(&name, from.ip());
    open(&app, &user, &headers).await
}

/// Opens a session in the state and in the browser.
async fn open(app: &App, user: &User, headers: &HeaderMap) -> Result<Response, Problem> {
    let token = new_token()?;
    let at = now();
    app.state.open_session(stored_form(&token), user.name.clone(), at, at + LONGEST).await?;
    note(app, &user.name, user.role.as_str(), "sign_in").await?;
    let cookie = [(header::SET_COOKIE, set_cookie(&token, headers)?)];
    Ok((cookie, Json(Session { name: user.name.clone(), role: user.role, language: None })).into_response())
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/session", operation_id = "getSession",
    responses((status = 200, description = "The answer.", body = Session), SignedOut, NoState, Always)
)]
pub(super) async fn who(viewer: Viewer) -> Json<Session> {
    Json(Session { name: viewer.name, role: viewer.role, language: None })
}

/// Signs out.
#[utoipa::path(
    delete, path = "/session", operation_id = "signOut",
    responses((status = 204, description = "The session has ended."), SignedOut, FromElsewhere, NoState, Always)
)]
pub(super) async fn sign_out(State(app): State<App>, viewer: Viewer, headers: HeaderMap) -> Result<Response, Problem> {
    app.state.close_session(viewer.token_hash).await?;
    note(&app, &viewer.name, viewer.role.as_str(), "sign_out").await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear_cookie(&headers)?)]).into_response())
}

/// Changes one's password; the other sessions of this user end.
#[utoipa::path(
    post, path = "/session/password", operation_id = "changePassword", request_body = Passwords,
    responses(
        (status = 204, description = "The password is changed."),
        BadBody, RefusedOrSignedOut, FromElsewhere, WeakPassword, TooManyAttempts, NoState, Always
    )
)]
pub(super) async fn change_password(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    viewer: Viewer,
    Body(given): Body<Passwords>,
) -> Result<StatusCode, Problem> {
    if !is_acceptable(&given.new) {
        return Err(Problem::WeakPassword);
    }
    let wait = |left: std::time::Duration| Problem::TooManyAttempts(left.as_secs().max(1));
    app.throttle.attempt(&viewer.name, from.ip(), Instant::now()).map_err(wait)?;
    let stored = app.state.user(viewer.name.clone()).await?.map(|user| user.password_hash);
    if given.old.len() > MAX_LENGTH || !app.checker.check(given.old, stored).await? {
        return Err(Problem::SignInRefused);
    }
    app.throttle.succeeded(&viewer.name, from.ip());
    let hash = app.checker.hash(given.new).await?;
    app.state.set_password(viewer.name.clone(), hash, Some(viewer.token_hash)).await?;
    note(&app, &viewer.name, viewer.role.as_str(), "password").await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn note(app: &App, name: &str, role: &str, action: &'static str) -> Result<(), Problem> {
    let entry = AuditEntry { name: name.to_owned(), role: role.to_owned(), action, ..AuditEntry::default() };
    Ok(app.state.record(entry, now()).await?)
}
