//! Shiplee seen from inside: its entities, what they are doing, what they can do next.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value, json};

use crate::frameworks::php::json_encode::Number;
use crate::providers::shiplee::data::postal;
use crate::providers::shiplee::kinds::ENTITIES;
use crate::providers::shiplee::rules::carrier::{self, carrier_id};
use crate::providers::shiplee::state::accounts::{Seller, Warehouse};
use crate::providers::shiplee::state::order::{Direction, Order, ReverseOrder, Scan, Shipment};
use crate::providers::shiplee::{Shiplee, State, Timer, journeys};
use crate::providers::{Detail, Entity, Inspect, Magic, Presets, Rows};

impl State {
    /// A seller by id, user name or Shiplee id.
    pub fn seller(&self, id: &str) -> Option<&Seller> {
        let number = id.parse().ok();
        self.sellers.values().find(|seller| Some(seller.id) == number || seller.is_called(id))
    }

    /// A reverse order by its numeric id or its printed number.
    pub fn reverse_order(&self, id: &str) -> Option<&ReverseOrder> {
        match id.parse() {
            Ok(number) => self.book.reverse(number),
            Err(_) => self.book.reverse_orders().find(|order| order.number == id),
        }
    }

    /// A parcel by its waybill, with its number inside.
    pub fn parcel(&self, awb: &str) -> Option<(u64, &Shipment)> {
        let number = self.book.number_of(awb)?;
        Some((number, self.book.shipment(number)?))
    }
}

/// Sellers by id.
pub fn sellers(state: &State) -> Rows<'_> {
    Box::new(state.sellers.keys().map(|id| (id.to_string(), None)))
}

/// How many sellers there are.
pub fn count_sellers(state: &State) -> usize {
    state.sellers.len()
}

/// A seller by id, user name or Shiplee id.
pub fn seller(state: &State, id: &str) -> Option<Detail> {
    state.seller(id).map(|seller| Detail::computed(None, seller_data(seller)))
}

/// Warehouses by id.
pub fn warehouses(state: &State) -> Rows<'_> {
    let warehouses = state.warehouses.values();
    Box::new(warehouses.map(|it| (it.id.to_string(), Some(it.life.state().word()))))
}

/// How many warehouses there are.
pub fn count_warehouses(state: &State) -> usize {
    state.warehouses.len()
}

/// A warehouse by its id.
pub fn warehouse(state: &State, id: &str) -> Option<Detail> {
    let warehouse = state.warehouses.get(&id.parse().ok()?)?;
    Some(Detail::of(&warehouse.life, warehouse_data(warehouse)))
}

/// Orders by number.
pub fn orders(state: &State) -> Rows<'_> {
    Box::new(state.book.orders().map(|it| (it.id.to_string(), Some(it.life.state().word()))))
}

/// How many orders there are.
pub fn count_orders(state: &State) -> usize {
    state.book.orders().len()
}

/// An order by its number.
pub fn order(state: &State, id: &str) -> Option<Detail> {
    let order = state.book.order(id.parse().ok()?)?;
    Some(Detail::of(&order.life, order_data(order)))
}

/// Reverse orders by the numeric id that no answer tells.
pub fn reverse_orders(state: &State) -> Rows<'_> {
    let orders = state.book.reverse_orders();
    Box::new(orders.map(|it| (it.id.to_string(), Some(it.life.state().word()))))
}

/// How many reverse orders there are.
pub fn count_reverse_orders(state: &State) -> usize {
    state.book.reverse_orders().len()
}

/// A reverse order by its numeric id or its printed number.
pub fn reverse_order(state: &State, id: &str) -> Option<Detail> {
    let order = state.reverse_order(id)?;
    Some(Detail::of(&order.life, reverse_data(order)))
}

/// Parcels by waybill.
pub fn shipments(state: &State) -> Rows<'_> {
    Box::new(state.book.shipments().map(|it| (it.awb.clone(), Some(it.life.state().word()))))
}

/// How many parcels there are.
pub fn count_shipments(state: &State) -> usize {
    state.book.shipments().len()
}

/// A parcel by its waybill.
pub fn shipment(state: &State, id: &str) -> Option<Detail> {
    let (_, shipment) = state.parcel(id)?;
    Some(Detail::of(&shipment.life, shipment_data(shipment)))
}

fn seller_data(seller: &Seller) -> Value {
    json!({
        "id": seller.id,
        "username": seller.email,
        "shiplee_id": seller.shiplee_id,
        "api_key": seller.api_key,
        "plan": seller.plan,
        "wallet": Number(seller.wallet.balance()),
        "allowed_ips": seller.allowed_ips,
        "allowed_domains": seller.allowed_domains,
        "next_answers": seller.next_answers,
        "ledger": seller.wallet.entries(),
    })
}

fn warehouse_data(warehouse: &Warehouse) -> Value {
    json!({
        "id": warehouse.id,
        "seller": warehouse.seller,
        "nickname": warehouse.nickname,
        "mobile": warehouse.mobile,
        "address1": warehouse.address1,
        "pincode": warehouse.pincode,
        "city": warehouse.city,
        "state": warehouse.state,
        "address_type": warehouse.address_type,
        "delhivery_warehouse_name": warehouse.delhivery_name,
        "registration_failures": warehouse.registration_failures,
    })
}

fn order_data(order: &Order) -> Value {
    json!({
        "id": order.id,
        "seller": order.seller,
        "created_at": order.created_at,
        "reference": order.reference,
        "payment": order.payment,
        "customer": order.customer,
        "billing": order.billing,
        "products": order.items,
        "parcels": order.parcels,
        "awb": order.awb,
    })
}

fn reverse_data(order: &ReverseOrder) -> Value {
    json!({
        "id": order.id,
        "reverse_order_id": order.number,
        "seller": order.seller,
        "created_at": order.created_at,
        "order": order.order,
        "awb_number": order.awb_number,
        "reason": order.reason,
        "warehouse": order.warehouse,
        "payment": order.payment,
        "insurance": order.insurance,
        "customer": order.customer,
        "products": order.items,
        "parcel": order.parcel,
        "awb": order.awb,
    })
}

fn shipment_data(shipment: &Shipment) -> Value {
    let (kind, status) = carrier::printed(shipment.life.state());
    json!({
        "awb": shipment.awb,
        "shipment_id": shipment.shipment_id,
        "direction": shipment.direction,
        "seller": shipment.seller,
        "order": shipment.order,
        "warehouse": shipment.warehouse,
        "carrier_id": carrier_id(shipment.mode, shipment.payment),
        "carrier_name": shipment.mode.carrier_name(),
        "zone": shipment.zone,
        "chargeable_grams": shipment.grams,
        "cost": Number(shipment.cost()),
        "freight_charges": Number(shipment.freight),
        "cod_charges": Number(shipment.cod),
        "created_at": shipment.created_at,
        "status_type": kind,
        "status": status,
        "scans": shipment.scans.iter().map(scan_data).collect::<Vec<_>>(),
        "journey": shipment.itinerary.as_ref().map(|itinerary| &itinerary.journey),
        "stops": shipment.itinerary.as_ref().map(|itinerary| &itinerary.stops),
    })
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

fn magic() -> Vec<Magic> {
    let entry = |field: &str, value: String, effect: String| Magic {
        field: field.to_owned(),
        value,
        effect,
    };
    let mut all = Vec::new();
    for (direction, field) in
        [(Direction::Forward, "mobileNumber"), (Direction::Reverse, "customer.mobile")]
    {
        let journeys = journeys::magic(direction);
        all.extend(journeys.map(|(number, plan)| {
            entry(field, number, format!("journey {}: {}", plan.name, plan.summary))
        }));
    }
    let refused = |why: &str| format!("the carrier refuses the booking: {why}");
    all.extend(
        carrier::magic().map(|(pincode, answer)| entry("pincode", pincode, refused(answer.word()))),
    );
    all.push(entry("pincode", postal::UNSERVED.to_owned(), refused("unserviceable_pincode")));
    let suspicious = carrier::SUSPICIOUS_MOBILE.to_owned();
    all.push(entry("mobileNumber", suspicious, refused("suspicious_consignee")));
    all
}

impl Inspect for Shiplee {
    const ENTITIES: &'static [Entity<Self>] = ENTITIES;

    /// What a promise is about: the parcel that gets the next input of its journey.
    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let Timer::Journey(number) = timer else { return None };
        let parcel = state.book.shipment(number)?;
        let stop = parcel.itinerary.as_ref()?.stops.front()?;
        Some((stop.kind.clone(), parcel.awb.clone(), stop.on.clone()))
    }

    fn presets(state: &State) -> Presets {
        let mut presets = Presets::default();
        for seller in state.sellers.values() {
            let named = |what: &str| match seller.name.as_str() {
                "" => what.to_owned(),
                name => format!("{name}_{what}"),
            };
            for (what, value) in [
                ("username", &seller.email),
                ("api_key", &seller.api_key),
                ("shiplee_id", &seller.shiplee_id),
            ] {
                presets.credentials.insert(named(what), json!(value));
            }
        }
        let main = state.sellers.values().find(|seller| seller.name.is_empty());
        if let Some(main) = main.or_else(|| state.sellers.values().next()) {
            let warehouse = state.warehouses.values().find(|it| it.seller == main.id);
            let own = || state.book.orders().rev().filter(|order| order.seller == main.id);
            let unbooked = own().find(|order| order.awb.is_none());
            let parcel = state.book.shipments().rev().find(|it| it.seller == main.id);
            let reverse = state.book.reverse_orders().rev().find(|it| it.seller == main.id);
            presets.ids = [
                ("seller", Some(json!(main.id))),
                ("warehouse", warehouse.map(|it| json!(it.id))),
                ("order", unbooked.map(|it| json!(it.id))),
                ("booked_order", own().find(|order| order.awb.is_some()).map(|it| json!(it.id))),
                ("reverse_order", reverse.map(|it| json!(it.id))),
                ("shipment", parcel.map(|it| json!(it.awb))),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        }
        presets.magic = magic();
        presets.magic.extend(state.atlas.magic(&journeys::GROUND));
        presets
    }
}
