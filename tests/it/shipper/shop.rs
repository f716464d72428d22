//! A retailer's client of Shipper: short ways to call, as any of the world's keys.

use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};
use shipmock::internals::message::{Method, Reply, Request};
use shipmock::internals::providers::Name;
use shipmock::internals::providers::shipper::{Setup, Switches};
use shipmock::internals::world::World;

use crate::harness::{Read as _, TestWorld, build, orders, small, with_json};

/// The product of the documentation, which has two variants.
pub const SHIRT: &str = "2e97b37a-3118-4905-842c-19706bcf1455";
/// Its first variant: 15 in stock.
pub const SIZE_L: &str = "a1b2c3d4-5678-9012-abcd-ef0123456789";
/// Its second variant: 27 in stock.
pub const SIZE_M: &str = "e5f6a7b8-9012-4345-8678-9abcdef01234";
/// The shipment of order 555.
pub const DELIVERED: &str = "11111111-2222-3333-4444-555555555555";
/// The shipment of order 554.
pub const WAITING: &str = "22222222-3333-4444-5555-666666666666";

/// A world seen by its first retailer.
#[derive(Debug, Clone)]
pub struct Shop(TestWorld);

impl Deref for Shop {
    type Target = TestWorld;

    fn deref(&self) -> &TestWorld {
        &self.0
    }
}

impl DerefMut for Shop {
    fn deref_mut(&mut self) -> &mut TestWorld {
        &mut self.0
    }
}

impl Shop {
    /// The default world, its past included.
    pub fn lively() -> Self {
        Shop(TestWorld::open("default"))
    }

    /// The documented orders and nothing else.
    pub fn small() -> Self {
        Shop(TestWorld::open("small"))
    }

    /// A world that is there already.
    pub fn of(world: World) -> Self {
        Shop(TestWorld::of(world))
    }

    /// The small world with another setup of Shipper.
    pub fn with(change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = small();
        change(setup.shipper.as_mut().unwrap());
        Self::of(build("small, changed", setup, orders()))
    }

    /// The small world with some switches turned.
    pub fn switched(turn: impl FnOnce(&mut Switches)) -> Self {
        Self::with(|setup| turn(setup.switches.get_or_insert_default()))
    }

    /// The client of a key of `presets`.
    pub fn by(&mut self, key: &str) -> Client<'_> {
        let token = self.credential(Name::Shipper, key);
        Client { world: &mut self.0, token }
    }

    /// `GET` as the first retailer; the target follows `/api/v1`.
    pub fn get(&mut self, target: &str) -> Reply {
        self.by("api_key").get(target)
    }

    /// `POST` as the first retailer, with a JSON body.
    pub fn post(&mut self, target: &str, body: &Value) -> Reply {
        self.by("api_key").post(target, body)
    }

    /// `DELETE` as the first retailer.
    pub fn delete(&mut self, target: &str) -> Reply {
        self.by("api_key").delete(target)
    }

    /// Creates an order that must be accepted; its id.
    pub fn order(&mut self, body: &Value) -> u64 {
        let reply = self.post("/orders", body);
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()["id"].as_u64().unwrap()
    }

    /// Registers a webhook that must be accepted; its id.
    pub fn webhook(&mut self, url: &str, secret: Option<&str>) -> u64 {
        let mut body =
            json!({ "url": url, "events": ["order.status_changed", "shipment.status_changed"] });
        if let Some(secret) = secret {
            body["secret"] = json!(secret);
        }
        let reply = self.post("/webhooks", &body);
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()["id"].as_u64().unwrap()
    }

    /// Gives an entity an input that must be legal.
    pub fn apply(&mut self, kind: &str, id: &str, on: &str) {
        self.world
            .apply(Name::Shipper, kind, id, on)
            .unwrap_or_else(|trouble| panic!("{kind} {id} {on}: {trouble}"));
    }

    /// Walks an entity to a state that must be reachable.
    pub fn walk(&mut self, kind: &str, id: &str, to: &str) {
        self.world
            .walk(Name::Shipper, kind, id, to)
            .unwrap_or_else(|trouble| panic!("{kind} {id} to {to}: {trouble}"));
    }

    /// What is inside an entity.
    pub fn data(&self, kind: &str, id: &str) -> Value {
        let service = shipmock::internals::providers::service(Name::Shipper);
        service.kind(kind).unwrap().detail(self.world.providers(), id).unwrap().data
    }

    /// The UUID of an order's shipment.
    pub fn shipment_of(&mut self, order: u64, place: usize) -> String {
        let order = self.get(&format!("/orders/{order}")).json();
        order["shipments"][place]["uuid"].as_str().unwrap().to_owned()
    }

    /// The status of an order.
    pub fn status_of(&mut self, order: u64) -> Value {
        self.get(&format!("/orders/{order}")).json()["status"].clone()
    }
}

/// Whoever holds a key.
#[derive(Debug)]
pub struct Client<'a> {
    world: &'a mut TestWorld,
    token: String,
}

impl Client<'_> {
    /// `GET`.
    pub fn get(&mut self, target: &str) -> Reply {
        self.send(request(Method::Get, target))
    }

    /// `POST` with a JSON body.
    pub fn post(&mut self, target: &str, body: &Value) -> Reply {
        self.send(with_json(request(Method::Post, target), body))
    }

    /// `DELETE`.
    pub fn delete(&mut self, target: &str) -> Reply {
        self.send(request(Method::Delete, target))
    }

    /// Any request, with the key added.
    pub fn send(&mut self, request: Request) -> Reply {
        let request = request.with("authorization", format!("Bearer {}", self.token));
        self.world.call(Name::Shipper, request)
    }
}

/// A request without a key, asking for JSON; the target follows `/api/v1`.
pub fn request(method: Method, target: &str) -> Request {
    Request::new(method, &format!("/api/v1{target}")).with("accept", "application/json")
}

/// A complete order of one shirt, sent to fulfilment at once and confirmed by nobody.
pub fn order_of(items: Value) -> Value {
    json!({
        "address": {
            "name": "Omar Ben Ali", "phone1": "28177188", "address1": "Rue de la Liberte", "division_1": "Tunis",
            "country": "TN"
        },
        "items": items,
        "auto_fulfill": true
    })
}

/// An order of one shirt in size L.
pub fn one_shirt() -> Value {
    order_of(json!([{ "id": SIZE_L, "total_price": 190 }]))
}
