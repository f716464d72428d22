//! Batches of orders, and the jobs that work them off: public pages "Batch create or update orders", "View a job".

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::kit::time::iso_seconds;
use crate::message::{Evidence, Reply, Request};
use crate::providers::shipup::fields::MOST_ORDERS;
use crate::providers::shipup::machines::{JOB, JobInput, JobStatus};
use crate::providers::shipup::resources::{body, payload, schema, wire};
use crate::providers::shipup::rules::upsert;
use crate::providers::shipup::state::book::next;
use crate::providers::shipup::state::job::Job;
use crate::providers::shipup::{Error, Shipup, Timer};
use crate::providers::{Call, Cx, Due};
use crate::sim::machine::InputRefused;

/// How long a job waits for its turn, and how long it takes.
const STEP: SignedDuration = SignedDuration::from_secs(1);
/// What a job says it was asked for; the public sample prints this address.
const ASKED: &str = "https://api.shipup.co/v2/orders";

/// `POST /v2/orders/batch_create`: written down now, worked off later.
pub fn batch(cx: &mut Cx<'_, Shipup>, call: &Call<'_, Shipup>) -> Result<Reply, Error> {
    let switches = cx.state.switches;
    let fields = body::fields(call.request, switches.any_content_type).ok_or(Error::NotJson)?;
    // Each order is held against its table when its turn comes; here only that there is a list of them.
    schema::check(&fields, call.takes, switches.strictness()).map_err(Error::Invalid)?;
    let orders = fields.get("orders").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if orders.len() > MOST_ORDERS {
        return Err(Error::TooLong("orders", MOST_ORDERS));
    }
    // What will be passed over then is told now, where somebody looks for it.
    let checked = orders
        .iter()
        .filter_map(Value::as_object)
        .map(|order| schema::check_order(order, "body.orders[]", switches.strictness()));
    let passed_over: BTreeSet<String> =
        checked.filter_map(Result::ok).flat_map(|fitting| fitting.passed_over).collect();
    let id = next(&mut cx.state.book.numbers.job);
    let job = Job {
        id,
        account: call.caller.account,
        queued_at: cx.now,
        processed_at: None,
        completed_at: None,
        body: fields,
        results: Vec::new(),
        life: JOB.start(),
    };
    cx.state.book.jobs.insert(id, job);
    cx.out.after(STEP, Timer::Job(id));
    let location = format!("{}/v2/jobs/{id}", prefix(call.request));
    let reply = wire::reply(202, &json!({ "job_id": id })).evidence(Evidence::Observed);
    let unread = body::unread(call.request);
    Ok(reply.with("Location", location).passing_over(passed_over).passing_over(unread))
}

/// Our own prefix of the path, empty for a host of its own.
fn prefix(request: &Request) -> &str {
    let authority = request.base.split_once("://").map_or("", |(_, rest)| rest);
    authority.find('/').and_then(|at| authority.get(at..)).unwrap_or_default()
}

/// `GET /v2/jobs/{id}`.
pub fn show(cx: &mut Cx<'_, Shipup>, call: &Call<'_, Shipup>) -> Result<Reply, Error> {
    let job = call.args.number(0).and_then(|id| cx.state.book.jobs.get(&id));
    let job = job.filter(|job| job.account == call.caller.account).ok_or(Error::NotFound("Job"))?;
    let shown = data(job, cx.state.switches.iso_dates);
    Ok(wire::reply(200, &shown).evidence(Evidence::Observed))
}

/// A job as its endpoint shows it.
pub fn data(job: &Job, iso: bool) -> Value {
    let date = |at: Timestamp| {
        if iso { Value::from(iso_seconds(at)) } else { Value::from(at.as_second()) }
    };
    json!({
        "id": job.id,
        "status": job.life.state(),
        "queued_at": date(job.queued_at),
        "processed_at": job.processed_at.map(date),
        "completed_at": job.completed_at.map(date),
        "results": job.results,
        "payload": { "method": "POST", "url": ASKED, "body": job.body },
    })
}

/// A job's next step falls due.
pub fn due(cx: &mut Cx<'_, Shipup>, id: u64) {
    let state = cx.state.book.jobs.get(&id).map(|job| job.life.state());
    let on = match state {
        Some(JobStatus::Queued) => JobInput::Process,
        Some(JobStatus::Processing) => JobInput::Complete,
        Some(JobStatus::Completed | JobStatus::Failed) | None => return,
    };
    let _ = happen(cx, id, on);
}

/// Gives a job an input.
///
/// # Errors
/// `InputRefused` when there is no such job or its table has no such row; nothing has changed then.
pub fn happen(cx: &mut Cx<'_, Shipup>, id: u64, on: JobInput) -> Result<(), InputRefused> {
    let job = cx.state.book.jobs.get_mut(&id).ok_or(InputRefused::Missing)?;
    cx.out.step(&JOB, &mut job.life, id, on)?;
    cx.out.keep(|due| *due != Due::from(Timer::Job(id)));
    match on {
        JobInput::Process => {
            job.processed_at = Some(cx.now);
            cx.out.after(STEP, Timer::Job(id));
        }
        JobInput::Complete => {
            job.completed_at = Some(cx.now);
            work_off(cx, id);
        }
        JobInput::Fail => job.completed_at = Some(cx.now),
    }
    Ok(())
}

/// Every order for itself: what is wrong with one does not keep the others back.
fn work_off(cx: &mut Cx<'_, Shipup>, id: u64) {
    let Some(job) = cx.state.book.jobs.get(&id) else { return };
    let account = job.account;
    let orders = job.body.get("orders").and_then(Value::as_array).cloned().unwrap_or_default();
    let strictness = cx.state.switches.strictness();
    let mut results = Vec::with_capacity(orders.len());
    for order in &orders {
        let empty = Map::new();
        let fields = order.as_object().unwrap_or(&empty);
        let merchant_id = fields.get("merchant_id").filter(|it| it.is_string());
        let result = match schema::check_order(fields, schema::BODY, strictness) {
            Ok(_) => {
                upsert::order(cx, account, payload::order(fields));
                json!({ "status": 201, "body": { "merchant_id": merchant_id } })
            }
            Err(problems) => {
                let body = json!({ "merchant_id": merchant_id, "errors": problems.tree });
                json!({ "status": 400, "body": body })
            }
        };
        results.push(result);
    }
    if let Some(job) = cx.state.book.jobs.get_mut(&id) {
        job.results = results;
    }
}
