//! Signing in and out: right, wrong, throttled; sessions; roles; requests from elsewhere.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use crate::running::{Client, Window};

#[test]
fn a_right_password_opens_a_session_that_signing_out_ends() {
    let window = Window::open();
    let reply = window.try_sign_in(" Beheer ", &window.password);
    assert_eq!((reply.status, reply.json()["role"].as_str()), (200, Some("admin")));
    let cookie = reply.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let client = window.sign_in();
    assert_eq!(client.get("/api/session").json()["name"], "beheer");
    assert_eq!(window.send("DELETE", "/api/session", &[("cookie", &client.cookie)], None).status, 204);
    assert_eq!(client.get("/api/session").code(), "not-signed-in");
}

#[test]
fn without_a_session_there_is_nothing_but_signing_in_and_health() {
    let window = Window::open();
    let paths = [
        "/api/session",
        "/api/release",
        "/api/areas/buurt",
        "/api/geometry/buurt",
        "/api/figures?indicator=schulden&level=buurt&period=2025",
        "/api/area/buurt/BU99010001",
        "/api/area/buurt/BU99010001/series?indicator=schulden",
        "/api/signals",
        "/api/priorities",
        "/api/take-up",
        "/api/releases",
        "/api/releases/difference?before=1&after=1",
        "/api/export?indicator=schulden&level=buurt&period=2025&format=csv",
        "/api/openapi.json",
    ];
    for path in paths {
        let reply = window.get(path);
        assert_eq!((reply.status, reply.code().as_str()), (401, "not-signed-in"), "{path}");
        let reply = window.send("GET", path, &[("cookie", "kubus_session=made-up")], None);
        assert_eq!(reply.status, 401, "{path}");
    }
    assert_eq!(window.get("/api/health").json(), json!({"status": "ok", "release": 1}));
}

#[test]
fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let window = Window::open();
    let wrong = window.try_sign_in("beheer", "dit is het niet");
    let unknown = window.try_sign_in("niemand", "dit is het niet");
    assert_eq!((wrong.status, wrong.code().as_str()), (401, "sign-in-refused"));
    assert_eq!((unknown.status, &unknown.body), (401, &wrong.body));
}

#[test]
fn guessing_is_slowed_down_even_when_the_last_guess_is_right() {
    let window = Window::open();
    let statuses: Vec<u16> = (0..6).map(|_| window.try_sign_in("beheer", "dit is het niet").status).collect();
    assert_eq!(statuses, [401; 6]);
    let right = window.try_sign_in("beheer", &window.password);
    assert_eq!((right.status, right.code().as_str()), (429, "too-many-attempts"));
    assert!(right.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[test]
fn a_new_password_replaces_the_old_one_and_ends_the_other_sessions() {
    let window = Window::open();
    let (client, other) = (window.sign_in(), window.sign_in());
    let change = |old: &str, new: &str| {
        window.post("/api/session/password", &client.cookie, &json!({"old": old, "new": new})).status
    };
    assert_eq!(change("dit is het niet", "een nieuw lang wachtwoord"), 401);
    assert_eq!(change(&window.password, "te kort"), 422);
    assert_eq!(change(&window.password, "een nieuw lang wachtwoord"), 204);
    assert_eq!((client.get("/api/session").status, other.get("/api/session").status), (200, 401));
    assert_eq!(window.try_sign_in("beheer", &window.password).status, 401);
    assert_eq!(window.try_sign_in("beheer", "een nieuw lang wachtwoord").status, 200);
}

#[test]
fn a_page_of_another_site_cannot_sign_someone_in_or_out() {
    let window = Window::open();
    let body = json!({"name": "beheer", "password": window.password}).to_string();
    let try_from =
        |headers: &[(&str, &str)]| window.send("POST", "/api/session", headers, Some(body.as_bytes())).status;
    let kind = ("content-type", "application/json");
    assert_eq!(try_from(&[kind, ("origin", "https://elders.example")]), 403);
    assert_eq!(try_from(&[kind, ("sec-fetch-site", "cross-site")]), 403);
    assert_eq!(try_from(&[("content-type", "text/plain")]), 415);
    assert_eq!(try_from(&[kind, ("sec-fetch-site", "same-origin")]), 200);
}

#[test]
fn a_team_sees_a_sensitive_indicator_no_finer_than_a_buurt() {
    let window = Window::open();
    let password = window.add_user("wijkteam", "team");
    let (team, everything) = (window.sign_in_as("wijkteam", &password), window.sign_in());
    let asked = [
        "/api/figures?indicator=schulden&period=2025&level=",
        "/api/export?indicator=schulden&period=2025&format=csv&level=",
    ];
    for path in asked {
        assert_eq!(team.get(&format!("{path}buurt")).status, 200, "{path}");
        assert_eq!(team.get(&format!("{path}straat")).code(), "not-authorised", "{path}");
        assert_eq!(everything.get(&format!("{path}straat")).status, 200, "{path}");
    }
    assert_eq!(team.get("/api/area/straat/ST99010001/series?indicator=schulden").status, 403);
    let figure = team.get("/api/area/straat/ST99010001").json()["figures"][0].clone();
    assert_eq!((figure["status"].as_str(), figure["figure"].is_null()), (Some("not_authorised"), true));
    let figure = everything.get("/api/area/straat/ST99010001").json()["figures"][0].clone();
    assert_eq!((figure["status"].as_str(), figure["figure"].as_f64()), (Some("value"), Some(10.0)));
}

#[test]
fn what_a_team_may_not_see_is_in_no_list_either() {
    let window = Window::open();
    let password = window.add_user("wijkteam", "team");
    let (team, everything) = (window.sign_in_as("wijkteam", &password), window.sign_in());
    let levels = |client: &Client<'_>, path: &str, list: &str| -> BTreeSet<String> {
        let answer = client.get(path).json();
        answer[list].as_array().unwrap().iter().map(|one| one["level"].as_str().unwrap().to_owned()).collect()
    };
    let placed = |client: &Client<'_>| -> Vec<(Value, Value)> {
        let answer = client.get("/api/priorities").json();
        let places = answer["priorities"].as_array().unwrap().iter();
        places.map(|one| (one["signal"]["level"].clone(), one["priority"]["ranks_together"].clone())).collect()
    };
    assert!(placed(&everything).iter().any(|(level, _)| level == "straat"));
    assert_eq!(placed(&team), [(json!("buurt"), json!([1, 1]))], "places count among what is seen");
    for (path, list) in [("/api/signals", "signals"), ("/api/release", "tables")] {
        assert!(levels(&everything, path, list).contains("straat"), "{path}");
        let seen = levels(&team, path, list);
        assert!(!seen.contains("straat") && seen.contains("buurt"), "{path}");
    }
    assert_eq!(team.get("/api/release").json()["default"]["level"], "buurt");
    assert_eq!(team.get("/api/signals").json()["signals"][0]["rank"], 1);
}

#[tokio::test]
async fn who_looked_at_what_is_written_down_without_figures_and_passwords() {
    let window = Window::open();
    let client = window.sign_in();
    client.get("/api/export?indicator=schulden&level=buurt&period=2025&format=csv");
    client.get("/api/area/buurt/BU99010001");
    let options = SqliteConnectOptions::new().filename(window.state().join("state.sqlite")).read_only(true);
    let mut state = options.connect().await.unwrap();
    let select = "SELECT name || ' ' || role || ' ' || action || ' ' || coalesce(indicator, '-') || ' ' || \
                  coalesce(level, '-') || ' ' || coalesce(format, area, '-') FROM audit ORDER BY rowid";
    let lines: Vec<String> =
        sqlx::query(select).fetch_all(&mut state).await.unwrap().iter().map(|row| row.get(0)).collect();
    let expected = [
        "beheer admin sign_in - - -",
        "beheer admin export schulden buurt csv",
        "beheer admin area - buurt BU99010001",
    ];
    assert_eq!(lines, expected);
    let files = ["state.sqlite", "state.sqlite-wal"].map(|name| std::fs::read(window.state().join(name)).unwrap());
    let bytes = files.concat();
    let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let token = client.cookie.split_once('=').unwrap().1;
    assert!(holds("beheer") && !holds(&window.password) && !holds(token));
}
