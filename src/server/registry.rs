//! The register of worlds: who is there, who is made on first use, and how many there may be.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{Notify, watch};

use crate::control::WorldLine;
use crate::message::Body;
use crate::server::clock_driver;
use crate::server::observer::Observer;
use crate::server::recorded_world::WorldGuard;
use crate::server::webhook_sender::WebhookSender;
use crate::world::{DEFAULT, World};

/// A world that others are made like, under its number in a recorded session.
#[derive(Debug, Clone)]
pub(crate) struct Prototype {
    pub(crate) world: Arc<World>,
    pub(crate) number: u64,
}

/// A world in its place: locked for microseconds by requests, driven by its own task.
#[derive(Debug)]
pub(crate) struct WorldEntry {
    name: String,
    /// What it is called in reports and sessions, where a world of its name may have been before.
    label: String,
    world: Mutex<World>,
    prototype: Prototype,
    /// Whether it ever was in the register.
    enlisted: AtomicBool,
    /// Held by whoever carries this world's webhooks, so that they are sent and reported in order.
    pub(crate) settling: tokio::sync::Mutex<()>,
    wake: Arc<Notify>,
    retired: AtomicBool,
    observer: Arc<Observer>,
    /// The last delivery that is not its own but that of the world it was made from.
    since: u64,
    /// How many let time pass at the moment.
    advancing: AtomicUsize,
    /// How many wait for something.
    waiting: AtomicUsize,
    /// Counts what happened, for whoever waits for something.
    changed: watch::Sender<u64>,
    /// When somebody last asked for it.
    touched: Mutex<Instant>,
}

/// The world's code panicked; the world stays as it was left, the server goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the simulation panicked: {0}")]
pub(crate) struct Panicked(String);

impl Panicked {
    /// What it said.
    pub(crate) fn sentence(self) -> String {
        self.0
    }
}

/// Calls something that must not take the server down with it.
pub(crate) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Panicked> {
    let sentence = |cause: Box<dyn Any + Send>| {
        let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Panicked(text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default())
    };
    catch_unwind(AssertUnwindSafe(call)).map_err(sentence)
}

impl WorldEntry {
    fn new(name: &str, world: World, prototype: Prototype, observer: Arc<Observer>) -> WorldEntry {
        let since = world.outbox().deliveries().next_back().map_or(0, |last| last.number);
        WorldEntry {
            name: name.to_owned(),
            label: observer.label(name),
            enlisted: AtomicBool::new(false),
            since,
            world: Mutex::new(world),
            prototype,
            settling: tokio::sync::Mutex::default(),
            wake: Arc::default(),
            retired: AtomicBool::new(false),
            observer,
            advancing: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            changed: watch::Sender::new(0),
            touched: Mutex::new(Instant::now()),
        }
    }

    /// A world like the prototype, as of now.
    fn forked(
        name: &str,
        prototype: Prototype,
        wall: Timestamp,
        observer: Arc<Observer>,
    ) -> WorldEntry {
        WorldEntry::new(name, fork_at(&prototype.world, wall), prototype, observer)
    }

    fn observed<T>(&self, world: &mut World, call: impl FnOnce(&mut WorldGuard<'_>) -> T) -> T {
        call(&mut WorldGuard::new(world, &self.observer, &self.label))
    }

    /// Has what it did counted: it is looked at for the last time.
    pub(crate) fn close(&self) {
        self.observer.closed(&self.label, &self.world.lock(), self.since);
    }

    /// Runs something on the locked world, and wakes the driver when it left webhooks or other dates behind.
    pub(crate) fn lock_and_wake<T>(
        &self,
        call: impl FnOnce(&mut WorldGuard<'_>) -> T,
    ) -> Result<T, Panicked> {
        let mut world = self.world.lock();
        let before = world.next_due();
        let result = guarded(|| self.observed(&mut world, call));
        let wake = world.outbox().has_ready_attempts() || world.next_due() != before;
        drop(world);
        if wake {
            self.wake.notify_one();
        }
        self.notify_waiters();
        result
    }

    /// The same for the driver itself, which knows.
    pub(crate) fn lock<T>(
        &self,
        call: impl FnOnce(&mut WorldGuard<'_>) -> T,
    ) -> Result<T, Panicked> {
        let result = guarded(|| self.observed(&mut self.world.lock(), call));
        self.notify_waiters();
        result
    }

    /// Only looks, which nobody who waits is told.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&World) -> T) -> Result<T, Panicked> {
        let world = self.world.lock();
        guarded(|| look(&world))
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

    /// Somebody lets time pass until what comes back is dropped.
    pub(crate) fn advancing(&self) -> Advancing<'_> {
        self.advancing.fetch_add(1, Ordering::AcqRel);
        Advancing(self)
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

    /// Whether another world, or none, has taken its place.
    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    fn retire(&self) {
        self.retired.store(true, Ordering::Release);
        self.wake.notify_one();
        self.notify_waiters();
    }

    /// What it is built again from.
    pub(crate) fn prototype(&self) -> Prototype {
        self.prototype.clone()
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its line in the list of worlds.
    pub(crate) fn line(&self) -> WorldLine {
        let world = self.world.lock();
        let recipe = world.recipe();
        WorldLine {
            name: self.name.clone(),
            scenario: recipe.scenario.clone(),
            seed: recipe.seed,
            now: world.now(),
            mode: world.clock().mode(),
            requests: world.journal().entries().count(),
            webhooks: world.outbox().deliveries().count(),
        }
    }
}

impl Drop for WorldEntry {
    fn drop(&mut self) {
        self.wake.notify_one();
        // Only now can nothing more happen in it.
        if *self.enlisted.get_mut() {
            self.observer.gone(&self.label, self.world.get_mut(), self.since);
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
pub(crate) struct Advancing<'a>(&'a WorldEntry);

impl Drop for Advancing<'_> {
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

/// There is no room for another world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there are {0} worlds already, which is what --max-worlds allows; drop some with \
     DELETE /_shipmock/worlds/{{name}}, or start with a larger --max-worlds"
)]
pub(crate) struct Full(usize);

/// Every world by its name.
#[derive(Debug)]
pub(crate) struct Registry {
    entries: RwLock<BTreeMap<String, Arc<WorldEntry>>>,
    prototype: RwLock<Prototype>,
    most: usize,
    sender: Arc<WebhookSender>,
    observer: Arc<Observer>,
}

impl Registry {
    /// A register whose worlds are made like the prototype, unless ordered otherwise.
    pub(crate) fn new(prototype: World, most: usize, sender: Arc<WebhookSender>) -> Registry {
        let entries = RwLock::default();
        let observer = Arc::default();
        let prototype = RwLock::new(Prototype { world: Arc::new(prototype), number: 0 });
        Registry { entries, prototype, most: most.max(1), sender, observer }
    }

    /// The same register, before a witness.
    pub(crate) fn observed(self, observer: Observer) -> Registry {
        Registry { observer: Arc::new(observer), ..self }
    }

    /// Who attends the worlds.
    pub(crate) fn observer(&self) -> &Observer {
        &self.observer
    }

    fn forked(&self, name: &str, prototype: Prototype) -> WorldEntry {
        WorldEntry::forked(name, prototype, Timestamp::now(), self.observer.clone())
    }

    /// What worlds are made like.
    pub(crate) fn prototype(&self) -> Prototype {
        self.prototype.read().clone()
    }

    /// Takes another world as what worlds are made like, and makes those anew that were made like the one before it.
    /// Returns their names.
    pub(crate) fn adopt(&self, prototype: World) -> Vec<String> {
        let prototype = self.prototype_of(prototype);
        let before = std::mem::replace(&mut *self.prototype.write(), prototype.clone());
        let mut entries = self.entries.write();
        let like =
            entries.values().filter(|entry| Arc::ptr_eq(&entry.prototype.world, &before.world));
        let names: Vec<String> = like.map(|entry| entry.name.clone()).collect();
        for name in &names {
            let entry = self.forked(name, prototype.clone());
            self.enlist(&mut entries, &Arc::new(entry), None);
        }
        names
    }

    /// A world to make others like.
    pub(crate) fn prototype_of(&self, world: World) -> Prototype {
        let number = self.observer.prototype(&world);
        Prototype { world: Arc::new(world), number }
    }

    /// A world that is there.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<WorldEntry>> {
        let entry = self.entries.read().get(name).cloned();
        entry.inspect(|entry| *entry.touched.lock() = Instant::now())
    }

    /// Drops the worlds that nobody has asked for since so long; the first world stays, and so does one that is in
    /// use. Says how many went.
    pub(crate) fn sweep(&self, idle: Duration) -> usize {
        let now = Instant::now();
        let mut entries = self.entries.write();
        let before = entries.len();
        entries.retain(|name, entry| {
            // Whoever is in the middle of something holds it, too.
            let used = name == DEFAULT
                || Arc::strong_count(entry) > 1
                || now.saturating_duration_since(*entry.touched.lock()) < idle;
            if !used {
                entry.retire();
            }
            used
        });
        before - entries.len()
    }

    /// A world, made if it is not there.
    pub(crate) fn enter(&self, name: &str) -> Result<Arc<WorldEntry>, Full> {
        if let Some(entry) = self.find(name) {
            return Ok(entry);
        }
        // Asked before the work, so that a flood of names costs nothing.
        self.room(&self.entries.read())?;
        let entry = Arc::new(self.forked(name, self.prototype()));
        let mut entries = self.entries.write();
        if let Some(earlier) = entries.get(name) {
            return Ok(earlier.clone());
        }
        self.room(&entries)?;
        self.enlist(&mut entries, &entry, None);
        Ok(entry)
    }

    fn room(&self, entries: &BTreeMap<String, Arc<WorldEntry>>) -> Result<(), Full> {
        if entries.len() < self.most { Ok(()) } else { Err(Full(self.most)) }
    }

    fn enlist(
        &self,
        entries: &mut BTreeMap<String, Arc<WorldEntry>>,
        entry: &Arc<WorldEntry>,
        document: Option<&Body>,
    ) {
        entry.enlisted.store(true, Ordering::Release);
        if self.observer.is_looking() {
            let (label, world) = (&entry.label, entry.world.lock());
            match document {
                Some(document) => self.observer.restored(label, document, &world),
                None => self.observer.made(label, entry.prototype.number, &world),
            }
        }
        clock_driver::start(entry, self.sender.clone());
        if let Some(earlier) = entries.insert(entry.name.clone(), entry.clone()) {
            earlier.retire();
        }
    }

    /// Puts a world in its place, which a reset builds again; says whether the place was empty.
    pub(crate) fn put(
        &self,
        name: &str,
        prototype: Prototype,
    ) -> Result<(Arc<WorldEntry>, bool), Full> {
        self.place(self.forked(name, prototype), None)
    }

    /// Puts a world in its place; a reset builds another again.
    pub(crate) fn restore(
        &self,
        name: &str,
        world: &World,
        prototype: Prototype,
        document: &Body,
    ) -> Result<(Arc<WorldEntry>, bool), Full> {
        let world = fork_at(world, Timestamp::now());
        self.place(WorldEntry::new(name, world, prototype, self.observer.clone()), Some(document))
    }

    fn place(
        &self,
        entry: WorldEntry,
        document: Option<&Body>,
    ) -> Result<(Arc<WorldEntry>, bool), Full> {
        let entry = Arc::new(entry);
        let mut entries = self.entries.write();
        let new = !entries.contains_key(&entry.name);
        if new {
            self.room(&entries)?;
        }
        self.enlist(&mut entries, &entry, document);
        Ok((entry, new))
    }

    /// Drops a world and builds it again from what it was built from.
    pub(crate) fn reset(&self, name: &str) -> Result<Arc<WorldEntry>, Full> {
        let Some(entry) = self.find(name) else { return self.enter(name) };
        let fresh = Arc::new(self.forked(name, entry.prototype.clone()));
        self.enlist(&mut self.entries.write(), &fresh, None);
        Ok(fresh)
    }

    /// Drops a world; says whether it was there.
    pub(crate) fn remove(&self, name: &str) -> bool {
        let gone = self.entries.write().remove(name);
        gone.inspect(|entry| entry.retire()).is_some()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.entries.read().len()
    }

    /// All of them, by name.
    pub(crate) fn all(&self) -> Vec<Arc<WorldEntry>> {
        self.entries.read().values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};

    use super::{Full, Prototype, Registry, fork_at, guarded};
    use crate::server::webhook_sender::WebhookSender;
    use crate::sim::clock::Mode;
    use crate::world::{Orders, Recipe, Setup, World};

    fn world(orders: Orders, wall: Timestamp) -> World {
        World::build(Arc::new(Recipe::new("none", Setup::default(), orders, wall))).unwrap()
    }

    #[test]
    fn a_panic_is_a_sentence() {
        let panicked = guarded(|| -> u8 { panic!("the {} fell over", "parcel") });
        assert_eq!(
            panicked.unwrap_err().to_string(),
            "the simulation panicked: the parcel fell over"
        );
    }

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
            let made = fork_at(&world(orders.clone(), start), later);
            assert_eq!((made.now(), made.clock().at(later)), (expected, expected), "{orders:?}");
        }
    }

    #[tokio::test]
    async fn idle_worlds_go_but_the_first_and_those_in_use() {
        let prototype = world(Orders::default(), Timestamp::now());
        let worlds = Registry::new(prototype, 9, Arc::new(WebhookSender::default()));
        for name in ["default", "a", "b"] {
            worlds.enter(name).unwrap();
        }
        let held = worlds.find("b");
        assert_eq!(worlds.sweep(Duration::from_secs(60)), 0);
        // Its driver lets go of a world as soon as it has looked at it.
        while worlds.sweep(Duration::ZERO) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(worlds.count(), 2);
        assert!(worlds.find("a").is_none() && !held.unwrap().is_retired());
    }

    #[tokio::test]
    async fn worlds_are_made_on_first_use_up_to_the_bound_and_replaced_in_place() {
        let prototype = world(Orders { seed: Some(1), ..Orders::default() }, Timestamp::now());
        let worlds = Registry::new(prototype, 2, Arc::new(WebhookSender::default()));
        let (a, _) = (worlds.enter("a").unwrap(), worlds.enter("b").unwrap());
        assert_eq!(worlds.enter("c").unwrap_err(), Full(2));
        assert!(Arc::ptr_eq(&a, &worlds.enter("a").unwrap()));
        let fresh = worlds.reset("a").unwrap();
        assert!(a.is_retired() && !fresh.is_retired());
        let other = world(Orders { seed: Some(2), ..Orders::default() }, Timestamp::now());
        let other = Prototype { world: Arc::new(other), number: 1 };
        assert!(worlds.put("c", other.clone()).is_err());
        let (entry, new) = worlds.put("a", other).unwrap();
        assert_eq!((new, entry.line().seed, worlds.reset("a").unwrap().line().seed), (false, 2, 2));
        assert!(worlds.remove("a") && !worlds.remove("a"));
        assert_eq!(worlds.enter("c").unwrap().line().seed, 1);
    }
}
