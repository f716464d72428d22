//! Webhook faults: what the webhook rules of a scenario (its weather) do to a delivery before it is ready.

use jiff::SignedDuration;

use crate::kit::time::write_span;
use crate::message::Body;
use crate::policy::installed::Chosen;
use crate::policy::webhook_fault::Copies;
use crate::policy::webhook_rule::MatchedWebhook;
use crate::providers::{self, Due, Name, SigningFault};
use crate::sim::webhook::outbox::{AppliedFault, Overtakers};
use crate::world::World;

impl World {
    /// Asks the webhook rules about every new delivery, and makes ready what they do not keep back; the numbers of the
    /// deliveries. `in_call` says whether a call caused them whose reply has not gone out.
    ///
    /// Every door ends with it, so that no delivery is new when the world is unlocked.
    pub(super) fn apply_webhook_rules(&mut self, in_call: bool) -> Vec<u64> {
        let new = self.outbox.new_deliveries();
        let mut all = Vec::with_capacity(new.len());
        for number in new {
            all.push(number);
            match self.rule_of(number, in_call) {
                None => self.outbox.make_ready(number, self.now),
                Some(chosen) => self.apply_webhook_rule(number, &chosen, &mut all),
            }
        }
        all
    }

    fn rule_of(&mut self, number: u64, in_call: bool) -> Option<Chosen> {
        if self.rules.is_empty() {
            return None;
        }
        let sent = MatchedWebhook { delivery: self.outbox.get(number)?, in_call };
        self.rules.decide_webhook(&sent, &mut self.chance, self.now)
    }

    fn apply_webhook_rule(&mut self, number: u64, chosen: &Chosen, all: &mut Vec<u64>) {
        let (then, delay) = (&chosen.then, chosen.wire.delay);
        let mut did = self.spoil_bytes(number, chosen);
        let mut wait = delay;
        if !delay.is_zero() {
            did.push(format!("kept back {}", write_span(delay)));
        }
        if let Some(overtaken) = then.overtaken {
            wait = overtaken.within.0;
            let (by, within) = (overtaken.by, write_span(wait));
            did.push(format!("kept back until {by} later overtook it, {within} at most"));
        }
        if then.before_answer {
            did.push("sent before the answer".to_owned());
        }
        if let Some(copies) = then.duplicate {
            did.push(format!("sent {} times", copies.copies.saturating_add(1)));
        }
        if then.drop {
            did.push("lost on its way".to_owned());
        }
        let rule = chosen.title.clone();
        let weather = AppliedFault { rule: rule.clone(), did };
        self.outbox.change(number, |delivery| delivery.weather = Some(Box::new(weather)));
        if then.drop {
            let reason = format!("lost on its way: the rule `{rule}` of the scenario");
            return self.outbox.lose(number, self.now, reason);
        }
        let copies = then.duplicate.map(|copies| self.copies(number, copies, delay));
        if then.before_answer {
            // A rule cannot keep back what it sends before the reply.
            self.outbox.make_ready_before_reply(number, self.now);
        } else {
            let overtakers =
                then.overtaken.map(|it| Overtakers { left: it.by, topic: chosen.topic.clone() });
            self.send_in(number, wait, overtakers);
        }
        for (copy, wait) in copies.unwrap_or_default() {
            all.push(copy);
            self.send_in(copy, wait, None);
        }
    }

    /// What happens to the bytes, the whole ones first: a body is cut behind its signature.
    fn spoil_bytes(&mut self, number: u64, chosen: &Chosen) -> Vec<String> {
        let then = &chosen.then;
        let mut did = Vec::new();
        let forgery =
            SigningFault { signature: then.signature, stale: then.stale.map(|span| span.0) };
        let service = self.outbox.get(number).and_then(|it| Name::of(&it.provider));
        if let Some(service) = service.map(providers::service)
            && forgery != SigningFault::default()
        {
            let all = &self.providers;
            self.outbox.change(number, |delivery| {
                let forged = service.forge(all, delivery, forgery);
                if let Some(span) = then.stale.filter(|_| forged.stale) {
                    did.push(format!("dated {} back", write_span(span.0)));
                }
                match then.signature {
                    Some(seal) if forged.signature => did.push(format!("signature {seal}")),
                    Some(_) => did.push("not signed: no signature to spoil".to_owned()),
                    None => {}
                }
            });
        }
        if let Some(left) = then.truncate {
            self.outbox.change(number, |delivery| {
                let whole = delivery.body.len();
                let left = usize::try_from(left).unwrap_or(whole).min(whole);
                delivery.body = Body(delivery.body.0.slice(..left));
                did.push(format!("cut after {left} of {whole} bytes"));
            });
        }
        did
    }

    /// Further copies of a delivery, and how long each is kept back.
    fn copies(
        &mut self,
        number: u64,
        copies: Copies,
        delay: SignedDuration,
    ) -> Vec<(u64, SignedDuration)> {
        let mut all = Vec::new();
        let mut wait = delay;
        for _ in 0..copies.copies {
            let Some(copy) = self.outbox.copy(number) else { break };
            wait = wait.saturating_add(copies.after.0);
            self.outbox.change(copy, |delivery| {
                let Some(weather) = &mut delivery.weather else { return };
                weather.did.retain(|it| !it.starts_with("kept back") && !it.starts_with("sent"));
                weather.did.push(format!("copy of d{number}"));
                if !wait.is_zero() {
                    weather.did.push(format!("kept back {}", write_span(wait)));
                }
            });
            all.push((copy, wait));
        }
        all
    }

    /// Makes a delivery ready, or keeps it back until its time has come or it was overtaken.
    fn send_in(&mut self, number: u64, wait: SignedDuration, overtaken_by: Option<Overtakers>) {
        if wait.is_zero() && overtaken_by.is_none() {
            return self.outbox.make_ready(number, self.now);
        }
        self.outbox.hold(number, overtaken_by, self.now);
        let at = self.now.saturating_add(wait).unwrap_or(jiff::Timestamp::MAX);
        self.agenda.promise(at, Due::Release(number));
    }
}
