//! The report of a run: what it did, counted while it happens: nothing is lost that a bounded journal drops.

mod counted;
mod junit;
mod lines;
mod text;
mod totals;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::message::Evidence;
use crate::policy::installed::Installed;
use crate::providers::{self, Name};
use crate::sim::journal::Entry;
use crate::world::World;

use counted::{Counted, Noted};
use totals::Stray;

pub use junit::junit;
pub use lines::{
    AnswerLine, Called, Missed, ProviderLine, Report, RuleLine, Undelivered, Unmatched, Verdict,
};
pub use text::{json, text};
pub use totals::WorldTotals;

/// What a call that no endpoint took is called.
const NOWHERE: &str = "no endpoint";

/// A call as it is counted: its provider, and its row of the route table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct CountedCall {
    provider: Name,
    route: String,
}

/// An answer worth telling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct CountedAnswer {
    spot: CountedCall,
    status: u16,
    evidence: Evidence,
    explanation: String,
}

/// What is known of a rule over all worlds that had it.
#[derive(Debug, Clone, Default)]
struct Ruled {
    title: String,
    on: String,
    used: bool,
    by_chance: bool,
}

/// Everything that is counted in a run, over all its worlds.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    worlds: u64,
    statuses: Counted<(CountedCall, u16)>,
    evidence: BTreeMap<Name, BTreeMap<Evidence, u64>>,
    refusals: Counted<CountedAnswer>,
    inferred: Counted<CountedAnswer>,
    unread: Counted<(CountedCall, String)>,
    absent: Counted<(CountedCall, String)>,
    edges: BTreeMap<Name, BTreeSet<&'static str>>,
    rules: BTreeMap<String, Ruled>,
    unmatched: Counted<Misaddressed>,
    delivered: u64,
    undelivered: Counted<Stray>,
    forgotten: u64,
}

/// A call that was for no provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Misaddressed {
    method: &'static str,
    path: String,
    explanation: String,
}

impl Tally {
    /// A world begins, with these rules.
    pub fn opened(&mut self, rules: &[Installed]) {
        self.worlds += 1;
        self.rules(rules);
    }

    /// Rules of a world as they are now.
    pub fn rules(&mut self, rules: &[Installed]) {
        rules.iter().for_each(|installed| self.rule(installed));
    }

    fn rule(&mut self, installed: &Installed) {
        let key = serde_json::to_string(&installed.rule).unwrap_or_default();
        let known = self.rules.entry(key).or_insert_with(|| Ruled {
            title: installed.title().to_owned(),
            on: installed.rule.on.clone(),
            used: false,
            by_chance: installed.rule.percent.is_some_and(|percent| percent < 100),
        });
        known.used |= installed.used > 0;
    }

    /// A call was answered in a world of this name. `like` is the world it was made like: a refusal is worded by what
    /// a setup decides, and so the same there, where nothing changes any more. `fired` are the rules that have the
    /// title the entry names.
    pub fn answered(&mut self, name: &str, like: &World, entry: &Entry, fired: &[Installed]) {
        let Some(provider) = Name::of(&entry.provider) else { return };
        let service = providers::service(provider);
        let nowhere = || format!("{NOWHERE}: {} {}", entry.request.verb(), entry.request.path);
        let spot = CountedCall { provider, route: entry.route.clone().unwrap_or_else(nowhere) };
        let place = || format!("{name} {}", entry.id());
        let reply = &entry.reply;
        self.statuses.add((spot.clone(), reply.status), place);
        *self.evidence.entry(provider).or_default().entry(reply.evidence).or_default() += 1;
        self.rules(fired);
        if let Some(reading) = service.reading(&entry.request, reply) {
            for (counted, fields) in
                [(&mut self.unread, reading.unread), (&mut self.absent, reading.absent)]
            {
                for field in fields {
                    counted.add((spot.clone(), field), place);
                }
            }
        }
        // Some refuse with 200; what a rule did to a good answer is none.
        let explained = reply.explanation.is_some() && reply.evidence != Evidence::Injected;
        let refused = reply.status >= 400 || explained;
        let guessed = reply.evidence == Evidence::Inferred;
        if !refused && !guessed {
            return;
        }
        let answer = CountedAnswer {
            spot,
            status: reply.status,
            evidence: reply.evidence,
            explanation: reply.explanation.as_deref().unwrap_or_default().to_owned(),
        };
        if guessed {
            self.inferred.add(answer.clone(), place);
        }
        // A rule's answer is no refusal of the provider's, unless the provider worded it.
        if refused && self.refusals.add(answer, place) {
            let same = |name: &&&'static str| {
                let worded = service.refusal(like.providers(), &entry.request, name);
                worded.is_some_and(|it| it.status == reply.status && it.body == reply.body)
            };
            if let Some(name) = service.refusals().iter().find(same) {
                self.edges.entry(provider).or_default().insert(name);
            }
        }
    }

    /// A call was for no provider.
    pub fn unmatched(&mut self, name: &str, entry: &Entry) {
        let call = Misaddressed {
            method: entry.request.method.word(),
            path: entry.request.path.clone(),
            explanation: entry.reply.explanation.as_deref().unwrap_or_default().to_owned(),
        };
        self.unmatched.add(call, || format!("{name} {}", entry.id()));
    }

    /// A world ends, or is looked at for the last time.
    pub fn closed(&mut self, name: &str, totals: &WorldTotals) {
        self.rules(&totals.rules);
        self.forgotten += totals.forgotten;
        self.delivered += totals.delivered;
        for (stray, id) in &totals.undelivered {
            self.undelivered.add(stray.clone(), || format!("{name} {id}"));
        }
    }

    /// What there is to tell.
    pub fn report(&self) -> Report {
        let answer = |(answer, noted): (&CountedAnswer, &Noted)| AnswerLine {
            provider: answer.spot.provider,
            route: answer.spot.route.clone(),
            status: answer.status,
            evidence: answer.evidence,
            explanation: answer.explanation.clone(),
            times: noted.times,
            first: noted.first.clone(),
        };
        let missed = |((spot, field), noted): (&(CountedCall, String), &Noted)| Missed {
            provider: spot.provider,
            route: spot.route.clone(),
            field: field.clone(),
            times: noted.times,
            first: noted.first.clone(),
        };
        let undelivered = |(stray, noted): (&Stray, &Noted)| Undelivered {
            provider: stray.provider.clone(),
            event: stray.event.clone(),
            url: stray.url.clone(),
            state: stray.state,
            error: stray.error.clone(),
            times: noted.times,
            first: noted.first.clone(),
        };
        let unmatched = |(call, noted): (&Misaddressed, &Noted)| Unmatched {
            method: call.method,
            path: call.path.clone(),
            explanation: call.explanation.clone(),
            times: noted.times,
            first: noted.first.clone(),
        };
        // A suite that calls one provider is not told of what the others do meanwhile.
        let called = |provider: &str| {
            self.evidence.is_empty() || self.evidence.keys().any(|name| name.word() == provider)
        };
        let mut elsewhere: BTreeMap<String, u64> = BTreeMap::new();
        for (stray, noted) in self.undelivered.iter().filter(|(it, _)| !called(&it.provider)) {
            *elsewhere.entry(stray.provider.clone()).or_default() += noted.times;
        }
        let rule = |rule: &Ruled| RuleLine {
            title: rule.title.clone(),
            on: rule.on.clone(),
            by_chance: rule.by_chance,
        };
        Report {
            verdict: Verdict::default(),
            worlds: self.worlds,
            unmatched: self.unmatched.iter().map(unmatched).collect(),
            requests: self.evidence.values().flat_map(BTreeMap::values).sum(),
            providers: Name::ALL.iter().filter_map(|name| self.provider(*name)).collect(),
            refusals: self.refusals.iter().map(answer).collect(),
            rules_never_fired: self.rules.values().filter(|it| !it.used).map(rule).collect(),
            inferred: self.inferred.iter().map(answer).collect(),
            webhooks_delivered: self.delivered,
            webhooks_undelivered: self
                .undelivered
                .iter()
                .filter(|(it, _)| called(&it.provider))
                .map(undelivered)
                .collect(),
            webhooks_of_others: elsewhere,
            webhooks_forgotten: self.forgotten,
            unread: self.unread.iter().map(missed).collect(),
            left_out: self.absent.iter().map(missed).collect(),
            not_listed: self.statuses.beyond()
                + self.refusals.beyond()
                + self.inferred.beyond()
                + self.unread.beyond()
                + self.absent.beyond()
                + self.unmatched.beyond()
                + self.undelivered.beyond(),
        }
    }

    /// A provider's part, if it was called at all.
    fn provider(&self, name: Name) -> Option<ProviderLine> {
        let evidence = self.evidence.get(&name)?;
        let mut calls: Vec<Called> = Vec::new();
        for ((spot, status), noted) in self.statuses.iter() {
            if spot.provider != name {
                continue;
            }
            match calls.last_mut().filter(|last| last.route == spot.route) {
                Some(last) => drop(last.statuses.insert(*status, noted.times)),
                None => calls.push(Called {
                    route: spot.route.clone(),
                    statuses: BTreeMap::from([(*status, noted.times)]),
                }),
            }
        }
        let service = providers::service(name);
        let routes: Vec<String> =
            service.routes().iter().map(|row| format!("{} {}", row.method, row.path)).collect();
        let never = |route: &&String| !calls.iter().any(|called| called.route == **route);
        Some(ProviderLine {
            provider: name,
            title: service.title(),
            requests: evidence.values().sum(),
            evidence: evidence.iter().map(|(how, times)| (how.word(), *times)).collect(),
            endpoints: routes.len(),
            endpoints_never_called: routes.iter().filter(never).cloned().collect(),
            edge_cases: self.edges.get(&name).into_iter().flatten().copied().collect(),
            edge_cases_known: service.refusals().len(),
            calls,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::{Tally, WorldTotals, junit, text};
    use crate::message::{Method, Request};
    use crate::providers::Name;
    use crate::world::{Orders, Recipe, Setup, World};

    fn world() -> World {
        let setup: Setup = serde_json::from_value(json!({
            "journal": { "bytes": 10 },
            "shipper": { "organizations": [{ "name": "Shop", "keys": [{ "name": "api_key", "token": "KEY" }] }] },
            "rules": [
                { "name": "met", "on": "GET /shipper/api/v1/orders", "calls": [2], "then": { "status": 503 } },
                { "name": "not met", "on": "shiplee", "then": { "status": 503 } },
                { "name": "by chance", "on": "shiplee", "percent": 1, "then": { "status": 503 } },
            ],
        }))
        .unwrap();
        let at = "2026-05-14T09:00:00Z".parse().unwrap();
        let orders = Orders { at: Some(at), ..Orders::default() };
        World::build(Arc::new(Recipe::new("report", setup, orders, at))).unwrap()
    }

    /// A run of a few calls in two worlds whose journals keep nothing.
    fn run() -> Tally {
        let mut tally = Tally::default();
        for name in ["one", "two"] {
            let mut world = world();
            let like = world.clone();
            let rules = |world: &World| world.rules().iter().cloned().collect::<Vec<_>>();
            tally.opened(&rules(&world));
            for (target, key) in [
                ("/api/v1/orders?pag=2", "KEY"),
                ("/api/v1/orders", "KEY"),
                ("/api/v1/orders", "another"),
                ("/api/v1/nowhere", "KEY"),
            ] {
                let request = Request::new(Method::Get, target)
                    .with("authorization", format!("Bearer {key}"));
                let (_, entry) = world.request_journaled(Name::Shipper, request);
                tally.answered(name, &like, &entry, &rules(&world));
            }
            assert_eq!(world.journal().len(), 0);
            tally.closed(name, &WorldTotals::of(&world, 0));
        }
        tally
    }

    #[test]
    fn everything_is_counted_that_the_journal_no_longer_has() {
        let report = run().report();
        assert_eq!((report.worlds, report.requests), (2, 8));
        let shipper = &report.providers[0];
        let calls: Vec<(&str, Vec<(u16, u64)>)> = shipper
            .calls
            .iter()
            .map(|it| (it.route.as_str(), it.statuses.clone().into_iter().collect()))
            .collect();
        assert_eq!(
            calls,
            [
                ("GET /api/v1/orders", vec![(200, 2), (401, 2), (503, 2)]),
                ("no endpoint: GET /api/v1/nowhere", vec![(404, 2)]),
            ]
        );
        assert_eq!((shipper.endpoints, shipper.endpoints_never_called.len()), (16, 15));
        assert_eq!(shipper.edge_cases, ["unauthenticated"]);
        let unread: Vec<_> = report.unread.iter().map(|it| (it.field.as_str(), it.times)).collect();
        assert_eq!(unread, [("query.pag", 2)]);
        let rules: Vec<&str> =
            report.rules_never_fired.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(rules, ["by chance", "not met"]);
        assert_eq!(report.refusals.iter().find(|it| it.status == 401).unwrap().first, "one r3");
    }

    #[test]
    fn only_a_rule_that_chance_does_not_excuse_fails_a_run_and_strictness_wants_no_guess() {
        let tally = run();
        let mut report = tally.report();
        report.judge("true", 0, false);
        assert_eq!(report.verdict.faults.len(), 1, "{:?}", report.verdict.faults);
        report.judge("true", 0, true);
        assert_eq!(report.verdict.faults.len(), 1 + usize::from(!report.inferred.is_empty()));
        assert_eq!(report.verdict.exit_code, 1);
        report.judge("false", 7, false);
        assert_eq!(report.verdict.exit_code, 7);
    }

    #[test]
    fn what_was_for_no_provider_is_told_and_fails_a_strict_run() {
        let mut tally = Tally::default();
        let mut world = world();
        for _ in 0..2 {
            let reply =
                crate::message::Reply::empty(404).because("Did you mean /shipper/api/v1/orders?");
            let (_, entry) = world.unmatched(Request::new(Method::Get, "/api/v1/orders"), reply);
            tally.unmatched("one", &entry);
        }
        let mut report = tally.report();
        report.judge("true", 0, false);
        assert_eq!((report.requests, report.verdict.exit_code), (0, 0));
        report.judge("true", 0, true);
        assert_eq!(report.verdict.exit_code, 1);
        assert_eq!(report.verdict.faults, ["calls for no provider: 2 (--strict)"]);
        let told = text(&report);
        assert!(told.contains("GET /api/v1/orders, 2 times, first one r1"), "{told}");
        assert!(told.contains("Did you mean /shipper/api/v1/orders?"), "{told}");
        assert!(junit(&report).contains("2 calls were for no provider"));
    }

    #[test]
    fn webhooks_of_providers_that_were_not_called_are_one_line() {
        let mut tally = run();
        let stray = |provider: &str| {
            let stray = super::Stray {
                provider: provider.to_owned(),
                event: "event".to_owned(),
                url: "https://mystore.com/".to_owned(),
                state: crate::sim::webhook::outbox::DeliveryState::Captured,
                error: String::new(),
            };
            (stray, "d1".to_owned())
        };
        let totals = WorldTotals::of(&world(), 0);
        let undelivered = vec![stray("shipper"), stray("salla"), stray("salla")];
        tally.closed("one", &WorldTotals { undelivered, ..totals });
        let report = tally.report();
        let told: Vec<&str> =
            report.webhooks_undelivered.iter().map(|it| it.provider.as_str()).collect();
        assert_eq!((told, report.webhooks_of_others["salla"]), (vec!["shipper"], 2));
        assert!(text(&report).contains("not called: 2 of salla"), "{}", text(&report));
    }

    #[test]
    fn it_is_told_as_text_and_as_a_build_server_reads_it() {
        let mut report = run().report();
        report.judge("make check", 0, true);
        let told = text(&report);
        assert!(told.contains("`not met`") && told.contains("query.pag"), "{told}");
        let xml = junit(&report);
        assert!(xml.contains("name=\"rule: not met\"") && xml.contains("<failure"), "{xml}");
    }
}
