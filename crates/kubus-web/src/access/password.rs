//! Passwords: made, hashed (argon2id, RFC 9106, with the crate's defaults of 19 MiB and 2 passes)
//! and checked, off the async threads and a few at a time.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// The shortest password a person may choose, in characters.
pub const MIN_LENGTH: usize = 12;
/// The longest password that is looked at, in bytes.
pub const MAX_LENGTH: usize = 256;
/// Hashes computed at the same time: each takes 19 MiB.
const AT_ONCE: usize = 2;
/// 32 letters and digits that do not look like each other.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A password could not be made, hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The system gave no random numbers.
    #[error("no random numbers: {0}")]
    NoRandomness(String),
    /// The hash function refused or its thread ended.
    #[error("the password could not be hashed")]
    Hash,
}

/// A new password of 100 random bits, in four groups of five.
///
/// # Errors
/// [`PasswordError::NoRandomness`].
pub fn generate() -> Result<String, PasswordError> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).map_err(|e| PasswordError::NoRandomness(e.to_string()))?;
    let letters: Vec<u8> = bytes.iter().map(|byte| ALPHABET[usize::from(byte % 32)]).collect();
    let groups: Vec<String> = letters.chunks(5).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    Ok(groups.join("-"))
}

/// The hash to store, with its salt and parameters (PHC string).
///
/// # Errors
/// [`PasswordError::Hash`].
pub fn hash(password: &str) -> Result<String, PasswordError> {
    let hashed = Argon2::default().hash_password(password.as_bytes()).map_err(|_| PasswordError::Hash)?;
    Ok(hashed.to_string())
}

/// Whether a new password is long enough, and not too long to look at.
#[must_use]
pub fn is_acceptable(password: &str) -> bool {
    password.chars().count() >= MIN_LENGTH && password.len() <= MAX_LENGTH
}

fn matches(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}

/// Checks passwords, in the same time for a name that does not exist.
#[derive(Debug)]
pub struct Checker {
    turns: Arc<Semaphore>,
    nobody: String,
}

impl Checker {
    /// A checker with a hash of its own that no password fits.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn new() -> Result<Self, PasswordError> {
        Ok(Self { turns: Arc::new(Semaphore::new(AT_ONCE)), nobody: hash(&generate()?)? })
    }

    /// Whether `password` fits `stored`; always false, after the same work, when there is none.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] when the work could not be done.
    pub async fn check(&self, password: String, stored: Option<String>) -> Result<bool, PasswordError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let fits = self.work(move || matches(&password, &stored)).await?;
        Ok(known && fits)
    }

    /// Hashes a new password, waiting for a turn.
    ///
    /// # Errors
    /// [`PasswordError::Hash`].
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.work(move || hash(&password)).await?
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| PasswordError::Hash)?;
        let run = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(run).await.map_err(|_| PasswordError::Hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_generated_passwords_differ_and_are_acceptable() {
        let (one, two) = (generate().unwrap(), generate().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 23);
        assert!(is_acceptable(&one) && !is_acceptable("kort") && !is_acceptable(&"x".repeat(300)));
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_name_fits() {
        let checker = Checker::new().unwrap();
        let stored = checker.hash("een lang wachtwoord".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(checker.check("een lang wachtwoord".into(), Some(stored.clone())).await.unwrap());
        assert!(!checker.check("een ander wachtwoord".into(), Some(stored)).await.unwrap());
        assert!(!checker.check("een lang wachtwoord".into(), None).await.unwrap());
    }
}
