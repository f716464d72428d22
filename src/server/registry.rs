//! The registry of worlds: who is there, who is made on first use, and how many there may be.
//!
//! Its lock comes first (registry -> world -> observer): held for a look-up or an exchange, while nothing is built,
//! read, written or dropped that takes longer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::control::Problem;
use crate::message::Body;
use crate::server::clock_driver;
use crate::server::lock_depth::{HeldLock, counted};
use crate::server::observer::Observer;
use crate::server::webhook_sender::WebhookSender;
use crate::server::world_entry::{WorldEntry, fork_at};
use crate::world::{DEFAULT, World};

/// There is no room for another world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there are {0} worlds already, which is what --max-worlds allows; drop some with \
     DELETE /_shipmock/worlds/{{name}}, or start with a larger --max-worlds"
)]
pub(crate) struct Full(usize);

/// What the control API, or a provider's client, is told then.
impl From<Full> for Problem {
    fn from(full: Full) -> Problem {
        Problem::new(507, "Too many worlds", full.to_string())
    }
}

/// Worlds by their names.
type Entries = BTreeMap<String, Arc<WorldEntry>>;

/// Every world by its name.
#[derive(Debug)]
pub(crate) struct Registry {
    /// Read by every call, written when a world comes or goes. In order of names, as they are listed.
    entries: RwLock<Entries>,
    /// What worlds are made like; another when a watched file has changed. Never held together with `entries`.
    prototype: RwLock<Prototype>,
    most: usize,
    sender: Arc<WebhookSender>,
    observer: Arc<Observer>,
}

/// What worlds are made like.
#[derive(Debug)]
struct Prototype {
    world: Arc<World>,
    /// The same as it was when the last world was made: what falls due between two of them is lived through once, and
    /// shared by all that come later.
    lately: Arc<World>,
}

impl From<Arc<World>> for Prototype {
    fn from(world: Arc<World>) -> Self {
        Prototype { lately: world.clone(), world }
    }
}

impl Registry {
    /// A registry whose worlds are made like the prototype, unless ordered otherwise.
    pub(crate) fn new(
        prototype: impl Into<Arc<World>>,
        most: usize,
        sender: Arc<WebhookSender>,
    ) -> Registry {
        let prototype = RwLock::new(prototype.into().into());
        let observer = Arc::default();
        Registry { entries: RwLock::default(), prototype, most: most.max(1), sender, observer }
    }

    /// The same registry, observed.
    pub(crate) fn observed_by(self, observer: Observer) -> Registry {
        Registry { observer: Arc::new(observer), ..self }
    }

    /// Who observes the worlds.
    pub(crate) fn observer(&self) -> &Observer {
        &self.observer
    }

    /// What worlds are made like.
    pub(crate) fn prototype(&self) -> Arc<World> {
        self.prototype.read().world.clone()
    }

    /// A world like the prototype, as of now.
    fn forked(&self, name: &str) -> WorldEntry {
        let (prototype, lately) = {
            let known = self.prototype.read();
            (known.world.clone(), known.lately.clone())
        };
        let wall = Timestamp::now();
        // A wall that was set back makes the last world one of the future.
        let like = if lately.now() <= wall { lately } else { prototype.clone() };
        let world = fork_at(&like, wall);
        if like.next_due().is_some_and(|at| at <= world.now()) {
            let mut known = self.prototype.write();
            if Arc::ptr_eq(&known.world, &prototype) {
                known.lately = Arc::new(world.clone());
            }
        }
        WorldEntry::new(name, world, prototype)
    }

    fn entries(&self) -> HeldLock<RwLockReadGuard<'_, Entries>> {
        counted(self.entries.read())
    }

    fn entries_mut(&self) -> HeldLock<RwLockWriteGuard<'_, Entries>> {
        counted(self.entries.write())
    }

    /// Takes another world as what worlds are made like, and makes those anew that were made like the one before it.
    /// Returns their names.
    pub(crate) fn adopt(&self, prototype: World) -> Vec<String> {
        let prototype = Arc::new(prototype);
        let before = std::mem::replace(&mut *self.prototype.write(), prototype.clone().into());
        let like_before = |entry: &Arc<WorldEntry>| Arc::ptr_eq(entry.prototype(), &before.world);
        let old: Vec<_> = self.all().into_iter().filter(like_before).collect();
        let made = old.into_iter().filter_map(|old| {
            let entry = Arc::new(WorldEntry::forked(old.name(), prototype.clone()));
            let mut entries = self.entries_mut();
            // Somebody may have put another world there, or dropped it, meanwhile.
            let same = entries.get(old.name()).is_some_and(|there| Arc::ptr_eq(there, &old));
            same.then(|| {
                self.enlist(&mut entries, &entry, None);
                entry.name().to_owned()
            })
        });
        made.collect()
    }

    /// A world that is there.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<WorldEntry>> {
        let entry = self.entries().get(name).cloned();
        entry.inspect(|entry| entry.touch())
    }

    /// Drops the worlds that nobody has asked for since so long; the first world stays, and so does one that is in
    /// use. Says how many went.
    pub(crate) fn sweep(&self, idle: Duration) -> usize {
        let now = Instant::now();
        let mut entries = self.entries_mut();
        let unused = |name: &String, entry: &mut Arc<WorldEntry>| {
            // Whoever is in the middle of something holds it, too.
            let unused =
                name != DEFAULT && Arc::strong_count(entry) == 1 && entry.idle_since(now) >= idle;
            if unused {
                entry.retire();
            }
            unused
        };
        let gone: Vec<_> = entries.extract_if(.., unused).collect();
        drop(entries);
        gone.len()
    }

    /// A world, made if it is not there.
    pub(crate) fn enter(&self, name: &str) -> Result<Arc<WorldEntry>, Full> {
        if let Some(entry) = self.find(name) {
            return Ok(entry);
        }
        // Asked before the work, so that a flood of names costs nothing.
        self.room(&self.entries())?;
        let entry = Arc::new(self.forked(name));
        let mut entries = self.entries_mut();
        if let Some(earlier) = entries.get(name) {
            return Ok(earlier.clone());
        }
        self.room(&entries)?;
        self.enlist(&mut entries, &entry, None);
        Ok(entry)
    }

    fn room(&self, entries: &Entries) -> Result<(), Full> {
        if entries.len() < self.most { Ok(()) } else { Err(Full(self.most)) }
    }

    /// Puts an entry in its place and returns the earlier one, to be dropped when the registry is unlocked.
    fn enlist(
        &self,
        entries: &mut Entries,
        entry: &Arc<WorldEntry>,
        document: Option<&Body>,
    ) -> Option<Arc<WorldEntry>> {
        entry.begin(&self.observer, document);
        clock_driver::start(entry, self.sender.clone());
        let earlier = entries.insert(entry.name().to_owned(), entry.clone());
        earlier.inspect(|earlier| earlier.retire())
    }

    /// Puts a world in its place, which a reset builds again; says whether the place was empty. Nobody else is put out of
    /// it if it has to be.
    pub(crate) async fn put(
        &self,
        name: &str,
        prototype: Arc<World>,
        if_absent: bool,
    ) -> Result<(Arc<WorldEntry>, bool), Problem> {
        self.place(WorldEntry::forked(name, prototype), None, if_absent).await
    }

    /// Puts a world in its place; a reset builds another again.
    pub(crate) async fn restore(
        &self,
        name: &str,
        world: &World,
        prototype: Arc<World>,
        document: &Body,
    ) -> Result<(Arc<WorldEntry>, bool), Problem> {
        let world = fork_at(world, Timestamp::now());
        self.place(WorldEntry::new(name, world, prototype), Some(document), false).await
    }

    async fn place(
        &self,
        entry: WorldEntry,
        document: Option<&Body>,
        if_absent: bool,
    ) -> Result<(Arc<WorldEntry>, bool), Problem> {
        let entry = Arc::new(entry);
        let earlier = {
            let mut entries = self.entries_mut();
            let there = entries.contains_key(entry.name());
            if there && if_absent {
                return Err(Problem::world_there(entry.name()));
            }
            if !there {
                self.room(&entries)?;
            }
            self.enlist(&mut entries, &entry, document)
        };
        let new = earlier.is_none();
        drop(earlier);
        entry.observed().await;
        Ok((entry, new))
    }

    /// Drops a world and builds it again from what it was built from.
    pub(crate) async fn reset(&self, name: &str) -> Result<Arc<WorldEntry>, Full> {
        let Some(entry) = self.find(name) else { return self.enter(name) };
        let fresh = Arc::new(WorldEntry::forked(name, entry.prototype().clone()));
        let earlier = self.enlist(&mut self.entries_mut(), &fresh, None);
        drop(earlier);
        fresh.observed().await;
        Ok(fresh)
    }

    /// Drops a world; says whether it was there.
    pub(crate) fn remove(&self, name: &str) -> bool {
        let gone = self.entries_mut().remove(name);
        gone.inspect(|entry| entry.retire()).is_some()
    }

    /// Waits, before an answer tells of a world, until the file of a recorded session has what it tells.
    pub(crate) async fn observed(&self, name: &str) {
        if self.observer.is_looking() {
            let entry = self.entries().get(name).cloned();
            if let Some(entry) = entry {
                entry.observed().await;
            }
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.entries().len()
    }

    /// All of them, by name.
    pub(crate) fn all(&self) -> Vec<Arc<WorldEntry>> {
        self.entries().values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};

    use super::{Full, Registry};
    use crate::message::{Method, Request};
    use crate::providers::Name;
    use crate::server::webhook_sender::WebhookSender;
    use crate::server::world_entry::WorldEntry;
    use crate::world::{Orders, Recipe, Setup, World};

    fn world(orders: Orders, wall: Timestamp) -> World {
        World::build(Arc::new(Recipe::new("none", Setup::default(), orders, wall))).unwrap()
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
    async fn worlds_share_what_fell_due_before_they_were_made() {
        let setup: Setup = serde_json::from_value(serde_json::json!({
            "shipper": {"organizations": [{
                "name": "Shop",
                "keys": [{"name": "api_key", "token": "KEY"}],
                "products": [{"name": "Lamp", "sku": "L", "price": "10", "cost": "4", "aliases": ["LAMP"]}],
            }]},
        }))
        .unwrap();
        let wall = Timestamp::now() - SignedDuration::from_hours(240);
        let recipe = Recipe::new("due", setup, Orders::default(), wall);
        let mut prototype = World::build(Arc::new(recipe)).unwrap();
        let order = serde_json::json!({
            "address": {"name": "Omar", "phone1": "28177188", "address1": "Rue 1", "country": "TN"},
            "items": [{"id": "LAMP"}], "auto_fulfill": true,
        });
        let request =
            Request::new(Method::Post, "/api/v1/orders").with("authorization", "Bearer KEY");
        let request = request.carrying("application/json", order.to_string());
        assert_eq!(prototype.request(Name::Shipper, request).status, 201);
        let prototype = Arc::new(prototype);
        let worlds = Registry::new(prototype.clone(), 9, Arc::new(WebhookSender::default()));
        let (a, b) = (worlds.forked("a"), worlds.forked("b"));
        let shared = |one: &WorldEntry, other: &World| {
            one.read(|world| world.is_shared_with(other)).unwrap()
        };
        assert!(b.read(|other| shared(&a, other)).unwrap());
        assert!(!shared(&a, &prototype), "nothing fell due");
        assert!(Arc::ptr_eq(b.prototype(), &prototype));
    }

    #[tokio::test]
    async fn worlds_are_made_on_first_use_up_to_the_bound_and_replaced_in_place() {
        let prototype = world(Orders { seed: Some(1), ..Orders::default() }, Timestamp::now());
        let worlds = Registry::new(prototype, 2, Arc::new(WebhookSender::default()));
        let (a, _) = (worlds.enter("a").unwrap(), worlds.enter("b").unwrap());
        assert_eq!(worlds.enter("c").unwrap_err(), Full(2));
        assert!(Arc::ptr_eq(&a, &worlds.enter("a").unwrap()));
        let fresh = worlds.reset("a").await.unwrap();
        assert!(a.is_retired() && !fresh.is_retired());
        let other = world(Orders { seed: Some(2), ..Orders::default() }, Timestamp::now());
        let other = Arc::new(other);
        assert!(worlds.put("c", other.clone(), false).await.is_err());
        assert!(worlds.put("a", other.clone(), true).await.is_err());
        let (entry, new) = worlds.put("a", other, false).await.unwrap();
        assert_eq!(
            (new, entry.line().seed, worlds.reset("a").await.unwrap().line().seed),
            (false, 2, 2)
        );
        assert!(worlds.remove("a") && !worlds.remove("a"));
        assert_eq!(worlds.enter("c").unwrap().line().seed, 1);
    }
}
