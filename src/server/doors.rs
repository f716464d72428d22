//! Which door a request goes through, and what happens behind it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use jiff::Timestamp;

use crate::control::{self, Job, word};
use crate::http::{Method, Reply, Request};
use crate::providers::Name;
use crate::server::counts::Counts;
use crate::server::dispatcher::Dispatcher;
use crate::server::exchange::{self, Cut};
use crate::server::guard::Guard;
use crate::server::spoil::{self, Spoiled};
use crate::server::worlds::{Full as NoRoom, Panicked, Slot, Worlds};
use crate::server::{Limits, front, jobs, settle};
use crate::world::{self, Door, Orders};

/// Everything a connection needs.
#[derive(Debug)]
pub(super) struct Shell {
    pub(super) worlds: Worlds,
    pub(super) dispatcher: Arc<Dispatcher>,
    pub(super) orders: Orders,
    pub(super) guard: Guard,
    pub(super) limits: Limits,
    pub(super) counts: Counts,
    /// The address called, for clients that name no host.
    pub(super) authority: String,
}

impl Shell {
    /// Answers one request, or cuts the connection.
    pub(super) async fn answer(
        &self,
        peer: IpAddr,
        request: hyper::Request<Incoming>,
        spoiled: &Spoiled,
    ) -> Result<hyper::Response<Full<Bytes>>, Cut> {
        let (head, incoming) = request.into_parts();
        let kept = exchange::body(incoming, &self.limits).await?;
        let close = kept.oversize;
        let host = exchange::host(&head.uri, &head.headers, head.version, &self.authority);
        let method = Method::of(head.method.as_str()).filter(|method| *method != Method::Connect);
        let (owner, reply) = match (host, method) {
            (Err(sentence), _) => (None, word::problem(400, "Not addressed", sentence)),
            (_, None) => (None, unknown_method(head.method.as_str())),
            (Ok(host), Some(method)) => {
                let address = world::resolve(&host, head.uri.path());
                let request = Request {
                    method,
                    path: address.path.to_owned(),
                    query: head.uri.query().unwrap_or_default().to_owned(),
                    headers: exchange::headers(&head.headers),
                    body: kept.body,
                    peer,
                    base: base(&host, address.prefix),
                    oversize: kept.oversize,
                };
                self.enter(&address, request, &host, head.uri.path()).await
            }
        };
        self.counts.count(owner, reply.status);
        if let Some(wire) = &reply.wire {
            if let Ok(wait) = Duration::try_from(wire.delay) {
                tokio::time::sleep(wait).await;
            }
            if spoil::needs_hand(wire) {
                spoiled.leave(reply);
                return Err(Cut);
            }
        }
        Ok(exchange::response(reply, close))
    }

    async fn enter(
        &self,
        address: &world::Address<'_>,
        request: Request,
        host: &str,
        path: &str,
    ) -> (Option<Name>, Reply) {
        match address.door {
            Door::Provider(name) => {
                let reply = match self.worlds.enter(address.world) {
                    Ok(slot) => provider(&slot, &self.dispatcher, name, request).await,
                    Err(full) => no_room(full),
                };
                (Some(name), reply)
            }
            Door::Control => (None, self.control(address.world, &request, host).await),
            Door::Front => (None, front::page(&request, host, address.world)),
            Door::Nobody => (None, front::nobody(path)),
        }
    }

    async fn control(&self, world: &str, request: &Request, host: &str) -> Reply {
        if let Err(refusal) = self.guard.admit(request, host) {
            return refusal;
        }
        if request.oversize {
            return word::problem(413, "Too long", self.limits.oversize_sentence());
        }
        // Reading builds scenarios from what was sent, so it is not trusted to be harmless either.
        match super::worlds::guarded(|| control::read(request)) {
            Err(panicked) => panic_reply(&panicked),
            Ok(Err(reply)) => reply,
            Ok(Ok(Job::Shell(job))) => jobs::run(self, world, job).await,
            Ok(Ok(Job::World(job))) => match self.worlds.enter(world) {
                Err(full) => no_room(full),
                Ok(slot) => {
                    let done = slot.with(|inside| {
                        let wall = Timestamp::now();
                        inside.catch_up(inside.clock().at(wall));
                        control::perform(inside, &job, request, world, wall)
                    });
                    // The clock may have been set; that is nothing an agenda shows.
                    slot.nudge();
                    done.unwrap_or_else(|panicked| panic_reply(&panicked))
                }
            },
        }
    }
}

async fn provider(
    slot: &Arc<Slot>,
    dispatcher: &Arc<Dispatcher>,
    name: Name,
    request: Request,
) -> Reply {
    let answered = slot.with(|world| {
        world.catch_up(world.clock().at(Timestamp::now()));
        let reply = world.request(name, request);
        (reply, world.take_early_posts())
    });
    match answered {
        Ok((reply, early)) => {
            settle::before_the_answer(slot, dispatcher, early).await;
            reply
        }
        Err(panicked) => panic_reply(&panicked),
    }
}

/// What links in an answer begin with.
fn base(host: &str, prefix: &str) -> String {
    let mut base = String::with_capacity(7 + host.len() + prefix.len());
    base.push_str("http://");
    base.push_str(host);
    base.push_str(prefix);
    base
}

fn unknown_method(method: &str) -> Reply {
    let known: Vec<&str> = Method::ALL.iter().map(|method| method.word()).collect();
    let detail = format!("`{method}` is not a method any provider knows; {}", known.join(", "));
    word::problem(501, "Method not implemented", &detail)
}

/// The register is full.
pub(super) fn no_room(full: NoRoom) -> Reply {
    word::problem(507, "Too many worlds", full.to_string())
}

/// A mistake of ours, said as one.
pub(super) fn panic_reply(panicked: &Panicked) -> Reply {
    let detail = format!(
        "{panicked}. This is a mistake of Shipmock, not of your request; the world may be half changed, \
         POST /_shipmock/reset builds it again"
    );
    word::problem(500, "The simulation panicked", &detail).because(detail)
}
