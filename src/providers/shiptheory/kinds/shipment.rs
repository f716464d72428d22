//! Shipments as an entity of the control API.

use serde_json::{Value, json};

use super::{email, unscoped};
use crate::frameworks::php::json_encode::Number;
use crate::providers::kind::input;
use crate::providers::shiptheory::data::carriers;
use crate::providers::shiptheory::machines::SHIPMENT;
use crate::providers::shiptheory::rules::lifecycle;
use crate::providers::shiptheory::state::shipment::Shipment;
use crate::providers::shiptheory::{Shiptheory, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing, traveller};
use crate::sim::journey::plan::Itinerary;

/// Shipments, by their references, in the order in which they came.
pub struct Shipments;

impl Kind for Shipments {
    type Of = Shiptheory;
    type Entity<'a> = &'a Shipment;

    const WORD: &'static str = "shipment";
    const SETTABLE: &'static [&'static str] = &["journey", "refusal"];

    fn all(state: &State) -> impl Iterator<Item = (String, &Shipment)> {
        state.shelf.all().map(|it| (state.shipment_id(it), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Shipment> {
        unscoped(state, id).find_map(|(account, reference)| state.shelf.find(account.id, reference))
    }

    fn standing<'a>(_: &State, shipment: &'a Shipment) -> Standing<'a> {
        (&shipment.life).into()
    }

    fn data(state: &State, shipment: &Shipment) -> Value {
        let service = shipment.service.and_then(carriers::service_of);
        json!({
            "account": email(state, shipment.account),
            "draft": shipment.draft,
            "created": shipment.created,
            "modified": shipment.modified,
            "carrier": shipment.carrier,
            "service": shipment.service,
            "service_name": service.map(|it| it.name),
            "increment": shipment.increment,
            "tracking": shipment.tracking,
            "cost": shipment.cost.map(Number),
            "refusal": shipment.refusal,
            "returns": shipment.returns,
            "inlays": shipment.inlays,
            "messages": shipment.messages,
            "printed": shipment.printed,
            "example": shipment.example,
            "journey": shipment.itinerary.as_ref().map(Itinerary::journey),
            "stops": shipment.itinerary.as_ref().map(Itinerary::stops),
        })
    }

    fn patch(cx: &mut Cx<'_, Shiptheory>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let shipment = Self::known(cx.state, id)?;
        let (number, mut refusal, mut journey) = (shipment.number, shipment.refusal.clone(), None);
        for given in fields {
            match given.field {
                "refusal" => refusal = given.optional()?,
                _ => journey = Some(traveller::named::<Shiptheory>(cx.state, number, given)?),
            }
        }
        if let Some(shipment) = cx.state.shelf.get_mut(number) {
            shipment.refusal = refusal;
        }
        if let Some(journey) = journey {
            traveller::change(cx, number, &journey);
        }
        cx.state.keep_shipment(number);
        Ok(())
    }

    fn apply(cx: &mut Cx<'_, Shiptheory>, id: &str, on: &str) -> Operated {
        let shipment = Self::known(cx.state, id)?;
        let (number, on) = (shipment.number, input(&SHIPMENT, &shipment.life, on)?);
        lifecycle::shipment(cx, number, on).map_err(|_| Self::absent(id))?;
        traveller::moved(cx, number);
        cx.state.keep_shipment(number);
        Ok(())
    }
}
