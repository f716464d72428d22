//! Validation of a file's world: whether its rules speak of what there is, and whether it can be built.

use std::sync::Arc;

use crate::policy::hole;
use crate::providers;
use crate::scenario::play::START;
use crate::scenario::trail::Trail;
use crate::scenario::{Diagnostic, Scenario, locate};
use crate::sim::webhook::egress::Reach;
use crate::world::{Orders, Recipe, World, check_place};

/// Checks the world of a scenario, and builds it if it can be built.
pub(super) fn check(scenario: &Scenario, found: &mut Vec<Diagnostic>) -> Option<World> {
    let mut setup = scenario.world.clone();
    for (place, rule) in scenario.world.all_rules() {
        let checked = check_place(&place, rule)
            .and_then(|()| providers::check_rule(rule))
            .and_then(|()| hole::check(&rule.then));
        if let Err(mistake) = checked {
            let mistake = mistake.below(&place).below("world");
            found.push(scenario.source.point(&Trail::of(&mistake.place), mistake.problem));
        }
    }
    // A wrong rule would hide what else is wrong.
    setup.rules.clear();
    setup.weather.clear();
    let at = setup.clock.as_ref().and_then(|clock| clock.at).unwrap_or(START);
    let orders = Orders { at: Some(at), reach: Reach::anywhere(), ..Orders::default() };
    let mut whole = true;
    // What a provider says wrong does not hide what the next one does.
    loop {
        let recipe = Recipe::new(scenario.name.clone(), setup.clone(), orders.clone(), START);
        let wrong = match World::build(Arc::new(recipe)) {
            Ok(world) => return whole.then_some(world),
            Err(wrong) => wrong,
        };
        whole = false;
        found.push(locate(&scenario.source.file, &scenario.source.text, &wrong));
        let folder = wrong.place.split(['.', '[']).next().unwrap_or_default();
        let rest = setup.clone().without(folder);
        if rest == setup {
            return None;
        }
        setup = rest;
    }
}
