//! A world's entry in the registry: its lock, whoever waits for it, and the driver that wakes when it changes.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, watch};

use crate::control::{Problem, WorldLine};
use crate::message::Body;
use crate::report::WorldTotals;
use crate::server::lock_depth::{HeldLock, counted};
use crate::server::observer::Observer;
use crate::server::panicked::{Panicked, guarded};
use crate::server::recorded_world::WorldGuard;
use crate::server::turn::{Flights, Turn, turn};
use crate::server::world_feed::{Feed, Gate};
use crate::world::World;

/// A world in its place: locked for microseconds by requests, driven by its own task.
#[derive(Debug)]
pub(crate) struct WorldEntry {
    name: String,
    /// A `parking_lot` mutex: a panicking handler must not poison the world, and it is never held across an await.
    /// Locked below the registry and above the observer (`observer`); nothing is written or serialised inside.
    world: Mutex<World>,
    /// What a reset builds it from. Shared: a thousand worlds made alike have one.
    prototype: Arc<World>,
    /// Set when it enters the registry, if anybody observes. One that lost the race for its name never began.
    feed: OnceLock<Feed>,
    /// Held by whoever drives this world: lets its time pass, sets its clock or its data, moves an entity. So one sees
    /// nothing of the other half done, and each begins where the world then stands. Taken before `sending`.
    driving: Arc<tokio::sync::Mutex<()>>,
    /// Held by whoever takes this world's webhooks out, until all of them are reported: so they reach each receiver and
    /// the ledger in order, and whoever saves or forks the world under it finds none of them in flight. A `tokio`
    /// mutex: it is held while receivers answer. Taken before the registry and the world, never inside them; shared, so
    /// that a task can own its turn.
    pub(crate) sending: Arc<tokio::sync::Mutex<()>>,
    /// Held by a long job of this world, which is done on a thread apart: whoever calls meanwhile waits for it here,
    /// without keeping a thread that serves other worlds. Taken before the world and never inside it.
    occupied: Arc<tokio::sync::RwLock<()>>,
    /// What is out under `sending`.
    flights: Arc<Flights>,
    /// In an `Arc` of its own: the driver waits for it without keeping the world alive.
    wake: Arc<Notify>,
    retired: AtomicBool,
    /// How many let time pass at the moment.
    advancing: AtomicUsize,
    /// How many wait for something.
    waiting: AtomicUsize,
    /// Counts what happened, for whoever waits for something. A `watch`: who looks late sees that something was.
    changed: watch::Sender<u64>,
    /// When somebody last asked for it. Its own lock: the sweep must not wait for a world.
    touched: Mutex<Instant>,
}

impl WorldEntry {
    /// A world that is in no registry yet.
    pub(crate) fn new(name: &str, world: World, prototype: Arc<World>) -> WorldEntry {
        WorldEntry {
            name: name.to_owned(),
            world: Mutex::new(world),
            prototype,
            feed: OnceLock::new(),
            driving: Arc::default(),
            sending: Arc::default(),
            occupied: Arc::default(),
            flights: Arc::default(),
            wake: Arc::default(),
            retired: AtomicBool::new(false),
            advancing: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            changed: watch::Sender::new(0),
            touched: Mutex::new(Instant::now()),
        }
    }

    /// A world like the prototype, as of now.
    pub(crate) fn forked(name: &str, prototype: Arc<World>) -> WorldEntry {
        WorldEntry::new(name, fork_at(&prototype, Timestamp::now()), prototype)
    }

    fn world(&self) -> HeldLock<MutexGuard<'_, World>> {
        counted(self.world.lock())
    }

    /// It enters the registry: from now on it is observed. Only sends, whatever the document's length.
    pub(crate) fn begin(&self, observer: &Arc<Observer>, document: Option<&Body>) {
        if observer.is_looking() {
            let begin =
                || Feed::begin(observer, &self.name, &self.prototype, &self.world(), document);
            self.feed.get_or_init(begin);
        }
    }

    /// Runs something on the locked world, and wakes the driver when it left webhooks or other dates behind.
    pub(crate) async fn lock_and_wake<T>(
        &self,
        call: impl FnOnce(&mut WorldGuard<'_>) -> T,
    ) -> Result<T, Panicked> {
        let _free = self.free().await;
        let _gate = self.gate().await;
        self.open_and_wake(call)
    }

    /// The same for what may take long: on a thread apart, and to its end even if nobody waits for it any more.
    pub(crate) async fn occupy<T: Send + 'static>(
        self: &Arc<Self>,
        call: impl FnOnce(&mut WorldGuard<'_>) -> T + Send + 'static,
    ) -> Result<T, Panicked> {
        let occupied = self.occupied.clone().write_owned().await;
        let _gate = self.gate().await;
        let entry = self.clone();
        let work = move || {
            let done = entry.open_and_wake(call);
            drop(occupied);
            done
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Panicked::stopped()))
    }

    fn open_and_wake<T>(&self, call: impl FnOnce(&mut WorldGuard<'_>) -> T) -> Result<T, Panicked> {
        let mut world = self.world();
        let before = world.next_due();
        let result = self.open(&mut world, call);
        let wake = world.outbox().has_ready_attempts() || world.next_due() != before;
        drop(world);
        if wake {
            self.wake.notify_one();
        }
        self.notify_waiters();
        result
    }

    /// The same for the driver itself, which knows.
    pub(crate) async fn lock<T>(
        &self,
        call: impl FnOnce(&mut WorldGuard<'_>) -> T,
    ) -> Result<T, Panicked> {
        let _free = self.free().await;
        let _gate = self.gate().await;
        let result = self.open(&mut self.world(), call);
        self.notify_waiters();
        result
    }

    /// Waits until no long job occupies the world.
    async fn free(&self) -> tokio::sync::RwLockReadGuard<'_, ()> {
        match self.occupied.try_read() {
            Ok(free) => free,
            // Boxed, as is the gate: almost no call waits, and its future needs no room for it.
            Err(_) => Box::pin(self.occupied.read()).await,
        }
    }

    /// One call after the other where a session is recorded (`world_feed`), as they come everywhere else. Nothing is
    /// waited for after a call: a client that hangs up must not take with it what the call has handed out.
    async fn gate(&self) -> Gate<'_> {
        match self.feed.get() {
            Some(feed) => Box::pin(feed.enter()).await,
            None => None,
        }
    }

    fn open<T>(
        &self,
        world: &mut World,
        call: impl FnOnce(&mut WorldGuard<'_>) -> T,
    ) -> Result<T, Panicked> {
        guarded(|| call(&mut WorldGuard::new(world, self.feed.get())))
    }

    /// Only looks, which nobody who waits is told. Past the gate: whoever tells a client what it saw waits with
    /// [`WorldEntry::observed`] before.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&World) -> T) -> Result<T, Panicked> {
        let world = self.world();
        guarded(|| look(&world))
    }

    /// Waits until what happened so far is in the file of a recorded session, and its report is near enough: before
    /// anybody outside is told.
    pub(crate) async fn observed(&self) {
        if let Some(feed) = self.feed.get() {
            Box::pin(feed.observed()).await;
        }
    }

    /// What a report counts of it as it stands, if one does.
    pub(crate) fn totals(&self) -> Option<(String, WorldTotals)> {
        self.feed.get().map(|feed| feed.totals(&self.world()))
    }

    /// Wakes whoever waits for something. Without them it costs next to nothing.
    fn notify_waiters(&self) {
        if self.changed.receiver_count() > 0 {
            self.changed.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// Something that changes whenever something has happened. Asked for before a look, it misses nothing.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits for the turn to drive it.
    pub(crate) async fn turn_to_drive(&self) -> Result<Turn, Problem> {
        turn(&self.driving, &self.flights).await
    }

    /// Waits until nobody sends its webhooks, and keeps others from it.
    pub(crate) async fn turn_to_send(&self) -> Result<Turn, Problem> {
        turn(&self.sending, &self.flights).await
    }

    /// The webhooks that are out under `sending`.
    pub(crate) fn flights(&self) -> &Arc<Flights> {
        &self.flights
    }

    /// Somebody lets time pass until what comes back is dropped.
    pub(crate) fn advancing(self: &Arc<Self>) -> Advancing {
        self.advancing.fetch_add(1, Ordering::AcqRel);
        Advancing(self.clone())
    }

    /// Somebody waits for something until what comes back is dropped.
    pub(crate) fn begin_waiting(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Waiting(self)
    }

    /// How many wait for something.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    /// Whether somebody lets time pass.
    pub(crate) fn is_advancing(&self) -> bool {
        self.advancing.load(Ordering::Acquire) > 0
    }

    /// Makes the driver look again.
    pub(crate) fn wake_driver(&self) {
        self.wake.notify_one();
    }

    /// What the driver waits for.
    pub(crate) fn waker(&self) -> Arc<Notify> {
        self.wake.clone()
    }

    /// Somebody asked for it.
    pub(crate) fn touch(&self) {
        *self.touched.lock() = Instant::now();
    }

    /// How long nobody has asked for it.
    pub(crate) fn idle_since(&self, now: Instant) -> Duration {
        now.saturating_duration_since(*self.touched.lock())
    }

    /// Whether another world, or none, has taken its place.
    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    /// Another world, or none, has taken its place.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Release);
        self.wake.notify_one();
        self.notify_waiters();
    }

    /// What it is built again from.
    pub(crate) fn prototype(&self) -> &Arc<World> {
        &self.prototype
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its line in the list of worlds.
    pub(crate) fn line(&self) -> WorldLine {
        let world = self.world();
        let recipe = world.recipe();
        WorldLine {
            name: self.name.clone(),
            scenario: recipe.scenario.clone(),
            seed: recipe.seed,
            now: world.now(),
            mode: world.clock().mode(),
            requests: world.journal().len(),
            webhooks: world.outbox().deliveries().len(),
        }
    }
}

impl Drop for WorldEntry {
    fn drop(&mut self) {
        self.wake.notify_one();
        // Only now can nothing more happen in it.
        if let Some(feed) = self.feed.take() {
            feed.end(self.world.get_mut());
        }
    }
}

/// As long as it is there, somebody waits.
#[derive(Debug)]
pub(crate) struct Waiting<'a>(&'a WorldEntry);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// As long as it is there, time passes.
#[derive(Debug)]
pub(crate) struct Advancing(Arc<WorldEntry>);

impl Drop for Advancing {
    fn drop(&mut self) {
        self.0.advancing.fetch_sub(1, Ordering::AcqRel);
        self.0.notify_waiters();
    }
}

/// A copy of a world, beginning now: a clock that shows the wall's own time goes on showing it, any other
/// begins where the prototype's stands.
pub(crate) fn fork_at(prototype: &World, wall: Timestamp) -> World {
    let mut world = prototype.clone();
    let shown = world.clock().at(wall);
    if shown == wall {
        world.catch_up(wall);
    } else {
        let now = world.now();
        world.clock_mut().set(now, wall);
    }
    world
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::{SignedDuration, Timestamp};

    use super::fork_at;
    use crate::sim::clock::Mode;
    use crate::world::{Orders, Recipe, Setup, World};

    #[test]
    fn a_world_made_later_shows_the_wall_or_begins_where_the_first_did() {
        let start = Timestamp::from_second(1_000_000).unwrap();
        let later = start + SignedDuration::from_hours(5);
        let at = Some(Timestamp::UNIX_EPOCH);
        let speed = Some(60.0);
        for (orders, expected) in [
            (Orders::default(), later),
            (Orders { at, ..Orders::default() }, Timestamp::UNIX_EPOCH),
            (Orders { at, mode: Some(Mode::Real), ..Orders::default() }, Timestamp::UNIX_EPOCH),
            (Orders { at, speed, ..Orders::default() }, Timestamp::UNIX_EPOCH),
        ] {
            let recipe = Recipe::new("none", Setup::default(), orders.clone(), start);
            let made = fork_at(&World::build(Arc::new(recipe)).unwrap(), later);
            assert_eq!((made.now(), made.clock().at(later)), (expected, expected), "{orders:?}");
        }
    }
}
