//! Salla through the doors of a world: no port, no sleep.

mod alive;
mod filters;
mod inside;
mod journeys;
mod limits;
mod makes;
mod oauth;
mod oracle;
mod pages;
mod properties;
mod webhooks;

use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};
use shipmock::internals::kit::mistake::Mistake;
use shipmock::internals::message::{Method, Reply, Request};
use shipmock::internals::providers::{Detail, Name, service};
use shipmock::internals::world::{Recipe, Setup, World};

use crate::harness::{Read as _, TestWorld, orders, setup, with_json};

/// Salla's part of the default scenario; the others' pasts would only take time. What is on its way there stays out: the
/// tests of one thing would meet the others.
pub fn default_setup() -> Setup {
    let mut own = alive_setup();
    for store in own.salla.iter_mut().flat_map(|it| it.stores.iter_mut().flatten()) {
        store.lately = None;
    }
    own
}

/// The same with what is on its way.
pub fn alive_setup() -> Setup {
    Setup { salla: setup("default").salla, ..Setup::default() }
}

/// The id of the default store.
pub const STORE: u64 = 1_305_146_709;
/// The first of the printed shipments.
pub const FIRST: u64 = 362_985_662;

/// A world of a setup.
pub fn build(setup: Setup) -> Result<World, Mistake> {
    let start = orders().at.unwrap();
    World::build(std::sync::Arc::new(Recipe::new("test", setup, orders(), start)))
}

/// A client of Salla: a world, and the token it calls with.
#[derive(Debug, Clone)]
pub struct Client {
    pub world: TestWorld,
    pub token: String,
}

impl Deref for Client {
    type Target = TestWorld;

    fn deref(&self) -> &TestWorld {
        &self.world
    }
}

impl DerefMut for Client {
    fn deref_mut(&mut self) -> &mut TestWorld {
        &mut self.world
    }
}

/// A setup where a scenario says some of Salla's part otherwise.
pub fn saying(salla: Value) -> Setup {
    let own: Setup = serde_json::from_value(json!({ "salla": salla })).unwrap();
    own.or(default_setup())
}

impl Client {
    /// The default world with a token that may do everything.
    pub fn open() -> Client {
        Client::of(build(default_setup()).unwrap())
    }

    /// The same with what is on its way now.
    pub fn alive() -> Client {
        Client::of(build(alive_setup()).unwrap())
    }

    /// The default world where a scenario says some of Salla's part otherwise.
    pub fn with(salla: Value) -> Client {
        Client::of(build(saying(salla)).unwrap())
    }

    fn of(world: World) -> Client {
        let world = TestWorld::of(world);
        let token = world.credential(Name::Salla, "access_token");
        Client { world, token }
    }

    /// The same client with another of the tokens of `presets`.
    pub fn calling_as(mut self, name: &str) -> Client {
        self.token = self.world.credential(Name::Salla, name);
        self
    }

    pub fn send(&mut self, request: Request) -> Reply {
        self.world.call(Name::Salla, request)
    }

    fn bearing(&self, request: Request) -> Request {
        request.with("authorization", format!("Bearer {}", self.token))
    }

    /// `GET` of a path behind the base.
    pub fn get(&mut self, path: &str) -> Reply {
        let request = self.bearing(Request::new(Method::Get, &format!("/admin/v2{path}")));
        self.send(request)
    }

    /// The same by somebody who prefers English.
    pub fn get_in_english(&mut self, path: &str) -> Reply {
        let request = Request::new(Method::Get, &format!("/admin/v2{path}"));
        let request = self.bearing(request).with("accept-language", "en-US,en;q=0.9");
        self.send(request)
    }

    /// Any verb with a JSON body.
    pub fn put_to(&mut self, method: Method, path: &str, body: &Value) -> Reply {
        let request = Request::new(method, &format!("/admin/v2{path}"));
        let request = self.bearing(with_json(request, body));
        self.send(request)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.put_to(Method::Post, path, body)
    }

    /// Makes a shipment that differs from the sample in some fields; its id.
    pub fn make(&mut self, changes: Value) -> u64 {
        let reply = self.post("/shipments", &changed(sample(), changes));
        assert_eq!(reply.status, 200, "{}", reply.wire());
        reply.json()["data"]["id"].as_u64().unwrap()
    }

    /// What a list answers, read.
    pub fn list(&mut self, query: &str) -> Value {
        let reply = self.get(&format!("/shipments?{query}"));
        assert_eq!(reply.status, 200, "{query}: {}", reply.wire());
        reply.json()
    }

    /// The ids of a list of up to 65.
    pub fn ids(&mut self, query: &str) -> Vec<u64> {
        let list = self.list(&format!("per_page=65&{query}"));
        list["data"].as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()).collect()
    }

    pub fn detail(&self, kind: &str, id: impl ToString) -> Detail {
        let all = self.world.world.providers();
        service(Name::Salla).kind(kind).unwrap().detail(all, &id.to_string()).unwrap()
    }

    pub fn state(&self, id: u64) -> String {
        self.detail("shipment", id).state.unwrap()
    }

    pub fn walk(&mut self, id: u64, to: &str) {
        self.world.world.walk(Name::Salla, "shipment", &id.to_string(), to).unwrap();
    }

    pub fn patch(&mut self, kind: &str, id: impl ToString, fields: Value) {
        let fields = fields.as_object().unwrap().clone();
        self.world.world.patch(Name::Salla, kind, &id.to_string(), &fields).unwrap();
    }
}

/// A shipment as the public example asks for it, by a courier that does nothing by itself.
pub fn sample() -> Value {
    json!({
        "courier_id": 1_096_243_131, "order_id": 54_534_523, "shipment_type": "shipment",
        "payment_method": "cod", "cash_on_delivery": { "amount": 10.7, "currency": "SAR" },
        "ship_to": {
            "name": "Mohammed Khalid", "email": "test@gmail.com", "phone": "966501636784",
            "country": 1_473_353_380, "city": 566_146_469, "postal_code": "95128", "street_number": "2345",
            "block": "السلام", "address_line": "شارع عبدالله",
            "geo_coordinates": { "lat": 21.3825905096851, "lng": 39.77319103068542 },
        },
        "packages": [{
            "name": "منتج تجريبي", "sku": "52743-145", "quantity": 2, "price": { "amount": 25.5, "currency": "SAR" },
            "weight": { "value": 5, "units": "kg" },
        }],
    })
}

/// A value with some members set, or taken away by null.
pub fn changed(mut value: Value, changes: Value) -> Value {
    for (name, change) in changes.as_object().unwrap() {
        match change {
            Value::Null => drop(value.as_object_mut().unwrap().remove(name)),
            change => value[name] = change.clone(),
        }
    }
    value
}

/// Code and message of a refusal, which always has this shape.
pub fn refusal(reply: &Reply) -> (u16, Value, String) {
    let body = reply.json();
    assert_eq!(
        (body["success"].clone(), body["status"].clone()),
        (json!(false), json!(reply.status))
    );
    assert!(reply.explanation.is_some(), "{}", reply.wire());
    let message = body["error"]["message"].as_str().unwrap().to_owned();
    (reply.status, body["error"]["code"].clone(), message)
}
