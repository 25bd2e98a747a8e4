//! What every endpoint answers: its shape, its figures, its caching, its refusals.

use serde_json::Value;

use crate::running::Window;
use crate::shape::{faults, faults_of};
use crate::town::{DEVIATING, INDICATOR, PERIOD};

const DESCRIPTION: &str = include_str!("../../../../web/openapi.json");
const REMAKE: &str = "run `kubus-web openapi > web/openapi.json`, then `npm run types` in web/";

/// An address, and the path in the description that it belongs to.
const ANSWERS: [(&str, &str); 14] = [
    ("/api/session", "/api/session"),
    ("/api/health", "/api/health"),
    ("/api/release", "/api/release"),
    ("/api/areas/buurt", "/api/areas/{level}"),
    ("/api/figures?indicator=schulden&level=buurt&period=2025", "/api/figures"),
    ("/api/area/buurt/BU9901000C", "/api/area/{level}/{code}"),
    ("/api/area/buurt/BU9901000C/series?indicator=schulden", "/api/area/{level}/{code}/series"),
    ("/api/signals", "/api/signals"),
    ("/api/priorities", "/api/priorities"),
    ("/api/take-up?level=buurt", "/api/take-up"),
    ("/api/releases", "/api/releases"),
    ("/api/releases/difference?before=1&after=1", "/api/releases/difference"),
    ("/api/forecast?indicator=schulden", "/api/forecast"),
    ("/api/feasibility?per_1000=5&levels=buurt:10:2000,wijk:2:10000", "/api/feasibility"),
];

#[test]
fn every_answer_has_the_described_shape() {
    let window = Window::open();
    let client = window.sign_in();
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    for (address, path) in ANSWERS {
        let reply = client.get(address);
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"), "{address}");
        assert_eq!(faults(&description, path, &reply.json()), Vec::<String>::new());
    }
}

#[test]
fn the_shape_check_notices_what_is_missing_and_what_is_too_much() {
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let wrong = serde_json::json!({"status": 1, "extra": true});
    assert_eq!(faults(&description, "/api/health", &wrong).len(), 3);
}

#[test]
fn the_file_of_the_front_end_is_what_the_server_makes() {
    let window = Window::open();
    assert_eq!(window.sign_in().get("/api/openapi.json").body, DESCRIPTION.as_bytes(), "{REMAKE}");
    let printed = std::process::Command::new(env!("CARGO_BIN_EXE_kubus-web")).arg("openapi").output().unwrap();
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), DESCRIPTION, "{REMAKE}");
}

#[test]
fn every_response_says_what_it_is_and_every_schema_that_is_named_is_there() {
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(response["description"].is_string(), "{method} {path} {status}");
            }
        }
    }
    for name in DESCRIPTION.split("\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(description.pointer(name).is_some(), "{name}");
    }
}

#[test]
fn the_release_opens_on_the_newest_figure_of_an_indicator_that_points_somewhere() {
    let window = Window::open();
    let release = window.sign_in().get("/api/release").json();
    assert_eq!(release["default"], serde_json::json!({"indicator": INDICATOR, "level": "straat", "period": PERIOD}));
    assert_eq!(release["labels"]["theme=geld"]["nl"], "Geld");
    assert_eq!(release["tables"][1]["members"][1]["key"], "bijstand=ja");
}

#[test]
fn figures_keep_their_states_apart_and_say_where_they_come_from() {
    let window = Window::open();
    let figures = window.sign_in().get("/api/figures?indicator=schulden&level=buurt&period=2025").json();
    let statuses: Vec<&str> = (0..4).map(|at| figures["areas"][at]["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["value", "value", "suppressed", "zero"]);
    assert_eq!(figures["areas"][0]["figure"].as_f64(), Some(10.0));
    assert!(figures["areas"][2]["figure"].is_null() && figures["areas"][2]["numerator"].is_null());
    let about = &figures["provenance"];
    assert_eq!((about["release"].as_u64(), about["rule"].as_str()), (Some(1), Some("standaard-2026-1")));
    assert_eq!((about["timeliness"].as_i64(), about["completeness"].as_f64()), (Some(21), Some(0.98)));
}

#[test]
fn a_part_of_the_people_has_figures_of_its_own() {
    let window = Window::open();
    let asked = "/api/figures?indicator=schulden&level=buurt&period=2025&member=bijstand%3Dja";
    let figures = window.sign_in().get(asked).json();
    assert_eq!(
        (figures["member"].as_str(), figures["areas"][0]["denominator"].as_i64()),
        (Some("bijstand=ja"), Some(200))
    );
}

#[test]
fn the_deviating_area_is_in_the_list_of_signals_and_in_its_own_profile() {
    let window = Window::open();
    let client = window.sign_in();
    let list = client.get("/api/signals?level=buurt&limit=1").json();
    assert_eq!(
        (list["signals"][0]["area"].as_str(), list["signals"][0]["area_name"].as_str()),
        (Some(DEVIATING), Some("buurt 11"))
    );
    assert_eq!(list["signals"].as_array().unwrap().len(), 1);
    let profile = client.get(&format!("/api/area/buurt/{DEVIATING}")).json();
    assert_eq!(profile["signals"][0]["indicator"], INDICATOR);
    assert_eq!(profile["figures"][0]["municipality_figure"].as_f64(), Some(10.0));
    assert_eq!(profile["within"][0]["level"], "gemeente");
    let composition = &profile["composition"][0];
    assert_eq!((composition["value"].as_str(), composition["share_here"].as_f64()), (Some("ja"), Some(0.2)));
}

#[test]
fn a_series_has_a_point_for_every_period() {
    let window = Window::open();
    let series = window.sign_in().get("/api/area/buurt/BU99010001/series?indicator=schulden").json();
    let periods: Vec<&str> =
        series["points"].as_array().unwrap().iter().map(|p| p["period"].as_str().unwrap()).collect();
    assert_eq!(periods, ["2024", "2025"]);
}

#[test]
fn boundaries_are_sent_as_they_were_sealed() {
    let window = Window::open();
    let client = window.sign_in();
    let reply = client.get("/api/geometry/buurt");
    assert_eq!(reply.header("content-type"), "application/geo+json");
    let sealed = std::fs::read(window.releases().join("0001/geometry/buurt.geojson")).unwrap();
    assert_eq!(reply.body, sealed);
    let headers = [("cookie", client.cookie.as_str()), ("accept-encoding", "gzip")];
    let packed = window.send("GET", "/api/geometry/buurt", &headers, None);
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < sealed.len() / 2);
}

#[test]
fn who_has_an_answer_already_does_not_get_it_again() {
    let window = Window::open();
    let client = window.sign_in();
    for path in ["/api/geometry/buurt", "/api/release", "/api/signals"] {
        let first = client.get(path);
        assert!(first.header("cache-control").contains("private"), "{path}");
        let again = |tag: &str| window.send("GET", path, &[("cookie", &client.cookie), ("if-none-match", tag)], None);
        assert_eq!((again(first.header("etag")).status, again("W/\"other\"").status), (304, 200), "{path}");
    }
}

#[test]
fn what_is_not_there_and_what_is_not_understood_are_told_apart() {
    let window = Window::open();
    let client = window.sign_in();
    let refused = [
        ("/api/areas/%FF", "/api/areas/{level}", 400, "bad-request"),
        ("/api/areas/planeet", "/api/areas/{level}", 404, "not-found"),
        ("/api/geometry/planeet", "/api/geometry/{level}", 404, "not-found"),
        ("/api/area/buurt/BU0", "/api/area/{level}/{code}", 404, "not-found"),
        ("/api/area/buurt/BU0/series?indicator=schulden", "/api/area/{level}/{code}/series", 404, "not-found"),
        ("/api/figures?indicator=geluk&level=buurt&period=2025", "/api/figures", 404, "not-found"),
        ("/api/figures?indicator=schulden&level=buurt&period=1999", "/api/figures", 404, "not-found"),
        ("/api/figures?indicator=schulden&level=buurt&period=ooit", "/api/figures", 400, "bad-request"),
        ("/api/figures?indicator=schulden&level=buurt", "/api/figures", 400, "bad-request"),
        ("/api/forecast?indicator=geluk", "/api/forecast", 404, "not-found"),
        ("/api/forecast?indicator=schulden&level=planeet", "/api/forecast", 404, "not-found"),
        ("/api/feasibility?per_1000=0&levels=buurt:10:2000", "/api/feasibility", 400, "bad-request"),
        ("/api/feasibility?per_1000=5&levels=buurt:10", "/api/feasibility", 400, "bad-request"),
        ("/api/signals?limit=veel", "/api/signals", 400, "bad-request"),
        ("/api/export?indicator=schulden&level=buurt&period=2025&format=pdf", "/api/export", 400, "bad-request"),
    ];
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let here = window.folder().to_string_lossy().into_owned();
    for (path, described, status, code) in refused {
        let reply = client.get(path);
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{path}");
        let as_sent = ("get", status, reply.header("content-type"));
        assert_eq!(faults_of(&description, described, as_sent, &reply.json()), Vec::<String>::new());
        assert!(!String::from_utf8_lossy(&reply.body).contains(&here), "{path}");
    }
    let reply = client.get("/api/nothing");
    assert_eq!((reply.status, reply.code().as_str()), (404, "not-found"));
    let reply = window.send("PUT", "/api/release", &[("cookie", &client.cookie)], Some(b"{}"));
    assert_eq!((reply.status, reply.code().as_str()), (405, "method-not-allowed"));
}
