//! What the window remembers: users, sessions, and who looked at what. No figures. Behind one
//! small trait, so that another database can take SQLite's place ([`sqlite`]).

pub mod sqlite;

use std::future::Future;
use std::pin::Pin;

use crate::access::Role;

/// A user who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Sign-in name, as [`tidy_name`] writes it.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Hash of the password (PHC string).
    pub password_hash: String,
}

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Sign-in name.
    pub name: String,
    /// The user's role now.
    pub role: Role,
    /// When it was opened, in seconds since 1970 (UTC).
    pub opened_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

/// One line of the audit log: who did what with which part of which release. Never a figure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditEntry {
    /// Sign-in name.
    pub name: String,
    /// Role at that moment.
    pub role: String,
    /// What was done: `figures`, `area`, `series`, `signals`, `export`, `sign_in`,
    /// `sign_in_refused`, `sign_out`, `password`.
    pub action: &'static str,
    /// Release number.
    pub release: Option<u32>,
    /// Indicator.
    pub indicator: Option<String>,
    /// Area level.
    pub level: Option<String>,
    /// Period.
    pub period: Option<String>,
    /// Area code.
    pub area: Option<String>,
    /// Format of an export.
    pub format: Option<String>,
}

/// Why the state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The name is taken.
    #[error("there is a user with this name already")]
    NameTaken,
    /// There is no such user.
    #[error("there is no user with this name")]
    NoSuchUser,
    /// The bundled SQLite has a known fault that damages the write-ahead log.
    #[error("SQLite {0} is too old: 3.51.3 or newer is needed")]
    OldSqlite(String),
    /// The folder cannot be made or used.
    #[error("the state folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// The database refused.
    #[error("the state cannot be read or written: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be made.
    #[error("the state cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The system gave no random numbers.
    #[error("no random numbers: {0}")]
    NoRandomness(String),
}

/// A pending answer of the state.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, StateError>> + Send + 'a>>;

/// The state. Times are seconds since 1970 (UTC).
pub trait State: Send + Sync {
    /// All users, by name.
    fn users(&self) -> Pending<'_, Vec<User>>;

    /// The user with this name.
    fn user(&self, name: String) -> Pending<'_, Option<User>>;

    /// Adds a user; [`StateError::NameTaken`] when the name is taken.
    fn add_user(&self, user: User, at: i64) -> Pending<'_, ()>;

    /// Removes a user with all sessions; [`StateError::NoSuchUser`] when there is none.
    fn remove_user(&self, name: String) -> Pending<'_, ()>;

    /// Replaces a password and closes the user's sessions, all but `keep`.
    fn set_password(&self, name: String, password_hash: String, keep: Option<String>) -> Pending<'_, ()>;

    /// Opens a session under the stored form of its token, and drops those that ended.
    fn open_session(&self, token_hash: String, name: String, at: i64, expires_at: i64) -> Pending<'_, ()>;

    /// The session with this token.
    fn session(&self, token_hash: String) -> Pending<'_, Option<Session>>;

    /// Writes down that a session was used.
    fn touch_session(&self, token_hash: String, at: i64) -> Pending<'_, ()>;

    /// Closes a session, if it is open.
    fn close_session(&self, token_hash: String) -> Pending<'_, ()>;

    /// Adds a line to the audit log.
    fn record(&self, entry: AuditEntry, at: i64) -> Pending<'_, ()>;
}

/// Now, in seconds since 1970 (UTC).
#[must_use]
pub fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

/// A sign-in name as it is stored: without spaces around it, in lower case. `None` when it is
/// empty, longer than 64 characters, or holds a control character.
#[must_use]
pub fn tidy_name(name: &str) -> Option<String> {
    let tidy = name.trim().to_lowercase();
    let fits = !tidy.is_empty() && tidy.chars().count() <= 64 && !tidy.chars().any(char::is_control);
    fits.then_some(tidy)
}
