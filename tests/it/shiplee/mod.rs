//! Shiplee through the doors of a world: no port, no sleep.

mod bookings;
mod doors;
mod edges;
mod inside;
mod journeys;
mod login;
mod oracle;
mod orders;
mod properties;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use shipmock::internals::kit::mistake::Mistake;
use shipmock::internals::message::{Method, Reply, Request};
use shipmock::internals::providers::{Detail, Name, service};
use shipmock::internals::world::{Recipe, Setup, World};

use crate::harness::{START, at, orders, setup};

/// Shiplee's part of the default scenario; the others' pasts would only take time.
pub fn default_setup() -> Setup {
    Setup { shiplee: setup("default").shiplee, ..Setup::default() }
}

/// When every world begins.
pub fn start() -> Timestamp {
    at(START)
}

/// A world of a setup.
pub fn build(setup: Setup) -> Result<World, Mistake> {
    let seed = setup.seed.or(orders().seed);
    let orders = shipmock::internals::world::Orders { seed, ..orders() };
    World::build(std::sync::Arc::new(Recipe::new("test", setup, orders, start())))
}

/// A client of Shiplee: the default world, and who is logged in.
#[derive(Clone)]
pub struct Client {
    pub world: World,
    pub token: String,
}

/// An answer, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub text: String,
    pub reply: Reply,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().to_owned()
    }

    /// Status and message of a refusal, which always has this shape.
    pub fn refusal(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(body["success"], false, "{}", self.text);
        assert_eq!(body.as_object().unwrap().len(), 2, "{}", self.text);
        assert!(self.reply.explanation.is_some(), "{}", self.text);
        (self.status, self.message())
    }

    #[track_caller]
    pub fn refuses(&self, status: u16, message: &str) {
        assert_eq!(self.refusal(), (status, message.to_owned()));
    }
}

impl Client {
    /// The default world with nobody logged in.
    pub fn stranger() -> Client {
        Client { world: build(default_setup()).unwrap(), token: String::new() }
    }

    /// The default world with the documentation's seller logged in.
    pub fn open() -> Client {
        Client::stranger().entered()
    }

    /// The default world where a scenario says some of Shiplee's part otherwise.
    pub fn with(shiplee: Value) -> Client {
        let own: Setup = serde_json::from_value(json!({ "shiplee": shiplee })).unwrap();
        Client { world: build(own.or(default_setup())).unwrap(), token: String::new() }.entered()
    }

    pub fn entered(mut self) -> Client {
        self.token = self.token_of("you@example.com", "your-api-key");
        self
    }

    pub fn token_of(&mut self, username: &str, api_key: &str) -> String {
        let answer = self.login(username, api_key);
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    pub fn login(&mut self, username: &str, api_key: &str) -> Answer {
        let body = json!({ "username": username, "apikey": api_key });
        self.send(json_request("/login", &body))
    }

    pub fn send(&mut self, request: Request) -> Answer {
        let reply = self.world.request(Name::Shiplee, request);
        Answer { status: reply.status, text: reply.body.text().into_owned(), reply }
    }

    pub fn bearing(&self, request: Request) -> Request {
        request.with("authorization", format!("Bearer {}", self.token))
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Answer {
        let request = self.bearing(json_request(path, body));
        self.send(request)
    }

    pub fn form(&mut self, path: &str, body: &str) -> Answer {
        let request = Request::new(Method::Post, path)
            .carrying("application/x-www-form-urlencoded", body.to_owned());
        let request = self.bearing(request);
        self.send(request)
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let request = self.bearing(Request::new(Method::Get, path));
        self.send(request)
    }

    /// Adds an order that differs from the sample in some fields; its number.
    pub fn order(&mut self, changes: Value) -> u64 {
        let answer = self.post("/order", &changed(sample_order(), changes));
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["order_id"].as_u64().unwrap()
    }

    pub fn book(&mut self, order: u64) -> Answer {
        self.post("/create_shipment", &changed(sample_booking(), json!({ "orderId": order })))
    }

    /// Books an order; its waybill.
    pub fn booked(&mut self, order: u64) -> String {
        let answer = self.book(order);
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["awb_number"].as_str().unwrap().to_owned()
    }

    /// Adds a reverse order for a booked order; its numeric id.
    pub fn send_back(&mut self, order: u64, awb: &str, changes: Value) -> u64 {
        let body = changed(sample_return(), json!({ "orderId": order, "awbNumber": awb }));
        let answer = self.post("/reverse_order", &changed(body, changes));
        assert_eq!(answer.status, 201, "{}", answer.text);
        let number = answer.json()["reverse_order_id"].as_str().unwrap().to_owned();
        self.detail("reverse_order", &number).data["id"].as_u64().unwrap()
    }

    pub fn book_back(&mut self, id: u64) -> Answer {
        self.form("/reverse_create_shipment", &sample_form(&id.to_string()))
    }

    pub fn detail(&self, kind: &str, id: &str) -> Detail {
        service(Name::Shiplee).kind(kind).unwrap().detail(self.world.providers(), id).unwrap()
    }

    pub fn state(&self, kind: &str, id: &str) -> String {
        self.detail(kind, id).state.unwrap()
    }

    pub fn wallet(&self) -> f64 {
        self.detail("seller", "62").data["wallet"].as_f64().unwrap()
    }

    #[track_caller]
    pub fn patch(&mut self, kind: &str, id: &str, fields: Value) {
        let fields: Map<String, Value> = fields.as_object().unwrap().clone();
        self.world.patch(Name::Shiplee, kind, id, &fields).unwrap();
    }

    pub fn advance(&mut self, seconds: i64) {
        let to = self.world.now() + SignedDuration::from_secs(seconds);
        self.world.advance(to);
        assert_eq!(self.world.now(), to);
    }
}

pub fn json_request(path: &str, body: &Value) -> Request {
    Request::new(Method::Post, path).carrying("application/json", body.to_string())
}

/// A body with some fields replaced; null takes a field away.
pub fn changed(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        let fields = body.as_object_mut().unwrap();
        match value {
            Value::Null => drop(fields.remove(name)),
            value => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    body
}

pub fn sample_order() -> Value {
    json!({
        "pincode": "560098",
        "city": "Bangalore",
        "state": "Karnataka",
        "name": "John Doe",
        "email": "customer@example.com",
        "mobileNumber": "9000000001",
        "addressLine1": "123 Sample Street, Apt 4B",
        "sameAddressCheckbox": 1,
        "orderID": "ORD-123456",
        "paymentType": "prepaid",
        "products": [
            { "productName": "Sample Product", "quantity": 2, "productPrice": 500.00, "sku": "SKU123" }
        ],
        "parcels": [{ "length": 10, "breadth": 10, "height": 10, "physicalWeight": 1.5 }],
    })
}

pub fn sample_booking() -> Value {
    json!({
        "orderId": 484900,
        "warehouseId": 2147483833_u64,
        "action": "book_shipment",
        "carrierId": "delhivery_e_prepaid",
        "carrierName": "Delhivery Express",
        "shipmentType": "forward",
    })
}

pub fn sample_return() -> Value {
    json!({
        "orderId": 484900,
        "awbNumber": "XB1234567890",
        "reason": "Customer return — wrong size",
        "warehouseId": 2147483833_u64,
        "paymentType": "prepaid",
        "insurance": false,
        "customer": {
            "name": "John Doe",
            "mobile": "9000000001",
            "altMobile": "9000000002",
            "email": "customer@example.com",
            "address1": "123 Sample Street, Apt 4B",
            "address2": "Near City Mall",
            "pincode": "560098",
            "city": "Bangalore",
            "state": "Karnataka",
            "addressType": "home",
        },
        "products": [
            { "productName": "Sample Product", "quantity": 1, "productPrice": 500.00, "sku": "SKU123" }
        ],
        "parcel": { "length": 10, "breadth": 10, "height": 10, "physicalWeight": 1.5 },
    })
}

pub fn sample_rates() -> Value {
    json!({ "orderId": 484900, "warehouseId": 2147483833_u64, "shipmentType": "forward" })
}

pub fn sample_warehouse() -> Value {
    json!({
        "nickname": "Main Warehouse",
        "mobileNumber": "9000000001",
        "address1": "123 Logistics Road",
        "pincode": "110076",
        "city": "New Delhi",
        "state": "Delhi",
        "addressType": "primary",
    })
}

pub fn sample_form(id: &str) -> String {
    format!(
        "order_id={id}&warehouse_id=2147483833&carrierId=delhivery_e_prepaid&carrierName=Delhivery+Express"
    )
}
