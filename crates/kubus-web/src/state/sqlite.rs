//! The state in SQLite: one writer, a few readers, write-ahead log. The SQL is portable.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::Row;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};

use super::{AuditEntry, Pending, Session, State, StateError, User};

/// The database's file name in the state folder.
pub const STATE_FILE: &str = "state.sqlite";
/// Older versions can damage the write-ahead log (the WAL-reset fault).
const OLDEST: [u32; 3] = [3, 51, 3];
const READERS: u32 = 4;

/// The state in a SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteState {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteState {
    /// Opens the state in a folder (made when absent, for its owner only) and brings its tables up
    /// to date.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn open(folder: &Path) -> Result<Self, StateError> {
        std::fs::create_dir_all(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        let options = options(&folder.join(STATE_FILE));
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        refuse_old(&sqlx::query_scalar::<_, String>("SELECT sqlite_version()").fetch_one(&writer).await?)?;
        sqlx::migrate!("./migrations").run(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, readers })
    }

    /// Writes a whole, consistent copy to a file that does not exist yet, while the window runs.
    ///
    /// # Errors
    /// [`StateError::Database`].
    pub async fn backup(&self, file: &Path) -> Result<(), StateError> {
        sqlx::query("VACUUM INTO $1").bind(file.to_string_lossy().into_owned()).execute(&self.writer).await?;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?;
        Ok(())
    }

    /// Closes all connections, the write-ahead log emptied.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn options(file: &Path) -> SqliteConnectOptions {
    let file: PathBuf = file.to_owned();
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(5))
}

fn refuse_old(version: &str) -> Result<(), StateError> {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found: [u32; 3] = std::array::from_fn(|_| parts.next().unwrap_or(0));
    if found < OLDEST { Err(StateError::OldSqlite(version.to_owned())) } else { Ok(()) }
}

fn user(row: &SqliteRow) -> Result<User, sqlx::Error> {
    Ok(User { name: row.try_get("name")?, role: role(row)?, password_hash: row.try_get("password_hash")? })
}

fn role(row: &SqliteRow) -> Result<crate::access::Role, sqlx::Error> {
    row.try_get::<String, _>("role")?.parse().map_err(|e| sqlx::Error::Decode(Box::new(e)))
}

fn session(row: &SqliteRow) -> Result<Session, sqlx::Error> {
    Ok(Session {
        name: row.try_get("name")?,
        role: role(row)?,
        opened_at: row.try_get("opened_at")?,
        seen_at: row.try_get("seen_at")?,
        expires_at: row.try_get("expires_at")?,
    })
}

fn entry_id() -> Result<String, StateError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| StateError::NoRandomness(e.to_string()))?;
    Ok(hex::encode(bytes))
}

impl State for SqliteState {
    fn users(&self) -> Pending<'_, Vec<User>> {
        Box::pin(async move {
            let rows = sqlx::query("SELECT name, role, password_hash FROM users ORDER BY name");
            let rows = rows.fetch_all(&self.readers).await?;
            Ok(rows.iter().map(user).collect::<Result<_, _>>()?)
        })
    }

    fn user(&self, name: String) -> Pending<'_, Option<User>> {
        Box::pin(async move {
            let row = sqlx::query("SELECT name, role, password_hash FROM users WHERE name = $1").bind(name);
            Ok(row.fetch_optional(&self.readers).await?.as_ref().map(user).transpose()?)
        })
    }

    fn add_user(&self, user: User, at: i64) -> Pending<'_, ()> {
        Box::pin(async move {
            let insert = "INSERT INTO users (name, role, password_hash, created_at) VALUES ($1, $2, $3, $4) \
                          ON CONFLICT (name) DO NOTHING";
            let role = user.role.as_str();
            let done = sqlx::query(insert).bind(user.name).bind(role).bind(user.password_hash).bind(at);
            let added = done.execute(&self.writer).await?.rows_affected();
            if added == 1 { Ok(()) } else { Err(StateError::NameTaken) }
        })
    }

    fn remove_user(&self, name: String) -> Pending<'_, ()> {
        Box::pin(async move {
            let done = sqlx::query("DELETE FROM users WHERE name = $1").bind(name).execute(&self.writer).await?;
            if done.rows_affected() == 1 { Ok(()) } else { Err(StateError::NoSuchUser) }
        })
    }

    fn set_password(&self, name: String, password_hash: String, keep: Option<String>) -> Pending<'_, ()> {
        Box::pin(async move {
            let mut change = self.writer.begin().await?;
            let update = sqlx::query("UPDATE users SET password_hash = $1 WHERE name = $2");
            let done = update.bind(password_hash).bind(name.clone()).execute(&mut *change).await?;
            if done.rows_affected() != 1 {
                return Err(StateError::NoSuchUser);
            }
            let others = sqlx::query("DELETE FROM sessions WHERE name = $1 AND token_hash <> $2");
            others.bind(name).bind(keep.unwrap_or_default()).execute(&mut *change).await?;
            Ok(change.commit().await?)
        })
    }

    fn open_session(&self, token_hash: String, name: String, at: i64, expires_at: i64) -> Pending<'_, ()> {
        Box::pin(async move {
            let mut change = self.writer.begin().await?;
            sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(at).execute(&mut *change).await?;
            let insert = "INSERT INTO sessions (token_hash, name, opened_at, seen_at, expires_at) \
                          VALUES ($1, $2, $3, $4, $5)";
            let done = sqlx::query(insert).bind(token_hash).bind(name).bind(at).bind(at).bind(expires_at);
            done.execute(&mut *change).await?;
            Ok(change.commit().await?)
        })
    }

    fn session(&self, token_hash: String) -> Pending<'_, Option<Session>> {
        Box::pin(async move {
            let select = "SELECT s.name, u.role, s.opened_at, s.seen_at, s.expires_at \
                          FROM sessions s JOIN users u ON u.name = s.name WHERE s.token_hash = $1";
            let row = sqlx::query(select).bind(token_hash).fetch_optional(&self.readers).await?;
            Ok(row.as_ref().map(session).transpose()?)
        })
    }

    fn touch_session(&self, token_hash: String, at: i64) -> Pending<'_, ()> {
        Box::pin(async move {
            let update = sqlx::query("UPDATE sessions SET seen_at = $1 WHERE token_hash = $2");
            update.bind(at).bind(token_hash).execute(&self.writer).await?;
            Ok(())
        })
    }

    fn close_session(&self, token_hash: String) -> Pending<'_, ()> {
        Box::pin(async move {
            let delete = sqlx::query("DELETE FROM sessions WHERE token_hash = $1");
            delete.bind(token_hash).execute(&self.writer).await?;
            Ok(())
        })
    }

    fn record(&self, entry: AuditEntry, at: i64) -> Pending<'_, ()> {
        Box::pin(async move {
            let insert = "INSERT INTO audit \
                (entry, at, name, role, action, release_number, indicator, level, period, area, format) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
            let done = sqlx::query(insert).bind(entry_id()?).bind(at).bind(entry.name).bind(entry.role);
            let done = done.bind(entry.action).bind(entry.release.map(i64::from)).bind(entry.indicator);
            let done = done.bind(entry.level).bind(entry.period).bind(entry.area).bind(entry.format);
            done.execute(&self.writer).await?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;

    async fn state(folder: &Path) -> SqliteState {
        let state = SqliteState::open(folder).await.unwrap();
        state.add_user(User { name: "a".into(), role: Role::Team, password_hash: "h".into() }, 1).await.unwrap();
        state
    }

    #[test]
    fn a_sqlite_with_the_wal_reset_fault_is_refused() {
        assert!(refuse_old("3.51.2").is_err() && refuse_old("3.9.9").is_err());
        assert!(refuse_old("3.51.3").is_ok() && refuse_old("3.100.0").is_ok() && refuse_old("4.0").is_ok());
    }

    #[tokio::test]
    async fn a_name_is_taken_once_and_a_removed_user_has_no_session() {
        let folder = tempfile::tempdir().unwrap();
        let state = state(folder.path()).await;
        let again = User { name: "a".into(), role: Role::Admin, password_hash: "x".into() };
        assert!(matches!(state.add_user(again, 2).await, Err(StateError::NameTaken)));
        state.open_session("t".into(), "a".into(), 5, 100).await.unwrap();
        assert_eq!(state.session("t".into()).await.unwrap().unwrap().role, Role::Team);
        state.remove_user("a".into()).await.unwrap();
        assert_eq!(state.session("t".into()).await.unwrap(), None);
        assert!(matches!(state.remove_user("a".into()).await, Err(StateError::NoSuchUser)));
    }

    #[tokio::test]
    async fn a_new_password_closes_the_other_sessions() {
        let folder = tempfile::tempdir().unwrap();
        let state = state(folder.path()).await;
        for token in ["mine", "other"] {
            state.open_session(token.into(), "a".into(), 5, 100).await.unwrap();
        }
        state.set_password("a".into(), "new".into(), Some("mine".into())).await.unwrap();
        assert!(state.session("mine".into()).await.unwrap().is_some());
        assert!(state.session("other".into()).await.unwrap().is_none());
        assert_eq!(state.user("a".into()).await.unwrap().unwrap().password_hash, "new");
    }

    #[tokio::test]
    async fn a_backup_opens_again_with_the_same_users() {
        let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let state = state(folder.path()).await;
        state.backup(&copy.path().join(STATE_FILE)).await.unwrap();
        let restored = SqliteState::open(copy.path()).await.unwrap();
        assert_eq!(restored.users().await.unwrap(), state.users().await.unwrap());
    }

    #[tokio::test]
    async fn the_state_survives_closing_and_its_folder_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("state");
        state(&inner).await.close().await;
        assert_eq!(std::fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(SqliteState::open(&inner).await.unwrap().users().await.unwrap().len(), 1);
    }
}
