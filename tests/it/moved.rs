//! Whoever is moved by hand: nothing is promised that will not happen, and nothing begins when a life is over.

use serde_json::{Map, Value, json};
use shipmock::internals::providers::{Name, OperatorError, service};
use shipmock::internals::sim::machine;
use shipmock::internals::world::World;

use crate::harness::{TestWorld, build, orders, setup};

/// Whose parcels travel, and what they are called.
const TRAVELLERS: [(Name, &str); 4] = [
    (Name::Shiplee, "shipment"),
    (Name::Salla, "shipment"),
    (Name::Shiptheory, "shipment"),
    (Name::Shipup, "tracker"),
];

/// What is promised about an entity.
fn promises(world: &World, name: Name, kind: &str, id: &str) -> Vec<String> {
    let about =
        world.agenda().iter().filter_map(|(_, due)| service(name).subject(world.providers(), *due));
    about.filter(|it| (it.0.as_str(), it.1.as_str()) == (kind, id)).map(|it| it.2).collect()
}

fn state(world: &World, name: Name, kind: &str, id: &str) -> String {
    let detail = service(name).kind(kind).unwrap().detail(world.providers(), id).unwrap();
    detail.state.unwrap_or_default()
}

/// The first few entities about which something is promised.
fn on_their_way(world: &World, name: Name, kind: &str) -> Vec<String> {
    let rows = service(name).kind(kind).unwrap().list(world.providers(), None, usize::MAX).unwrap();
    let ids = rows.into_iter().map(|row| row.id);
    ids.filter(|id| !promises(world, name, kind, id).is_empty()).take(8).collect()
}

#[test]
fn what_is_promised_after_a_move_is_possible_when_it_falls_due() {
    let world = TestWorld::of(build("default", setup("default"), orders()));
    let mut moves = 0;
    for (name, kind) in TRAVELLERS {
        let table = service(name).machines().iter().copied().find(|it| it.name() == kind).unwrap();
        for id in on_their_way(&world.world, name, kind) {
            let at = state(&world.world, name, kind, &id);
            for (on, _) in machine::moves(table, &at) {
                let mut moved = world.world.clone();
                if moved.apply(name, kind, &id, on).is_err() {
                    continue;
                }
                moves += 1;
                let now = state(&moved, name, kind, &id);
                let possible: Vec<&str> =
                    machine::moves(table, &now).into_iter().map(|(on, _)| on).collect();
                for promised in promises(&moved, name, kind, &id) {
                    // That nobody looks for a parcel any more is no input of it.
                    let fits = possible.contains(&promised.as_str()) || promised == "stop_looking";
                    assert!(fits, "{name} {id} {at} --{on}--> {now}: {promised} is promised");
                }
            }
        }
    }
    assert!(moves >= 30, "only {moves} moves");
}

#[test]
fn no_journey_begins_when_a_life_is_over() {
    let mut world = TestWorld::of(build("default", setup("default"), orders()));
    for (name, kind) in TRAVELLERS {
        let table = service(name).machines().iter().copied().find(|it| it.name() == kind).unwrap();
        let rows = service(name)
            .kind(kind)
            .unwrap()
            .list(world.world.providers(), None, usize::MAX)
            .unwrap();
        let is_over = |state: &Option<String>| {
            state.as_deref().is_some_and(|it| machine::moves(table, it).is_empty())
        };
        let ended = rows
            .into_iter()
            .find(|row| is_over(&row.state))
            .unwrap_or_else(|| panic!("{name}: nobody has ended"));
        for journey in ["waiting", "never_ready", "delivered", "booked"] {
            let fields: Map<String, Value> =
                json!({ "journey": journey }).as_object().unwrap().clone();
            let before = world.holdings();
            let refused = world.world.patch(name, kind, &ended.id, &fields).unwrap_err();
            let none = match &refused {
                OperatorError::Journey { possible, .. } => possible.is_empty(),
                OperatorError::Value { .. } => true,
                _ => false,
            };
            assert!(none && before == world.holdings(), "{name} {} {journey}: {refused}", ended.id);
        }
    }
}
