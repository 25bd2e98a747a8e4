//! Users made from the command line, and the first one.

use std::path::Path;

use crate::access::Role;
use crate::access::password::{PasswordError, generate, hash};
use crate::state::{State, StateError, User, now, tidy_name};

/// Name of the user that is made when there is none.
pub const FIRST: &str = "beheer";

/// Why a user was not made.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is empty, too long, or holds a control character.
    #[error("{0:?} cannot be a name")]
    Name(String),
    /// The name is taken, or the state cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The password could not be made.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The file for the password could not be written.
    #[error(transparent)]
    File(#[from] kubus_store::file::FileError),
}

/// Makes a user with a password by chance, and gives the password: it is kept nowhere.
///
/// # Errors
/// [`UserError`].
pub async fn add(state: &dyn State, name: &str, role: Role) -> Result<String, UserError> {
    let name = tidy_name(name).ok_or_else(|| UserError::Name(name.to_owned()))?;
    let password = generate()?;
    state.add_user(User { name, role, password_hash: hash(&password)? }, now()).await?;
    Ok(password)
}

/// Makes the first user when there is none, and gives its password.
///
/// # Errors
/// [`UserError`].
pub async fn add_first(state: &dyn State) -> Result<Option<String>, UserError> {
    if state.users().await?.is_empty() { add(state, FIRST, Role::Admin).await.map(Some) } else { Ok(None) }
}

/// Writes a password to a file for its owner only.
///
/// # Errors
/// [`UserError::File`].
pub fn write_password(path: &Path, password: &str) -> Result<(), UserError> {
    Ok(kubus_store::write_atomic_private(path, format!("{password}\n").as_bytes())?)
}
