//! Journeys that a scenario writes: chains of inputs, held against the life cycles they lead over.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kit::mistake::Mistake;
use crate::kit::span::Span;
use crate::kit::text::did_you_mean;
use crate::sim::chance::Draw;
use crate::sim::journey::map::{JourneyMap, JourneyRoute, States, Walk, split};
use crate::sim::journey::plan::{Itinerary, Plan, Stop};

/// One leg of a written journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WrittenLeg")]
pub struct ScriptLeg {
    /// The input, as `ship` or `shipment.ship`; or a list of inputs that happen in one breath.
    pub on: Inputs,
    /// World time after the leg before; none when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Span>,
    /// Up to so many seconds are added, drawn from the seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jitter: Option<Span>,
}

/// One input, or several in one breath.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs(pub Vec<String>);

impl Serialize for Inputs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one),
            list => serializer.collect_seq(list),
        }
    }
}

impl<'de> Deserialize<'de> for Inputs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Inputs;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an input such as ship, or a list of inputs")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Inputs, E> {
                Ok(Inputs(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Inputs, A::Error> {
                let mut inputs = Vec::new();
                while let Some(input) = list.next_element()? {
                    inputs.push(input);
                }
                Ok(Inputs(inputs))
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

crate::written_as!(Inputs, {
    "description": "An input, or several that happen in one breath.",
    "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }],
});

/// A journey that a scenario wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Its name.
    pub name: String,
    /// Its legs.
    pub legs: Vec<ScriptLeg>,
}

impl Script {
    /// Whether an entity can walk the whole chain from one of the beginnings of a route.
    pub fn leads(&self, map: &'static JourneyMap, route: &JourneyRoute) -> bool {
        route.starts.iter().any(|start| self.leads_from(map, start))
    }

    /// Whether an entity that stands there can walk the whole chain.
    pub fn leads_from(&self, map: &'static JourneyMap, states: States<'_>) -> bool {
        self.walked(map, states).is_ok()
    }

    /// Whether every input exists, and the chain can be walked from one of the beginnings.
    ///
    /// # Errors
    /// The place within the chain, and a sentence with what was probably meant.
    pub fn check(&self, map: &'static JourneyMap) -> Result<(), Mistake> {
        for (place, leg) in self.legs.iter().enumerate() {
            if leg.on.0.is_empty() {
                return Err(Mistake::new(format!("[{place}].on"), "name at least one input"));
            }
            for (at, input) in leg.on.0.iter().enumerate() {
                known(map, input).map_err(|problem| Mistake::new(leg.place(place, at), problem))?;
            }
        }
        let mut furthest: Option<(usize, Mistake)> = None;
        for start in map.routes.iter().flat_map(|route| route.starts) {
            match self.walked(map, start) {
                Ok(()) => return Ok(()),
                Err((far, stuck)) => {
                    if furthest.as_ref().is_none_or(|(known, _)| far > *known) {
                        furthest = Some((far, stuck));
                    }
                }
            }
        }
        furthest.map_or(Ok(()), |(_, stuck)| Err(stuck))
    }

    /// Walks the chain; how far it came and why not further.
    fn walked(&self, map: &'static JourneyMap, start: States<'_>) -> Result<(), (usize, Mistake)> {
        let mut walk = Walk::new(map, start);
        let mut far = 0;
        for (place, leg) in self.legs.iter().enumerate() {
            for (at, input) in leg.on.0.iter().enumerate() {
                if walk.step(input).is_none() {
                    let problem = format!(
                        "the chain cannot be walked: `{input}` is not possible with {}; {}",
                        walk.stands(),
                        walk.possible()
                    );
                    return Err((far, Mistake::new(leg.place(place, at), problem)));
                }
                far += 1;
            }
        }
        Ok(())
    }

    /// The chain for an entity that stands there: delays drawn, without the inputs that are not possible for it.
    pub fn begin(
        &self,
        map: &'static JourneyMap,
        states: States<'_>,
        draw: &mut Draw,
    ) -> Itinerary {
        let mut walk = Walk::new(map, states);
        let inputs = self.legs.iter().map(|leg| leg.on.0.len()).sum();
        let mut stops = VecDeque::with_capacity(inputs);
        for leg in &self.legs {
            let more = match u64::try_from(leg.jitter.unwrap_or_default().0.as_secs()) {
                Ok(most @ 1..) => SignedDuration::from_secs(draw.between(0, most) as i64),
                _ => SignedDuration::ZERO,
            };
            let after = leg.after.unwrap_or_default().0.saturating_add(more);
            let mut at_once = false;
            for input in &leg.on.0 {
                let Some((kind, on)) = walk.step(input) else { continue };
                let after = if at_once { SignedDuration::ZERO } else { after };
                stops.push_back(Stop { after, kind: kind.into(), on: on.into(), at_once });
                at_once = true;
            }
        }
        Itinerary::other(self.name.clone(), stops)
    }

    /// Its inputs in a row.
    pub fn summary(&self) -> String {
        let legs = self.legs.iter().map(|leg| leg.on.0.join("+"));
        let all: Vec<String> = legs.collect();
        if all.is_empty() { "nothing happens by itself".to_owned() } else { all.join(", ") }
    }
}

impl ScriptLeg {
    fn place(&self, leg: usize, input: usize) -> String {
        match self.on.0.len() {
            1 => format!("[{leg}].on"),
            _ => format!("[{leg}].on[{input}]"),
        }
    }
}

/// Whether one of the life cycles has an input at all.
fn known(map: &JourneyMap, input: &str) -> Result<(), String> {
    let (wanted, on) = split(input);
    let kinds: Vec<&str> = map.machines.iter().map(|machine| machine.name()).collect();
    if let Some(kind) = wanted.filter(|kind| !kinds.contains(kind)) {
        return Err(format!("there is no kind `{kind}` here; there are {}", kinds.join(", ")));
    }
    let mut inputs: Vec<&str> = Vec::new();
    for machine in map.machines {
        if wanted.is_none_or(|wanted| wanted == machine.name()) {
            inputs.extend(machine.lines().iter().map(|line| line.1));
        }
    }
    if inputs.contains(&on) {
        return Ok(());
    }
    inputs.sort_unstable();
    inputs.dedup();
    Err(match did_you_mean(on, inputs.iter().copied()) {
        Some(meant) => format!("there is no input `{on}`; did you mean `{meant}`?"),
        None => format!("there is no input `{on}`; there are {}", inputs.join(", ")),
    })
}

impl Itinerary {
    /// Leaves out the stops that are not possible for an entity that stands there; whether the next one is another
    /// now. A stop keeps its distance to the one before it that was left out, unless it is the next.
    pub fn reroute(&mut self, map: &'static JourneyMap, states: States<'_>) -> bool {
        let mut walk = Walk::new(map, states);
        let mut kept: VecDeque<Stop> = VecDeque::new();
        let (mut first_is_gone, mut lost) = (false, None::<(SignedDuration, bool)>);
        for mut stop in self.stops() {
            if walk.take(Some(&stop.kind), &stop.on).is_none() {
                first_is_gone |= kept.is_empty();
                let (before, at_once) = lost.unwrap_or((SignedDuration::ZERO, stop.at_once));
                lost = Some((before.saturating_add(stop.after), at_once));
                continue;
            }
            if let Some((after, at_once)) = lost.take() {
                if !kept.is_empty() {
                    stop.after = stop.after.saturating_add(after);
                }
                stop.at_once &= at_once;
            }
            kept.push_back(stop);
        }
        if kept.len() < self.stops().len() {
            *self = Itinerary::other(self.journey().to_owned(), kept);
        }
        first_is_gone
    }
}

/// A journey: one of a provider's table, or one that a scenario wrote. Whoever goes on it shares it.
#[derive(Debug, Clone)]
pub enum Journey {
    /// Of the table.
    Built(&'static Plan),
    /// Of the scenario.
    Written(Arc<Script>),
}

impl Journey {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Journey::Built(plan) => plan.name,
            Journey::Written(script) => &script.name,
        }
    }

    /// What happens, in a few words.
    pub fn summary(&self) -> String {
        match self {
            Journey::Built(plan) => plan.summary.to_owned(),
            Journey::Written(script) => script.summary(),
        }
    }

    /// What will happen to an entity that begins there, delays drawn: of a built-in journey the legs of the life
    /// cycles it has, of a written one those that are possible.
    pub fn begin(
        &self,
        map: &'static JourneyMap,
        states: States<'_>,
        draw: &mut Draw,
    ) -> Itinerary {
        match self {
            Journey::Built(plan) => {
                let lives = |kind: &str| states.iter().any(|(known, _)| *known == kind);
                Itinerary::draw(plan, |leg| lives(leg.kind), draw)
            }
            Journey::Written(script) => script.begin(map, states, draw),
        }
    }

    /// What will happen to an entity that is under way already: what is possible from where it stands.
    pub fn resume(
        &self,
        map: &'static JourneyMap,
        states: States<'_>,
        draw: &mut Draw,
    ) -> Itinerary {
        match self {
            Journey::Built(plan) => {
                let mut walk = Walk::new(map, states);
                Itinerary::draw(plan, |leg| walk.take(Some(leg.kind), leg.on).is_some(), draw)
            }
            Journey::Written(script) => script.begin(map, states, draw),
        }
    }

    /// Whether anything of it is possible for an entity that stands there; one on which nothing happens always is.
    pub fn can_start(&self, map: &'static JourneyMap, states: States<'_>) -> bool {
        let mut walk = Walk::new(map, states);
        match self {
            Journey::Built(plan) => {
                let mut legs = plan.legs.iter();
                plan.legs.is_empty() || legs.any(|leg| walk.take(Some(leg.kind), leg.on).is_some())
            }
            Journey::Written(script) => {
                let mut inputs = script.legs.iter().flat_map(|leg| &leg.on.0);
                script.legs.is_empty() || inputs.any(|input| walk.step(input).is_some())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Script;
    use crate::kit::mistake::Mistake;
    use crate::machine_words;
    use crate::sim::chance::Chance;
    use crate::sim::journey::map::{JourneyMap, JourneyRoute, effect};
    use crate::sim::machine::{Machine, row};

    crate::words! {
        /// Where a box stands.
        pub enum At {
            /// At home.
            Home = "home",
            /// On its way.
            Road = "road",
            /// There.
            There = "there",
        }
    }

    crate::words! {
        /// What happens to a box.
        pub enum Go {
            /// It leaves.
            Leave = "leave",
            /// It arrives.
            Arrive = "arrive",
        }
    }

    machine_words!(At, Go);

    static BOX: Machine<At, Go> = Machine {
        name: "box",
        starts: &[At::Home],
        finals: &[At::There],
        rows: &[
            row(At::Home, Go::Leave, At::Road, None),
            row(At::Road, Go::Arrive, At::There, None),
        ],
    };
    static LID: Machine<At, Go> = Machine {
        name: "lid",
        starts: &[At::Home],
        finals: &[At::Road],
        rows: &[row(At::Home, Go::Leave, At::Road, None)],
    };

    static MAP: JourneyMap = JourneyMap {
        machines: &[&BOX, &LID],
        effects: &[effect(("box", "leave"), ("lid", "leave"), None)],
        routes: &[JourneyRoute {
            plans: &[],
            usual: "",
            starts: &[&[("box", "home"), ("lid", "home")]],
            field: "",
            numbers: "",
        }],
        selectors: &[],
    };

    fn written(legs: serde_json::Value) -> Script {
        Script { name: "a".to_owned(), legs: serde_json::from_value(legs).unwrap() }
    }

    #[test]
    fn a_chain_that_cannot_be_walked_is_refused_at_its_place() {
        for (legs, expected) in [
            (json!([{ "on": "leave" }, { "on": "arrive", "after": "1h" }]), None),
            (json!([{ "on": ["leave", "box.arrive"] }]), None),
            (json!([]), None),
            (
                json!([{ "on": "leve" }]),
                Some(("[0].on", "there is no input `leve`; did you mean `leave`?")),
            ),
            (
                json!([{ "on": "leave" }, { "on": ["arrive", "case.arrive"] }]),
                Some(("[1].on[1]", "there is no kind `case` here; there are box, lid")),
            ),
            (
                json!([{ "on": "arrive" }]),
                Some((
                    "[0].on",
                    "the chain cannot be walked: `arrive` is not possible with box home, lid home; possible here: \
                     box.leave, lid.leave",
                )),
            ),
            (
                // The lid went along when the box left.
                json!([{ "on": "leave" }, { "on": "lid.leave" }]),
                Some((
                    "[1].on",
                    "the chain cannot be walked: `lid.leave` is not possible with box road, lid road; possible here: \
                     box.arrive",
                )),
            ),
        ] {
            let stuck = written(legs).check(&MAP).err();
            let expected = expected.map(|(at, what)| Mistake::new(at, what));
            assert_eq!(stuck, expected);
        }
    }

    #[test]
    fn what_is_not_possible_for_an_entity_is_left_out_and_delays_are_drawn() {
        let chain = written(json!([
            { "on": "leave", "after": "1h" },
            { "on": "arrive", "after": "10m", "jitter": "5m" },
        ]));
        let mut chance = Chance::new(7);
        let on_the_road = [("box", "road"), ("lid", "road")];
        for _ in 0..50 {
            let itinerary = chain.begin(&MAP, &on_the_road, &mut chance.draw("a"));
            let stops: Vec<_> = itinerary.stops().into_iter().map(|stop| stop.on).collect();
            assert_eq!(stops, ["arrive"]);
            let seconds = itinerary.wait().unwrap().as_secs();
            assert!((600..=900).contains(&seconds), "{seconds}");
        }
        let together = written(json!([{ "on": ["leave", "arrive"], "after": "2h" }]));
        let mut itinerary =
            together.begin(&MAP, &[("box", "home"), ("lid", "home")], &mut chance.draw("a"));
        assert_eq!(itinerary.arrive().len(), 2);
        assert_eq!(itinerary.wait(), None);
    }
}
