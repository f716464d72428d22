//! The generated past: orders of invented customers, packed and handed to carriers in the merchant's name.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::kit::country;
use crate::providers::shipup::resources::payload;
use crate::providers::shipup::rules::upsert;
use crate::providers::shipup::{Shipup, Timer, journeys};
use crate::providers::{Cx, traveller};
use crate::sim::chance::Draw;
use crate::sim::journey::script::Journey;
use crate::sim::people;

/// Where customers live, the merchant's own country first among them.
const COUNTRIES: &[&str] = &["FR", "FR", "FR", "FR", "BE", "DE", "GB", "IT", "PT"];
/// Title, variant, stock-keeping unit.
const GOODS: &[(&str, Option<&str>, &str)] = &[
    ("Linen Shirt", Some("Blue / M"), "SHIRT-BM"),
    ("Leather Belt", None, "BELT-01"),
    ("Ceramic Mug", Some("White"), "MUG-W"),
    ("Desk Lamp", None, "LAMP-02"),
    ("Running Socks", Some("42-44"), "SOCKS-42"),
    ("Notebook", Some("Dotted"), "NOTE-D"),
];
/// What is packed before it is shipped.
const PREPARED: &[&str] = &["preparing_shipment", "preparing_shipment", "in_production", "delayed"];

/// Makes up one order of the history and sends it in; most are packed some hours later.
pub fn invent(cx: &mut Cx<'_, Shipup>, account: u32) {
    let mut draw = cx.chance.draw("shipup/invented order");
    let number = cx.state.book.numbers.order;
    let payload = invent_payload(number, cx.now.as_second(), &mut draw);
    let packs = draw.percent(92);
    let wait = SignedDuration::from_mins(draw.between(120, 2_400) as i64);
    let Value::Object(fields) = payload else { return };
    let order = upsert::order(cx, account, payload::order(&fields));
    // Once the world has begun, nothing is sent in the merchant's name any more.
    let at = cx.now.saturating_add(wait).unwrap_or(cx.now);
    if packs && cx.state.history_ends.is_some_and(|end| at < end) {
        cx.out.after(wait, Timer::Pack(order));
    }
}

fn invent_payload(number: u64, ordered_at: i64, draw: &mut Draw) -> Value {
    let pick =
        |list: &[&'static str], draw: &mut Draw| draw.pick(list).copied().unwrap_or_default();
    let mut given = draw.apart();
    let mut family = draw.apart();
    let mut place = draw.apart();
    let code = pick(COUNTRIES, &mut place);
    let town = people::town_of(code, &mut place);
    let who = people::Person {
        first_name: people::first_name(code, &mut given),
        last_name: people::last_name(code, &mut family),
    };
    let merchant_id = format!("O_{number}");
    let items: Vec<Value> = (1..=draw.between(1, 3))
        .map(|place| {
            let (title, variant, sku) = draw.pick(GOODS).copied().unwrap_or_default();
            json!({
                "merchant_id": format!("{merchant_id}_I{place}"), "title": title, "variant_title": variant,
                "sku": sku, "quantity": draw.between(1, 3),
            })
        })
        .collect();
    let canceled = draw.percent(4);
    let house = draw.between(1, 180);
    let address1 = people::address_line(code, house, &people::street(code, &mut draw.apart()));
    json!({
        "merchant_id": merchant_id,
        "order_number": format!("#{number}"),
        "ordered_at": ordered_at,
        "email": format!("customer{number}@example.com"),
        "first_name": who.first_name,
        "last_name": who.last_name,
        "canceled": canceled,
        "shipping_address": {
            "address1": address1, "city": town.name, "zip": town.postcode,
            "country": country::by_two(code).map(|it| it.name), "country_code": code,
            "first_name": who.first_name, "last_name": who.last_name,
        },
        "fulfillments": [{
            "merchant_id": format!("{merchant_id}_1"), "fulfillment_number": format!("#{number}_1"),
            "status_code": pick(PREPARED, draw), "line_items": items,
        }],
    })
}

/// An order of the history is handed to a carrier, all of it in one parcel, and goes on a journey.
pub fn pack(cx: &mut Cx<'_, Shipup>, order: u64) {
    let mut draw = cx.chance.draw("shipup/invented parcel");
    let Some(known) = cx.state.book.orders.get(&order).filter(|order| !order.is_canceled()) else {
        return;
    };
    let account = known.account;
    let Some(merchant_id) = &known.merchant_id else { return };
    let items: Vec<Value> =
        known.items.iter().map(|item| json!({ "merchant_id": item.merchant_id })).collect();
    let fulfillment = known.fulfillments.first().and_then(|id| cx.state.book.fulfillments.get(id));
    let Some(fulfillment) = fulfillment.and_then(|it| it.merchant_id.clone()) else { return };
    let number = format!("XA{}FR", draw.digits(9));
    let payload = json!({
        "merchant_id": merchant_id,
        "fulfillments": [{
            "merchant_id": fulfillment,
            "trackers": [{ "tracking_number": number, "carrier_code": "colissimo", "line_items": items }],
        }],
    });
    let Value::Object(fields) = payload else { return };
    upsert::order(cx, account, payload::order(&fields));
    let plans = journeys::route().plans;
    let place = draw.weighted(plans.iter().map(|plan| plan.weight)).unwrap_or_default();
    let tracker = cx.state.book.tracker_of(&account.to_string(), &number);
    if let Some((tracker, plan)) = tracker.zip(plans.get(place)) {
        traveller::change(cx, tracker, &Journey::Built(plan));
    }
}
