//! Shipments, the booked parcels, as an entity of the control API.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value, json};

use crate::frameworks::php::json_encode::Number;
use crate::providers::kind::input;
use crate::providers::shiplee::machines::SHIPMENT;
use crate::providers::shiplee::rules::carrier::{self, carrier_id};
use crate::providers::shiplee::rules::lifecycle;
use crate::providers::shiplee::state::order::{Scan, Shipment};
use crate::providers::shiplee::{Shiplee, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing, traveller};
use crate::sim::journey::plan::Itinerary;

/// Parcels, by their waybills.
pub struct Shipments;

impl Kind for Shipments {
    type Of = Shiplee;
    /// With its number.
    type Entity<'a> = (u64, &'a Shipment);

    const WORD: &'static str = "shipment";
    const SETTABLE: &'static [&'static str] = &["journey"];

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        (0..).zip(state.book.shipments()).map(|(number, it)| (it.awb.clone(), (number, it)))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let number = state.book.number_of(id)?;
        Some((number, state.book.shipment(number)?))
    }

    fn standing<'a>(_: &'a State, (_, parcel): Self::Entity<'a>) -> Standing<'a> {
        (&parcel.life).into()
    }

    fn data(_: &State, (_, parcel): Self::Entity<'_>) -> Value {
        let (kind, status) = carrier::printed(parcel.life.state());
        json!({
            "awb": parcel.awb,
            "shipment_id": parcel.shipment_id,
            "direction": parcel.direction,
            "seller": parcel.seller,
            "order": parcel.order,
            "warehouse": parcel.warehouse,
            "carrier_id": carrier_id(parcel.mode, parcel.payment),
            "carrier_name": parcel.mode.carrier_name(),
            "zone": parcel.zone,
            "chargeable_grams": parcel.grams,
            "cost": Number(parcel.cost()),
            "freight_charges": Number(parcel.freight),
            "cod_charges": Number(parcel.cod),
            "created_at": parcel.created_at,
            "status_type": kind,
            "status": status,
            "scans": parcel.scans.iter().map(scan_data).collect::<Vec<_>>(),
            "journey": parcel.itinerary.as_ref().map(Itinerary::journey),
            "stops": parcel.itinerary.as_ref().map(Itinerary::stops),
        })
    }

    fn patch(cx: &mut Cx<'_, Shiplee>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let (number, _) = Self::known(cx.state, id)?;
        for given in fields {
            let journey = traveller::named::<Shiplee>(cx.state, number, given)?;
            traveller::change(cx, number, &journey);
        }
        Ok(())
    }

    fn apply(cx: &mut Cx<'_, Shiplee>, id: &str, on: &str) -> Operated {
        let (number, parcel) = Self::known(cx.state, id)?;
        let on = input(&SHIPMENT, &parcel.life, on)?;
        lifecycle::shipment(cx, number, on).map_err(|_| Self::absent(id))?;
        traveller::moved(cx, number);
        Ok(())
    }
}

/// A scan in the carrier's words; its clock is India's and does not say so.
fn scan_data(scan: &Scan) -> Value {
    json!({
        "ScanDateTime": local(scan.at),
        "ScanType": scan.kind,
        "Scan": scan.status,
        "StatusCode": scan.code,
        "Instructions": scan.instructions,
    })
}

/// Half past five hours east of Greenwich.
const INDIA: i32 = 19_800;

/// To the millisecond, as the carrier has it.
fn local(at: Timestamp) -> String {
    let whole = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    Offset::from_seconds(INDIA).unwrap_or(Offset::UTC).to_datetime(whole).to_string()
}
