//! Fault injection: the rules of a world, listed with their use, installed, removed.

use jiff::Timestamp;
use serde::Serialize;

use crate::control::problem::{Problem, echo};
use crate::control::values::Unread;
use crate::kit::mistake::Mistake;
use crate::policy::installed::Installed;
use crate::policy::rule::Rule;
use crate::world::World;

/// A rule and its use.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Installed")]
pub(super) struct InstalledRule<'a> {
    /// `rule1`, `rule2`, ...
    id: String,
    /// When it was installed.
    since: Timestamp,
    /// Calls it was about.
    fitted: u64,
    /// Calls it did something to.
    used: u64,
    /// The rule.
    rule: &'a Rule,
}

impl<'a> InstalledRule<'a> {
    fn of(installed: &'a Installed) -> Self {
        InstalledRule {
            id: installed.id(),
            since: installed.since,
            fitted: installed.fitted,
            used: installed.used,
            rule: &installed.rule,
        }
    }
}

/// The rules.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Rules")]
pub(super) struct RuleList<'a> {
    /// In their order.
    rules: Vec<InstalledRule<'a>>,
}

/// The rule of a body; what is wrong with it is said as a scenario says it.
pub(super) fn read(given: Unread<Rule>) -> Result<Rule, Problem> {
    given.read().map_err(|wrong| Problem::new(422, "Wrong rule", wrong.to_string()))
}

/// The rules in their order.
pub(super) fn list(world: &World) -> RuleList<'_> {
    RuleList { rules: world.rules().iter().map(InstalledRule::of).collect() }
}

/// Installs a rule behind all others.
pub(super) fn install<'a>(world: &'a mut World, rule: &Rule) -> Result<InstalledRule<'a>, Problem> {
    let wrong =
        |Mistake { place, problem }| Problem::new(422, "Wrong rule", problem).with("field", place);
    world.install(rule.clone()).map(InstalledRule::of).map_err(wrong)
}

/// Takes a rule away.
pub(super) fn remove(world: &mut World, id: &str) -> Result<(), Problem> {
    let unknown = || {
        let detail = format!("there is no rule `{}`; GET /_shipmock/rules lists them", echo(id));
        Problem::new(404, "Unknown rule", detail)
    };
    world.uninstall(id).map(drop).ok_or_else(unknown)
}
