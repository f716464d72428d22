//! Journeys that a scenario writes, and who goes on which: the same for every provider.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kit::mistake::Mistake;
use crate::kit::text::{among, did_you_mean};
use crate::policy::condition::Condition;
use crate::providers::Magic;
use crate::sim::chance::Chance;
use crate::sim::journey::plan::Plan;
use crate::sim::journey::script::{Journey, JourneyMap, JourneyRoute, Script, ScriptLeg};

/// The journeys of a scenario by their names.
pub type WrittenJourneys = BTreeMap<String, Vec<ScriptLeg>>;

/// Who goes on which journey. The first choice whose conditions hold decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Choice {
    /// What the request must be like, by the words of its marks; of a mark with several values one must be.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub when: BTreeMap<String, Condition>,
    /// The journey; `usual` is the one that is taken when nothing else is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journey: Option<String>,
    /// Journeys by how often they are taken, in proportion, drawn from the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<BTreeMap<String, u64>>,
}

/// The journeys of a provider in a world: those of its table, those that the scenario wrote, and who goes on which.
///
/// How a provider takes part, in its own folder:
///
/// 1. `journeys.rs`: `pub static GROUND: Ground`, with its life cycles, what drags what along, its ways with their
///    built-in plans and beginnings, and what a journey can be chosen by. `faults(&GROUND)` is empty in a unit test.
/// 2. `setup.rs`: the keys `journeys: Option<WrittenJourneys>` and `choose: Option<Vec<Choice>>` of `Setup`, with
///    `journeys: merged(self.journeys, base.journeys)` and `choose: self.choose.or(base.choose)` in `or`; at the
///    beginning of `open`, `state.atlas = Atlas::read(&GROUND, setup.journeys.as_ref(), setup.choose.as_deref())?`, and
///    for `journey:`, `state.journey = state.atlas.usual(&GROUND, &WAY, "journey", name)?`.
/// 3. Where an entity is made: `state.atlas.choose(&Choosing { .. }, chance)`, and `journey.begin(&GROUND, states, ..)`
///    where it sets out. Its next stop is `itinerary.arrive()`: all of that happens at once.
/// 4. `PATCH` of `journey`: `state.atlas.named(&GROUND, way, field, name)?`.
/// 5. `presets`: `presets.magic.extend(state.atlas.magic(&GROUND))`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyBook {
    written: Vec<Script>,
    choices: Vec<Choice>,
}

/// Somebody who has to be given a journey.
#[derive(Debug, Clone, Copy)]
pub struct Choosing<'a> {
    /// What journeys lead over.
    pub ground: &'static JourneyMap,
    /// The way it goes.
    pub way: &'static JourneyRoute,
    /// The name of the journey that is taken when nothing else is said.
    pub usual: &'a str,
    /// What the request says, by the words of [`JourneyMap::marks`].
    pub marks: &'a [(&'static str, &'a str)],
    /// The built-in journey that a magic value of the request chooses.
    pub magic: Option<&'static Plan>,
    /// The stream from which weights are drawn.
    pub label: &'static str,
}

/// The word for whichever journey is taken when nothing else is said.
const USUAL: &str = "usual";

/// The longest name of a journey.
const LONGEST: usize = 64;

/// One scenario's journeys over another's.
pub fn merged(
    own: Option<WrittenJourneys>,
    base: Option<WrittenJourneys>,
) -> Option<WrittenJourneys> {
    match (own, base) {
        (Some(own), Some(mut base)) => {
            base.extend(own);
            Some(base)
        }
        (own, base) => own.or(base),
    }
}

impl JourneyBook {
    /// Reads what a scenario says.
    ///
    /// # Errors
    /// The place in the provider's setup and a sentence, when a chain cannot be walked or a choice speaks of what is
    /// not there.
    pub fn read(
        ground: &'static JourneyMap,
        journeys: Option<&WrittenJourneys>,
        choices: Option<&[Choice]>,
    ) -> Result<JourneyBook, Mistake> {
        let mut atlas = JourneyBook::default();
        for (name, legs) in journeys.into_iter().flatten() {
            let at = |mistake: Mistake| mistake.below(&format!("journeys.{name}"));
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            if name.is_empty() || name.len() > LONGEST || !name.chars().all(plain) {
                let problem = "the name of a journey has letters, digits, `-` and `_`, 64 at most";
                return Err(Mistake::new("journeys", format!("`{name}`: {problem}")));
            }
            let built = ground.ways.iter().flat_map(|way| way.plans).any(|plan| plan.name == name);
            if built || name == USUAL {
                let problem = format!("there is a built-in journey `{name}`; choose another name");
                return Err(at(Mistake::new("", problem)));
            }
            let written = Script { name: name.clone(), legs: legs.clone() };
            written.check(ground).map_err(at)?;
            atlas.written.push(written);
        }
        for (place, choice) in choices.into_iter().flatten().enumerate() {
            atlas.check(ground, choice).map_err(|mistake| mistake.within("choose", place))?;
            atlas.choices.push(choice.clone());
        }
        Ok(atlas)
    }

    fn check(&self, ground: &'static JourneyMap, choice: &Choice) -> Result<(), Mistake> {
        for mark in choice.when.keys() {
            let known: Vec<&str> = ground.marks.iter().map(|(mark, _)| *mark).collect();
            if !known.contains(&mark.as_str()) {
                let problem = format!("nothing is chosen by `{mark}`{}", among(mark, &known));
                return Err(Mistake::new(format!("when.{mark}"), problem));
            }
        }
        let is_known =
            |name: &str| match self.names(ground, ground.ways).iter().any(|it| it == name) {
                true => Ok(()),
                false => Err(self.unknown(ground, ground.ways, name)),
            };
        match (&choice.journey, &choice.weights) {
            (Some(name), None) => {
                is_known(name).map_err(|problem| Mistake::new("journey", problem))
            }
            (None, Some(weights)) => {
                for name in weights.keys() {
                    is_known(name)
                        .map_err(|problem| Mistake::new(format!("weights.{name}"), problem))?;
                }
                match weights.values().try_fold(0_u64, |sum, weight| sum.checked_add(*weight)) {
                    Some(1..) => Ok(()),
                    _ => Err(Mistake::new("weights", "at least one weight is not 0")),
                }
            }
            _ => {
                let problem = "say exactly one of `journey` and `weights`";
                Err(Mistake::new("", problem))
            }
        }
    }

    /// The names one can say on some ways.
    fn names(&self, ground: &'static JourneyMap, ways: &'static [JourneyRoute]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for way in ways {
            let built = way.plans.iter().map(|plan| plan.name.to_owned());
            let written = self.written.iter().filter(|it| it.leads(ground, way));
            let all = built.chain(written.map(|it| it.name.clone())).chain([USUAL.to_owned()]);
            for name in all {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    fn unknown(
        &self,
        ground: &'static JourneyMap,
        ways: &'static [JourneyRoute],
        name: &str,
    ) -> String {
        let names = self.names(ground, ways);
        let known: Vec<&str> = names.iter().map(String::as_str).filter(|it| *it != USUAL).collect();
        let list = known.join(", ");
        match did_you_mean(name, known) {
            Some(meant) => format!("there is no journey `{name}`; did you mean `{meant}`?"),
            None => format!("there is no journey `{name}`; the journeys are {list}"),
        }
    }

    /// The journey of a name on a way.
    pub fn find(
        &self,
        ground: &'static JourneyMap,
        way: &'static JourneyRoute,
        name: &str,
    ) -> Option<Journey> {
        let built = way.plans.iter().find(|plan| plan.name == name).map(Journey::Built);
        built.or_else(|| {
            let written = self.written.iter().find(|it| it.name == name)?;
            written.leads(ground, way).then(|| Journey::Written(written.clone()))
        })
    }

    /// The journey that a setting names, or `usual` for the way's own.
    ///
    /// # Errors
    /// The place and what is there instead.
    pub fn usual(
        &self,
        ground: &'static JourneyMap,
        way: &'static JourneyRoute,
        place: &str,
        name: &str,
    ) -> Result<String, Mistake> {
        let name = if name == USUAL { way.usual } else { name };
        match self.find(ground, way, name) {
            Some(journey) => Ok(journey.name().to_owned()),
            None => {
                let problem = self.unknown(ground, std::slice::from_ref(way), name);
                Err(Mistake::new(place, problem))
            }
        }
    }

    /// What fits where a journey is named on a way: for the refusal of what does not.
    pub fn expected(&self, ground: &'static JourneyMap, way: &'static JourneyRoute) -> String {
        let mut names = self.names(ground, std::slice::from_ref(way));
        names.retain(|name| name != USUAL);
        format!("one of {}", names.join(", "))
    }

    /// The journey of somebody new: by a choice of the scenario that has conditions, by a magic value, by a choice
    /// without conditions, or the usual one.
    pub fn choose(&self, who: &Choosing<'_>, chance: &mut Chance) -> Journey {
        let holds = |choice: &&Choice| {
            choice.when.iter().all(|(mark, test)| {
                let mut values = who.marks.iter().filter(|(known, _)| known == mark).peekable();
                match values.peek() {
                    None => test.passes_text(None),
                    Some(_) => values.any(|(_, value)| test.passes_text(Some(value))),
                }
            })
        };
        let mut of = |wanted: bool| {
            let choices = self.choices.iter().filter(|choice| choice.when.is_empty() != wanted);
            choices.filter(holds).find_map(|choice| self.decide(choice, who, chance))
        };
        of(true)
            .or_else(|| who.magic.map(Journey::Built))
            .or_else(|| of(false))
            .or_else(|| self.find(who.ground, who.way, who.usual))
            .or_else(|| self.find(who.ground, who.way, who.way.usual))
            .unwrap_or(Journey::Built(&STAND))
    }

    /// What a choice says; none when nothing of it leads over this way.
    fn decide(&self, choice: &Choice, who: &Choosing<'_>, chance: &mut Chance) -> Option<Journey> {
        let find = |name: &str| {
            let name = if name == USUAL { who.usual } else { name };
            self.find(who.ground, who.way, name)
        };
        if let Some(name) = &choice.journey {
            return find(name);
        }
        let open: Vec<(Journey, u64)> = choice
            .weights
            .iter()
            .flatten()
            .filter_map(|(name, weight)| find(name).map(|journey| (journey, *weight)))
            .collect();
        let weights = open.iter().map(|(_, weight)| *weight);
        if weights.clone().all(|weight| weight == 0) {
            return None;
        }
        let place = chance.draw(who.label).weighted(weights)?;
        open.into_iter().nth(place).map(|(journey, _)| journey)
    }

    /// The values that the scenario's own choices look for.
    pub fn magic(&self, ground: &'static JourneyMap) -> Vec<Magic> {
        let with_conditions = self.choices.iter().filter(|choice| !choice.when.is_empty());
        with_conditions.map(|choice| self.line(ground, choice)).collect()
    }

    fn line(&self, ground: &'static JourneyMap, choice: &Choice) -> Magic {
        let fields: Vec<&str> = choice
            .when
            .keys()
            .filter_map(|mark| ground.marks.iter().find(|(known, _)| known == mark))
            .map(|(_, field)| *field)
            .collect();
        let values: Vec<String> = choice
            .when
            .values()
            .map(|test| match serde_json::to_value(test) {
                Ok(Value::String(text)) => text,
                _ => test.to_string(),
            })
            .collect();
        let effect = match (&choice.journey, &choice.weights) {
            (Some(name), _) => {
                let found = ground.ways.iter().find_map(|way| self.find(ground, way, name));
                let summary = found.map_or_else(|| "the usual one".to_owned(), |it| it.summary());
                format!("journey {name}: {summary}")
            }
            (None, weights) => {
                let all = weights.iter().flatten();
                let all: Vec<String> =
                    all.map(|(name, weight)| format!("{name} {weight}")).collect();
                format!("a journey by weight: {}", all.join(", "))
            }
        };
        Magic { field: fields.join(" and "), value: values.join(" and "), effect }
    }
}

/// The journey of a provider that has none.
static STAND: Plan =
    Plan { name: "waiting", weight: 0, summary: "nothing happens by itself", legs: &[] };

/// What is wrong with the ground of a provider: beginnings that are no states, drags and built-in legs that are no
/// inputs, and built-in journeys that cannot be walked.
#[cfg(test)]
pub(super) fn faults(ground: &'static JourneyMap) -> Vec<String> {
    use crate::sim::journey::script::Inputs;
    let mut faults = Vec::new();
    let machine = |kind: &str| ground.machines.iter().find(|machine| machine.name() == kind);
    for ((one, on), (other, then)) in ground.drags {
        for (kind, on) in [(one, on), (other, then)] {
            if !machine(kind).is_some_and(|it| it.lines().iter().any(|line| line.1 == *on)) {
                faults.push(format!("{kind}.{on} is no input"));
            }
        }
    }
    for way in ground.ways {
        for (kind, state) in way.starts.iter().flat_map(|start| start.iter()) {
            if !machine(kind).is_some_and(|machine| machine.starts().contains(state)) {
                faults.push(format!("{kind} does not begin in {state}"));
            }
        }
        for plan in way.plans {
            let leg = |leg: &crate::sim::journey::plan::Leg| ScriptLeg {
                on: Inputs(vec![format!("{}.{}", leg.kind, leg.on)]),
                after: None,
                jitter: None,
            };
            let chain =
                Script { name: plan.name.to_owned(), legs: plan.legs.iter().map(leg).collect() };
            if !chain.leads(ground, way) {
                faults.push(format!("{} cannot be walked: {:?}", plan.name, chain.check(ground)));
            }
        }
        if !way.plans.iter().any(|plan| plan.name == way.usual) {
            faults.push(format!("{} is not among its journeys", way.usual));
        }
    }
    faults
}
