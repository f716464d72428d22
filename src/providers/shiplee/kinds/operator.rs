//! What an operator of Shiplee could do: set data, and push entities along their tables.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::policy::allow_list::Network;
use crate::providers::operator::{amount, input, text, wrong};
use crate::providers::shiplee::machines::{
    ORDER, OrderInput, REVERSE_ORDER, SHIPMENT, ShipmentInput, WAREHOUSE, WarehouseInput,
    WarehouseState,
};
use crate::providers::shiplee::rules::booking::{self, Booking};
use crate::providers::shiplee::rules::carrier::Answer;
use crate::providers::shiplee::rules::lifecycle;
use crate::providers::shiplee::setup::no_plan;
use crate::providers::shiplee::state::accounts::Warehouse;
use crate::providers::shiplee::state::order::Direction;
use crate::providers::shiplee::state::wallet::EntryKind;
use crate::providers::shiplee::state::wallet::MOST;
use crate::providers::shiplee::{Error, Shiplee, errors, journeys};
use crate::providers::{Cx, OperatorError};

/// A list of texts, each read in its own way.
fn list<T>(
    field: &str,
    value: &Value,
    expected: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, OperatorError> {
    let refused = || wrong(field, expected);
    let entries = value.as_array().ok_or_else(refused)?;
    entries.iter().map(|entry| entry.as_str().and_then(&read).ok_or_else(refused)).collect()
}

/// Sets fields of a seller.
pub fn patch_seller(
    cx: &mut Cx<'_, Shiplee>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let mut seller = cx.state.seller(id).cloned().ok_or(OperatorError::Absent)?;
    for (field, value) in fields {
        match field.as_str() {
            "wallet" => {
                let wanted = amount(field, value, MOST)?;
                seller.wallet.set(cx.now, EntryKind::Adjustment, wanted);
            }
            "allowed_ips" => {
                let expected =
                    "a list of addresses and networks, as [\"203.0.113.7\", \"10.0.0.0/8\"]";
                seller.allowed_ips =
                    list(field, value, expected, |text| text.parse::<Network>().ok())?;
            }
            "allowed_domains" => {
                let expected = "a list of hosts without scheme and port, as [\"shop.example\"]";
                let bare = |text: &str| !text.is_empty() && !text.contains(['/', ':', ' ']);
                seller.allowed_domains =
                    list(field, value, expected, |text| bare(text).then(|| text.to_owned()))?;
            }
            "plan" => {
                let plan = text(field, value)?;
                if !cx.state.plans.contains_key(&plan) {
                    return Err(wrong(field, &format!("a plan: {}", no_plan(cx.state, &plan))));
                }
                seller.plan = plan;
            }
            "api_key" => {
                let key = text(field, value)?;
                if key.trim().is_empty() {
                    return Err(wrong(field, "a text that is not empty"));
                }
                seller.api_key = key;
            }
            _ => {
                let words: Vec<&str> = Answer::ALL.iter().map(|answer| answer.word()).collect();
                let expected = format!("a list of some of {}", words.join(", "));
                seller.next_answers = VecDeque::from(list(field, value, &expected, Answer::of)?);
            }
        }
    }
    cx.state.sellers.insert(seller.id, seller);
    Ok(())
}

/// Sets fields of a warehouse.
pub fn patch_warehouse(
    cx: &mut Cx<'_, Shiplee>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let number = id.parse().ok();
    let known = number.and_then(|id: u64| cx.state.warehouses.get_mut(&id));
    let known = known.ok_or(OperatorError::Absent)?;
    let mut warehouse = known.clone();
    for (field, value) in fields {
        match field.as_str() {
            "nickname" => warehouse.nickname = text(field, value)?,
            _ => {
                let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
                warehouse.registration_failures =
                    count.ok_or_else(|| wrong(field, "a whole number from 0"))?;
                // Who wants to see it fail wants it to be tried.
                if warehouse.registration_failures > 0 {
                    warehouse.delhivery_name = None;
                }
            }
        }
    }
    *known = warehouse;
    Ok(())
}

/// Sets fields of a parcel.
pub fn patch_shipment(
    cx: &mut Cx<'_, Shiplee>,
    id: &str,
    fields: &Map<String, Value>,
) -> Result<(), OperatorError> {
    let (number, parcel) = cx.state.parcel(id).ok_or(OperatorError::Absent)?;
    let direction = parcel.direction;
    for (field, value) in fields {
        let name = text(field, value)?;
        let (ground, way, atlas) = (&journeys::GROUND, journeys::way(direction), &cx.state.atlas);
        let journey = atlas.find(ground, way, &name);
        let journey = journey.ok_or_else(|| wrong(field, &atlas.expected(ground, way)))?;
        lifecycle::travel_by(cx, number, &journey);
    }
    Ok(())
}

/// A seller has no life of its own.
pub fn apply_to_seller(_: &mut Cx<'_, Shiplee>, _: &str, _: &str) -> Result<(), OperatorError> {
    let why = "a seller has no moves; set its wallet, lists, plan or key with PATCH";
    Err(OperatorError::Computed(why.to_owned()))
}

/// Gives a warehouse an input.
pub fn apply_to_warehouse(
    cx: &mut Cx<'_, Shiplee>,
    id: &str,
    on: &str,
) -> Result<(), OperatorError> {
    let warehouse = id.parse().ok().and_then(|id: u64| cx.state.warehouses.get_mut(&id));
    let warehouse = warehouse.ok_or(OperatorError::Absent)?;
    let on: WarehouseInput = input(&WAREHOUSE, &warehouse.life, on)?;
    let step = cx.out.step(&WAREHOUSE, &mut warehouse.life, id, on);
    step.map(drop).map_err(|_| OperatorError::Absent)
}

/// Books an order, or cancels its parcel.
pub fn apply_to_order(cx: &mut Cx<'_, Shiplee>, id: &str, on: &str) -> Result<(), OperatorError> {
    let order = id.parse().ok().and_then(|id: u64| cx.state.book.order(id));
    let order = order.ok_or(OperatorError::Absent)?;
    let on: OrderInput = input(&ORDER, &order.life, on)?;
    let (seller, number, awb) = (order.seller, order.id, order.awb.clone());
    match on {
        OrderInput::Book => {
            let own =
                |it: &&Warehouse| it.seller == seller && it.life.state() == WarehouseState::Active;
            let warehouse = cx.state.warehouses.values().find(own).map(|it| it.id);
            let warehouse = warehouse.ok_or_else(|| {
                OperatorError::Computed("the seller has no active warehouse".to_owned())
            })?;
            let direction = Direction::Forward;
            book(cx, seller, Booking { direction, order: number, warehouse })
        }
        OrderInput::Release => release(cx, awb.as_deref()),
    }
}

/// Books a reverse order, or cancels its parcel.
pub fn apply_to_reverse_order(
    cx: &mut Cx<'_, Shiplee>,
    id: &str,
    on: &str,
) -> Result<(), OperatorError> {
    let order = cx.state.reverse_order(id).ok_or(OperatorError::Absent)?;
    let on: OrderInput = input(&REVERSE_ORDER, &order.life, on)?;
    let (seller, awb) = (order.seller, order.awb.clone());
    let direction = Direction::Reverse;
    let booking = Booking { direction, order: order.id, warehouse: order.warehouse };
    match on {
        OrderInput::Book => book(cx, seller, booking),
        OrderInput::Release => release(cx, awb.as_deref()),
    }
}

/// Gives a parcel an input.
pub fn apply_to_shipment(
    cx: &mut Cx<'_, Shiplee>,
    id: &str,
    on: &str,
) -> Result<(), OperatorError> {
    let (number, parcel) = cx.state.parcel(id).ok_or(OperatorError::Absent)?;
    let on: ShipmentInput = input(&SHIPMENT, &parcel.life, on)?;
    lifecycle::shipment(cx, number, on).map_err(|_| OperatorError::Absent)?;
    lifecycle::stop_at_the_end(cx, number);
    Ok(())
}

/// Books an order by the express, as its seller would.
fn book(cx: &mut Cx<'_, Shiplee>, seller: u64, booking: Booking) -> Result<(), OperatorError> {
    let done = (|| {
        cx.state.has_balance(seller)?;
        booking::register(cx, booking.warehouse)?;
        let (quotes, _) = booking::rates(cx, booking);
        let quote = quotes.into_iter().next().ok_or(Error::NotFound)?;
        booking::book(cx, booking, quote).map(drop)
    })();
    done.map_err(|error| {
        OperatorError::Computed(format!("it cannot be booked: {}", errors::sentence(error)))
    })
}

/// Cancels an order's parcel, which frees the order; only a parcel that was not picked up yet does.
fn release(cx: &mut Cx<'_, Shiplee>, awb: Option<&str>) -> Result<(), OperatorError> {
    let stays = |why: &str| OperatorError::Computed(format!("the order keeps its parcel: {why}"));
    let parcel = awb.and_then(|awb| cx.state.parcel(awb));
    let (number, parcel) = parcel.ok_or_else(|| stays("it has none that can be found"))?;
    let row = SHIPMENT.rows.iter().find(|row| {
        row.from == parcel.life.state() && row.on == ShipmentInput::Cancel && SHIPMENT.ended(row.to)
    });
    if row.is_none() {
        return Err(stays("it was picked up, or is at its end"));
    }
    if !cx.state.switches.refund_on_cancel {
        return Err(stays("the scenario switches `refund_on_cancel` off"));
    }
    lifecycle::shipment(cx, number, ShipmentInput::Cancel)
        .map_err(|_| stays("it cannot be cancelled"))?;
    lifecycle::stop_at_the_end(cx, number);
    Ok(())
}
