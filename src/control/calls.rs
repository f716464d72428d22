//! The calls of the API as a table, and the reading of a request by it. What they take and answer with is in it:
//! the description of the API, the front page and the tests are written from it.

use crate::control::extract::Extracted;
use crate::control::problem::{Problem, echo};
use crate::control::shape::{Parameter, Record};
use crate::control::{
    Job, ShellJob, WorldJob, clock, entities, events, pagination, records, requests, rules, state,
    verify, waiting, webhooks, worlds,
};
use crate::kit::text::did_you_mean;
use crate::message::{Args, Method, Reply, Request, matches};

use Method::{Delete, Get, Patch, Post, Put};
use Says::{Events, Metrics, Nothing as Silence};
use Takes::{Anything, Document, Fields, Nothing};

/// One row of the table.
#[derive(Debug)]
pub struct ControlCall {
    /// The verb.
    pub method: Method,
    /// The path behind `/_shipmock`, arguments in braces.
    pub path: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// The parameters of its query.
    pub query: &'static [Parameter],
    /// What its body may hold.
    pub body: Takes,
    /// The statuses with which it answers when nothing is wrong.
    pub statuses: &'static [u16],
    /// What it answers then.
    pub says: Says,
    /// The statuses of its own refusals.
    pub refuses: &'static [u16],
    read: fn(&Extracted) -> Result<Job, Reply>,
}

/// What the body of a call may hold.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// An object with some of these fields.
    Fields(&'static [Parameter]),
    /// An object that its own reader takes apart.
    Record(&'static Record),
    /// An object whose fields are its provider's business.
    Anything,
    /// A whole world, which may be long and is not taken apart here.
    Document,
}

/// What a call answers when nothing is wrong.
#[derive(Debug, Clone, Copy)]
pub enum Says {
    /// Nothing.
    Nothing,
    /// An object.
    Json(&'static Record),
    /// A description of this API.
    Openapi,
    /// Server-sent events that go on.
    Events,
    /// Text for Prometheus.
    Metrics,
}

fn shell(job: ShellJob) -> Result<Job, Reply> {
    Ok(Job::Shell(job))
}

fn world(job: WorldJob) -> Result<Job, Reply> {
    Ok(Job::World(job))
}

const fn json(record: &'static Record) -> Says {
    Says::Json(record)
}

#[rustfmt::skip]
const CALLS: &[ControlCall] = &[
    ControlCall { method: Get,    path: "/health",                               summary: "Whether it is up",                                     query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::HEALTH),    refuses: &[],                   read: |_| shell(ShellJob::Health) },
    ControlCall { method: Get,    path: "/openapi.json",                         summary: "This description",                                     query: &[],                  body: Nothing,                       statuses: &[200],      says: Says::Openapi,             refuses: &[],                   read: |_| shell(ShellJob::Openapi) },
    ControlCall { method: Get,    path: "/presets",                              summary: "Addresses, credentials, ids and magic values",         query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::PRESETS),   refuses: &[],                   read: |_| world(WorldJob::Presets) },
    ControlCall { method: Get,    path: "/worlds",                               summary: "The worlds",                                           query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::WORLDS),    refuses: &[],                   read: |_| shell(ShellJob::Worlds) },
    ControlCall { method: Put,    path: "/worlds/{name}",                        summary: "Make a world, replace it, or fork another",            query: &[],                  body: Fields(worlds::ORDER),         statuses: &[200, 201], says: json(&records::WORLD),     refuses: &[404, 422, 507],      read: worlds::read_put },
    ControlCall { method: Delete, path: "/worlds/{name}",                        summary: "Drop a world",                                         query: &[],                  body: Nothing,                       statuses: &[204],      says: Silence,                   refuses: &[404, 422],           read: worlds::read_drop },
    ControlCall { method: Post,   path: "/reset",                                summary: "Drop this world and build it again",                   query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::WORLD),     refuses: &[],                   read: |_| shell(ShellJob::Reset) },
    ControlCall { method: Get,    path: "/clock",                                summary: "The time of this world",                               query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::CLOCK),     refuses: &[],                   read: |_| world(WorldJob::Clock) },
    ControlCall { method: Patch,  path: "/clock",                                summary: "Set how time runs, or what it is",                     query: &[],                  body: Fields(clock::ORDER),          statuses: &[200],      says: json(&records::CLOCK),     refuses: &[409, 422],           read: clock::read_order },
    ControlCall { method: Post,   path: "/clock/advance",                        summary: "Let time pass, and wait until everything has settled", query: &[],                  body: Fields(clock::ADVANCE),        statuses: &[200],      says: json(&records::ADVANCED),  refuses: &[409, 422],           read: clock::read_advance },
    ControlCall { method: Get,    path: "/state",                                summary: "The whole world as one document",                      query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::STATE),     refuses: &[],                   read: state::read_save },
    ControlCall { method: Put,    path: "/state",                                summary: "Put a document back as this world",                    query: &[],                  body: Document,                      statuses: &[200, 201], says: json(&records::WORLD),     refuses: &[400, 413, 422, 507], read: state::read_restore },
    ControlCall { method: Get,    path: "/{provider}/entities",                  summary: "The kinds of entity, counted",                         query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::KINDS),     refuses: &[404],                read: entities::read_kinds },
    ControlCall { method: Get,    path: "/{provider}/entities/{kind}",           summary: "The entities of a kind",                               query: pagination::PARAMETERS,     body: Nothing,                       statuses: &[200],      says: json(&records::ENTITIES),  refuses: &[404, 422],           read: entities::read_list },
    ControlCall { method: Get,    path: "/{provider}/entities/{kind}/{id}",      summary: "One entity: state, history, moves, what is due, data", query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::ENTITY),    refuses: &[404],                read: entities::read_show },
    ControlCall { method: Patch,  path: "/{provider}/entities/{kind}/{id}",      summary: "Set what an operator could set",                       query: &[],                  body: Anything,                      statuses: &[200],      says: json(&records::ENTITY),    refuses: &[404, 422],           read: entities::read_patch },
    ControlCall { method: Post,   path: "/{provider}/entities/{kind}/{id}/move", summary: "Move it along its table",                              query: &[],                  body: Fields(entities::MOVE),        statuses: &[200],      says: json(&records::ENTITY),    refuses: &[404, 409, 422],      read: entities::read_move },
    ControlCall { method: Get,    path: "/requests",                             summary: "The journal",                                          query: requests::PARAMETERS, body: Nothing,                       statuses: &[200],      says: json(&records::REQUESTS),  refuses: &[422],                read: requests::read_list },
    ControlCall { method: Get,    path: "/requests/{id}",                        summary: "One call, its answer, and why",                        query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::REQUEST),   refuses: &[404],                read: requests::read_show },
    ControlCall { method: Delete, path: "/requests",                             summary: "Forget the journal",                                   query: &[],                  body: Nothing,                       statuses: &[204],      says: Silence,                   refuses: &[],                   read: requests::read_forget },
    ControlCall { method: Get,    path: "/events",                               summary: "The journal as server-sent events",                    query: events::PARAMETERS,   body: Nothing,                       statuses: &[200],      says: Events,                    refuses: &[422, 503],           read: events::read },
    ControlCall { method: Post,   path: "/verify",                               summary: "Whether calls have come, and how many",                query: &[],                  body: Fields(verify::FIELDS),        statuses: &[200],      says: json(&records::VERIFIED),  refuses: &[409, 422],           read: verify::read },
    ControlCall { method: Post,   path: "/await",                                summary: "Wait for a call, a state, a delivery, or quiet",       query: &[],                  body: Fields(waiting::FIELDS),       statuses: &[200],      says: json(&records::AWAITED),   refuses: &[409, 422, 503],      read: waiting::read },
    ControlCall { method: Get,    path: "/rules",                                summary: "The rules, and how often each was used",               query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::RULES),     refuses: &[],                   read: rules::read_list },
    ControlCall { method: Post,   path: "/rules",                                summary: "Install a fault or an override",                       query: &[],                  body: Takes::Record(&records::RULE), statuses: &[201],      says: json(&records::INSTALLED), refuses: &[422],                read: rules::read_install },
    ControlCall { method: Delete, path: "/rules/{id}",                           summary: "Take a rule away",                                     query: &[],                  body: Nothing,                       statuses: &[204],      says: Silence,                   refuses: &[404],                read: rules::read_remove },
    ControlCall { method: Get,    path: "/webhooks",                             summary: "The ledger of deliveries",                             query: webhooks::PARAMETERS, body: Nothing,                       statuses: &[200],      says: json(&records::WEBHOOKS),  refuses: &[422],                read: webhooks::read_list },
    ControlCall { method: Get,    path: "/webhooks/{id}",                        summary: "One delivery",                                         query: &[],                  body: Nothing,                       statuses: &[200],      says: json(&records::DELIVERY),  refuses: &[404],                read: webhooks::read_show },
    ControlCall { method: Post,   path: "/webhooks/{id}/redeliver",              summary: "Send a delivery once more",                            query: &[],                  body: Nothing,                       statuses: &[202],      says: json(&records::DELIVERY),  refuses: &[404],                read: webhooks::read_redeliver },
    ControlCall { method: Get,    path: "/metrics",                              summary: "Counters, as Prometheus reads them",                   query: &[],                  body: Nothing,                       statuses: &[200],      says: Metrics,                   refuses: &[],                   read: |_| shell(ShellJob::Metrics) },
];

/// The table.
pub fn calls() -> &'static [ControlCall] {
    CALLS
}

/// What a request asks for. Its path is the one behind `/_shipmock`.
///
/// # Errors
/// The answer to a request that asks for nothing we have, or asks for it wrongly.
pub fn read(request: &Request) -> Result<Job, Reply> {
    let method = if request.method == Method::Head { Get } else { request.method };
    let rows: Vec<(&ControlCall, Args)> =
        CALLS.iter().filter_map(|row| Some((row, matches(row.path, &request.path)?))).collect();
    if rows.is_empty() {
        return Err(unknown(&request.path));
    }
    let methods: Vec<Method> = rows.iter().map(|(row, _)| row.method).collect();
    match rows.into_iter().find(|(row, _)| row.method == method) {
        Some((row, args)) => (row.read)(&Extracted::of(row, args, request)?),
        None => Err(refused(request, methods)),
    }
}

/// Whether a call brings a whole world, for which more of its body is read.
pub fn takes_document(method: Method, path: &str) -> bool {
    CALLS.iter().any(|row| {
        matches!(row.body, Document) && row.method == method && matches(row.path, path).is_some()
    })
}

/// 405, with what is allowed.
fn refused(request: &Request, mut methods: Vec<Method>) -> Reply {
    if methods.contains(&Get) {
        methods.push(Method::Head);
    }
    methods.sort();
    methods.dedup();
    let words: Vec<&str> = methods.iter().map(|method| method.word()).collect();
    let allow = words.join(", ");
    let detail = format!("`{}` takes {allow}, not {}", echo(&request.path), request.method);
    Problem::new(405, "Wrong method", detail).with("allow", words).reply().with("Allow", allow)
}

/// 404, with what was probably meant and everything there is.
fn unknown(path: &str) -> Reply {
    let given: Vec<&str> = path.trim_matches('/').split('/').collect();
    // Arguments fit anything, so each pattern is compared with what was given in their places.
    let filled = CALLS.iter().filter_map(|row| {
        let wanted: Vec<&str> = row.path.trim_matches('/').split('/').collect();
        let fits = wanted.len() == given.len();
        let fill = |(want, got): (&&str, &&str)| match want.starts_with('{') {
            true => (*got).to_owned(),
            false => (*want).to_owned(),
        };
        let words: Vec<String> = wanted.iter().zip(&given).map(fill).collect();
        fits.then(|| format!("/{}", words.join("/")))
    });
    let filled: Vec<String> = filled.collect();
    let detail = format!("there is no call `{}`", echo(path));
    let mut problem = Problem::new(404, "Unknown call", detail);
    let clean = format!("/{}", given.join("/"));
    if let Some(meant) = did_you_mean(&clean, filled.iter().map(String::as_str)) {
        problem = problem.with("did_you_mean", meant);
    }
    let calls: Vec<String> =
        CALLS.iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    problem.with("known", calls).reply()
}
