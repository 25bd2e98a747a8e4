//! A background map: off unless set, and then from one origin only.

use std::process::Command;

use serde_json::{Value, json};

use crate::running::{PROGRAM, Window};

/// The policy of a window without a background map.
const CLOSED: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
    frame-ancestors 'none'; form-action 'self'";

#[test]
fn without_a_background_map_nothing_comes_from_elsewhere() {
    let window = Window::open();
    assert_eq!(window.get("/kaart").header("content-security-policy"), CLOSED);
    assert_eq!(window.sign_in().get("/api/release").json()["background_map"], Value::Null);
}

#[test]
fn a_background_map_opens_its_own_origin_for_images_and_nothing_else() {
    let template = "https://tiles.example:8443/brt/{z}/{x}/{y}.png";
    let window = Window::with_background(template, "Kaart: © Voorbeeld");
    let opened = CLOSED
        .replace("blob:;", "blob: https://tiles.example:8443;")
        .replace("connect-src 'self';", "connect-src 'self' https://tiles.example:8443;");
    assert_eq!(window.get("/kaart").header("content-security-policy"), opened);
    let map = window.sign_in().get("/api/release").json()["background_map"].clone();
    assert_eq!(map, json!({"template": template, "attribution": "Kaart: © Voorbeeld"}));
}

#[test]
fn a_background_map_that_is_refused_says_why_and_nothing_starts() {
    for (template, reason) in [
        ("http://tiles.example/{z}/{x}/{y}.png", "moet met https:// beginnen"),
        ("https://tiles.example/{z}/{x}.png", "moeten {z}, {x} en {y} elk één keer staan"),
        ("https://anna:geheim@tiles.example/{z}/{x}/{y}.png", "geen naam of wachtwoord"),
        ("https://tiles.example/{z}/{x}/{y}.png?key=geheim", "geen ? of #"),
        ("https://*/{z}/{x}/{y}.png", "geen geldige servernaam"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let mut command = Command::new(PROGRAM);
        command.arg("--releases").arg(folder.path()).arg("--state").arg(&state).args(["--background", template]);
        let failed = command.output().unwrap();
        let said = String::from_utf8(failed.stderr).unwrap();
        assert_eq!(failed.status.code(), Some(1), "{template}");
        assert!(said.contains(reason) && !said.contains("geheim"), "{said}");
        assert!(!state.exists(), "{template}");
    }
}
