//! A running window on a free port, with an empty state, and a client that is signed in to it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

use crate::town;

/// The built program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_kubus-web");

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code of a problem, whose media type must be that of problems.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A running window. It ends with the test.
pub(crate) struct Window {
    child: Child,
    folder: TempDir,
    /// `127.0.0.1` and the port.
    pub(crate) address: String,
    /// Password of the first user.
    pub(crate) password: String,
    agent: Agent,
}

impl Window {
    /// A window on a first release.
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        town::publish_next(&folder.path().join("releases"), 100);
        Self::on(folder)
    }

    /// A window on the folder `releases` in `folder`, which may be absent.
    pub(crate) fn on(folder: TempDir) -> Self {
        let (child, mut said) = start(&folder, &[]);
        let password = said.next().unwrap().strip_prefix("sign-in: beheer ").unwrap().to_owned();
        Self::new(child, folder, &mut said, password)
    }

    /// The same, with the first password written to a file.
    pub(crate) fn with_password_in(folder: TempDir, file: &Path) -> Self {
        let (child, mut said) = start(&folder, &[("KUBUS_WEB_INITIAL_PASSWORD_FILE", file.as_os_str())]);
        let serving = said.next().unwrap();
        let password = fs::read_to_string(file).unwrap().trim().to_owned();
        assert!(!serving.contains(&password));
        Self::new(child, folder, &mut std::iter::once(serving), password)
    }

    /// A window on a first release, with a background map.
    pub(crate) fn with_background(template: &str, attribution: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        town::publish_next(&folder.path().join("releases"), 100);
        let settings =
            [("KUBUS_BACKGROUND", template.as_ref()), ("KUBUS_BACKGROUND_ATTRIBUTION", attribution.as_ref())];
        let (child, mut said) = start(&folder, &settings);
        let password = said.next().unwrap().strip_prefix("sign-in: beheer ").unwrap().to_owned();
        Self::new(child, folder, &mut said, password)
    }

    fn new(child: Child, folder: TempDir, said: &mut dyn Iterator<Item = String>, password: String) -> Self {
        let serving = said.next().unwrap();
        let address = serving.split("http://").nth(1).unwrap().trim_end_matches('/').to_owned();
        let config = Agent::config_builder().http_status_as_error(false).proxy(None);
        let agent = config.timeout_global(Some(Duration::from_secs(20))).build().into();
        Self { child, folder, address, password, agent }
    }

    pub(crate) fn releases(&self) -> PathBuf {
        self.folder.path().join("releases")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the window wrote to its log so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Asks, with headers and perhaps a body.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = match body {
            Some(body) => self.agent.run(request.body(body.to_vec()).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        let mut response = response.unwrap();
        let body = response.body_mut().read_to_vec().unwrap();
        Reply { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    /// Asks without a session.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    /// Sends JSON, perhaps with a session.
    pub(crate) fn post(&self, path: &str, cookie: &str, body: &Value) -> Reply {
        let headers = [("content-type", "application/json"), ("cookie", cookie)];
        self.send("POST", path, &headers, Some(body.to_string().as_bytes()))
    }

    /// Tries to sign in.
    pub(crate) fn try_sign_in(&self, name: &str, password: &str) -> Reply {
        self.post("/api/session", "", &json!({"name": name, "password": password}))
    }

    /// Signs in as the first user.
    pub(crate) fn sign_in(&self) -> Client<'_> {
        self.sign_in_as("beheer", &self.password)
    }

    /// Signs in.
    pub(crate) fn sign_in_as(&self, name: &str, password: &str) -> Client<'_> {
        let reply = self.try_sign_in(name, password);
        assert_eq!(reply.status, 200);
        let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
        Client { window: self, cookie }
    }

    /// Makes a user on the command line, and gives the password.
    pub(crate) fn add_user(&self, name: &str, role: &str) -> String {
        let mut command = Command::new(PROGRAM);
        command.args(["user", "add", name, "--role", role, "--state"]).arg(self.state());
        let output = command.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap().lines().last().unwrap().to_owned()
    }
}

/// Starts the program; gives the lines that it says.
fn start(folder: &TempDir, settings: &[(&str, &OsStr)]) -> (Child, impl Iterator<Item = String> + use<>) {
    let folder = folder.path();
    let assets = folder.join("dist");
    fs::create_dir_all(assets.join("assets")).unwrap();
    fs::write(assets.join("index.html"), "<!doctype html><title>Straatkubus</title>").unwrap();
    fs::write(assets.join("assets/start-1a2b3c4d.js"), "export {};").unwrap();
    let mut command = Command::new(PROGRAM);
    command.arg("--releases").arg(folder.join("releases")).arg("--state").arg(folder.join("state"));
    command.arg("--assets").arg(assets).args(["--listen", "127.0.0.1:0"]);
    command.stdout(Stdio::piped()).stderr(File::create(folder.join("log")).unwrap());
    command.envs(settings.iter().copied());
    let mut child = command.spawn().unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    (child, said)
}

impl Drop for Window {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Someone who is signed in.
pub(crate) struct Client<'a> {
    pub(crate) window: &'a Window,
    pub(crate) cookie: String,
}

impl Client<'_> {
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.window.send("GET", path, &[("cookie", &self.cookie)], None)
    }
}

/// Waits until something is so, and fails when that takes more than 20 seconds.
pub(crate) fn eventually(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "it never came to be");
        std::thread::sleep(Duration::from_millis(100));
    }
}
