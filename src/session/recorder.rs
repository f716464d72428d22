//! The session recorder: writes a session down, a line at a time, each handed to the system before anything else
//! happens.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::Value;

use crate::message::{Reply, Request};
use crate::providers::{self, Name};
use crate::session::lines::{FORMAT, SentWebhook, SessionLine};
use crate::session::redact::Redactor;
use crate::session::signatures;
use crate::sim::clock::Clock;
use crate::sim::journal::Entry;
use crate::sim::webhook::outbox::{Outcome, OutgoingAttempt};
use crate::world::World;

/// Writes lines.
#[derive(Debug)]
pub struct Recorder<W> {
    to: W,
    redactor: Redactor,
    prototypes: u64,
    masking: bool,
}

impl<W: Write> Recorder<W> {
    /// Begins a file. The prototype is the world that others are made like; its number is 0.
    ///
    /// # Errors
    /// Those of writing, here and everywhere below.
    pub fn begin(to: W, version: &str, prototype: &World) -> io::Result<Recorder<W>> {
        let redactor = Redactor::default();
        let mut recorder = Recorder { to, redactor, prototypes: 0, masking: false };
        let recipe = prototype.recipe();
        recorder.write(&SessionLine::Session {
            format: FORMAT,
            version: version.to_owned(),
            reach: recipe.reach.clone(),
            bare: recipe.bare,
        })?;
        recorder.prototype(prototype)?;
        Ok(recorder)
    }

    fn write(&mut self, line: &SessionLine) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line).map_err(io::Error::from)?;
        bytes.push(b'\n');
        self.to.write_all(&bytes)?;
        self.to.flush()
    }

    /// From the first replaced secret on that a world may sign with, signatures are masked.
    fn masks(&mut self) -> io::Result<bool> {
        if self.redactor.masks() && !self.masking {
            self.masking = true;
            self.write(&SessionLine::Masking {})?;
        }
        Ok(self.masking)
    }

    fn next_prototype(&mut self) -> u64 {
        self.prototypes += 1;
        self.prototypes - 1
    }

    /// A world was built, to make others like it; returns its number.
    pub fn prototype(&mut self, world: &World) -> io::Result<u64> {
        let recipe = world.recipe();
        self.redactor.know(&serde_json::to_value(&recipe.setup).unwrap_or_default());
        for name in Name::ALL {
            let presets = providers::service(*name).presets(world.providers());
            self.redactor.know(&Value::Object(presets.credentials));
        }
        let number = self.next_prototype();
        self.write(&SessionLine::Prototype { number, recipe: (**recipe).clone() })?;
        Ok(number)
    }

    /// A world was copied; returns the copy's number among the prototypes.
    pub fn copied(&mut self, of: &str, seed: Option<u64>, copy: &World) -> io::Result<u64> {
        let number = self.next_prototype();
        let (now, clock) = (copy.now(), *copy.clock());
        self.write(&SessionLine::Copied { number, of: of.to_owned(), seed, now, clock })?;
        Ok(number)
    }

    /// A world begins, like a prototype.
    pub fn made(&mut self, world: &str, of: u64, now: Timestamp, clock: Clock) -> io::Result<()> {
        self.write(&SessionLine::Made { world: world.to_owned(), of, now, clock })
    }

    /// A world begins that was written down before.
    pub fn restored(
        &mut self,
        world: &str,
        document: &[u8],
        now: Timestamp,
        clock: Clock,
    ) -> io::Result<()> {
        let document = serde_json::from_slice(document).unwrap_or_default();
        let document = self.redactor.document(document);
        self.masks()?;
        self.write(&SessionLine::Restored { world: world.to_owned(), now, clock, document })
    }

    /// Time passed and something fell due.
    pub fn passed(&mut self, world: &str, to: Timestamp, stops: bool) -> io::Result<()> {
        self.write(&SessionLine::Passed { world: world.to_owned(), to, stops })
    }

    /// A provider answered.
    pub fn answered(&mut self, world: &str, entry: &Entry) -> io::Result<()> {
        let entry = self.clean(entry)?;
        self.write(&SessionLine::Answered { world: world.to_owned(), entry })
    }

    /// A call was for no provider.
    pub fn unmatched(&mut self, world: &str, entry: &Entry) -> io::Result<()> {
        let entry = self.clean(entry)?;
        self.write(&SessionLine::Unmatched { world: world.to_owned(), entry })
    }

    /// An entry without the secrets of others.
    fn clean(&mut self, entry: &Entry) -> io::Result<Entry> {
        let request = self.redactor.request(&entry.request, entry.account.is_some());
        let reply = self.redactor.reply(&entry.reply);
        self.masks()?;
        Ok(Entry {
            number: entry.number,
            at: entry.at,
            provider: entry.provider.clone(),
            route: entry.route.clone(),
            account: entry.account.clone(),
            request,
            reply,
            rule: entry.rule.clone(),
            changes: entry.changes.clone(),
            webhooks: entry.webhooks.clone(),
        })
    }

    /// The simulation broke over a call.
    pub fn broke(
        &mut self,
        world: &str,
        at: Timestamp,
        provider: Name,
        request: &Request,
    ) -> io::Result<()> {
        let request = self.redactor.request(request, false);
        self.masks()?;
        self.write(&SessionLine::Broke { world: world.to_owned(), at, provider, request })
    }

    /// The control API changed something. `clock` is the one before.
    pub fn driven(&mut self, world: &str, driven: &Driven) -> io::Result<()> {
        let request = self.redactor.order(&driven.request);
        let reply = self.own(&driven.reply)?;
        self.write(&SessionLine::Driven {
            world: world.to_owned(),
            at: driven.at,
            wall: driven.wall,
            clock: driven.clock,
            name: driven.name.clone(),
            request,
            reply,
        })
    }

    /// An answer of our own surface.
    fn own(&mut self, reply: &Reply) -> io::Result<Reply> {
        let mut reply = self.redactor.reply(reply);
        if self.masks()? {
            signatures::reply(&mut reply);
        }
        Ok(reply)
    }

    /// Webhooks were handed out.
    pub fn sent(
        &mut self,
        world: &str,
        at: Timestamp,
        early: bool,
        attempts: &[SentWebhook],
    ) -> io::Result<()> {
        let masks = self.masks()?;
        let clean = |attempt: &SentWebhook| {
            let mut clean = attempt.clone();
            clean.body = self.redactor.scrub(&clean.body).unwrap_or(clean.body);
            if masks {
                signatures::headers(&mut clean.headers);
            }
            clean
        };
        let attempts = attempts.iter().map(clean).collect();
        self.write(&SessionLine::Sent { world: world.to_owned(), at, early, attempts })
    }

    /// A receiver answered, or did not.
    pub fn attempted(
        &mut self,
        world: &str,
        at: Timestamp,
        delivery: u64,
        outcome: &Outcome,
    ) -> io::Result<()> {
        let outcome = outcome.clone();
        self.write(&SessionLine::Told { world: world.to_owned(), at, delivery, outcome })
    }

    /// Somebody asked for time to pass.
    pub fn asked(&mut self, world: &str, number: u64) -> io::Result<()> {
        self.write(&SessionLine::Asked { world: world.to_owned(), number })
    }

    /// It begins to pass.
    pub fn begun(&mut self, world: &str, at: Timestamp) -> io::Result<()> {
        self.write(&SessionLine::Begun { world: world.to_owned(), at })
    }

    /// It has passed.
    pub fn advanced(
        &mut self,
        world: &str,
        number: u64,
        at: Timestamp,
        reply: &Reply,
    ) -> io::Result<()> {
        let reply = self.own(reply)?;
        self.write(&SessionLine::Advanced { world: world.to_owned(), number, at, reply })
    }

    /// A world is gone.
    pub fn gone(&mut self, world: &str) -> io::Result<()> {
        self.write(&SessionLine::Gone { world: world.to_owned() })
    }
}

/// A call of the control API that changed something.
#[derive(Debug, Clone)]
pub struct Driven {
    /// World time.
    pub at: Timestamp,
    /// The wall's time.
    pub wall: Timestamp,
    /// The clock before.
    pub clock: Clock,
    /// The name the world was called by.
    pub name: String,
    /// The call.
    pub request: Request,
    /// The answer.
    pub reply: Reply,
}

impl SentWebhook {
    /// A webhook of a world, as it is handed out. Whether its signature is right is asked now, while the world still
    /// has the secret it was signed with.
    pub fn of(world: &World, attempt: &OutgoingAttempt) -> SentWebhook {
        let delivery = world.outbox().find(&format!("d{}", attempt.delivery));
        let signed = delivery.and_then(|delivery| {
            let service = providers::service(Name::of(&delivery.provider)?);
            service.signature_holds(world.providers(), delivery)
        });
        SentWebhook {
            delivery: attempt.delivery,
            url: attempt.address.to_string(),
            host: attempt.host.clone(),
            headers: attempt.headers.clone(),
            body: attempt.body.clone(),
            signed,
        }
    }
}
