//! Shipments as an entity of the control API.

use serde_json::{Value, json};

use crate::frameworks::php::json_encode::Number;
use crate::providers::kind::input;
use crate::providers::salla::machines::SHIPMENT;
use crate::providers::salla::rules::lifecycle;
use crate::providers::salla::state::shipment::Shipment;
use crate::providers::salla::{Salla, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing, traveller};
use crate::sim::journey::plan::Itinerary;

/// Shipments, by their ids.
pub struct Shipments;

impl Kind for Shipments {
    type Of = Salla;
    type Entity<'a> = &'a Shipment;

    const WORD: &'static str = "shipment";
    const SETTABLE: &'static [&'static str] = &[
        "journey",
        "shipping_number",
        "tracking_number",
        "tracking_link",
        "trackable",
        "pickup_id",
    ];

    fn all(state: &State) -> impl Iterator<Item = (String, &Shipment)> {
        state.book.all().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Shipment> {
        state.book.get(id.parse().ok()?)
    }

    fn standing<'a>(_: &State, it: &'a Shipment) -> Standing<'a> {
        (&it.life).into()
    }

    fn data(_: &State, it: &Shipment) -> Value {
        json!({
            "id": it.id,
            "store": it.store,
            "order_id": it.order_id,
            "order_reference_id": it.order_reference_id,
            "created_at": it.created_at,
            "type": it.kind,
            "courier_id": it.courier_id,
            "courier_name": it.courier_name,
            "shipping_number": it.shipping_number,
            "tracking_number": it.tracking_number,
            "tracking_link": it.tracking_link,
            "pickup_id": it.pickup_id,
            "label": it.label,
            "payment_method": it.payment,
            "source": it.source,
            "total": it.total,
            "cash_on_delivery": it.cash_on_delivery,
            "policy_options": it.policy_options,
            "ship_from": it.ship_from,
            "ship_to": it.ship_to,
            "packages": it.packages,
            "total_weight": Number(it.weight()),
            "billing_account": it.billing,
            "extras": it.extras,
            "return_of": it.return_of,
            "tracking": it.marks,
            "journey": it.itinerary.as_ref().map(Itinerary::journey),
            "stops": it.itinerary.as_ref().map(Itinerary::stops),
        })
    }

    fn patch(cx: &mut Cx<'_, Salla>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut shipment = Self::known(cx.state, id)?.clone();
        let (id, mut journey) = (shipment.id, None);
        for given in fields {
            match given.field {
                "shipping_number" => shipment.shipping_number = given.text()?,
                "tracking_number" => shipment.tracking_number = given.text()?,
                "tracking_link" => shipment.tracking_link = given.text()?,
                "trackable" => shipment.trackable = given.flag()?,
                "pickup_id" if given.value.is_null() => shipment.pickup_id = None,
                "pickup_id" => {
                    let number = given.value.as_u64();
                    shipment.pickup_id =
                        Some(number.ok_or_else(|| given.wrong("a number or null"))?);
                }
                _ => journey = Some(traveller::named::<Salla>(cx.state, id, given)?),
            }
        }
        if let Some(known) = cx.state.book.get_mut(id) {
            *known = shipment;
        }
        if let Some(journey) = journey {
            traveller::change(cx, id, &journey);
        }
        Ok(())
    }

    fn apply(cx: &mut Cx<'_, Salla>, id: &str, on: &str) -> Operated {
        let shipment = Self::known(cx.state, id)?;
        let (number, on) = (shipment.id, input(&SHIPMENT, &shipment.life, on)?);
        lifecycle::step(cx, number, on).map_err(|_| Self::absent(id))?;
        traveller::moved(cx, number);
        Ok(())
    }
}
