//! Outbound webhooks: who is told, what they are sent, and how they can tell that Salla sent it.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::kit::json;
use crate::kit::numeric::{self, text_of};
use crate::message::{Body, Headers};
use crate::providers::salla::machines::{TOPICS, of_order};
use crate::providers::salla::state::accounts::{Strategy, Subscription};
use crate::providers::salla::state::shipment::Kind;
use crate::providers::salla::views::{Row, riyadh};
use crate::providers::salla::{Salla, State};
use crate::providers::{Cx, Signing, Webhooks};
use crate::sim::secrets::{hexadecimal, hmac_sha256};
use crate::sim::webhook::outbox::{Delivery, Retry, Webhook};

/// Says which of the two ways the receiver has to know the sender.
const STRATEGY: &str = "X-Salla-Security-Strategy";
/// Carries the signature: hexadecimal HMAC-SHA256 over the raw body.
const SIGNATURE: &str = "X-Salla-Signature";

/// Three tries, five minutes apart, of thirty seconds; 200 and 201 alone are success.
const WAITS: &[SignedDuration] = &[SignedDuration::from_mins(5), SignedDuration::from_mins(5)];
const TIMEOUT: SignedDuration = SignedDuration::from_secs(30);
const ACCEPTED: (u16, u16) = (200, 201);

/// Where links to Salla lead that no request asked for.
const HOST: &str = "https://api.salla.dev";

/// The way a browser writes an instant: `Sun Jan 29 2023 21:16:38 GMT+0300`.
fn written(at: Timestamp) -> String {
    riyadh(at).strftime("%a %b %d %Y %H:%M:%S GMT+0300").to_string()
}

/// The body of a webhook about a shipment. Its JSON is plain, nothing escaped that need not be: of the two receivers
/// that the documentation shows, one signs what its own printer makes of the body it has read, and agrees only then.
fn body(state: &State, id: u64, event: &str, at: Timestamp) -> Option<Value> {
    let shipment = state.book.get(id)?;
    Some(json!({
        "event": event,
        "merchant": shipment.store,
        "created_at": written(at),
        "data": Row::new(state, shipment, HOST),
    }))
}

/// Tells every webhook of the store that waits for an event of a shipment, then those that wait for the same of its
/// order.
pub fn announce(cx: &mut Cx<'_, Salla>, id: u64, event: &'static str) {
    let Some(shipment) = cx.state.book.get(id) else { return };
    let (order, is_return) = (shipment.order_id, shipment.kind == Kind::Return);
    tell(cx, id, event);
    if let Some(event) = of_order(event, is_return).filter(|_| order.is_some()) {
        tell(cx, id, event);
    }
}

fn tell(cx: &mut Cx<'_, Salla>, id: u64, event: &'static str) {
    let Some(store) = cx.state.book.get(id).map(|it| it.store) else { return };
    let listens = |it: &&Subscription| it.store == store && it.event == event;
    if !cx.state.subscriptions.values().any(|it| listens(&it)) {
        return;
    }
    let Some(told) = body(cx.state, id, event, cx.now) else { return };
    let bytes = bytes::Bytes::from(told.to_string());
    let data = told.get("data").unwrap_or(&Value::Null);
    for it in cx.state.subscriptions.values().filter(listens) {
        if it.rule.as_deref().is_some_and(|rule| !fulfils(data, rule)) {
            continue;
        }
        cx.out.emit(Webhook {
            subscription: it.id.to_string(),
            event: event.into(),
            url: it.url.clone(),
            headers: headers(cx.state, it, &bytes),
            body: Body(bytes.clone()),
            retry: Retry { timeout: TIMEOUT, waits: Cow::Borrowed(WAITS), accepted: ACCEPTED },
        });
    }
}

/// The secret of a webhook: its own, else the app's.
fn secret<'a>(state: &'a State, it: &'a Subscription) -> &'a str {
    it.secret.as_deref().unwrap_or(&state.app.webhook_secret)
}

fn headers(state: &State, it: &Subscription, body: &[u8]) -> Headers {
    let mut headers = Headers::with_capacity(6);
    headers.add("Content-Type", "application/json");
    headers.add("User-Agent", "Salla-Webhooks/2.0");
    for (name, value) in &it.headers {
        let value = json::Value::from(value.clone());
        let value = text_of(&value).unwrap_or_default();
        // What would break the message out of its line is not sent.
        let fits = |text: &str| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if !name.is_empty() && fits(name) && !name.contains([':', ' ']) && fits(&value) {
            headers.set(name.clone(), value.into_owned());
        }
    }
    match it.strategy {
        Strategy::Signature => {
            headers.set(STRATEGY, "Signature");
            headers.set(SIGNATURE, signature(secret(state, it), body));
        }
        Strategy::Token => {
            headers.set(STRATEGY, "Token");
            headers.set("Authorization", secret(state, it).to_owned());
        }
        Strategy::None => {}
    }
    headers
}

fn signature(secret: &str, body: &[u8]) -> String {
    hexadecimal(&hmac_sha256(secret.as_bytes(), body))
}

fn sign(state: &State, delivery: &Delivery) -> Option<(&'static str, String)> {
    let it = state.subscriptions.get(&delivery.subscription.parse().ok()?)?;
    let secret = secret(state, it);
    match it.strategy {
        Strategy::Signature => Some((SIGNATURE, signature(secret, &delivery.body))),
        Strategy::Token => Some(("Authorization", secret.to_owned())),
        Strategy::None => None,
    }
}

impl Webhooks for Salla {
    const TOPICS: &'static [&'static str] = TOPICS;
    /// What a subscription's webhooks are known by: a signature, or its secret itself. They carry no time.
    const SIGNING: Signing<Self> = Signing { sign: Some(sign), date: None };
}

/// Whether a shipment fulfils a rule such as `payment_method = cod AND total.amount < 50 OR status = delivered`: any
/// of the parts between `OR`, of each all between `AND`. What a rule names that is not there fulfils only `!=`.
fn fulfils(data: &Value, rule: &str) -> bool {
    let all = |part: &str| parts(part, " AND ").all(|it| compares(data, it));
    parts(rule, " OR ").any(all)
}

/// The parts between a word in any case.
fn parts<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    let folded = text.to_ascii_uppercase();
    let mut cuts = vec![0];
    for (at, found) in folded.match_indices(word) {
        cuts.extend([at, at + found.len()]);
    }
    cuts.push(text.len());
    // Upper case of ASCII alone moves no byte, so that the places fit the text itself.
    cuts.chunks(2)
        .map(|cut| text.get(cut[0]..cut[1]).unwrap_or_default())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The comparisons, the longer ones first.
const COMPARISONS: &[&str] = &["!=", "<=", ">=", "=", "<", ">"];

fn compares(data: &Value, comparison: &str) -> bool {
    let sign = COMPARISONS.iter().filter_map(|sign| Some((comparison.find(sign)?, *sign)));
    let Some((at, sign)) = sign.min_by_key(|(at, sign)| (*at, std::cmp::Reverse(sign.len())))
    else {
        return false;
    };
    let field = comparison.get(..at).unwrap_or_default().trim();
    let wanted = comparison.get(at + sign.len()..).unwrap_or_default().trim();
    let wanted = wanted.trim_matches(['`', '\'', '"']);
    let given = field.split('.').try_fold(data, |value, name| value.get(name));
    let given = given.cloned().map(json::Value::from);
    let text = given.as_ref().and_then(text_of).unwrap_or_default();
    let both = numeric::amount(&text).zip(numeric::amount(wanted));
    let order = both.and_then(|(one, other)| one.float().partial_cmp(&other.float()));
    let equal = order.map_or(given.is_some() && text == wanted, |order| order.is_eq());
    match sign {
        "=" => equal,
        "!=" => !equal,
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        _ => order.is_some_and(std::cmp::Ordering::is_ge),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{fulfils, written};

    #[test]
    fn a_rule_is_a_sum_of_products() {
        let data =
            json!({ "payment_method": "cod", "total": { "amount": 49.5 }, "status": "created" });
        for (rule, expected) in [
            ("payment_method = cod", true),
            ("payment_method != cod", false),
            ("payment_method = `cod`", true),
            ("total.amount < 50", true),
            ("total.amount >= 50", false),
            ("payment_method = mada OR total.amount < 50", true),
            ("payment_method = mada and total.amount < 50", false),
            ("payment_method = mada AND total.amount < 50 OR status = created", true),
            ("price < 50", false),
            ("price != 50", true),
            ("nonsense", false),
            ("", false),
            ("=", false),
            (" OR ", false),
            ("é AND é", false),
        ] {
            assert_eq!(fulfils(&data, rule), expected, "{rule}");
        }
    }

    #[test]
    fn an_instant_is_written_as_the_example_has_it() {
        let at = "2023-01-29T18:16:38Z".parse().unwrap();
        assert_eq!(written(at), "Sun Jan 29 2023 21:16:38 GMT+0300");
    }
}
