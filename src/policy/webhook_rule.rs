//! Webhook rules: which webhooks a rule is about, and whether what it asks for them can be.

use serde_json::Value;

use crate::kit::mistake::Mistake;
use crate::policy::rule::{Rule, Then, When};
use crate::policy::webhook_fault::MOST_COPIES;
use crate::sim::webhook::delivery::Delivery;

/// A webhook that rules look at.
#[derive(Debug, Clone, Copy)]
pub struct MatchedWebhook<'a> {
    /// The webhook as it is put into the outbox.
    pub delivery: &'a Delivery,
    /// Whether a call to a provider caused it, whose answer has not gone out yet.
    pub in_call: bool,
}

/// Whether a rule is about a webhook. The body is parsed once, and only if a rule asks for it.
pub(super) fn fits(rule: &Rule, sent: &MatchedWebhook<'_>, body: &mut Option<Value>) -> bool {
    let Some((provider, topic)) = rule.about_webhooks() else { return false };
    let MatchedWebhook { delivery, in_call } = sent;
    let when = &rule.when;
    provider.is_none_or(|provider| delivery.provider == provider)
        && topic.is_none_or(|topic| delivery.event == topic)
        // What time brings has no answer it could come before.
        && (*in_call || !rule.then.before_answer)
        && when.subscription.as_ref().is_none_or(|it| it.passes_text(Some(&delivery.subscription)))
        && when.url.as_ref().is_none_or(|test| test.passes_text(Some(&delivery.url)))
        && when.headers.iter().all(|(name, test)| test.passes_text(delivery.headers.get(name)))
        && (when.json.is_empty() || {
            let parsed = || serde_json::from_slice(&delivery.body).unwrap_or_default();
            let body = body.get_or_insert_with(parsed);
            when.json.iter().all(|(place, test)| test.passes(place.first(body)))
        })
}

impl When {
    /// The first condition that only a call can meet.
    fn of_calls(&self) -> Option<&'static str> {
        let given = [
            ("when.query", !self.query.is_empty()),
            ("when.form", !self.form.is_empty()),
            ("when.account", self.account.is_some()),
            ("when.entity", self.entity.is_some()),
            ("when.client", self.client.is_some()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(place, _)| place)
    }

    /// The first condition that only a webhook can meet.
    fn of_webhooks(&self) -> Option<&'static str> {
        let given =
            [("when.subscription", self.subscription.is_some()), ("when.url", self.url.is_some())];
        given.into_iter().find(|(_, given)| *given).map(|(place, _)| place)
    }
}

impl Then {
    /// What only an answer can have done to it.
    fn of_calls(&self) -> [(&'static str, bool); 9] {
        [
            ("then.status", self.status.is_some()),
            ("then.headers", !self.headers.is_empty()),
            ("then.json", self.json.is_some()),
            ("then.text", self.text.is_some()),
            ("then.base64", self.base64.is_some()),
            ("then.refuse", self.refuse.is_some()),
            ("then.handled", self.handled.is_some()),
            ("then.fault", self.fault.is_some()),
            ("then.dribble", self.dribble.is_some()),
        ]
    }

    /// What only a webhook can have done to it.
    fn of_webhooks(&self) -> [(&'static str, bool); 7] {
        [
            ("then.drop", self.drop),
            ("then.duplicate", self.duplicate.is_some()),
            ("then.overtaken", self.overtaken.is_some()),
            ("then.before_answer", self.before_answer),
            ("then.signature", self.signature.is_some()),
            ("then.stale", self.stale.is_some()),
            ("then.truncate", self.truncate.is_some()),
        ]
    }
}

/// What is wrong with a rule that is about the one and speaks of the other, or asks a webhook for what cannot be: the
/// place, and a sentence.
///
/// # Errors
/// The first mistake.
pub fn check(rule: &Rule) -> Result<(), Mistake> {
    let (when, then) = (&rule.when, &rule.then);
    let first = |list: &[(&'static str, bool)]| {
        list.iter().find(|(_, given)| *given).map(|(place, _)| *place)
    };
    if rule.about_webhooks().is_none() {
        let wrong = when.of_webhooks().or_else(|| first(&then.of_webhooks()));
        return wrong.map_or(Ok(()), |place| {
            let what = "this is for webhooks; begin `on` with `webhook`, as `webhook shipper`";
            Err(Mistake::new(place, what))
        });
    }
    if let Some(place) = when.of_calls() {
        let what =
            "this is for calls; a webhook is chosen by `subscription`, `url`, `headers` and `json`";
        return Err(Mistake::new(place, what));
    }
    if let Some(place) = first(&then.of_calls()) {
        let what = format!("this is for answers; the weather of a webhook is {WEATHER}");
        return Err(Mistake::new(place, what));
    }
    let given: Vec<&str> = then.of_webhooks().iter().filter(|it| it.1).map(|it| it.0).collect();
    let wrong = |place: &str, what: &str| Err(Mistake::new(place, what));
    match then {
        _ if given.is_empty() && then.delay.is_none() => {
            wrong("then", &format!("it does nothing; say {WEATHER}"))
        }
        _ if then.drop && (given.len() > 1 || then.delay.is_some()) => {
            wrong("then.drop", "what is lost cannot have anything else happen to it")
        }
        _ if then.delay.is_some() && then.overtaken.is_some() => {
            wrong("then.overtaken", "say at most one of `delay` and `overtaken`")
        }
        _ if then.before_answer && (then.delay.is_some() || then.overtaken.is_some()) => {
            wrong("then.before_answer", "what comes before the answer cannot be kept back as well")
        }
        Then { duplicate: Some(it), .. } if !(1..=MOST_COPIES).contains(&it.copies) => {
            wrong("then.duplicate", &format!("there are from 1 to {MOST_COPIES} further copies"))
        }
        Then { overtaken: Some(it), .. } if it.by == 0 => {
            wrong("then.overtaken", "count from 1: `overtaken: 1` lets the next one go first")
        }
        _ => Ok(()),
    }
}

/// What weather there is.
const WEATHER: &str = "`delay`, `drop`, `duplicate`, `overtaken`, `before_answer`, `signature`, `stale` or `truncate`";

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::check;
    use crate::policy::rule::Rule;

    fn rule(on: &str, then: Value) -> Rule {
        serde_json::from_value(json!({ "on": on, "then": then })).unwrap()
    }

    #[test]
    fn short_and_long_forms_are_read_and_written() {
        for (written, kept) in [
            (json!({ "duplicate": 2 }), json!({ "duplicate": 2 })),
            (
                json!({ "duplicate": { "after": "5m" } }),
                json!({ "duplicate": { "copies": 1, "after": "5m" } }),
            ),
            (json!({ "overtaken": { "by": 2 } }), json!({ "overtaken": 2 })),
            (
                json!({ "overtaken": { "within": "1h" } }),
                json!({ "overtaken": { "by": 1, "within": "1h" } }),
            ),
        ] {
            let read = rule("webhook", written);
            assert_eq!(serde_json::to_value(&read.then).unwrap(), kept);
            assert_eq!(check(&read), Ok(()));
        }
    }

    #[test]
    fn weather_is_for_webhooks_and_faults_are_for_answers() {
        for (on, then, place) in [
            ("shipper", json!({ "drop": true }), "then.drop"),
            ("webhook shipper", json!({ "fault": "reset" }), "then.fault"),
            ("webhook", json!({}), "then"),
            ("webhook", json!({ "drop": true, "delay": "1s" }), "then.drop"),
            ("webhook", json!({ "overtaken": 1, "delay": "1s" }), "then.overtaken"),
            ("webhook", json!({ "overtaken": 0 }), "then.overtaken"),
            ("webhook", json!({ "duplicate": 0 }), "then.duplicate"),
            ("webhook", json!({ "before_answer": true, "delay": "1s" }), "then.before_answer"),
        ] {
            assert_eq!(check(&rule(on, then)).unwrap_err().place, place, "{on}");
        }
    }
}
