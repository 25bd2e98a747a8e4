//! The child that reads one file: its limits hold, its death has a name, and its answer is the
//! same as that of a reader in this process. Each fault proves that it fired.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared stops the test")]

#[path = "hostile/support.rs"]
mod support;

use std::io::Write;
use std::path::PathBuf;

use kubus_cube::declaration::{ColumnType as T, SourceFormat as F};
use kubus_cube::source::{Limits, ReadRequest, ReadResult, Reader, child_main, read_here, read_with};
use support::*;

/// This test program, started again as the child.
fn reader(child: &str) -> Reader {
    let arguments = ["--exact", child, "--nocapture", "--test-threads=1"];
    Reader { program: std::env::current_exe().unwrap(), arguments: arguments.map(str::to_owned).to_vec() }
}

fn is_child() -> bool {
    std::env::args().next_back().as_deref() == Some("read-source")
}

#[test]
fn child_that_reads() {
    if is_child() {
        std::process::exit(i32::from(child_main()));
    }
}

#[test]
fn child_that_hangs() {
    if is_child() {
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
}

#[test]
fn child_that_stops_halfway_its_answer() {
    if is_child() {
        println!("\n<kubus-read-1>");
        print!("R");
        std::io::stdout().flush().unwrap();
        std::process::exit(0);
    }
}

#[test]
fn child_that_takes_too_much_memory() {
    if is_child() {
        rlimit::Resource::AS.set(512 << 20, 512 << 20).unwrap();
        let taken: Vec<u8> = vec![1; 4 << 30];
        println!("{}", taken.len());
    }
}

fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn codes(result: &ReadResult) -> Vec<&str> {
    result.findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn small() -> (tempfile::TempDir, ReadRequest) {
    let (folder, path) = file("a.csv", b"code;aantal\na;1\nb;2\n");
    (folder, figures(path, F::Csv, vec![column("code", T::Text), column("aantal", T::Integer)]))
}

#[test]
fn a_child_answers_what_a_reader_in_this_process_answers() {
    let text: String = (0..200_000).map(|n| format!("P{n};{};{n}.5\n", n % 7)).collect();
    let (_folder, path) = file("many.csv", format!("code;aantal;maat\n{text}").as_bytes());
    let columns = vec![column("code", T::Text), ranged("aantal", T::Integer, [0.0, 5.0]), column("maat", T::Decimal)];
    let request = ReadRequest { refuse_rows: true, ..figures(path, F::Csv, columns) };
    let (there, here) = (read_with(&reader("child_that_reads"), &request, &Limits::default()), read_here(&request));
    assert_eq!(whole(&there), whole(&here));
    assert_eq!((there.rows, there.refused, &there.findings), (here.rows, here.refused, &here.findings));
    assert_eq!(there.rows, 200_000);
    assert!(there.refused > 0);
}

#[test]
fn a_child_that_hangs_is_killed_in_time() {
    let (_folder, request) = small();
    let limits = Limits { seconds: 1, ..Limits::default() };
    let started = std::time::Instant::now();
    let result = read_with(&reader("child_that_hangs"), &request, &limits);
    assert_eq!(codes(&result), ["source-too-slow"]);
    assert!(started.elapsed().as_secs() < 20, "it was not killed");
}

#[test]
fn a_child_without_memory_has_a_name_for_its_death() {
    let (_folder, request) = small();
    let result = read_with(&reader("child_that_takes_too_much_memory"), &request, &Limits::default());
    assert_eq!(codes(&result), ["source-too-much-memory"]);
    assert!(result.batches.is_empty());
}

#[test]
fn the_memory_limit_of_a_request_holds() {
    // One GeoJSON property of 300 MB: read whole, it needs more than is allowed.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.geojson");
    let mut output = std::fs::File::create(&path).unwrap();
    output.write_all(br#"{"type":"FeatureCollection","features":[{"properties":{"a":""#).unwrap();
    (0..300).for_each(|_| output.write_all(&[b'x'; 1 << 20]).unwrap());
    output.write_all(br#""},"geometry":null}]}"#).unwrap();
    drop(output);
    let request = figures(path, F::Geojson, vec![column("a", T::Text)]);
    let limits = Limits { memory: 400 << 20, ..Limits::default() };
    let result = read_with(&reader("child_that_reads"), &request, &limits);
    assert_eq!(codes(&result), ["source-too-much-memory"]);
    let ample = read_with(&reader("child_that_reads"), &request, &Limits { memory: 8 << 30, ..limits });
    assert_eq!(ample.rows, 1, "without the limit the same file is read: {:?}", codes(&ample));
}

#[test]
fn half_an_answer_is_no_answer() {
    let (_folder, request) = small();
    let result = read_with(&reader("child_that_stops_halfway_its_answer"), &request, &Limits::default());
    assert_eq!(codes(&result), ["source-reader-died"]);
    assert!(result.batches.is_empty());
}

#[test]
fn a_program_that_is_no_reader_is_named() {
    let (_folder, request) = small();
    let none = Reader { program: "/no/such/program".into(), arguments: Vec::new() };
    assert_eq!(codes(&read_with(&none, &request, &Limits::default())), ["source-reader-not-started"]);
    let other = Reader { program: "true".into(), arguments: Vec::new() };
    assert_eq!(codes(&read_with(&other, &request, &Limits::default())), ["source-reader-died"]);
}

/// The child sets its limits, and then tries what it may not do.
#[test]
fn child_that_tries_what_it_may_not_do() {
    if !is_child() {
        return;
    }
    // The request names a file that does not exist, so that the reading itself is nothing.
    assert_eq!(child_main(), 0);
    let refused = |name: &str, done: std::io::Result<()>| {
        let kind = done.err().map(|error| error.kind());
        eprintln!("attempt {name}: {kind:?}");
        kind == Some(std::io::ErrorKind::PermissionDenied)
    };
    let socket = refused("socket", std::net::TcpListener::bind("127.0.0.1:0").map(drop));
    let program = refused("program", std::process::Command::new("true").status().map(drop));
    let folder = std::env::temp_dir();
    let write = refused("write", std::fs::write(folder.join("kubus-may-not-be-written"), b"x"));
    let make = refused("folder", std::fs::create_dir(folder.join("kubus-may-not-be-made")));
    std::process::exit(if socket && program && write && make { 42 } else { 43 });
}

#[test]
fn the_child_cannot_reach_the_network_start_a_program_or_write_a_file() {
    // Without the limits each attempt succeeds.
    drop(std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    assert!(std::process::Command::new("true").status().unwrap().success());
    drop(tempfile::NamedTempFile::new().unwrap());

    let order = serde_json::json!({
        "request": figures("/no/such/file.csv".into(), F::Csv, Vec::new()),
        "limits": Limits::default(),
    });
    let child = reader("child_that_tries_what_it_may_not_do");
    let mut child = std::process::Command::new(&child.program)
        .args(&child.arguments)
        .arg("read-source")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(order.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(42), "{}", String::from_utf8_lossy(&output.stderr));
}
