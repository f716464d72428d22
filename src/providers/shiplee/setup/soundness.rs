//! Whether a state document of Shiplee is one that scenarios and calls could have made, as far as handlers rely on it.

use std::collections::BTreeSet;

use crate::kit::mistake::Mistake;
use crate::policy::PolicyStep;
use crate::providers::Access as _;
use crate::providers::shiplee::data::postal::is_pincode;
use crate::providers::shiplee::machines::{
    ORDER, OrderInput, OrderState, REVERSE_ORDER, SHIPMENT, WAREHOUSE,
};
use crate::providers::shiplee::state::accounts::Seller;
use crate::providers::shiplee::state::order::Direction;
use crate::providers::shiplee::{Shiplee, State, journeys};
use crate::providers::soundness::{check_id, filled, keyed, lived, once, refers};
use crate::sim::machine::Tracked;

/// Refuses the first thing in which the parts of a state contradict each other.
///
/// # Errors
/// The place in the state, and the mistake.
pub fn check(state: &State) -> Result<(), Mistake> {
    check_order(&state.checks).map_err(|mistake| mistake.below("checks"))?;
    state.statuses.check()?;
    state.rates.check().map_err(|mistake| mistake.below("rates"))?;
    for (pincode, service) in &state.pincodes {
        if !is_pincode(pincode) || service.pincode != *pincode {
            let problem = "it stands under its own six digits, the first not zero";
            return Err(Mistake::new(format!("pincodes.{pincode}.pincode"), problem));
        }
    }
    let map = &journeys::MAP;
    state.journeys.settle(map).map_err(|mistake| mistake.below("atlas"))?;
    for (field, name, direction) in [
        ("journey", &state.journey, Direction::Forward),
        ("reverse_journey", &state.reverse_journey, Direction::Reverse),
    ] {
        state.journeys.usual(map, journeys::route(direction), field, name)?;
    }
    if !state.waybills.are_sound() {
        return Err(Mistake::new("waybills", "an account has seven digits, a serial number six"));
    }
    accounts(state)?;
    for seller in state.opening_wallets.keys() {
        seller_of(state, "opening_wallets", *seller)?;
    }
    orders(state)?;
    reverse_orders(state)?;
    shipments(state)?;
    for (counter, next) in state.book.counters() {
        check_id(next).map_err(|problem| Mistake::new(format!("book.{counter}"), problem))?;
    }
    Ok(())
}

/// Whether a list of checks is another order of the usual one.
pub fn check_order(checks: &[PolicyStep]) -> Result<(), Mistake> {
    let sorted = |steps: &[PolicyStep]| {
        let mut steps = steps.to_vec();
        steps.sort();
        steps
    };
    if sorted(checks) == sorted(Shiplee::ORDER) {
        return Ok(());
    }
    let words: Vec<&str> = Shiplee::ORDER.iter().map(|step| step.word()).collect();
    Err(Mistake::new("", format!("has to name each once: {}", words.join(", "))))
}

/// That there is no such plan.
pub fn no_plan(state: &State, plan: &str) -> String {
    let names: Vec<&str> = state.plans.keys().map(String::as_str).collect();
    format!("there is no plan `{plan}`; the plans are {}", names.join(", "))
}

fn seller_of(state: &State, place: &str, seller: u64) -> Result<(), Mistake> {
    let is_there = state.sellers.contains_key(&seller);
    refers(is_there, &format!("{place}.seller"), format_args!("seller {seller}"))
}

fn warehouse_of(state: &State, place: &str, warehouse: u64) -> Result<(), Mistake> {
    let is_there = state.warehouses.contains_key(&warehouse);
    refers(is_there, &format!("{place}.warehouse"), format_args!("warehouse {warehouse}"))
}

fn accounts(state: &State) -> Result<(), Mistake> {
    for (id, seller) in &state.sellers {
        keyed("sellers", *id, seller.id)?;
        let place = |field: &str| format!("sellers.{id}.{field}");
        if seller.email.trim().is_empty() {
            return Err(Mistake::new(place("email"), "a seller has a mail address to log in with"));
        }
        if !state.plans.contains_key(&seller.plan) {
            return Err(Mistake::new(place("plan"), no_plan(state, &seller.plan)));
        }
        if let Some(entry) = seller.wallet.first_wrong() {
            let problem = "it is not the balance before it and the amount";
            let place = place(&format!("wallet.entries.{entry}.balance"));
            return Err(Mistake::new(place, problem));
        }
    }
    let names = |(id, seller): (&u64, &Seller)| {
        [
            (format!("sellers.{id}.email"), seller.email.to_ascii_lowercase()),
            (format!("sellers.{id}.shiplee_id"), seller.shiplee_id.clone()),
        ]
    };
    once(state.sellers.iter().flat_map(names))?;
    for (id, warehouse) in &state.warehouses {
        keyed("warehouses", *id, warehouse.id)?;
        let place = format!("warehouses.{id}");
        seller_of(state, &place, warehouse.seller)?;
        lived(&WAREHOUSE, &warehouse.life, &place)?;
    }
    Ok(())
}

/// An order has its parcel while it is booked, and no other order has it.
fn parcel(
    state: &State,
    place: &str,
    life: &Tracked<OrderState, OrderInput>,
    awb: Option<&str>,
    whose: (Direction, u64),
) -> Result<(), Mistake> {
    let at = format!("{place}.awb");
    match (life.state(), awb) {
        (OrderState::Unbooked, None) => Ok(()),
        (OrderState::Unbooked, Some(_)) => Err(Mistake::new(at, "an unbooked order has no parcel")),
        (OrderState::Booked, None) => Err(Mistake::new(at, "a booked order has its parcel")),
        (OrderState::Booked, Some(awb)) => {
            let found = state.book.number_of(awb).and_then(|number| state.book.shipment(number));
            let own = found.is_some_and(|it| (it.direction, it.order) == whose);
            refers(own, &at, format_args!("parcel `{awb}` of this order"))
        }
    }
}

fn orders(state: &State) -> Result<(), Mistake> {
    for (id, order) in state.book.keyed_orders() {
        keyed("book.orders", id, order.id)?;
        let place = format!("book.orders.{id}");
        seller_of(state, &place, order.seller)?;
        filled(&order.items, &format!("{place}.items"))?;
        filled(&order.parcels, &format!("{place}.parcels"))?;
        lived(&ORDER, &order.life, &place)?;
        let whose = (Direction::Forward, id);
        parcel(state, &place, &order.life, order.awb.as_deref(), whose)?;
    }
    Ok(())
}

fn reverse_orders(state: &State) -> Result<(), Mistake> {
    let mut numbers = BTreeSet::new();
    for (id, order) in state.book.keyed_reverse_orders() {
        keyed("book.reverse", id, order.id)?;
        let place = format!("book.reverse.{id}");
        seller_of(state, &place, order.seller)?;
        warehouse_of(state, &place, order.warehouse)?;
        let is_there = state.book.order(order.order).is_some();
        refers(is_there, &format!("{place}.order"), format_args!("order {}", order.order))?;
        filled(&order.items, &format!("{place}.items"))?;
        lived(&REVERSE_ORDER, &order.life, &place)?;
        let whose = (Direction::Reverse, id);
        parcel(state, &place, &order.life, order.awb.as_deref(), whose)?;
        if !numbers.insert(order.number.as_str()) || !state.book.has_reverse_number(&order.number) {
            let problem = format!("`{}` is there twice, or not among the numbers", order.number);
            return Err(Mistake::new(format!("{place}.number"), problem));
        }
    }
    Ok(())
}

fn shipments(state: &State) -> Result<(), Mistake> {
    for (number, parcel) in (0..).zip(state.book.shipments()) {
        let place = format!("book.shipments.{number}");
        if state.book.number_of(&parcel.awb) != Some(number) {
            let problem = format!("`{}` is there twice, or not among the waybills", parcel.awb);
            return Err(Mistake::new(format!("{place}.awb"), problem));
        }
        seller_of(state, &place, parcel.seller)?;
        warehouse_of(state, &place, parcel.warehouse)?;
        let is_there = match parcel.direction {
            Direction::Forward => state.book.order(parcel.order).is_some(),
            Direction::Reverse => state.book.reverse(parcel.order).is_some(),
        };
        refers(is_there, &format!("{place}.order"), format_args!("order {}", parcel.order))?;
        filled(&parcel.scans, &format!("{place}.scans"))?;
        lived(&SHIPMENT, &parcel.life, &place)?;
    }
    let waybills = state.book.waybills();
    if waybills != state.book.shipments().len() {
        return Err(Mistake::new("book.by_awb", "it has a waybill that no parcel has"));
    }
    Ok(())
}
