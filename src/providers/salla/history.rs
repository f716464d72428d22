//! A store's past, made up: shipments in every state, without telling anybody; and its last days, which go on.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Map, json};

use crate::frameworks::php::json_encode::Number;
use crate::providers::Cx;
use crate::providers::salla::data::couriers::{COURIERS, Courier};
use crate::providers::salla::data::places::{CITIES, City, country};
use crate::providers::salla::journeys::PLANS;
use crate::providers::salla::machines::{SHIPMENT, ShipmentInput, ShipmentState};
use crate::providers::salla::rules::intake::{self, Draft, branch, nowhere};
use crate::providers::salla::rules::lifecycle;
use crate::providers::salla::state::shipment::{
    End, Extras, Kind, Mark, Money, Package, Payment, Shipment, Source,
};
use crate::providers::salla::{Salla, Timer};
use crate::sim::chance::Draw;
use crate::sim::journey::plan::{Itinerary, Plan, jitter};
use crate::sim::people;

/// Quarters of towns: an address of the national kind names one, and `fake` has none.
#[rustfmt::skip]
const BLOCKS: &[&str] = &["العليا", "الملك فهد", "السلامة", "السلام", "الشاطئ", "السالمية"];

/// Name, stock-keeping unit, price in riyals and halalas, weight in grams.
#[rustfmt::skip]
const GOODS: &[(&str, &str, i64, i64)] = &[
    ("منتج تجريبي", "6ytrrhrhr", 5_000, 1_000), ("عطر عود", "OUD-50", 23_500, 350), ("تمر سكري", "DATE-3", 8_900, 3_000),
    ("قهوة عربية", "COF-1", 4_250, 500), ("سماعة لاسلكية", "HEAD-7", 17_900, 420), ("ثوب رجالي", "THOB-L", 21_000, 800),
    ("Apple Watch", "AW-9", 159_900, 250), ("حقيبة جلدية", "BAG-2", 34_500, 1_200),
];

fn pick<'a, T>(draw: &mut Draw, list: &'a [T]) -> &'a T {
    draw.pick(list).unwrap_or(&list[0])
}

/// Puts a shipment into a store's past and lives its life up to somewhere.
pub fn invent(cx: &mut Cx<'_, Salla>, store: u64, at: Timestamp, end: Timestamp) {
    let mut draw = cx.chance.draw("salla/past");
    let courier: &'static Courier = draw.pick(COURIERS).unwrap_or(&COURIERS[0]);
    let plan =
        draw.weighted(PLANS.iter().map(|plan| plan.weight)).and_then(|place| PLANS.get(place));
    let plan = plan.unwrap_or(&PLANS[0]);
    let draft = draft(cx, store, courier, &mut draw);
    // Half of what nothing happens to was never asked for.
    let start = usize::from(plan.legs.is_empty() && draw.percent(50));
    let legs = if draw.percent(70) {
        plan.legs.len()
    } else {
        draw.below(plan.legs.len() as u64 + 1) as usize
    };
    let id = cx.state.book.free_id(cx.chance);
    let new = intake::shipment(cx, id, at, start, draft);
    cx.state.book.add(new);
    live(cx, id, plan, legs, end);
}

/// Where a plan has brought a shipment after so many legs.
fn after(plan: &Plan, legs: usize) -> ShipmentState {
    let mut life = SHIPMENT.start();
    for on in plan.legs.iter().take(legs).filter_map(|leg| ShipmentInput::of(leg.on)) {
        // A built-in plan is a path in the table.
        let _ = SHIPMENT.step(&mut life, on, Timestamp::UNIX_EPOCH);
    }
    life.state()
}

/// Puts a shipment into a store that stands in a status now: it came there on a journey of its courier's, and goes on.
pub fn invent_lately(cx: &mut Cx<'_, Salla>, store: u64, status: ShipmentState, now: Timestamp) {
    let mut draw = cx.chance.draw("salla/lately");
    let stations: Vec<(&'static Plan, usize)> = PLANS
        .iter()
        .flat_map(|plan| (0..=plan.legs.len()).map(move |legs| (plan, legs)))
        .filter(|(plan, legs)| after(plan, *legs) == status)
        .collect();
    // None leads to what nobody has asked for yet.
    let station = draw.pick(&stations).copied();
    let goes_there = |it: &&Courier| station.is_some_and(|(plan, _)| it.journey == plan.name);
    let couriers: Vec<&'static Courier> = COURIERS.iter().filter(goes_there).collect();
    let courier = draw.pick(&couriers).copied().unwrap_or(&COURIERS[0]);
    let draft = draft(cx, store, courier, &mut draw);
    let mut delays = cx.chance.draw("salla/lately delays");
    let mut coming = VecDeque::new();
    let mut lived = Vec::new();
    if let Some((plan, legs)) = station {
        coming = VecDeque::from(Itinerary::draw(plan, |_| true, &mut delays).stops());
        lived.extend(coming.drain(..legs));
    }
    // Somewhere between the last stop and the next; where there is none, some time of the last day.
    let next = coming.front().map_or(SignedDuration::from_hours(24), |stop| stop.after);
    let since = SignedDuration::from_secs(delays.below(next.as_secs().max(1) as u64) as i64);
    let ago = lived.iter().fold(since, |ago, stop| ago.saturating_add(stop.after));
    let mut at = now.saturating_sub(ago).unwrap_or(now);
    let id = cx.state.book.free_id(cx.chance);
    let start = usize::from(status == ShipmentState::Pending);
    let new = intake::shipment(cx, id, at, start, draft);
    cx.state.book.add(new);
    for stop in &lived {
        at = at.saturating_add(stop.after).unwrap_or(now);
        take(cx, id, &stop.on, at);
    }
    let (Some((plan, _)), Some(stop)) = (station, coming.front_mut()) else { return };
    stop.after = stop.after.saturating_sub(since);
    cx.out.at(now.saturating_add(stop.after).unwrap_or(now), Timer::Journey(id));
    if let Some(shipment) = cx.state.book.get_mut(id) {
        shipment.itinerary = Some(Itinerary::other(plan.name, coming));
    }
}

/// A step of a life that nobody is told of; whether there was one.
fn take(cx: &mut Cx<'_, Salla>, id: u64, on: &str, at: Timestamp) -> bool {
    let Some(on) = ShipmentInput::of(on) else { return false };
    let Some(shipment) = cx.state.book.get_mut(id) else { return false };
    if SHIPMENT.step(&mut shipment.life, on, at).is_err() {
        return false;
    }
    shipment.marks.push(Mark { at, status: shipment.life.state(), note: None });
    lifecycle::adorn(cx, id, on);
    true
}

/// What somebody asks a courier for.
fn draft(cx: &mut Cx<'_, Salla>, store: u64, courier: &'static Courier, draw: &mut Draw) -> Draft {
    let kind = if draw.percent(15) { Kind::Return } else { Kind::Shipment };
    let payment = if draw.percent(45) { Payment::Cod } else { Payment::PrePaid };
    let source = *pick(draw, &[Source::Api, Source::Api, Source::Dashboard, Source::Store]);
    let packages = packages(draw);
    let cash = match payment {
        Payment::Cod => {
            let worth = crate::providers::salla::state::shipment::worth(&packages);
            Money { amount: Number(worth + Decimal::new(15, 0)), currency: "SAR".to_owned() }
        }
        Payment::PrePaid => Money::none("SAR"),
    };
    let customer = customer(draw);
    let merchant = branch(cx.state, store, None).unwrap_or_else(nowhere);
    let (ship_from, ship_to) = match kind {
        Kind::Shipment => (merchant, customer),
        Kind::Return => (customer, merchant),
    };
    let order = draw.between(100_000_000, 2_147_483_646);
    let policy = if draw.percent(30) { json!({ "boxes": draw.between(1, 4) }) } else { json!({}) };
    let app = cx.state.app.id;
    Draft {
        store,
        order_id: Some(order),
        kind,
        courier,
        payment,
        source,
        cash_on_delivery: cash,
        app_id: (source == Source::Api).then_some(app),
        policy_options: policy.as_object().cloned().unwrap_or_else(Map::new),
        ship_from,
        ship_to,
        packages,
        extras: Extras::default(),
        return_of: None,
    }
}

/// Takes so many legs of a journey, as long as they lie before the end.
fn live(cx: &mut Cx<'_, Salla>, id: u64, plan: &Plan, legs: usize, end: Timestamp) {
    let mut draw = cx.chance.draw("salla/past delays");
    let Some(mut at) = cx.state.book.get(id).map(|it: &Shipment| it.created_at) else { return };
    for leg in plan.legs.iter().take(legs) {
        let wait = jitter(SignedDuration::from_mins(i64::from(leg.minutes)), &mut draw);
        at = at.saturating_add(wait).unwrap_or(Timestamp::MAX);
        if at >= end || !take(cx, id, leg.on, at) {
            return;
        }
    }
}

fn packages(draw: &mut Draw) -> Vec<Package> {
    let count = draw.between(1, 3);
    (0..count)
        .map(|_| {
            let (name, sku, halalas, grams) = *pick(draw, GOODS);
            Package {
                item_id: None,
                external_id: None,
                name: name.to_owned(),
                sku: sku.to_owned(),
                price: Money {
                    amount: Number(Decimal::new(halalas, 2)),
                    currency: "SAR".to_owned(),
                },
                quantity: draw.between(1, 3) as u32,
                weight: Number(Decimal::new(grams, 3).normalize()),
            }
        })
        .collect()
}

/// Three of four live in Saudi Arabia.
fn customer(draw: &mut Draw) -> End {
    let saudi = draw.percent(75);
    let near: Vec<&City> = CITIES.iter().filter(|it| (it.country == "SA") == saudi).collect();
    let city: &City = draw.pick(&near).copied().unwrap_or(&CITIES[0]);
    let country = country(city.country);
    let mut place = draw.apart();
    let (street, block) = (people::street(city.country, &mut place), *pick(&mut place, BLOCKS));
    let (number, postal) = (draw.digits(4), draw.digits(5));
    let land = country.map_or("", |it| it.arabic);
    let degree = |base: i64, draw: &mut Draw| {
        Some(Number(Decimal::new(base * 10 + draw.below(2_000) as i64 - 1_000, 5)))
    };
    End {
        name: people::person(city.country, &mut draw.apart()).full_name(),
        email: Some(format!("customer{}@example.com", draw.digits(3))),
        phone: people::mobile(city.country, draw),
        country: Some(land.to_owned()),
        country_id: country.map(|it| it.id),
        country_code: Some(city.country.to_owned()),
        city: Some(city.latin.to_owned()),
        city_id: Some(city.id),
        address_line: format!("{number},{block},{postal}, {street}, {},{land}", city.latin),
        street_number: number,
        block: block.to_owned(),
        postal_code: postal,
        latitude: degree(city.place.0, draw),
        longitude: degree(city.place.1, draw),
        ..nowhere()
    }
}
