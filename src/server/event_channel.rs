//! The channel from the worlds to one observer: events are sent while a world is locked, which never waits, and are
//! taken out by a thread of the observer's own, which may take as long as it likes.
//!
//! The queue has no bound of its own, because who holds a lock must not wait for room. It is bounded by its senders:
//! once their world is unlocked they wait until the observer is near enough ([`EventChannel::reached`]).

use std::io;
use std::sync::mpsc;
use std::thread;

use parking_lot::Mutex;
use tokio::sync::watch;

/// The place of an event in its channel, counted from 1.
pub(crate) type Ticket = u64;

/// A channel to an observer in a thread of its own, which ends when the channel is dropped.
#[derive(Debug)]
pub(crate) struct EventChannel<E> {
    /// Held for a push, with worlds and the registry locked: nothing is ever locked below it. The count and the queue
    /// under one lock, so that the tickets are the order in which events are taken.
    inbox: Mutex<Inbox<E>>,
    /// How many events the observer is through with. A `watch`, because waiting for it must not block a thread.
    done: watch::Receiver<Ticket>,
}

#[derive(Debug)]
struct Inbox<E> {
    queue: mpsc::Sender<E>,
    sent: Ticket,
}

impl<E: Send + 'static> EventChannel<E> {
    /// Starts the observer's thread.
    ///
    /// # Errors
    /// That of the system when there are no threads to be had.
    pub(crate) fn open(
        name: &str,
        mut take: impl FnMut(E) + Send + 'static,
    ) -> io::Result<EventChannel<E>> {
        let (queue, events) = mpsc::channel();
        let (progress, done) = watch::channel(0);
        thread::Builder::new().name(name.to_owned()).spawn(move || {
            for event in events {
                take(event);
                progress.send_modify(|done| *done += 1);
            }
        })?;
        Ok(EventChannel { inbox: Mutex::new(Inbox { queue, sent: 0 }), done })
    }

    /// Sends an event, without waiting for anything.
    pub(crate) fn send(&self, event: E) -> Ticket {
        let mut inbox = self.inbox.lock();
        inbox.sent += 1;
        // Only a thread that panicked does not take it, and that was printed where it happened.
        let _ = inbox.queue.send(event);
        inbox.sent
    }

    /// The ticket of the last event that was sent.
    pub(crate) fn last(&self) -> Ticket {
        self.inbox.lock().sent
    }

    /// Waits until the observer is through with an event and all before it, or is gone.
    pub(crate) async fn reached(&self, ticket: Ticket) {
        if *self.done.borrow() < ticket {
            let _ = self.done.clone().wait_for(|done| *done >= ticket).await;
        }
    }
}
