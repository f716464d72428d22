//! What an operator of Shipup could do: set data, and push entities along their tables.

use serde_json::{Map, Value};

use crate::providers::operator::{input, optional, text, wrong};
use crate::providers::shipup::machines::{FULFILLMENT, JOB, JobInput, Status, TRACKER};
use crate::providers::shipup::resources::jobs;
use crate::providers::shipup::rules::lifecycle::{self, Idle};
use crate::providers::shipup::rules::statuses;
use crate::providers::shipup::setup::{check_topics, no_journey};
use crate::providers::shipup::state::accounts::{Pending, Standing};
use crate::providers::shipup::{Shipup, journeys, webhooks};
use crate::providers::{Cx, OperatorError};

fn computed<T>(why: &str) -> Result<T, OperatorError> {
    Err(OperatorError::Computed(why.to_owned()))
}

/// An order has no life of its own.
pub fn apply_to_order(_: &mut Cx<'_, Shipup>, _: &str, _: &str) -> Result<(), OperatorError> {
    computed(
        "an order's state follows from what is in it; move its fulfillments and trackers, or send it again",
    )
}

/// Gives a fulfillment a status, as its merchant would by sending it. One that its items force upon it stays.
pub fn apply_to_fulfillment(
    cx: &mut Cx<'_, Shipup>,
    id: &str,
    on: &str,
) -> Result<(), OperatorError> {
    let book = &mut cx.state.book;
    let known = book.labelled_fulfillment(id).ok_or(OperatorError::Absent)?;
    let status: Status = input(&FULFILLMENT, &known.life, on)?;
    let forced = statuses::forced(book, known);
    if let Some(forced) = forced.filter(|forced| *forced != status) {
        return computed(&format!(
            "its order or its line items force it to be `{forced}`; send them where they belong instead"
        ));
    }
    let (number, order) = (known.id, known.order);
    if let Some(known) = book.fulfillments.get_mut(&number) {
        known.given = Some(status);
    }
    statuses::settle(cx, order);
    Ok(())
}

/// Lets the carrier have news.
pub fn apply_to_tracker(cx: &mut Cx<'_, Shipup>, id: &str, on: &str) -> Result<(), OperatorError> {
    let known = cx.state.book.labelled_tracker(id).ok_or(OperatorError::Absent)?;
    let on = input(&TRACKER, &known.life, on)?;
    let number = known.id;
    match lifecycle::happen(cx, number, on) {
        Ok(()) => Ok(()),
        Err(Idle::Unwatched) => computed(
            "it turned around more than five days ago, and nobody asks the carrier for it any more",
        ),
        Err(Idle::Missing | Idle::Illegal(_)) => Err(OperatorError::Absent),
    }
}

/// Puts a tracker on another journey.
pub fn patch_tracker(
    cx: &mut Cx<'_, Shipup>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let number = cx.state.book.labelled_tracker(id).ok_or(OperatorError::Absent)?.id;
    for (field, value) in fields {
        let name = text(field, value)?;
        let plan = journeys::plan(&name).ok_or_else(|| {
            wrong(field, &format!("the name of a journey: {}", no_journey(&name)))
        })?;
        lifecycle::travel_by(cx, number, plan);
    }
    Ok(())
}

/// Hurries a job, or breaks it off.
pub fn apply_to_job(cx: &mut Cx<'_, Shipup>, id: &str, on: &str) -> Result<(), OperatorError> {
    let number: u64 = id.parse().map_err(|_| OperatorError::Absent)?;
    let job = cx.state.book.jobs.get(&number).ok_or(OperatorError::Absent)?;
    let on: JobInput = input(&JOB, &job.life, on)?;
    jobs::happen(cx, number, on).map_err(|_| OperatorError::Absent)
}

/// An account has no life of its own.
pub fn apply_to_account(_: &mut Cx<'_, Shipup>, _: &str, _: &str) -> Result<(), OperatorError> {
    computed("an account has no moves; set its standing, language, carriers or key with PATCH")
}

/// Sets fields of an account.
pub fn patch_account(
    cx: &mut Cx<'_, Shipup>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let mut account = cx.state.account(id).cloned().ok_or(OperatorError::Absent)?;
    for (field, value) in fields {
        match field.as_str() {
            "standing" => {
                let standing = Standing::of(&text(field, value)?);
                account.standing =
                    standing.ok_or_else(|| wrong(field, "`active` or `trial_ended`"))?;
            }
            "language_code" => account.language_code = text(field, value)?,
            "carriers" => account.carriers = texts(field, value)?,
            _ => {
                let key = text(field, value)?;
                let mut others = cx.state.accounts.values();
                let taken = others.any(|it| {
                    it.public_key == key || (it.private_key == key && it.id != account.id)
                });
                if key.trim().is_empty() || taken {
                    return Err(wrong(field, "a key that is not empty and nobody has"));
                }
                account.private_key = key;
            }
        }
    }
    cx.state.accounts.insert(account.id, account);
    Ok(())
}

fn texts(field: &str, value: &Value) -> Result<Vec<String>, OperatorError> {
    let refused = || wrong(field, "a list of texts");
    let list = value.as_array().ok_or_else(refused)?;
    list.iter().map(|it| it.as_str().map(str::to_owned).ok_or_else(refused)).collect()
}

/// A webhook setting has no life of its own.
pub fn apply_to_webhook(_: &mut Cx<'_, Shipup>, _: &str, _: &str) -> Result<(), OperatorError> {
    computed("a webhook setting has no moves; set it with PATCH")
}

/// Sets fields of a webhook setting. Another address, name or password is tried first: a test goes there, and is saved
/// when the answer is a 200.
pub fn patch_webhook(
    cx: &mut Cx<'_, Shipup>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let mut webhook = cx.state.webhook(id).cloned().ok_or(OperatorError::Absent)?;
    let known = webhook.credentials.clone().unzip();
    let (mut url, mut username, mut password) = (webhook.url.clone(), known.0, known.1);
    for (field, value) in fields {
        match field.as_str() {
            "url" => {
                url = text(field, value)?;
                if !url.starts_with("http://") && !url.starts_with("https://") {
                    return Err(wrong(
                        field,
                        "an address, as https://shop.example/webhooks/shipup",
                    ));
                }
            }
            "events" => {
                let topics = texts(field, value)?;
                check_topics(&topics).map_err(|problem| wrong(field, &problem))?;
                webhook.topics = topics;
            }
            "username" => username = optional(field, value)?,
            "password" => password = optional(field, value)?,
            _ => {
                let active = value.as_bool();
                webhook.active = active.ok_or_else(|| wrong(field, "true or false"))?;
            }
        }
    }
    let credentials = match (username, password) {
        (None, None) => None,
        (Some(name), Some(password)) => Some((name, password)),
        _ => return Err(wrong("username", "set together with `password`, or both null")),
    };
    let is_tried = ["url", "username", "password"].iter().any(|it| fields.contains_key(*it));
    if is_tried {
        let pending = Pending { url, credentials };
        webhooks::test(cx, &webhook, &pending);
        webhook.pending = Some(pending);
    }
    let accounts = cx.state.accounts.values_mut();
    if let Some(known) =
        accounts.flat_map(|account| &mut account.webhooks).find(|it| it.id == webhook.id)
    {
        *known = webhook;
    }
    Ok(())
}
