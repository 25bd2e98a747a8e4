//! The demo town through the release path: reports of domestic violence earn no map of the next month
//! and the program says so; burglaries, whose hot spots move, earn it.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

use kubus_signal::forecast::outlook::{LevelOutlook, Refused, levels};
use kubus_store::open::verifying_key;
use kubus_store::{latest, open_release};

fn kubus(keys: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_kubus")).args(arguments).env("KUBUS_KEYS", keys).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Replaces the random key by one that is always the same: the noise of the release hangs on it.
fn fix_the_noise(keys: &Path) {
    let key = keys.join("link.key");
    assert!(key.exists(), "the key is where it was expected");
    fs::write(key, format!("{}\n", "5eed".repeat(16))).unwrap();
}

fn outlook<'a>(found: &'a [LevelOutlook], level: &str) -> &'a LevelOutlook {
    found.iter().find(|outlook| outlook.level.as_str() == level).unwrap()
}

#[test]
fn a_signal_that_moves_earns_the_map_of_the_next_month_and_domestic_violence_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (town, keys) = (folder.path().join("town"), folder.path().join("keys"));
    let path = town.to_str().unwrap();
    kubus(&keys, &["town", "--out", path, "--residents", "60000", "--months", "48", "--seed", "1"]);
    kubus(&keys, &["key", path]);
    fix_the_noise(&keys);
    kubus(&keys, &["run", path]);
    let releases = town.join("releases");
    let release = open_release(&latest(&releases).unwrap(), &verifying_key(&releases).unwrap()).unwrap();

    let burglary = levels(&release, "burglary_month");
    let found = outlook(&burglary, "buurt");
    let verdict = found.verdict.as_ref().unwrap();
    let ranking = verdict.ranking.unwrap();
    assert!(verdict.withheld > 0 && verdict.origins == 24, "{found:?}");
    assert!(ranking.earned && ranking.hit >= 0.01 && ranking.hit_interval.unwrap().0 > 0.0, "{found:?}");

    let violence = levels(&release, "domestic_violence_month");
    assert!(
        matches!(outlook(&violence, "wijk").refused, Some(Refused::Hidden { share }) if share > 0.7),
        "{violence:?}"
    );
    for level in &violence {
        let earned = level.verdict.as_ref().and_then(|verdict| verdict.ranking).is_some_and(|gain| gain.earned);
        assert!(!earned && !level.passes, "{level:?}");
    }
}
