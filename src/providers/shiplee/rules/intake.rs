//! How an order comes into being: from a request, from a scenario, or made up for the history.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::providers::Cx;
use crate::providers::shiplee::machines::{ORDER, REVERSE_ORDER, ShipmentState};
use crate::providers::shiplee::rules::booking::{self, Booking};
use crate::providers::shiplee::rules::carrier::{Measures, Mode, Payment};
use crate::providers::shiplee::state::order::{
    Billing, Direction, Item, Order, Person, Pins, ReverseOrder,
};
use crate::providers::shiplee::state::wallet::EntryKind;
use crate::providers::shiplee::{Shiplee, Timer, journeys};
use crate::sim::chance::{Chance, Draw};
use crate::sim::journey::plan::Plan;
use crate::sim::people;

/// What an order says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The seller's own reference.
    pub reference: String,
    /// Who pays when.
    pub payment: Payment,
    /// Where it goes.
    pub customer: Person,
    /// Who is billed, if it is somebody else.
    pub billing: Option<Billing>,
    pub items: Vec<Item>,
    /// What it is packed in.
    pub parcels: Vec<Measures>,
}

/// An order that nobody has numbered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    pub seller: u64,
    /// What it says.
    pub draft: Draft,
    /// The numbers its bookings get.
    pub pins: Pins,
}

/// Makes up the stock-keeping units that were left out: documentation, "products[] item".
fn name_items(items: &mut [Item], chance: &mut Chance) {
    for item in items.iter_mut().filter(|item| item.sku.is_empty()) {
        item.sku = format!("SKU-{}", hexadecimal(&mut chance.draw("shiplee/sku"), 8));
    }
}

/// Capital hexadecimal digits.
fn hexadecimal(draw: &mut Draw, length: usize) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    (0..length).map(|_| char::from(DIGITS[draw.below(16) as usize])).collect()
}

/// Writes an order down under a number that is free.
pub fn add(cx: &mut Cx<'_, Shiplee>, id: u64, created_at: Timestamp, intake: Intake) {
    let Intake { seller, mut draft, pins } = intake;
    name_items(&mut draft.items, cx.chance);
    cx.state.book.add_order(Order {
        id,
        seller,
        created_at,
        reference: draft.reference,
        payment: draft.payment,
        customer: draft.customer,
        billing: draft.billing,
        items: draft.items,
        parcels: draft.parcels,
        life: ORDER.start(),
        awb: None,
        pins,
    });
}

/// Numbers an order and writes it down.
pub fn place(cx: &mut Cx<'_, Shiplee>, intake: Intake) -> u64 {
    let id = cx.state.book.order_number();
    add(cx, id, cx.now, intake);
    id
}

/// A reverse order that nobody has numbered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// The order it brings back.
    pub order: u64,
    pub reason: String,
    /// Where it goes.
    pub warehouse: u64,
    /// Who pays when.
    pub payment: Payment,
    /// Whether it is insured.
    pub insurance: bool,
    /// Where it is fetched.
    pub customer: Person,
    pub items: Vec<Item>,
    /// What it is packed in.
    pub parcel: Measures,
}

/// Numbers a reverse order and writes it down; `None` when its order is not there or has no parcel.
pub fn place_return(cx: &mut Cx<'_, Shiplee>, mut intake: Return) -> Option<u64> {
    let usual = cx.state.book.reverse_number();
    let order = cx.state.book.order_mut(intake.order)?;
    let (seller, awb_number) = (order.seller, order.awb.clone()?);
    // The pinned numbers go to an order's first return, and are given once.
    let mut pins = std::mem::take(&mut order.pins);
    order.pins =
        Pins { awb: pins.awb.take(), shipment_id: pins.shipment_id.take(), ..Pins::default() };
    let id = pins.reverse_id.filter(|id| cx.state.book.reverse(*id).is_none()).unwrap_or(usual);
    let number = match pins.reverse_number.take() {
        Some(number) if !cx.state.book.has_reverse_number(&number) => number,
        _ => reverse_number(cx),
    };
    name_items(&mut intake.items, cx.chance);
    cx.state.book.add_reverse(ReverseOrder {
        id,
        number,
        seller,
        created_at: cx.now,
        order: intake.order,
        awb_number,
        reason: intake.reason,
        warehouse: intake.warehouse,
        payment: intake.payment,
        insurance: intake.insurance,
        customer: intake.customer,
        items: intake.items,
        parcel: intake.parcel,
        life: REVERSE_ORDER.start(),
        awb: None,
        pins: Pins {
            awb: pins.reverse_awb.take(),
            shipment_id: pins.reverse_shipment_id.take(),
            ..Pins::default()
        },
    });
    Some(id)
}

/// A printed number that is free: five hexadecimal digits, more only when these run short.
fn reverse_number(cx: &mut Cx<'_, Shiplee>) -> String {
    let mut draw = cx.chance.draw("shiplee/reverse number");
    let mut length = 5;
    loop {
        for _ in 0..16 {
            let number = format!("RO-{}", hexadecimal(&mut draw, length));
            if !cx.state.book.has_reverse_number(&number) {
                return number;
            }
        }
        length += 1;
    }
}

/// Where customers live.
const INDIA: &str = "IN";

/// What the customers of the history buy: product, price, grams.
const GOODS: &[(&str, i64, i64)] = &[
    ("Cotton Kurta", 799, 350),
    ("Steel Water Bottle", 549, 420),
    ("Running Shoes", 2_199, 900),
    ("Bluetooth Earbuds", 1_499, 180),
    ("Pressure Cooker", 2_450, 2_600),
    ("Yoga Mat", 899, 1_200),
];
/// Why they send it back.
const REASONS: &[&str] =
    &["Wrong size", "Damaged on arrival", "Not as described", "Changed my mind"];

/// What a wallet is filled up to in the history, and when.
const LOW: i64 = 1_500;
const RECHARGE: i64 = 3_000;

/// Makes up one order of the history, books it, and sends it on its way.
pub fn invent(cx: &mut Cx<'_, Shiplee>, seller: u64) {
    let mut draw = cx.chance.draw("shiplee/invented order");
    let Some(warehouse) = cx.state.warehouses.values().find(|it| it.seller == seller) else {
        return;
    };
    let warehouse = warehouse.id;
    let draft = invent_draft(cx.state.book.order_number(), &mut draw);
    let books = draw.percent(90);
    let plan = weighted(Direction::Forward, &mut draw);
    let mode = if draw.percent(55) { Mode::Express } else { Mode::Surface };
    let returns = draw.percent(40);
    let id = place(cx, Intake { seller, draft, pins: Pins::default() });
    if !books {
        return;
    }
    fill_up(cx, seller);
    let booking = Booking { direction: Direction::Forward, order: id, warehouse };
    if booking::commit_history(cx, booking, mode, plan) && returns && plan.name == journeys::USUAL {
        let wait = SignedDuration::from_hours(24 * draw.between(4, 9) as i64);
        // Once the world has begun, nothing is booked in a seller's name any more.
        let at = cx.now.saturating_add(wait).unwrap_or(cx.now);
        if cx.state.history_ends.is_some_and(|end| at < end) {
            cx.out.after(wait, Timer::Return(id));
        }
    }
}

fn fill_up(cx: &mut Cx<'_, Shiplee>, seller: u64) {
    if let Some(seller) = cx.state.sellers.get_mut(&seller)
        && seller.wallet.balance() < Decimal::from(LOW)
    {
        seller.wallet.enter(cx.now, EntryKind::Recharge, Decimal::from(RECHARGE), None);
    }
}

fn weighted(direction: Direction, draw: &mut Draw) -> &'static Plan {
    let plans = journeys::route(direction).plans;
    let place = draw.weighted(plans.iter().map(|plan| plan.weight)).unwrap_or_default();
    plans.get(place).unwrap_or(&plans[0])
}

fn invent_draft(number: u64, draw: &mut Draw) -> Draft {
    let town = people::town_of(INDIA, draw);
    let who = people::Person {
        first_name: people::first_name(INDIA, &mut draw.apart()),
        last_name: people::last_name(INDIA, &mut draw.apart()),
    };
    let (product, price, grams) = draw.pick(GOODS).copied().unwrap_or_default();
    let quantity = if draw.percent(15) { 2 } else { 1 };
    let side = |draw: &mut Draw| Decimal::from(draw.between(8, 30));
    let house = draw.between(1, 220);
    let address1 = people::address_line(INDIA, house, &people::street(INDIA, &mut draw.apart()));
    Draft {
        reference: format!("ORD-{number}"),
        payment: if draw.percent(40) { Payment::Cod } else { Payment::Prepaid },
        customer: Person {
            name: who.full_name(),
            mobile: people::mobile(INDIA, draw),
            email: Some(who.email()),
            address1,
            pincode: town.postcode.to_owned(),
            city: town.name.to_owned(),
            state: town.region.to_owned(),
            ..Person::default()
        },
        billing: None,
        items: vec![Item {
            name: product.to_owned(),
            quantity,
            price: Decimal::from(price),
            sku: String::new(),
        }],
        parcels: vec![Measures {
            length: side(draw),
            breadth: side(draw),
            height: side(draw),
            weight: Decimal::new(grams * i64::from(quantity), 3),
        }],
    }
}

/// A customer of the history sends an order back, if it was delivered.
pub fn send_back(cx: &mut Cx<'_, Shiplee>, order: u64) {
    let mut draw = cx.chance.draw("shiplee/invented return");
    let Some(known) = cx.state.book.order(order) else { return };
    let parcel = known.awb.as_deref().and_then(|awb| cx.state.book.number_of(awb));
    let parcel = parcel.and_then(|number| cx.state.book.shipment(number));
    let Some(shipment) = parcel.filter(|it| it.life.state() == ShipmentState::Delivered) else {
        return;
    };
    let (seller, warehouse) = (known.seller, shipment.warehouse);
    let Some(measures) = known.parcels.first().copied() else { return };
    let intake = Return {
        order,
        reason: draw.pick(REASONS).copied().unwrap_or_default().to_owned(),
        warehouse,
        payment: Payment::Prepaid,
        insurance: false,
        customer: known.customer.clone(),
        items: known.items.clone(),
        parcel: measures,
    };
    let plan = weighted(Direction::Reverse, &mut draw);
    let books = draw.percent(85);
    let Some(id) = place_return(cx, intake).filter(|_| books) else { return };
    fill_up(cx, seller);
    let booking = Booking { direction: Direction::Reverse, order: id, warehouse };
    booking::commit_history(cx, booking, Mode::Surface, plan);
}
