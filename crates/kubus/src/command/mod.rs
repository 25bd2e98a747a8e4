//! One file per command. A command gives lines for standard output; whatever stops it is a
//! [`Failure`], put into words here, with exit code 1 (the user's) or 2 (ours).

mod areas;
mod attack;
mod backtest;
mod build;
mod drill;
mod feasibility;
mod fetch;
mod forecast;
mod key;
mod panel;
mod record;
mod register;
mod release;
mod run;
mod scan;
mod score;
mod signal;
mod space;
mod town;
mod verify;
mod watch;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kubus_cube::declaration::{Declarations, load};
use kubus_model::{Blame, Fault, Finding, Severity};

use crate::arguments::{Arguments, Command, Format};
use crate::message::{Language, Messages};
use crate::progress::Stages;

/// What every command needs: the language and the form of its answer.
pub(crate) struct Context {
    messages: Messages,
    format: Format,
}

/// Why a command stopped.
pub(crate) struct Failure {
    fault: Fault,
    findings: Vec<Finding>,
}

type Outcome = Result<(), Failure>;

impl<E: Blame> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { fault: error.fault(), findings: vec![error.finding()] }
    }
}

impl Failure {
    /// Findings that are the user's to mend.
    fn user(findings: Vec<Finding>) -> Self {
        Self { fault: Fault::User, findings }
    }
}

/// Does what was asked.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let messages = Messages::of(Language::choose(arguments.lang));
    let context = Context { messages, format: arguments.format };
    match dispatch(&context, arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.findings.iter().for_each(|finding| context.complain(finding));
            ExitCode::from(if failure.fault == Fault::User { 1 } else { 2 })
        }
    }
}

fn dispatch(context: &Context, command: Command) -> Outcome {
    match command {
        Command::Town { out, residents, months, seed, force } => {
            town::run(context, &crate::town::TownOptions { out, residents, months, seed, force })
        }
        Command::Key { town, if_absent } => key::run(context, &town, if_absent),
        Command::Fetch { town, allow_host } => fetch::run(context, &town, allow_host),
        Command::Check { town } => build::check(context, &town),
        Command::Build { town } => build::run(context, &town),
        Command::Release { town, rules } => release::run(context, &town, rules.as_deref()),
        Command::Signal { release, indicator, level } => signal::run(context, &release, indicator, level),
        Command::Verify { path } => verify::run(context, &path),
        Command::Forecast(asked) => forecast::run(context, &asked),
        Command::Score(asked) => score::run(context, &asked),
        Command::Backtest { panel, also, register } => backtest::run(context, &panel, &also, &register),
        Command::Feasibility(asked) => feasibility::run(context, &asked),
        Command::Run { town } => run::run(context, &town),
        Command::Space(asked) => space::run(context, &asked),
        Command::Scan(asked) => scan::run(context, &asked),
        Command::Drill(asked) => drill::run(context, &asked),
        Command::Watch(asked) => watch::run(context, &asked),
        Command::Attack(asked) => attack::run(context, &asked),
    }
}

impl Context {
    /// A line of the answer.
    /// When nobody reads on (`| head`), the command is done.
    #[expect(clippy::unused_self, reason = "said by a command, like everything else here")]
    fn say(&self, line: &str) {
        let written = writeln!(std::io::stdout().lock(), "{line}");
        if written.is_err_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) {
            std::process::exit(0);
        }
    }

    /// A finding, in the asked form, to standard error.
    #[expect(clippy::print_stderr, reason = "what is wrong goes to standard error")]
    fn complain(&self, finding: &Finding) {
        match self.format {
            Format::Json => eprintln!("{}", serde_json::to_string(finding).unwrap_or_default()),
            Format::Text | Format::Csv => eprintln!("{}", self.messages.say(finding)),
        }
    }

    /// A line that shows the stages of long work.
    fn stages(&self) -> Stages<'_> {
        Stages::new(&self.messages)
    }
}

/// The declarations of a town, or what is wrong with them.
fn declarations(town: &Path) -> Result<Declarations, Failure> {
    let (declarations, findings) = load(town);
    declarations.ok_or_else(|| Failure::user(findings))
}

/// The folder in which the keys of a town are kept.
fn keys_of(town: &Path) -> Result<PathBuf, Failure> {
    Ok(kubus_store::key::folder(&declarations(town)?.town.id)?)
}

/// Whether any finding means that the input is not accepted.
fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
