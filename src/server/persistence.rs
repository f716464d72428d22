//! `--state`: worlds persisted in a file while nobody serves them, written at intervals and at the end, read at the
//! start. A world is copied while it is locked, and serialised and written when it no longer is.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::server::control_jobs;
use crate::server::file_lock::FileLock;
use crate::server::lock_depth::assert_unlocked;
use crate::server::options::Failure;
use crate::server::panicked::guarded;
use crate::server::server_context::ServerContext;
use crate::sim::secrets::{Fingerprint, fingerprint};
use crate::world::World;

/// The version of the file. The documents of the worlds in it have their own.
const FORMAT: u64 = 1;
/// How long changes may be lost.
const INTERVAL: Duration = Duration::from_secs(15);

/// A file of worlds.
#[derive(Debug)]
pub(crate) struct StateFile {
    file: PathBuf,
    /// What was written last.
    last: Option<Fingerprint>,
    /// How many worlds were read from it.
    pub(crate) restored: usize,
    /// No other server writes it meanwhile.
    _lock: FileLock,
}

#[derive(Deserialize)]
struct StateFileHead {
    shipmock_state: Value,
    #[serde(default)]
    version: Value,
}

#[derive(Deserialize)]
struct StateFileDocument {
    worlds: serde_json::Map<String, Value>,
}

impl StateFile {
    /// Reads a file into the registry. One that is not there yet is fine; one that cannot be read is left alone. Tries
    /// at once whether it can be written, and not only when there is something to lose. The disk is read right here:
    /// nobody is served yet.
    pub(crate) async fn open(file: &Path, context: &ServerContext) -> Result<StateFile, Failure> {
        let held = |error: io::Error| {
            let file = file.display();
            Failure::Start(match error.kind() {
                io::ErrorKind::WouldBlock => format!(
                    "--state {file} is kept by another server; stop that one, or name another file"
                ),
                _ => format!("--state {file} cannot be written: {error}"),
            })
        };
        let lock = FileLock::beside(file).map_err(held)?;
        let mut state = StateFile { file: file.to_owned(), last: None, restored: 0, _lock: lock };
        let bytes = match fs::read(file) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(state.refused(&format!("it cannot be read: {error}"))),
        };
        let beside = beside(file);
        let tried = File::create(&beside).and_then(|_| fs::remove_file(&beside));
        tried.map_err(|error| state.unwritable(&error))?;
        let Some(bytes) = bytes else { return Ok(state) };
        known(&bytes).map_err(|sentence| state.refused(&sentence))?;
        let read: Result<StateFileDocument, _> = serde_json::from_slice(&bytes);
        let read = read.map_err(|error| state.refused(&format!("it is damaged: {error}")))?;
        state.restored = read.worlds.len();
        for (name, document) in read.worlds {
            let document = document.to_string().into();
            if let Err(problem) = control_jobs::restore(context, &name, document).await {
                return Err(state.refused(&format!("its world `{name}`: {problem}")));
            }
        }
        Ok(state)
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        let file = self.file.display();
        Failure::Start(format!("--state {file} cannot be written: {error}"))
    }

    fn refused(&self, sentence: &str) -> Failure {
        Failure::Wrong(format!(
            "error: --state {}: {sentence}. The file was left as it is; move it away, or name another",
            self.file.display()
        ))
    }

    /// Writes all worlds, if anything has changed: beside the file, then in its place.
    fn save(&mut self, context: &ServerContext) -> Result<(), Failure> {
        let text = written(context);
        let print = fingerprint(&text);
        if self.last == Some(print) {
            return Ok(());
        }
        // Somebody may have put another file there meanwhile.
        match fs::read(&self.file) {
            Ok(bytes) => known(&bytes).map_err(|sentence| self.refused(&sentence))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(self.refused(&format!("it cannot be read: {error}"))),
        }
        replace(&self.file, text.as_bytes()).map_err(|error| self.unwritable(&error))?;
        self.last = Some(print);
        Ok(())
    }

    /// The same in a thread that may block.
    ///
    /// # Errors
    /// `Failure` when the file is another's by now, or cannot be written.
    pub(crate) async fn save_apart(
        state: &Arc<tokio::sync::Mutex<StateFile>>,
        context: &Arc<ServerContext>,
    ) -> Result<(), Failure> {
        let (mut held, context) = (state.clone().lock_owned().await, context.clone());
        let saved = tokio::task::spawn_blocking(move || held.save(&context)).await;
        saved.unwrap_or_else(|lost| Err(Failure::Start(format!("--state was not written: {lost}"))))
    }

    /// Saves at intervals, from now on. What fails is told once, and tried again.
    pub(crate) fn watch(
        state: Arc<tokio::sync::Mutex<StateFile>>,
        context: Arc<ServerContext>,
    ) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut told = false;
            loop {
                tokio::time::sleep(INTERVAL).await;
                if let Err(failure) = StateFile::save_apart(&state, &context).await
                    && !std::mem::replace(&mut told, true)
                {
                    let _ = writeln!(io::stderr(), "shipmock: {failure}");
                }
            }
        })
    }
}

/// Whether bytes are a file of this version.
fn known(bytes: &[u8]) -> Result<(), String> {
    let head: StateFileHead = serde_json::from_slice(bytes)
        .map_err(|_| "it is no file of worlds that Shipmock wrote".to_owned())?;
    if head.shipmock_state.as_u64() == Some(FORMAT) {
        return Ok(());
    }
    let by = match head.version {
        Value::String(version) => format!(", written by Shipmock {version}"),
        _ => String::new(),
    };
    let found = head.shipmock_state;
    Err(format!("it is of format {found}{by}; this version of Shipmock reads format {FORMAT}"))
}

/// The file as text: a head, and the document of each world as it is.
fn written(context: &ServerContext) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!("{{\"shipmock_state\":{FORMAT},\"version\":\"{version}\",\"worlds\":{{");
    let mut first = true;
    for entry in context.worlds.all() {
        // Its calls are shared with the copy, so that this takes far less than writing them out.
        let copy = entry.read(World::clone);
        assert_unlocked();
        // A world that broke while it was written keeps out of the file, the others do not.
        if let Ok(document) = copy.and_then(|copy| guarded(|| copy.save())) {
            let comma = if std::mem::take(&mut first) { "" } else { "," };
            text.push_str(&format!("{comma}\n{}:{document}", Value::from(entry.name())));
        }
    }
    text.push_str("\n}}\n");
    text
}

fn beside(file: &Path) -> PathBuf {
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    PathBuf::from(beside)
}

/// A reader, and a crash, find the old file or the new one, never half of one.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    assert_unlocked();
    let beside = beside(file);
    let written = File::create(&beside).and_then(|mut open| {
        open.write_all(bytes)?;
        open.sync_all()
    });
    let renamed = written.and_then(|()| fs::rename(&beside, file));
    if renamed.is_err() {
        let _ = fs::remove_file(&beside);
        return renamed;
    }
    // The name itself is on the disk only when its folder is; where folders cannot be opened that is the system's.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(open) = File::open(folder.unwrap_or(Path::new("."))) {
        let _ = open.sync_all();
    }
    Ok(())
}
