//! What a check found. A finding is a code with parameters; sentences come from message files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know: a repair that is certain, a choice that was made.
    Info,
    /// The figure can be used, with the caveat.
    Warning,
    /// The input is not accepted.
    Error,
}

/// One finding, with the place it is about. Never holds a raw value of a person's record: only
/// declared names, row numbers, and values of public files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code in kebab case, the key of the message: `column-missing`.
    pub code: String,
    /// How serious it is.
    pub severity: Severity,
    /// The declared source or declaration file it is about.
    pub source: Option<String>,
    /// The file name, without its folder.
    pub file: Option<String>,
    /// The row in the file, 1-based with the header counted, as a spreadsheet shows it.
    pub row: Option<u64>,
    /// The column as named in the file.
    pub column: Option<String>,
    /// Further parameters of the message, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
}

impl Finding {
    /// A finding with a code and a severity, about nothing yet.
    pub fn new(code: impl Into<String>, severity: Severity) -> Self {
        Self {
            code: code.into(),
            severity,
            source: None,
            file: None,
            row: None,
            column: None,
            parameters: BTreeMap::new(),
        }
    }

    /// An error finding.
    pub fn error(code: impl Into<String>) -> Self {
        Self::new(code, Severity::Error)
    }

    /// A warning finding.
    pub fn warning(code: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning)
    }

    /// An informative finding.
    pub fn info(code: impl Into<String>) -> Self {
        Self::new(code, Severity::Info)
    }

    /// Names the source.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Names the file.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Names the row (1-based, header counted).
    #[must_use]
    pub const fn row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// Names the column.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// Adds a message parameter.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts are passed as they are")]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.parameters.insert(name.to_owned(), value.to_string());
        self
    }
}

/// Whose fault an error is: it decides the exit code (1 the user's, 2 ours) and the tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The input, the declarations or the command: the message says what to do.
    User,
    /// The program or the machine.
    Ours,
}

/// Implemented by every public error enum: whose fault it is, and the finding to show.
pub trait Blame {
    /// Whose fault it is.
    fn fault(&self) -> Fault;

    /// The error as a finding, to be put into words by a message file.
    fn finding(&self) -> Finding;
}
