//! The calls of a scenario, played here and elsewhere: what another server answers differently.
//!
//! Both sides get the same calls and nothing else, so that what differs is the servers' doing. A step that only a
//! simulator can do is left out on both sides, and told.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::kit::text::excerpt;
use crate::message::{Evidence, Reply, Request};
use crate::providers::Name;
use crate::scenario::play::answers::{Nulls, compare, differences};
use crate::scenario::play::calls::{self, build};
use crate::scenario::play::stage::PlayState;
use crate::scenario::play::{PlayOptions, Played, StepFailure};
use crate::scenario::steps::{CallLine, Step, Together, target};
use crate::scenario::trail::Trail;
use crate::scenario::{Scenario, placeholders};

/// The longest answer that a difference shows.
const WIDTH: usize = 200;

/// The other server.
pub trait OtherServer {
    /// Whether the calls to a provider go there.
    fn plays(&self, provider: Name) -> bool;
    /// What a credential is called there, where it is another one than here.
    fn credential(&self, provider: Name, name: &str) -> Option<&str>;
    /// What its clock shows, if that can be seen.
    fn now(&mut self, provider: Name) -> Option<Timestamp>;
    /// Its answer.
    ///
    /// # Errors
    /// A sentence when there is none.
    fn call(&mut self, provider: Name, request: &Request) -> Result<Reply, String>;
}

/// What came of playing a scenario here and elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// The differences are its failures.
    pub played: Played,
    /// How many calls were made on both sides.
    pub calls: usize,
    /// What was left out, and how often.
    pub skipped: BTreeMap<String, usize>,
}

/// Plays the calls of a scenario here and elsewhere.
pub fn against(
    scenario: &Scenario,
    options: PlayOptions,
    elsewhere: &mut dyn OtherServer,
) -> Compared {
    let mut compared = Compared { played: Played::of(scenario), ..Compared::default() };
    match PlayState::build(scenario, options) {
        Err(wrong) => compared.played.failures.push(StepFailure::unbuilt(scenario, &wrong)),
        Ok(stage) => {
            let (there, skipped) = (Map::new(), BTreeMap::new());
            let mut duet = Duet { stage, elsewhere, there, skipped, calls: 0 };
            for (place, raw) in scenario.steps.iter().enumerate() {
                duet.step(place, raw);
                if options.stop_at_first && !duet.stage.failures.is_empty() {
                    break;
                }
            }
            compared.played.failures = duet.stage.failures;
            (compared.calls, compared.skipped) = (duet.calls, duet.skipped);
        }
    }
    compared
}

struct Duet<'a, 'b> {
    /// This side; its failures are the differences.
    stage: PlayState<'a>,
    elsewhere: &'b mut dyn OtherServer,
    /// What was kept of the other side's answers.
    there: Map<String, Value>,
    skipped: BTreeMap<String, usize>,
    calls: usize,
}

impl Duet<'_, '_> {
    fn skip(&mut self, what: impl Into<String>) {
        *self.skipped.entry(what.into()).or_default() += 1;
    }

    fn step(&mut self, place: usize, raw: &Value) {
        let trail = Trail::step(place);
        self.stage.begin(place);
        let read = |kept: &Map<String, Value>| {
            serde_json::from_value::<Step>(placeholders::filled(raw, kept)).ok()
        };
        match (read(&self.stage.kept), read(&self.there)) {
            (Some(Step::Request(here)), Some(Step::Request(there))) => {
                for _ in 0..here.times.unwrap_or(1).min(calls::MOST_TIMES) {
                    if !self.call(&trail.key("request"), &here, &there) {
                        break;
                    }
                }
            }
            (Some(Step::Together(here)), Some(Step::Together(there))) => {
                let pairs = here.requests.iter().zip(&there.requests);
                for (place, (one, other)) in pairs.enumerate() {
                    self.call(&at(&trail, &here, place), one, other);
                }
            }
            (None, _) | (_, None) => self.skip("a call that follows from one left out"),
            _ => {
                let word = raw.as_object().and_then(|step| step.keys().next());
                self.skip(word.map_or("a step", String::as_str));
            }
        }
    }

    /// Makes a call on both sides; true when it was made and nothing differs.
    fn call(&mut self, trail: &Trail, here: &CallLine, there: &CallLine) -> bool {
        let Ok(provider) = target(&here.call).map(|target| target.provider) else { return false };
        if !self.elsewhere.plays(provider) {
            self.skip(format!("a call to {provider}"));
            return false;
        }
        if here.from.is_some() {
            self.skip("a call from another address");
            return false;
        }
        let now = self.stage.world.now();
        let mine = build(&self.stage.world, here, None, now);
        // What is signed there is signed by the clock there.
        let seen = there.credential.as_ref().and_then(|_| self.elsewhere.now(provider));
        let foreign = |name: &str| self.elsewhere.credential(provider, name);
        let credential = there.credential.as_deref().and_then(foreign);
        let theirs = build(&self.stage.world, there, credential, seen.unwrap_or(now));
        let (mine, theirs) = match (mine, theirs) {
            (Ok(mine), Ok(theirs)) => (mine, theirs),
            (Err(mistake), _) | (_, Err(mistake)) => {
                self.stage.fail(&trail.key(&mistake.place), mistake.problem);
                return false;
            }
        };
        let reply = self.stage.world.request(provider, mine);
        self.stage.settle();
        if reply.evidence == Evidence::Injected || reply.wire.is_some() {
            self.skip("an answer that a rule changed");
            calls::keep(&mut self.stage, trail, here, &reply, true);
            if self.was_handled() {
                // The work is done there too, or the two would part ways.
                let _ = self.elsewhere.call(provider, &theirs);
            }
            return true;
        }
        self.calls += 1;
        let answer = match self.elsewhere.call(provider, &theirs) {
            Ok(answer) => answer,
            Err(sentence) => {
                self.stage.fail(&trail.key("call"), format!("there is no answer: {sentence}"));
                return false;
            }
        };
        calls::keep(&mut self.stage, trail, here, &reply, true);
        let found = unlike(here, there, &reply, &answer);
        let lost = self.keep(there, &reply, &answer);
        let same = found.is_empty() && lost.is_empty();
        let told =
            |reply: &Reply| format!("{} {}", reply.status, excerpt(&reply.body.text(), WIDTH));
        let came = format!("here:  {}\n  = there: {}", told(&reply), told(&answer));
        for (below, message) in found.into_iter().chain(lost) {
            self.stage.fail_with(&trail.join(&below), message, Some(came.clone()));
        }
        same
    }

    /// Whether the provider did its work for the last call, though a rule changed the answer.
    fn was_handled(&self) -> bool {
        let world = &self.stage.world;
        let title = world.journal().newest().and_then(|entry| entry.rule);
        let rule = world.rules().iter().find(|rule| Some(rule.title()) == title);
        rule.is_some_and(|rule| rule.rule.then.is_handled())
    }

    /// Keeps what later calls to the other side need.
    fn keep(&mut self, call: &CallLine, here: &Reply, there: &Reply) -> Vec<(Trail, String)> {
        let mut lost = Vec::new();
        for (name, keep) in &call.keep {
            match (calls::kept(keep, there), calls::kept(keep, here)) {
                (Some(value), _) => {
                    self.there.insert(name.clone(), value);
                }
                (None, Some(_)) => {
                    let message = format!("there is no `{keep}` in the other answer to keep");
                    lost.push((Trail::default().key("keep").key(name), message));
                }
                (None, None) => {}
            }
        }
        lost
    }
}

fn at(trail: &Trail, all: &Together, place: usize) -> Trail {
    let trail = trail.key("together");
    if all.is_long { trail.key("requests").index(place) } else { trail.index(place) }
}

/// What the other answer has unlike ours: status, media type, the keys and types of its JSON, and what the scenario
/// expects and only ours fulfils.
fn unlike(here: &CallLine, there: &CallLine, mine: &Reply, theirs: &Reply) -> Vec<(Trail, String)> {
    let mut found: Vec<(Trail, String)> = Vec::new();
    let top = |message: String| (Trail::default().key("call"), message);
    if mine.status != theirs.status {
        // What follows from it is no news.
        return vec![top(format!(
            "the status is {} here and {} there",
            mine.status, theirs.status
        ))];
    }
    let (ours, other) = (media_type(mine), media_type(theirs));
    if ours != other {
        found.push(top(format!("the media type is `{ours}` here and `{other}` there")));
    }
    let json = |reply: &Reply| serde_json::from_slice::<Value>(&reply.body).ok();
    if let (Some(ours), Some(other)) = (json(mine), json(theirs)) {
        let mut messages = Vec::new();
        compare(&ours, &other, Nulls::AreAnything, "$", &mut messages);
        found.extend(messages.into_iter().map(|message| top(format!("there, {message}"))));
    }
    if let (Some(expect), Some(wanted)) = (&here.expect, &there.expect) {
        let failed_here: Vec<Trail> =
            differences(expect, mine).into_iter().map(|(trail, _)| trail).collect();
        let known = |trail: &Trail| failed_here.contains(trail);
        // How an answer is known is our own business.
        let own = Trail::default().key("evidence");
        found.extend(
            differences(wanted, theirs)
                .into_iter()
                .filter(|(trail, _)| !known(trail) && *trail != own)
                .map(|(trail, message)| {
                    (Trail::default().key("expect").join(&trail), format!("there, {message}"))
                }),
        );
    }
    found
}

fn media_type(reply: &Reply) -> String {
    let full = reply.headers.get("content-type").unwrap_or_default();
    full.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
