//! Fault injection: what a rule of the scenario does to an answer.

use crate::kit::template::{fill, fill_value};
use crate::message::{Evidence, Reply, Request};
use crate::policy::hole::Filling;
use crate::policy::rule::Then;
use crate::providers::{Providers, Service};

/// The answer a rule brings itself: the provider's error of a name, or a status with a body.
pub(super) fn own_answer(
    then: &Then,
    service: &dyn Service,
    all: &Providers,
    request: &Request,
    filling: &Filling<'_>,
) -> Option<Reply> {
    if let Some(name) = &then.refuse {
        return service.refusal(all, request, name);
    }
    if !then.answers() {
        return None;
    }
    let look_up = |hole: &str| filling.look_up(hole);
    let status = then.status.unwrap_or(200);
    Some(match (&then.json, &then.text, &then.base64) {
        (Some(value), ..) => {
            let body = fill_value(value, &look_up).to_string();
            Reply::new(status, "application/json", body)
        }
        (None, Some(text), _) => {
            Reply::new(status, "text/plain; charset=utf-8", fill(text, &look_up))
        }
        (None, None, Some(bytes)) => {
            Reply::new(status, "application/octet-stream", bytes.0.clone())
        }
        (None, None, None) => Reply::empty(status),
    })
}

/// Puts a rule's mark on an answer: headers, evidence, the reason.
pub(super) fn mark(reply: &mut Reply, then: &Then, title: &str, filling: &Filling<'_>) {
    let look_up = |hole: &str| filling.look_up(hole);
    for (name, values) in &then.headers {
        for (place, value) in values.iter().enumerate() {
            let value = fill(value, &look_up);
            if place == 0 {
                reply.headers.set(name.clone(), value);
            } else {
                reply.headers.add(name.clone(), value);
            }
        }
    }
    reply.evidence = Evidence::Injected;
    let lost =
        if then.is_handled() { "the provider did its work" } else { "the provider was not asked" };
    reply.explanation = Some(
        format!(
            "The rule `{title}` of the scenario had a hand in this; {lost}. GET /_shipmock/rules lists the rules, \
             DELETE /_shipmock/rules/{{id}} removes one."
        )
        .into(),
    );
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use crate::message::{Evidence, Fault, Method, Reply, Request};
    use crate::providers::Name;
    use crate::world::{Orders, Recipe, Setup, World};

    /// A world with one key, one product, and these rules.
    fn world(rules: serde_json::Value) -> World {
        let setup: Setup = serde_json::from_value(json!({
            "shipper": { "organizations": [{
                "name": "Shop",
                "keys": [{ "name": "api_key", "token": "KEY" }],
                "products": [{ "name": "Lamp", "sku": "L", "price": "10", "cost": "4", "aliases": ["LAMP"] }],
            }] },
            "rules": rules,
        }))
        .unwrap();
        let at = "2026-05-14T09:00:00Z".parse().unwrap();
        let orders = Orders { at: Some(at), ..Orders::default() };
        World::build(Arc::new(Recipe::new("rules", setup, orders, at))).unwrap()
    }

    fn order(world: &mut World) -> Reply {
        let body = r#"{"address":{"name":"Omar","phone1":"28177188","address1":"Rue 1","country":"TN"},
                       "items":[{"id":"LAMP"}],"auto_fulfill":true}"#;
        let request =
            Request::new(Method::Post, "/api/v1/orders").with("authorization", "Bearer KEY");
        world.request(Name::Shipper, request.carrying("application/json", body))
    }

    fn count(world: &World) -> usize {
        crate::providers::service(Name::Shipper).kind("order").unwrap().count(world.providers())
    }

    #[test]
    fn an_answer_is_replaced_before_or_after_the_work() {
        let on = "POST /shipper/api/v1/orders";
        let mut world = world(json!([
            { "name": "down", "on": on, "calls": [1], "then": { "status": 503, "json": { "for": "${json:$.address.name}" } } },
            { "name": "lost", "on": on, "first": 1, "then": { "fault": "reset" } },
            { "name": "word", "on": on, "first": 1, "then": { "refuse": "too_many_requests", "handled": true } },
        ]));
        let down = order(&mut world);
        assert_eq!(
            (down.status, &*down.body.text(), down.evidence),
            (503, r#"{"for":"Omar"}"#, Evidence::Injected)
        );
        assert_eq!(count(&world), 0);
        let lost = order(&mut world);
        assert_eq!((lost.status, lost.wire.and_then(|wire| wire.fault)), (201, Some(Fault::Reset)));
        assert_eq!(count(&world), 1);
        let worded = order(&mut world);
        assert_eq!((worded.status, worded.headers.get("retry-after")), (429, Some("60")));
        assert_eq!(count(&world), 2);
        assert_eq!(order(&mut world).evidence, Evidence::Documented);
        let journal: Vec<Option<&str>> =
            world.journal().entries().map(|entry| entry.rule).collect();
        assert_eq!(journal, [Some("down"), Some("lost"), Some("word"), None]);
    }

    #[test]
    fn a_setup_with_a_wrong_rule_is_refused_at_its_place() {
        let setup: Setup = serde_json::from_value(
            json!({ "rules": [{ "on": "shiper", "then": { "status": 500 } }] }),
        )
        .unwrap();
        let at = "2026-05-14T09:00:00Z".parse().unwrap();
        let wrong =
            World::build(Arc::new(Recipe::new("w", setup, Orders::default(), at))).unwrap_err();
        assert_eq!(wrong.place, "rules[0].on");
    }
}
