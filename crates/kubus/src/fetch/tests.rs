//! Fetching against a small server on this machine: resumed, refused, checked, bounded.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use kubus_cube::declaration::{Declarations, SourceDeclaration};
use kubus_model::Finding;
use sha2::{Digest, Sha256};

use super::{FetchOptions, fetch};

/// A request as the server saw it: the path, then header lines in lower case.
type Seen = Arc<Mutex<Vec<Vec<String>>>>;

/// Serves one connection per request. `answer` gives the bytes to send, after which the connection
/// is closed, whatever length was announced.
fn serve(answer: impl Fn(usize, &[String]) -> Vec<u8> + Send + 'static) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request: Vec<String> =
                lines.map_while(Result::ok).take_while(|l| !l.is_empty()).map(|l| l.to_lowercase()).collect();
            let turn = log.lock().unwrap().len();
            let bytes = answer(turn, &request);
            log.lock().unwrap().push(request);
            let _closed = stream.write_all(&bytes);
        }
    });
    (address, seen)
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn whole(body: &[u8]) -> Vec<u8> {
    answer("200 OK", &format!("Content-Length: {}\r\nETag: \"v1\"\r\n", body.len()), body)
}

/// Some 200 kB of text that differs everywhere.
fn data() -> Vec<u8> {
    (0..20_000).flat_map(|n| format!("{n};{}\n", n * 7).into_bytes()).collect()
}

fn declarations(address: &str, file: &str, sha256: Option<&str>) -> Declarations {
    let sum = sha256.map_or(String::new(), |s| format!("sha256 = \"{s}\""));
    let source: SourceDeclaration = toml::from_str(&format!(
        r#"
        id = "cijfers"
        name = {{ nl = "Cijfers" }}
        kind = "area_figures"
        owner = "o"
        contact = "c"
        purpose = "p"
        legal_basis = "l"
        retention = "P1Y"
        rhythm = "P1Y"
        file = {{ name = "{file}", format = "csv" }}
        columns = {{}}
        location = {{ level = "wijk" }}
        [[public]]
        publisher = "P"
        product = "Q"
        licence = "CC BY 4.0"
        address = "{address}"
        file = "{file}"
        {sum}
        "#
    ))
    .unwrap();
    let town = toml::from_str("id = \"t\"\nmunicipality = \"T\"\ncode = \"GM0001\"\nvintage = 2024").unwrap();
    let rules = "name = \"r\"\nmin_count = 5\nmin_count_sensitive = 10\nmax_group_share = 0.9";
    Declarations {
        town,
        areas: Vec::new(),
        addresses: Vec::new(),
        sources: vec![source],
        indicators: Vec::new(),
        rules: toml::from_str(rules).unwrap(),
    }
}

fn local() -> FetchOptions {
    FetchOptions { allow_hosts: vec!["127.0.0.1".into()], ..FetchOptions::default() }
}

fn run(town: &Path, declarations: &Declarations, options: &FetchOptions) -> Finding {
    let findings = fetch(town, declarations, options, &|_, _| {}).unwrap();
    assert_eq!(findings.len(), 1);
    findings.into_iter().next().unwrap()
}

fn names(town: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(town.join("deliveries")).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_fetched_whole_with_its_checksum() {
    let (address, _) = serve(|_, _| whole(&data()));
    let town = tempfile::tempdir().unwrap();
    let sum = hex::encode(Sha256::digest(data()));
    let finding = run(town.path(), &declarations(&address, "a.csv", Some(&sum)), &local());
    assert_eq!((finding.code.as_str(), finding.parameters["sha256"].as_str()), ("fetch-fetched", sum.as_str()));
    assert_eq!(std::fs::read(town.path().join("deliveries/a.csv")).unwrap(), data());
    assert_eq!(names(town.path()), ["a.csv"]);
}

#[test]
fn a_connection_that_is_cut_is_taken_up_where_it_stopped() {
    let (address, seen) = serve(|turn, request| {
        let body = data();
        if turn == 0 {
            let head = format!("Content-Length: {}\r\nETag: \"v1\"\r\n", body.len());
            return answer("200 OK", &head, &body[..body.len() / 2]);
        }
        let from: usize = request
            .iter()
            .find_map(|l| l.strip_prefix("range: bytes=")?.strip_suffix('-')?.parse().ok())
            .expect("the second request asks for the rest");
        let span = format!("bytes {from}-{}/{}", body.len() - 1, body.len());
        let head = format!("Content-Length: {}\r\nContent-Range: {span}\r\nETag: \"v1\"\r\n", body.len() - from);
        answer("206 Partial Content", &head, &body[from..])
    });
    let town = tempfile::tempdir().unwrap();
    let finding = run(town.path(), &declarations(&address, "a.csv", None), &local());
    assert_eq!(finding.code, "fetch-fetched");
    assert_eq!(std::fs::read(town.path().join("deliveries/a.csv")).unwrap(), data());
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    assert!(!seen[0].iter().any(|l| l.starts_with("range:")), "{:?}", seen[0]);
    assert!(seen[1].contains(&format!("range: bytes={}-", data().len() / 2)), "{:?}", seen[1]);
    assert!(seen[1].contains(&"if-range: \"v1\"".to_owned()), "{:?}", seen[1]);
}

#[test]
fn a_file_that_changed_meanwhile_is_fetched_anew() {
    let (address, _) = serve(|turn, _| {
        let body = data();
        if turn == 0 {
            let head = format!("Content-Length: {}\r\nETag: \"v1\"\r\n", body.len());
            return answer("200 OK", &head, &body[..1000]);
        }
        answer("200 OK", "Content-Length: 4\r\nETag: \"v2\"\r\n", b"new\n")
    });
    let town = tempfile::tempdir().unwrap();
    assert_eq!(run(town.path(), &declarations(&address, "a.csv", None), &local()).code, "fetch-fetched");
    assert_eq!(std::fs::read(town.path().join("deliveries/a.csv")).unwrap(), b"new\n");
}

#[test]
fn a_run_that_was_broken_off_is_taken_up_by_the_next() {
    let (address, seen) = serve(|turn, request| {
        let body = data();
        let ranged = request.iter().any(|l| l.starts_with("range:"));
        if turn < 5 {
            let head = format!("Content-Length: {}\r\nETag: \"v1\"\r\n", body.len());
            return if ranged { answer("503 Busy", "", b"") } else { answer("200 OK", &head, &body[..1000]) };
        }
        let span = format!("bytes 1000-{}/{}", body.len() - 1, body.len());
        answer(
            "206 Partial Content",
            &format!("Content-Length: {}\r\nContent-Range: {span}\r\n", body.len() - 1000),
            &body[1000..],
        )
    });
    let town = tempfile::tempdir().unwrap();
    let declared = declarations(&address, "a.csv", None);
    assert_eq!(run(town.path(), &declared, &local()).code, "fetch-status");
    assert_eq!(names(town.path()), ["a.csv.part", "a.csv.part.tag"]);
    assert_eq!(run(town.path(), &declared, &local()).code, "fetch-fetched");
    assert_eq!(std::fs::read(town.path().join("deliveries/a.csv")).unwrap(), data());
    assert!(seen.lock().unwrap()[5].contains(&"range: bytes=1000-".to_owned()));
}

#[test]
fn a_file_that_is_there_is_used_as_it_is() {
    let (address, seen) = serve(|_, _| whole(b"other"));
    let town = tempfile::tempdir().unwrap();
    std::fs::create_dir(town.path().join("deliveries")).unwrap();
    std::fs::write(town.path().join("deliveries/a.csv"), "mine").unwrap();
    assert_eq!(run(town.path(), &declarations(&address, "a.csv", None), &local()).code, "fetch-present");
    let differs = run(town.path(), &declarations(&address, "a.csv", Some(&"0".repeat(64))), &local());
    assert_eq!(differs.code, "fetch-present-differs");
    assert_eq!(std::fs::read(town.path().join("deliveries/a.csv")).unwrap(), b"mine");
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn a_web_page_with_status_200_is_refused_by_its_type_or_by_its_text() {
    let page = "<!DOCTYPE html><html><body>Aanmelden</body></html>";
    for head in ["Content-Type: text/html; charset=utf-8\r\n", "Content-Type: text/csv\r\n"] {
        let body = answer("200 OK", &format!("{head}Content-Length: {}\r\n", page.len()), page.as_bytes());
        let (address, _) = serve(move |_, _| body.clone());
        let town = tempfile::tempdir().unwrap();
        assert_eq!(run(town.path(), &declarations(&address, "a.csv", None), &local()).code, "fetch-web-page");
        assert!(names(town.path()).is_empty());
    }
}

#[test]
fn an_answer_in_another_format_than_the_name_says_is_refused() {
    let (address, _) = serve(|_, _| whole(b"{\"value\":[]}"));
    let town = tempfile::tempdir().unwrap();
    assert_eq!(run(town.path(), &declarations(&address, "a.csv.gz", None), &local()).code, "fetch-other-format");
    assert!(names(town.path()).is_empty());
}

#[test]
fn a_wrong_checksum_leaves_nothing_behind() {
    let (address, _) = serve(|_, _| whole(b"a;b\n"));
    let town = tempfile::tempdir().unwrap();
    let finding = run(town.path(), &declarations(&address, "a.csv", Some(&"0".repeat(64))), &local());
    assert_eq!(finding.code, "fetch-checksum");
    assert_eq!(finding.parameters["found"], hex::encode(Sha256::digest(b"a;b\n")));
    assert!(names(town.path()).is_empty());
}

#[test]
fn a_redirect_to_a_host_that_is_not_allowed_is_refused_and_not_followed() {
    let (elsewhere, visited) = serve(|_, _| whole(b"a;b\n"));
    let elsewhere = elsewhere.replace("127.0.0.1", "localhost");
    let (address, _) =
        serve(move |_, _| answer("302 Found", &format!("Location: {elsewhere}\r\nContent-Length: 0\r\n"), b""));
    let town = tempfile::tempdir().unwrap();
    let finding = run(town.path(), &declarations(&address, "a.csv", None), &local());
    assert_eq!((finding.code.as_str(), finding.parameters["host"].as_str()), ("fetch-host-not-allowed", "localhost"));
    assert!(visited.lock().unwrap().is_empty());
    // With the rule off the same redirect is followed: it is the rule that stops it.
    let mut open = local();
    open.allow_hosts.push("localhost".into());
    assert_eq!(run(town.path(), &declarations(&address, "a.csv", None), &open).code, "fetch-fetched");
    assert_eq!(visited.lock().unwrap().len(), 1);
}

#[test]
fn a_redirect_without_end_is_given_up() {
    let (address, seen) = serve(|_, _| answer("302 Found", "Location: /verder\r\nContent-Length: 0\r\n", b""));
    let town = tempfile::tempdir().unwrap();
    assert_eq!(run(town.path(), &declarations(&address, "a.csv", None), &local()).code, "fetch-too-many-redirects");
    assert_eq!(seen.lock().unwrap().len(), 6);
}

#[test]
fn a_file_that_is_not_there_or_too_large_is_said() {
    let (address, _) = serve(|_, _| answer("404 Not Found", "Content-Length: 0\r\n", b""));
    let town = tempfile::tempdir().unwrap();
    let finding = run(town.path(), &declarations(&address, "a.csv", None), &local());
    assert_eq!((finding.code.as_str(), finding.parameters["status"].as_str()), ("fetch-status", "404"));
    let small = FetchOptions { max_bytes: 1000, ..local() };
    let (announced, _) = serve(|_, _| whole(&data()));
    let (silent, _) = serve(|_, _| answer("200 OK", "", &data()));
    for address in [announced, silent] {
        assert_eq!(run(town.path(), &declarations(&address, "a.csv", None), &small).code, "fetch-too-large");
    }
    assert!(names(town.path()).is_empty());
}

#[test]
fn a_name_that_leaves_the_folder_is_refused() {
    let (address, seen) = serve(|_, _| whole(b"a;b\n"));
    let town = tempfile::tempdir().unwrap();
    for name in ["../a.csv", "/a.csv", "b/a.csv", ".verborgen"] {
        assert_eq!(run(town.path(), &declarations(&address, name, None), &local()).code, "fetch-bad-name", "{name}");
    }
    assert!(seen.lock().unwrap().is_empty());
}
