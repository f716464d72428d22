//! Rule validation: whether a rule of a scenario speaks of what there is: a known provider, route, error, topic.

use crate::kit::mistake::Mistake;
use crate::kit::text::{among, did_you_mean};
use crate::message::{Method, matches};
use crate::policy::rule::{Rule, WEBHOOK, stubbed};
use crate::policy::webhook_rule;
use crate::providers::{Name, RouteLine, Service, service};
use crate::sim::journal::NOBODY;

/// What is wrong with a rule: the field, and a sentence with what was probably meant.
///
/// # Errors
/// The first mistake.
pub fn check(rule: &Rule) -> Result<(), Mistake> {
    let providers: Vec<&'static dyn Service> =
        Name::ALL.iter().map(|name| service(*name)).collect();
    let asked = match rule.about_webhooks() {
        Some((provider, topic)) => {
            let asked = webhooks(&rule.on, provider, topic, &providers);
            let asked = asked.map_err(|problem| Mistake::new("on", problem))?;
            webhook_rule::check(rule)?;
            if rule.stub {
                let problem = "a route that is not there is called; webhooks are sent";
                return Err(Mistake::new("stub", problem));
            }
            sealed(rule, &asked)?;
            asked
        }
        None if rule.on == NOBODY => {
            let problem =
                "nobody answers what is for no provider, so that there is nothing to spoil";
            return Err(Mistake::new("on", problem));
        }
        None => {
            let asked = of(&rule.on, rule.stub).map_err(|problem| Mistake::new("on", problem))?;
            webhook_rule::check(rule)?;
            if rule.stub {
                stands_in(rule)?;
            }
            asked
        }
    };
    if let Some(name) = &rule.then.refuse {
        let known: Vec<&str> =
            asked.iter().flat_map(|service| service.refusals()).copied().collect();
        if !known.contains(&name.as_str()) {
            let problem = format!("there is no error `{name}`{}", among(name, &known));
            return Err(Mistake::new("then.refuse", problem));
        }
    }
    if rule.every == Some(0) {
        return Err(Mistake::new("every", "count from 1: `every: 2` is every second call"));
    }
    if rule.percent.is_some_and(|percent| percent > 100) {
        return Err(Mistake::new("percent", "there are a hundred in a hundred"));
    }
    for name in rule.then.headers.keys() {
        // RFC 9110, 5.6.2.
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            let problem = format!("`{name}` cannot be the name of a header field");
            return Err(Mistake::new("then.headers", problem));
        }
    }
    match rule.then.mistake() {
        Some(problem) if rule.about_webhooks().is_none() => Err(Mistake::new("then", problem)),
        _ => Ok(()),
    }
}

/// What a rule must bring that stands in for a route.
fn stands_in(rule: &Rule) -> Result<(), Mistake> {
    if !rule.then.answers() {
        let problem =
            "a stub needs an answer of its own: `status`, `json`, `text`, `base64` or `refuse`";
        return Err(Mistake::new("then", problem));
    }
    if rule.then.handled == Some(true) {
        let problem = "there is nobody who could do the work of a route that is not there";
        return Err(Mistake::new("then.handled", problem));
    }
    Ok(())
}

/// The provider of a route that it does not have.
fn absent(
    text: &str,
    providers: &[&'static dyn Service],
) -> Result<Vec<&'static dyn Service>, String> {
    let form = || {
        format!(
            "`{text}` is no route to stand in for; write a verb and a path, as `GET /shipper/api/v1/coupons/{{id}}`"
        )
    };
    let (verb, _) = text.split_once(' ').ok_or_else(form)?;
    let (name, path) = stubbed(text).ok_or_else(form)?;
    if verb != "*" && Method::of(verb).is_none() {
        return Err(form());
    }
    let names: Vec<&str> = providers.iter().map(|service| service.name().word()).collect();
    let Some(service) = providers.iter().find(|service| service.name().word() == name) else {
        return Err(format!("there is no provider `{name}`{}", among(name, &names)));
    };
    let routes = service.routes();
    let taken =
        |row: &&RouteLine| (verb == "*" || verb == row.method) && matches(row.path, path).is_some();
    if let Some(row) = routes.iter().find(taken) {
        let known = format!("{} /{name}{}", row.method, row.path);
        return Err(format!("{} has the route `{known}`: leave out `stub`", service.title()));
    }
    Ok(vec![*service])
}

/// The providers whose webhooks a rule speaks of.
fn webhooks(
    on: &str,
    provider: Option<&str>,
    topic: Option<&str>,
    providers: &[&'static dyn Service],
) -> Result<Vec<&'static dyn Service>, String> {
    if on.split_whitespace().count() > 3 {
        return Err(format!("`{on}` is more than `{WEBHOOK}`, a provider and a topic"));
    }
    let senders: Vec<&'static dyn Service> =
        providers.iter().copied().filter(|service| !service.topics().is_empty()).collect();
    let names: Vec<&str> = senders.iter().map(|service| service.name().word()).collect();
    let asked: Vec<&'static dyn Service> = match provider {
        None => senders,
        Some(name) => match providers.iter().find(|service| service.name().word() == name) {
            None => return Err(format!("there is no provider `{name}`{}", among(name, &names))),
            Some(service) if service.topics().is_empty() => {
                let who = names.join(", ");
                return Err(format!("{} sends no webhooks; who does: {who}", service.title()));
            }
            Some(service) => vec![*service],
        },
    };
    let topics: Vec<&str> = asked.iter().flat_map(|service| service.topics()).copied().collect();
    match topic {
        Some(topic) if !topics.contains(&topic) => {
            Err(format!("there is no webhook `{topic}`{}", among(topic, &topics)))
        }
        Some(topic) => {
            Ok(asked.into_iter().filter(|service| service.topics().contains(&topic)).collect())
        }
        None => Ok(asked),
    }
}

/// Refuses to spoil what a provider's webhooks do not carry.
fn sealed(rule: &Rule, asked: &[&'static dyn Service]) -> Result<(), Mistake> {
    for service in asked {
        let (seals, title) = (service.seals(), service.title());
        if rule.then.signature.is_some() && !seals.signature {
            let problem = format!("{title} does not sign its webhooks: there is nothing to spoil");
            return Err(Mistake::new("then.signature", problem));
        }
        if rule.then.stale.is_some() && !seals.stale {
            let problem = format!("{title}'s webhooks carry no time that could be too old");
            return Err(Mistake::new("then.stale", problem));
        }
    }
    Ok(())
}

/// The providers an `on` speaks of, of a rule or of a matcher; `stub` says that it is of a route that is not there.
///
/// # Errors
/// A sentence with what was probably meant.
pub fn of(text: &str, stub: bool) -> Result<Vec<&'static dyn Service>, String> {
    let providers: Vec<&'static dyn Service> =
        Name::ALL.iter().map(|name| service(*name)).collect();
    if text == NOBODY {
        return Ok(Vec::new());
    }
    if stub { absent(text, &providers) } else { on(text, &providers) }
}

fn on(text: &str, providers: &[&'static dyn Service]) -> Result<Vec<&'static dyn Service>, String> {
    if text == "*" {
        return Ok(providers.to_vec());
    }
    let name =
        text.split_once(" /").map_or(text, |(_, path)| path.split('/').next().unwrap_or(path));
    let names: Vec<&str> = providers.iter().map(|service| service.name().word()).collect();
    let Some(service) = providers.iter().find(|service| service.name().word() == name) else {
        return Err(format!("there is no provider `{name}`{}", among(name, &names)));
    };
    if text == name {
        return Ok(vec![*service]);
    }
    let rows: Vec<String> = service
        .routes()
        .iter()
        .map(|row| format!("{} /{}{}", row.method, row.provider, row.path))
        .collect();
    let fits = |row: &String| {
        row == text
            || text.strip_prefix('*').is_some_and(|path| row.ends_with(path) && row.contains(" /"))
    };
    if !rows.iter().any(fits) {
        let known: Vec<&str> = rows.iter().map(String::as_str).collect();
        let meant = did_you_mean(text, known).map(|meant| format!("; did you mean `{meant}`?"));
        let meant = meant.unwrap_or_else(|| {
            format!("; `shipmock routes {name}` lists them, and `stub: true` stands in for one that is not there")
        });
        return Err(format!("there is no route `{text}`{meant}"));
    }
    Ok(vec![*service])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check;
    use crate::policy::rule::Rule;

    #[test]
    fn a_rule_about_what_is_not_there_is_refused_with_what_was_meant() {
        let then = json!({ "status": 503 });
        for (rule, expected) in [
            (json!({ "on": "shipper", "then": then }), None),
            (json!({ "on": "*", "then": { "fault": "hang" } }), None),
            (
                json!({ "on": "POST /shipper/api/v1/orders", "then": { "refuse": "too_many_requests" } }),
                None,
            ),
            (json!({ "on": "* /shipper/api/v1/orders", "then": then }), None),
            (
                json!({ "on": "shiper", "then": then }),
                Some("there is no provider `shiper`; did you mean `shipper`?"),
            ),
            (
                json!({ "on": "POST /shipper/api/v1/order", "then": then }),
                Some(
                    "there is no route `POST /shipper/api/v1/order`; did you mean `POST /shipper/api/v1/orders`?",
                ),
            ),
            (
                json!({ "on": "shipper", "then": { "refuse": "to_many_requests" } }),
                Some("there is no error `to_many_requests`; did you mean `too_many_requests`?"),
            ),
            (json!({ "on": "webhook", "then": { "drop": true } }), None),
            (
                json!({ "on": "webhook shipper shipment.status_changed", "then": { "signature": "wrong" } }),
                None,
            ),
            (json!({ "on": "webhook * order.status_changed", "then": { "stale": "10m" } }), None),
            (
                json!({ "on": "webhook shiper", "then": { "drop": true } }),
                Some("there is no provider `shiper`; did you mean `shipper`?"),
            ),
            (
                json!({ "on": "webhook shiplee", "then": { "drop": true } }),
                Some("Shiplee sends no webhooks; who does: shipper, salla, shipup"),
            ),
            (
                json!({ "on": "webhook shipper order.status_change", "then": { "drop": true } }),
                Some(
                    "there is no webhook `order.status_change`; did you mean `order.status_changed`?",
                ),
            ),
            (
                json!({ "on": "shipper", "then": {} }),
                Some(
                    "it does nothing; say `status`, `json`, `text`, `base64`, `refuse`, `headers`, `delay`, `fault` or `dribble`",
                ),
            ),
        ] {
            let rule: Rule = serde_json::from_value(rule).unwrap();
            assert_eq!(check(&rule).err().map(|mistake| mistake.problem).as_deref(), expected);
        }
    }
}
