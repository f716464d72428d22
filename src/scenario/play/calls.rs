//! Requests of a scenario: calls through the first door of the world, and what came back.

use jiff::Timestamp;
use serde_json::Value;

use crate::kit::mistake::Mistake;
use crate::kit::text::excerpt;
use crate::message::{Reply, Request};
use crate::providers;
use crate::scenario::matching::pairs;
use crate::scenario::play::answers::differences;
use crate::scenario::play::stage::PlayState;
use crate::scenario::steps::{CallLine, CallTarget, Expect, KeptValues, Together, target};
use crate::scenario::trail::Trail;
use crate::scenario::transcript;
use crate::sim::chance::Chance;
use crate::world::World;

pub(super) use crate::scenario::steps::MOST_TIMES;

/// Where links in answers begin, as if a server of ours had been called.
const ORIGIN: &str = "http://127.0.0.1:7447";
/// The longest answer that a failure shows.
const WIDTH: usize = 400;

/// A call, as often as it says, until it is not as expected.
pub(super) fn request(stage: &mut PlayState<'_>, trail: &Trail, call: &CallLine) {
    let times = call.times.unwrap_or(1).min(MOST_TIMES);
    let mut statuses: Vec<(u16, u32)> = Vec::new();
    for time in 1..=times {
        let Some(reply) = send(stage, trail, call, times == 1) else { return };
        match statuses.last_mut() {
            Some((status, count)) if *status == reply.status => *count += 1,
            _ => statuses.push((reply.status, 1)),
        }
        let wrong = expected(stage, trail, call, &reply, (time, times));
        keep(stage, trail, call, &reply, wrong);
        if wrong || time == times {
            break;
        }
    }
    if times > 1 {
        let counts: Vec<String> =
            statuses.iter().map(|(status, count)| format!("{count} x {status}")).collect();
        stage.transcript.line(&format!("{} -> {}", words(call), counts.join(", then ")));
    }
}

/// Calls in an order drawn from the seed, each whole before the next.
pub(super) fn together(stage: &mut PlayState<'_>, trail: &Trail, all: &Together) {
    let place = |at: usize| {
        if all.is_long { trail.key("requests").index(at) } else { trail.index(at) }
    };
    let mut order: Vec<usize> = (0..all.requests.len()).collect();
    let mut chance = Chance::new(stage.world.recipe().seed);
    let mut draw = chance.draw(&trail.to_string());
    for end in (1..order.len()).rev() {
        order.swap(end, draw.below(end as u64 + 1) as usize);
    }
    let mut replies = Vec::new();
    for at in order {
        let Some(call) = all.requests.get(at) else { continue };
        let Some(reply) = send(stage, &place(at), call, true) else { continue };
        let its_own = all.expect_any_order.is_empty() || call.expect.is_some();
        let wrong = its_own && expected(stage, &place(at), call, &reply, (1, 1));
        keep(stage, &place(at), call, &reply, wrong);
        replies.push(reply);
    }
    let meets = |wish: usize, find: usize| match (all.expect_any_order.get(wish), replies.get(find))
    {
        (Some(expect), Some(reply)) => differences(expect, reply).is_empty(),
        _ => false,
    };
    let given = pairs(all.expect_any_order.len(), replies.len(), meets);
    for (wish, _) in given.iter().enumerate().filter(|(_, find)| find.is_none()) {
        let came: Vec<String> = replies.iter().map(|reply| reply.status.to_string()).collect();
        let message =
            format!("no answer of its own is like this; the answers are {}", came.join(", "));
        stage.fail(&trail.key("expect_any_order").index(wish), message);
    }
}

/// Verb, path and credential in a few words.
fn words(call: &CallLine) -> String {
    match &call.credential {
        Some(name) => format!("{} as {name}", call.call),
        None => call.call.clone(),
    }
}

/// Sends a call. None when it cannot be sent, which is written down.
fn send(stage: &mut PlayState<'_>, trail: &Trail, call: &CallLine, told: bool) -> Option<Reply> {
    let CallTarget { provider, .. } = match target(&call.call) {
        Ok(target) => target,
        Err(wrong) => {
            stage.transcript.line(&words(call));
            stage.fail(&trail.key("call"), wrong.message);
            return None;
        }
    };
    let request = match build(&stage.world, call, None, stage.world.now()) {
        Ok(request) => request,
        Err(mistake) => {
            stage.transcript.line(&words(call));
            stage.fail(&trail.key(&mistake.place), mistake.problem);
            return None;
        }
    };
    let (reply, entry) = stage.world.request_journaled(provider, request);
    stage.settle_early();
    *stage.evidence.entry(reply.evidence.word()).or_default() += 1;
    if told {
        let answer = transcript::answer(&entry, reply.status);
        stage.transcript.line(&format!("{} -> {answer}", words(call)));
        for change in &entry.changes {
            stage.transcript.change(change);
        }
        if reply.status >= 400 {
            let text = reply.body.text();
            stage.transcript.note(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    stage.settle();
    Some(reply)
}

/// The request of a call as a client sends it who sees this time, with another credential where one is given than
/// the presets have under its name. What is wrong is told with the key it is wrong at.
pub(super) fn build(
    world: &World,
    call: &CallLine,
    credential: Option<&str>,
    now: Timestamp,
) -> Result<Request, Mistake> {
    let CallTarget { method, provider, path } =
        target(&call.call).map_err(|wrong| Mistake::new("call", wrong.message))?;
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let mut request = Request::new(method, &path).with("accept", "application/json");
    request.base = format!("{ORIGIN}/{provider}");
    if let Some(from) = call.from {
        request.peer = from;
    }
    if let Some(name) = &call.credential {
        let service = providers::service(provider);
        let known = match credential {
            Some(credential) => Some(service.authorize(world.providers(), credential, now)),
            None => service.authorization(world.providers(), name, now),
        };
        let (field, value) = known
            .ok_or_else(|| Mistake::new("as", format!("{provider} has no credential `{name}`")))?;
        request.headers.set(field, value);
    }
    if let Some(json) = &call.json {
        request = request.carrying("application/json", json.to_string());
    } else if let Some(form) = &call.form {
        request = request.carrying("application/x-www-form-urlencoded", form_body(form));
    } else if let Some(text) = &call.text {
        request = request.carrying("text/plain; charset=utf-8", text.0.clone());
    }
    for (name, value) in &call.headers {
        let name = name.to_ascii_lowercase();
        match value.0.as_str() {
            "" => request.headers.remove(&name),
            value => request.headers.set(name, value.to_owned()),
        }
    }
    Ok(request)
}

/// Fields as a browser sends them; a list is its field several times.
fn form_body(form: &serde_json::Map<String, Value>) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let encoded = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let mut pairs = Vec::new();
    for (name, value) in form {
        match value {
            Value::Array(list) => pairs.extend(list.iter().map(|value| (name, text(value)))),
            value => pairs.push((name, text(value))),
        }
    }
    let pair = |(name, value): &(&String, String)| format!("{}={}", encoded(name), encoded(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Holds an answer against its expectations; true when it is not as expected.
fn expected(
    stage: &mut PlayState<'_>,
    trail: &Trail,
    call: &CallLine,
    reply: &Reply,
    (time, times): (u32, u32),
) -> bool {
    let nothing = Expect::default();
    let expect = call.expect.as_ref().unwrap_or(&nothing);
    let found = differences(expect, reply);
    let below = if call.expect.is_some() { trail.key("expect") } else { trail.key("call") };
    let came = format!("the answer: {} {}", reply.status, excerpt(&reply.body.text(), WIDTH));
    for (at, message) in &found {
        let message = match times {
            1 => message.clone(),
            _ => format!("call {time} of {times}: {message}"),
        };
        stage.fail_with(&below.join(at), message, Some(came.clone()));
    }
    !found.is_empty()
}

/// Keeps what later steps need. Of an answer that is not as expected nobody misses anything more.
pub(super) fn keep(
    stage: &mut PlayState<'_>,
    trail: &Trail,
    call: &CallLine,
    reply: &Reply,
    wrong: bool,
) {
    for (name, keep) in &call.keep {
        match kept(keep, reply) {
            Some(value) => {
                stage.kept.insert(name.clone(), value);
            }
            None if wrong => {}
            None => {
                let came =
                    format!("the answer: {} {}", reply.status, excerpt(&reply.body.text(), WIDTH));
                let message = format!("there is no `{keep}` in the answer to keep");
                stage.fail_with(&trail.key("keep").key(name), message, Some(came));
            }
        }
    }
}

/// What a `keep` finds in an answer.
pub(super) fn kept(keep: &KeptValues, reply: &Reply) -> Option<Value> {
    match keep {
        KeptValues::Header(field) => reply.headers.get(field).map(Value::from),
        KeptValues::Json(place) => {
            let body = serde_json::from_slice::<Value>(&reply.body).ok()?;
            place.first(&body).cloned()
        }
    }
}
