//! `advance`: time passes at once, webhooks included, and the answer says what happened.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::control::{Advance, changed, standings, word};
use crate::http::Reply;
use crate::server::dispatcher::Dispatcher;
use crate::server::seat::Seat;
use crate::server::settle::{Reached, carry, slice};
use crate::server::worlds::{Panicked, Slot};
use crate::sim::journal::Change;

/// How far `until idle` looks, in world time.
const YEARS: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);
/// How many instants one call runs.
const STEPS: usize = 1_000_000;

/// Why it could not be done.
#[derive(Debug)]
enum Stopped {
    /// The order asks for something impossible.
    Wrong(String),
    /// The world was dropped while it ran.
    Gone,
    /// The world's code panicked.
    Panicked(Panicked),
}

impl From<Panicked> for Stopped {
    fn from(panicked: Panicked) -> Self {
        Stopped::Panicked(panicked)
    }
}

/// Where a call begins and where it wants to go.
struct Way {
    from: Timestamp,
    to: Timestamp,
    /// It ends as soon as nothing is due, without going on to `to`.
    idle: bool,
}

/// Lets a world's time pass and answers when everything has settled.
pub(super) async fn advance(slot: &Slot, dispatcher: &Arc<Dispatcher>, order: &Advance) -> Reply {
    match settled(slot, dispatcher, order).await {
        Ok(reply) => reply,
        Err(Stopped::Wrong(sentence)) => {
            word::problem(422, "Time cannot pass like this", &sentence)
        }
        Err(Stopped::Gone) => word::gone(),
        Err(Stopped::Panicked(panicked)) => {
            word::problem(500, "The simulation panicked", panicked.to_string())
        }
    }
}

async fn settled(
    slot: &Slot,
    dispatcher: &Arc<Dispatcher>,
    order: &Advance,
) -> Result<Reply, Stopped> {
    // Before waiting for the driver, so that what it is carrying right now counts as well.
    let (before, number) = slot.quietly(|world| (standings(world), world.asked()))?;
    let _advancing = slot.advancing();
    let _settling = slot.settling.lock().await;
    let way = slot.quietly(|world| way(world, order))?.map_err(Stopped::Wrong)?;
    let (mut fired, mut steps) = (Vec::new(), 0);
    loop {
        if slot.is_retired() {
            return Err(Stopped::Gone);
        }
        let (reached, posts) = slot.quietly(|world| {
            let reached = pass(world, &way, &mut fired, &mut steps);
            (reached, world.take_posts())
        })?;
        if !posts.is_empty() {
            carry(slot, dispatcher, posts).await?;
        } else if reached == Reached::End || (steps >= STEPS && way.idle) {
            break;
        } else if steps >= STEPS {
            return Err(Stopped::Wrong(slot.quietly(too_much)?));
        } else {
            tokio::task::yield_now().await;
        }
    }
    slot.nudge();
    let reply = slot.quietly(|world| {
        let changed = changed(world, &before);
        let reply = word::advanced(way.from, world.now(), &fired, &changed);
        world.advanced(number, &reply);
        reply
    })?;
    Ok(reply)
}

/// Reads an order against the world's own time.
fn way(world: &mut Seat<'_>, order: &Advance) -> Result<Way, String> {
    let shown = world.clock().at(Timestamp::now());
    world.catch_up(shown);
    let from = world.now();
    let far = || format!("the clock shows {from} and cannot show an instant that far away");
    let (to, idle) = match order {
        Advance::By(span) => (from.checked_add(*span).map_err(|_| far())?, false),
        Advance::To(to) => (*to, false),
        Advance::UntilNext => (world.next_due().unwrap_or(from).max(from), false),
        Advance::UntilIdle => (from.checked_add(YEARS).unwrap_or(Timestamp::MAX), true),
    };
    if to < from {
        return Err(format!("time does not run backwards: the clock shows {from}, not {to}"));
    }
    world.begun();
    Ok(Way { from, to, idle })
}

/// One slice of the way. Idle means that the clock stays at the last thing that happened.
fn pass(world: &mut Seat<'_>, way: &Way, fired: &mut Vec<Change>, steps: &mut usize) -> Reached {
    let reached = slice(world, way.to, fired, steps);
    if reached == Reached::End && !way.idle {
        world.advance(way.to);
    }
    // Whatever the mode, its clock goes on from here.
    let now = world.now();
    world.clock_mut().set(now, Timestamp::now());
    reached
}

fn too_much(world: &mut Seat<'_>) -> String {
    format!(
        "more than {STEPS} things fall due on the way; the clock stopped at {}, and a further call goes on",
        world.now()
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use jiff::{SignedDuration, Timestamp};
    use serde_json::Value;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::advance;
    use crate::control::Advance;
    use crate::http::{Body, Headers};
    use crate::server::dispatcher::Dispatcher;
    use crate::server::seat::Seat;
    use crate::server::worlds::{Slot, Worlds};
    use crate::sim::outbox::{Parcel, Retry, Standing};
    use crate::sim::reach::Reach;
    use crate::world::{Orders, Recipe, Setup, World};

    /// A receiver that gives these answers, one a connection, and the origin under which it is reached.
    async fn receiver(answers: &'static [&'static str]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = vec![0; 4096];
                let _ = stream.read(&mut head).await.unwrap();
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        origin
    }

    const NO: &str = "HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno";
    const YES: &str = "HTTP/1.1 204 Yes\r\n\r\n";

    /// A register with one frozen world whose ledger has a webhook for a shop.
    async fn owing(answers: &'static [&'static str]) -> (Worlds, Arc<Slot>, Arc<Dispatcher>) {
        const WAITS: &[SignedDuration] =
            &[SignedDuration::from_secs(10), SignedDuration::from_secs(100)];
        let to = receiver(answers).await;
        let redirect = Reach::redirect(&format!("https://shop.example={to}")).unwrap();
        let reach = Reach { redirects: vec![redirect], allowed: Vec::new() };
        let orders = Orders { at: Some(Timestamp::UNIX_EPOCH), reach, ..Orders::default() };
        let recipe = Recipe::new("none", Setup::default(), orders, Timestamp::now());
        let dispatcher = Arc::new(Dispatcher::default());
        let world = World::build(Arc::new(recipe)).unwrap();
        let worlds = Worlds::new(world, 9, dispatcher.clone());
        let slot = worlds.enter("a").unwrap();
        let retry = Retry { timeout: SignedDuration::from_secs(5), waits: WAITS.into() };
        let parcel = Parcel {
            subscription: "1".into(),
            event: "moved".into(),
            url: "https://shop.example/hooks".into(),
            headers: Headers::default(),
            body: Body::from("{}"),
            retry,
        };
        let promise = |world: &mut Seat<'_>| {
            let now = world.now();
            world.inside().outbox_mut().promise("any", parcel, now)
        };
        slot.with(promise).unwrap();
        (worlds, slot, dispatcher)
    }

    fn ledger(slot: &Slot) -> (Standing, usize) {
        let look = |world: &mut Seat<'_>| {
            let delivery = world.outbox().find("d1").unwrap();
            (delivery.state, delivery.attempts.len())
        };
        slot.quietly(look).unwrap()
    }

    async fn until(slot: &Slot, expected: (Standing, usize)) {
        let waiting = async {
            while ledger(slot) != expected {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), waiting).await;
        assert!(waited.is_ok(), "expected {expected:?}, got {:?}", ledger(slot));
    }

    #[tokio::test]
    async fn retries_happen_in_world_time_and_are_told() {
        let (_worlds, slot, dispatcher) = owing(&[NO, NO, YES]).await;
        let order = Advance::By(SignedDuration::from_hours(1));
        let reply = advance(&slot, &dispatcher, &order).await;
        let told: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            (&told["from"], &told["to"]),
            (&"1970-01-01T00:00:00Z".into(), &"1970-01-01T01:00:00Z".into())
        );
        assert_eq!(ledger(&slot), (Standing::Delivered, 3));
        let attempts = |world: &mut Seat<'_>| world.outbox().find("d1").unwrap().attempts.clone();
        let at: Vec<i64> =
            slot.quietly(attempts).unwrap().iter().map(|attempt| attempt.at.as_second()).collect();
        assert_eq!(at, [0, 10, 110]);
        assert_eq!(told["deliveries"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn the_driver_sends_by_itself_but_moves_no_frozen_clock() {
        let (worlds, slot, dispatcher) = owing(&[NO, YES]).await;
        until(&slot, (Standing::Pending, 1)).await;
        let reply = advance(&slot, &dispatcher, &Advance::UntilNext).await;
        assert_eq!(reply.status, 200);
        assert_eq!(ledger(&slot), (Standing::Delivered, 2));
        assert_eq!(slot.line().now.as_second(), 10);
        worlds.remove("a");
        let reply = advance(&slot, &dispatcher, &Advance::UntilIdle).await;
        assert_eq!(reply.status, 409);
    }

    #[tokio::test]
    async fn the_driver_follows_a_clock_that_runs() {
        let (_worlds, slot, _) = owing(&[NO, NO, YES]).await;
        until(&slot, (Standing::Pending, 1)).await;
        let run = |world: &mut Seat<'_>| {
            world.clock_mut().run(
                crate::sim::clock::Mode::Scaled,
                Some(10_000.0),
                Timestamp::now(),
            );
        };
        slot.with(run).unwrap();
        slot.nudge();
        until(&slot, (Standing::Delivered, 3)).await;
    }

    #[tokio::test]
    async fn idle_stops_at_the_last_thing_that_happens_and_time_does_not_run_back() {
        let (_worlds, slot, dispatcher) = owing(&[NO, NO, NO]).await;
        advance(&slot, &dispatcher, &Advance::UntilIdle).await;
        assert_eq!((ledger(&slot), slot.line().now.as_second()), ((Standing::Failed, 3), 110));
        for order in [
            Advance::To(Timestamp::UNIX_EPOCH),
            Advance::By(SignedDuration::from_secs(-1)),
            Advance::By(SignedDuration::MAX),
        ] {
            assert_eq!(advance(&slot, &dispatcher, &order).await.status, 422, "{order:?}");
        }
    }
}
