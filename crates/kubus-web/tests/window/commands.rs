//! The command line: users, copies, the first password.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use crate::running::{PROGRAM, Window};

fn run(arguments: &[&str], state: &Path) -> Output {
    Command::new(PROGRAM).args(arguments).arg("--state").arg(state).output().unwrap()
}

#[test]
fn a_removed_user_is_signed_out_at_once_and_a_name_is_taken_once() {
    let window = Window::open();
    let password = window.add_user("anna", "analyst");
    let anna = window.sign_in_as("anna", &password);
    let again = run(&["user", "add", "Anna", "--role", "team"], &window.state());
    assert_eq!((again.status.code(), again.stdout.len()), (Some(1), 0));
    let listed = run(&["user", "list"], &window.state());
    assert_eq!(String::from_utf8(listed.stdout).unwrap(), "anna\tanalyst\nbeheer\tadmin\n");
    assert_eq!(anna.get("/api/session").status, 200);
    assert!(run(&["user", "remove", "anna"], &window.state()).status.success());
    assert_eq!(anna.get("/api/session").status, 401);
}

#[test]
fn without_a_folder_of_releases_the_message_says_what_to_do() {
    let state = tempfile::tempdir().unwrap();
    let failed = run(&[], state.path());
    let said = String::from_utf8(failed.stderr).unwrap();
    assert_eq!(
        (failed.status.code(), said.trim()),
        (Some(1), "Het lukt niet: noem de map met uitgaven met --releases.")
    );
}

#[test]
fn a_copy_that_is_made_while_the_window_runs_holds_the_users() {
    let window = Window::open();
    let copy = tempfile::tempdir().unwrap();
    let file = copy.path().join("state.sqlite");
    let name = file.to_str().unwrap();
    assert!(run(&["backup", name], &window.state()).status.success());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!run(&["backup", name], &window.state()).status.success(), "a copy is never overwritten");
    let listed = run(&["user", "list"], copy.path());
    assert_eq!(String::from_utf8(listed.stdout).unwrap(), "beheer\tadmin\n");
}

#[test]
fn the_first_password_goes_to_a_private_file_when_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let window = Window::with_password_in(tempfile::tempdir().unwrap(), &file);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(window.sign_in().get("/api/session").status, 200);
}
