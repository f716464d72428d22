//! What the control API asks of the shell itself: the list of worlds, and time that passes.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::JoinError;

use crate::control::{self, Problem, ShellJob, WorldOrder};
use crate::message::{Body, Reply};
use crate::providers::{self, Name};
use crate::server::advance::advance;
use crate::server::lock_depth::assert_unlocked;
use crate::server::long_poll;
use crate::server::panicked::guarded;
use crate::server::server_context::ServerContext;
use crate::server::world_entry::WorldEntry;
use crate::world::{ClockSetup, Orders, Recipe, World};

/// Does what was asked, in the world it was asked for.
pub(crate) async fn run(
    context: &Arc<ServerContext>,
    world: &str,
    job: ShellJob,
) -> Result<Reply, Problem> {
    let (shared, name) = (context.clone(), world.to_owned());
    let worlds = &context.worlds;
    let enter = || worlds.enter(world);
    Ok(match job {
        ShellJob::Health => control::healthy(env!("CARGO_PKG_VERSION"), worlds.count()),
        ShellJob::Openapi => control::described(),
        ShellJob::Worlds => {
            let lines: Vec<_> = worlds.all().iter().map(|entry| entry.line()).collect();
            control::listed(&lines)
        }
        ShellJob::Metrics => control::metrics(context.metrics.text(worlds, context.listening())),
        ShellJob::Put { name, order } => {
            if order.if_absent && worlds.find(&name).is_some() {
                return Err(Problem::world_there(&name));
            }
            let fork = match &order.from {
                Some(from) => Some(fork(context, from, &order).await?),
                None => None,
            };
            to_its_end(async move { put(&shared, &name, *order, fork).await }).await?
        }
        ShellJob::Drop { name } if worlds.remove(&name) => control::dropped(),
        ShellJob::Drop { name } => return Err(absent(context, &name)),
        ShellJob::Reset => {
            let reset = async move {
                let entry = shared.worlds.reset(&name).await?;
                Ok(control::rebuilt(&entry.line()))
            };
            to_its_end(reset).await?
        }
        ShellJob::Advance(order) => advance(&enter()?, &context.sender, order).await,
        ShellJob::Save => save(&*enter()?).await?,
        ShellJob::Restore(document) => {
            to_its_end(async move { restore(&shared, &name, document).await }).await?
        }
        ShellJob::Verify(order) => long_poll::verify(context, &*enter()?, &order).await?,
        ShellJob::Await(order) => long_poll::wait(context, &*enter()?, &order).await?,
        // Its answer is a stream, which the door opens itself.
        ShellJob::Listen(_) => control::opened(),
    })
}

/// Does in a task of its own what has begun, so that it is finished whether anybody still listens or not.
pub(crate) async fn to_its_end(
    work: impl Future<Output = Result<Reply, Problem>> + Send + 'static,
) -> Result<Reply, Problem> {
    let lost = |error: JoinError| Problem::new(500, "Not finished", error.to_string());
    tokio::spawn(work).await.map_err(lost)?
}

/// Writes a world down when none of its webhooks is in flight.
async fn save(entry: &WorldEntry) -> Result<Reply, Problem> {
    let _sending = entry.turn_to_send().await?;
    let copied = entry.lock(|world| {
        world.catch_up(world.clock().at(Timestamp::now()));
        World::clone(world)
    });
    let written = copied.await.and_then(|copy| {
        assert_unlocked();
        guarded(|| copy.save())
    });
    Ok(control::saved(written?))
}

/// Reads a world and puts it in its place; until then nothing has changed. A reset builds it from its own recipe,
/// which for a world that was already there is what it was built from before.
pub(crate) async fn restore(
    context: &ServerContext,
    name: &str,
    document: Body,
) -> Result<Reply, Problem> {
    let usual = context.worlds.prototype();
    let there = context.worlds.find(name).map(|entry| entry.prototype().clone());
    let read = document.clone();
    let reading = move || {
        let world = World::restore(&read, usual.recipe())?;
        // Looked at whole once, so that what would panic does so here.
        for name in Name::ALL {
            let service = providers::service(*name);
            let _ = (service.presets(world.providers()), service.kinds());
        }
        let same = |known: &Arc<World>| known.recipe() == world.recipe();
        let known = there.into_iter().chain([usual]).find(same);
        let built = match known {
            Some(_) => None,
            None => Some(World::build(world.recipe().clone()).map_err(Problem::contradiction)?),
        };
        Ok::<_, Problem>((world, known, built))
    };
    let read = tokio::task::spawn_blocking(move || guarded(reading)).await;
    let lost = |error: JoinError| Problem::new(500, "The world was not read", error.to_string());
    let (world, known, built) = read.map_err(lost)???;
    let prototype = match (known, built) {
        (Some(known), _) => known,
        (None, built) => Arc::new(built.unwrap_or_else(|| world.clone())),
    };
    let (entry, new) = context.worlds.restore(name, &world, prototype, &document).await?;
    Ok(control::made(&entry.line(), new))
}

fn absent(context: &ServerContext, name: &str) -> Problem {
    let all = context.worlds.all();
    Problem::no_world(name, all.iter().map(|entry| entry.name()))
}

/// Makes or replaces a world.
async fn put(
    context: &ServerContext,
    name: &str,
    order: WorldOrder,
    fork: Option<Arc<World>>,
) -> Result<Reply, Problem> {
    let if_absent = order.if_absent;
    let prototype = match fork {
        Some(fork) => fork,
        None => Arc::new(build(context, order).await?),
    };
    let (entry, new) = context.worlds.put(name, prototype, if_absent).await?;
    Ok(control::made(&entry.line(), new))
}

/// A copy of a world as it stands, when none of its webhooks is in flight.
async fn fork(
    context: &ServerContext,
    from: &str,
    order: &WorldOrder,
) -> Result<Arc<World>, Problem> {
    let entry = context.worlds.find(from);
    let entry = entry.ok_or_else(|| absent(context, from).with("field", "from"))?;
    let _sending = entry.turn_to_send().await?;
    let copied = entry.lock(|world| {
        let wall = Timestamp::now();
        world.catch_up(world.clock().at(wall));
        world.copied(order.seed, |copy| {
            order.clock.as_ref().map_or(Ok(()), |clock| reset_clock(copy, clock, wall))
        })
    });
    copied.await?.map_err(|sentence: String| {
        Problem::new(422, "A fork is a copy", sentence).with("field", "clock.at")
    })
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
async fn build(context: &ServerContext, order: WorldOrder) -> Result<World, Problem> {
    let recipe = Arc::new(recipe(context.worlds.prototype().recipe(), &context.orders, order));
    let building = tokio::task::spawn_blocking(move || guarded(|| World::build(recipe)));
    let lost = |error: JoinError| Problem::new(500, "The world was not built", error.to_string());
    building.await.map_err(lost)??.map_err(Problem::contradiction)
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
