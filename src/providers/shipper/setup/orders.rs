//! Orders a scenario spells out, with a past of their own: absolute dates, whatever the clock says.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kit::mistake::Mistake;
use crate::providers::Cx;
use crate::providers::setup::unless_there;
use crate::providers::shipper::machines::{
    CONTACT, ContactInput, ContactState, PAYMENT, PaymentInput, SHIPMENT, ShipmentInput,
    ShipmentState,
};
use crate::providers::shipper::rules::{money, parcel};
use crate::providers::shipper::setup::soundness::within;
use crate::providers::shipper::state::address::{Address, Recipient};
use crate::providers::shipper::state::order::{
    Confirmation, Line, Log, LogStatus, Order, Shipment, Tracking,
};
use crate::providers::shipper::webhooks::whole_second;
use crate::providers::shipper::{Shipper, journeys};
use crate::providers::soundness::check_id;
use crate::sim::machine::{Machine, Tracked, Word};

/// An order of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShipperOrder")]
pub struct OrderSetup {
    /// Its id; the next free one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// When it came; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// The shop it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_name: Option<String>,
    /// Whether the customer pays at the door.
    #[serde(default = "crate::providers::setup::yes")]
    pub is_cod: bool,
    /// The retailer's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_order_id: Option<String>,
    /// Where the retailer finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_order_url: Option<String>,
    /// The recipient.
    pub address: AddressSetup,
    /// What was ordered.
    pub items: Vec<ItemSetup>,
    /// What the customer pays for shipping.
    #[serde(default, with = "rust_decimal::serde::str")]
    #[schemars(with = "String")]
    pub shipping_total: Decimal,
    /// `none`, `external` or `internal`.
    #[serde(default = "nobody")]
    pub confirmation: Confirmation,
    /// What happened to its contact task.
    #[serde(default)]
    pub contact: Vec<Happened>,
    /// Its shipments; none for a draft.
    #[serde(default)]
    pub shipments: Vec<ShipmentSetup>,
}

fn nobody() -> Confirmation {
    Confirmation::None
}

/// A recipient of a scenario, as it shall read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AddressSetup {
    /// The first word of the name.
    pub first_name: String,
    /// The rest of the name.
    pub last_name: String,
    /// International form.
    pub phone1: String,
    /// International form, or empty.
    pub phone2: String,
    /// The street.
    pub address1: String,
    /// More of the street.
    pub address2: String,
    /// A level-1 division.
    pub division_1: Option<String>,
    /// A level-2 division.
    pub division_2: Option<String>,
    /// TN, DZ or MA.
    pub country: String,
}

/// A line of a scenario's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemSetup {
    /// The product's sequential id.
    pub product: u64,
    /// How many.
    #[serde(default = "one")]
    pub quantity: u32,
    /// What the customer pays for the line; price times quantity when missing.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::str_option"
    )]
    #[schemars(with = "Option<String>")]
    pub total: Option<Decimal>,
}

fn one() -> u32 {
    1
}

/// A shipment of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShipmentSetup {
    /// Its UUID; drawn from the seed when missing.
    pub uuid: Option<Uuid>,
    /// What happened to it, oldest first.
    pub life: Vec<Happened>,
    /// What happened to its money, oldest first.
    pub payment: Vec<Happened>,
    /// Its parcels.
    pub tracking: Vec<TrackingSetup>,
}

/// An input and when it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Happened {
    /// The input.
    pub on: String,
    /// When.
    pub at: Timestamp,
}

/// A parcel of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackingSetup {
    /// The carrier's number.
    pub number: String,
    /// What was reported.
    #[serde(default)]
    pub logs: Vec<LogSetup>,
}

/// A report of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogSetup {
    /// What was reported.
    pub status: LogStatus,
    /// When Shipper learnt of it.
    pub created_at: Timestamp,
    /// When it happened, by the carrier's clock, which has no zone.
    pub external_timestamp: DateTime,
}

/// The inputs of a recorded past, with when each came and where the scenario says so.
fn past<I: Word>(past: &[Happened], place: &str) -> Result<Vec<(I, Timestamp, String)>, Mistake> {
    let read = |(at, happened): (usize, &Happened)| {
        let place = format!("{place}[{at}].on");
        match I::of_text(&happened.on) {
            Some(on) => Ok((on, happened.at, place)),
            None => {
                let known: Vec<&str> = I::ALL.iter().map(|input| input.text()).collect();
                let problem = format!("`{}` is none of {}", happened.on, known.join(", "));
                Err(Mistake::new(place, problem))
            }
        }
    };
    past.iter().enumerate().map(read).collect()
}

/// Moves what lives a recorded past, at the place that says so.
fn step<S: Word, I: Word>(
    machine: &Machine<S, I>,
    life: &mut Tracked<S, I>,
    guard: Option<String>,
    (on, at, place): (I, Timestamp, String),
) -> Result<(), Mistake> {
    let illegal = machine.allows(life.state(), on).then_some(guard).flatten();
    if let Some(because) = illegal {
        let problem = format!("`{}` is not possible: {because}", on.text());
        return Err(Mistake::new(place, problem));
    }
    let stepped = machine.step(life, on, at).map(drop);
    stepped.map_err(|illegal| Mistake::new(place, illegal.to_string()))
}

/// Lives the recorded past of a shipment and of its money, side by side: what a step of the shipment causes in its money
/// follows by itself, unless the scenario says when.
fn live(
    built: &mut Shipment,
    setup: &ShipmentSetup,
    place: &str,
    shipping: Decimal,
    country: &str,
) -> Result<(), Mistake> {
    let mut money =
        past::<PaymentInput>(&setup.payment, &format!("{place}.payment"))?.into_iter().peekable();
    let told: Vec<PaymentInput> = money.clone().map(|(on, ..)| on).collect();
    let pay = |built: &mut Shipment, happened: (PaymentInput, Timestamp, String)| {
        let on = happened.0;
        let guard = parcel::payment_guard(built.life.state(), on);
        step(&PAYMENT, &mut built.payment, guard, happened)?;
        money::follow_payment(built, on);
        Ok::<_, Mistake>(())
    };
    for happened in past::<ShipmentInput>(&setup.life, &format!("{place}.life"))? {
        let (on, at) = (happened.0, happened.1);
        while let Some(earlier) = money.next_if(|(_, when, _)| *when < at) {
            pay(built, earlier)?;
        }
        let guard = parcel::shipment_guard(built, on);
        step(&SHIPMENT, &mut built.life, guard, happened)?;
        let back = parcel::coming_back(&built.lines, on);
        built.lines.iter_mut().zip(back).for_each(|(line, back)| line.back += back);
        built.on_hold = on == ShipmentInput::Hold;
        money::follow_shipment(built, on, shipping, country);
        for effect in journeys::MAP.effects_of(SHIPMENT.name, on.word()) {
            let (kind, then) = effect.then;
            let follows =
                PaymentInput::of(then).filter(|it| kind == PAYMENT.name && !told.contains(it));
            if let Some(on) = follows.filter(|on| PAYMENT.allows(built.payment.state(), *on)) {
                pay(built, (on, at, place.to_owned()))?;
            }
        }
    }
    money.try_for_each(|happened| pay(built, happened))
}

/// Adds a scenario's order to an organization's book.
///
/// # Errors
/// The place and the mistake, when the past is not one the tables allow.
pub fn add(
    cx: &mut Cx<'_, Shipper>,
    organization: u32,
    setup: &OrderSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let owner = cx
        .state
        .accounts
        .organizations
        .get_mut(&organization)
        .expect("an organization's orders are added after itself");
    let id = setup.id.unwrap_or_else(|| owner.book.next_id());
    check_id(id).map_err(|problem| Mistake::new("id", problem))?;
    unless_there(owner.book.get(id).is_some(), "id", format_args!("an order {id}"))?;
    let mut lines = Vec::with_capacity(setup.items.len());
    for (place, item) in setup.items.iter().enumerate() {
        let product = owner.catalogue.by_id(item.product).ok_or_else(|| {
            let problem = format!("there is no product {}", item.product);
            Mistake::new("product", problem).within("items", place)
        })?;
        let usual = product.price * Decimal::from(item.quantity);
        let total = within(item.total.unwrap_or(usual))
            .map_err(|problem| Mistake::new("total", problem).within("items", place))?;
        let (quantity, cost) = (item.quantity, product.cost);
        lines.push(Line { product: product.id, variant: None, quantity, total, cost, back: 0 });
    }
    let supplier = |line: &Line| owner.catalogue.by_id(line.product).map(|it| it.supplier.clone());
    let supplier = lines.first().and_then(supplier).unwrap_or_default();
    within(setup.shipping_total).map_err(|problem| Mistake::new("shipping_total", problem))?;
    let country = owner.country.clone();
    let mut contact = None;
    if setup.confirmation != Confirmation::None && !setup.shipments.is_empty() {
        let mut life = CONTACT.start();
        for happened in past::<ContactInput>(&setup.contact, "contact")? {
            step(&CONTACT, &mut life, None, happened)?;
        }
        contact = Some(life);
    }
    let waits = contact.as_ref().is_some_and(|task| task.state() != ContactState::Called);
    let mut shipments = Vec::with_capacity(setup.shipments.len());
    for (place, shipment) in setup.shipments.iter().enumerate() {
        let first = place == 0;
        let shipping = if first { setup.shipping_total } else { Decimal::ZERO };
        let (is_cod, confirmation) = (setup.is_cod, setup.confirmation);
        let mut built = Shipment {
            uuid: shipment.uuid.unwrap_or_else(|| cx.chance.draw("shipper/shipment").uuid()),
            life: SHIPMENT.start_at(usize::from(waits)),
            payment: PAYMENT.start_at(usize::from(!is_cod)),
            supplier: supplier.clone(),
            lines: if first { lines.clone() } else { Vec::new() },
            tracking: shipment.tracking.iter().map(tracking).collect(),
            on_hold: false,
            failure: None,
            transactions: if first {
                money::expected(&lines, shipping, is_cod, confirmation, false, &country)
            } else {
                Vec::new()
            },
        };
        let inner = format!("shipments[{place}]");
        live(&mut built, shipment, &inner, shipping, &country)?;
        // A call that was closed without a word has taken the shipment with it.
        let closed = contact.as_ref().filter(|task| CONTACT.ended(task.state()));
        let closed = closed.and_then(|task| task.history().last()).map(|passage| passage.at);
        if let Some(at) =
            closed.filter(|_| built.life.state() == ShipmentState::AwaitingConfirmation)
        {
            let taken_back = Happened { on: ShipmentInput::Cancel.word().to_owned(), at };
            let rest = ShipmentSetup { life: vec![taken_back], ..ShipmentSetup::default() };
            live(&mut built, &rest, &inner, shipping, &country)?;
        }
        shipments.push(built);
    }
    for line in &mut lines {
        line.cost = Decimal::ZERO;
    }
    let address = setup.address.clone();
    let mut order = Order {
        id,
        created_at: setup.created_at.unwrap_or(whole_second(start)),
        store_name: setup.store_name.as_deref().map(Into::into),
        is_cod: setup.is_cod,
        external_order_id: setup.external_order_id.as_deref().map(Into::into),
        external_order_url: setup.external_order_url.as_deref().map(Into::into),
        address: Address::from(&Recipient {
            first_name: address.first_name.into(),
            last_name: address.last_name.into(),
            phone1: address.phone1.into(),
            phone2: address.phone2.into(),
            address1: address.address1.into(),
            address2: address.address2.into(),
            division_1: address.division_1.map(Into::into),
            division_2: address.division_2.map(Into::into),
            country: address.country.into(),
        }),
        lines,
        shipping_total: setup.shipping_total,
        confirmation: setup.confirmation,
        contact,
        shipments,
        announced: None,
        itinerary: None,
    };
    order.announced = order.status();
    owner.book.add(order);
    Ok(())
}

fn tracking(setup: &TrackingSetup) -> Tracking {
    let log = |log: &LogSetup| Log {
        status: log.status,
        created_at: log.created_at,
        external_timestamp: log
            .external_timestamp
            .to_zoned(TimeZone::UTC)
            .map_or(log.created_at, |zoned| zoned.timestamp()),
    };
    Tracking {
        number: setup.number.clone(),
        logs: setup.logs.iter().map(log).collect(),
        late: Vec::new(),
    }
}
