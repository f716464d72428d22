//! The recipe of a world, what it is built from: the `world:` part of a scenario, and what the operator said on the
//! command line.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::kit::mistake::Mistake;
use crate::policy::rule::Rule;
use crate::providers::{self, Opening, Parts, Providers, Setting};
use crate::sim::clock::Mode;
use crate::sim::webhook::egress::Reach;
use crate::world::World;

/// Declares the `world:` part of a scenario, with a key for every provider. Written out and not flattened: serde
/// cannot refuse unknown keys of a flattened map.
macro_rules! setup {
    ($($(#[$doc:meta])* $folder:ident $provider:ident $opens:ident;)+) => {
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
            $(
                #[doc = concat!(stringify!($provider), "'s ", stringify!($opens), " and what they own.")]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $folder: Option<<providers::$folder::$provider as Opening>::Setup>,
            )+
        }

        impl Setup {
            /// The same setup, with what it does not say taken from another.
            #[must_use]
            pub fn or(self, base: Setup) -> Setup {
                Setup {
                    seed: self.seed.or(base.seed),
                    clock: self.clock.or(base.clock),
                    journal: self.journal.or(base.journal),
                    rules: self.rules.into_iter().chain(base.rules).collect(),
                    weather: self.weather.into_iter().chain(base.weather).collect(),
                    $($folder: over(self.$folder, base.$folder),)+
                }
            }

            /// The same setup without what a provider, named by its folder, is to have.
            #[must_use]
            pub fn without(mut self, folder: &str) -> Setup {
                match folder {
                    $(stringify!($folder) => self.$folder = None,)+
                    _ => {}
                }
                self
            }

            /// How many days before its start a world with these histories is opened.
            fn days(&self) -> u32 {
                [$(self.$folder.as_ref().map_or(0, Setting::days)),+].into_iter().max().unwrap_or(0)
            }

            /// Opens what each provider is to have, in the order of the register.
            fn open(&self, parts: &mut Parts<'_>, start: Timestamp) -> Result<(), Mistake> {
                $(if let Some(setup) = &self.$folder {
                    providers::$folder::$provider::open(&mut parts.cx(), setup, start)
                        .map_err(|mistake| mistake.below(stringify!($folder)))?;
                })+
                Ok(())
            }
        }

        /// Tells every provider that its history was lived through.
        fn opened(states: &mut Providers, start: Timestamp) {
            $(providers::$folder::$provider::opened(&mut states.$folder, start);)+
        }
    };
}

crate::for_each_provider!(setup);

/// What a provider's part says, over what the same part of another setup says.
fn over<T: Setting>(own: Option<T>, base: Option<T>) -> Option<T> {
    match (own, base) {
        (Some(own), Some(base)) => Some(own.or(base)),
        (own, base) => own.or(base),
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
pub fn check_place(place: &str, rule: &Rule) -> Result<(), Mistake> {
    if place.starts_with("weather") && rule.about_webhooks().is_none() {
        let problem = "the weather is about webhooks: `webhook`, `webhook shipper` or `webhook shipper \
                       shipment.status_changed`; what calls meet stands in `rules`";
        return Err(Mistake::new("on", problem));
    }
    Ok(())
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

/// The longest history a scenario may ask for, in days.
const DAYS: i64 = 3_650;

/// Opens every provider's accounts in the past and lives through their history together, up to the start.
pub(super) fn open(world: &mut World) -> Result<(), Mistake> {
    let recipe = world.recipe.clone();
    let (setup, start) = (&recipe.setup, recipe.start);
    for (place, rule) in setup.all_rules() {
        let placed = check_place(&place, rule).and_then(|()| world.install(rule.clone()).map(drop));
        placed.map_err(|mistake| mistake.below(&place))?;
    }
    let days = i64::from(setup.days()).min(DAYS);
    world.now = start.saturating_sub(SignedDuration::from_hours(days * 24)).unwrap_or(start);
    setup.open(&mut world.parts(None), start)?;
    world.live_through(start);
    opened(&mut world.providers, start);
    Ok(())
}
