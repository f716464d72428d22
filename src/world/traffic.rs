//! Traffic: the four doors of a world, `request`, `advance`, `take_attempts` and `delivered`.
//!
//! Whatever is asked of a provider, falls due or is sent goes through one of them, so that a recorded session is the
//! order of their calls and nothing else.

use jiff::Timestamp;

use crate::kit::time::http_date;
use crate::message::{Reply, Request, matches};
use crate::policy::call::MatchedCall;
use crate::policy::hole::Filling;
use crate::policy::installed::Chosen;
use crate::providers::{self, Answered, Due, Name, Preview, Service};
use crate::sim::journal::{Change, Entry, NOBODY, NewEntry};
use crate::sim::webhook::outbox::{Next, Outcome, OutgoingAttempt};
use crate::world::{World, apply_rule, explained};

/// The header that names the journal entry of an answer.
pub const REQUEST_HEADER: &str = "X-Shipmock-Request";
/// The header that says how we know that the provider answers like this.
pub const EVIDENCE_HEADER: &str = "X-Shipmock-Evidence";

impl World {
    /// First door: a call to a provider. Everything due up to `now` must have been advanced to before.
    pub fn request(&mut self, name: Name, request: Request) -> Reply {
        self.answer(name, &request, |_| ()).0
    }

    /// The same, with its entry of the journal, which may be too full to keep it.
    pub fn request_journaled(&mut self, name: Name, request: Request) -> (Reply, Entry) {
        self.answer(name, &request, |entry| entry.to_entry())
    }

    /// Answers a call and journals it; `also` sees the entry too.
    fn answer<T>(
        &mut self,
        name: Name,
        request: &Request,
        also: impl FnOnce(&NewEntry<'_>) -> T,
    ) -> (Reply, T) {
        let service = providers::service(name);
        let mut changes = Vec::new();
        let mut rule = None;
        let answered = match self.chosen(service, request) {
            None => service.answer(&mut self.parts(&mut changes), request),
            Some((chosen, look)) => {
                let answered = self.ruled(service, request, &chosen, look, &mut changes);
                rule = Some(chosen.title);
                answered
            }
        };
        let webhooks = self.apply_webhook_rules(true);
        let number = self.journal.next_number();
        let mut reply = answered.reply;
        explained::complete(&mut reply, request, self.clock.mode());
        reply.headers.set("Date", http_date(self.now));
        if !self.recipe.bare {
            reply.headers.set(REQUEST_HEADER, format!("r{number}"));
            reply.headers.set(EVIDENCE_HEADER, reply.evidence.word());
        }
        let entry = NewEntry {
            number,
            at: self.now,
            provider: name.word(),
            route: answered.route.map(|(method, path)| [method.word(), " ", path]),
            account: answered.account.as_deref(),
            request,
            reply: &reply,
            rule: rule.as_deref(),
            changes: &changes,
            webhooks: &webhooks,
        };
        self.journal.write(&entry);
        let seen = also(&entry);
        (reply, seen)
    }

    /// A call that was for no provider and was answered by nobody: it changes nothing, and is kept beside the others, since
    /// a suite with a wrong address should find what it asked for.
    pub fn unmatched(&mut self, request: Request, mut reply: Reply) -> (Reply, Entry) {
        let number = self.journal.next_number();
        if !self.recipe.bare {
            reply.headers.set(REQUEST_HEADER, format!("r{number}"));
        }
        let entry = Entry {
            number,
            at: self.now,
            provider: NOBODY.into(),
            route: None,
            account: None,
            request,
            reply: reply.clone(),
            rule: None,
            changes: Vec::new(),
            webhooks: Vec::new(),
        };
        self.journal.write(&entry.parts());
        (reply, entry)
    }

    /// The rule that takes a call. Without rules nothing is looked at.
    fn chosen(&mut self, service: &dyn Service, request: &Request) -> Option<(Chosen, Preview)> {
        if self.rules.is_empty() {
            return None;
        }
        let look = service.look(&self.providers, request, self.now);
        let asked = MatchedCall {
            provider: service.name().word(),
            route: look.route.as_ref().map(|(method, path, args)| (*method, *path, args)),
            account: look.account.as_deref(),
            request,
        };
        let chosen = self.rules.decide(&asked, &mut self.chance, self.now)?;
        Some((chosen, look))
    }

    /// A call a rule has a hand in: the provider does its work or not, and the answer is the rule's or not.
    fn ruled(
        &mut self,
        service: &'static dyn Service,
        request: &Request,
        chosen: &Chosen,
        look: Preview,
        changes: &mut Vec<Change>,
    ) -> Answered {
        let then = &chosen.then;
        let (route, args) = match look.route {
            Some((method, path, args)) => (Some((method, path)), args),
            None => {
                let stub = chosen.stub.as_deref();
                (None, stub.and_then(|path| matches(path, &request.path)).unwrap_or_default())
            }
        };
        let mut answered = if then.is_handled() {
            service.answer(&mut self.parts(changes), request)
        } else {
            Answered { reply: Reply::empty(200), route, account: look.account }
        };
        let filling = Filling::new(request, &args, self.now, &mut self.chance);
        let own = apply_rule::own_answer(then, service, &self.providers, request, &filling);
        if let Some(own) = own {
            answered.reply = own;
        }
        apply_rule::mark(&mut answered.reply, then, &chosen.title, &filling);
        answered.reply.wire = (!chosen.wire.is_plain()).then(|| Box::new(chosen.wire));
        answered
    }

    /// Second door: time passes. Runs what falls due, in order, up to an instant, but stops as soon as a
    /// webhook is ready to be sent, so that what its receiver says comes at its right place.
    ///
    /// Returns what moved. `now()` tells how far it came; going back does nothing.
    pub fn advance(&mut self, to: Timestamp) -> Vec<Change> {
        let mut changes = Vec::new();
        self.pass(to, true, Some(&mut changes));
        changes
    }

    /// The same without stopping for webhooks: they stay ready.
    pub fn catch_up(&mut self, to: Timestamp) -> Vec<Change> {
        let mut changes = Vec::new();
        self.pass(to, false, Some(&mut changes));
        changes
    }

    /// The same where nobody asks what moved: a history has millions of steps.
    pub(super) fn live_through(&mut self, to: Timestamp) {
        self.pass(to, false, None);
    }

    /// Time passes without anything falling due: for whoever plays a recording, where what fell due stands by itself.
    pub fn skip(&mut self, to: Timestamp) {
        self.now = self.now.max(to);
    }

    fn pass(
        &mut self,
        to: Timestamp,
        stop_for_webhooks: bool,
        mut changes: Option<&mut Vec<Change>>,
    ) {
        loop {
            if stop_for_webhooks && self.outbox.has_ready_attempts() {
                break;
            }
            match self.agenda.take(to) {
                None => {
                    self.now = self.now.max(to);
                    break;
                }
                Some((at, due)) => {
                    self.now = self.now.max(at);
                    match (due, providers::owner(due)) {
                        (Due::Attempt(number), _) => self.outbox.retry(number, self.now),
                        (Due::Release(number), _) => self.outbox.release(number, self.now),
                        (_, Some(service)) => {
                            service.due(&mut self.parts(changes.as_deref_mut()), due);
                            self.apply_webhook_rules(false);
                        }
                        (_, None) => {}
                    }
                }
            }
        }
    }

    /// Third door: the webhooks that are ready to be sent. Each is in flight until the fourth door is told of it; whoever
    /// takes them owes that report, whatever becomes of the sending.
    pub fn take_attempts(&mut self) -> Vec<OutgoingAttempt> {
        self.outbox.take(self.now)
    }

    /// The same for those that have to be sent before the reply of the call that caused them goes out.
    pub fn take_attempts_before_reply(&mut self) -> Vec<OutgoingAttempt> {
        self.outbox.take_before_reply(self.now)
    }

    /// Fourth door: what a receiver did with one of them.
    pub fn delivered(&mut self, delivery: u64, outcome: &Outcome) {
        let Some((known, next)) = self.outbox.report(delivery, outcome, self.now) else { return };
        let (provider, subscription) = (known.provider.clone(), known.subscription.clone());
        if let Next::Again(at) = next {
            self.agenda.promise(at, Due::Attempt(delivery));
        }
        if let Some(name) = Name::of(&provider) {
            let mut changes = Vec::new();
            providers::service(name).attempted(
                &mut self.parts(&mut changes),
                &subscription,
                outcome,
            );
            self.apply_webhook_rules(false);
        }
    }
}
