//! What stands in a folder in place of a file.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared stops the test")]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something in a folder, and the error that reading it must give.
pub(crate) type Trap = (&'static str, fn(&Path) -> PathBuf, &'static str);

/// All traps.
pub(crate) const TRAPS: [Trap; 6] = [
    ("nothing", |folder| folder.join("none.csv"), "source-file-missing"),
    ("a folder", |folder| made(folder, |path| std::fs::create_dir(path).unwrap()), "source-not-a-file"),
    ("a link to itself", |folder| made(folder, |path| symlink(path, path).unwrap()), "source-unreadable"),
    ("a link to nothing", |folder| made(folder, |path| symlink("none", path).unwrap()), "source-file-missing"),
    ("a pipe", |folder| made(folder, pipe), "source-not-a-file"),
    ("a file that may not be read", |folder| made(folder, closed), "source-unreadable"),
];

fn made(folder: &Path, make: impl Fn(&Path)) -> PathBuf {
    let path = folder.join("a.csv");
    make(&path);
    path
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn closed(path: &Path) {
    std::fs::write(path, "code\na\n").unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).unwrap();
}
