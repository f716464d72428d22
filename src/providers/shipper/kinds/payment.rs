//! Payments, the money of shipments, as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::kind::guarded;
use crate::providers::shipper::kinds::shipment::Shipments;
use crate::providers::shipper::machines::{PAYMENT, PaymentInput};
use crate::providers::shipper::rules::{lifecycle, parcel};
use crate::providers::shipper::{Shipper, State};
use crate::providers::{Cx, Kind, Operated, Standing};

/// The money of shipments, by the shipments' UUIDs.
pub struct Payments;

impl Kind for Payments {
    type Of = Shipper;
    type Entity<'a> = <Shipments as Kind>::Entity<'a>;

    const WORD: &'static str = "payment";

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        Shipments::all(state)
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        Shipments::find(state, id)
    }

    fn standing<'a>(_: &'a State, (_, _, shipment): Self::Entity<'a>) -> Standing<'a> {
        (&shipment.payment).into()
    }

    fn data(_: &State, (key, _, shipment): Self::Entity<'_>) -> Value {
        json!({ "order": key.to_string(), "transactions": shipment.transactions })
    }

    fn guard((_, _, shipment): Self::Entity<'_>, on: &str) -> Option<String> {
        parcel::payment_guard(shipment.life.state(), PaymentInput::of(on)?)
    }

    fn apply(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Operated {
        let entity @ (key, order, shipment) = Self::known(cx.state, id)?;
        let place = lifecycle::place_of(order, shipment.uuid).ok_or_else(|| Self::absent(id))?;
        let on = guarded::<Self, _, _>(entity, &PAYMENT, &shipment.payment, on)?;
        lifecycle::payment(cx, key, place, on).map_err(|_| Self::absent(id))
    }
}
