//! The parent's side of reading one file: starts the child, guards its time, takes its answer,
//! and gives a name to the way in which it died.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use arrow::ipc::reader::StreamReader;
use arrow::record_batch::RecordBatch;
use kubus_model::Finding;

use super::serve::{MARK, NO_ROWS, Order, ROWS};
use super::{Limits, ReadRequest, ReadResult, Summary, read_here};

/// The variable that names another program to be the child.
const READER: &str = "KUBUS_READER";
/// The argument that makes a program the child.
const ARGUMENT: &str = "read-source";
/// Bytes before the mark that are passed over.
const NOISE: usize = 1 << 16;
/// Most bytes kept of what the child says about its death.
const LAST_WORDS: u64 = 1 << 16;
/// Signals by which a process dies of its limits.
const ABORTED: i32 = 6;
const PROCESSOR_TIME: i32 = 24;

/// The program that is started to be the child: `program arguments… read-source`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The program.
    pub program: PathBuf,
    /// Arguments before `read-source`.
    pub arguments: Vec<String>,
}

impl Reader {
    /// The program named by `KUBUS_READER`, else this program itself. Nothing for a test program
    /// (in cargo's folder `deps`), which would run its tests instead.
    #[must_use]
    pub fn of_this_program() -> Option<Self> {
        let named = std::env::var_os(READER).map(PathBuf::from);
        let program = named.or_else(|| std::env::current_exe().ok().filter(|path| !is_test_program(path)))?;
        Some(Self { program, arguments: Vec::new() })
    }
}

fn is_test_program(path: &std::path::Path) -> bool {
    path.parent().and_then(std::path::Path::file_name).is_some_and(|folder| folder == "deps")
}

/// Reads one file in a limited child process. Never fails: what went wrong is a finding. A test
/// program cannot be the child and reads here, in its own process, as [`read_here`] does.
#[must_use]
pub fn read(request: &ReadRequest, limits: &Limits) -> ReadResult {
    match Reader::of_this_program() {
        Some(reader) => read_with(&reader, request, limits),
        None => read_here(request),
    }
}

/// Reads one file in a limited child process of a given program.
#[must_use]
pub fn read_with(reader: &Reader, request: &ReadRequest, limits: &Limits) -> ReadResult {
    match start(reader, request, limits) {
        Ok(child) => Watched::new(child).answer(request, limits),
        Err(error) => {
            ReadResult::refused(request, Finding::error("source-reader-not-started").with("reason", error.kind()))
        }
    }
}

fn start(reader: &Reader, request: &ReadRequest, limits: &Limits) -> std::io::Result<Child> {
    let mut child = Command::new(&reader.program)
        .args(&reader.arguments)
        .arg(ARGUMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let order = Order { request: request.clone(), limits: *limits };
    let order = serde_json::to_vec(&order)?;
    if let Some(mut input) = child.stdin.take() {
        // A child that dies at once closes the pipe; how it died is said below.
        let _closed = input.write_all(&order);
    }
    Ok(child)
}

/// A running child, and whether it has answered.
struct Watched {
    child: Mutex<Child>,
    done: Mutex<bool>,
    wake: Condvar,
}

/// What came out of a child.
struct Heard {
    answer: Option<(Vec<RecordBatch>, Summary)>,
    last_words: String,
    late: bool,
}

impl Watched {
    fn new(child: Child) -> Self {
        Self { child: Mutex::new(child), done: Mutex::new(false), wake: Condvar::new() }
    }

    fn answer(self, request: &ReadRequest, limits: &Limits) -> ReadResult {
        let heard = self.hear(limits);
        let status = lock(&self.child).wait();
        match (heard.answer, &status) {
            (Some((batches, summary)), Ok(status)) if status.success() && !heard.late => {
                ReadResult::new(batches, summary)
            }
            _ => ReadResult::refused(request, death(status.ok(), heard.late, &heard.last_words, limits)),
        }
    }

    /// Listens to both pipes, and kills the child when its time is over.
    fn hear(&self, limits: &Limits) -> Heard {
        let (output, errors) = {
            let mut child = lock(&self.child);
            (child.stdout.take(), child.stderr.take())
        };
        std::thread::scope(|scope| {
            let clock = scope.spawn(|| self.guard(Duration::from_secs(limits.seconds)));
            let words = scope.spawn(move || {
                let mut words = Vec::new();
                if let Some(mut errors) = errors {
                    let _cut = (&mut errors).take(LAST_WORDS).read_to_end(&mut words);
                    let _rest = std::io::copy(&mut errors, &mut std::io::sink());
                }
                String::from_utf8_lossy(&words).into_owned()
            });
            let answer = output.and_then(|output| take_answer(output).ok());
            let last_words = words.join().unwrap_or_default();
            *lock(&self.done) = true;
            self.wake.notify_all();
            Heard { answer, last_words, late: clock.join().unwrap_or(false) }
        })
    }

    /// Waits until the child has answered; true when it had to be killed.
    fn guard(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mut done = lock(&self.done);
        while !*done {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let _gone = lock(&self.child).kill();
                return true;
            }
            done = match self.wake.wait_timeout(done, left) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        false
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The rows and the summary; an error when the answer is cut off or no answer.
fn take_answer(output: ChildStdout) -> Result<(Vec<RecordBatch>, Summary), Box<dyn std::error::Error>> {
    let mut output = BufReader::with_capacity(1 << 20, output);
    skip_to_mark(&mut output)?;
    let mut kind = [0];
    output.read_exact(&mut kind)?;
    let mut batches = Vec::new();
    match kind[0] {
        ROWS => {
            for batch in StreamReader::try_new(&mut output, None)? {
                batches.push(batch?);
            }
        }
        NO_ROWS => {}
        _ => return Err("no answer".into()),
    }
    let mut summary = Vec::new();
    output.read_to_end(&mut summary)?;
    Ok((batches, serde_json::from_slice(&summary)?))
}

/// Passes over what a program prints before it becomes the child.
fn skip_to_mark(output: &mut impl BufRead) -> std::io::Result<()> {
    let mut window = Vec::new();
    while window.len() < NOISE {
        let before = window.len();
        if output.take(NOISE as u64).read_until(b'\n', &mut window)? == 0 {
            break;
        }
        if window.ends_with(MARK) || (before == 0 && window.len() == MARK.len() && window == MARK) {
            return Ok(());
        }
    }
    Err(std::io::ErrorKind::UnexpectedEof.into())
}

/// The name of the way in which a child died.
fn death(status: Option<ExitStatus>, late: bool, last_words: &str, limits: &Limits) -> Finding {
    let signal = status.and_then(|status| status.signal());
    if late || signal == Some(PROCESSOR_TIME) {
        return Finding::error("source-too-slow").with("seconds", limits.seconds);
    }
    let out_of_memory = last_words.contains("memory allocation of") || last_words.contains("Cannot allocate memory");
    if out_of_memory || (signal == Some(ABORTED) && last_words.contains("capacity overflow")) {
        return Finding::error("source-too-much-memory").with("allowed", format!("{} MB", limits.memory >> 20));
    }
    Finding::error("source-reader-died")
}
