//! Registered webhooks.

use serde_json::{Map, Value, json};

use crate::frameworks::laravel::rules::{Violated, Violation, problems, problems_knowing};
use crate::kit::json::Value as Input;
use crate::kit::numeric;
use crate::message::{Evidence, Reply};
use crate::policy::allow_list::host;
use crate::providers::salla::resources::{input, paging};
use crate::providers::salla::state::accounts::{Strategy, Subscription};
use crate::providers::salla::views::php_array;
use crate::providers::salla::{Error, Salla, State, views};
use crate::providers::{Call, Cx, Field};

/// The events of the public example, and those of shipments: id, what it is called, event.
#[rustfmt::skip]
const EVENTS: &[(u64, &str, &str)] = &[
    (1_473_353_380, "تم إنشاء طلب",          "order.created"),
    (566_146_469,   "تم تحديث بيانات طلب",   "order.updated"),
    (1_939_592_358, "تم إنشاء منتج",         "product.created"),
    (1_298_199_463, "تم تحديث بيانات منتج",  "product.updated"),
    (525_144_736,   "تم حذف منتج",           "product.deleted"),
    (1_764_372_897, "تمت إضافة عميل",        "customer.created"),
    (989_286_562,   "تم تحديث بيانات عميل",  "customer.updated"),
    (349_994_915,   "تمت إضافة تصنيف",       "category.created"),
    (1_723_506_348, "تم تحديث بيانات تصنيف", "category.updated"),
    (814_202_285,   "جاري إنشاء شحنة",       "shipment.creating"),
    (1_130_931_637, "تم إنشاء شحنة",         "shipment.created"),
    (665_151_403,   "تم تحديث شحنة",         "shipment.updated"),
    (915_304_371,   "تم إلغاء شحنة",         "shipment.cancelled"),
    (1_378_987_453, "جاري إنشاء شحنة لطلب",  "order.shipment.creating"),
    (1_096_243_131, "تم إنشاء شحنة لطلب",    "order.shipment.created"),
    (1_927_161_457, "تم إلغاء شحنة لطلب",    "order.shipment.cancelled"),
    (1_313_869_267, "جاري إنشاء شحنة إرجاع", "order.shipment.return.creating"),
    (1_803_665_367, "تم إنشاء شحنة إرجاع",   "order.shipment.return.created"),
    (1_305_146_709, "تم إلغاء شحنة إرجاع",   "order.shipment.return.cancelled"),
];

/// `GET /webhooks/events`.
pub fn events(_: &mut Cx<'_, Salla>, _: &Call<'_, Salla>) -> Result<Reply, Error> {
    let event = |(id, label, event): &(u64, &str, &str)| json!({ "id": id, "label": label, "event": event });
    Ok(views::success(200, EVENTS.iter().map(event).collect::<Vec<Value>>()))
}

/// Whether a webhook may be registered there: a page address, and by the example's word neither localhost nor `.test`.
fn may_go_to(state: &State, url: &str) -> bool {
    let host = host(url);
    let local = host == "localhost" || host.ends_with(".localhost") || host.ends_with(".test");
    let scheme = url.starts_with("https://") || url.starts_with("http://");
    scheme && !host.is_empty() && (state.switches.local_webhook_urls || !local)
}

/// What is wrong with a registration, or with a change of one.
fn wrong(state: &State, fields: &Input, takes: &'static [Field]) -> Vec<Violation> {
    let known = |name: &'static str, value: &Input| match (name, value.as_str()) {
        ("event", Some(event)) => EVENTS.iter().any(|(_, _, known)| *known == event),
        (_, Some(url)) => may_go_to(state, url),
        _ => false,
    };
    let mut wrong = problems_knowing(fields, takes, known);
    wrong.extend(wrong_headers(fields));
    // A bad address has a sentence of its own.
    for problem in wrong.iter_mut().filter(|it| it.path == "url" && it.kind == Violated::Invalid) {
        problem.kind = Violated::Format("url");
    }
    wrong
}

/// The header fields of a list of keys and values, or of an object.
fn headers(fields: &Input) -> Option<Map<String, Value>> {
    let given = input::at(fields, "headers")?;
    if let Input::Object(map) = given {
        return Some(map.iter().map(|(name, it)| (name.clone(), text(it))).collect());
    }
    let pair = |it: &Input| {
        Some((input::owned(it, "key")?, input::at(it, "value").map_or(json!(""), text)))
    };
    Some(given.as_array()?.iter().filter_map(pair).collect())
}

/// The header fields that have no name, or that have a list for a name or a value.
fn wrong_headers(fields: &Input) -> Vec<Violation> {
    let is_text = |value: &Input| numeric::text_of(value).is_some();
    let below = |key: String, kind| Violation { path: format!("headers.{key}"), raw: true, kind };
    let is_list = input::at(fields, "headers").is_some_and(Input::is_array);
    let mut wrong = Vec::new();
    for (key, given) in input::elements(fields, "headers") {
        if !is_list {
            wrong.extend((!is_text(given)).then(|| below(key, Violated::Text)));
            continue;
        }
        match input::filled(given, "key") {
            None => wrong.push(below(format!("{key}.key"), Violated::Required)),
            Some(name) if !is_text(name) => {
                wrong.push(below(format!("{key}.key"), Violated::Text));
            }
            Some(_) => {}
        }
        if input::at(given, "value").is_some_and(|value| !is_text(value)) {
            wrong.push(below(format!("{key}.value"), Violated::Text));
        }
    }
    wrong
}

fn text(value: &Input) -> Value {
    json!(numeric::text_of(value).unwrap_or_default())
}

/// Takes over what a request says.
fn amend(subscription: &mut Subscription, fields: &Input) {
    if let Some(name) = input::owned(fields, "name") {
        subscription.name = Some(name);
    }
    if let Some(event) = input::owned(fields, "event") {
        subscription.event = event;
    }
    if let Some(url) = input::owned(fields, "url") {
        subscription.url = url;
    }
    if let Some(version) = input::number(fields, "version") {
        subscription.version = if version == 1 { 1 } else { 2 };
    }
    if let Some(rule) = input::owned(fields, "rule") {
        subscription.rule = Some(rule);
    }
    if let Some(headers) = headers(fields) {
        subscription.headers = headers;
    }
    let strategy = input::text(fields, "security_strategy").and_then(|it| Strategy::of(&it));
    if let Some(strategy) = strategy {
        subscription.strategy = strategy;
    }
    if let Some(secret) = input::owned(fields, "secret") {
        subscription.secret = Some(secret);
    }
}

/// A webhook as the examples of registering and listing print it; the first version has fewer keys.
fn row(it: &Subscription) -> Value {
    let headers = php_array(&it.headers);
    match it.version {
        1 => json!({
            "id": it.id, "name": it.name, "event": it.event, "url": it.url, "headers": headers,
        }),
        _ => json!({
            "id": it.id, "name": it.name, "event": it.event, "type": "manual", "url": it.url,
            "version": it.version, "rule": it.rule, "headers": headers,
        }),
    }
}

/// `POST /webhooks/subscribe`: what is registered for an address and an event is registered anew.
pub fn subscribe(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let fields = input::all(call.request);
    let wrong = wrong(cx.state, &fields, call.takes);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let (event, url) = (input::owned(&fields, "event"), input::owned(&fields, "url"));
    let same = cx.state.subscriptions.values().find(|it| {
        it.store == call.caller.store
            && Some(&it.event) == event.as_ref()
            && Some(&it.url) == url.as_ref()
    });
    let id = match same {
        Some(known) => known.id,
        None => loop {
            let id = cx.chance.draw("salla/webhook id").between(100_000_000, 2_147_483_646);
            if !cx.state.subscriptions.contains_key(&id) {
                break id;
            }
        },
    };
    let mut subscription = Subscription {
        id,
        store: call.caller.store,
        name: None,
        event: String::new(),
        url: String::new(),
        version: 2,
        rule: None,
        headers: Map::new(),
        strategy: Strategy::Signature,
        secret: None,
    };
    amend(&mut subscription, &fields);
    let reply = views::success(200, row(&subscription));
    cx.state.subscriptions.insert(id, subscription);
    Ok(reply)
}

/// `GET /webhooks`: those of the store, in pages as every list.
pub fn list(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let query = input::query(call.request);
    let own = cx.state.subscriptions.values().filter(|it| it.store == call.caller.store);
    Ok(paging::listed(cx.state, call.request, &query, own, row))
}

/// The caller's webhook of an id.
fn own(state: &State, store: u64, id: Option<u64>) -> Result<u64, Error> {
    let known = id.and_then(|id| state.subscriptions.get(&id)).filter(|it| it.store == store);
    known.map(|it| it.id).ok_or(Error::NotFound("webhook"))
}

/// `PUT /webhooks/{id}`: its answer has two keys more, in an order of its own.
pub fn update(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let id = own(cx.state, call.caller.store, call.args.number(0))?;
    let fields = input::all(call.request);
    let wrong = wrong(cx.state, &fields, call.takes);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let Some(it) = cx.state.subscriptions.get_mut(&id) else {
        return Err(Error::NotFound("webhook"));
    };
    amend(it, &fields);
    let strategy = match it.strategy {
        Strategy::None => "",
        other => other.word(),
    };
    let data = json!({
        "id": it.id, "name": it.name, "event": it.event, "version": it.version, "rule": it.rule, "url": it.url,
        "headers": php_array(&it.headers), "type": "manual",
        "security": { "strategy": strategy, "secret": it.secret },
    });
    Ok(views::success(200, data))
}

/// `DELETE /webhooks/unsubscribe`: one by `id`, or all of an address by `url`.
pub fn unsubscribe(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let fields = input::all(call.request);
    let mut wrong = problems(&fields, call.takes);
    let url = input::owned(&fields, "url");
    if wrong.is_empty() && url.is_none() && input::at(&fields, "id").is_none() {
        wrong.extend(["id", "url"].map(|path| Violation::new(path, Violated::Required)));
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let id = input::number(&fields, "id");
    let store = call.caller.store;
    let meant = cx.state.subscriptions.values().filter(|it| {
        it.store == store
            && input::at(&fields, "id").is_none_or(|_| Some(it.id) == id)
            && url.as_ref().is_none_or(|url| it.url == *url)
    });
    let gone: Vec<u64> = meant.map(|it| it.id).collect();
    if gone.is_empty() {
        return Err(Error::NotFound("webhook"));
    }
    for id in gone {
        cx.state.subscriptions.remove(&id);
        cx.out.silence(&id.to_string());
    }
    let data = json!({ "message": "The Object has been removed successfully", "code": 202 });
    Ok(views::success(202, data).evidence(Evidence::Documented))
}

#[cfg(test)]
mod tests {
    use super::EVENTS;
    use crate::providers::salla::machines::TOPICS;

    #[test]
    fn every_topic_can_be_asked_for() {
        for topic in TOPICS {
            assert!(EVENTS.iter().any(|(_, _, event)| event == topic), "{topic}");
        }
    }
}
