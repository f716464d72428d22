//! What one observed world feeds to the observers, and the recording gate that lets its next call in.
//!
//! A recorded session has each line in the file before anything else of that world happens. No lock is held for it:
//!
//! 1. A call that may change a world goes through its gate, one at a time and in the order of asking.
//! 2. Inside it waits until the last event of the world has been written.
//! 3. The world is locked, the call done, and its events sent in the order in which they happened; nobody waits. The
//!    world is unlocked, the gate left.
//! 4. Before anybody outside is told (a client its answer, a receiver a webhook, a listener an event), whoever tells
//!    waits with [`Feed::observed`] until the file has it.
//!
//! So neither a later call nor anybody outside knows of what is not in the file, and what a `kill -9` loses nobody has
//! heard of. From 3 on nothing waits that a client which hangs up could take with it. Whoever only reads (`read`:
//! metrics, waiting calls, event streams, `--state`) takes the lock past the gate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::message::Body;
use crate::policy::installed::Installed;
use crate::report::WorldTotals;
use crate::server::observer::Observer;
use crate::server::world_event::{ObservedEvent, ObservedWorld, WorldEvent};
use crate::world::World;

/// A world that is observed, from where it entered the registry until it is gone.
#[derive(Debug)]
pub(crate) struct Feed {
    observer: Arc<Observer>,
    world: Arc<ObservedWorld>,
    /// The last delivery that is not its own but that of the world it was made from.
    inherited: u64,
    /// How often somebody has asked for time to pass.
    asked: AtomicU64,
    /// The ticket of its last event. Set with the world locked, read by whoever waits for the file.
    last: AtomicU64,
    /// A `tokio` mutex: it is held while a line is written, which must not block a thread; and it is fair.
    gate: tokio::sync::Mutex<()>,
}

/// Held by the call that is let in.
pub(crate) type Gate<'a> = Option<tokio::sync::MutexGuard<'a, ()>>;

impl Feed {
    /// A world begins: like its prototype, or as a document says.
    pub(crate) fn begin(
        observer: &Arc<Observer>,
        name: &str,
        like: &Arc<World>,
        world: &World,
        document: Option<&Body>,
    ) -> Feed {
        let seen = ObservedWorld { label: observer.label(name), like: like.clone() };
        let feed = Feed {
            observer: observer.clone(),
            world: Arc::new(seen),
            inherited: world.outbox().deliveries().next_back().map_or(0, |last| last.number),
            asked: AtomicU64::new(0),
            last: AtomicU64::new(0),
            gate: tokio::sync::Mutex::default(),
        };
        feed.tell(WorldEvent::Began {
            document: document.cloned(),
            now: world.now(),
            clock: *world.clock(),
            rules: rules(world),
        });
        feed
    }

    /// Sends an event, without waiting.
    pub(crate) fn tell(&self, event: WorldEvent) {
        let event = ObservedEvent { world: self.world.clone(), event };
        if let Some(ticket) = self.observer.send(event) {
            self.last.store(ticket, Ordering::Release);
        }
    }

    /// Sends an event that only a recording wants.
    pub(crate) fn record(&self, event: impl FnOnce() -> WorldEvent) {
        if self.is_recording() {
            self.tell(event());
        }
    }

    /// Sends the rules a world has now, to be counted.
    pub(crate) fn ruled(&self, world: &World) {
        if self.observer.is_counting() {
            self.tell(WorldEvent::Ruled { rules: rules(world) });
        }
    }

    /// Whether a report counts.
    pub(crate) fn is_counting(&self) -> bool {
        self.observer.is_counting()
    }

    /// Whether a session is recorded.
    pub(crate) fn is_recording(&self) -> bool {
        self.observer.is_recording()
    }

    /// A number for a call that lets time pass.
    pub(crate) fn next_asked(&self) -> u64 {
        self.asked.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Lets one call in, when everything before it is in the file. Without a recording everybody is.
    pub(crate) async fn enter(&self) -> Gate<'_> {
        if !self.is_recording() {
            return None;
        }
        let gate = self.gate.lock().await;
        self.observed().await;
        Some(gate)
    }

    /// Waits until what happened so far is in the file, and the report is near enough.
    pub(crate) async fn observed(&self) {
        self.observer.reached(self.last.load(Ordering::Acquire)).await;
    }

    /// What is counted of the world as it stands, under what it is called.
    pub(crate) fn totals(&self, world: &World) -> (String, WorldTotals) {
        (self.world.label.clone(), WorldTotals::of(world, self.inherited))
    }

    /// The world is gone.
    pub(crate) fn end(self, world: &World) {
        self.tell(WorldEvent::Gone { totals: WorldTotals::of(world, self.inherited) });
    }
}

fn rules(world: &World) -> Vec<Installed> {
    world.rules().iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::Arc;
    use std::sync::mpsc;
    use std::time::Duration;

    use parking_lot::{Condvar, Mutex};
    use tokio::task::yield_now;

    use crate::message::{Body, Method, Request};
    use crate::providers::Name;
    use crate::server::observer::Observer;
    use crate::server::registry::Registry;
    use crate::server::webhook_sender::WebhookSender;
    use crate::server::world_entry::WorldEntry;
    use crate::sim::clock::Mode;
    use crate::world::{Orders, Recipe, Setup, World};

    /// A file on a disk that can be made to stand still.
    #[derive(Clone, Default)]
    struct Disk(Arc<Inner>);

    #[derive(Default)]
    struct Inner {
        still: Mutex<bool>,
        moves: Condvar,
        written: Mutex<Vec<u8>>,
    }

    impl Disk {
        fn stand_still(&self, still: bool) {
            *self.0.still.lock() = still;
            self.0.moves.notify_all();
        }

        /// The kinds of lines that it has.
        fn lines(&self) -> Vec<String> {
            let text = String::from_utf8(self.0.written.lock().clone()).unwrap();
            text.lines().map(|line| line.split('"').nth(1).unwrap().to_owned()).collect()
        }
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.moves.wait_while(&mut self.0.still.lock(), |still| *still);
            self.0.written.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A recorded registry of frozen worlds.
    fn recorded(disk: &Disk) -> Registry {
        let orders = Orders { mode: Some(Mode::Frozen), ..Orders::default() };
        let recipe = Recipe::new("none", Setup::default(), orders, jiff::Timestamp::UNIX_EPOCH);
        let prototype = Arc::new(World::build(Arc::new(recipe)).unwrap());
        let observer = Observer::default().recording(disk.clone(), &prototype).unwrap();
        Registry::new(prototype, 9, Arc::new(WebhookSender::default())).observed_by(observer)
    }

    /// A call as the server does it.
    async fn call(entry: Arc<WorldEntry>) {
        let request = Request::new(Method::Get, "/api/v1/orders");
        entry.lock(|world| world.request(Name::Shipper, request)).await.unwrap();
        entry.observed().await;
    }

    fn calls(entry: &Arc<WorldEntry>) -> usize {
        let entry = entry.clone();
        unlocked(move || entry.read(|world| world.journal().len()).unwrap())
    }

    /// Does something that takes locks, in a thread that may be stuck for them.
    fn unlocked<T: Send + 'static>(look: impl FnOnce() -> T + Send + 'static) -> T {
        let (told, heard) = mpsc::channel();
        let runtime = tokio::runtime::Handle::current();
        std::thread::spawn(move || {
            // The driver of a new world is a task.
            let _entered = runtime.enter();
            told.send(look())
        });
        heard
            .recv_timeout(Duration::from_secs(10))
            .expect("something is locked while it is written")
    }

    async fn until(what: &str, so: impl Fn() -> bool) {
        let waiting = async {
            while !so() {
                yield_now().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), waiting).await;
        assert!(waited.is_ok(), "{what}");
    }

    /// Time enough for what must not happen.
    async fn a_while() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn nothing_is_locked_while_a_line_is_written() {
        let disk = Disk::default();
        let worlds = Arc::new(recorded(&disk));
        let entry = worlds.enter("a").unwrap();
        call(entry.clone()).await;
        assert_eq!(disk.lines(), ["session", "prototype", "made", "answered"]);

        disk.stand_still(true);
        let first = tokio::spawn(call(entry.clone()));
        until("the call is done", || calls(&entry) == 2).await;
        let second = tokio::spawn(call(entry.clone()));
        a_while().await;
        assert!(!first.is_finished(), "it was answered before its line was in the file");
        assert_eq!(calls(&entry), 2, "another was let in before the line of the one before it");

        // Worlds come, and are seen, all the same; a document is nothing that the registry waits for.
        let document = Body::from(entry.read(World::save).unwrap());
        let restored = tokio::spawn({
            let (worlds, world) = (worlds.clone(), World::clone(&worlds.prototype()));
            async move { worlds.restore("b", &world, worlds.prototype(), &document).await.is_ok() }
        });
        let seen = worlds.clone();
        until("it has its place", || {
            let seen = seen.clone();
            unlocked(move || seen.find("b").is_some())
        })
        .await;
        let seen = worlds.clone();
        assert_eq!(unlocked(move || (seen.enter("c").is_ok(), seen.count())), (true, 3));
        assert!(!restored.is_finished(), "it was answered before its line was in the file");

        disk.stand_still(false);
        assert!(restored.await.unwrap());
        first.await.unwrap();
        second.await.unwrap();
        let mut lines = disk.lines();
        let last = lines.split_off(4);
        assert_eq!(last.iter().filter(|kind| *kind == "answered").count(), 2, "{last:?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_client_that_goes_away_lets_nobody_in_before_its_line() {
        let disk = Disk::default();
        let worlds = recorded(&disk);
        let entry = worlds.enter("a").unwrap();
        worlds.observer().flush().await;
        disk.stand_still(true);
        let first = tokio::spawn(call(entry.clone()));
        until("the call is done", || calls(&entry) == 1).await;
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        let second = tokio::spawn(call(entry.clone()));
        a_while().await;
        assert_eq!(calls(&entry), 1);
        disk.stand_still(false);
        second.await.unwrap();
        assert_eq!(disk.lines(), ["session", "prototype", "made", "answered", "answered"]);
    }
}
