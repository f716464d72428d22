//! `shipmock serve`: start, say so, wait for a signal, stop.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use crate::server::options::{Failure, Options};
use crate::server::running::Server;
use crate::server::{announce, signals};

/// Serves until a signal comes; a second one ends at once.
///
/// # Errors
/// `Failure` in a sentence for the operator.
pub fn serve(options: Options) -> Result<(), Failure> {
    block(options.threads, until_signal(options))
}

/// Runs something that waits: on the thread that calls, or on so many of its own.
pub(crate) fn block<T>(
    threads: usize,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut builder = if threads > 1 {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(threads);
        builder
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    let runtime = builder
        .enable_all()
        .build()
        .map_err(|error| Failure::Start(format!("no threads to run on: {error}")))?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_timeout(Duration::from_millis(100));
    outcome
}

async fn until_signal(options: Options) -> Result<(), Failure> {
    let mut signals = signals::Signals::new()
        .map_err(|error| Failure::Start(format!("signals cannot be listened to: {error}")))?;
    let ready = options.ready_file.clone();
    if let Some(file) = &ready {
        // Whoever waits for the file must not find an old one.
        forget(file)?;
    }
    let running = Server::start(options).await?;
    say(&announce::text(&running));
    if let Some(file) = &ready {
        announce_in(file, &running.base_url())?;
    }
    signals.next().await;
    tokio::select! {
        finished = running.finish() => finished,
        () = signals.next() => Ok(()),
    }
}

/// Prints; nobody listening is no reason to stop serving.
fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn forget(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(file, &error)),
        _ => Ok(()),
    }
}

/// Written beside it and renamed, so that a reader finds nothing or everything.
pub(crate) fn announce_in(file: &Path, url: &str) -> Result<(), Failure> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    fs::write(&beside, url)
        .and_then(|()| fs::rename(&beside, file))
        .map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &io::Error) -> Failure {
    Failure::Start(format!("--ready-file {} cannot be written: {error}", file.display()))
}
