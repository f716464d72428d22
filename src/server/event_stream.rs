//! Server-sent events: one task a listener, which reads the journal where the listener is and waits when there is
//! nothing new. It holds a place in the journal and a few events, never a queue that grows.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::control::{Listen, Problem, opened};
use crate::message::{Method, Reply};
use crate::server::server_context::ServerContext;
use crate::server::wire_faults::Spoiled;
use crate::server::world_entry::WorldEntry;

/// How many pieces wait for a listener to take them.
const PIECES: usize = 2;
/// A sign of life after so long without an event, which also finds out who has gone.
const BEAT: Duration = Duration::from_secs(5);
/// What a browser is told to wait before it comes back.
const HELLO: &str = "retry: 1000\n\n";

/// An answer, and the body that goes on, if it has one.
pub(crate) type OpenedStream = (Reply, Option<Channel<Bytes>>);

/// Opens a stream.
pub(crate) fn listen(
    context: &ServerContext,
    entry: Arc<WorldEntry>,
    order: Listen,
    method: Method,
    line: &Arc<Spoiled>,
) -> OpenedStream {
    if method == Method::Head {
        return (opened(), None);
    }
    let Ok(place) = context.listeners.clone().try_acquire_owned() else {
        let detail = format!(
            "{} listeners are there already, which is as many as may be; close one",
            context.limits.listeners
        );
        return (Problem::new(503, "Too many listeners", detail).reply(), None);
    };
    let (sender, body) = Channel::new(PIECES);
    let task = Listener {
        sender,
        entry,
        order,
        patience: context.limits.listener_time,
        line: line.clone(),
        _place: place,
    };
    tokio::spawn(task.run(context.stopping.clone()));
    (opened(), Some(body))
}

struct Listener {
    sender: Sender<Bytes>,
    entry: Arc<WorldEntry>,
    order: Listen,
    /// How long it may take to take a piece.
    patience: Duration,
    line: Arc<Spoiled>,
    _place: OwnedSemaphorePermit,
}

impl Listener {
    async fn run(mut self, mut stopping: watch::Receiver<bool>) {
        let mut changes = self.entry.changes();
        let Ok(mut last) = self.entry.read(|world| self.order.begin(world)) else { return };
        if !self.send(HELLO.to_owned()).await {
            return;
        }
        loop {
            changes.mark_unchanged();
            let Ok(batch) = self.entry.read(|world| self.order.batch(world, last)) else { return };
            last = batch.last;
            if !batch.text.is_empty() {
                // A recorded session has what a listener hears of.
                self.entry.observed().await;
                if !self.send(batch.text).await {
                    return;
                }
            }
            if batch.more {
                continue;
            }
            // Its last calls have been told; who comes back finds the world that has taken its place.
            if self.entry.is_retired() {
                return;
            }
            let idle = tokio::select! {
                _ = changes.changed() => false,
                () = tokio::time::sleep(BEAT) => true,
                _ = stopping.wait_for(|stopping| *stopping) => return,
            };
            if idle && !self.send(":\n\n".to_owned()).await {
                return;
            }
        }
    }

    /// Hands a piece over; not when the listener has gone, and one that takes too long is cut.
    async fn send(&mut self, text: String) -> bool {
        match tokio::time::timeout(self.patience, self.sender.send_data(text.into())).await {
            Ok(sent) => sent.is_ok(),
            Err(_) => {
                self.line.cut();
                false
            }
        }
    }
}
