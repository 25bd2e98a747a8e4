//! A build that would take more memory than it may is refused with a message, and writes no vault.

use std::process::{Command, Output};

#[test]
fn a_build_refuses_before_it_takes_more_memory_than_it_may() {
    let work = tempfile::tempdir().unwrap();
    let town = work.path().join("demo");
    let at = town.to_str().unwrap();
    let kubus = |arguments: &[&str], memory: &str| -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubus"));
        command
            .args(arguments)
            .env("KUBUS_KEYS", work.path().join("keys"))
            .env("KUBUS_MEMORY", memory)
            .output()
            .unwrap()
    };
    for arguments in [&["town", "--out", at, "--residents", "3000", "--months", "12"][..], &["key", at]] {
        assert!(kubus(arguments, "").status.success());
    }
    let refused = kubus(&["build", at], "20000");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("20000") && said.contains("geheugen"), "{said}");
    assert!(!town.join("vault").exists());
    assert!(kubus(&["build", at], "2000000000").status.success());
    assert!(town.join("vault/cube.bin").exists());
}
