//! The calls of the API as a table, and the reading of a request by it.

use crate::control::ask::Asked;
use crate::control::problem::{Problem, echo};
use crate::control::{Job, ShellJob, WorldJob, clock, entities, requests, rules, webhooks, worlds};
use crate::http::{Args, Method, Reply, Request, matches};
use crate::kit::text::did_you_mean;

use Method::{Delete, Get, Patch, Post, Put};
use Takes::{Anything, Nothing};

/// One row of the table.
#[derive(Debug)]
pub struct Call {
    /// The verb.
    pub method: Method,
    /// The path behind `/_shipmock`, arguments in braces.
    pub path: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// The parameters of its query.
    pub query: &'static [Field],
    /// What its body may hold.
    pub body: Takes,
    read: fn(&Asked) -> Result<Job, Reply>,
}

/// A parameter of a query, or a field of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it takes, in words.
    pub takes: &'static str,
}

/// What the body of a call may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// An object with some of these fields.
    Fields(&'static [Field]),
    /// An object whose fields are its provider's business.
    Anything,
}

const fn field(name: &'static str, takes: &'static str) -> Field {
    Field { name, takes }
}

const fn call(
    method: Method,
    path: &'static str,
    summary: &'static str,
    query: &'static [Field],
    body: Takes,
    read: fn(&Asked) -> Result<Job, Reply>,
) -> Call {
    Call { method, path, summary, query, body, read }
}

fn shell(job: ShellJob) -> Result<Job, Reply> {
    Ok(Job::Shell(job))
}

fn world(job: WorldJob) -> Result<Job, Reply> {
    Ok(Job::World(job))
}

const LIMIT: Field = field("limit", "how many at most, 1 to 1000; 100 unless said otherwise");

#[rustfmt::skip]
const PAGE: &[Field] = &[field("after", "the id after which the list begins"), LIMIT];

#[rustfmt::skip]
const REQUESTS: &[Field] = &[
    field("provider", "the provider that answered"),
    field("method",   "the verb"),
    field("path",     "a part of the path; with `*` for anything, the whole of it"),
    field("status",   "a status such as `422`, or a class such as `4xx`"),
    field("evidence", "`documented`, `observed`, `inferred` or `injected`"),
    field("after",    "the id after which the list begins, as `r17`"),
    LIMIT,
];

#[rustfmt::skip]
const WEBHOOKS: &[Field] = &[
    field("provider", "the provider that sends it"),
    field("event",    "the event"),
    field("state",    "`pending`, `delivered`, `failed`, `captured`, `cancelled` or `dropped`"),
    field("after",    "the id after which the list begins, as `d3`"),
    LIMIT,
];

#[rustfmt::skip]
const ORDER: Takes = Takes::Fields(&[
    field("scenario", "the name of a ready-made scenario, or a whole one as an object"),
    field("seed",     "the seed of everything that is made up"),
    field("clock",    "a mode, or an object with `mode`, `at` and `speed`"),
    field("from",     "the world to fork, instead of all the others"),
]);

#[rustfmt::skip]
const CLOCK: Takes = Takes::Fields(&[
    field("mode",  "`real`, `frozen` or `scaled`"),
    field("speed", "world seconds a second, for `scaled`"),
    field("now",   "an instant, not before the world's own"),
]);

#[rustfmt::skip]
const ADVANCE: Takes = Takes::Fields(&[
    field("by",    "a duration such as `36h`"),
    field("to",    "an instant"),
    field("until", "`next` or `idle`"),
]);

#[rustfmt::skip]
const MOVE: Takes = Takes::Fields(&[
    field("on", "an input of its table"),
    field("to", "a state, reached by the shortest chain of inputs"),
]);

#[rustfmt::skip]
const CALLS: &[Call] = &[
    call(Get,    "/health",                              "Whether it is up",                                    &[],      Nothing,  |_| shell(ShellJob::Health)),
    call(Get,    "/presets",                             "Addresses, credentials, ids and magic values",        &[],      Nothing,  |_| world(WorldJob::Presets)),
    call(Get,    "/worlds",                              "The worlds",                                          &[],      Nothing,  |_| shell(ShellJob::Worlds)),
    call(Put,    "/worlds/{name}",                       "Make a world, replace it, or fork another",           &[],      ORDER,    worlds::read_put),
    call(Delete, "/worlds/{name}",                       "Drop a world",                                        &[],      Nothing,  worlds::read_drop),
    call(Post,   "/reset",                               "Drop this world and build it again",                  &[],      Nothing,  |_| shell(ShellJob::Reset)),
    call(Get,    "/clock",                               "The time of this world",                              &[],      Nothing,  |_| world(WorldJob::Clock)),
    call(Patch,  "/clock",                               "Set how time runs, or what it is",                    &[],      CLOCK,    clock::read_order),
    call(Post,   "/clock/advance",                       "Let time pass, and wait until everything has settled", &[],     ADVANCE,  clock::read_advance),
    call(Get,    "/{provider}/entities",                 "The kinds of entity, counted",                        &[],      Nothing,  entities::read_kinds),
    call(Get,    "/{provider}/entities/{kind}",          "The entities of a kind",                              PAGE,     Nothing,  entities::read_list),
    call(Get,    "/{provider}/entities/{kind}/{id}",     "One entity: state, history, moves, what is due, data", &[],     Nothing,  entities::read_show),
    call(Patch,  "/{provider}/entities/{kind}/{id}",     "Set what an operator could set",                      &[],      Anything, entities::read_patch),
    call(Post,   "/{provider}/entities/{kind}/{id}/move", "Move it along its table",                            &[],      MOVE,     entities::read_move),
    call(Get,    "/requests",                            "The journal",                                         REQUESTS, Nothing,  requests::read_list),
    call(Get,    "/requests/{id}",                       "One call, its answer, and why",                       &[],      Nothing,  requests::read_show),
    call(Delete, "/requests",                            "Forget the journal",                                  &[],      Nothing,  requests::read_forget),
    call(Get,    "/rules",                               "The rules, and how often each was used",              &[],      Nothing,  rules::read_list),
    call(Post,   "/rules",                               "Install a fault or an override",                      &[],      Anything, rules::read_install),
    call(Delete, "/rules/{id}",                          "Take a rule away",                                    &[],      Nothing,  rules::read_remove),
    call(Get,    "/webhooks",                            "The ledger of deliveries",                            WEBHOOKS, Nothing,  webhooks::read_list),
    call(Get,    "/webhooks/{id}",                       "One delivery",                                        &[],      Nothing,  webhooks::read_show),
    call(Post,   "/webhooks/{id}/redeliver",             "Send a delivery once more",                           &[],      Nothing,  webhooks::read_redeliver),
    call(Get,    "/metrics",                             "Counters, as Prometheus reads them",                  &[],      Nothing,  |_| shell(ShellJob::Metrics)),
];

/// The table.
pub fn calls() -> &'static [Call] {
    CALLS
}

/// What a request asks for. Its path is the one behind `/_shipmock`.
///
/// # Errors
/// The answer to a request that asks for nothing we have, or asks for it wrongly.
pub fn read(request: &Request) -> Result<Job, Reply> {
    let method = if request.method == Method::Head { Get } else { request.method };
    let rows: Vec<(&Call, Args)> =
        CALLS.iter().filter_map(|row| Some((row, matches(row.path, &request.path)?))).collect();
    if rows.is_empty() {
        return Err(unknown(&request.path));
    }
    let methods: Vec<Method> = rows.iter().map(|(row, _)| row.method).collect();
    match rows.into_iter().find(|(row, _)| row.method == method) {
        Some((row, args)) => (row.read)(&Asked::of(row, args, request)?),
        None => Err(refused(request, methods)),
    }
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
