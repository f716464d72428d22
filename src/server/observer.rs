//! Observers: a report that counts the events of all worlds, a session recording that writes them. Each takes owned
//! events from a channel in a thread of its own; nothing is counted, parsed, serialised or written under a lock.
//!
//! Lock order: registry -> world -> observer (a label, the inbox of a channel). The observer's locks are held for a
//! push; the tally's only by the thread that counts and by whoever reads it, who holds nothing else.
//!
//! What a slower observer costs: a call that changed a world waits before it is answered, when its world is unlocked
//! again. For the report until it is at most [`BEHIND`] events behind; for the recording until its own lines are in
//! the file. So a queue holds no more than that and what the calls under way add to it. How recording keeps its
//! promise stands in [`world_feed`].
//!
//! Metrics are no observer: they are counters of answers, bumped without a lock, and a channel would only make them
//! late.
//!
//! [`world_feed`]: crate::server::world_feed

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::report::{Tally, WorldTotals};
use crate::server::event_channel::{EventChannel, Ticket};
use crate::server::lock_depth::assert_unlocked;
use crate::server::recording::Recording;
use crate::server::world_event::{ObservedEvent, WorldEvent};
use crate::world::World;

/// How many events a report may be behind before those who cause them wait for it: enough for a burst, and with bodies
/// of a megabyte each still a bearable amount of memory.
pub(crate) const BEHIND: u64 = 256;

/// Who is told what happens in the worlds. By default nobody.
#[derive(Debug, Default)]
pub(crate) struct Observer {
    report: Option<Counting>,
    recording: Option<EventChannel<Arc<ObservedEvent>>>,
    /// How many worlds of a name there have been.
    names: Mutex<BTreeMap<String, u64>>,
}

#[derive(Debug)]
struct Counting {
    channel: EventChannel<Arc<ObservedEvent>>,
    tally: Arc<Mutex<Tally>>,
}

impl Observer {
    /// One that counts for a report.
    ///
    /// # Errors
    /// That of the system when there are no threads to be had.
    pub(crate) fn counting(self) -> io::Result<Observer> {
        let tally = Arc::<Mutex<Tally>>::default();
        let counted = tally.clone();
        let channel = EventChannel::open("shipmock-report", move |event: Arc<ObservedEvent>| {
            assert_unlocked();
            count(&mut counted.lock(), &event);
        })?;
        Ok(Observer { report: Some(Counting { channel, tally }), ..self })
    }

    /// One that writes a session down. The prototype is what worlds are made like.
    ///
    /// # Errors
    /// That of writing its beginning.
    pub(crate) fn recording(
        self,
        to: impl Write + Send + 'static,
        prototype: &Arc<World>,
    ) -> io::Result<Observer> {
        let mut recording = Recording::begin(to, prototype)?;
        let take = move |event: Arc<ObservedEvent>| recording.take(&event);
        let channel = EventChannel::open("shipmock-record", take)?;
        Ok(Observer { recording: Some(channel), ..self })
    }

    /// Whether anybody is told anything.
    pub(crate) fn is_looking(&self) -> bool {
        self.report.is_some() || self.recording.is_some()
    }

    /// Whether a report counts.
    pub(crate) fn is_counting(&self) -> bool {
        self.report.is_some()
    }

    /// Whether a session is recorded.
    pub(crate) fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// What a world is called that begins: its name, with a number when there was one of that name before.
    pub(crate) fn label(&self, name: &str) -> String {
        let mut names = self.names.lock();
        let count = names.entry(name.to_owned()).or_default();
        *count += 1;
        if *count == 1 { name.to_owned() } else { format!("{name}@{count}") }
    }

    /// Tells whom it concerns; returns its place among what is recorded.
    pub(crate) fn send(&self, event: ObservedEvent) -> Option<Ticket> {
        let event = Arc::new(event);
        if let Some(report) = &self.report
            && event.event.is_counted()
        {
            report.channel.send(event.clone());
        }
        self.recording.as_ref().map(|channel| channel.send(event))
    }

    /// Waits until the report is near enough, and the recording has written what has this ticket.
    pub(crate) async fn reached(&self, recorded: Ticket) {
        if let Some(Counting { channel, .. }) = &self.report {
            channel.reached(channel.last().saturating_sub(BEHIND)).await;
        }
        if let Some(channel) = &self.recording {
            channel.reached(recorded).await;
        }
    }

    /// Waits until everything that was sent so far is counted and written.
    pub(crate) async fn flush(&self) {
        let report = self.report.as_ref().map(|report| &report.channel);
        for channel in report.into_iter().chain(&self.recording) {
            channel.reached(channel.last()).await;
        }
    }

    /// What was counted so far, and of the worlds that are still there what they come to.
    pub(crate) async fn tally(&self, open: &[(String, WorldTotals)]) -> Tally {
        let Some(Counting { channel, tally }) = &self.report else { return Tally::default() };
        channel.reached(channel.last()).await;
        let mut tally = tally.lock().clone();
        for (label, totals) in open {
            tally.closed(label, totals);
        }
        tally
    }
}

fn count(tally: &mut Tally, event: &ObservedEvent) {
    let (label, like) = (event.world.label.as_str(), &event.world.like);
    match &event.event {
        WorldEvent::Began { rules, .. } => tally.opened(rules),
        WorldEvent::Answered { entry, fired } => tally.answered(label, like, entry, fired),
        WorldEvent::Unmatched { entry } => tally.unmatched(label, entry),
        WorldEvent::Ruled { rules } => tally.rules(rules),
        WorldEvent::Gone { totals } => tally.closed(label, totals),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{BEHIND, Observer};
    use crate::message::{Method, Request};
    use crate::providers::Name;
    use crate::server::registry::Registry;
    use crate::server::webhook_sender::WebhookSender;
    use crate::world::{Orders, Recipe, Setup, World};

    #[tokio::test]
    async fn a_report_that_is_too_far_behind_holds_the_calls_back_and_no_lock() {
        let orders = Orders { at: Some(Timestamp::UNIX_EPOCH), ..Orders::default() };
        let recipe = Recipe::new("none", Setup::default(), orders, Timestamp::UNIX_EPOCH);
        let world = World::build(Arc::new(recipe)).unwrap();
        let observer = Observer::default().counting().unwrap();
        let tally = observer.report.as_ref().unwrap().tally.clone();
        let worlds = Registry::new(world, 9, Arc::new(WebhookSender::default()));
        let worlds = worlds.observed_by(observer);
        let entry = worlds.enter("a").unwrap();
        let call = async || {
            let request = Request::new(Method::Get, "/api/v1/orders");
            entry.lock(|world| world.request(Name::Shipper, request)).await.unwrap();
            entry.observed().await;
        };
        // The world began, which is an event too.
        worlds.observer().flush().await;
        // The thread that counts waits for its tally until `release` is dropped.
        let (release, released) = mpsc::channel::<()>();
        let (hold, held) = mpsc::channel();
        let holder = std::thread::spawn(move || {
            let _tally = tally.lock();
            hold.send(()).unwrap();
            let _ = released.recv();
        });
        held.recv().unwrap();
        for _ in 0..BEHIND {
            call().await;
        }
        let next = tokio::time::timeout(Duration::from_millis(50), call()).await;
        assert!(next.is_err(), "the queue has no bound");
        let done = entry.read(|world| world.journal().next_number()).unwrap();
        assert_eq!(done, BEHIND + 2, "the call itself was done");
        drop(release);
        holder.join().unwrap();
        call().await;
        let open: Vec<_> = entry.totals().into_iter().collect();
        // Asked twice, nothing counts twice.
        for _ in 0..2 {
            let report = worlds.observer().tally(&open).await.report();
            assert_eq!((report.worlds, report.requests), (1, BEHIND + 2));
        }
    }
}
