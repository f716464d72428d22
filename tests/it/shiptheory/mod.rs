//! Shiptheory through the doors of a world: no port, no sleep.

mod bookings;
mod catalogue;
mod doors;
mod examples;
mod inside;
mod lists;
mod properties;
mod returns;

use serde_json::{Map, Value, json};
use shipmock::internals::kit::mistake::Mistake;
use shipmock::internals::message::{Method, Reply, Request};
use shipmock::internals::providers::{Detail, Name, service};
use shipmock::internals::world::{Orders, Recipe, Setup, World};

use crate::harness::{Read as _, TestWorld, at, orders, small};

/// Shiptheory's part of the small world; the others' accounts would only take time.
pub fn setup() -> Setup {
    Setup { shiptheory: small().shiptheory, ..Setup::default() }
}

/// A world of a setup.
pub fn build(setup: Setup) -> Result<World, Mistake> {
    let orders = Orders { seed: setup.seed.or(orders().seed), ..orders() };
    World::build(std::sync::Arc::new(Recipe::new("test", setup, orders, at(crate::harness::START))))
}

/// A client of Shiptheory: a world, and the token it has.
#[derive(Debug, Clone)]
pub struct Client {
    pub world: TestWorld,
    pub token: String,
}

impl Client {
    /// The small world with nobody logged in.
    pub fn stranger() -> Client {
        Client { world: TestWorld::of(build(setup()).unwrap()), token: String::new() }
    }

    /// The small world with the documentation's account logged in.
    pub fn open() -> Client {
        Client::stranger().entered()
    }

    /// The small world where a scenario says some of Shiptheory's part otherwise.
    pub fn with(shiptheory: Value) -> Client {
        let own: Setup = serde_json::from_value(json!({ "shiptheory": shiptheory })).unwrap();
        let world = TestWorld::of(build(own.or(setup())).unwrap());
        Client { world, token: String::new() }.entered()
    }

    /// The small world with some switches turned.
    pub fn switched(switches: Value) -> Client {
        Client::with(json!({ "switches": switches }))
    }

    pub fn entered(mut self) -> Client {
        self.token = self.token_of("you@youremail.com", "password");
        self
    }

    pub fn token_of(&mut self, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password });
        let reply = self.send(json_request(Method::Post, "/v1/token", &body));
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["data"]["token"].as_str().unwrap().to_owned()
    }

    /// The same world seen by the other account.
    pub fn other(&mut self) -> Client {
        let token = self.token_of("other@youremail.com", "other-password");
        Client { world: self.world.clone(), token }
    }

    /// Lets time pass, and logs in again: a token is good for an hour.
    pub fn wait(&mut self, by: &str) {
        self.world.advance(by);
        self.token = self.token_of("you@youremail.com", "password");
    }

    pub fn send(&mut self, request: Request) -> Reply {
        self.world.call(Name::Shiptheory, request)
    }

    pub fn bearing(&self, request: Request) -> Request {
        request.with("authorization", format!("Bearer {}", self.token))
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Reply {
        let request = self.bearing(json_request(Method::Post, path, body));
        self.send(request)
    }

    pub fn put(&mut self, path: &str, body: &Value) -> Reply {
        let request = self.bearing(json_request(Method::Put, path, body));
        self.send(request)
    }

    pub fn form(&mut self, path: &str, body: &str) -> Reply {
        let request = Request::new(Method::Post, path)
            .carrying("application/x-www-form-urlencoded", body.to_owned());
        let request = self.bearing(request);
        self.send(request)
    }

    pub fn get(&mut self, target: &str) -> Reply {
        let request = self.bearing(Request::new(Method::Get, target));
        self.send(request)
    }

    /// Books a shipment that differs from the sample in some places; the answer.
    pub fn book(&mut self, reference: &str, changes: Value) -> Value {
        let reply = self.post("/v1/shipments", &sample(reference, changes));
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    /// What a booking with some changes is refused with.
    pub fn refused(&mut self, changes: Value) -> Value {
        let before = self.world.holdings();
        let answer = self.book("REFUSED", changes);
        assert!(before == self.world.holdings(), "refused, but changed: {answer}");
        answer["error"].clone()
    }

    pub fn view(&mut self, reference: &str) -> Value {
        let reply = self.get(&format!("/v1/shipments/{reference}"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    pub fn status(&mut self, reference: &str) -> String {
        self.view(reference)["shipment"]["status"].as_str().unwrap().to_owned()
    }

    pub fn detail(&self, kind: &str, id: &str) -> Detail {
        service(Name::Shiptheory)
            .kind(kind)
            .unwrap()
            .detail(self.world.world.providers(), id)
            .unwrap()
    }

    #[track_caller]
    pub fn patch(&mut self, kind: &str, id: &str, fields: Value) {
        let fields: Map<String, Value> = fields.as_object().unwrap().clone();
        self.world.world.patch(Name::Shiptheory, kind, id, &fields).unwrap();
    }
}

pub fn json_request(method: Method, path: &str, body: &Value) -> Request {
    Request::new(method, path).carrying("application/json", body.to_string())
}

/// A body with values put at places, as `/recipient/country`; null takes a field away.
pub fn changed(mut body: Value, changes: Value) -> Value {
    for (pointer, value) in changes.as_object().unwrap() {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {pointer}"));
        match parent {
            Value::Array(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
            parent if value.is_null() => drop(parent.as_object_mut().unwrap().remove(name)),
            parent => drop(parent.as_object_mut().unwrap().insert(name.into(), value.clone())),
        }
    }
    body
}

/// What a booking needs and no more, with some changes.
pub fn sample(reference: &str, changes: Value) -> Value {
    let body = json!({
        "reference": reference,
        "reference2": "ORDER1001",
        "shipment_detail": { "weight": 2.5, "parcels": 1, "value": 135.18 },
        "recipient": {
            "firstname": "William", "lastname": "Riker", "address_line_1": "123 Southpaw Lane",
            "city": "Bristol", "postcode": "BS2 3AP", "country": "GB"
        },
    });
    changed(body, changes)
}
