//! How a shipment comes into being: from a request, as a return, or, in `past`, made up.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::frameworks::php::json_encode::Number;
use crate::providers::salla::data::couriers::{self, Courier};
use crate::providers::salla::machines::{SHIPMENT, ShipmentState};
use crate::providers::salla::rules::lifecycle;
use crate::providers::salla::state::shipment::{
    Billing, End, EndKind, Extras, Kind, Mark, Money, NO_NUMBER, Package, Payment, Shipment,
    Source, worth,
};
use crate::providers::salla::{Salla, State, journeys};
use crate::providers::{Choosing, Cx, traveller};
use crate::sim::journey::script::Journey;

/// What somebody wants sent.
#[derive(Debug, Clone)]
pub struct Draft {
    pub store: u64,
    /// The order it is for.
    pub order_id: Option<u64>,
    /// Which way it goes.
    pub kind: Kind,
    pub courier: &'static Courier,
    /// Who pays when.
    pub payment: Payment,
    /// Where it was asked for.
    pub source: Source,
    /// What is to be collected at the door.
    pub cash_on_delivery: Money,
    pub app_id: Option<u64>,
    /// What the store's policy asks of it.
    pub policy_options: Map<String, Value>,
    pub ship_from: End,
    pub ship_to: End,
    pub packages: Vec<Package>,
    pub extras: Extras,
    /// The shipment that it brings back.
    pub return_of: Option<u64>,
}

impl State {
    /// The number a merchant sees an order by: that of its other shipments, else a new one.
    pub fn reference_of(&self, store: u64, order: u64) -> Option<u64> {
        let known = self.book.of_store(store).find(|it| it.order_id == Some(order));
        known.and_then(|it| it.order_reference_id)
    }

    /// A shipment of an order that waits for somebody to ask for its label.
    pub fn pending_of(&self, store: u64, order: u64) -> Option<u64> {
        let mut own = self.book.of_store(store).filter(|it| it.order_id == Some(order));
        own.find(|it| it.life.state() == ShipmentState::Pending).map(|it| it.id)
    }
}

/// A shipment as it stands in the book, at one of the beginnings of its table.
pub fn shipment(
    cx: &mut Cx<'_, Salla>,
    id: u64,
    at: Timestamp,
    start: usize,
    draft: Draft,
) -> Shipment {
    let reference = draft.order_id.map(|order| reference(cx, draft.store, order));
    let currency = draft
        .packages
        .first()
        .map_or_else(|| draft.cash_on_delivery.currency.clone(), |it| it.price.currency.clone());
    let life = SHIPMENT.start_at(start);
    let first = Mark { at, status: life.state(), note: None };
    Shipment {
        id,
        store: draft.store,
        place: cx.state.book.next_place(),
        order_id: draft.order_id,
        order_reference_id: reference,
        created_at: at,
        kind: draft.kind,
        courier_id: draft.courier.id,
        courier_name: draft.courier.label.to_owned(),
        courier_logo: draft.courier.logo(),
        shipping_number: NO_NUMBER.to_owned(),
        tracking_number: NO_NUMBER.to_owned(),
        pickup_id: None,
        trackable: true,
        tracking_link: draft.courier.tracking_link(NO_NUMBER),
        label: None,
        payment: draft.payment,
        source: draft.source,
        total: Money { amount: Number(worth(&draft.packages)), currency },
        cash_on_delivery: draft.cash_on_delivery,
        app_id: draft.app_id,
        policy_options: draft.policy_options,
        ship_from: draft.ship_from,
        ship_to: draft.ship_to,
        packages: draft.packages,
        billing: Billing::Salla,
        extras: draft.extras,
        return_of: draft.return_of,
        life,
        marks: vec![first],
        itinerary: None,
    }
}

/// The number a merchant sees an order by.
fn reference(cx: &mut Cx<'_, Salla>, store: u64, order: u64) -> u64 {
    let known = cx.state.reference_of(store, order);
    known.unwrap_or_else(|| cx.chance.draw("salla/order reference").between(49_000, 999_999))
}

/// Makes a shipment one of an order, with the number that the merchant sees it by.
pub fn assign(cx: &mut Cx<'_, Salla>, id: u64, order: u64) {
    let known = cx.state.book.get(id).filter(|it| it.order_id != Some(order));
    let Some(store) = known.map(|it| it.store) else { return };
    let reference = reference(cx, store, order);
    if let Some(shipment) = cx.state.book.get_mut(id) {
        (shipment.order_id, shipment.order_reference_id) = (Some(order), Some(reference));
    }
}

/// Asks a courier for a new shipment; its id.
pub fn create(cx: &mut Cx<'_, Salla>, draft: Draft) -> u64 {
    let (id, at) = (cx.state.book.free_id(cx.chance), cx.now);
    let new = shipment(cx, id, at, 0, draft);
    cx.state.book.add(new);
    set_off(cx, id);
    id
}

/// Asks a courier for a shipment that was there already and waited; its id. Nothing of what it was is kept but its id,
/// its order and its birth.
pub fn replace(cx: &mut Cx<'_, Salla>, pending: u64, draft: Draft) -> u64 {
    traveller::stop(cx, pending);
    let Some(known) = cx.state.book.get(pending) else { return create(cx, draft) };
    let (at, place, life) = (known.created_at, known.place, known.life.clone());
    let marks = known.marks.clone();
    let new = shipment(cx, pending, at, 1, draft);
    if let Some(known) = cx.state.book.get_mut(pending) {
        *known = Shipment { place, life, marks, ..new };
    }
    lifecycle::issue(cx, pending);
    set_off(cx, pending);
    pending
}

/// Tells whoever listens, and puts the shipment on its journey.
fn set_off(cx: &mut Cx<'_, Salla>, id: u64) {
    lifecycle::announce_new(cx, id);
    if let Some(journey) = chosen(cx, id) {
        traveller::set_out(cx, id, &journey);
    }
}

/// The journey of a shipment: what the scenario chooses, the customer's telephone number, the scenario's own, the
/// courier's.
fn chosen(cx: &mut Cx<'_, Salla>, id: u64) -> Option<Journey> {
    let known = cx.state.book.get(id)?;
    let customer = match known.kind {
        Kind::Shipment => &known.ship_to,
        Kind::Return => &known.ship_from,
    };
    let courier = couriers::courier(known.courier_id);
    let (bare, number) = (journeys::bare(&customer.phone), known.courier_id.to_string());
    let order = known.order_id.map(|order| order.to_string());
    let mut selectors = vec![
        ("phone", customer.phone.as_str()),
        ("phone", bare.as_str()),
        ("name", customer.name.as_str()),
        ("courier", number.as_str()),
        ("payment", known.payment.word()),
        ("type", known.kind.word()),
    ];
    let given = [
        ("courier", courier.map(|it| it.slug)),
        ("country", customer.country_code.as_deref()),
        ("city", customer.city.as_deref()),
        ("reference", order.as_deref()),
    ];
    selectors.extend(given.iter().filter_map(|(word, value)| Some((*word, (*value)?))));
    selectors.extend(known.packages.iter().map(|it| ("sku", it.sku.as_str())));
    let of_courier = journeys::of_courier(known.courier_id).map(|plan| plan.name);
    let who = Choosing {
        map: &journeys::MAP,
        route: journeys::route(),
        usual: cx.state.journey.as_deref().or(of_courier).unwrap_or(journeys::USUAL),
        selectors: &selectors,
        magic: journeys::by_phone(&customer.phone),
        label: "salla/journey choice",
    };
    Some(cx.state.journeys.choose(&who, cx.chance))
}

/// Sends what was delivered back where it came from; the id of the return.
pub fn send_back(cx: &mut Cx<'_, Salla>, id: u64, app: Option<u64>) -> Option<u64> {
    let known = cx.state.book.get(id)?;
    let courier = couriers::courier(known.courier_id).or_else(|| couriers::COURIERS.first())?;
    let draft = Draft {
        store: known.store,
        order_id: known.order_id,
        kind: Kind::Return,
        courier,
        payment: known.payment,
        source: Source::Api,
        cash_on_delivery: known.cash_on_delivery.clone(),
        app_id: app,
        policy_options: known.policy_options.clone(),
        ship_from: known.ship_to.clone(),
        ship_to: known.ship_from.clone(),
        packages: known.packages.clone(),
        extras: Extras::default(),
        return_of: Some(id),
    };
    Some(create(cx, draft))
}

/// An end at a branch of the store: the one asked for, else the main one.
pub fn branch(state: &State, store: u64, id: Option<u64>) -> Option<End> {
    let branches = &state.stores.get(&store)?.branches;
    match id {
        Some(id) => branches.iter().find(|it| it.branch_id == Some(id)).cloned(),
        None => branches.first().cloned(),
    }
}

/// An end of which nothing is known.
pub fn nowhere() -> End {
    End {
        kind: EndKind::Address,
        name: String::new(),
        email: None,
        phone: String::new(),
        country: None,
        country_id: None,
        country_code: None,
        city: None,
        city_id: None,
        address_line: String::new(),
        street_number: String::new(),
        block: String::new(),
        postal_code: String::new(),
        latitude: None,
        longitude: None,
        branch_id: None,
    }
}
