//! The map of a provider's journeys: the state machines they lead over, what an input of one causes in another, and the
//! routes there are.

use crate::sim::journey::plan::Plan;
use crate::sim::machine::{Diagram, moves};

/// Kinds of entity and where each stands, in words.
pub type States<'a> = &'a [(&'static str, &'static str)];

/// A kind of entity and an input of it, in words.
pub type Input = (&'static str, &'static str);

/// What the journeys of a provider lead over.
pub struct JourneyMap {
    /// The life cycles, in the order in which an input without its kind is looked for.
    pub machines: &'static [&'static dyn Diagram],
    /// What an input causes in another life cycle. The provider's lifecycle carries out the same table.
    pub effects: &'static [Effect],
    /// The routes there are; most providers have one.
    pub routes: &'static [JourneyRoute],
    /// What a journey can be chosen by: a word, and the field of the request that holds it.
    pub selectors: &'static [(&'static str, &'static str)],
}

impl std::fmt::Debug for JourneyMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JourneyMap").field("routes", &self.routes).finish_non_exhaustive()
    }
}

impl JourneyMap {
    /// What an input of a kind causes elsewhere.
    pub fn effects_of(&self, kind: &str, on: &str) -> impl Iterator<Item = &'static Effect> {
        self.effects.iter().filter(move |effect| effect.cause == (kind, on))
    }
}

/// What an input causes in another life cycle, where that has a row for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The input that causes it.
    pub cause: Input,
    /// The input that follows.
    pub then: Input,
    /// The only state in which it follows; wherever there is a row when none.
    pub only_in: Option<&'static str>,
}

/// An effect, short enough to align.
pub const fn effect(cause: Input, then: Input, only_in: Option<&'static str>) -> Effect {
    Effect { cause, then, only_in }
}

/// A route on which entities travel: to the customer, or back.
#[derive(Debug)]
pub struct JourneyRoute {
    /// The built-in journeys.
    pub plans: &'static [Plan],
    /// The name of the one that is taken when nothing else is said.
    pub usual: &'static str,
    /// Where entities begin.
    pub starts: &'static [States<'static>],
    /// The field of a request in which a magic value chooses a built-in journey.
    pub field: &'static str,
    /// What these values begin with; two digits follow, the place of the journey from 01 on.
    pub numbers: &'static str,
}

impl JourneyRoute {
    /// The built-in journey of a name.
    pub fn plan(&self, name: &str) -> Option<&'static Plan> {
        self.plans.iter().find(|plan| plan.name == name)
    }

    /// The magic values, and the journeys they choose.
    pub fn magic(&self) -> impl Iterator<Item = (String, &'static Plan)> {
        let values = self.plans.iter().enumerate();
        values.map(|(place, plan)| (format!("{}{:02}", self.numbers, place + 1), plan))
    }

    /// The built-in journey that a magic value chooses, if it is one.
    pub fn chosen_by(&self, value: &str) -> Option<&'static Plan> {
        let digits = value.strip_prefix(self.numbers)?;
        let is_place = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        let place = digits.parse::<usize>().ok().filter(|_| is_place)?;
        self.plans.get(place.checked_sub(1)?)
    }
}

/// An entity walking along a chain: where each of its life cycles stands.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    map: &'static JourneyMap,
    at: Vec<(&'static str, &'static str)>,
}

/// Effects of effects: no table needs more than a few.
const DEEPEST: usize = 16;

impl Walk {
    pub(super) fn new(map: &'static JourneyMap, states: States<'_>) -> Walk {
        Walk { map, at: states.to_vec() }
    }

    fn state(&self, kind: &str) -> Option<&'static str> {
        self.at.iter().find(|(known, _)| *known == kind).map(|(_, state)| *state)
    }

    fn go(&mut self, kind: &'static str, on: &str) -> Option<&'static str> {
        let state = self.state(kind)?;
        let machine = self.map.machines.iter().find(|machine| machine.name() == kind)?;
        let (on, to) = moves(*machine, state).into_iter().find(|(known, _)| *known == on)?;
        let place = self.at.iter_mut().find(|(known, _)| *known == kind)?;
        place.1 = to;
        Some(on)
    }

    /// Takes an input, if one of the life cycles has a row for it; which one it was.
    pub(super) fn step(&mut self, input: &str) -> Option<Input> {
        let (wanted, on) = split(input);
        self.take(wanted, on)
    }

    /// The same where the kind is known, or any will do.
    pub(super) fn take(&mut self, wanted: Option<&str>, on: &str) -> Option<Input> {
        let machines = self.map.machines.iter().map(|machine| machine.name());
        let step = machines
            .filter(|kind| wanted.is_none_or(|wanted| wanted == *kind))
            .find_map(|kind| self.go(kind, on).map(|on| (kind, on)))?;
        let mut causes = vec![step];
        for _ in 0..DEEPEST {
            let Some((kind, on)) = causes.pop() else { break };
            for effect in self.map.effects_of(kind, on) {
                let (kind, on) = effect.then;
                if effect.only_in.is_none_or(|only| self.state(kind) == Some(only)) {
                    causes.extend(self.go(kind, on).map(|on| (kind, on)));
                }
            }
        }
        Some(step)
    }

    /// Where it stands, in words.
    pub(super) fn stands(&self) -> String {
        let all: Vec<String> =
            self.at.iter().map(|(kind, state)| format!("{kind} {state}")).collect();
        all.join(", ")
    }

    /// What can happen now, in words.
    pub(super) fn possible(&self) -> String {
        let mut legal = Vec::new();
        for machine in self.map.machines {
            let state = self.state(machine.name()).unwrap_or_default();
            let all = moves(*machine, state).into_iter();
            legal.extend(all.map(|(on, _)| format!("{}.{on}", machine.name())));
        }
        if legal.is_empty() {
            return "nothing can happen any more".to_owned();
        }
        format!("possible here: {}", legal.join(", "))
    }
}

/// `shipment.ship` is `ship` of a shipment.
pub(super) fn split(input: &str) -> (Option<&str>, &str) {
    input.split_once('.').map_or((None, input), |(kind, on)| (Some(kind), on))
}
