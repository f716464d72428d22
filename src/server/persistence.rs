//! Worlds kept in a file while nobody serves them: written at intervals and at the end, read at the start.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::server::http_service::HttpService;
use crate::server::{Failure, control_jobs};
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
    /// Reads a file into the register. One that is not there yet is fine; one that cannot be read is left alone.
    pub(crate) async fn open(file: &Path, service: &HttpService) -> Result<StateFile, Failure> {
        let keep = StateFile { file: file.to_owned(), last: None };
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(keep),
            Err(error) => return Err(keep.refused(&format!("it cannot be read: {error}"))),
        };
        known(&bytes).map_err(|sentence| keep.refused(&sentence))?;
        let read: Result<StateFileDocument, _> = serde_json::from_slice(&bytes);
        let read = read.map_err(|error| keep.refused(&format!("it is damaged: {error}")))?;
        for (name, document) in read.worlds {
            let document = document.to_string().into();
            if let Err(refusal) = control_jobs::restore(service, &name, document).await {
                let said: Value = serde_json::from_slice(&refusal.body).unwrap_or_default();
                let detail = said.get("detail").and_then(Value::as_str).unwrap_or_default();
                return Err(keep.refused(&format!("its world `{name}`: {detail}")));
            }
        }
        Ok(keep)
    }

    fn refused(&self, sentence: &str) -> Failure {
        Failure::Wrong(format!(
            "error: --state {}: {sentence}. The file was left as it is; move it away, or name another",
            self.file.display()
        ))
    }

    /// Writes all worlds, if anything has changed: beside the file, then in its place.
    pub(crate) fn save(&mut self, service: &HttpService) -> Result<(), Failure> {
        let text = written(service);
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
        let unwritable = |error: io::Error| {
            let file = self.file.display();
            Failure::Start(format!("--state {file} cannot be written: {error}"))
        };
        replace(&self.file, text.as_bytes()).map_err(unwritable)?;
        self.last = Some(print);
        Ok(())
    }

    /// Saves at intervals, from now on. What fails is told once, and tried again.
    pub(crate) fn watch(
        keep: Arc<tokio::sync::Mutex<StateFile>>,
        service: Arc<HttpService>,
    ) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut told = false;
            loop {
                tokio::time::sleep(INTERVAL).await;
                let (mut held, service) = (keep.clone().lock_owned().await, service.clone());
                let saved = tokio::task::spawn_blocking(move || held.save(&service)).await;
                if let Ok(Err(failure)) = saved
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
fn written(service: &HttpService) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!("{{\"shipmock_state\":{FORMAT},\"version\":\"{version}\",\"worlds\":{{");
    let mut first = true;
    for entry in service.worlds.all() {
        // A world that broke while it was written keeps out of the file, the others do not.
        if let Ok(document) = entry.read(World::save) {
            let comma = if std::mem::take(&mut first) { "" } else { "," };
            text.push_str(&format!("{comma}\n{}:{document}", Value::from(entry.name())));
        }
    }
    text.push_str("\n}}\n");
    text
}

/// A reader, and a crash, find the old file or the new one, never half of one.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(beside);
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
