//! The HTTP service: which door a request goes through, and what happens behind it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::Uri;
use hyper::body::Incoming;
use jiff::Timestamp;

use crate::control::{self, Job, Problem, ShellJob, WorldJob};
use crate::message::{Headers, Method, Reply, Request};
use crate::providers::{self, Name};
use crate::server::control_access::ControlAccess;
use crate::server::event_stream::OpenedStream;
use crate::server::panicked::guarded;
use crate::server::server_context::ServerContext;
use crate::server::webhook_sender::WebhookSender;
use crate::server::wire::{self, Cut, Outgoing};
use crate::server::wire_faults::{self, Spoiled};
use crate::server::world_entry::WorldEntry;
use crate::server::{clock_driver, compression, control_jobs, event_stream, landing_page};
use crate::world::{self, DEFAULT, Entrance};

/// What answers the requests of every connection.
#[derive(Debug)]
pub(crate) struct HttpService {
    pub(crate) context: Arc<ServerContext>,
    pub(crate) access: ControlAccess,
    /// The address called, for clients that name no host.
    pub(crate) authority: String,
}

impl HttpService {
    /// Answers one request, or cuts the connection.
    pub(crate) async fn answer(
        &self,
        peer: IpAddr,
        request: hyper::Request<Incoming>,
        spoiled: &Arc<Spoiled>,
    ) -> Result<hyper::Response<Outgoing>, Cut> {
        let (head, incoming) = request.into_parts();
        let host = wire::host(&head.uri, &head.headers, head.version, &self.authority);
        let method = Method::of(head.method.as_str()).unwrap_or(Method::Unknown);
        let headers = wire::headers(&head.headers);
        let most = self.most(host.as_deref().unwrap_or_default(), method, &head.uri, &headers);
        let kept = wire::body(incoming, most, self.context.limits.body_time).await?;
        let close = kept.oversize;
        if close {
            spoiled.leave_unread();
        }
        let (owner, (mut reply, stream)) = match (host, method) {
            (Err(sentence), _) => {
                (None, (Problem::new(400, "Not addressed", sentence).reply(), None))
            }
            (_, Method::Connect) => (None, (no_tunnel().reply(), None)),
            (Ok(host), method) => {
                let address = world::resolve(&host, head.uri.path());
                let request = Request {
                    method,
                    unknown_method: (method == Method::Unknown)
                        .then(|| head.method.as_str().into()),
                    path: address.path.to_owned(),
                    query: head.uri.query().unwrap_or_default().to_owned(),
                    headers,
                    body: kept.body,
                    peer,
                    base: base(&host, address.prefix),
                    oversize: kept.oversize,
                };
                self.enter(&address, request, &host, head.uri.path(), spoiled).await
            }
        };
        self.context.metrics.count(owner, reply.status);
        if let Some(wire) = &reply.wire {
            if let Ok(wait) = Duration::try_from(wire.delay) {
                tokio::time::sleep(wait).await;
            }
            if wire_faults::needs_hand(wire) {
                spoiled.leave(reply);
                return Err(Cut);
            }
        }
        if owner.is_some_and(|name| providers::service(name).compresses()) {
            compression::compress(&mut reply, &head.method, &head.headers);
        }
        Ok(wire::response(reply, stream, close))
    }

    /// How much of a body is kept: more only for whoever may bring a whole world.
    fn most(&self, host: &str, method: Method, uri: &Uri, headers: &Headers) -> usize {
        if method != Method::Put {
            return self.context.limits.body_bytes;
        }
        let address = world::resolve(host, uri.path());
        let document = address.door == Entrance::Control
            && control::takes_document(method, address.path)
            && self.access.admit(headers, host).is_ok();
        if document { self.context.limits.state_bytes } else { self.context.limits.body_bytes }
    }

    async fn enter(
        &self,
        address: &world::Addressed<'_>,
        request: Request,
        host: &str,
        path: &str,
        line: &Arc<Spoiled>,
    ) -> (Option<Name>, OpenedStream) {
        match address.door {
            Entrance::Provider(name) => {
                (Some(name), (self.call(address.world, name, request).await, None))
            }
            // Boxed: the control API's jobs would make the future of every provider's call as large as their own.
            Entrance::Control => {
                (None, Box::pin(self.control(address.world, &request, host, line)).await)
            }
            Entrance::Front => (None, (landing_page::page(&request, host, address.world), None)),
            Entrance::Nobody => (None, (self.nobody(address.world, request, path).await, None)),
        }
    }

    /// What nobody answers. It is counted and kept, in its world if there is one: a suite whose base address is wrong
    /// would find nothing otherwise.
    async fn nobody(&self, world: &str, request: Request, path: &str) -> Reply {
        let reply = landing_page::nobody(path);
        if landing_page::is_browsers_own(path) {
            return reply;
        }
        self.context.metrics.unmatched();
        let worlds = &self.context.worlds;
        let Some(entry) = worlds.find(world).or_else(|| worlds.find(DEFAULT)) else { return reply };
        let request = Request { path: path.to_owned(), ..request };
        let kept = entry.lock(|world| {
            world.catch_up(world.clock().at(Timestamp::now()));
            world.unmatched(request, reply.clone())
        });
        let kept = kept.await;
        entry.observed().await;
        kept.unwrap_or(reply)
    }

    /// What a provider answers in a world.
    pub(crate) async fn call(&self, world: &str, name: Name, request: Request) -> Reply {
        match self.context.worlds.enter(world) {
            Ok(entry) => provider(&entry, &self.context.sender, name, request).await,
            Err(full) => Problem::from(full).reply(),
        }
    }

    /// A body of which not even the beginning was kept.
    fn too_long(&self, request: &Request) -> Problem {
        let document = control::takes_document(request.method, &request.path);
        let detail = if document {
            format!(
                "the document is longer than {} bytes; what a world keeps most of is its journal: \
                 DELETE /_shipmock/requests before it is saved, or bound it with `journal.bytes` of the scenario",
                self.context.limits.state_bytes
            )
        } else {
            format!("the body is longer than {} bytes", self.context.limits.body_bytes)
        };
        Problem::new(413, "Too long", detail)
    }

    async fn control(
        &self,
        world: &str,
        request: &Request,
        host: &str,
        line: &Arc<Spoiled>,
    ) -> OpenedStream {
        let opened = self.admitted(world, request, host, line).await;
        opened.unwrap_or_else(|problem| (problem.reply(), None))
    }

    /// What the control API answers to whoever may call it.
    async fn admitted(
        &self,
        world: &str,
        request: &Request,
        host: &str,
        line: &Arc<Spoiled>,
    ) -> Result<OpenedStream, Problem> {
        self.access.admit(&request.headers, host)?;
        if request.oversize {
            return Err(self.too_long(request));
        }
        // Reading builds scenarios from what was sent, so it is not trusted to be harmless either.
        match guarded(|| control::read(request))?? {
            Job::Shell(ShellJob::Listen(order)) => {
                let entry = self.context.worlds.enter(world)?;
                Ok(event_stream::listen(&self.context, entry, *order, request.method, line))
            }
            job => Ok((self.run(world, job, request).await?, None)),
        }
    }

    async fn run(&self, world: &str, job: Job, request: &Request) -> Result<Reply, Problem> {
        let done = match job {
            Job::Shell(job) => control_jobs::run(&self.context, world, job).await,
            Job::World(job) => self.within(world, job, request).await,
        };
        self.context.worlds.observed(world).await;
        done
    }

    /// What the control API answers to a call from within this process. Its streams are for sockets.
    pub(crate) async fn drive(&self, world: &str, request: &Request) -> Reply {
        let done = match guarded(|| control::read(request)) {
            Err(panicked) => Err(panicked.into()),
            Ok(Err(problem)) => Err(problem),
            Ok(Ok(job)) => self.run(world, job, request).await,
        };
        done.unwrap_or_else(|problem| problem.reply())
    }

    /// Does a job of one world. How long it takes is up to what the world holds.
    async fn within(
        &self,
        world: &str,
        job: WorldJob,
        request: &Request,
    ) -> Result<Reply, Problem> {
        let entry = self.context.worlds.enter(world)?;
        let turn = if job.drives() { Some(entry.turn_to_drive().await?) } else { None };
        let request = request.clone();
        if !job.changes() {
            return perform(&entry, job, request).await;
        }
        control_jobs::to_its_end(async move {
            let done = perform(&entry, job, request).await;
            drop(turn);
            done
        })
        .await
    }
}

/// Does a job in its world.
async fn perform(
    entry: &Arc<WorldEntry>,
    job: WorldJob,
    request: Request,
) -> Result<Reply, Problem> {
    let name = entry.name().to_owned();
    let done = entry.occupy(move |inside| {
        let wall = Timestamp::now();
        inside.catch_up(inside.clock().at(wall));
        inside.perform(&job, &request, &name, wall)
    });
    let done = done.await;
    // The clock may have been set; that is nothing an agenda shows.
    entry.wake_driver();
    Ok(done?)
}

async fn provider(
    entry: &Arc<WorldEntry>,
    sender: &Arc<WebhookSender>,
    name: Name,
    request: Request,
) -> Reply {
    let answered = entry.lock_and_wake(|world| {
        world.catch_up(world.clock().at(Timestamp::now()));
        let reply = world.request(name, request);
        (reply, world.take_attempts_before_reply())
    });
    let reply = match answered.await {
        Ok((reply, attempts)) => {
            if !attempts.is_empty() {
                Box::pin(clock_driver::send_before_reply(entry, sender, attempts)).await;
            }
            reply
        }
        Err(panicked) => Problem::from(panicked).reply(),
    };
    entry.observed().await;
    reply
}

/// What links in an answer begin with.
fn base(host: &str, prefix: &str) -> String {
    let mut base = String::with_capacity(7 + host.len() + prefix.len());
    base.push_str("http://");
    base.push_str(host);
    base.push_str(prefix);
    base
}

fn no_tunnel() -> Problem {
    Problem::new(501, "Method not implemented", "`CONNECT` asks for a tunnel, and there is none")
}
