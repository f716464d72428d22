//! The server context: what every connection, call of the control API and task of a server shares.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use crate::server::metrics::Metrics;
use crate::server::options::Limits;
use crate::server::registry::Registry;
use crate::server::webhook_sender::WebhookSender;
use crate::world::Orders;

/// What is shared.
#[derive(Debug)]
pub(crate) struct ServerContext {
    pub(crate) worlds: Registry,
    /// In an `Arc` of its own: the drivers of the worlds have it, too, and must not keep the registry alive.
    pub(crate) sender: Arc<WebhookSender>,
    pub(crate) orders: Orders,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    /// Whether the server was told to stop: whoever waits ends.
    pub(crate) stopping: watch::Receiver<bool>,
    /// Places for listeners to events. In an `Arc`: a listener owns its place.
    pub(crate) listeners: Arc<Semaphore>,
}

impl ServerContext {
    /// How many listen to events.
    pub(crate) fn listening(&self) -> usize {
        self.limits.listeners.saturating_sub(self.listeners.available_permits())
    }
}
