//! What a world is built from: the `world:` part of a scenario, and what the operator said on the command line.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::policy::rule::Rule;
use crate::providers::{Mistake, salla, shiplee, shipper, shiptheory, shipup};
use crate::sim::clock::Mode;
use crate::sim::webhook::egress::Reach;
use crate::world::World;

/// The `world:` part of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "World")]
pub struct Setup {
    /// The seed of everything that is made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How time runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockSetup>,
    /// The bound of the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<JournalSetup>,
    /// Faults and overrides, in order; a scenario's own come before those of the one it extends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// What happens to webhooks on their way: rules that begin with `on: webhook`, in order, before the other rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weather: Vec<Rule>,
    /// Shipper's accounts and what they own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipper: Option<shipper::Setup>,
    /// Shiplee's accounts and what they own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shiplee: Option<shiplee::Setup>,
    /// Salla's stores and what they own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salla: Option<salla::Setup>,
    /// Shiptheory's accounts and what they own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shiptheory: Option<shiptheory::Setup>,
    /// Shipup's accounts and what they own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipup: Option<shipup::Setup>,
}

/// What a part says, over what the same part of another setup says.
fn over<T>(own: Option<T>, base: Option<T>, or: fn(T, T) -> T) -> Option<T> {
    match (own, base) {
        (Some(own), Some(base)) => Some(or(own, base)),
        (own, base) => own.or(base),
    }
}

impl Setup {
    /// The same setup, with what it does not say taken from another.
    pub fn or(self, base: Setup) -> Setup {
        Setup {
            seed: self.seed.or(base.seed),
            clock: self.clock.or(base.clock),
            journal: self.journal.or(base.journal),
            rules: self.rules.into_iter().chain(base.rules).collect(),
            weather: self.weather.into_iter().chain(base.weather).collect(),
            shipper: over(self.shipper, base.shipper, shipper::Setup::or),
            shiplee: over(self.shiplee, base.shiplee, shiplee::Setup::or),
            salla: over(self.salla, base.salla, salla::Setup::or),
            shiptheory: over(self.shiptheory, base.shiptheory, shiptheory::Setup::or),
            shipup: over(self.shipup, base.shipup, shipup::Setup::or),
        }
    }
}

impl Setup {
    /// The weather and the rules in the order in which they are installed, each with its place.
    pub fn all_rules(&self) -> impl Iterator<Item = (String, &Rule)> {
        let placed = |list: &'static str| move |(place, rule)| (format!("{list}[{place}]"), rule);
        let weather = self.weather.iter().enumerate().map(placed("weather"));
        weather.chain(self.rules.iter().enumerate().map(placed("rules")))
    }
}

/// Whether a rule may stand where it stands: below `weather` there are only webhooks.
///
/// # Errors
/// The field and a sentence when not.
pub fn check_place(place: &str, rule: &Rule) -> Result<(), (&'static str, String)> {
    let stray = place.starts_with("weather") && rule.about_webhooks().is_none();
    match stray {
        true => {
            let problem = "the weather is about webhooks: `webhook`, `webhook shipper` or `webhook shipper \
                           shipment.status_changed`; what calls meet stands in `rules`";
            Err(("on", problem.to_owned()))
        }
        false => Ok(()),
    }
}

/// How time runs in a world.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockSetup {
    /// `real`, `frozen` or `scaled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Where it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// World seconds a second, for `scaled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
}

/// The bound of a journal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JournalSetup {
    /// How many bytes of requests and answers are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
}

/// Everything a world is built from, settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The scenario's name.
    pub scenario: String,
    /// Its `world:` part.
    pub setup: Setup,
    /// The seed.
    pub seed: u64,
    /// How time runs.
    pub mode: Mode,
    /// World seconds a second, for `scaled`.
    pub speed: f64,
    /// Where the clock begins.
    pub start: Timestamp,
    /// Wall time at that moment.
    pub wall: Timestamp,
    /// Where webhooks may go: the operator's, never a document's.
    #[serde(skip)]
    pub reach: Reach,
    /// Answers go out without our own headers.
    #[serde(skip)]
    pub bare: bool,
}

/// What the operator said, over what the scenario says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Orders {
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--clock`.
    pub mode: Option<Mode>,
    /// `--at`.
    pub at: Option<Timestamp>,
    /// `--speed`.
    pub speed: Option<f64>,
    /// `--webhook-to`, `--webhook-allow`.
    pub reach: Reach,
    /// `--bare`.
    pub bare: bool,
}

/// The seed when nobody names one.
pub const SEED: u64 = 7;

impl Recipe {
    /// Settles a scenario's setup with the operator's orders at a wall time.
    ///
    /// An instant without a mode freezes the clock there: who names an instant wants to see it.
    pub fn new(
        scenario: impl Into<String>,
        setup: Setup,
        orders: Orders,
        wall: Timestamp,
    ) -> Recipe {
        let clock = setup.clock.clone().unwrap_or_default();
        let at = orders.at.or(clock.at);
        let speed = orders.speed.or(clock.speed);
        let usual = match (at, speed) {
            (_, Some(_)) => Mode::Scaled,
            (Some(_), None) => Mode::Frozen,
            (None, None) => Mode::Real,
        };
        Recipe {
            scenario: scenario.into(),
            seed: orders.seed.or(setup.seed).unwrap_or(SEED),
            mode: orders.mode.or(clock.mode).unwrap_or(usual),
            speed: speed.unwrap_or(1.0),
            start: at.unwrap_or(wall),
            wall,
            reach: orders.reach,
            bare: orders.bare,
            setup,
        }
    }
}

/// A setup that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct SetupError {
    /// Where in the setup, as `shipper.organizations[0].orders[2]`.
    pub place: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// The longest history a scenario may ask for, in days.
const DAYS: i64 = 3_650;

/// Opens every provider's accounts in the past and lives through their history together, up to the start.
pub(super) fn open(world: &mut World) -> Result<(), SetupError> {
    let recipe = world.recipe.clone();
    for (place, rule) in recipe.setup.all_rules() {
        let wrong = |(field, problem): (&str, String)| SetupError {
            place: format!("{place}.{field}").trim_end_matches('.').to_owned(),
            problem,
        };
        check_place(&place, rule).map_err(wrong)?;
        world.install(rule.clone()).map_err(wrong)?;
    }
    let (setup, start) = (&recipe.setup, recipe.start);
    let shipper = setup.shipper.as_ref();
    let shiplee = setup.shiplee.as_ref();
    let salla = setup.salla.as_ref();
    let shiptheory = setup.shiptheory.as_ref();
    let shipup = setup.shipup.as_ref();
    let days = [
        shipper.map_or(0, |it| it.days()),
        shiplee.map_or(0, |it| it.days()),
        shiptheory.map_or(0, |it| it.days()),
        shipup.map_or(0, |it| it.days()),
    ];
    let days = days.into_iter().max().unwrap_or(0);
    let past = start.saturating_sub(SignedDuration::from_hours(i64::from(days).min(DAYS) * 24));
    world.now = past.unwrap_or(start);
    let mut changes = Vec::new();
    let mut parts = world.parts(&mut changes);
    if let Some(setup) = shipper {
        shipper::open(&mut parts.cx(), setup, start).map_err(|mistake| at("shipper", mistake))?;
    }
    if let Some(setup) = shiplee {
        shiplee::open(&mut parts.cx(), setup, start).map_err(|mistake| at("shiplee", mistake))?;
    }
    if let Some(setup) = salla {
        salla::open(&mut parts.cx(), setup, start).map_err(|mistake| at("salla", mistake))?;
    }
    if let Some(setup) = shiptheory {
        shiptheory::open(&mut parts.cx(), setup, start)
            .map_err(|mistake| at("shiptheory", mistake))?;
    }
    if let Some(setup) = shipup {
        shipup::open(&mut parts.cx(), setup, start).map_err(|mistake| at("shipup", mistake))?;
    }
    world.catch_up(start);
    shipper::opened(&mut world.providers.shipper);
    shiplee::opened(&mut world.providers.shiplee, start);
    shipup::opened(&mut world.providers.shipup);
    Ok(())
}

fn at(provider: &str, (place, problem): Mistake) -> SetupError {
    SetupError { place: format!("{provider}.{place}"), problem }
}
