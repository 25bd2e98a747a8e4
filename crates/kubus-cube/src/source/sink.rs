//! Where the readers put their rows: parts in, batches out, everything that is to be said kept.
//!
//! Registers go out part by part, so that memory stays bounded. Area figures are small and are
//! judged as whole columns, so they go out once, repaired.

use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;
use kubus_model::Finding;

use super::batch::{Batcher, Part, schema};
use super::cell::{Cell, Value};
use super::plan::{Plan, plan};
use super::tally::Tally;
use super::{Limits, ReadRequest, Refusal, Summary, refusal, repair};

/// Rows of a batch of the readers that go row by row.
const BATCH_ROWS: usize = 1 << 16;

/// Takes up what is read from one file.
pub(super) struct Sink<'r> {
    pub(super) request: &'r ReadRequest,
    pub(super) limits: Limits,
    emit: &'r mut dyn FnMut(RecordBatch),
    plan: Option<Plan>,
    whole: Vec<Part>,
    tally: Tally,
    notes: Vec<Finding>,
    repairs: repair::Repairs,
    crs: Option<String>,
}

impl<'r> Sink<'r> {
    pub(super) fn new(request: &'r ReadRequest, limits: Limits, emit: &'r mut dyn FnMut(RecordBatch)) -> Self {
        Self {
            request,
            limits,
            emit,
            plan: None,
            whole: Vec::new(),
            tally: Tally::default(),
            notes: Vec::new(),
            repairs: repair::Repairs::default(),
            crs: None,
        }
    }

    /// Finds the declared columns in the header.
    pub(super) fn plan(&mut self, header: &[String], geometry: bool) -> Result<Plan, Refusal> {
        let (plan, findings) = plan(self.request, header, geometry)?;
        self.notes.extend(findings);
        self.plan = Some(plan.clone());
        Ok(plan)
    }

    /// Replaces the plan by one with decimal signs.
    pub(super) fn set_plan(&mut self, plan: &Plan) {
        self.plan = Some(plan.clone());
    }

    /// Something to say about the file.
    pub(super) fn note(&mut self, finding: Finding) {
        self.notes.push(finding);
    }

    /// The coordinate system that the file names.
    pub(super) fn set_crs(&mut self, crs: Option<String>) {
        self.crs = crs;
    }

    /// Takes up a part.
    pub(super) fn put(&mut self, mut part: Part) -> Result<(), Refusal> {
        self.tally.merge(std::mem::take(&mut part.tally));
        if self.tally.rows > self.limits.rows {
            let finding = Finding::error("source-too-many-rows").with("allowed", self.limits.rows);
            return Err(Box::new(finding));
        }
        if self.request.refuse_rows {
            return self.send(part);
        }
        self.whole.push(part);
        Ok(())
    }

    fn send(&mut self, part: Part) -> Result<(), Refusal> {
        let plan = self.plan.as_ref().ok_or_else(|| refusal("source-reader-died"))?;
        let batch = self.repairs.part(part, plan, self.request, &mut self.tally)?;
        if batch.num_rows() > 0 {
            (self.emit)(batch);
        }
        Ok(())
    }

    /// Everything was read: the last repairs, and what there is to say.
    pub(super) fn finish(mut self) -> Summary {
        match self.close() {
            Ok(()) => self.summary(),
            Err(finding) => self.refuse(*finding),
        }
    }

    fn close(&mut self) -> Result<(), Refusal> {
        let parts = std::mem::take(&mut self.whole);
        let Some(plan) = &self.plan else { return Ok(()) };
        if !parts.is_empty() {
            let joined = join(parts, plan)?;
            self.send(joined)?;
        }
        if self.tally.rows == 0 {
            self.notes.push(Finding::warning("source-no-rows"));
        } else if self.tally.rows == self.tally.refused {
            let mut findings = std::mem::take(&mut self.tally).findings(self.plan.as_ref().unwrap_or(&Plan::none()));
            self.notes.append(&mut findings);
            return Err(refusal("all-rows-refused"));
        }
        Ok(())
    }

    fn summary(self) -> Summary {
        let plan = self.plan.unwrap_or_else(Plan::none);
        let (rows, refused) = (self.tally.rows, self.tally.refused);
        let mut findings = self.notes;
        findings.extend(self.repairs.findings(&plan));
        findings.extend(self.tally.findings(&plan));
        let findings = findings.into_iter().map(|finding| self.request.about(finding)).collect();
        Summary { rows, refused, findings, crs: self.crs }
    }

    /// The file is not accepted.
    pub(super) fn refuse(self, finding: Finding) -> Summary {
        let mut findings = self.notes;
        findings.insert(0, finding);
        let findings = findings.into_iter().map(|finding| self.request.about(finding)).collect();
        Summary { findings, ..Summary::default() }
    }
}

fn join(parts: Vec<Part>, plan: &Plan) -> Result<Part, Refusal> {
    let batches: Vec<&RecordBatch> = parts.iter().map(|part| &part.batch).collect();
    let batch = concat_batches(&schema(plan), batches).map_err(|_| refusal("source-too-large-unpacked"))?;
    let mut signed: Vec<Vec<bool>> = vec![Vec::new(); plan.columns.len()];
    for part in parts {
        signed.iter_mut().zip(part.signed).for_each(|(whole, part)| whole.extend(part));
    }
    Ok(Part { batch, signed, tally: Tally::default() })
}

/// Row by row into a sink, for the formats that are not read in parallel.
pub(super) struct Rows<'s, 'r, 'p> {
    sink: &'s mut Sink<'r>,
    batcher: Batcher<'p>,
}

impl<'s, 'r, 'p> Rows<'s, 'r, 'p> {
    pub(super) fn new(sink: &'s mut Sink<'r>, plan: &'p Plan) -> Self {
        let batcher = Batcher::new(plan, sink.request.refuse_rows);
        Self { sink, batcher }
    }

    /// Takes up one row.
    pub(super) fn push<'a>(
        &mut self,
        row: u64,
        cell: impl Fn(usize) -> Cell<'a>,
        geometry: Option<&[u8]>,
    ) -> Result<(), Refusal> {
        let mut values: Vec<Value<'a>> = Vec::new();
        self.batcher.push(row, cell, geometry, &mut values);
        if self.batcher.len() >= BATCH_ROWS { self.flush() } else { Ok(()) }
    }

    /// Refuses one row for its shape.
    pub(super) fn refuse(&mut self, row: u64, code: &'static str) {
        self.batcher.refuse(row, code);
    }

    fn flush(&mut self) -> Result<(), Refusal> {
        self.sink.put(self.batcher.finish())
    }

    /// The last rows.
    pub(super) fn finish(mut self) -> Result<(), Refusal> {
        self.flush()
    }
}
