//! The routing table: the calls of the API, each with what it takes and answers, and the reading of a request by it. The
//! description of the API, the front page and the tests are written from it.

use crate::control::call::{ControlCall, Reader, Says, Takes, json};
use crate::control::clock::{AdvanceBody, Advanced, ClockBody, ClockStatus};
use crate::control::entities::{
    EntityPage, KindList, MoveBody, MovedEntity, PatchBody, Subject, WholeEntity,
};
use crate::control::events::EventsQuery;
use crate::control::extract::{DocumentBody, Extracted, Json, NoFields};
use crate::control::health::Health;
use crate::control::job::{Job, ShellJob, WorldJob};
use crate::control::pagination::PageQuery;
use crate::control::presets::WorldPresets;
use crate::control::problem::{Problem, echo};
use crate::control::requests::{JournalPage, JournalQuery, WholeCall};
use crate::control::rules::{self, InstalledRule, RuleList};
use crate::control::verify::{Verified, VerifyBody};
use crate::control::waiting::{AwaitAnswer, AwaitBody};
use crate::control::webhooks::{LedgerEntry, LedgerPage, LedgerQuery, Targets};
use crate::control::worlds::{MadeWorld, WorldBody, WorldLine, WorldList, named};
use crate::kit::text::did_you_mean;
use crate::message::{Args, Method, Request, matches};
use crate::world::WorldDocument;

use Method::{Delete, Get, Patch, Post, Put};
use Says::{Events, Metrics, Nothing as Silence};

const fn call(
    method: Method,
    path: &'static str,
    summary: &'static str,
    statuses: &'static [u16],
    says: Says,
    refuses: &'static [u16],
    takes: &'static dyn Takes,
) -> ControlCall {
    ControlCall { method, path, summary, statuses, says, refuses, takes }
}

fn shell(job: ShellJob) -> Result<Job, Problem> {
    Ok(Job::Shell(job))
}

fn world(job: WorldJob) -> Result<Job, Problem> {
    Ok(Job::World(job))
}

#[rustfmt::skip]
const CALLS: &[ControlCall] = &[
    call(Get,    "/health",                               "Whether it is up",                                     &[200],      json::<Health>(),        &[],                   &Reader(|_, NoFields {}, NoFields {}| shell(ShellJob::Health))),
    call(Get,    "/openapi.json",                         "This description",                                     &[200],      Says::Openapi,           &[],                   &Reader(|_, NoFields {}, NoFields {}| shell(ShellJob::Openapi))),
    call(Get,    "/presets",                              "Addresses, credentials, ids and magic values",         &[200],      json::<WorldPresets>(),  &[],                   &Reader(|_, NoFields {}, NoFields {}| world(WorldJob::Presets))),
    call(Get,    "/worlds",                               "The worlds",                                           &[200],      json::<WorldList>(),     &[],                   &Reader(|_, NoFields {}, NoFields {}| shell(ShellJob::Worlds))),
    call(Put,    "/worlds/{name}",                        "Make a world, replace it, or fork another",            &[200, 201], json::<MadeWorld>(),     &[404, 409, 422, 507], &Reader(|it, NoFields {}, Json(body)| shell(ShellJob::Put { name: named(it.arg(0))?, order: Box::new(WorldBody::order(body)?) }))),
    call(Delete, "/worlds/{name}",                        "Drop a world",                                         &[204],      Silence,                 &[404, 422],           &Reader(|it, NoFields {}, NoFields {}| shell(ShellJob::Drop { name: named(it.arg(0))? }))),
    call(Post,   "/reset",                                "Drop this world and build it again",                   &[200],      json::<WorldLine>(),     &[],                   &Reader(|_, NoFields {}, NoFields {}| shell(ShellJob::Reset))),
    call(Get,    "/clock",                                "The time of this world",                               &[200],      json::<ClockStatus>(),   &[],                   &Reader(|_, NoFields {}, NoFields {}| world(WorldJob::Clock))),
    call(Patch,  "/clock",                                "Set how time runs, or what it is",                     &[200],      json::<ClockStatus>(),   &[409, 422],           &Reader(|_, NoFields {}, Json(body)| world(WorldJob::SetClock(ClockBody::order(body)?)))),
    call(Post,   "/clock/advance",                        "Let time pass, and wait until everything has settled", &[200],      json::<Advanced>(),      &[409, 422],           &Reader(|_, NoFields {}, Json(body)| shell(ShellJob::Advance(AdvanceBody::order(body)?)))),
    call(Get,    "/state",                                "The whole world as one document",                      &[200],      json::<WorldDocument>(), &[],                   &Reader(|_, NoFields {}, NoFields {}| shell(ShellJob::Save))),
    call(Put,    "/state",                                "Put a document back as this world",                    &[200, 201], json::<MadeWorld>(),     &[400, 413, 422, 507], &Reader(|_, NoFields {}, document: DocumentBody<WorldDocument<'_>>| shell(ShellJob::Restore(document.body)))),
    call(Get,    "/{provider}/entities",                  "The kinds of entity, counted",                         &[200],      json::<KindList>(),      &[404],                &Reader(|it, NoFields {}, NoFields {}| world(WorldJob::Kinds(it.provider()?)))),
    call(Get,    "/{provider}/entities/{kind}",           "The entities of a kind",                               &[200],      json::<EntityPage>(),    &[404, 422],           &Reader(|it, page, NoFields {}| world(WorldJob::Entities { provider: it.provider()?, kind: it.arg(1).to_owned(), page: PageQuery::cursor(page) }))),
    call(Get,    "/{provider}/entities/{kind}/{id}",      "One entity: state, history, moves, what is due, data", &[200],      json::<WholeEntity>(),   &[404],                &Reader(|it, NoFields {}, NoFields {}| world(WorldJob::Entity(Subject::of(it)?)))),
    call(Patch,  "/{provider}/entities/{kind}/{id}",      "Set what an operator could set",                       &[200],      json::<WholeEntity>(),   &[404, 409, 422],      &Reader(|it, NoFields {}, Json(PatchBody(fields))| world(WorldJob::Patch(Subject::of(it)?, fields)))),
    call(Post,   "/{provider}/entities/{kind}/{id}/move", "Move it along its table",                              &[200],      json::<MovedEntity>(),   &[404, 409, 422],      &Reader(|it, NoFields {}, Json(body)| { let order = MoveBody::order(body)?; world(WorldJob::Move(Subject::of(it)?, order)) })),
    call(Get,    "/requests",                             "The journal",                                          &[200],      json::<JournalPage>(),   &[422],                &Reader(|_, query, NoFields {}| world(WorldJob::Requests(JournalQuery::filter(query)?)))),
    call(Get,    "/requests/{id}",                        "One call, its answer, and why",                        &[200],      json::<WholeCall>(),     &[404],                &Reader(|it, NoFields {}, NoFields {}| world(WorldJob::Request(it.arg(0).to_owned())))),
    call(Delete, "/requests",                             "Forget the journal",                                   &[204],      Silence,                 &[],                   &Reader(|_, NoFields {}, NoFields {}| world(WorldJob::Forget))),
    call(Get,    "/events",                               "The journal as server-sent events",                    &[200],      Events,                  &[422, 503],           &Reader(|it, query, NoFields {}| shell(ShellJob::Listen(Box::new(EventsQuery::listen(query, it.last_event())?))))),
    call(Post,   "/verify",                               "Whether calls have come, and how many",                &[200],      json::<Verified>(),      &[409, 422],           &Reader(|_, NoFields {}, Json(body)| shell(ShellJob::Verify(Box::new(VerifyBody::order(body)?))))),
    call(Post,   "/await",                                "Wait for a call, a state, a delivery, or quiet",       &[200],      json::<AwaitAnswer>(),   &[409, 422, 503],      &Reader(|_, NoFields {}, Json(body)| shell(ShellJob::Await(Box::new(AwaitBody::order(body)?))))),
    call(Get,    "/rules",                                "The rules, and how often each was used",               &[200],      json::<RuleList>(),      &[],                   &Reader(|_, NoFields {}, NoFields {}| world(WorldJob::Rules))),
    call(Post,   "/rules",                                "Install a fault or an override",                       &[201],      json::<InstalledRule>(), &[422],                &Reader(|_, NoFields {}, rule| world(WorldJob::Install(Box::new(rules::read(rule)?))))),
    call(Delete, "/rules/{id}",                           "Take a rule away",                                     &[204],      Silence,                 &[404],                &Reader(|it, NoFields {}, NoFields {}| world(WorldJob::Uninstall(it.arg(0).to_owned())))),
    call(Get,    "/webhooks",                             "The ledger of deliveries",                             &[200],      json::<LedgerPage>(),    &[422],                &Reader(|_, query, NoFields {}| world(WorldJob::Webhooks(LedgerQuery::filter(query)?)))),
    call(Get,    "/webhooks/targets",                     "Where its webhooks go instead",                        &[200],      json::<Targets>(),       &[],                   &Reader(|_, NoFields {}, NoFields {}| world(WorldJob::Targets))),
    call(Put,    "/webhooks/targets",                     "Say where its webhooks go instead",                    &[200],      json::<Targets>(),       &[422],                &Reader(|_, NoFields {}, Json(Targets(targets))| world(WorldJob::Retarget(targets)))),
    call(Get,    "/webhooks/{id}",                        "One delivery",                                         &[200],      json::<LedgerEntry>(),   &[404],                &Reader(|it, NoFields {}, NoFields {}| world(WorldJob::Webhook(it.arg(0).to_owned())))),
    call(Post,   "/webhooks/{id}/redeliver",              "Send a delivery once more",                            &[202],      json::<LedgerEntry>(),   &[404],                &Reader(|it, NoFields {}, NoFields {}| world(WorldJob::Redeliver(it.arg(0).to_owned())))),
    call(Get,    "/metrics",                              "Counters, as Prometheus reads them",                   &[200],      Metrics,                 &[],                   &Reader(|_, NoFields {}, NoFields {}| shell(ShellJob::Metrics))),
];

/// The table.
pub fn calls() -> &'static [ControlCall] {
    CALLS
}

/// What a request asks for. Its path is the one behind `/_shipmock`.
///
/// # Errors
/// What is wrong with a request that asks for nothing we have, or asks for it wrongly.
pub fn read(request: &Request) -> Result<Job, Problem> {
    let method = if request.method == Method::Head { Get } else { request.method };
    let rows: Vec<(&ControlCall, Args)> =
        CALLS.iter().filter_map(|row| Some((row, matches(row.path, &request.path)?))).collect();
    if rows.is_empty() {
        return Err(unknown(&request.path));
    }
    let methods: Vec<Method> = rows.iter().map(|(row, _)| row.method).collect();
    match rows.into_iter().find(|(row, _)| row.method == method) {
        Some((row, args)) => row.takes.job(&Extracted::of(request, args)),
        None => Err(refused(request, methods)),
    }
}

/// Whether a call brings a whole world, for which more of its body is read.
pub fn takes_document(method: Method, path: &str) -> bool {
    CALLS.iter().any(|row| {
        row.takes.is_document() && row.method == method && matches(row.path, path).is_some()
    })
}

/// 405, with what is allowed.
fn refused(request: &Request, mut methods: Vec<Method>) -> Problem {
    if methods.contains(&Get) {
        methods.push(Method::Head);
    }
    methods.sort();
    methods.dedup();
    let words: Vec<&str> = methods.iter().map(|method| method.word()).collect();
    let detail = format!(
        "`{}` takes {}, not {}",
        echo(&request.path),
        words.join(", "),
        echo(request.verb())
    );
    let allow = words.join(", ");
    Problem::new(405, "Wrong method", detail).with("allow", words).header("Allow", allow)
}

/// 404, with what was probably meant and everything there is.
fn unknown(path: &str) -> Problem {
    let given: Vec<&str> = path.trim_matches('/').split('/').collect();
    // Arguments fit anything, so each pattern is compared with what was given in their places.
    let filled = CALLS.iter().filter_map(|row| {
        let wanted: Vec<&str> = row.path.trim_matches('/').split('/').collect();
        let fits = wanted.len() == given.len();
        let fill = |(want, got): (&&'static str, &&str)| {
            if want.starts_with('{') { (*got).to_owned() } else { (*want).to_owned() }
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
    problem.with("known", calls)
}
