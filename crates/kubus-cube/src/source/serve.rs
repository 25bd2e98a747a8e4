//! The child's side of reading one file: takes the request, sets its limits, answers with Arrow
//! and a summary.
//!
//! The answer is [`MARK`], then one byte: [`ROWS`] and an Arrow IPC stream, or [`NO_ROWS`]; then
//! the summary as JSON to the end.

use std::io::{BufWriter, Read, Write};

use arrow::ipc::writer::StreamWriter;
use arrow::record_batch::RecordBatch;
use kubus_model::Finding;
use serde::{Deserialize, Serialize};

use super::{Limits, ReadRequest, Summary, guard, read_into};

/// What the answer begins with.
pub(super) const MARK: &[u8] = b"\n<kubus-read-1>\n";
/// Rows follow.
pub(super) const ROWS: u8 = b'R';
/// No rows follow.
pub(super) const NO_ROWS: u8 = b'N';

/// The request as it goes over the pipe.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) request: ReadRequest,
    pub(super) limits: Limits,
}

/// The whole of the child process: reads the request from standard input, sets the limits, and
/// writes the result to standard output. Returns the exit code: 0 when an answer was given,
/// whatever it says.
#[must_use]
pub fn child_main() -> u8 {
    let mut input = Vec::new();
    if std::io::stdin().lock().read_to_end(&mut input).is_err() {
        return 2;
    }
    let Ok(order) = serde_json::from_slice::<Order>(&input) else { return 2 };
    let guarded = guard::set(&order.limits);
    let answered = match guarded {
        Ok(()) => answer(&order, std::io::stdout().lock()),
        Err(error) => refuse(&order, &error, std::io::stdout().lock()),
    };
    if answered.is_ok() { 0 } else { 2 }
}

fn refuse(order: &Order, error: &guard::GuardError, output: impl Write) -> std::io::Result<()> {
    let finding = Finding::error("source-reader-unguarded").with("reason", error);
    let summary = Summary { findings: vec![order.request.about(finding)], ..Summary::default() };
    let mut output = BufWriter::new(output);
    output.write_all(MARK)?;
    finish(output, None, &summary)
}

fn answer(order: &Order, output: impl Write) -> std::io::Result<()> {
    let mut output = Some(BufWriter::with_capacity(1 << 20, output));
    if let Some(output) = &mut output {
        output.write_all(MARK)?;
    }
    let mut stream = None;
    let mut failed = None;
    let summary = read_into(&order.request, &order.limits, &mut |batch| {
        if failed.is_none() {
            failed = send(&mut output, &mut stream, &batch).err();
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    match (output, stream) {
        (Some(output), _) => finish(output, None, &summary),
        (None, Some(stream)) => {
            let mut stream: StreamWriter<_> = stream;
            stream.finish().map_err(std::io::Error::other)?;
            let output = stream.into_inner().map_err(std::io::Error::other)?;
            finish(output, Some(()), &summary)
        }
        (None, None) => Err(std::io::Error::other("no output")),
    }
}

/// Sends one batch; the first one opens the stream.
fn send<W: Write>(
    output: &mut Option<W>,
    stream: &mut Option<StreamWriter<W>>,
    batch: &RecordBatch,
) -> std::io::Result<()> {
    if let Some(mut output) = output.take() {
        output.write_all(&[ROWS])?;
        *stream = Some(StreamWriter::try_new(output, &batch.schema()).map_err(std::io::Error::other)?);
    }
    match stream {
        Some(stream) => stream.write(batch).map_err(std::io::Error::other),
        None => Err(std::io::Error::other("no stream")),
    }
}

fn finish(mut output: impl Write, sent: Option<()>, summary: &Summary) -> std::io::Result<()> {
    if sent.is_none() {
        output.write_all(&[NO_ROWS])?;
    }
    serde_json::to_writer(&mut output, summary)?;
    output.flush()
}
