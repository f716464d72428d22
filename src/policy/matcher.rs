//! Request matchers: calls that are looked for, and what keeps a call from being one: the same conditions as a rule's.

use std::cell::OnceCell;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::kit::text::excerpt;
use crate::message::{Args, Reply, Request, form, matches};
use crate::policy::call::MatchedCall;
use crate::policy::condition::Condition;
use crate::policy::rule::{Places, When, stubbed};
use crate::sim::journal::NOBODY;

/// Which calls: of a route, like this, answered like that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matcher {
    /// As the `on` of a rule: a row of a route table behind its provider's prefix, a provider, or `*`.
    #[serde(default = "anything")]
    pub on: String,
    /// As the `stub` of a rule: the provider has no such route.
    #[serde(default)]
    pub stub: bool,
    /// As the `when` of a rule: what the call must be like.
    #[serde(default)]
    pub when: When,
    /// What its answer must be like.
    #[serde(default)]
    pub answer: ReplyMatcher,
}

fn anything() -> String {
    "*".to_owned()
}

impl Default for Matcher {
    fn default() -> Self {
        let (when, answer) = (When::default(), ReplyMatcher::default());
        Matcher { on: anything(), stub: false, when, answer }
    }
}

/// What an answer must be like.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Answer")]
pub struct ReplyMatcher {
    /// Its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Condition>,
    /// How it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Condition>,
    /// The rule that had a hand in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Condition>,
    /// Places of its body by JSONPath.
    #[serde(skip_serializing_if = "Places::is_empty")]
    pub json: Places,
}

/// A condition that is not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unlike {
    /// Which: `on`, `when.json.$.id`, `answer.status`.
    pub what: String,
    /// What it asks for.
    pub wanted: String,
    /// What there is.
    pub got: String,
}

/// The longest value that is repeated.
const WIDTH: usize = 120;

impl Unlike {
    fn test(what: String, test: &Condition, found: Option<&Value>) -> Unlike {
        let shown = |value: &Value| excerpt(&value.to_string(), WIDTH).into_owned();
        let wanted = excerpt(&test.to_string(), WIDTH).into_owned();
        Unlike { what, wanted, got: found.map_or_else(|| "nothing".to_owned(), shown) }
    }

    fn text(what: String, test: &Condition, found: Option<&str>) -> Unlike {
        Unlike::test(what, test, found.map(Value::from).as_ref())
    }
}

/// What is told of a condition that is not met; whether to go on.
pub(super) type Unmet<'a> = &'a mut dyn FnMut(&dyn Fn() -> Unlike) -> ControlFlow<()>;

impl Matcher {
    /// What keeps a call and its answer from being looked for; empty when nothing does.
    pub fn unlike(
        &self,
        asked: &MatchedCall<'_>,
        reply: &Reply,
        rule: Option<&str>,
    ) -> Vec<Unlike> {
        let mut found = Vec::new();
        let mut miss = |tell: &dyn Fn() -> Unlike| {
            found.push(tell());
            ControlFlow::Continue(())
        };
        let _ = hold((&self.on, self.stub), &self.when, asked, &OnceCell::new(), &mut miss);
        let _ = self.answered(reply, rule, &mut miss);
        found
    }

    /// Whether calls of a row, its verb and path, are looked for: what can be told without the call itself.
    pub fn takes_route(&self, provider: &str, route: Option<(&str, &str)>) -> bool {
        // Whether a stub stands in for a call is told by its path.
        (self.stub && route.is_none()) || of_route(&self.on, provider, route)
    }

    /// Whether a call and its answer are looked for.
    pub fn fits(&self, asked: &MatchedCall<'_>, reply: &Reply, rule: Option<&str>) -> bool {
        let mut miss = |_: &dyn Fn() -> Unlike| ControlFlow::Break(());
        hold((&self.on, self.stub), &self.when, asked, &OnceCell::new(), &mut miss).is_continue()
            && self.answered(reply, rule, &mut miss).is_continue()
    }

    fn answered(&self, reply: &Reply, rule: Option<&str>, miss: Unmet<'_>) -> ControlFlow<()> {
        let found = [
            ("status", &self.answer.status, Some(json!(reply.status))),
            ("evidence", &self.answer.evidence, Some(json!(reply.evidence))),
            ("rule", &self.answer.rule, rule.map(Value::from)),
        ];
        for (name, test, found) in &found {
            if let Some(test) = test.as_ref().filter(|test| !test.passes(found.as_ref())) {
                miss(&|| Unlike::test(format!("answer.{name}"), test, found.as_ref()))?;
            }
        }
        if self.answer.json.is_empty() {
            return ControlFlow::Continue(());
        }
        let body = serde_json::from_slice(&reply.body).unwrap_or_default();
        places("answer.json", &self.answer.json, &body, miss)
    }
}

/// Whether a call is of a route, a provider, or any.
fn of_route(on: &str, provider: &str, route: Option<(&str, &str)>) -> bool {
    (on == "*" && provider != NOBODY)
        || on == provider
        || route.is_some_and(|(method, path)| {
            on.split_once(' ').is_some_and(|(verb, place)| {
                let own = place.strip_prefix('/').and_then(|place| place.strip_prefix(provider));
                (verb == method || verb == "*") && own == Some(path)
            })
        })
}

/// What stands in the braces of the path of a stub, if a call that no route takes is one it stands in for.
fn of_stub(on: &str, asked: &MatchedCall<'_>) -> Option<Args> {
    let (verb, _) = on.split_once(' ')?;
    let (provider, path) = stubbed(on)?;
    let fits = asked.route.is_none()
        && provider == asked.provider
        && (verb == "*" || verb == asked.request.method.word());
    if fits { matches(path, &asked.request.path) } else { None }
}

/// Holds a call against the conditions of a rule or a matcher. The body is parsed once, and only if it is asked for.
pub(super) fn hold(
    (on, stub): (&str, bool),
    when: &When,
    asked: &MatchedCall<'_>,
    body: &OnceCell<Value>,
    miss: Unmet<'_>,
) -> ControlFlow<()> {
    let Request { headers, query, body: bytes, peer, .. } = asked.request;
    let route = asked.route.map(|(method, path, _)| (method.word(), path));
    let stood_in = if stub { of_stub(on, asked) } else { None };
    if stood_in.is_none() && !of_route(on, asked.provider, route) {
        let got = || match asked.route {
            Some((method, path, _)) => format!("{method} /{}{path}", asked.provider),
            None => format!("no route of {}: {}", asked.provider, asked.request.path),
        };
        miss(&|| Unlike { what: "on".to_owned(), wanted: on.to_owned(), got: got() })?;
    }
    for (name, test) in &when.headers {
        let found = headers.get(name);
        if !test.passes_text(found) {
            miss(&|| Unlike::text(format!("when.headers.{name}"), test, found))?;
        }
    }
    for (place, tests, form) in [("query", &when.query, false), ("form", &when.form, true)] {
        if tests.is_empty() {
            continue;
        }
        let pairs = if form { form::pairs(&bytes.text()) } else { form::pairs(query) };
        for (name, test) in tests {
            let found = pairs.iter().rev().find(|(known, _)| known == name);
            let found = found.map(|(_, value)| value.as_str());
            if !test.passes_text(found) {
                miss(&|| Unlike::text(format!("when.{place}.{name}"), test, found))?;
            }
        }
    }
    let args = asked.route.map(|(_, _, args)| args).or(stood_in.as_ref());
    let entity = args.map(|args| args.at(0)).filter(|id| !id.is_empty());
    for (name, test, found) in [
        ("account", &when.account, asked.account),
        ("entity", &when.entity, entity),
        // A call is for no subscription.
        ("subscription", &when.subscription, None),
        ("url", &when.url, None),
    ] {
        if let Some(test) = test.as_ref().filter(|test| !test.passes_text(found)) {
            miss(&|| Unlike::text(format!("when.{name}"), test, found))?;
        }
    }
    let client = peer.to_canonical();
    if let Some(net) = when.client.filter(|net| !net.contains(&client)) {
        let wanted = || net.to_string();
        miss(&|| Unlike {
            what: "when.client".to_owned(),
            wanted: wanted(),
            got: client.to_string(),
        })?;
    }
    if when.json.is_empty() {
        return ControlFlow::Continue(());
    }
    let parsed = body.get_or_init(|| serde_json::from_slice(bytes).unwrap_or_default());
    places("when.json", &when.json, parsed, miss)
}

fn places(what: &str, wanted: &Places, body: &Value, miss: Unmet<'_>) -> ControlFlow<()> {
    for (place, test) in wanted.iter() {
        let found = place.first(body);
        if !test.passes(found) {
            miss(&|| Unlike::test(format!("{what}.{place}"), test, found))?;
        }
    }
    ControlFlow::Continue(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Matcher;
    use crate::message::{Method, Reply, Request, matches};
    use crate::policy::call::MatchedCall;

    #[test]
    fn every_condition_that_is_not_met_is_told() {
        let pattern = "/orders/{id}/cancel";
        let request = Request::new(Method::Post, "/orders/7/cancel?dry=1")
            .with("x-team", "red")
            .carrying("application/json", r#"{"reason":"late"}"#);
        let args = matches(pattern, &request.path).unwrap();
        let asked = MatchedCall {
            provider: "shipper",
            route: Some((Method::Post, pattern, &args)),
            account: Some("shop"),
            request: &request,
        };
        let reply = Reply::new(422, "application/json", r#"{"error":"no"}"#);
        for (matcher, expected) in [
            (json!({}), &[][..]),
            (json!({"on": "shipper", "when": {"query": {"dry": 1}}}), &[]),
            (
                json!({"on": "* /shipper/orders/{id}/cancel", "answer": {"status": {"at_least": 400}}}),
                &[],
            ),
            (json!({"on": "shiplee"}), &["on: shiplee, not POST /shipper/orders/{id}/cancel"]),
            (
                json!({"when": {"headers": {"x-team": "blue"}, "json": {"$.reason": {"matches": "^e"}, "$.by": {"present": true}}}}),
                &[
                    "when.headers.x-team: \"blue\", not \"red\"",
                    "when.json.$.reason: something like \"^e\", not \"late\"",
                    "when.json.$.by: anything, not nothing",
                ],
            ),
            (
                json!({"when": {"entity": 8, "account": "x", "client": "10.0.0.0/8", "form": {"a": "1"}}}),
                &[
                    "when.form.a: \"1\", not nothing",
                    "when.account: \"x\", not \"shop\"",
                    "when.entity: 8, not \"7\"",
                    "when.client: 10.0.0.0/8, not 127.0.0.1",
                ],
            ),
            (
                json!({"answer": {"status": 200, "rule": "x", "json": {"$.error": "yes"}}}),
                &[
                    "answer.status: 200, not 422",
                    "answer.rule: \"x\", not nothing",
                    "answer.json.$.error: \"yes\", not \"no\"",
                ],
            ),
        ] {
            let read: Matcher = serde_json::from_value(matcher.clone()).unwrap();
            let unlike = read.unlike(&asked, &reply, None);
            let told = |it: &super::Unlike| format!("{}: {}, not {}", it.what, it.wanted, it.got);
            assert_eq!(unlike.iter().map(told).collect::<Vec<_>>(), expected, "{matcher}");
            assert_eq!(read.fits(&asked, &reply, None), unlike.is_empty());
        }
    }
}
