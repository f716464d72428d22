//! Shipup through the doors of a world: no port, no sleep.

mod batches;
mod items;
mod laws;
mod lives;
mod payloads;
mod told;
mod webhooks;

use serde_json::{Map, Value, json};
use shipmock::internals::message::{Method, Reply, Request};
use shipmock::internals::providers::{Detail, Name, OperatorError, service};
use shipmock::internals::sim::webhook::egress::Reach;
use shipmock::internals::world::{Orders, Setup};

use crate::harness::{Read as _, Sent, TestWorld, build, orders, setup, with_json};

/// A merchant with a private key, and the world it calls; its webhooks may go anywhere.
#[derive(Debug, Clone)]
pub struct Merchant {
    pub world: TestWorld,
    pub key: &'static str,
}

impl Merchant {
    /// The accounts of the default scenario, without their history.
    pub fn open() -> Merchant {
        Merchant::with(json!({}))
    }

    /// The same with something else in Shipup's part of the scenario; nothing is counted unless it says so.
    pub fn with(mut more: Value) -> Merchant {
        if more.get("limits").is_none() {
            more["limits"] = json!({ "lifted": true });
        }
        let own: Setup = serde_json::from_value(json!({ "shipup": more })).unwrap();
        let mut base = Setup { shipup: setup("default").shipup, ..Setup::default() };
        for account in base.shipup.iter_mut().flat_map(|it| &mut it.accounts).flatten() {
            account.history = None;
        }
        let reach = Orders { reach: Reach::anywhere(), ..orders() };
        let world = TestWorld::of(build("shipup", own.or(base), reach));
        Merchant { world, key: "YOUR_PRIVATE_KEY" }
    }

    pub fn call(&mut self, request: Request) -> Reply {
        let request = request.with("authorization", format!("Bearer {}", self.key));
        self.world.call(Name::Shipup, request)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.call(with_json(Request::new(Method::Post, path), body))
    }

    pub fn get(&mut self, target: &str) -> Reply {
        self.call(Request::new(Method::Get, target))
    }

    /// Sends an order that is taken.
    pub fn send(&mut self, order: &Value) {
        let reply = self.post("/v2/orders", order);
        assert_eq!(reply.status, 201, "{order}: {}", reply.text());
    }

    /// An order with all that hangs on it.
    pub fn order(&mut self, merchant_id: &str) -> Value {
        let expand = [
            "shipping_address",
            "line_items",
            "notifications",
            "fulfillments.shipping_address",
            "fulfillments.line_items",
            "fulfillments.notifications",
            "fulfillments.trackers.line_items",
            "fulfillments.trackers.events",
            "fulfillments.trackers.carrier",
        ];
        let query: String = expand.iter().map(|path| format!("&expand[]={path}")).collect();
        let reply = self.get(&format!("/v2/orders/{merchant_id}?{query}"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    pub fn detail(&self, kind: &str, id: &str) -> Detail {
        service(Name::Shipup).kind(kind).unwrap().detail(self.world.world.providers(), id).unwrap()
    }

    pub fn state(&self, kind: &str, id: &str) -> String {
        self.detail(kind, id).state.unwrap_or_default()
    }

    pub fn apply(&mut self, kind: &str, id: &str, on: &str) -> Result<(), OperatorError> {
        self.world.world.apply(Name::Shipup, kind, id, on).map(drop)
    }

    pub fn patch(&mut self, kind: &str, id: &str, fields: Value) -> Result<(), OperatorError> {
        let fields: &Map<String, Value> = fields.as_object().unwrap();
        self.world.world.patch(Name::Shipup, kind, id, fields).map(drop)
    }

    pub fn advance(&mut self, by: &str) {
        self.world.advance(by);
    }

    /// The webhooks that went out since the last look.
    pub fn sent(&mut self) -> Vec<Sent> {
        self.world.deliver();
        self.world.sent()
    }

    /// Their topics, with what each is about.
    pub fn told(&mut self) -> Vec<String> {
        let line = |sent: &Sent| {
            let body = sent.json();
            let object = &body["data"]["object"];
            let about = [&object["slug"], &object["tracking_number"]];
            let about = about.into_iter().find_map(Value::as_str).unwrap_or_default();
            format!("{} {about}", body["type"].as_str().unwrap_or("test"))
        };
        self.sent().iter().map(line).collect()
    }
}
