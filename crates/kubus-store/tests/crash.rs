//! Kills a publishing process with signal 9 at every named write point, and looks at what a
//! reader sees: the release before or the release after, never a mix; and the next publication
//! works. Each case proves that its fault fired: the child must have died by signal 9.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where its preparation fails")]

mod common;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::DateTime;
use common::{draft, key};
use kubus_model::{Member, Severity};
use kubus_store::{latest, ledger::Ledger, open_release, publish, verify};

const FOLDER: &str = "KUBUS_TEST_CRASH_FOLDER";
const POINT: &str = "KUBUS_TEST_CRASH_POINT";
const TURN: &str = "KUBUS_TEST_CRASH_TURN";

/// Every write point of a publication, and how often it is passed (a release has five files).
const POINTS: [(&str, usize); 16] = [
    ("staging-created", 1),
    ("file-created", 5),
    ("file-half-written", 5),
    ("file-before-sync", 5),
    ("file-synced", 5),
    ("staging-before-manifest", 1),
    ("staging-synced", 1),
    ("ledger-before-append", 1),
    ("ledger-half-written", 1),
    ("ledger-before-sync", 1),
    ("ledger-synced", 1),
    ("publish-before-rename", 1),
    ("publish-after-rename", 1),
    ("publish-synced", 1),
    ("atomic-before-rename", 1),
    ("atomic-after-rename", 1),
];

/// The child: does nothing unless it is asked to publish and be killed.
#[test]
fn child_that_is_killed_while_it_publishes() {
    let (Ok(folder), Ok(point)) = (std::env::var(FOLDER), std::env::var(POINT)) else { return };
    let turn: usize = std::env::var(TURN).unwrap().parse().unwrap();
    let passed = AtomicUsize::new(0);
    fail::cfg_callback(point, move || {
        if passed.fetch_add(1, Ordering::SeqCst) + 1 == turn {
            kill_myself();
        }
    })
    .unwrap();
    publish(draft(22), Path::new(&folder), &key(), DateTime::UNIX_EPOCH).unwrap();
}

fn kill_myself() {
    Command::new("kill").args(["-9", &std::process::id().to_string()]).status().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(60));
}

/// Publishes in a child that is killed at the `turn`-th passing of `point`.
fn publish_and_be_killed(releases: &Path, point: &str, turn: usize) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_is_killed_while_it_publishes", "--test-threads=1"])
        .env(FOLDER, releases)
        .env(POINT, point)
        .env(TURN, turn.to_string())
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.signal(), Some(9), "the fault at {point} (turn {turn}) did not fire: {status}");
}

/// The one figure of the newest visible release, after checking that all its cells agree.
fn figure_seen(releases: &Path) -> Option<i64> {
    let release = open_release(&latest(releases)?, &key().verifying_key()).expect("a visible release opens");
    let table = &release.tables()[0];
    assert_eq!(table.members(), [Member::total()]);
    let first = table.cells()[0].numerator;
    assert!(table.cells().iter().all(|cell| cell.numerator == first), "a mix of two releases");
    first
}

fn errors(releases: &Path) -> Vec<String> {
    verify(releases).into_iter().filter(|f| f.severity == Severity::Error).map(|f| f.code).collect()
}

#[test]
fn a_kill_at_any_write_point_leaves_the_old_or_the_new_and_the_next_publication_works() {
    for (point, passes) in POINTS {
        let at_first_only = point.starts_with("atomic-");
        for turn in 1..=passes {
            let folder = tempfile::tempdir().unwrap();
            let releases = folder.path().join("releases");
            if !at_first_only {
                publish(draft(11), &releases, &key(), DateTime::UNIX_EPOCH).unwrap();
            }
            let before = figure_seen(&releases);
            publish_and_be_killed(&releases, point, turn);
            let seen = figure_seen(&releases);
            assert!(seen == before || seen == Some(22), "{point} turn {turn}: saw {seen:?}");
            check_next(&releases, point, before.is_some());
        }
    }
}

/// The next publication gets the next number after every line that was finished, and everything
/// that is in the ledger is visible again.
fn check_next(releases: &Path, point: &str, had_old: bool) {
    let next = publish(draft(33), releases, &key(), DateTime::UNIX_EPOCH).unwrap();
    let committed = ["ledger-before-sync", "ledger-synced"].contains(&point) || point.starts_with("publish-");
    assert_eq!(next.number, 1 + u32::from(had_old) + u32::from(committed), "{point}");
    assert_eq!(figure_seen(releases), Some(33), "{point}");
    assert_eq!(Ledger::read(releases).unwrap().last(), next.number, "{point}");
    assert_eq!(kubus_store::list(releases).len(), next.number as usize, "{point}: a release in the ledger is gone");
    assert!(errors(releases).is_empty(), "{point}: {:?}", verify(releases));
}

#[test]
fn a_kill_during_recovery_is_recovered_from_too() {
    let folder = tempfile::tempdir().unwrap();
    let releases = folder.path().join("releases");
    publish_and_be_killed(&releases, "publish-before-rename", 1);
    publish_and_be_killed(&releases, "publish-before-rename", 1);
    publish_and_be_killed(&releases, "publish-after-rename", 1);
    assert_eq!(figure_seen(&releases), Some(22));
    let next = publish(draft(33), &releases, &key(), DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(next.number, 2);
    assert!(errors(&releases).is_empty());
}

#[test]
fn the_list_of_write_points_is_complete() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut named: Vec<String> = Vec::new();
    for file in ["file.rs", "chain.rs", "publish.rs", "recover.rs"] {
        let text = std::fs::read_to_string(source.join(file)).unwrap();
        let points = text.split("fail_point!(\"").skip(1);
        named.extend(points.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    }
    let mut tested: Vec<&str> = POINTS.iter().map(|(point, _)| *point).collect();
    tested.sort_unstable();
    named.sort();
    assert_eq!(named, tested);
}
