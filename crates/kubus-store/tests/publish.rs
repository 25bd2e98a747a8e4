//! Publishing, reading back, and everything that must be noticed afterwards.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

mod common;

/// A name, and what is done to a release folder.
type Tampering = (&'static str, fn(&Path));

use std::fs;
use std::path::Path;

use chrono::DateTime;
use common::{draft, key};
use kubus_model::{AreaLevel, Finding};
use kubus_store::publish::PublishError;
use kubus_store::{SealingKey, latest, list, open_release, publish, verify};

fn publish_one(releases: &Path, figure: i64) -> u32 {
    publish(draft(figure), releases, &key(), DateTime::UNIX_EPOCH).unwrap().number
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|f| f.code.as_str()).collect()
}

#[test]
fn a_published_release_reads_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!((publish_one(folder.path(), 11), publish_one(folder.path(), 22)), (1, 2));
    let release = open_release(&latest(folder.path()).unwrap(), &key().verifying_key()).unwrap();
    assert_eq!(release.manifest().number, 2);
    assert_eq!(release.areas(&AreaLevel::new("buurt")).len(), 3);
    assert_eq!(release.table("schulden", &AreaLevel::new("buurt")).unwrap().cells()[0].numerator, Some(22));
    assert_eq!(list(folder.path()).len(), 2);
    assert_eq!(verify(folder.path()), []);
}

#[test]
fn a_hundred_concurrent_publications_get_a_hundred_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut numbers: Vec<u32> = std::thread::scope(|scope| {
        let workers: Vec<_> = (10..110).map(|figure| scope.spawn(move || publish_one(path, figure))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=100).collect::<Vec<u32>>());
    assert_eq!(list(folder.path()).len(), 100);
    assert_eq!(verify(folder.path()), []);
}

#[test]
fn the_same_draft_gives_the_same_bytes() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    publish_one(a.path(), 11);
    publish(draft(11), b.path(), &key(), DateTime::from_timestamp(1_700_000_000, 0).unwrap()).unwrap();
    for file in ["manifest.json", "manifest.sig", "tables/schulden.buurt.parquet", "report.json"] {
        let read = |folder: &Path| fs::read(folder.join("0001").join(file)).unwrap();
        assert_eq!(read(a.path()), read(b.path()), "{file}");
    }
}

#[test]
fn another_sealing_key_is_refused_for_an_existing_series() {
    let folder = tempfile::tempdir().unwrap();
    publish_one(folder.path(), 11);
    let other = SealingKey::from_bytes(&[8; 32]);
    let refused = publish(draft(22), folder.path(), &other, DateTime::UNIX_EPOCH);
    assert!(matches!(refused, Err(PublishError::OtherKey(_))));
    assert_eq!(list(folder.path()).len(), 1);
}

#[test]
fn a_path_that_leaves_the_release_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["../x", "/etc/x", "a//b", "a/../b", ".hidden", "manifest.json", ""] {
        let mut bad = draft(1);
        bad.files.insert(path.to_owned(), vec![]);
        let refused = publish(bad, folder.path(), &key(), DateTime::UNIX_EPOCH);
        assert!(matches!(refused, Err(PublishError::BadPath(_))), "{path}");
    }
    assert_eq!(list(folder.path()), []);
}

#[test]
fn whatever_is_changed_afterwards_is_found() {
    let tampering: [Tampering; 9] = [
        ("file-changed", |f| fs::write(f.join("0001/report.json"), "{}").unwrap()),
        ("file-changed", |f| flip(&f.join("0001/tables/schulden.buurt.parquet"))),
        ("store-file-failed", |f| fs::remove_file(f.join("0001/areas/buurt.json")).unwrap()),
        ("file-not-sealed", |f| fs::write(f.join("0001/tables/extra.csv"), "").unwrap()),
        ("seal-broken", |f| flip(&f.join("0001/manifest.json"))),
        ("release-missing", |f| fs::remove_dir_all(f.join("0001")).unwrap()),
        ("release-not-in-ledger", |f| fs::rename(f.join("0002"), f.join("0003")).unwrap()),
        ("ledger-line-unreadable", |f| fs::write(f.join("ledger.jsonl"), "{}\n").unwrap()),
        ("file-foreign", |f| fs::write(f.join("notes.txt"), "").unwrap()),
    ];
    for (code, tamper) in tampering {
        let folder = tempfile::tempdir().unwrap();
        publish_one(folder.path(), 11);
        publish_one(folder.path(), 22);
        tamper(folder.path());
        let found = verify(folder.path());
        assert!(codes(&found).contains(&code), "{code}: {found:?}");
    }
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_release_put_in_the_place_of_another_is_found() {
    let folder = tempfile::tempdir().unwrap();
    publish_one(folder.path(), 11);
    publish_one(folder.path(), 22);
    fs::remove_dir_all(folder.path().join("0002")).unwrap();
    copy_folder(&folder.path().join("0001"), &folder.path().join("0002"));
    assert!(codes(&verify(folder.path())).contains(&"ledger-manifest-differs"));
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy_folder(&path, &target) } else { fs::copy(&path, &target).map(|_| ()).unwrap() }
    }
}

#[test]
fn figures_that_break_their_own_rules_are_found() {
    let folder = tempfile::tempdir().unwrap();
    publish_one(folder.path(), 3);
    assert_eq!(codes(&verify(folder.path())), ["count-below-threshold"]);
    publish_one(folder.path(), 2000);
    assert!(codes(&verify(folder.path())).contains(&"share-above-whole"));
}
