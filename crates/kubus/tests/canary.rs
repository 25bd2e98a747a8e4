//! A hundred planted households with values that nobody else has: no byte of them may be in a
//! release, a report, an answer of the window, a log, an error, or the window's state.
#![expect(clippy::unwrap_used, reason = "a test stops where its preparation fails")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use kubus_store::open::verifying_key;
use kubus_store::{latest, open_release};

/// Every planted value holds one of these.
const MARKS: [&str; 2] = ["canary", "kanarie"];
/// Planted amounts, which are numbers and bear no mark.
const AMOUNT: &str = "76543,21";
const HOUSEHOLDS: usize = 100;

fn kubus(keys: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_kubus")).args(arguments).env("KUBUS_KEYS", keys).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Adds lines to a delivery.
fn add(deliveries: &Path, name: &str, lines: &str) {
    let path = deliveries.join(name);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(lines.as_bytes());
    fs::write(path, bytes).unwrap();
}

/// The first address of each of a hundred postcodes or fewer, again and again.
fn addresses(deliveries: &Path) -> Vec<String> {
    let text = fs::read_to_string(deliveries.join("adressen_2025.csv")).unwrap();
    let ids = text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned());
    ids.step_by(7).take(HOUSEHOLDS).collect()
}

fn plant(deliveries: &Path) {
    let addresses = addresses(deliveries);
    let (mut people, mut notices, mut arrears, mut nuisance) =
        (String::new(), String::new(), String::new(), String::new());
    for at in 0..HOUSEHOLDS {
        let address = &addresses[at % addresses.len()];
        let (person, household) = (format!("CANARYP{at:03}"), format!("CANARYH{at:03}"));
        writeln!(
            people,
            "01-01-2025;{person};{household};{address};01-01-1980;44;V;hoofd;CANARYTYPE;CANARYEIGENDOM;laag"
        )
        .unwrap();
        writeln!(notices, "CANARYN{at:03};03-06-2025;{person};{household};8200AA;1;CANARYPARTNER;5;{AMOUNT}").unwrap();
        writeln!(arrears, "CANARYC{at:03};{household};{address};CANARY;03-03-2025;;{AMOUNT}").unwrap();
        writeln!(nuisance, "CANARYO{at:03};05-05-2025;overlast;8200AA;\"CANARY woont op nummer {at}\"").unwrap();
        if at % 10 > 0 {
            continue;
        }
        // Some rows that are refused: a double, and values that cannot be.
        writeln!(people, "01-01-2025;{person};{household};{address};01-01-1980;44;V;hoofd;CANARYTYPE;koop;laag")
            .unwrap();
        writeln!(people, "01-01-2025;CANARYQ{at:03};{household};{address};01-01-1980;444;V;kind;koop;koop;laag")
            .unwrap();
        writeln!(notices, "CANARYM{at:03};canarydag;{person};{household};8200AA;1;CANARYPARTNER;5;{AMOUNT}").unwrap();
        writeln!(arrears, "CANARYD{at:03};{household};{address};CANARY;03-03-2025;canarydatum;canarybedrag").unwrap();
    }
    add(deliveries, "bevolking_2025.csv", &people);
    add(deliveries, "vroegsignalen.csv", &notices);
    add(deliveries, "huurachterstand.csv", &arrears);
    add(deliveries, "meldingen_openbare_ruimte.csv", &nuisance);
}

/// Whether bytes hold a planted value, in any case.
fn holds_canary(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    MARKS.iter().any(|mark| text.contains(mark)) || [AMOUNT, "76543.21"].iter().any(|amount| text.contains(amount))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn assert_clean(folder: &Path) {
    let mut found = Vec::new();
    files(folder, &mut found);
    assert!(!found.is_empty(), "{} is empty", folder.display());
    for path in found {
        assert!(!holds_canary(&fs::read(&path).unwrap()), "a planted value is in {}", path.display());
    }
}

/// Tables are packed: every text in them, unpacked.
fn assert_tables_clean(releases: &Path) {
    let release = open_release(&latest(releases).unwrap(), &verifying_key(releases).unwrap()).unwrap();
    assert!(release.tables().len() > 20);
    for table in release.tables() {
        let members: Vec<String> = table.members().iter().map(kubus_model::Member::key).collect();
        let areas: Vec<&str> = table.areas().iter().map(kubus_model::AreaCode::as_str).collect();
        assert!(!holds_canary(format!("{members:?}{areas:?}").as_bytes()), "{}", table.indicator());
    }
}

/// A window on the releases, which ends with the test.
struct Window {
    child: Child,
    address: String,
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn window(releases: &Path, state: &Path, log: &Path) -> (Window, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_kubus")).with_file_name("kubus-web");
    let mut child = Command::new(program)
        .args(["--listen", "127.0.0.1:0", "--lang", "en", "--releases"])
        .arg(releases)
        .arg("--state")
        .arg(state)
        .stdout(Stdio::piped())
        .stderr(fs::File::create(log).unwrap())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut password, mut address) = (String::new(), String::new());
    for line in lines.map_while(Result::ok) {
        if let Some(signed) = line.strip_prefix("sign-in: beheer ") {
            signed.clone_into(&mut password);
        } else if let Some(at) = line.find("http://") {
            line[at..].trim_end_matches('/').clone_into(&mut address);
            break;
        }
    }
    (Window { child, address }, password)
}

#[test]
fn no_byte_of_a_planted_household_leaves_the_workshop() {
    let work = tempfile::tempdir().unwrap();
    let (town, keys) = (work.path().join("demo"), work.path().join("keys"));
    let at = town.to_str().unwrap();
    kubus(&keys, &["town", "--out", at, "--residents", "12000", "--months", "24"]);
    plant(&town.join("deliveries"));
    assert!(holds_canary(&fs::read(town.join("deliveries/bevolking_2025.csv")).unwrap()), "nothing was planted");
    kubus(&keys, &["key", at]);
    let run = kubus(&keys, &["run", at]);
    let json = kubus(&keys, &["check", at, "--format", "json"]);
    for output in [&run, &json] {
        assert!(!holds_canary(&output.stdout) && !holds_canary(&output.stderr), "a planted value was told");
    }
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(town.join("reports/report.json")).unwrap()).unwrap();
    let counted = |name: &str| {
        let file = report["files"].as_array().unwrap().iter().find(|file| file["file"] == name).unwrap();
        (file["counted"].as_u64().unwrap(), file["refused"].as_u64().unwrap())
    };
    assert!(counted("bevolking_2025.csv").1 >= 20 && counted("vroegsignalen.csv").1 >= 10, "they were read");
    assert_clean(&town.join("reports"));
    assert_clean(&town.join("releases"));
    assert_tables_clean(&town.join("releases"));

    let (state, log) = (work.path().join("state"), work.path().join("web.log"));
    let (window, password) = window(&town.join("releases"), &state, &log);
    let agent = ureq::Agent::new_with_defaults();
    let body = format!("{{\"name\":\"beheer\",\"password\":\"{password}\"}}");
    let signed = agent
        .post(format!("{}/api/session", window.address))
        .header("content-type", "application/json")
        .send(body)
        .unwrap();
    let cookie = signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    for path in [
        "release",
        "areas/pc6",
        "geometry/pc6",
        "figures?indicator=problem_debt&level=pc6&period=2025",
        "figures?indicator=nuisance&level=pc6&period=2025",
        "area/pc6/8200AA",
        "area/pc6/8200AA/series?indicator=problem_debt",
        "signals",
        "export?indicator=problem_debt&level=pc6&period=2025&format=csv",
    ] {
        let answer = agent.get(format!("{}/api/{path}", window.address)).header("cookie", &cookie).call();
        let bytes = answer.unwrap().body_mut().read_to_vec().unwrap();
        assert!(bytes.len() > 50 && !holds_canary(&bytes), "a planted value is in the answer to {path}");
    }
    drop(window);
    assert_clean(&state);
    assert!(!holds_canary(&fs::read(log).unwrap()));
}
