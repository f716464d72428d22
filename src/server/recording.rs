//! `--record`: takes the events of the worlds and writes a session, each event in the file before the next is taken.

use std::io::{self, Write};
use std::sync::{Arc, Weak};

use crate::server::lock_depth::assert_unlocked;
use crate::server::world_event::{ObservedEvent, WorldEvent};
use crate::session::Recorder;
use crate::world::World;

/// A session that is being written.
#[derive(Debug)]
pub(crate) struct Recording<W> {
    /// Nothing any more once it could not be written.
    recorder: Option<Recorder<W>>,
    /// The prototypes that are in the file, by their numbers there. Held weakly: that keeps the address of one that is
    /// gone from being another's, and no world alive.
    prototypes: Vec<(Weak<World>, u64)>,
}

impl<W: Write> Recording<W> {
    /// Begins a file with what worlds are made like.
    ///
    /// # Errors
    /// That of writing.
    pub(crate) fn begin(to: W, prototype: &Arc<World>) -> io::Result<Recording<W>> {
        let recorder = Recorder::begin(to, env!("CARGO_PKG_VERSION"), prototype)?;
        let prototypes = vec![(Arc::downgrade(prototype), 0)];
        Ok(Recording { recorder: Some(recorder), prototypes })
    }

    /// Writes an event. A session that cannot be written any more ends there, and the operator is told once.
    pub(crate) fn take(&mut self, event: &ObservedEvent) {
        assert_unlocked();
        let Some(recorder) = &mut self.recorder else { return };
        if let Err(error) = write(recorder, &mut self.prototypes, event) {
            self.recorder = None;
            let _ = writeln!(
                io::stderr(),
                "shipmock: the session is no longer recorded, its file ends here: {error}"
            );
        }
    }
}

/// The number of a prototype, which is written before the first world that is made like it.
fn number<W: Write>(
    recorder: &mut Recorder<W>,
    prototypes: &mut Vec<(Weak<World>, u64)>,
    like: &Arc<World>,
) -> io::Result<u64> {
    let known = prototypes.iter().find(|(known, _)| known.as_ptr() == Arc::as_ptr(like));
    if let Some((_, number)) = known {
        return Ok(*number);
    }
    let number = recorder.prototype(like)?;
    remember(prototypes, like, number);
    Ok(number)
}

fn remember(prototypes: &mut Vec<(Weak<World>, u64)>, world: &Arc<World>, number: u64) {
    prototypes.retain(|(known, _)| known.strong_count() > 0);
    prototypes.push((Arc::downgrade(world), number));
}

fn write<W: Write>(
    recorder: &mut Recorder<W>,
    prototypes: &mut Vec<(Weak<World>, u64)>,
    event: &ObservedEvent,
) -> io::Result<()> {
    let (world, like) = (event.world.label.as_str(), &event.world.like);
    match &event.event {
        WorldEvent::Began { document, now, clock, .. } => {
            let of = number(recorder, prototypes, like)?;
            match document {
                Some(document) => recorder.restored(world, document, *now, *clock),
                None => recorder.made(world, of, *now, *clock),
            }
        }
        WorldEvent::Copied { seed, copy } => {
            let number = recorder.copied(world, *seed, copy)?;
            remember(prototypes, copy, number);
            Ok(())
        }
        WorldEvent::Passed { to, stops } => recorder.passed(world, *to, *stops),
        WorldEvent::Answered { entry, .. } => recorder.answered(world, entry),
        WorldEvent::Unmatched { entry } => recorder.unmatched(world, entry),
        WorldEvent::Broke { at, provider, request } => {
            recorder.broke(world, *at, *provider, request)
        }
        WorldEvent::Ruled { .. } => Ok(()),
        WorldEvent::Driven(driven) => recorder.driven(world, driven),
        WorldEvent::Sent { at, before_reply, attempts } => {
            recorder.sent(world, *at, *before_reply, attempts)
        }
        WorldEvent::Reported { at, delivery, outcome } => {
            recorder.attempted(world, *at, *delivery, outcome)
        }
        WorldEvent::Asked { number } => recorder.asked(world, *number),
        WorldEvent::Begun { at } => recorder.begun(world, *at),
        WorldEvent::Advanced { number, at, reply } => recorder.advanced(world, *number, *at, reply),
        WorldEvent::Gone { .. } => recorder.gone(world),
    }
}
