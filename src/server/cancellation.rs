//! Cancellation: every control call with effects, and a call with an early webhook, with its caller gone at every await
//! point, while the receiver of its webhooks is slow, dead, or calls back.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::message::{Method, Reply, Request};
use crate::providers::Name;
use crate::server::http_service::HttpService;
use crate::server::options::Options;
use crate::server::running::{Running, Server};

/// What a receiver does before it says that it has a webhook; a dead one does not listen.
#[derive(Debug, Clone, Copy, PartialEq)]
enum ReceiverKind {
    Slow,
    Dead,
    CallsBack,
}

/// A call: its verb, its path behind `/_shipmock` or, of a provider, as a client has it, and its body.
type TriedCall = (Method, &'static str, &'static str);

use Method::{Delete, Patch, Post, Put};

/// `ORDER`, `SHIPMENT` and `STATE` are the world's own.
#[rustfmt::skip]
const CALLS: &[TriedCall] = &[
    (Post,   "/clock/advance",                          r#"{"by":"2d"}"#),
    (Post,   "/clock/advance",                          r#"{"until":"next"}"#),
    (Patch,  "/clock",                                  r#"{"now":"2026-05-16T09:00:00Z"}"#),
    (Post,   "/webhooks/d1/redeliver",                  ""),
    (Post,   "/shipper/entities/shipment/SHIPMENT/move", r#"{"to":"delivered"}"#),
    (Patch,  "/shipper/entities/product/LAMP",          r#"{"name":"Lantern"}"#),
    (Post,   "/reset",                                  ""),
    (Put,    "/state",                                  "STATE"),
    (Put,    "/worlds/WORLD",                           r#"{"from":"base","seed":4}"#),
    (Put,    "/worlds/WORLD",                           r#"{"scenario":"empty","clock":{"mode":"frozen","at":"2026-05-14T09:00:00Z"}}"#),
    (Put,    "/webhooks/targets",                       r#"{"https://shop.example":"http://127.0.0.1:1"}"#),
    (Post,   "/rules",                                  r#"{"on":"shipper","then":{"status":503}}"#),
    (Delete, "/rules/rule1",                            ""),
    (Delete, "/requests",                               ""),
    (Delete, "/worlds/WORLD",                           ""),
    (Post,   "/shipper/api/v1/orders/ORDER/cancel",     ""),
];

/// Whether a call is one to a provider: its early webhook is sent before it is answered.
fn is_early((_, path, _): TriedCall) -> bool {
    path.starts_with("/shipper/api")
}

/// A server with the worlds of a test.
struct Trials {
    running: Running,
    /// Taken away at the end.
    files: Vec<PathBuf>,
    /// The document that each world begins as.
    state: String,
    order: String,
    shipment: String,
    slow: SocketAddr,
    calling: SocketAddr,
}

const KEY: &str = "Bearer KEY";

async fn drive(service: &HttpService, world: &str, call: (Method, &str, &str)) -> Reply {
    let (method, path, body) = call;
    let request = Request::new(method, path).carrying("application/json", body.to_owned());
    service.drive(world, &request).await
}

async fn told(service: &HttpService, world: &str, call: (Method, &str, &str)) -> Value {
    let reply = drive(service, world, call).await;
    assert!(reply.status < 300, "{} {} in {world}: {}", call.0, call.1, reply.body.text());
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

/// Listens, does something when a webhook comes to the path of a world, and says that it has it.
async fn receiver<F: Future<Output = ()> + Send>(
    listener: TcpListener,
    act: impl Fn(String) -> F + Clone + Send + 'static,
) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let act = act.clone();
        tokio::spawn(async move {
            let mut head = vec![0; 8192];
            let read = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            act(head.split('/').nth(1).unwrap_or_default().to_owned()).await;
            let _ = stream.write_all(b"HTTP/1.1 204 Yes\r\n\r\n").await;
        });
    }
}

impl Drop for Trials {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = std::fs::remove_file(file);
        }
    }
}

impl Trials {
    async fn start(record: Option<&str>) -> Arc<Trials> {
        let scenario =
            std::env::temp_dir().join(format!("shipmock-gone-{}.yaml", std::process::id()));
        std::fs::write(&scenario, SCENARIO).unwrap();
        let file = |name| std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        let record = record.map(file);
        let files = record.iter().cloned().chain([scenario.clone()]).collect();
        let options = Options {
            port: 0,
            scenario: scenario.display().to_string(),
            record,
            force: true,
            ..Options::default()
        };
        let running = Server::start(options).await.unwrap();
        let service = running.service.clone();
        let mut places = Vec::new();
        for calls_back in [false, true] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            places.push(listener.local_addr().unwrap());
            let service = Arc::downgrade(&service);
            tokio::spawn(receiver(listener, move |world| {
                let service = service.upgrade();
                async move {
                    match service {
                        Some(service) if calls_back => {
                            let advance = (Post, "/clock/advance", r#"{"by":"1m"}"#);
                            let reply = drive(&service, &world, advance).await;
                            assert!([200, 409].contains(&reply.status), "{}", reply.body.text());
                        }
                        _ => tokio::time::sleep(Duration::from_millis(20)).await,
                    }
                }
            }));
        }
        let (order, shipment, state) = base(&service).await;
        Arc::new(Trials {
            running,
            files,
            state,
            order,
            shipment,
            slow: places[0],
            calling: places[1],
        })
    }

    /// A call as it is made in a world.
    fn call(&self, world: &str, (method, path, body): TriedCall) -> Request {
        let path = path.replace("ORDER", &self.order).replace("SHIPMENT", &self.shipment);
        let body = if body == "STATE" { self.state.clone() } else { body.to_owned() };
        let request = Request::new(method, &path.replace("WORLD", world));
        let request = request.carrying("application/json", body);
        request.with("authorization", KEY)
    }

    /// A call in a world of its own, whose caller is gone after so many looks. Whether it was answered before that.
    async fn gone(
        &self,
        world: &str,
        call: TriedCall,
        receiver: ReceiverKind,
        looks: usize,
    ) -> bool {
        let service = &self.running.service;
        told(service, world, (Put, "/state", &self.state)).await;
        let to = match receiver {
            ReceiverKind::Slow => self.slow,
            // Nobody has ever listened there.
            ReceiverKind::Dead => SocketAddr::from(([127, 0, 0, 1], 1)),
            ReceiverKind::CallsBack => self.calling,
        };
        let targets = json!({"https://shop.example": format!("http://{to}/{world}")}).to_string();
        told(service, world, (Put, "/webhooks/targets", &targets)).await;
        let request = self.call(world, call);
        let answered = {
            let mut asking = pin!(async {
                if is_early(call) {
                    let path = request.path.trim_start_matches("/shipper").to_owned();
                    let own = Request { path, ..request.clone() };
                    service.call(world, Name::Shipper, own).await
                } else {
                    service.drive(world, &request).await
                }
            });
            let mut left = looks;
            std::future::poll_fn(|cx| {
                if left == 0 {
                    return Poll::Ready(None);
                }
                left -= 1;
                match asking.as_mut().poll(cx) {
                    Poll::Ready(reply) => Poll::Ready(Some(reply)),
                    Poll::Pending if left == 0 => Poll::Ready(None),
                    Poll::Pending => Poll::Pending,
                }
            })
            .await
        };
        if let Some(reply) = &answered {
            assert!(reply.status < 300, "{call:?}: {}", reply.body.text());
        }
        answered.is_some()
    }

    /// How a world stands when nothing is under way in it any more.
    async fn settled(&self, world: &str) -> String {
        let service = &self.running.service;
        let quiet = (Post, "/await", r#"{"quiet":{"for":"20ms"},"within":"60s"}"#);
        // A world that is being replaced says so to whoever waits in it.
        while drive(service, world, quiet).await.status != 200 {}
        let targets = told(service, world, (Method::Get, "/webhooks/targets", "")).await;
        let mut state = told(service, world, (Method::Get, "/state", "")).await;
        // Of no meaning in a clock that stands.
        state["world"]["clock"]["wall"].take();
        state["world"]["recipe"]["wall"].take();
        let flying = |it: &Value| {
            let phase = it["life"]["state"].as_str().unwrap_or_default();
            ["new", "ready", "before_reply", "in_flight"].contains(&phase)
        };
        let ledger = state["world"]["outbox"]["deliveries"].as_object().unwrap();
        assert!(!ledger.values().any(flying), "a delivery is on its way for ever: {ledger:?}");
        // The worlds have names of their own, which stand in the addresses of their receivers.
        format!("{state:#}\n{targets}").replace(&format!("/{world}"), "")
    }
}

const SCENARIO: &str = r#"
name: gone
summary: A shop with one product, whose webhooks go out before the answer
world:
  seed: 7
  clock: { mode: frozen, at: 2026-05-14T09:00:00Z }
  weather: [{ on: webhook shipper, then: { before_answer: true } }]
  shipper:
    organizations:
      - name: Shop
        keys: [{ name: api_key, token: KEY }]
        products: [{ name: Lamp, sku: LAMP, price: "10", cost: "4", stock: 9, aliases: [LAMP] }]
"#;

/// The world that all others begin as: an order on its way, and a webhook that was captured.
async fn base(service: &HttpService) -> (String, String, String) {
    let post = async |path: &str, body: Value| {
        let request = Request::new(Post, path).with("authorization", KEY);
        let request = request.carrying("application/json", body.to_string());
        let reply = service.call("base", Name::Shipper, request).await;
        assert_eq!(reply.status, 201, "{}", reply.body.text());
        serde_json::from_slice::<Value>(&reply.body).unwrap()
    };
    let events = ["order.status_changed", "shipment.status_changed"];
    post("/api/v1/webhooks", json!({"url": "https://shop.example/hooks", "events": events})).await;
    let order = json!({
        "address": {"name": "Omar", "phone1": "28177188", "address1": "Rue 1", "country": "TN"},
        "items": [{"id": "LAMP"}], "auto_fulfill": true,
    });
    for _ in 0..2 {
        post("/api/v1/orders", order.clone()).await;
    }
    let listed = async |kind: &str| {
        let path = format!("/shipper/entities/{kind}");
        let list = told(service, "base", (Method::Get, &path, "")).await;
        list["entities"].as_array().unwrap().clone()
    };
    let id = |entity: Option<&Value>| entity.unwrap()["id"].as_str().unwrap().to_owned();
    let shipment = id(listed("shipment").await.first());
    let path = format!("/shipper/entities/shipment/{shipment}/move");
    told(service, "base", (Post, &path, r#"{"on":"pack"}"#)).await;
    let quiet = (Post, "/await", r#"{"quiet":{"for":"60ms"},"within":"60s"}"#);
    told(service, "base", quiet).await;
    let state = drive(service, "base", (Method::Get, "/state", "")).await;
    // The shipment of the other order is not packed, so that it can be cancelled.
    (id(listed("order").await.last()), shipment, state.body.text().into_owned())
}

/// Every call with every receiver: all of it is done, or nothing.
async fn tried(record: Option<&'static str>) {
    let trials = Trials::start(record).await;
    // Few at once: a receiver that is starved of its turns for seconds is a dead one.
    let places = Arc::new(Semaphore::new(3));
    let mut tasks = JoinSet::new();
    for (number, call) in CALLS.iter().copied().enumerate() {
        for receiver in [ReceiverKind::Slow, ReceiverKind::Dead, ReceiverKind::CallsBack] {
            let (trials, places) = (trials.clone(), places.clone());
            tasks.spawn(async move {
                let _place = places.acquire().await.unwrap();
                let world = |looks: usize| format!("t{number}-{receiver:?}-{looks}");
                assert!(!trials.gone(&world(0), call, receiver, 0).await);
                let untouched = trials.settled(&world(0)).await;
                assert!(trials.gone(&world(9_999), call, receiver, usize::MAX).await);
                let finished = trials.settled(&world(9_999)).await;
                let mut looks = 1;
                loop {
                    let answered = trials.gone(&world(looks), call, receiver, looks).await;
                    // Whose turn has not come, or who waits for a line to be written, has begun nothing.
                    let mut state = trials.settled(&world(looks)).await;
                    // Whatever takes the place of a world is built beside it.
                    for _ in 0..100 {
                        if state == finished || (!answered && state == untouched) {
                            break;
                        }
                        state = trials.settled(&world(looks)).await;
                    }
                    assert!(
                        state == finished || (!answered && state == untouched),
                        "{call:?}, {receiver:?}, gone after {looks} looks:\n{}",
                        difference(&finished, &state)
                    );
                    if answered {
                        return looks;
                    }
                    looks += 1;
                }
            });
        }
    }
    let mut points = 0;
    while let Some(looks) = tasks.join_next().await {
        points += looks.unwrap();
    }
    // Three receivers, and most calls wait at least once.
    assert!(points > 3 * CALLS.len(), "{points}");
}

/// The first lines that differ.
fn difference(one: &str, other: &str) -> String {
    let pairs = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
    let told: Vec<String> = pairs
        .take(12)
        .map(|(one, other)| format!("  finished: {one}\n  came:     {other}"))
        .collect();
    told.join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hangs_up_leaves_what_has_begun_to_be_finished() {
    for record in [None, Some("shipmock-gone.jsonl")] {
        tried(record).await;
    }
}
