//! The linked rows of one source. Called by [`super::link`]; read by [`crate::build`].

use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;

use super::{LinkError, Span};
use crate::declaration::SourceDeclaration;

/// Rows that count, column by column. The numbers of persons and households are gone.
#[derive(Debug, Default)]
pub(crate) struct SourceRows {
    /// Identifier of the source.
    pub(crate) id: String,
    /// Declared columns and recodes; no rows and no columns when nothing was accepted.
    pub(crate) batch: Option<RecordBatch>,
    /// Pseudonym of the person; 0 for none.
    pub(crate) person: Vec<u64>,
    /// Pseudonym of the household; 0 for none.
    pub(crate) household: Vec<u64>,
    /// Record key.
    pub(crate) record: Vec<u64>,
    /// From which day to which the row holds.
    pub(crate) spans: Vec<Span>,
}

impl SourceRows {
    /// The rows of all files of a source, one after another.
    pub(super) fn concat(source: &SourceDeclaration, parts: Vec<Self>) -> Result<Self, LinkError> {
        let batches: Vec<&RecordBatch> = parts.iter().filter_map(|part| part.batch.as_ref()).collect();
        let batch = match batches.first() {
            Some(first) => Some(concat_batches(&first.schema(), batches.iter().copied())?),
            None => None,
        };
        let mut all = Self { id: source.id.clone(), batch, ..Self::default() };
        for part in parts {
            all.person.extend(part.person);
            all.household.extend(part.household);
            all.record.extend(part.record);
            all.spans.extend(part.spans);
        }
        Ok(all)
    }

    /// Bytes that the rows take in memory.
    pub(crate) fn bytes(&self) -> u64 {
        let columns = self.batch.as_ref().map_or(0, RecordBatch::get_array_memory_size);
        (columns + 32 * self.spans.len()) as u64
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Days that the rows name: the first, and the last first day (a spell may end in the future).
    pub(crate) fn range(&self) -> Option<Span> {
        let first = self.spans.iter().map(|span| span.first).min()?;
        let last = self.spans.iter().map(|span| if span.last == i32::MAX { span.first } else { span.last }).max()?;
        Some(Span { first, last })
    }
}
