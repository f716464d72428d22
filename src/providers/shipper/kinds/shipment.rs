//! Shipments as an entity of the control API.

use std::borrow::Cow;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::providers::kind::guarded;
use crate::providers::shipper::machines::{SHIPMENT, ShipmentInput, ShipmentState};
use crate::providers::shipper::rules::{lifecycle, parcel};
use crate::providers::shipper::state::order::{Order, OrderKey, Shipment};
use crate::providers::shipper::{Shipper, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing};

/// Shipments, by their UUIDs.
pub struct Shipments;

impl Kind for Shipments {
    type Of = Shipper;
    type Entity<'a> = (OrderKey, &'a Order, &'a Shipment);

    const WORD: &'static str = "shipment";
    const SETTABLE: &'static [&'static str] = &["on_hold", "failure"];

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        state.orders().flat_map(|(key, order)| {
            order.shipments.iter().map(move |it| (it.uuid.to_string(), (key, order, it)))
        })
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let uuid = Uuid::try_parse(id).ok()?;
        state.accounts.organizations.values().find_map(|organization| {
            let order = organization.book.of_shipment(uuid)?;
            let shipment = order.shipments.iter().find(|shipment| shipment.uuid == uuid)?;
            Some((OrderKey { organization: organization.id, order: order.id }, order, shipment))
        })
    }

    fn standing<'a>(_: &'a State, (_, _, shipment): Self::Entity<'a>) -> Standing<'a> {
        (&shipment.life).into()
    }

    fn data(_: &State, (key, order, shipment): Self::Entity<'_>) -> Value {
        json!({
            "order": key.to_string(),
            "order_status": order.status(),
            "supplier": shipment.supplier,
            "items": shipment.lines,
            "tracking": shipment.tracking,
            "on_hold": shipment.on_hold,
            "failure": shipment.failure,
            "payment": shipment.payment.state(),
            "transactions": shipment.transactions,
        })
    }

    fn patch(cx: &mut Cx<'_, Shipper>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let (key, order, shipment) = Self::known(cx.state, id)?;
        let place = lifecycle::place_of(order, shipment.uuid).ok_or_else(|| Self::absent(id))?;
        use ShipmentState::{OnItsWay, Returning};
        let (mut on_hold, mut failure) = (shipment.on_hold, shipment.failure.clone());
        for given in fields {
            match given.field {
                "on_hold" => {
                    on_hold = given.flag()?;
                    let travels = matches!(shipment.life.state(), OnItsWay | Returning);
                    if on_hold && !travels {
                        return Err(given.wrong("false, as no carrier has the shipment"));
                    }
                }
                _ if given.value.is_null() => failure = Some(None),
                _ => failure = Some(Some(Cow::Owned(given.filled()?))),
            }
        }
        if let Some(organization) = cx.state.accounts.organizations.get_mut(&key.organization) {
            organization.book.update(key.order, |order| {
                if let Some(shipment) = order.shipments.get_mut(place) {
                    shipment.on_hold = on_hold;
                    shipment.failure = failure;
                }
            });
        }
        Ok(())
    }

    fn guard((_, _, shipment): Self::Entity<'_>, on: &str) -> Option<String> {
        parcel::shipment_guard(shipment, ShipmentInput::of(on)?)
    }

    fn apply(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Operated {
        let entity @ (key, order, shipment) = Self::known(cx.state, id)?;
        let place = lifecycle::place_of(order, shipment.uuid).ok_or_else(|| Self::absent(id))?;
        let on = guarded::<Self, _, _>(entity, &SHIPMENT, &shipment.life, on)?;
        lifecycle::shipment(cx, key, place, on).map_err(|_| Self::absent(id))
    }
}
