//! `advance`: time passes at once, webhooks included, and the answer says what happened.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinError;

use crate::control::{AdvanceOrder, Problem, advanced};
use crate::message::Reply;
use crate::server::clock_driver::{Reached, send_all, slice};
use crate::server::panicked::Panicked;
use crate::server::recorded_world::WorldGuard;
use crate::server::webhook_sender::WebhookSender;
use crate::server::world_entry::WorldEntry;
use crate::sim::journal::Change;

/// How far `until idle` looks, in world time.
const YEARS: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);
/// How many instants one call runs.
const STEPS: usize = 1_000_000;

/// Why it could not be done.
#[derive(Debug)]
enum Stopped {
    /// The order asks for something impossible; which of its fields.
    Wrong(&'static str, String),
    /// The world was dropped while it ran.
    Gone,
    /// The world's code panicked.
    Panicked(Panicked),
    /// It is not its turn, and would not become so.
    Refused(Problem),
    /// The task ended before it was done.
    Lost(JoinError),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Stopped::Refused(problem)
    }
}

impl From<Panicked> for Stopped {
    fn from(panicked: Panicked) -> Self {
        Stopped::Panicked(panicked)
    }
}

/// Where a call begins and where it wants to go.
struct Leap {
    from: Timestamp,
    to: Timestamp,
    /// It ends as soon as nothing is due, without going on to `to`.
    idle: bool,
}

/// Lets a world's time pass and answers when all that fell due has happened, webhooks included.
///
/// Several calls are done one after the other, each from where the world then stands. Whoever hangs up before it is his
/// turn has asked for nothing. What has begun is a task of its own and is finished
/// whether anybody still listens or not: half an advance would leave the clock in between, and the webhooks that were
/// in flight without a report.
pub(crate) async fn advance(
    entry: &Arc<WorldEntry>,
    sender: &Arc<WebhookSender>,
    order: AdvanceOrder,
) -> Reply {
    match begin(entry, sender, order).await {
        Ok(reply) => reply,
        Err(Stopped::Wrong(field, sentence)) => {
            Problem::new(422, "Time cannot pass like this", sentence).with("field", field).reply()
        }
        Err(Stopped::Gone) => Problem::gone().reply(),
        Err(Stopped::Refused(problem)) => problem.reply(),
        Err(Stopped::Panicked(panicked)) => Problem::from(panicked).reply(),
        Err(Stopped::Lost(error)) => Problem::new(500, "Time stopped", error.to_string()).reply(),
    }
}

async fn begin(
    entry: &Arc<WorldEntry>,
    sender: &Arc<WebhookSender>,
    order: AdvanceOrder,
) -> Result<Reply, Stopped> {
    let advancing = entry.advancing();
    let driving = entry.turn_to_drive().await?;
    // Before waiting for the driver, so that what it has in flight right now counts as well.
    let (before, number) = entry.lock(|world| (world.outbox().mark(), world.asked())).await?;
    let sending = entry.turn_to_send().await?;
    let (entry, sender) = (entry.clone(), sender.clone());
    let passing = tokio::spawn(async move {
        let passed = pass(&entry, &sender, order, before, number).await;
        drop((sending, driving, advancing));
        passed
    });
    passing.await.map_err(Stopped::Lost)?
}

/// Lets time pass, for the holder of the `sending` lock.
async fn pass(
    entry: &WorldEntry,
    sender: &Arc<WebhookSender>,
    order: AdvanceOrder,
    before: u64,
    number: u64,
) -> Result<Reply, Stopped> {
    let field = match order {
        AdvanceOrder::By(_) => "by",
        AdvanceOrder::To(_) => "to",
        AdvanceOrder::UntilNext | AdvanceOrder::UntilIdle => "until",
    };
    let wrong = |sentence| Stopped::Wrong(field, sentence);
    let way = entry.lock(|world| way(world, order)).await?.map_err(wrong)?;
    let (mut fired, mut steps) = (Vec::new(), 0);
    loop {
        if entry.is_retired() {
            return Err(Stopped::Gone);
        }
        let passing = entry.lock(|world| {
            let reached = pass_slice(world, &way, &mut fired, &mut steps);
            (reached, world.take_attempts())
        });
        let (reached, attempts) = passing.await?;
        if !attempts.is_empty() {
            send_all(entry, sender, attempts, entry.flights()).await?;
        } else if reached == Reached::End || (steps >= STEPS && way.idle) {
            break;
        } else if steps >= STEPS {
            return Err(wrong(entry.lock(too_much).await?));
        } else {
            tokio::task::yield_now().await;
        }
    }
    entry.wake_driver();
    let replied = entry.lock(|world| {
        let changed = world.outbox().changed_since(before);
        let reply = advanced(way.from, world.now(), &fired, &changed);
        world.advanced(number, &reply);
        reply
    });
    Ok(replied.await?)
}

/// Reads an order against the world's own time.
fn way(world: &mut WorldGuard<'_>, order: AdvanceOrder) -> Result<Leap, String> {
    let shown = world.clock().at(Timestamp::now());
    world.catch_up(shown);
    let from = world.now();
    let far = || format!("the clock shows {from} and cannot show an instant that far away");
    let (to, idle) = match order {
        AdvanceOrder::By(span) => (from.checked_add(span).map_err(|_| far())?, false),
        AdvanceOrder::To(to) => (to, false),
        AdvanceOrder::UntilNext => (world.next_due().unwrap_or(from).max(from), false),
        AdvanceOrder::UntilIdle => (from.checked_add(YEARS).unwrap_or(Timestamp::MAX), true),
    };
    if to < from {
        return Err(format!("time does not run backwards: the clock shows {from}, not {to}"));
    }
    world.begun();
    Ok(Leap { from, to, idle })
}

/// One slice of the way. Idle means that the clock stays at the last thing that happened.
fn pass_slice(
    world: &mut WorldGuard<'_>,
    way: &Leap,
    fired: &mut Vec<Change>,
    steps: &mut usize,
) -> Reached {
    let reached = slice(world, way.to, fired, steps);
    if reached == Reached::End && !way.idle {
        world.advance(way.to);
    }
    // Whatever the mode, its clock goes on from here.
    let now = world.now();
    world.clock_mut().set(now, Timestamp::now());
    reached
}

fn too_much(world: &mut WorldGuard<'_>) -> String {
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
    use tokio::sync::Notify;
    use tokio::task::JoinHandle;

    use super::advance;
    use crate::control::AdvanceOrder;
    use crate::message::{Body, Headers, Reply};
    use crate::server::recorded_world::WorldGuard;
    use crate::server::registry::Registry;
    use crate::server::webhook_sender::WebhookSender;
    use crate::server::world_entry::WorldEntry;
    use crate::sim::webhook::egress::Reach;
    use crate::sim::webhook::outbox::{DeliveryState, Retry, SUCCESS, Webhook};
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

    /// A registry with one frozen world, whose webhooks for a shop go to this origin.
    fn frozen(origin: &str) -> (Registry, Arc<WorldEntry>, Arc<WebhookSender>) {
        let redirect = Reach::redirect(&format!("https://shop.example={origin}")).unwrap();
        let reach = Reach { redirects: vec![redirect], allowed: Vec::new() };
        let orders = Orders { at: Some(Timestamp::UNIX_EPOCH), reach, ..Orders::default() };
        let recipe = Recipe::new("none", Setup::default(), orders, Timestamp::now());
        let sender = Arc::new(WebhookSender::default());
        let world = World::build(Arc::new(recipe)).unwrap();
        let worlds = Registry::new(world, 9, sender.clone());
        let entry = worlds.enter("a").unwrap();
        (worlds, entry, sender)
    }

    /// Puts a webhook for the shop into the ledger.
    fn promise(world: &mut WorldGuard<'_>) {
        const WAITS: &[SignedDuration] =
            &[SignedDuration::from_secs(10), SignedDuration::from_secs(100)];
        let retry =
            Retry { timeout: SignedDuration::from_secs(5), waits: WAITS.into(), accepted: SUCCESS };
        let webhook = Webhook {
            subscription: "1".into(),
            event: "moved".into(),
            url: "https://shop.example/hooks".into(),
            headers: Headers::default(),
            body: Body::from("{}"),
            retry,
        };
        let now = world.now();
        world.inside().outbox_mut().promise("any", webhook, now);
    }

    /// The same with a webhook in its ledger, of which the driver knows.
    async fn owing(
        answers: &'static [&'static str],
    ) -> (Registry, Arc<WorldEntry>, Arc<WebhookSender>) {
        let (worlds, entry, sender) = frozen(&receiver(answers).await);
        entry.lock_and_wake(promise).await.unwrap();
        (worlds, entry, sender)
    }

    /// The same with a webhook of which the driver does not know: whoever lets time pass has to send it.
    async fn owing_unnoticed(origin: &str) -> (Registry, Arc<WorldEntry>, Arc<WebhookSender>) {
        let (worlds, entry, sender) = frozen(origin);
        // The driver has looked once, and sleeps.
        tokio::task::yield_now().await;
        drop(entry.sending.lock().await);
        entry.lock(promise).await.unwrap();
        (worlds, entry, sender)
    }

    fn ledger(entry: &WorldEntry) -> (DeliveryState, usize) {
        let look = |world: &World| {
            let delivery = world.outbox().find("d1").unwrap();
            (delivery.state(), delivery.attempts.len())
        };
        entry.read(look).unwrap()
    }

    async fn until(entry: &WorldEntry, expected: (DeliveryState, usize)) {
        let waiting = async {
            while ledger(entry) != expected {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), waiting).await;
        assert!(waited.is_ok(), "expected {expected:?}, got {:?}", ledger(entry));
    }

    #[tokio::test]
    async fn retries_happen_in_world_time_and_are_told() {
        let (_worlds, entry, sender) = owing(&[NO, NO, YES]).await;
        let order = AdvanceOrder::By(SignedDuration::from_hours(1));
        let reply = advance(&entry, &sender, order).await;
        let told: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            (&told["from"], &told["to"]),
            (&"1970-01-01T00:00:00Z".into(), &"1970-01-01T01:00:00Z".into())
        );
        assert_eq!(ledger(&entry), (DeliveryState::Delivered, 3));
        let attempts =
            |world: &mut WorldGuard<'_>| world.outbox().find("d1").unwrap().attempts.clone();
        let at: Vec<i64> = entry
            .lock(attempts)
            .await
            .unwrap()
            .iter()
            .map(|attempt| attempt.at.as_second())
            .collect();
        assert_eq!(at, [0, 10, 110]);
        assert_eq!(told["deliveries"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn the_driver_sends_by_itself_but_moves_no_frozen_clock() {
        let (worlds, entry, sender) = owing(&[NO, YES]).await;
        until(&entry, (DeliveryState::Pending, 1)).await;
        let reply = advance(&entry, &sender, AdvanceOrder::UntilNext).await;
        assert_eq!(reply.status, 200);
        assert_eq!(ledger(&entry), (DeliveryState::Delivered, 2));
        assert_eq!(entry.line().now.as_second(), 10);
        worlds.remove("a");
        let reply = advance(&entry, &sender, AdvanceOrder::UntilIdle).await;
        assert_eq!(reply.status, 409);
    }

    #[tokio::test]
    async fn the_driver_follows_a_clock_that_runs() {
        let (_worlds, entry, _) = owing(&[NO, NO, YES]).await;
        until(&entry, (DeliveryState::Pending, 1)).await;
        let run = |world: &mut WorldGuard<'_>| {
            world.clock_mut().run(
                crate::sim::clock::Mode::Scaled,
                Some(10_000.0),
                Timestamp::now(),
            );
        };
        entry.lock_and_wake(run).await.unwrap();
        entry.wake_driver();
        until(&entry, (DeliveryState::Delivered, 3)).await;
    }

    #[tokio::test]
    async fn idle_stops_at_the_last_thing_that_happens_and_time_does_not_run_back() {
        let (_worlds, entry, sender) = owing(&[NO, NO, NO]).await;
        advance(&entry, &sender, AdvanceOrder::UntilIdle).await;
        assert_eq!(
            (ledger(&entry), entry.line().now.as_second()),
            ((DeliveryState::Failed, 3), 110)
        );
        for order in [
            AdvanceOrder::To(Timestamp::UNIX_EPOCH),
            AdvanceOrder::By(SignedDuration::from_secs(-1)),
            AdvanceOrder::By(SignedDuration::MAX),
        ] {
            assert_eq!(advance(&entry, &sender, order).await.status, 422, "{order:?}");
        }
    }

    /// A receiver that answers only when it may: its origin, whether a webhook has come, and whether it may.
    async fn slow_receiver() -> (String, Arc<Notify>, Arc<Notify>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (came, may) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (came.clone(), may.clone());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await.unwrap();
            tell.notify_one();
            wait.notified().await;
            stream.write_all(YES.as_bytes()).await.unwrap();
        });
        (origin, came, may)
    }

    /// A call that lets an hour pass, and that can be dropped.
    fn an_hour(entry: &Arc<WorldEntry>, sender: &Arc<WebhookSender>) -> JoinHandle<Reply> {
        let (entry, sender) = (entry.clone(), sender.clone());
        let order = AdvanceOrder::By(SignedDuration::from_hours(1));
        tokio::spawn(async move { advance(&entry, &sender, order).await })
    }

    #[tokio::test]
    async fn what_has_begun_is_finished_though_its_caller_hangs_up() {
        let (origin, came, may) = slow_receiver().await;
        let (_worlds, entry, sender) = owing_unnoticed(&origin).await;
        let call = an_hour(&entry, &sender);
        came.notified().await;
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
        let in_flight = |world: &World| world.outbox().has_attempts_in_flight();
        assert!(entry.read(in_flight).unwrap() && entry.is_advancing());
        may.notify_one();
        until(&entry, (DeliveryState::Delivered, 1)).await;
        // Whoever comes next waits for the end of it.
        drop(entry.sending.lock().await);
        assert_eq!((entry.line().now.as_second(), entry.is_advancing()), (3600, false));
        assert!(!entry.read(in_flight).unwrap());
    }

    #[tokio::test]
    async fn a_caller_who_hangs_up_before_its_turn_has_asked_for_nothing() {
        let (_worlds, entry, sender) = owing_unnoticed("http://127.0.0.1:1").await;
        let turn = entry.sending.lock().await;
        let call = an_hour(&entry, &sender);
        while !entry.is_advancing() {
            tokio::task::yield_now().await;
        }
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
        drop(turn);
        drop(entry.sending.lock().await);
        assert_eq!(ledger(&entry), (DeliveryState::Pending, 0));
        assert_eq!((entry.line().now.as_second(), entry.is_advancing()), (0, false));
    }
}
