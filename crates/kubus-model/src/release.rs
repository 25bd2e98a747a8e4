//! A sealed release: the only door to published figures.
//!
//! A [`Release`] starts from a manifest whose Ed25519 signature verifies. Every file it admits
//! must be named in that manifest and hash to what is written there. There is no other way to a
//! [`Table`].

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{AreaCode, AreaLevel, AreaVintage, DraftTable, Indicator, Period, Ruleset, Table};

/// Why a release or one of its files was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// The signature is not a signature of this manifest by this key.
    #[error("the seal does not fit the manifest")]
    BadSeal,
    /// The manifest cannot be read.
    #[error("the manifest cannot be read: {0}")]
    BadManifest(String),
    /// The file is not in the manifest.
    #[error("the manifest does not name {0}")]
    UnknownFile(String),
    /// The file's bytes differ from what was sealed.
    #[error("{0} differs from what was sealed")]
    BadHash(String),
    /// The file hashes well but cannot be decoded.
    #[error("{0} cannot be decoded: {1}")]
    BadTable(String, String),
}

/// A file of a release, by its path within the release folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSeal {
    /// Path within the release folder, with `/`.
    pub path: String,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// Where a table of the release is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Indicator identifier.
    pub indicator: String,
    /// Area level.
    pub level: AreaLevel,
    /// Path of the file.
    pub path: String,
    /// Periods in the table.
    pub periods: Vec<Period>,
    /// Breakdowns in the table, each a list of attribute names.
    pub breakdowns: Vec<Vec<String>>,
}

/// A level of the release, with its areas' geometry file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LevelEntry {
    /// Area level.
    pub level: AreaLevel,
    /// Name by language.
    pub name: BTreeMap<String, String>,
    /// Boundaries of which year.
    pub vintage: AreaVintage,
    /// Fineness: 0 is the municipality, larger is finer.
    pub rank: u8,
    /// The next coarser level in which areas of this level nest wholly, if any.
    pub parent: Option<AreaLevel>,
    /// Path of the GeoJSON file (WGS84; properties `code`, `name`, `parent`; integer ids), if the
    /// level has polygons.
    pub geometry: Option<String>,
    /// Number of areas.
    pub areas: usize,
}

/// An area as the release lists it (`areas/<level>.json`): what is needed without geometry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaEntry {
    /// Integer identifier, the position in the sorted list of codes, and the map's feature id.
    pub id: u32,
    /// Code.
    pub code: AreaCode,
    /// Name for people; the code when there is none.
    pub name: String,
    /// Codes of the areas this one lies in, by level (largest part by addresses).
    pub within: BTreeMap<AreaLevel, AreaCode>,
    /// Positions of adjacent areas of the same level.
    pub adjacent: Vec<u32>,
    /// Bounding box west, south, east, north in degrees (WGS84), when there is geometry.
    pub bounds: Option<[f64; 4]>,
}

/// What a release says about a source: how late, how complete, at what level, since when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceStatement {
    /// Source identifier.
    pub id: String,
    /// Name by language.
    pub name: BTreeMap<String, String>,
    /// Who owns it.
    pub owner: String,
    /// Publisher, product, licence and address for a public source.
    pub attribution: Option<String>,
    /// Purpose for which it may be used.
    pub purpose: String,
    /// Legal basis.
    pub legal_basis: String,
    /// Date the data describe, ISO 8601.
    pub reference_date: Option<String>,
    /// First period in the data.
    pub since: Option<Period>,
    /// Days between the reference date and delivery.
    pub delay_days: Option<i64>,
    /// Days beyond the declared rhythm; positive is late.
    pub late_days: Option<i64>,
    /// Rows counted out of rows delivered, 0 to 1.
    pub completeness: f64,
    /// Rows that could be placed in an area out of rows counted, 0 to 1.
    pub coverage: f64,
    /// Finest level at which the source can be placed.
    pub level: AreaLevel,
}

/// What the attacker tried and found before the release was published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttackStatement {
    /// Attacker model: `A0`.
    pub attacker: String,
    /// Published cells that were input of the attack.
    pub cells: u64,
    /// Sensitive cells that must stay uncertain.
    pub primary: u64,
    /// Sensitive cells derived exactly.
    pub exact: u64,
    /// Sensitive cells proven to be below the threshold and non-zero or narrower than allowed.
    pub below_threshold: u64,
    /// Names of the stages that ran.
    pub stages: Vec<String>,
    /// The same per level; empty in a release that was made before this was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelAttack>,
}

/// What the attacker tried and found at one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LevelAttack {
    /// Area level.
    pub level: AreaLevel,
    /// Published cells that were input of the attack.
    pub cells: u64,
    /// Sensitive cells that must stay uncertain.
    pub primary: u64,
    /// Sensitive cells derived exactly.
    pub exact: u64,
    /// Sensitive cells proven to be below the threshold and non-zero or narrower than allowed.
    pub below_threshold: u64,
}

/// The manifest of a release. Its bytes are what the seal signs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format of the release folder; this version writes and reads 1.
    pub format: u32,
    /// Identifier of the town.
    pub town: String,
    /// Name of the municipality.
    pub municipality: String,
    /// Number in the series, from 1.
    pub number: u32,
    /// Version of the program that made it.
    pub program: String,
    /// The rules, published in full.
    pub rules: Ruleset,
    /// What is promised, by language.
    pub promise: BTreeMap<String, String>,
    /// Levels, coarse to fine.
    pub levels: Vec<LevelEntry>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// Labels of attributes and of their values, by language: `attribute` or `attribute=value`.
    pub labels: BTreeMap<String, BTreeMap<String, String>>,
    /// Tables.
    pub tables: Vec<TableEntry>,
    /// Sources.
    pub sources: Vec<SourceStatement>,
    /// The attack before publication.
    pub attack: AttackStatement,
    /// Every other file, sealed.
    pub files: Vec<FileSeal>,
}

/// A release whose seal has been checked, with the tables admitted so far.
#[derive(Debug, Clone)]
pub struct Release {
    manifest: Manifest,
    tables: Vec<Table>,
    areas: BTreeMap<AreaLevel, Vec<AreaEntry>>,
}

impl Release {
    /// Opens a release: checks the signature over the manifest's bytes, then reads them.
    ///
    /// # Errors
    /// [`ReleaseError::BadSeal`] or [`ReleaseError::BadManifest`].
    pub fn open(manifest: &[u8], signature: &[u8], key: &VerifyingKey) -> Result<Self, ReleaseError> {
        let signature = Signature::from_slice(signature).map_err(|_| ReleaseError::BadSeal)?;
        key.verify(manifest, &signature).map_err(|_| ReleaseError::BadSeal)?;
        let manifest: Manifest =
            serde_json::from_slice(manifest).map_err(|e| ReleaseError::BadManifest(e.to_string()))?;
        if manifest.format != 1 {
            return Err(ReleaseError::BadManifest(format!("format {} is not known to this version", manifest.format)));
        }
        Ok(Self { manifest, tables: Vec::new(), areas: BTreeMap::new() })
    }

    /// Checks a file's bytes against the manifest.
    ///
    /// # Errors
    /// [`ReleaseError::UnknownFile`] or [`ReleaseError::BadHash`].
    pub fn check(&self, path: &str, bytes: &[u8]) -> Result<(), ReleaseError> {
        let seal = self.manifest.files.iter().find(|f| f.path == path);
        let seal = seal.ok_or_else(|| ReleaseError::UnknownFile(path.to_owned()))?;
        if seal.sha256 == hex::encode(Sha256::digest(bytes)) {
            Ok(())
        } else {
            Err(ReleaseError::BadHash(path.to_owned()))
        }
    }

    /// Admits a table file after checking its hash; `decode` turns its bytes into a table.
    ///
    /// # Errors
    /// As [`Release::check`], or [`ReleaseError::BadTable`] when `decode` fails.
    pub fn admit_table(
        &mut self,
        path: &str,
        bytes: &[u8],
        decode: impl FnOnce(&[u8]) -> Result<DraftTable, String>,
    ) -> Result<(), ReleaseError> {
        self.check(path, bytes)?;
        let draft = decode(bytes).map_err(|e| ReleaseError::BadTable(path.to_owned(), e))?;
        self.tables.push(Table::sealed(draft));
        Ok(())
    }

    /// Admits the list of areas of a level (JSON array of [`AreaEntry`]) after checking its hash.
    ///
    /// # Errors
    /// As [`Release::check`], or [`ReleaseError::BadTable`].
    pub fn admit_areas(&mut self, level: &AreaLevel, path: &str, bytes: &[u8]) -> Result<(), ReleaseError> {
        self.check(path, bytes)?;
        let areas =
            serde_json::from_slice(bytes).map_err(|e| ReleaseError::BadTable(path.to_owned(), e.to_string()))?;
        self.areas.insert(level.clone(), areas);
        Ok(())
    }

    /// The manifest.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// All admitted tables.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The table of an indicator at a level.
    #[must_use]
    pub fn table(&self, indicator: &str, level: &AreaLevel) -> Option<&Table> {
        self.tables.iter().find(|t| t.indicator() == indicator && t.level() == level)
    }

    /// The indicator with this identifier.
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.manifest.indicators.iter().find(|i| i.id == id)
    }

    /// The areas of a level, sorted by code; empty when the level is not in the release.
    #[must_use]
    pub fn areas(&self, level: &AreaLevel) -> &[AreaEntry] {
        self.areas.get(level).map_or(&[], Vec::as_slice)
    }

    /// One area by level and code.
    #[must_use]
    pub fn area(&self, level: &AreaLevel, code: &AreaCode) -> Option<&AreaEntry> {
        let areas = self.areas(level);
        areas.binary_search_by(|a| a.code.cmp(code)).ok().map(|at| &areas[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};

    fn manifest() -> Vec<u8> {
        let rules = serde_json::json!({"name": "r", "min_count": 5, "min_count_sensitive": 10, "max_group_share": 0.9, "perturbation": null, "max_delay_days": null});
        let file = serde_json::json!({"path": "a.json", "sha256": hex::encode(Sha256::digest(b"[]")), "bytes": 2});
        serde_json::to_vec(&serde_json::json!({
            "format": 1, "town": "t", "municipality": "T", "number": 1, "program": "0", "rules": rules, "promise": {},
            "levels": [], "indicators": [], "labels": {}, "tables": [], "sources": [],
            "attack": {"attacker": "A0", "cells": 0, "primary": 0, "exact": 0, "below_threshold": 0, "stages": []},
            "files": [file]
        }))
        .unwrap()
    }

    #[test]
    fn a_release_opens_only_with_its_own_seal() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let bytes = manifest();
        let seal = key.sign(&bytes).to_bytes();
        assert!(Release::open(&bytes, &seal, &key.verifying_key()).is_ok());
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert_eq!(Release::open(&bytes, &seal, &other).unwrap_err(), ReleaseError::BadSeal);
        let mut changed = bytes;
        changed[10] ^= 1;
        assert_eq!(Release::open(&changed, &seal, &key.verifying_key()).unwrap_err(), ReleaseError::BadSeal);
    }

    #[test]
    fn a_changed_or_unknown_file_is_refused() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let bytes = manifest();
        let mut release = Release::open(&bytes, &key.sign(&bytes).to_bytes(), &key.verifying_key()).unwrap();
        let level = AreaLevel::new("buurt");
        assert!(release.admit_areas(&level, "a.json", b"[]").is_ok());
        assert_eq!(release.admit_areas(&level, "a.json", b"[ ]"), Err(ReleaseError::BadHash("a.json".into())));
        assert_eq!(release.check("b.json", b""), Err(ReleaseError::UnknownFile("b.json".into())));
    }
}
