//! The session player: the worlds of a session that is replayed, and what differs from what was recorded.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::control::{self, Job};
use crate::kit::text::excerpt;
use crate::message::{Headers, Reply, Request};
use crate::providers::Name;
use crate::session::lines::{SentWebhook, SessionLine};
use crate::session::signatures;
use crate::session::unplayable::Unplayable;
use crate::sim::clock::Clock;
use crate::sim::journal::{Change, Entry};
use crate::sim::webhook::egress::Reach;
use crate::world::{Orders, Recipe, Setup, World};

/// The first thing that came otherwise than it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// Which world.
    pub world: String,
    /// What differs, as `r17 GET /api/v1/orders: the body`.
    pub what: String,
    /// What was recorded, from a little before the first byte that differs.
    pub recorded: String,
    /// What came.
    pub came: String,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "line {}, world {}: {} differs", self.line, self.world, self.what)?;
        writeln!(f, "  recorded: {}", self.recorded)?;
        write!(f, "  came now: {}", self.came)
    }
}

/// What went wrong with a line.
#[derive(Debug)]
pub(super) enum LineError {
    Differs { world: String, what: String, recorded: String, came: String },
    Unplayable(Unplayable),
}

impl From<Unplayable> for LineError {
    fn from(wrong: Unplayable) -> Self {
        LineError::Unplayable(wrong)
    }
}

/// A world that is played.
#[derive(Debug)]
struct Playing {
    world: World,
    /// It was read from a document: signatures in it may have been made with a secret that was replaced since.
    read: bool,
    /// The mark of the ledger when somebody asked for time to pass.
    asked: BTreeMap<u64, u64>,
    /// Since when time is passing on request, and what moved since.
    from: Timestamp,
    fired: Vec<Change>,
}

/// Everything that is played.
#[derive(Debug, Default)]
pub(super) struct Player {
    reach: Reach,
    bare: bool,
    masking: bool,
    prototypes: BTreeMap<u64, (World, bool)>,
    worlds: BTreeMap<String, Playing>,
    pub(super) requests: u64,
    pub(super) webhooks: u64,
}

/// How much is shown of a text that differs.
const SHOWN: usize = 200;
/// How much of it stands before the first difference.
const BEFORE: usize = 40;

impl Player {
    fn world(&mut self, name: &str) -> Result<&mut Playing, LineError> {
        let missing = || Unplayable::Order(format!("there is no world `{name}` at this point"));
        Ok(self.worlds.get_mut(name).ok_or_else(missing)?)
    }

    fn place(&mut self, name: String, like: (World, bool), now: Timestamp, clock: Clock) {
        let (mut world, read) = like;
        later(&mut world, now);
        *world.clock_mut() = clock;
        let playing =
            Playing { from: world.now(), world, read, asked: BTreeMap::new(), fired: Vec::new() };
        self.worlds.insert(name, playing);
    }

    fn prototype(&self, number: u64) -> Result<(World, bool), LineError> {
        let missing = || Unplayable::Order(format!("there is no prototype {number} at this point"));
        Ok(self.prototypes.get(&number).cloned().ok_or_else(missing)?)
    }

    /// Does what a line says, and compares what it says came of it.
    pub(super) fn play(&mut self, line: SessionLine) -> Result<(), LineError> {
        match line {
            SessionLine::Session { reach, bare, .. } => (self.reach, self.bare) = (reach, bare),
            SessionLine::Masking {} => self.masking = true,
            SessionLine::Prototype { number, recipe } => {
                let recipe = Recipe { reach: self.reach.clone(), bare: self.bare, ..recipe };
                let world = World::build(Arc::new(recipe))
                    .map_err(|wrong| Unplayable::Order(wrong.to_string()))?;
                self.prototypes.insert(number, (world, false));
            }
            SessionLine::Copied { number, of, seed, now, clock } => {
                let original = self.world(&of)?;
                let (mut copy, read) = (original.world.fork(), original.read);
                if let Some(seed) = seed {
                    copy.reseed(seed);
                }
                later(&mut copy, now);
                *copy.clock_mut() = clock;
                self.prototypes.insert(number, (copy, read));
            }
            SessionLine::Made { world, of, now, clock } => {
                let inside = self.prototype(of)?;
                self.place(world, inside, now, clock);
            }
            SessionLine::Restored { world, now, clock, document } => {
                let inside = self.restore(&document)?;
                self.place(world, (inside, true), now, clock);
            }
            SessionLine::Passed { world, to, stops: true } => {
                let playing = self.world(&world)?;
                playing.fired.extend(playing.world.advance(to));
            }
            SessionLine::Passed { world, to, stops: false } => {
                drop(self.world(&world)?.world.catch_up(to))
            }
            SessionLine::Answered { world, entry } => self.answer(&world, entry)?,
            SessionLine::Unmatched { world, entry } => {
                let inside = &mut self.world(&world)?.world;
                inside.skip(entry.at);
                // The answer is the shell's own; what the world makes of it is the entry's number.
                let (_, came) = inside.unmatched(entry.request.clone(), entry.reply.clone());
                let what =
                    || format!("the number of {} {}", entry.request.method, entry.request.path);
                same(&world, what, &printed(&entry.number), &printed(&came.number))?;
            }
            SessionLine::Broke { world, at, provider, request } => {
                let inside = &mut self.world(&world)?.world;
                inside.skip(at);
                // What broke it breaks it again; the world is half changed in the same way.
                let _ = catch_unwind(AssertUnwindSafe(|| inside.request(provider, request)));
            }
            SessionLine::Driven { world, at, wall, clock, name, request, reply } => {
                let inside = &mut self.world(&world)?.world;
                inside.skip(at);
                *inside.clock_mut() = clock;
                let came = drive(inside, &request, &name, wall);
                let what = format!("the answer to {} {}", request.verb(), request.path);
                self.own(&world, &what, &reply, came)?;
            }
            SessionLine::Sent { world, at, early, attempts } => {
                self.send(&world, at, early, &attempts)?
            }
            SessionLine::Told { world, at, delivery, outcome } => {
                let inside = &mut self.world(&world)?.world;
                inside.skip(at);
                inside.delivered(delivery, &outcome);
            }
            SessionLine::Asked { world, number } => {
                let playing = self.world(&world)?;
                playing.asked.insert(number, playing.world.outbox().mark());
            }
            SessionLine::Begun { world, at } => {
                let playing = self.world(&world)?;
                playing.world.skip(at);
                playing.from = playing.world.now();
                playing.fired.clear();
            }
            SessionLine::Advanced { world, number, at, reply } => {
                let playing = self.world(&world)?;
                playing.world.skip(at);
                let before = playing.asked.remove(&number).unwrap_or_default();
                let changed = playing.world.outbox().changed_since(before);
                let now = playing.world.now();
                let came = control::advanced(playing.from, now, &playing.fired, &changed);
                self.own(&world, "the answer to advance", &reply, came)?;
            }
            SessionLine::Gone { world } => drop(self.worlds.remove(&world)),
        }
        Ok(())
    }

    fn restore(&self, document: &Value) -> Result<World, LineError> {
        let orders = Orders { reach: self.reach.clone(), bare: self.bare, ..Orders::default() };
        let server = Recipe::new("", Setup::default(), orders, Timestamp::UNIX_EPOCH);
        let bytes = document.to_string();
        let restored = World::restore(bytes.as_bytes(), &server);
        Ok(restored.map_err(|wrong| Unplayable::Order(wrong.to_string()))?)
    }

    fn answer(&mut self, world: &str, recorded: Entry) -> Result<(), LineError> {
        self.requests += 1;
        let name = Name::of(&recorded.provider);
        let name = name.ok_or_else(|| Unplayable::Order("of an unknown provider".to_owned()))?;
        let inside = &mut self.world(world)?.world;
        inside.skip(recorded.at);
        let (_, came) = inside.request_journaled(name, recorded.request.clone());
        let call = format!(
            "{} {} {}{}",
            recorded.id(),
            recorded.request.verb(),
            recorded.provider,
            recorded.request.path
        );
        let label = |part: &str| format!("{call}: {part}");
        answers(world, &label, &recorded.reply, &came.reply)?;
        for (part, recorded, came) in [
            ("the number of the entry", printed(&recorded.number), printed(&came.number)),
            ("the time of the entry", printed(&recorded.at), printed(&came.at)),
            ("the route", printed(&recorded.route), printed(&came.route)),
            ("the account", printed(&recorded.account), printed(&came.account)),
            ("the rule", printed(&recorded.rule), printed(&came.rule)),
            ("what moved", printed(&recorded.changes), printed(&came.changes)),
        ] {
            same(world, || label(part), &recorded, &came)?;
        }
        Ok(())
    }

    fn own(
        &self,
        world: &str,
        what: &str,
        recorded: &Reply,
        mut came: Reply,
    ) -> Result<(), LineError> {
        if self.masking {
            signatures::reply(&mut came);
        }
        answers(world, &|part| format!("{what}: {part}"), recorded, &came)
    }

    fn send(
        &mut self,
        world: &str,
        at: Timestamp,
        early: bool,
        recorded: &[SentWebhook],
    ) -> Result<(), LineError> {
        self.webhooks += recorded.len() as u64;
        let masking = self.masking;
        let playing = self.world(world)?;
        let judged = !(masking && playing.read);
        let inside = &mut playing.world;
        inside.skip(at);
        let attempts =
            if early { inside.take_attempts_before_reply() } else { inside.take_attempts() };
        let came: Vec<SentWebhook> = attempts
            .iter()
            .map(|attempt| {
                let mut sent = SentWebhook::of(inside, attempt);
                if masking {
                    signatures::headers(&mut sent.headers);
                }
                sent
            })
            .collect();
        let numbers = |list: &[SentWebhook]| {
            printed(&list.iter().map(|sent| format!("d{}", sent.delivery)).collect::<Vec<_>>())
        };
        same(world, || "which webhooks go out".to_owned(), &numbers(recorded), &numbers(&came))?;
        for (one, other) in recorded.iter().zip(&came) {
            let label = |part: &str| format!("webhook d{}: {part}", one.delivery);
            let host = |sent: &SentWebhook| format!("{} as {}", sent.url, sent.host);
            same(world, || label("where it goes"), &host(one), &host(other))?;
            same(world, || label("its headers"), &fields(&one.headers), &fields(&other.headers))?;
            same(world, || label("its body"), &one.body.text(), &other.body.text())?;
            if judged {
                let (one, other) = (printed(&one.signed), printed(&other.signed));
                same(world, || label("whether its signature is right"), &one, &other)?;
            }
        }
        Ok(())
    }
}

/// A world that begins later than what it is like lives up to there.
fn later(world: &mut World, now: Timestamp) {
    if now > world.now() {
        world.catch_up(now);
    }
}

/// What the control API answers to a call that changes a world.
fn drive(world: &mut World, request: &Request, name: &str, wall: Timestamp) -> Reply {
    match control::read(request) {
        Ok(Job::World(job)) => control::perform(world, &job, request, name, wall),
        Ok(Job::Shell(_)) => Reply::empty(500),
        Err(problem) => problem.reply(),
    }
}

fn printed<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn fields(headers: &Headers) -> String {
    headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
}

fn answers(
    world: &str,
    label: &dyn Fn(&str) -> String,
    recorded: &Reply,
    came: &Reply,
) -> Result<(), LineError> {
    let status = |reply: &Reply| reply.status.to_string();
    same(world, || label("the status"), &status(recorded), &status(came))?;
    same(world, || label("the headers"), &fields(&recorded.headers), &fields(&came.headers))?;
    if recorded.body != came.body {
        same(world, || label("the body"), &recorded.body.text(), &came.body.text())?;
        // The same as text, so it is in bytes that are no text.
        let bytes = |reply: &Reply| format!("{:?}", &reply.body.0);
        same(world, || label("the body"), &bytes(recorded), &bytes(came))?;
    }
    for (part, recorded, came) in [
        ("the evidence", printed(&recorded.evidence), printed(&came.evidence)),
        ("the explanation", printed(&recorded.explanation), printed(&came.explanation)),
        ("what happens to the bytes", printed(&recorded.wire), printed(&came.wire)),
    ] {
        same(world, || label(part), &recorded, &came)?;
    }
    Ok(())
}

/// Compares two texts.
fn same(
    world: &str,
    what: impl FnOnce() -> String,
    recorded: &str,
    came: &str,
) -> Result<(), LineError> {
    if recorded == came {
        return Ok(());
    }
    let equal = recorded.chars().zip(came.chars()).take_while(|(one, other)| one == other).count();
    let from = equal.saturating_sub(BEFORE);
    let shown = |text: &str| {
        let rest: String = text.chars().skip(from).collect();
        let lead = if from > 0 { "…" } else { "" };
        format!("{lead}{}", excerpt(&rest, SHOWN).replace('\n', "\\n"))
    };
    Err(LineError::Differs {
        world: world.to_owned(),
        what: what(),
        recorded: shown(recorded),
        came: shown(came),
    })
}
