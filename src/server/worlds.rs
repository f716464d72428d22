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
use crate::http::Body;
use crate::server::dispatcher::Dispatcher;
use crate::server::driver;
use crate::server::seat::Seat;
use crate::server::witness::Witness;
use crate::world::{DEFAULT, World};

/// A world that others are made like, under its number in a recorded session.
#[derive(Debug, Clone)]
pub(super) struct Prototype {
    pub(super) world: Arc<World>,
    pub(super) number: u64,
}

/// A world in its place: locked for microseconds by requests, driven by its own task.
#[derive(Debug)]
pub(super) struct Slot {
    name: String,
    /// What it is called in reports and sessions, where a world of its name may have been before.
    label: String,
    world: Mutex<World>,
    prototype: Prototype,
    /// Whether it ever was in the register.
    seated: AtomicBool,
    /// Held by whoever carries this world's webhooks, so that they are sent and reported in order.
    pub(super) settling: tokio::sync::Mutex<()>,
    wake: Arc<Notify>,
    retired: AtomicBool,
    witness: Arc<Witness>,
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
pub(super) struct Panicked(String);

impl Panicked {
    /// What it said.
    pub(super) fn sentence(self) -> String {
        self.0
    }
}

/// Calls something that must not take the server down with it.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Panicked> {
    let sentence = |cause: Box<dyn Any + Send>| {
        let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Panicked(text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default())
    };
    catch_unwind(AssertUnwindSafe(call)).map_err(sentence)
}

impl Slot {
    fn new(name: &str, world: World, prototype: Prototype, witness: Arc<Witness>) -> Slot {
        let since = world.outbox().deliveries().next_back().map_or(0, |last| last.number);
        Slot {
            name: name.to_owned(),
            label: witness.label(name),
            seated: AtomicBool::new(false),
            since,
            world: Mutex::new(world),
            prototype,
            settling: tokio::sync::Mutex::default(),
            wake: Arc::default(),
            retired: AtomicBool::new(false),
            witness,
            advancing: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            changed: watch::Sender::new(0),
            touched: Mutex::new(Instant::now()),
        }
    }

    /// A world like the prototype, as of now.
    fn sprouted(name: &str, prototype: Prototype, wall: Timestamp, witness: Arc<Witness>) -> Slot {
        Slot::new(name, sprout(&prototype.world, wall), prototype, witness)
    }

    fn attended<T>(&self, world: &mut World, call: impl FnOnce(&mut Seat<'_>) -> T) -> T {
        call(&mut Seat::new(world, &self.witness, &self.label))
    }

    /// Has what it did counted: it is looked at for the last time.
    pub(super) fn close(&self) {
        self.witness.closed(&self.label, &self.world.lock(), self.since);
    }

    /// Runs something on the locked world, and wakes the driver when it left webhooks or other dates behind.
    pub(super) fn with<T>(&self, call: impl FnOnce(&mut Seat<'_>) -> T) -> Result<T, Panicked> {
        let mut world = self.world.lock();
        let before = world.next_due();
        let result = guarded(|| self.attended(&mut world, call));
        let wake = world.outbox().has_posts() || world.next_due() != before;
        drop(world);
        if wake {
            self.wake.notify_one();
        }
        self.tell();
        result
    }

    /// The same for the driver itself, which knows.
    pub(super) fn quietly<T>(&self, call: impl FnOnce(&mut Seat<'_>) -> T) -> Result<T, Panicked> {
        let result = guarded(|| self.attended(&mut self.world.lock(), call));
        self.tell();
        result
    }

    /// Only looks, which nobody who waits is told.
    pub(super) fn peek<T>(&self, look: impl FnOnce(&World) -> T) -> Result<T, Panicked> {
        let world = self.world.lock();
        guarded(|| look(&world))
    }

    /// Wakes whoever waits for something. Without them it costs next to nothing.
    fn tell(&self) {
        if self.changed.receiver_count() > 0 {
            self.changed.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// Something that changes whenever something has happened. Asked for before a look, it misses nothing.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Somebody lets time pass until what comes back is dropped.
    pub(super) fn advancing(&self) -> Advancing<'_> {
        self.advancing.fetch_add(1, Ordering::AcqRel);
        Advancing(self)
    }

    /// Somebody waits for something until what comes back is dropped.
    pub(super) fn begin_waiting(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Waiting(self)
    }

    /// How many wait for something.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    /// Whether somebody lets time pass.
    pub(super) fn is_advancing(&self) -> bool {
        self.advancing.load(Ordering::Acquire) > 0
    }

    /// Makes the driver look again.
    pub(super) fn nudge(&self) {
        self.wake.notify_one();
    }

    /// What the driver waits for.
    pub(super) fn waker(&self) -> Arc<Notify> {
        self.wake.clone()
    }

    /// Whether another world, or none, has taken its place.
    pub(super) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    fn retire(&self) {
        self.retired.store(true, Ordering::Release);
        self.wake.notify_one();
        self.tell();
    }

    /// What it is built again from.
    pub(super) fn prototype(&self) -> Prototype {
        self.prototype.clone()
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its line in the list of worlds.
    pub(super) fn line(&self) -> WorldLine {
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

impl Drop for Slot {
    fn drop(&mut self) {
        self.wake.notify_one();
        // Only now can nothing more happen in it.
        if *self.seated.get_mut() {
            self.witness.gone(&self.label, self.world.get_mut(), self.since);
        }
    }
}

/// As long as it is there, somebody waits.
#[derive(Debug)]
pub(super) struct Waiting<'a>(&'a Slot);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// As long as it is there, time passes.
#[derive(Debug)]
pub(super) struct Advancing<'a>(&'a Slot);

impl Drop for Advancing<'_> {
    fn drop(&mut self) {
        self.0.advancing.fetch_sub(1, Ordering::AcqRel);
        self.0.tell();
    }
}

/// A copy of a world, beginning now: a clock that shows the wall's own time goes on showing it, any other
/// begins where the prototype's stands.
pub(super) fn sprout(prototype: &World, wall: Timestamp) -> World {
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
pub(super) struct Full(usize);

/// Every world by its name.
#[derive(Debug)]
pub(super) struct Worlds {
    slots: RwLock<BTreeMap<String, Arc<Slot>>>,
    prototype: RwLock<Prototype>,
    most: usize,
    dispatcher: Arc<Dispatcher>,
    witness: Arc<Witness>,
}

impl Worlds {
    /// A register whose worlds are made like the prototype, unless ordered otherwise.
    pub(super) fn new(prototype: World, most: usize, dispatcher: Arc<Dispatcher>) -> Worlds {
        let slots = RwLock::default();
        let witness = Arc::default();
        let prototype = RwLock::new(Prototype { world: Arc::new(prototype), number: 0 });
        Worlds { slots, prototype, most: most.max(1), dispatcher, witness }
    }

    /// The same register, before a witness.
    pub(super) fn attended(self, witness: Witness) -> Worlds {
        Worlds { witness: Arc::new(witness), ..self }
    }

    /// Who attends the worlds.
    pub(super) fn witness(&self) -> &Witness {
        &self.witness
    }

    fn sprouted(&self, name: &str, prototype: Prototype) -> Slot {
        Slot::sprouted(name, prototype, Timestamp::now(), self.witness.clone())
    }

    /// What worlds are made like.
    pub(super) fn prototype(&self) -> Prototype {
        self.prototype.read().clone()
    }

    /// Takes another world as what worlds are made like, and makes those anew that were made like the one before it.
    /// Returns their names.
    pub(super) fn adopt(&self, prototype: World) -> Vec<String> {
        let prototype = self.prototype_of(prototype);
        let before = std::mem::replace(&mut *self.prototype.write(), prototype.clone());
        let mut slots = self.slots.write();
        let like = slots.values().filter(|slot| Arc::ptr_eq(&slot.prototype.world, &before.world));
        let names: Vec<String> = like.map(|slot| slot.name.clone()).collect();
        for name in &names {
            let slot = self.sprouted(name, prototype.clone());
            self.seat(&mut slots, &Arc::new(slot), None);
        }
        names
    }

    /// A world to make others like.
    pub(super) fn prototype_of(&self, world: World) -> Prototype {
        let number = self.witness.prototype(&world);
        Prototype { world: Arc::new(world), number }
    }

    /// A world that is there.
    pub(super) fn find(&self, name: &str) -> Option<Arc<Slot>> {
        let slot = self.slots.read().get(name).cloned();
        slot.inspect(|slot| *slot.touched.lock() = Instant::now())
    }

    /// Drops the worlds that nobody has asked for since so long; the first world stays, and so does one that is in
    /// use. Says how many went.
    pub(super) fn sweep(&self, idle: Duration) -> usize {
        let now = Instant::now();
        let mut slots = self.slots.write();
        let before = slots.len();
        slots.retain(|name, slot| {
            // Whoever is in the middle of something holds it, too.
            let used = name == DEFAULT
                || Arc::strong_count(slot) > 1
                || now.saturating_duration_since(*slot.touched.lock()) < idle;
            if !used {
                slot.retire();
            }
            used
        });
        before - slots.len()
    }

    /// A world, made if it is not there.
    pub(super) fn enter(&self, name: &str) -> Result<Arc<Slot>, Full> {
        if let Some(slot) = self.find(name) {
            return Ok(slot);
        }
        // Asked before the work, so that a flood of names costs nothing.
        self.room(&self.slots.read())?;
        let slot = Arc::new(self.sprouted(name, self.prototype()));
        let mut slots = self.slots.write();
        if let Some(earlier) = slots.get(name) {
            return Ok(earlier.clone());
        }
        self.room(&slots)?;
        self.seat(&mut slots, &slot, None);
        Ok(slot)
    }

    fn room(&self, slots: &BTreeMap<String, Arc<Slot>>) -> Result<(), Full> {
        if slots.len() < self.most { Ok(()) } else { Err(Full(self.most)) }
    }

    fn seat(
        &self,
        slots: &mut BTreeMap<String, Arc<Slot>>,
        slot: &Arc<Slot>,
        document: Option<&Body>,
    ) {
        slot.seated.store(true, Ordering::Release);
        if self.witness.is_looking() {
            let (label, world) = (&slot.label, slot.world.lock());
            match document {
                Some(document) => self.witness.restored(label, document, &world),
                None => self.witness.made(label, slot.prototype.number, &world),
            }
        }
        driver::start(slot, self.dispatcher.clone());
        if let Some(earlier) = slots.insert(slot.name.clone(), slot.clone()) {
            earlier.retire();
        }
    }

    /// Puts a world in its place, which a reset builds again; says whether the place was empty.
    pub(super) fn put(&self, name: &str, prototype: Prototype) -> Result<(Arc<Slot>, bool), Full> {
        self.place(self.sprouted(name, prototype), None)
    }

    /// Puts a world in its place; a reset builds another again.
    pub(super) fn restore(
        &self,
        name: &str,
        world: &World,
        prototype: Prototype,
        document: &Body,
    ) -> Result<(Arc<Slot>, bool), Full> {
        let world = sprout(world, Timestamp::now());
        self.place(Slot::new(name, world, prototype, self.witness.clone()), Some(document))
    }

    fn place(&self, slot: Slot, document: Option<&Body>) -> Result<(Arc<Slot>, bool), Full> {
        let slot = Arc::new(slot);
        let mut slots = self.slots.write();
        let new = !slots.contains_key(&slot.name);
        if new {
            self.room(&slots)?;
        }
        self.seat(&mut slots, &slot, document);
        Ok((slot, new))
    }

    /// Drops a world and builds it again from what it was built from.
    pub(super) fn reset(&self, name: &str) -> Result<Arc<Slot>, Full> {
        let Some(slot) = self.find(name) else { return self.enter(name) };
        let fresh = Arc::new(self.sprouted(name, slot.prototype.clone()));
        self.seat(&mut self.slots.write(), &fresh, None);
        Ok(fresh)
    }

    /// Drops a world; says whether it was there.
    pub(super) fn remove(&self, name: &str) -> bool {
        let gone = self.slots.write().remove(name);
        gone.inspect(|slot| slot.retire()).is_some()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.slots.read().len()
    }

    /// All of them, by name.
    pub(super) fn all(&self) -> Vec<Arc<Slot>> {
        self.slots.read().values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};

    use super::{Full, Prototype, Worlds, guarded, sprout};
    use crate::server::dispatcher::Dispatcher;
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
            let made = sprout(&world(orders.clone(), start), later);
            assert_eq!((made.now(), made.clock().at(later)), (expected, expected), "{orders:?}");
        }
    }

    #[tokio::test]
    async fn idle_worlds_go_but_the_first_and_those_in_use() {
        let prototype = world(Orders::default(), Timestamp::now());
        let worlds = Worlds::new(prototype, 9, Arc::new(Dispatcher::default()));
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
        let worlds = Worlds::new(prototype, 2, Arc::new(Dispatcher::default()));
        let (a, _) = (worlds.enter("a").unwrap(), worlds.enter("b").unwrap());
        assert_eq!(worlds.enter("c").unwrap_err(), Full(2));
        assert!(Arc::ptr_eq(&a, &worlds.enter("a").unwrap()));
        let fresh = worlds.reset("a").unwrap();
        assert!(a.is_retired() && !fresh.is_retired());
        let other = world(Orders { seed: Some(2), ..Orders::default() }, Timestamp::now());
        let other = Prototype { world: Arc::new(other), number: 1 };
        assert!(worlds.put("c", other.clone()).is_err());
        let (slot, new) = worlds.put("a", other).unwrap();
        assert_eq!((new, slot.line().seed, worlds.reset("a").unwrap().line().seed), (false, 2, 2));
        assert!(worlds.remove("a") && !worlds.remove("a"));
        assert_eq!(worlds.enter("c").unwrap().line().seed, 1);
    }
}
