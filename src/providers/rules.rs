//! Whether a rule of a scenario speaks of what there is: a known provider, route, error.

use crate::kit::text::did_you_mean;
use crate::policy::rule::Rule;
use crate::providers::{Name, Service, service};

/// What is wrong with a rule: the field, and a sentence with what was probably meant.
///
/// # Errors
/// The first mistake.
pub fn check(rule: &Rule) -> Result<(), (&'static str, String)> {
    let asked = of(&rule.on).map_err(|problem| ("on", problem))?;
    if let Some(name) = &rule.then.refuse {
        let known: Vec<&str> =
            asked.iter().flat_map(|service| service.refusals()).copied().collect();
        if !known.contains(&name.as_str()) {
            let problem = format!("there is no error `{name}`{}", among(name, &known));
            return Err(("then.refuse", problem));
        }
    }
    if rule.every == Some(0) {
        return Err(("every", "count from 1: `every: 2` is every second call".to_owned()));
    }
    if rule.percent.is_some_and(|percent| percent > 100) {
        return Err(("percent", "there are a hundred in a hundred".to_owned()));
    }
    match rule.then.mistake() {
        Some(problem) => Err(("then", problem)),
        None => Ok(()),
    }
}

/// The providers an `on` speaks of, of a rule or of a matcher.
///
/// # Errors
/// A sentence with what was probably meant.
pub fn of(text: &str) -> Result<Vec<&'static dyn Service>, String> {
    let providers: Vec<&'static dyn Service> =
        Name::ALL.iter().map(|name| service(*name)).collect();
    on(text, &providers)
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
        let meant = meant.unwrap_or_else(|| format!("; `shipmock routes {name}` lists them"));
        return Err(format!("there is no route `{text}`{meant}"));
    }
    Ok(vec![*service])
}

fn among(given: &str, known: &[&str]) -> String {
    match did_you_mean(given, known.iter().copied()) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None => format!("; there are {}", known.join(", ")),
    }
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
            (
                json!({ "on": "shipper", "then": {} }),
                Some(
                    "it does nothing; say `status`, `json`, `text`, `refuse`, `delay`, `fault` or `dribble`",
                ),
            ),
        ] {
            let rule: Rule = serde_json::from_value(rule).unwrap();
            assert_eq!(check(&rule).err().map(|(_, problem)| problem).as_deref(), expected);
        }
    }
}
