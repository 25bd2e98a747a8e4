//! The newest release: opened and checked from its folder, looked at again every few seconds, and
//! swapped at once when there is a newer one. What is invalid is refused and the old one stays.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use axum::body::Bytes;
use chrono::SecondsFormat;
use kubus_model::{AreaLevel, Release, Signal};
use kubus_signal::forecast::outlook::{self, LevelOutlook};
use kubus_signal::{Listed, SignalOptions, listed};
use kubus_store::open::{OpenError, verifying_key};
use kubus_store::{Ledger, list, open_release};
use sha2::{Digest, Sha256};

use crate::access::Audience;
use crate::cache::Recent;
use crate::past::Past;

/// Between two looks at the folder.
const EVERY: Duration = Duration::from_secs(3);
/// Bytes of answers kept per release.
const KEPT: usize = 64 << 20;
/// Name of the manifest in a release folder.
const MANIFEST: &str = "manifest.json";

/// Why a release is not shown.
#[derive(Debug, thiserror::Error)]
pub enum RefusedRelease {
    /// The seal, a hash or a table is not right.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The ledger's chain is broken or cannot be read.
    #[error("the ledger: {0}")]
    Ledger(String),
    /// The ledger does not name this manifest under this number.
    #[error("release {0} is not the one in the ledger")]
    NotInLedger(u32),
    /// The releases are sealed with another key than before.
    #[error("the releases are sealed with another key than when the window started")]
    OtherKey,
    /// The manifest cannot be read again.
    #[error("the manifest: {0}")]
    Manifest(#[from] std::io::Error),
}

/// A release on show, with answers made from it.
pub struct Shown {
    /// The release.
    pub release: Release,
    /// When it was published, ISO 8601.
    pub published_at: Option<String>,
    /// SHA-256 of its manifest: the release in an `ETag`.
    pub tag: String,
    /// Recent answers by audience and question.
    pub answers: Recent<(Audience, String), Bytes>,
    folder: PathBuf,
    listed: OnceLock<Vec<Listed>>,
    signals: OnceLock<Vec<Signal>>,
    outlooks: HashMap<String, OnceLock<Vec<LevelOutlook>>>,
}

impl Shown {
    /// All signals of the release, made once.
    pub fn signals(&self) -> &[Signal] {
        self.signals.get_or_init(|| self.listed().iter().map(|one| one.signal.clone()).collect())
    }

    /// The same signals, each with what is needed to put them in order, made once.
    pub fn listed(&self) -> &[Listed] {
        self.listed.get_or_init(|| listed(&self.release, &SignalOptions::default()))
    }

    /// What each level of an indicator allows to forecast, made once; nothing for an indicator that
    /// the release does not have.
    pub fn outlooks(&self, indicator: &str) -> &[LevelOutlook] {
        let kept = self.outlooks.get(indicator);
        kept.map_or(&[], |kept| kept.get_or_init(|| outlook::levels(&self.release, indicator)))
    }

    /// The boundaries of a level, checked against the seal again.
    ///
    /// # Errors
    /// A sentence for the log.
    pub fn geometry(&self, level: &AreaLevel) -> Result<Option<Bytes>, String> {
        let entry = self.release.manifest().levels.iter().find(|entry| entry.level == *level);
        let Some(path) = entry.and_then(|entry| entry.geometry.as_ref()) else { return Ok(None) };
        let bytes = std::fs::read(self.folder.join(path)).map_err(|e| e.to_string())?;
        self.release.check(path, &bytes).map_err(|e| e.to_string())?;
        Ok(Some(bytes.into()))
    }
}

/// The newest valid release of a folder.
pub struct Published {
    releases: PathBuf,
    shown: RwLock<Option<Arc<Shown>>>,
    key: RwLock<Option<[u8; 32]>>,
    refused: Mutex<Option<String>>,
    past: Mutex<BTreeMap<u32, Arc<Past>>>,
}

impl Published {
    /// Opens the newest release of a folder; the first key that is seen stays the only one.
    #[must_use]
    pub fn new(releases: &Path) -> Self {
        let published = Self {
            releases: releases.to_owned(),
            shown: RwLock::new(None),
            key: RwLock::new(None),
            refused: Mutex::new(None),
            past: Mutex::new(BTreeMap::new()),
        };
        published.look();
        published
    }

    /// The release that is shown now.
    pub fn now(&self) -> Option<Arc<Shown>> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows the newest release, when there is one that is not shown yet and everything about it
    /// is right.
    pub fn look(&self) {
        let Some((number, folder)) = list(&self.releases).pop() else { return };
        if self.now().is_some_and(|shown| shown.release.manifest().number >= number) {
            return;
        }
        match self.open(number, &folder) {
            Ok(shown) => {
                tracing::info!(number, "release on show");
                *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(shown));
            }
            Err(error) => self.refuse(number, &error),
        }
    }

    /// The numbers of all releases of the folder, oldest first.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        list(&self.releases).into_iter().map(|(number, _)| number).collect()
    }

    /// A release without its figures, opened and checked once. Takes as long as opening does.
    ///
    /// # Errors
    /// [`RefusedRelease`], also when there is no release with this number.
    pub fn past(&self, number: u32) -> Result<Arc<Past>, RefusedRelease> {
        let kept = |past: &Mutex<BTreeMap<u32, Arc<Past>>>| {
            past.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
        };
        if let Some(past) = kept(&self.past) {
            return Ok(past);
        }
        let found = list(&self.releases).into_iter().find(|(own, _)| *own == number);
        let (_, folder) = found.ok_or(RefusedRelease::NotInLedger(number))?;
        let opened = self.open(number, &folder)?;
        let past = Arc::new(Past::of(&opened.release, opened.published_at));
        self.past.lock().unwrap_or_else(PoisonError::into_inner).insert(number, Arc::clone(&past));
        Ok(past)
    }

    /// Says why a release is not shown, once and not at every look.
    fn refuse(&self, number: u32, error: &RefusedRelease) {
        let reason = format!("{number}: {error}");
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.as_ref() != Some(&reason) {
            tracing::error!(number, %error, "release refused");
            *refused = Some(reason);
        }
    }

    fn open(&self, number: u32, folder: &Path) -> Result<Shown, RefusedRelease> {
        let key = verifying_key(&self.releases)?;
        let pinned = self.key.read().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(|| key.to_bytes());
        if pinned != key.to_bytes() {
            return Err(RefusedRelease::OtherKey);
        }
        let release = open_release(folder, &key)?;
        let tag = hex::encode(Sha256::digest(std::fs::read(folder.join(MANIFEST))?));
        let ledger = Ledger::read(&self.releases).map_err(|e| RefusedRelease::Ledger(e.to_string()))?;
        let line = ledger.line(number).filter(|line| line.manifest_sha256 == tag);
        let line = line.filter(|_| release.manifest().number == number).ok_or(RefusedRelease::NotInLedger(number))?;
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Some(pinned);
        let outlooks = release.manifest().indicators.iter().map(|one| (one.id.clone(), OnceLock::new())).collect();
        Ok(Shown {
            outlooks,
            published_at: Some(line.published_at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            release,
            tag,
            answers: Recent::new(KEPT),
            folder: folder.to_owned(),
            listed: OnceLock::new(),
            signals: OnceLock::new(),
        })
    }
}

/// Looks for newer releases for ever, and makes their signals before anyone asks.
pub async fn watch(published: Arc<Published>) {
    loop {
        let own = Arc::clone(&published);
        let look = move || {
            own.look();
            if let Some(shown) = own.now() {
                shown.signals();
            }
        };
        if let Err(error) = tokio::task::spawn_blocking(look).await {
            tracing::error!(%error, "the look at the releases stopped");
        }
        tokio::time::sleep(EVERY).await;
    }
}
