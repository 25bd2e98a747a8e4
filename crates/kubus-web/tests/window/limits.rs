//! What surrounds every answer: security headers, pages, and limits on every connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::running::Window;

/// Seconds within which headers must be there, with room for a slow machine.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);

#[test]
fn every_answer_forbids_what_a_page_does_not_need() {
    let window = Window::open();
    for path in ["/", "/kaart", "/assets/start-1a2b3c4d.js", "/api/health", "/api/release", "/api/nothing"] {
        let reply = window.get(path);
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert!(reply.header("permissions-policy").contains("geolocation=()"), "{path}");
    }
}

#[test]
fn pages_are_served_and_no_file_outside_their_folder() {
    let window = Window::open();
    assert!(window.get("/kaart").header("content-type").starts_with("text/html"));
    assert!(window.get("/assets/start-1a2b3c4d.js").header("cache-control").contains("immutable"));
    assert_eq!(window.get("/assets/weg.js").status, 404);
    for path in ["/../log", "/assets/../../log", "/%2e%2e/log", "/..%2flog", "//log"] {
        let reply = raw(&window, &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        assert!(reply.starts_with("HTTP/1.1 ") && !reply.contains("release on show"), "{path}");
    }
    assert!(window.log().contains("release on show"));
}

#[test]
fn a_body_over_64_kilobytes_is_refused() {
    let window = Window::open();
    let body = |bytes: usize| format!("{{\"name\":\"{}\",\"password\":\"x\"}}", "a".repeat(bytes));
    let send = |body: String| {
        window.send("POST", "/api/session", &[("content-type", "application/json")], Some(body.as_bytes()))
    };
    let reply = send(body(65_536));
    assert_eq!((reply.status, reply.code().as_str()), (413, "body-too-large"));
    assert_eq!(send(body(60_000)).status, 401);
}

#[test]
fn headers_that_are_never_finished_or_never_begun_close_the_connection() {
    let window = Window::open();
    let starts = ["GET /api/health HTTP/1.1\r\nhost: x\r\n", "PRI", ""];
    let begun = Instant::now();
    let connections: Vec<TcpStream> = starts.iter().map(|start| sent(&window, start)).collect();
    for (start, mut connection) in starts.iter().zip(connections) {
        let mut rest = Vec::new();
        let ended = connection.read_to_end(&mut rest);
        assert!(ended.is_ok() && begun.elapsed() < HEADERS_WITHIN, "{start:?} is still open");
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "{start:?}");
    }
    assert_eq!(window.get("/api/health").status, 200);
}

#[test]
fn headers_that_are_too_large_are_refused() {
    let window = Window::open();
    let large = format!("GET /api/health HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "a".repeat(64 << 10));
    assert!(raw(&window, &large).starts_with("HTTP/1.1 431"));
    let many: String = (0..100).map(|at| format!("x-{at}: 1\r\n")).collect();
    assert!(raw(&window, &format!("GET /api/health HTTP/1.1\r\nhost: x\r\n{many}\r\n")).starts_with("HTTP/1.1 431"));
}

fn sent(window: &Window, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&window.address).unwrap();
    stream.set_read_timeout(Some(HEADERS_WITHIN)).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream
}

/// What the window says to these bytes.
fn raw(window: &Window, text: &str) -> String {
    let mut said = Vec::new();
    // The window may close before it has read everything; what it said first is what counts.
    let _ended = sent(window, text).read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}
