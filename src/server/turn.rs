//! Turns: those who drive a world do so one after the other, and a receiver that would wait for itself gets a 409.
//!
//! A receiver may drive the world from inside its handler while an advance waits for that very handler: each would wait
//! for the other until the receiver's time is up. Nobody can see on a call where it comes from, but this can be seen:
//! whoever has the turn waits for a receiver, and nothing has come back since long before. That is a refusal, at once
//! and with its reason. Whoever waits behind somebody who gets on waits on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::control::Problem;

/// A turn of somebody, until it is dropped.
pub(crate) type Turn = OwnedMutexGuard<()>;

/// How long nothing may come back from any receiver before whoever waits for the turn is refused: far more than a
/// receiver takes that does its work, far less than the seconds for which the providers wait for one.
const STANDSTILL: Duration = Duration::from_millis(200);

/// Webhooks that somebody has sent, and waits for in his turn.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    out: AtomicU64,
    back: AtomicU64,
}

impl Flights {
    /// One goes out.
    pub(crate) fn begin(&self) {
        self.out.fetch_add(1, Ordering::AcqRel);
    }

    /// Its receiver has answered, or will not.
    pub(crate) fn end(&self) {
        self.back.fetch_add(1, Ordering::AcqRel);
    }

    /// How many have come back, while others are still out.
    fn waited_for(&self) -> Option<u64> {
        let back = self.back.load(Ordering::Acquire);
        (self.out.load(Ordering::Acquire) > back).then_some(back)
    }
}

/// Waits for a turn. Dropped before it has one, it has asked for nothing.
///
/// # Errors
/// 409 when whoever has the turn waits for a receiver that does not answer: it may be the one that asks.
pub(crate) async fn turn(lock: &Arc<Mutex<()>>, flights: &Flights) -> Result<Turn, Problem> {
    let mut waiting = std::pin::pin!(lock.clone().lock_owned());
    let mut before = None;
    loop {
        if let Ok(turn) = tokio::time::timeout(STANDSTILL, &mut waiting).await {
            return Ok(turn);
        }
        let now = flights.waited_for();
        if now.is_some() && now == before {
            return Err(Problem::standstill());
        }
        before = now;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::sync::Mutex;

    use super::{Flights, STANDSTILL, turn};

    #[tokio::test]
    async fn whoever_waits_behind_somebody_who_gets_on_waits_on() {
        let (lock, flights) = (Arc::new(Mutex::new(())), Arc::new(Flights::default()));
        let held = turn(&lock, &flights).await.unwrap();
        let (own, seen) = (lock.clone(), flights.clone());
        let second = tokio::spawn(async move { turn(&own, &seen).await.map(drop) });
        // Each receiver takes its time, but one after the other they answer; and between them there is work to do.
        for wait in [1, 1, 3, 1] {
            flights.begin();
            tokio::time::sleep(STANDSTILL / 10).await;
            flights.end();
            tokio::time::sleep(STANDSTILL * wait).await;
        }
        assert!(!second.is_finished());
        drop(held);
        assert!(second.await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn whoever_waits_for_a_receiver_that_does_not_answer_is_refused_and_no_longer_waits() {
        let (lock, flights) = (Arc::new(Mutex::new(())), Flights::default());
        let held = turn(&lock, &flights).await.unwrap();
        flights.begin();
        let begun = std::time::Instant::now();
        let refused = turn(&lock, &flights).await.unwrap_err();
        assert_eq!(refused.reply().status, 409);
        assert!(begun.elapsed() < Duration::from_secs(2));
        drop(held);
        assert!(lock.try_lock().is_ok(), "somebody is still queued");
    }
}
