//! Installed rules, those of a world: in the order of their installation, each with its own counters.

use std::cell::OnceCell;
use std::ops::ControlFlow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::{Dribble, Wire};
use crate::policy::call::MatchedCall;
use crate::policy::matcher::{Unlike, hold};
use crate::policy::rule::{Delay, Pace, Rule, Then};
use crate::policy::webhook_rule::{self, MatchedWebhook};
use crate::sim::chance::{Chance, Draw};

/// A rule that was installed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Installed {
    /// Counts from 1 in each world.
    pub number: u64,
    /// The rule.
    pub rule: Rule,
    /// When it was installed, in world time.
    pub since: Timestamp,
    /// Calls or webhooks it was about.
    pub fitted: u64,
    /// Those of them it did something to.
    pub used: u64,
}

impl Installed {
    /// The id under which it is asked for.
    pub fn id(&self) -> String {
        format!("rule{}", self.number)
    }

    /// What the journal calls it.
    pub fn title(&self) -> &str {
        self.rule.name.as_deref().unwrap_or(&self.rule.on)
    }

    fn is_spent(&self, now: Timestamp) -> bool {
        let rule = &self.rule;
        rule.times.is_some_and(|times| self.used >= times)
            || rule.lasts.is_some_and(|lasts| now.duration_since(self.since) >= lasts.0)
    }
}

/// What a rule decided about a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// What the journal calls the rule.
    pub title: String,
    /// The path behind the provider's prefix for which it stands in, if the provider has no such route.
    pub stub: Option<String>,
    /// The topic it is about, if it is about one.
    pub topic: Option<String>,
    /// What it does.
    pub then: Then,
    /// What happens to the bytes.
    pub wire: Wire,
}

/// The rules of a world.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    installed: Vec<Installed>,
    next: u64,
}

/// The most rules a world may have.
pub const MOST: usize = 1_000;

impl Rules {
    /// Installs a rule behind all others. `None` when the world has as many as it may have.
    pub fn install(&mut self, rule: Rule, now: Timestamp) -> Option<&Installed> {
        if self.installed.len() >= MOST {
            return None;
        }
        self.next += 1;
        self.installed.push(Installed { number: self.next, rule, since: now, fitted: 0, used: 0 });
        self.installed.last()
    }

    /// Takes a rule away.
    pub fn remove(&mut self, id: &str) -> Option<Installed> {
        let place = self.installed.iter().position(|rule| rule.id() == id)?;
        Some(self.installed.remove(place))
    }

    /// After they were read from a document: whether their numbers rise and the next comes behind all others.
    ///
    /// # Errors
    /// A sentence when they do not.
    pub fn settle(&self) -> Result<(), String> {
        let mut last = 0;
        for installed in &self.installed {
            if installed.number <= last || installed.number > self.next {
                return Err(format!(
                    "{} stands behind rule{last}, the last is rule{}",
                    installed.id(),
                    self.next
                ));
            }
            last = installed.number;
        }
        Ok(())
    }

    /// The rules in order.
    pub fn iter(&self) -> impl Iterator<Item = &Installed> {
        self.installed.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.installed.is_empty()
    }

    /// The first rule that takes a call. Every rule before it that the call fits counts it.
    pub fn decide(
        &mut self,
        asked: &MatchedCall<'_>,
        chance: &mut Chance,
        now: Timestamp,
    ) -> Option<Chosen> {
        let body = OnceCell::new();
        let fits = |rule: &Rule| fits(rule, asked, &body);
        self.first_that(fits, LONGEST, chance, now)
    }

    /// The first rule that takes a webhook, in the same way.
    pub fn decide_webhook(
        &mut self,
        sent: &MatchedWebhook<'_>,
        chance: &mut Chance,
        now: Timestamp,
    ) -> Option<Chosen> {
        let mut body = None;
        let fits = |rule: &Rule| webhook_rule::fits(rule, sent, &mut body);
        self.first_that(fits, LONGEST_OF_WEBHOOKS, chance, now)
    }

    fn first_that(
        &mut self,
        mut fits: impl FnMut(&Rule) -> bool,
        longest: SignedDuration,
        chance: &mut Chance,
        now: Timestamp,
    ) -> Option<Chosen> {
        for installed in &mut self.installed {
            if installed.is_spent(now) || !fits(&installed.rule) {
                continue;
            }
            installed.fitted += 1;
            let label = || format!("rule {}", installed.number);
            let drawn = |percent: &u64| chance.draw(&label()).percent(*percent);
            if !its_turn(&installed.rule, installed.fitted)
                || !installed.rule.percent.as_ref().is_none_or(drawn)
            {
                continue;
            }
            installed.used += 1;
            let then = installed.rule.then.clone();
            let delay = then.delay.map_or(SignedDuration::ZERO, |delay| {
                length(delay, longest, || chance.draw(&label()))
            });
            let wire = Wire { delay, fault: then.fault, dribble: then.dribble.map(Dribble::from) };
            let topic = installed.rule.about_webhooks().and_then(|(_, topic)| topic);
            let (topic, title) = (topic.map(str::to_owned), installed.title().to_owned());
            let stub = installed.rule.stubbed_path().map(str::to_owned);
            return Some(Chosen { title, stub, topic, then, wire });
        }
        None
    }
}

/// Whether the ordinal conditions take the so-manieth call.
fn its_turn(rule: &Rule, count: u64) -> bool {
    rule.calls.as_ref().is_none_or(|calls| calls.contains(&count))
        && rule.first.is_none_or(|first| count <= first)
        && rule.after.is_none_or(|after| count > after)
        && rule.every.is_none_or(|every| every > 0 && count.is_multiple_of(every))
}

/// Whether a rule is about a call. The body is parsed once, and only if a rule asks for it.
fn fits(rule: &Rule, asked: &MatchedCall<'_>, body: &OnceCell<Value>) -> bool {
    let mut miss = |_: &dyn Fn() -> Unlike| ControlFlow::Break(());
    hold((&rule.on, rule.stub), &rule.when, asked, body, &mut miss).is_continue()
}

/// The longest delay: a client has given up long before.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);
/// The same of a webhook, which waits in world time.
const LONGEST_OF_WEBHOOKS: SignedDuration = SignedDuration::from_hours(366 * 24);

fn length(delay: Delay, longest: SignedDuration, draw: impl FnOnce() -> Draw) -> SignedDuration {
    let seconds = match delay {
        Delay::Fixed(span) => return span.0.min(longest),
        Delay::Drawn(Pace::Uniform(low, high)) => {
            let (low, high) = (low.0.min(high.0), low.0.max(high.0));
            low.as_secs_f64() + (high - low).as_secs_f64() * unit(&mut draw())
        }
        Delay::Drawn(Pace::LogNormal { median, spread }) => {
            // Box and Muller's way from two even draws to a normal one.
            let mut draw = draw();
            let radius = (-2.0 * unit(&mut draw).max(1e-12).ln()).sqrt();
            let normal = radius * (std::f64::consts::TAU * unit(&mut draw)).cos();
            median.0.as_secs_f64() * (spread.clamp(0.0, 5.0) * normal).exp()
        }
    };
    SignedDuration::try_from_secs_f64(seconds).unwrap_or(longest).min(longest)
}

/// A number from 0 up to 1.
fn unit(draw: &mut Draw) -> f64 {
    draw.below(1 << 53) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::{MatchedCall, Rules};
    use crate::message::{Method, Request, matches};
    use crate::policy::rule::Rule;
    use crate::sim::chance::Chance;

    fn rule(value: serde_json::Value) -> Rule {
        serde_json::from_value(value).unwrap()
    }

    fn uses(rules: &[serde_json::Value], bodies: &[&'static str]) -> Vec<Option<String>> {
        let mut installed = Rules::default();
        for value in rules {
            installed.install(rule(value.clone()), Timestamp::UNIX_EPOCH).unwrap();
        }
        let mut chance = Chance::new(7);
        let args = matches("/orders/{id}/cancel", "/orders/7/cancel").unwrap();
        bodies
            .iter()
            .map(|body| {
                let request = Request::new(Method::Post, "/orders/7/cancel?a=1")
                    .carrying("application/json", *body);
                let asked = MatchedCall {
                    provider: "shipper",
                    route: Some((Method::Post, "/orders/{id}/cancel", &args)),
                    account: None,
                    request: &request,
                };
                installed
                    .decide(&asked, &mut chance, Timestamp::UNIX_EPOCH)
                    .map(|chosen| chosen.title)
            })
            .collect()
    }

    #[test]
    fn ordinals_count_the_calls_that_fit() {
        let on = "POST /shipper/orders/{id}/cancel";
        let then = json!({ "status": 503 });
        let name = |place: &str| Some(place.to_owned());
        let all = ["{\"a\":1}", "{\"a\":2}", "{}", "{\"a\":1}", "no json"];
        for (extra, expected) in [
            (json!({ "calls": [2, 5] }), [None, name("x"), None, None, name("x")]),
            (json!({ "first": 1 }), [name("x"), None, None, None, None]),
            (json!({ "after": 4 }), [None, None, None, None, name("x")]),
            (json!({ "every": 2 }), [None, name("x"), None, name("x"), None]),
            (json!({ "times": 2 }), [name("x"), name("x"), None, None, None]),
            (
                json!({ "when": { "json": { "$.a": 1 } }, "calls": [2] }),
                [None, None, None, name("x"), None],
            ),
            (
                json!({ "when": { "entity": 7, "query": { "a": "1" } }, "first": 1 }),
                [name("x"), None, None, None, None],
            ),
            (json!({ "when": { "entity": "8" } }), [None, None, None, None, None]),
            (json!({ "percent": 0 }), [None, None, None, None, None]),
        ] {
            let mut value = json!({ "name": "x", "on": on, "then": then });
            value.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            assert_eq!(uses(&[value], &all), expected, "{extra}");
        }
    }

    #[test]
    fn the_first_rule_that_takes_a_call_wins() {
        let rules = [
            json!({ "name": "once", "on": "shipper", "times": 1, "then": { "fault": "reset" } }),
            json!({ "name": "else", "on": "*", "then": { "delay": "2s" } }),
            json!({ "name": "other", "on": "shiplee", "then": { "status": 500 } }),
        ];
        assert_eq!(uses(&rules, &["{}", "{}"]), [Some("once".to_owned()), Some("else".to_owned())]);
    }

    #[test]
    fn delays_are_drawn_from_the_seed() {
        for delay in [
            json!({ "uniform": ["1s", "3s"] }),
            json!({ "log_normal": { "median": "1s", "spread": 0.5 } }),
        ] {
            let mut rules = Rules::default();
            rules
                .install(
                    rule(json!({ "on": "*", "then": { "delay": delay } })),
                    Timestamp::UNIX_EPOCH,
                )
                .unwrap();
            let request = Request::new(Method::Get, "/");
            let asked =
                MatchedCall { provider: "shipper", route: None, account: None, request: &request };
            let mut draws = |seed| {
                let mut chance = Chance::new(seed);
                let chosen = rules.decide(&asked, &mut chance, Timestamp::UNIX_EPOCH).unwrap();
                chosen.wire.delay.as_secs_f64()
            };
            let (one, same, other) = (draws(1), draws(1), draws(2));
            assert!(
                one > 0.05 && one < 20.0 && one == same && one != other,
                "{one} {same} {other}"
            );
        }
    }
}
