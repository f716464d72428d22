//! `shipmock exec`: a server of its own for one command, and a report when it has ended.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::providers::environment;
use crate::report::{self, Report};
use crate::server::options::{Failure, Options};
use crate::server::running::{Running, Server};
use crate::server::{run, signals};
use crate::world::DEFAULT;

/// What to run, and how to judge it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Execution {
    /// The command and its arguments.
    pub command: Vec<OsString>,
    /// Gets the report: as text, JSON or JUnit XML, by its extension. Without it the text goes to standard error.
    pub report: Option<PathBuf>,
    /// Whether an inferred answer fails the run.
    pub strict: bool,
}

/// How long the receivers of webhooks in flight may take when the command has ended.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often they are looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Starts a server, runs the command against it, and gives the exit code of the run.
///
/// # Errors
/// `Failure` when there is no server, or when the report cannot be written.
pub fn exec(options: Options, execution: &Execution) -> Result<u8, Failure> {
    let file = execution.report.as_deref();
    let form = form(file)?;
    file.map_or(Ok(()), tried)?;
    let report =
        run::block(options.threads, observed(Options { report: true, ..options }, execution))?;
    write(file, form, &report)?;
    Ok(report.verdict.exit_code)
}

async fn observed(options: Options, execution: &Execution) -> Result<Report, Failure> {
    // Before the server, so that no signal falls between.
    let mut signals = signals::Forwarded::new()
        .map_err(|error| Failure::Start(format!("signals cannot be listened to: {error}")))?;
    let ready = options.ready_file.clone();
    let running = Server::start(options).await?;
    if let Some(file) = &ready {
        run::announce_in(file, &running.base_url())?;
    }
    let mut child = match spawn(&running, &execution.command) {
        Ok(child) => child,
        Err(sentence) => {
            running.stop().await;
            return Err(sentence);
        }
    };
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            signal = signals.next() => signals.pass_on(signal, child.id()),
        }
    };
    let status = status.map_err(|error| Failure::Start(format!("the command was lost: {error}")));
    until_reported(&running).await;
    let tally = running.tally().await;
    running.finish().await?;
    let mut report = tally.report();
    report.judge(&line(&execution.command), exit_code(status?), execution.strict);
    Ok(report)
}

fn line(command: &[OsString]) -> String {
    command.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn spawn(running: &Running, command: &[OsString]) -> Result<Child, Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Failure::Wrong("error: no command was given behind `--`".to_owned()));
    };
    let origin = running.base_url();
    let variables = running
        .service
        .context
        .worlds
        .find(DEFAULT)
        .and_then(|entry| entry.read(|world| environment(&origin, world.providers())).ok());
    Command::new(program)
        .args(arguments)
        .envs(variables.unwrap_or_default())
        .stdin(Stdio::inherit())
        .spawn()
        .map_err(|error| missing(&program.to_string_lossy(), &error))
}

/// Like a shell: 127 when there is no such command, 126 when it cannot be run.
fn missing(program: &str, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound => Failure::Command(
            127,
            format!("the command `{program}` was not found; is it installed and on the PATH?"),
        ),
        io::ErrorKind::PermissionDenied => {
            Failure::Command(126, format!("the command `{program}` is there, but not executable"))
        }
        _ => Failure::Command(126, format!("the command `{program}` cannot be run: {error}")),
    }
}

#[cfg(unix)]
fn exit_code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;
    // Like a shell: 128 and the number of the signal.
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(not(unix))]
fn exit_code(status: ExitStatus) -> u8 {
    status.code().map_or(1, |code| u8::try_from(code).unwrap_or(1))
}

/// Waits, for a while, until no webhook is ready or in flight: the report shall say what became of them.
async fn until_reported(running: &Running) {
    let quiet = async {
        let worlds = running.service.context.worlds.all();
        for entry in worlds {
            let busy = || {
                entry
                    .read(|world| {
                        world.outbox().has_ready_attempts()
                            || world.outbox().has_attempts_in_flight()
                    })
                    .unwrap_or(false)
            };
            while busy() {
                tokio::time::sleep(LOOK).await;
            }
        }
    };
    let _ = tokio::time::timeout(PATIENCE, quiet).await;
}

/// How a report is written.
type ReportFormat = fn(&Report) -> String;

fn form(file: Option<&Path>) -> Result<ReportFormat, Failure> {
    let Some(file) = file else { return Ok(report::text) };
    let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    match kind.to_ascii_lowercase().as_str() {
        "txt" => Ok(report::text),
        "json" => Ok(report::json),
        "xml" => Ok(report::junit),
        _ => Err(Failure::Wrong(format!(
            "error: --report {}: the extension says the form: .txt for text, .json for JSON, .xml for JUnit",
            file.display()
        ))),
    }
}

fn unwritable(file: &Path, error: &io::Error) -> Failure {
    Failure::Start(format!("--report {} cannot be written: {error}", file.display()))
}

/// Whether a report can be written, asked before the suite runs for nothing. Leaves everything as it was.
fn tried(file: &Path) -> Result<(), Failure> {
    let open = |new: bool| OpenOptions::new().write(true).create_new(new).open(file).map(drop);
    let tried = match open(true) {
        Ok(()) => fs::remove_file(file),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open(false),
        Err(error) => Err(error),
    };
    tried.map_err(|error| unwritable(file, &error))
}

fn write(file: Option<&Path>, form: ReportFormat, report: &Report) -> Result<(), Failure> {
    let text = form(report);
    match file {
        None => {
            let _ = io::stderr().lock().write_all(text.as_bytes());
        }
        Some(file) => {
            fs::write(file, text).map_err(|error| unwritable(file, &error))?;
            for fault in &report.verdict.faults {
                let _ = writeln!(io::stderr(), "shipmock: {fault}");
            }
        }
    }
    Ok(())
}
