//! Whether a state document of Salla is one that scenarios and calls could have made, as far as handlers rely on it.

use crate::kit::mistake::Mistake;
use crate::providers::journey_book::USUAL;
use crate::providers::salla::access::is_scope;
use crate::providers::salla::machines::SHIPMENT;
use crate::providers::salla::state::shipment::{End, EndKind};
use crate::providers::salla::{State, journeys};
use crate::providers::soundness::{check_id, filled, keyed, lived, once, refers};

/// Refuses the first thing in which the parts of a state contradict each other.
///
/// # Errors
/// The place in the state, and the mistake.
pub fn check(state: &State) -> Result<(), Mistake> {
    let map = &journeys::MAP;
    state.journeys.settle(map).map_err(|mistake| mistake.below("journeys"))?;
    let journey = state.journey.as_deref().unwrap_or(USUAL);
    state.journeys.usual(map, journeys::route(), "journey", journey)?;
    scopes("app", &state.app.scopes)?;
    for (id, store) in &state.stores {
        keyed("stores", *id, store.id)?;
        let branches = check_branches(&store.branches);
        branches.map_err(|mistake| mistake.below(&format!("stores.{id}")))?;
    }
    grants(state)?;
    for (id, webhook) in &state.subscriptions {
        keyed("subscriptions", *id, webhook.id)?;
        store_of(state, &format!("subscriptions.{id}"), webhook.store)?;
    }
    shipments(state)
}

fn store_of(state: &State, place: &str, store: u64) -> Result<(), Mistake> {
    let is_there = state.stores.contains_key(&store);
    refers(is_there, &format!("{place}.store"), format_args!("store {store}"))
}

fn scopes(place: &str, given: &[String]) -> Result<(), Mistake> {
    match given.iter().find(|scope| !is_scope(scope)) {
        None => Ok(()),
        Some(unknown) => {
            refers(false, &format!("{place}.scopes"), format_args!("scope `{unknown}`"))
        }
    }
}

fn grants(state: &State) -> Result<(), Mistake> {
    for (id, grant) in &state.grants {
        keyed("grants", u64::from(*id), u64::from(grant.id))?;
        let place = format!("grants.{id}");
        if *id == u32::MAX {
            return Err(Mistake::new(place, "behind it there must be room for the next"));
        }
        store_of(state, &place, grant.store)?;
        scopes(&place, &grant.scopes)?;
    }
    let grants = || state.grants.iter();
    once(grants().map(|(id, grant)| (format!("grants.{id}.name"), grant.name.as_str())))?;
    once(grants().map(|(id, grant)| (format!("grants.{id}.access"), grant.access.as_str())))?;
    for (code, kept) in &state.codes {
        let place = format!("codes.{code}");
        store_of(state, &place, kept.store)?;
        let is_there = kept.spent.is_none_or(|grant| state.grants.contains_key(&grant));
        refers(is_there, &format!("{place}.spent"), "grant that it was changed for")?;
    }
    Ok(())
}

fn shipments(state: &State) -> Result<(), Mistake> {
    for (key, shipment) in state.book.keyed() {
        keyed("book.shipments", key, shipment.id)?;
        let place = format!("book.shipments.{key}");
        store_of(state, &place, shipment.store)?;
        lived(&SHIPMENT, &shipment.life, &place)?;
        filled(&shipment.marks, &format!("{place}.marks"))?;
        let back = shipment.return_of;
        let is_there = back.is_none_or(|id| state.book.get(id).is_some());
        refers(is_there, &format!("{place}.return_of"), "shipment that it brings back")?;
        if !state.book.is_dated(shipment) {
            let problem =
                "store, instant, place and id of each shipment stand there, and nothing else";
            return Err(Mistake::new("book.dated", problem));
        }
    }
    check_id(state.book.next_place().max(1)).map_err(|problem| Mistake::new("book.came", problem))
}

/// Refuses branches that are none, and a store without one: shipments come from there when nobody says otherwise.
///
/// # Errors
/// The place and the mistake.
pub fn check_branches(branches: &[End]) -> Result<(), Mistake> {
    if branches.is_empty() {
        return Err(Mistake::new("branches", "a store has at least one branch"));
    }
    match branches.iter().position(|it| it.kind != EndKind::Branch || it.branch_id.is_none()) {
        None => Ok(()),
        Some(place) => Err(Mistake::new(
            format!("branches[{place}]"),
            "a branch has `type: branch` and a `branch_id`",
        )),
    }
}
