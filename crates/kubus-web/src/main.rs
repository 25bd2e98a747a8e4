//! `kubus-web`: the window. Serves the newest release of a folder to people who are signed in.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use kubus_web::access::Role;
use kubus_web::background::BackgroundMap;
use kubus_web::message::{Language, Messages};
use kubus_web::published::{Published, watch};
use kubus_web::state::State;
use kubus_web::state::sqlite::SqliteState;
use kubus_web::{App, server, users};
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Names a file in which the first password is written instead of shown.
const PASSWORD_FILE: &str = "KUBUS_WEB_INITIAL_PASSWORD_FILE";

/// Serves sealed releases to people who are signed in.
#[derive(Parser)]
#[command(
    version,
    about,
    after_help = "Voorbeelden:\n  kubus-web --releases towns/demo/releases --state towns/demo/state\n  \
    kubus-web user add anna --role analyst --state towns/demo/state"
)]
struct Arguments {
    #[command(flatten)]
    serve: Serve,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Args)]
struct Serve {
    /// Folder with the sealed releases.
    #[arg(long)]
    releases: Option<PathBuf>,
    /// Folder for users, sessions and the audit log.
    #[arg(long, global = true, default_value = "state")]
    state: PathBuf,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder with the front end.
    #[arg(long, default_value = "web/dist")]
    assets: PathBuf,
    /// Address of the tiles of a background map, with {z}, {x} and {y} left open.
    #[arg(long, env = "KUBUS_BACKGROUND", value_name = "URL-TEMPLATE")]
    background: Option<String>,
    /// Who made the background map.
    #[arg(long, env = "KUBUS_BACKGROUND_ATTRIBUTION", value_name = "TEXT")]
    background_attribution: Option<String>,
    /// Language of the messages.
    #[arg(long, global = true, value_enum, default_value = "nl")]
    lang: Language,
}

#[derive(Subcommand)]
enum Command {
    /// Users: who may sign in.
    #[command(subcommand)]
    User(UserCommand),
    /// Writes a whole copy of users, sessions and audit log to a new file, while the window runs.
    Backup {
        /// The file to make.
        file: PathBuf,
    },
    /// Prints the description of the API (OpenAPI).
    Openapi,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Makes a user; the password is shown once.
    Add {
        /// Sign-in name.
        name: String,
        /// What the user may see.
        #[arg(long, value_enum)]
        role: Role,
    },
    /// Removes a user with all sessions.
    Remove {
        /// Sign-in name.
        name: String,
    },
    /// Lists the users.
    List,
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_target(false).init();
    let messages = Messages::of(arguments.serve.lang);
    let outcome = tokio::runtime::Runtime::new()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run(arguments, &messages)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&messages.text("failed", &[("reason", error.to_string())]));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments, messages: &Messages) -> Outcome {
    match arguments.command {
        Some(Command::Openapi) => say(kubus_web::api::DESCRIPTION.trim_end()),
        Some(Command::User(command)) => user(command, &arguments.serve.state, messages).await?,
        Some(Command::Backup { file }) => backup(&file, &arguments.serve.state, messages).await?,
        None => serve(arguments.serve, messages).await?,
    }
    Ok(())
}

async fn serve(options: Serve, messages: &Messages) -> Outcome {
    let releases = options.releases.ok_or_else(|| messages.text("releases-not-named", &[]))?;
    let attribution = options.background_attribution.as_deref();
    let background = options.background.filter(|template| !template.is_empty());
    let background = background.map(|template| BackgroundMap::new(&template, attribution)).transpose();
    let background = background.map_err(|error| messages.text(&error.to_string(), &[]))?;
    let state = SqliteState::open(&options.state).await?;
    if let Some(password) = users::add_first(&state).await? {
        tell_first(&password, messages)?;
    }
    let published = Published::new(&releases);
    if published.now().is_none() {
        complain(&messages.text("no-release-yet", &[("path", releases.display().to_string())]));
    }
    let assets = options.assets.is_dir().then_some(options.assets);
    let app = App::new(Arc::new(state.clone()), published, assets, options.state)?.with_background(background);
    let listener = TcpListener::bind(options.listen).await?;
    say(&messages.text("serving", &[("address", format!("http://{}/", listener.local_addr()?))]));
    let watcher = tokio::spawn(watch(Arc::clone(&app.published)));
    server::serve(listener, server::router(app)?, stop()).await;
    watcher.abort();
    state.close().await;
    Ok(())
}

/// Ready when the window is asked to close.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            // Without the one signal the other must do.
            let _asked = interrupt.await;
        }
    }
}

fn tell_first(password: &str, messages: &Messages) -> Outcome {
    match std::env::var_os(PASSWORD_FILE) {
        Some(file) => users::write_password(Path::new(&file), password)?,
        None => say(&messages.text("sign-in", &[("name", users::FIRST.into()), ("password", password.into())])),
    }
    Ok(())
}

async fn user(command: UserCommand, folder: &Path, messages: &Messages) -> Outcome {
    let state = SqliteState::open(folder).await?;
    match command {
        UserCommand::Add { name, role } => {
            let password = users::add(&state, &name, role).await?;
            say(&messages.text("user-added", &[("name", name), ("role", role.to_string())]));
            say(&password);
        }
        UserCommand::Remove { name } => {
            state.remove_user(name.clone()).await?;
            say(&messages.text("user-removed", &[("name", name)]));
        }
        UserCommand::List => {
            state.users().await?.iter().for_each(|user| say(&format!("{}\t{}", user.name, user.role)));
        }
    }
    state.close().await;
    Ok(())
}

async fn backup(file: &Path, folder: &Path, messages: &Messages) -> Outcome {
    let state = SqliteState::open(folder).await?;
    state.backup(file).await?;
    say(&messages.text("backup-made", &[("path", file.display().to_string())]));
    state.close().await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer of a command goes to standard output")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "what is wrong goes to standard error")]
fn complain(line: &str) {
    eprintln!("{line}");
}
