//! Who attends the worlds: counts what they do where a report was asked for, writes it down where a session is recorded.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::control::WorldJob;
use crate::message::{Reply, Request};
use crate::providers::Name;
use crate::report::Tally;
use crate::server::Failure;
use crate::session::{Driven, Recorder};
use crate::sim::journal::Entry;
use crate::sim::webhook::outbox::{Outcome, OutgoingAttempt};
use crate::world::World;

/// Sees everything that goes through the doors of the worlds. By default it looks away.
#[derive(Debug, Default)]
pub(crate) struct Observer {
    tally: Option<Mutex<Tally>>,
    /// Nothing any more once it could not be written.
    recorder: Option<Mutex<Option<Recorder<File>>>>,
    /// How many worlds of a name there have been.
    names: Mutex<BTreeMap<String, u64>>,
    advances: Mutex<u64>,
}

impl Observer {
    /// One that counts.
    pub(crate) fn counting(self) -> Observer {
        Observer { tally: Some(Mutex::default()), ..self }
    }

    /// One that writes a session down. The prototype is what worlds are made like.
    pub(crate) fn recording(self, file: &Path, prototype: &World) -> Result<Observer, Failure> {
        let unwritable = |error: io::Error| {
            Failure::Start(format!("--record {} cannot be written: {error}", file.display()))
        };
        let open = File::create(file).map_err(unwritable)?;
        let recorder = Recorder::begin(open, env!("CARGO_PKG_VERSION"), prototype);
        let recorder = recorder.map_err(unwritable)?;
        Ok(Observer { recorder: Some(Mutex::new(Some(recorder))), ..self })
    }

    /// Whether it looks at all.
    pub(crate) fn is_looking(&self) -> bool {
        self.tally.is_some() || self.recorder.is_some()
    }

    /// Whether it writes.
    pub(crate) fn is_recording(&self) -> bool {
        self.recorder.is_some()
    }

    /// What a world is called: its name, with a number when there was one of that name before.
    pub(crate) fn label(&self, name: &str) -> String {
        if !self.is_looking() {
            return name.to_owned();
        }
        let mut names = self.names.lock();
        let count = names.entry(name.to_owned()).or_default();
        *count += 1;
        if *count == 1 { name.to_owned() } else { format!("{name}@{count}") }
    }

    fn count(&self, change: impl FnOnce(&mut Tally)) {
        if let Some(tally) = &self.tally {
            change(&mut tally.lock());
        }
    }

    /// Writes. A session that cannot be written any more ends there, and the operator is told once.
    fn record<T: Default>(&self, write: impl FnOnce(&mut Recorder<File>) -> io::Result<T>) -> T {
        let Some(recorder) = &self.recorder else { return T::default() };
        let mut recorder = recorder.lock();
        let Some(open) = recorder.as_mut() else { return T::default() };
        write(open).unwrap_or_else(|error| {
            *recorder = None;
            let _ = writeln!(
                io::stderr(),
                "shipmock: the session is no longer recorded, its file ends here: {error}"
            );
            T::default()
        })
    }

    /// A world was built to make others like it; returns its number.
    pub(crate) fn prototype(&self, world: &World) -> u64 {
        self.record(|recorder| recorder.prototype(world))
    }

    /// A world was copied to make others like it; returns its number.
    pub(crate) fn copied(&self, label: &str, seed: Option<u64>, copy: &World) -> u64 {
        self.record(|recorder| recorder.copied(label, seed, copy))
    }

    /// A world begins, like the prototype of a number.
    pub(crate) fn made(&self, label: &str, of: u64, world: &World) {
        self.count(|tally| tally.opened(world));
        self.record(|recorder| recorder.made(label, of, world));
    }

    /// A world begins that was written down before.
    pub(crate) fn restored(&self, label: &str, document: &[u8], world: &World) {
        self.count(|tally| tally.opened(world));
        self.record(|recorder| recorder.restored(label, document, world));
    }

    /// Time passed and something fell due.
    pub(crate) fn passed(&self, label: &str, to: Timestamp, stops: bool) {
        self.record(|recorder| recorder.passed(label, to, stops));
    }

    /// A call was answered.
    pub(crate) fn answered(&self, label: &str, world: &World, entry: &Entry) {
        self.count(|tally| tally.answered(label, world, entry));
        self.record(|recorder| recorder.answered(label, entry));
    }

    /// The simulation broke over a call.
    pub(crate) fn broke(&self, label: &str, at: Timestamp, name: Name, request: &Request) {
        self.record(|recorder| recorder.broke(label, at, name, request));
    }

    /// A call of the control API was answered.
    pub(crate) fn driven(&self, label: &str, job: &WorldJob, world: &World, driven: Driven<'_>) {
        if matches!(job, WorldJob::Install(_)) {
            self.count(|tally| tally.rules(world));
        }
        if job.changes() {
            self.record(|recorder| recorder.driven(label, driven));
        }
    }

    /// Webhooks were handed out.
    pub(crate) fn sent(
        &self,
        label: &str,
        world: &World,
        attempts: &[OutgoingAttempt],
        early: bool,
    ) {
        self.record(|recorder| recorder.sent(label, world, attempts, early));
    }

    /// A receiver answered, or did not.
    pub(crate) fn told(&self, label: &str, at: Timestamp, delivery: u64, outcome: &Outcome) {
        self.record(|recorder| recorder.told(label, at, delivery, outcome));
    }

    /// Somebody asks for time to pass; returns the number of this time.
    pub(crate) fn asked(&self, label: &str) -> u64 {
        let mut advances = self.advances.lock();
        *advances += 1;
        let number = *advances;
        self.record(|recorder| recorder.asked(label, number));
        number
    }

    /// Time begins to pass on request.
    pub(crate) fn begun(&self, label: &str, at: Timestamp) {
        self.record(|recorder| recorder.begun(label, at));
    }

    /// It has passed.
    pub(crate) fn advanced(&self, label: &str, number: u64, at: Timestamp, reply: &Reply) {
        self.record(|recorder| recorder.advanced(label, number, at, reply));
    }

    /// A world is gone.
    pub(crate) fn gone(&self, label: &str, world: &World, since: u64) {
        self.count(|tally| tally.closed(label, world, since));
        self.record(|recorder| recorder.gone(label));
    }

    /// A world is looked at for the last time.
    pub(crate) fn closed(&self, label: &str, world: &World, since: u64) {
        self.count(|tally| tally.closed(label, world, since));
    }

    /// What was counted.
    pub(crate) fn tally(&self) -> Tally {
        self.tally.as_ref().map(|tally| tally.lock().clone()).unwrap_or_default()
    }
}
