//! What the control API asks of the shell itself: the list of worlds, and time that passes.

use std::sync::Arc;

use jiff::Timestamp;

use crate::control::{self, ShellJob, WorldOrder, word};
use crate::http::{Body, Reply};
use crate::kit::text::did_you_mean;
use crate::providers::{self, Name};
use crate::server::advance::advance;
use crate::server::doors::{Shell, no_room, panic_reply};
use crate::server::waiting;
use crate::server::worlds::{Panicked, Prototype, Slot, guarded};
use crate::world::{ClockSetup, Orders, Recipe, World, valid_name};

/// Does what was asked, in the world it was asked for.
pub(super) async fn run(shell: &Shell, world: &str, job: ShellJob) -> Reply {
    done(shell, world, job).await.unwrap_or_else(|refusal| refusal)
}

async fn done(shell: &Shell, world: &str, job: ShellJob) -> Result<Reply, Reply> {
    let worlds = &shell.worlds;
    let enter = || worlds.enter(world).map_err(no_room);
    Ok(match job {
        ShellJob::Health => word::health(env!("CARGO_PKG_VERSION"), worlds.count()),
        ShellJob::Openapi => word::described(&control::openapi()),
        ShellJob::Worlds => {
            let lines: Vec<_> = worlds.all().iter().map(|slot| slot.line()).collect();
            word::worlds(&lines)
        }
        ShellJob::Metrics => word::metrics(shell.counts.text(worlds, shell.listening())),
        ShellJob::Put { name, order } => put(shell, &name, order).await?,
        ShellJob::Drop { name } if worlds.remove(&name) => word::dropped(),
        ShellJob::Drop { name } => absent(shell, &name),
        ShellJob::Reset => word::made(&worlds.reset(world).map_err(no_room)?.line(), false),
        ShellJob::Advance(order) => advance(&*enter()?, &shell.dispatcher, &order).await,
        ShellJob::Save => save(&*enter()?).await,
        ShellJob::Restore(document) => restore(shell, world, document).await?,
        ShellJob::Verify(order) => waiting::verify(shell, &*enter()?, &order).await,
        ShellJob::Await(order) => waiting::wait(shell, &*enter()?, &order).await,
        // Its answer is a stream, which the door opens itself.
        ShellJob::Listen(_) => control::opened(),
    })
}

/// Writes a world down when nothing of it is on its way.
async fn save(slot: &Slot) -> Reply {
    let _settling = slot.settling.lock().await;
    let written = slot.quietly(|world| {
        world.catch_up(world.clock().at(Timestamp::now()));
        world.save()
    });
    written.map_or_else(|panicked| panic_reply(&panicked), word::saved)
}

/// Reads a world and puts it in its place; until then nothing has changed. A reset builds it from its own recipe,
/// which for a world that was already there is what it was built from before.
pub(super) async fn restore(shell: &Shell, name: &str, document: Body) -> Result<Reply, Reply> {
    let usual = shell.worlds.prototype();
    let there = shell.worlds.find(name).map(|slot| slot.prototype());
    let read = document.clone();
    let reading = move || {
        let world = World::restore(&read, usual.world.recipe())
            .map_err(|wrong| word::unreadable(&wrong))?;
        // Looked at whole once, so that what would panic does so here.
        for name in Name::ALL {
            let service = providers::service(*name);
            let _ = (service.presets(world.providers()), service.kinds());
        }
        let same = |known: &Prototype| known.world.recipe() == world.recipe();
        let known = there.into_iter().chain([usual]).find(same);
        let built = match known {
            Some(_) => None,
            None => {
                let built = World::build(world.recipe().clone());
                Some(built.map_err(|wrong| word::contradiction(&wrong))?)
            }
        };
        Ok((world, known, built))
    };
    let read = tokio::task::spawn_blocking(move || guarded(reading)).await;
    let lost = |error: tokio::task::JoinError| {
        word::problem(500, "The world was not read", error.to_string())
    };
    let (world, known, built) =
        read.map_err(lost)?.map_err(|panicked| panic_reply(&panicked))??;
    let prototype = match (known, built) {
        (Some(known), _) => known,
        (None, built) => shell.worlds.prototype_of(built.unwrap_or_else(|| world.clone())),
    };
    let (slot, new) = shell.worlds.restore(name, &world, prototype, &document).map_err(no_room)?;
    Ok(word::made(&slot.line(), new))
}

fn absent(shell: &Shell, name: &str) -> Reply {
    let all = shell.worlds.all();
    let meant = did_you_mean(name, all.iter().map(|slot| slot.name()))
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default();
    word::problem(404, "No such world", format!("there is no world `{name}`{meant}"))
}

/// Makes or replaces a world.
async fn put(shell: &Shell, name: &str, order: WorldOrder) -> Result<Reply, Reply> {
    if !valid_name(name) {
        let detail = "a world's name has 1 to 64 letters, digits, dots, dashes and underscores, and does not begin with a dot";
        return Err(word::problem(422, "Not a name", detail));
    }
    let prototype = match &order.from {
        Some(from) => fork(shell, from, &order).await?,
        None => shell.worlds.prototype_of(build(shell, order).await?),
    };
    let (slot, new) = shell.worlds.put(name, prototype).map_err(no_room)?;
    Ok(word::made(&slot.line(), new))
}

/// A copy of a world as it stands, when nothing of it is on its way.
async fn fork(shell: &Shell, from: &str, order: &WorldOrder) -> Result<Prototype, Reply> {
    let wrong = |detail: &str| word::problem(422, "A fork is a copy", detail);
    let slot = shell.worlds.find(from).ok_or_else(|| absent(shell, from))?;
    let _settling = slot.settling.lock().await;
    let copied = slot.quietly(|world| {
        let wall = Timestamp::now();
        world.catch_up(world.clock().at(wall));
        world.copied(order.seed, |copy| {
            order.clock.as_ref().map_or(Ok(()), |clock| reset_clock(copy, clock, wall))
        })
    });
    copied.map_err(|panicked| panic_reply(&panicked))?.map_err(|sentence: String| wrong(&sentence))
}

/// Lets a copy's time run otherwise, from a later instant if one is named.
fn reset_clock(world: &mut World, clock: &ClockSetup, wall: Timestamp) -> Result<(), String> {
    let now = world.now();
    let mode = clock.mode.unwrap_or(world.clock().mode());
    world.clock_mut().run(mode, clock.speed, wall);
    let at = clock.at.unwrap_or(now);
    if at < now {
        return Err(format!("time does not run backwards: the world is at {now}, not at {at}"));
    }
    world.catch_up(at);
    world.clock_mut().set(at, wall);
    Ok(())
}

/// A new world, built off the tasks that serve: its history may take a moment to live through.
async fn build(shell: &Shell, order: WorldOrder) -> Result<World, Reply> {
    let recipe = Arc::new(recipe(shell.worlds.prototype().world.recipe(), &shell.orders, order));
    let building = tokio::task::spawn_blocking(move || guarded(|| World::build(recipe)));
    let lost = |error: tokio::task::JoinError| {
        word::problem(500, "The world was not built", error.to_string())
    };
    let built: Result<_, Panicked> = building.await.map_err(lost)?;
    built
        .map_err(|panicked| panic_reply(&panicked))?
        .map_err(|wrong| word::problem(422, "The world contradicts itself", wrong.to_string()))
}

/// Settles an order: what it says itself, then its scenario, then what the server was started with.
fn recipe(server: &Recipe, started: &Orders, order: WorldOrder) -> Recipe {
    let clock = order.clock.unwrap_or_default();
    let (name, setup, inherited) = match order.scenario {
        None => (server.scenario.clone(), server.setup.clone(), started.clone()),
        Some(scenario) => {
            let own = scenario.world.clock.is_some();
            let inherited = Orders {
                seed: scenario.world.seed.or(started.seed),
                mode: started.mode.filter(|_| !own),
                at: started.at.filter(|_| !own),
                speed: started.speed.filter(|_| !own),
                reach: started.reach.clone(),
                bare: started.bare,
            };
            (scenario.name, scenario.world, inherited)
        }
    };
    let orders = Orders {
        seed: order.seed.or(inherited.seed),
        mode: clock.mode.or(inherited.mode),
        at: clock.at.or(inherited.at),
        speed: clock.speed.or(inherited.speed),
        ..inherited
    };
    Recipe::new(name, setup, orders, Timestamp::now())
}
