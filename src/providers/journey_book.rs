//! Journeys that a scenario writes, and who goes on which: the same for every provider.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::kit::mistake::Mistake;
use crate::kit::text::{among, did_you_mean};
use crate::policy::condition::Condition;
use crate::providers::Magic;
use crate::sim::chance::Chance;
use crate::sim::journey::map::{JourneyMap, JourneyRoute, States};
use crate::sim::journey::plan::Plan;
use crate::sim::journey::script::{Journey, Script, ScriptLeg};

/// The journeys of a scenario by their names.
pub type WrittenJourneys = BTreeMap<String, Vec<ScriptLeg>>;

/// Who goes on which journey. The first choice whose conditions hold decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Choice {
    /// What the request must be like, by the words of its selectors; of a selector with several values one must be.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "conditions")]
    pub when: BTreeMap<String, Condition>,
    /// The journey; `usual` is the one that is taken when nothing else is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journey: Option<String>,
    /// Journeys by how often they are taken, in proportion, drawn from the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<BTreeMap<String, u64>>,
}

/// Conditions that are written must be some: without any a choice holds for everybody, which is said by leaving them out.
fn conditions<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Condition>, D::Error> {
    let said = BTreeMap::deserialize(deserializer)?;
    if said.is_empty() {
        let nothing = "`when` says nothing; name a condition, or leave it out for everybody";
        return Err(serde::de::Error::custom(nothing));
    }
    Ok(said)
}

/// The journeys of a provider in a world: those of its table, those that the scenario wrote, and who goes on which.
///
/// How a provider takes part, in its own folder:
///
/// 1. `journeys.rs`: `pub static MAP: JourneyMap`, with its life cycles, the effects of one on another, its routes with
///    their built-in plans, beginnings and magic values, and the selectors a journey can be chosen by. `faults(&MAP)` is
///    empty in a unit test.
/// 2. `setup`: the keys `journeys: Option<WrittenJourneys>` and `choose: Option<Vec<Choice>>` of `Setup`, with
///    `journeys: merged_journeys(self.journeys, base.journeys)` and `choose: self.choose.or(base.choose)` in `or`; at the
///    beginning of `open`, `state.journeys = JourneyBook::read(&MAP, ..)?`, and for `journey:`,
///    `state.journey = state.journeys.usual(&MAP, &ROUTE, "journey", name)?`.
/// 3. `rules/lifecycle.rs`: `impl Traveller`, which says where its itineraries are kept and how a stop is carried out.
///    They are read back with `#[serde(default, deserialize_with = "traveller::read_itinerary::<P, _>")]`. From there
///    `traveller::{set_out, travel, stop, subject, ..}` are the same for everybody.
/// 4. Where an entity is made: `state.journeys.choose(&Choosing { .. }, chance)`, then `traveller::set_out`.
/// 5. `PATCH` of `journey`: `traveller::named`, then `traveller::change`.
/// 6. `presets`: `numbers(&MAP)`, and at the end `state.journeys.magic(&MAP)`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyBook {
    written: Vec<Arc<Script>>,
    choices: Vec<Choice>,
}

/// Somebody who has to be given a journey.
#[derive(Debug, Clone, Copy)]
pub struct Choosing<'a> {
    /// What journeys lead over.
    pub map: &'static JourneyMap,
    /// The route it goes.
    pub route: &'static JourneyRoute,
    /// The name of the journey that is taken when nothing else is said.
    pub usual: &'a str,
    /// What the request says, by the words of [`JourneyMap::selectors`].
    pub selectors: &'a [(&'static str, &'a str)],
    /// The built-in journey that a magic value of the request chooses.
    pub magic: Option<&'static Plan>,
    /// The stream from which weights are drawn.
    pub label: &'static str,
}

/// The word for whichever journey is taken when nothing else is said.
pub(super) const USUAL: &str = "usual";

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

/// The magic values of a provider's routes.
pub fn numbers(map: &JourneyMap) -> impl Iterator<Item = Magic> {
    let of = |route: &'static JourneyRoute| {
        route.magic().map(|(value, plan)| Magic::journey(route.field, value, plan))
    };
    map.routes.iter().flat_map(of)
}

impl Magic {
    /// A value that chooses a built-in journey.
    pub(super) fn journey(field: &str, value: String, plan: &Plan) -> Magic {
        let effect = format!("journey {}: {}", plan.name, plan.summary);
        Magic { field: field.to_owned(), value, effect }
    }
}

impl JourneyBook {
    /// Reads what a scenario says.
    ///
    /// # Errors
    /// The place in the provider's setup and a sentence, when a chain cannot be walked or a choice speaks of what is
    /// not there.
    pub fn read(
        map: &'static JourneyMap,
        journeys: Option<&WrittenJourneys>,
        choices: Option<&[Choice]>,
    ) -> Result<JourneyBook, Mistake> {
        let mut book = JourneyBook::default();
        for (name, legs) in journeys.into_iter().flatten() {
            let at = |mistake: Mistake| mistake.below(&format!("journeys.{name}"));
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            if name.is_empty() || name.len() > LONGEST || !name.chars().all(plain) {
                let problem = "the name of a journey has letters, digits, `-` and `_`, 64 at most";
                return Err(Mistake::new("journeys", format!("`{name}`: {problem}")));
            }
            let built =
                map.routes.iter().flat_map(|route| route.plans).any(|plan| plan.name == name);
            if built || name == USUAL {
                let problem = format!("there is a built-in journey `{name}`; choose another name");
                return Err(at(Mistake::new("", problem)));
            }
            if legs.is_empty() {
                return Err(at(Mistake::new(
                    "",
                    "a journey has at least one leg, as `{ on: ship, after: 2h }`",
                )));
            }
            let written = Script { name: name.clone(), legs: legs.clone() };
            written.check(map).map_err(at)?;
            book.written.push(Arc::new(written));
        }
        for (place, choice) in choices.into_iter().flatten().enumerate() {
            book.check(map, choice).map_err(|mistake| mistake.within("choose", place))?;
            book.choices.push(choice.clone());
        }
        Ok(book)
    }

    /// After it was read from a document: whether `read` could have read it.
    ///
    /// # Errors
    /// The place in the document, and the mistake.
    pub fn settle(&self, map: &'static JourneyMap) -> Result<(), Mistake> {
        for (place, written) in self.written.iter().enumerate() {
            written.check(map).map_err(|mistake| mistake.below("legs").within("written", place))?;
        }
        for (place, choice) in self.choices.iter().enumerate() {
            self.check(map, choice).map_err(|mistake| mistake.within("choices", place))?;
        }
        Ok(())
    }

    fn check(&self, map: &'static JourneyMap, choice: &Choice) -> Result<(), Mistake> {
        for selector in choice.when.keys() {
            let known: Vec<&str> = map.selectors.iter().map(|(selector, _)| *selector).collect();
            if !known.contains(&selector.as_str()) {
                let problem =
                    format!("nothing is chosen by `{selector}`{}", among(selector, &known));
                return Err(Mistake::new(format!("when.{selector}"), problem));
            }
        }
        let is_known = |name: &str| {
            if self.names(map, map.routes).iter().any(|it| it == name) {
                Ok(())
            } else {
                Err(self.unknown(map, map.routes, name))
            }
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
                let sum = weights.values().try_fold(0_u64, |sum, weight| sum.checked_add(*weight));
                match sum {
                    Some(1..) => Ok(()),
                    Some(0) => Err(Mistake::new("weights", "at least one weight is not 0")),
                    None => {
                        let problem = format!("the weights come to more than {}", u64::MAX);
                        Err(Mistake::new("weights", problem))
                    }
                }
            }
            _ => {
                let problem = "say exactly one of `journey` and `weights`";
                Err(Mistake::new("", problem))
            }
        }
    }

    /// The names one can say on some routes.
    fn names(&self, map: &'static JourneyMap, routes: &'static [JourneyRoute]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for route in routes {
            let built = route.plans.iter().map(|plan| plan.name.to_owned());
            let written = self.written.iter().filter(|it| it.leads(map, route));
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
        map: &'static JourneyMap,
        routes: &'static [JourneyRoute],
        name: &str,
    ) -> String {
        let names = self.names(map, routes);
        let known: Vec<&str> = names.iter().map(String::as_str).filter(|it| *it != USUAL).collect();
        let list = known.join(", ");
        match did_you_mean(name, known) {
            Some(meant) => format!("there is no journey `{name}`; did you mean `{meant}`?"),
            None => format!("there is no journey `{name}`; the journeys are {list}"),
        }
    }

    /// The journey of a name on a route.
    pub fn find(
        &self,
        map: &'static JourneyMap,
        route: &'static JourneyRoute,
        name: &str,
    ) -> Option<Journey> {
        let built = route.plan(name).map(Journey::Built);
        built.or_else(|| {
            let written = self.written.iter().find(|it| it.name == name)?;
            written.leads(map, route).then(|| Journey::Written(written.clone()))
        })
    }

    /// The journey that a setting names, or `usual` for the route's own.
    ///
    /// # Errors
    /// The place and what is there instead.
    pub fn usual(
        &self,
        map: &'static JourneyMap,
        route: &'static JourneyRoute,
        place: &str,
        name: &str,
    ) -> Result<String, Mistake> {
        let name = if name == USUAL { route.usual } else { name };
        match self.find(map, route, name) {
            Some(journey) => Ok(journey.name().to_owned()),
            None => {
                let problem = self.unknown(map, std::slice::from_ref(route), name);
                Err(Mistake::new(place, problem))
            }
        }
    }

    /// What fits where a journey is named on a route: for the refusal of what does not.
    pub fn expected(&self, map: &'static JourneyMap, route: &'static JourneyRoute) -> String {
        let mut names = self.names(map, std::slice::from_ref(route));
        names.retain(|name| name != USUAL);
        format!("one of {}", names.join(", "))
    }

    /// The names of those journeys of a route that somebody can start who stands there.
    pub fn possible(
        &self,
        map: &'static JourneyMap,
        route: &'static JourneyRoute,
        states: States<'_>,
    ) -> Vec<String> {
        let mut names = self.names(map, std::slice::from_ref(route));
        names.retain(|name| {
            self.find(map, route, name).is_some_and(|journey| journey.can_start(map, states))
        });
        names
    }

    /// Whether the scenario chooses at all: what it would choose by need not be gathered when not.
    pub fn has_choices(&self) -> bool {
        !self.choices.is_empty()
    }

    /// The journey of somebody new: by a choice of the scenario that has conditions, by a magic value, by a choice
    /// without conditions, or the usual one.
    pub fn choose(&self, who: &Choosing<'_>, chance: &mut Chance) -> Journey {
        let holds = |choice: &&Choice| {
            choice.when.iter().all(|(selector, test)| {
                let mut values =
                    who.selectors.iter().filter(|(known, _)| known == selector).peekable();
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
            .or_else(|| self.find(who.map, who.route, who.usual))
            .or_else(|| self.find(who.map, who.route, who.route.usual))
            .unwrap_or(Journey::Built(&STAND))
    }

    /// What a choice says; none when nothing of it leads over this route.
    fn decide(&self, choice: &Choice, who: &Choosing<'_>, chance: &mut Chance) -> Option<Journey> {
        let find = |name: &str| {
            let name = if name == USUAL { who.usual } else { name };
            self.find(who.map, who.route, name)
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
    pub fn magic(&self, map: &'static JourneyMap) -> Vec<Magic> {
        let with_conditions = self.choices.iter().filter(|choice| !choice.when.is_empty());
        with_conditions.map(|choice| self.line(map, choice)).collect()
    }

    fn line(&self, map: &'static JourneyMap, choice: &Choice) -> Magic {
        let fields: Vec<&str> = choice
            .when
            .keys()
            .filter_map(|selector| map.selectors.iter().find(|(known, _)| known == selector))
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
                let found = map.routes.iter().find_map(|route| self.find(map, route, name));
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

/// What is wrong with the map of a provider: beginnings that are no states, effects and built-in legs that are no
/// inputs, and built-in journeys that cannot be walked.
#[cfg(test)]
pub(super) fn faults(map: &'static JourneyMap) -> Vec<String> {
    use crate::sim::journey::script::Inputs;
    use crate::sim::machine::moves;
    let mut faults = Vec::new();
    let machine = |kind: &str| map.machines.iter().find(|machine| machine.name() == kind);
    for effect in map.effects {
        for (kind, on) in [effect.cause, effect.then] {
            if !machine(kind).is_some_and(|it| it.lines().iter().any(|line| line.1 == on)) {
                faults.push(format!("{kind}.{on} is no input"));
            }
        }
        let (kind, on) = effect.then;
        let has_row = |state| moves(*machine(kind)?, state).iter().find(|it| it.0 == on).map(drop);
        if effect.only_in.is_some_and(|state| has_row(state).is_none()) {
            faults.push(format!("{kind}.{on} has no row in {:?}", effect.only_in));
        }
    }
    for route in map.routes {
        for (kind, state) in route.starts.iter().flat_map(|start| start.iter()) {
            if !machine(kind).is_some_and(|machine| machine.starts().contains(state)) {
                faults.push(format!("{kind} does not begin in {state}"));
            }
        }
        for plan in route.plans {
            let leg = |leg: &crate::sim::journey::plan::Leg| ScriptLeg {
                on: Inputs(vec![format!("{}.{}", leg.kind, leg.on)]),
                after: None,
                jitter: None,
            };
            let chain =
                Script { name: plan.name.to_owned(), legs: plan.legs.iter().map(leg).collect() };
            if !chain.leads(map, route) {
                faults.push(format!("{} cannot be walked: {:?}", plan.name, chain.check(map)));
            }
        }
        if route.plan(route.usual).is_none() {
            faults.push(format!("{} is not among its journeys", route.usual));
        }
    }
    faults
}
