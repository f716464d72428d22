//! The register of worlds: who is there, who is made on first use, and how many there may be.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use parking_lot::{Mutex, RwLock};
use tokio::sync::Notify;

use crate::control::WorldLine;
use crate::server::dispatcher::Dispatcher;
use crate::server::driver;
use crate::world::World;

/// A world in its place: locked for microseconds by requests, driven by its own task.
#[derive(Debug)]
pub(super) struct Slot {
    name: String,
    world: Mutex<World>,
    prototype: Arc<World>,
    /// Held by whoever carries this world's webhooks, so that they are sent and reported in order.
    pub(super) settling: tokio::sync::Mutex<()>,
    wake: Arc<Notify>,
    retired: AtomicBool,
}

/// The world's code panicked; the world stays as it was left, the server goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the simulation panicked: {0}")]
pub(super) struct Panicked(String);

/// Calls something that must not take the server down with it.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Panicked> {
    let sentence = |cause: Box<dyn Any + Send>| {
        let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Panicked(text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default())
    };
    catch_unwind(AssertUnwindSafe(call)).map_err(sentence)
}

impl Slot {
    fn new(name: &str, world: World, prototype: Arc<World>) -> Slot {
        Slot {
            name: name.to_owned(),
            world: Mutex::new(world),
            prototype,
            settling: tokio::sync::Mutex::default(),
            wake: Arc::default(),
            retired: AtomicBool::new(false),
        }
    }

    /// A world like the prototype, as of now.
    fn sprouted(name: &str, prototype: Arc<World>, wall: Timestamp) -> Slot {
        Slot::new(name, sprout(&prototype, wall), prototype)
    }

    /// Runs something on the locked world, and wakes the driver when it left webhooks or other dates behind.
    pub(super) fn with<T>(&self, call: impl FnOnce(&mut World) -> T) -> Result<T, Panicked> {
        let mut world = self.world.lock();
        let before = world.next_due();
        let result = guarded(|| call(&mut world));
        let wake = world.outbox().has_posts() || world.next_due() != before;
        drop(world);
        if wake {
            self.wake.notify_one();
        }
        result
    }

    /// The same for the driver itself, which knows.
    pub(super) fn quietly<T>(&self, call: impl FnOnce(&mut World) -> T) -> Result<T, Panicked> {
        let mut world = self.world.lock();
        guarded(|| call(&mut world))
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
    prototype: RwLock<Arc<World>>,
    most: usize,
    dispatcher: Arc<Dispatcher>,
}

impl Worlds {
    /// A register whose worlds are made like the prototype, unless ordered otherwise.
    pub(super) fn new(prototype: World, most: usize, dispatcher: Arc<Dispatcher>) -> Worlds {
        let slots = RwLock::default();
        let prototype = RwLock::new(Arc::new(prototype));
        Worlds { slots, prototype, most: most.max(1), dispatcher }
    }

    /// What worlds are made like.
    pub(super) fn prototype(&self) -> Arc<World> {
        self.prototype.read().clone()
    }

    /// Takes another world as what worlds are made like, and makes those anew that were made like the one before it.
    /// Returns their names.
    pub(super) fn adopt(&self, prototype: World) -> Vec<String> {
        let prototype = Arc::new(prototype);
        let before = std::mem::replace(&mut *self.prototype.write(), prototype.clone());
        let mut slots = self.slots.write();
        let like = slots.values().filter(|slot| Arc::ptr_eq(&slot.prototype, &before));
        let names: Vec<String> = like.map(|slot| slot.name.clone()).collect();
        for name in &names {
            let slot = Slot::sprouted(name, prototype.clone(), Timestamp::now());
            self.seat(&mut slots, &Arc::new(slot));
        }
        names
    }

    /// A world that is there.
    pub(super) fn find(&self, name: &str) -> Option<Arc<Slot>> {
        self.slots.read().get(name).cloned()
    }

    /// A world, made if it is not there.
    pub(super) fn enter(&self, name: &str) -> Result<Arc<Slot>, Full> {
        if let Some(slot) = self.find(name) {
            return Ok(slot);
        }
        // Asked before the work, so that a flood of names costs nothing.
        self.room(&self.slots.read())?;
        let slot = Arc::new(Slot::sprouted(name, self.prototype(), Timestamp::now()));
        let mut slots = self.slots.write();
        if let Some(earlier) = slots.get(name) {
            return Ok(earlier.clone());
        }
        self.room(&slots)?;
        self.seat(&mut slots, &slot);
        Ok(slot)
    }

    fn room(&self, slots: &BTreeMap<String, Arc<Slot>>) -> Result<(), Full> {
        if slots.len() < self.most { Ok(()) } else { Err(Full(self.most)) }
    }

    fn seat(&self, slots: &mut BTreeMap<String, Arc<Slot>>, slot: &Arc<Slot>) {
        driver::start(slot, self.dispatcher.clone());
        if let Some(earlier) = slots.insert(slot.name.clone(), slot.clone()) {
            earlier.retire();
        }
    }

    /// Puts a world in its place; says whether the place was empty.
    pub(super) fn put(&self, name: &str, world: World) -> Result<(Arc<Slot>, bool), Full> {
        let slot = Arc::new(Slot::sprouted(name, Arc::new(world), Timestamp::now()));
        let mut slots = self.slots.write();
        let new = !slots.contains_key(name);
        if new {
            self.room(&slots)?;
        }
        self.seat(&mut slots, &slot);
        Ok((slot, new))
    }

    /// Drops a world and builds it again from what it was built from.
    pub(super) fn reset(&self, name: &str) -> Result<Arc<Slot>, Full> {
        let Some(slot) = self.find(name) else { return self.enter(name) };
        let fresh = Arc::new(Slot::sprouted(name, slot.prototype.clone(), Timestamp::now()));
        self.seat(&mut self.slots.write(), &fresh);
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

    use jiff::{SignedDuration, Timestamp};

    use super::{Full, Worlds, guarded, sprout};
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
    async fn worlds_are_made_on_first_use_up_to_the_bound_and_replaced_in_place() {
        let prototype = world(Orders { seed: Some(1), ..Orders::default() }, Timestamp::now());
        let worlds = Worlds::new(prototype, 2, Arc::new(Dispatcher::default()));
        let (a, _) = (worlds.enter("a").unwrap(), worlds.enter("b").unwrap());
        assert_eq!(worlds.enter("c").unwrap_err(), Full(2));
        assert!(Arc::ptr_eq(&a, &worlds.enter("a").unwrap()));
        let fresh = worlds.reset("a").unwrap();
        assert!(a.is_retired() && !fresh.is_retired());
        let other = world(Orders { seed: Some(2), ..Orders::default() }, Timestamp::now());
        assert!(worlds.put("c", other.clone()).is_err());
        let (slot, new) = worlds.put("a", other).unwrap();
        assert_eq!((new, slot.line().seed, worlds.reset("a").unwrap().line().seed), (false, 2, 2));
        assert!(worlds.remove("a") && !worlds.remove("a"));
        assert_eq!(worlds.enter("c").unwrap().line().seed, 1);
    }
}
