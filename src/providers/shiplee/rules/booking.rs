//! Booking a parcel, either way: what it costs, what the carrier says, and what follows when it says yes.

use jiff::SignedDuration;
use rust_decimal::Decimal;

use crate::providers::shiplee::data::postal::{Service, UNSERVED, zone};
use crate::providers::shiplee::data::rate_card::{Load, Quote};
use crate::providers::shiplee::machines::{
    ORDER, OrderInput, OrderState, REVERSE_ORDER, SHIPMENT, WarehouseState,
};
use crate::providers::shiplee::rules::carrier::{
    self, Answer, Measures, Mode, Payment, carrier_id,
};
use crate::providers::shiplee::state::accounts::Warehouse;
use crate::providers::shiplee::state::order::{Direction, Item, Person, Scan, Shipment, value};
use crate::providers::shiplee::state::wallet::{EntryKind, LEAST_BALANCE};
use crate::providers::shiplee::{Error, Shiplee, State, journeys};
use crate::providers::{Choosing, Cx, traveller};
use crate::sim::journey::plan::Plan;
use crate::sim::journey::script::Journey;
use crate::sim::rate_limit::window::{Admission as Window, Limit};

/// What is to be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    pub direction: Direction,
    /// The order's number, or the reverse order's.
    pub order: u64,
    /// Where it is picked up, or goes back to.
    pub warehouse: u64,
}

/// What a parcel is made of, whichever way it goes.
struct Cargo<'a> {
    seller: u64,
    customer: &'a Person,
    items: &'a [Item],
    parcels: &'a [Measures],
    payment: Payment,
    state: OrderState,
    awb: Option<&'a str>,
}

impl State {
    fn cargo(&self, booking: Booking) -> Option<Cargo<'_>> {
        Some(match booking.direction {
            Direction::Forward => {
                let order = self.book.order(booking.order)?;
                Cargo {
                    seller: order.seller,
                    customer: &order.customer,
                    items: &order.items,
                    parcels: &order.parcels,
                    payment: order.payment,
                    state: order.life.state(),
                    awb: order.awb.as_deref(),
                }
            }
            Direction::Reverse => {
                let order = self.book.reverse(booking.order)?;
                Cargo {
                    seller: order.seller,
                    customer: &order.customer,
                    items: &order.items,
                    parcels: std::slice::from_ref(&order.parcel),
                    // What comes back is not paid at the door: documentation, "Available carriers".
                    payment: Payment::Prepaid,
                    state: order.life.state(),
                    awb: order.awb.as_deref(),
                }
            }
        })
    }

    /// The waybill of an order of a seller that has one.
    pub fn booked(&self, seller: u64, booking: Booking) -> Option<String> {
        let cargo = self.cargo(booking).filter(|it| it.seller == seller)?;
        let awb = cargo.awb.filter(|_| cargo.state == OrderState::Booked)?;
        Some(awb.to_owned())
    }

    /// Refuses an order or a warehouse that is not there or another's.
    pub fn both_are_there(&self, seller: u64, booking: Booking) -> Result<(), Error> {
        let order = self.cargo(booking).is_some_and(|cargo| cargo.seller == seller);
        if order && self.warehouse(seller, booking.warehouse).is_some() {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// A warehouse of a seller.
    pub fn warehouse(&self, seller: u64, id: u64) -> Option<&Warehouse> {
        self.warehouses.get(&id).filter(|warehouse| warehouse.seller == seller)
    }

    /// Refuses a wallet that holds too little: documentation, "Create Shipment".
    pub fn has_balance(&self, seller: u64) -> Result<(), Error> {
        let balance = self.sellers.get(&seller).map_or(Decimal::ZERO, |it| it.wallet.balance());
        if balance < Decimal::from(LEAST_BALANCE) { Err(Error::Balance) } else { Ok(()) }
    }

    /// What a parcel costs now, by each mode, and how it is paid.
    fn quotes(&self, booking: Booking) -> Option<(Vec<Quote>, Payment)> {
        let cargo = self.cargo(booking)?;
        let warehouse = self.warehouses.get(&booking.warehouse)?;
        let plan = &self.sellers.get(&cargo.seller)?.plan;
        let markup = self.plans.get(plan).map_or(Decimal::ZERO, |markup| markup.0);
        let load = Load {
            parcels: cargo.parcels,
            zone: zone(&warehouse.pincode, &cargo.customer.pincode),
            payment: cargo.payment,
            value: value(cargo.items),
        };
        Some((self.rates.quotes(load, markup), cargo.payment))
    }

    /// How the carrier answers a booking, leaving aside what a scenario told it to.
    fn usual_answer(&self, booking: Booking) -> Answer {
        let Some(cargo) = self.cargo(booking) else { return Answer::Internal };
        let Some(warehouse) = self.warehouses.get(&booking.warehouse) else {
            return Answer::Internal;
        };
        let pincode = cargo.customer.pincode.as_str();
        if warehouse.life.state() == WarehouseState::Inactive {
            return Answer::InactiveWarehouse;
        }
        if cargo.customer.mobile == carrier::SUSPICIOUS_MOBILE {
            return Answer::Suspicious;
        }
        let service = self.service(pincode);
        let served = match (booking.direction, cargo.payment) {
            (Direction::Reverse, _) => service.as_ref().is_none_or(|it| it.pickup),
            (_, Payment::Prepaid) => service.as_ref().is_none_or(|it| it.prepaid),
            (_, Payment::Cod) => service.as_ref().is_none_or(|it| it.cod),
        };
        if !served {
            let none = service.is_some_and(|it| !it.prepaid && !it.cod && !it.pickup);
            return if none { Answer::Unserviceable } else { Answer::TypeUnserviceable };
        }
        let chosen = carrier::magic().find(|(magic, _)| magic == pincode);
        chosen.map_or(Answer::Booked, |(_, answer)| answer)
    }

    /// What of a pincode is served, if that is not everything.
    fn service(&self, pincode: &str) -> Option<Service> {
        let named = self.pincodes.get(pincode).cloned();
        named.or_else(|| (pincode == UNSERVED).then(|| Service::none(pincode)))
    }
}

/// How often the carrier answers in a minute: its documentation, "invoice shipping charge".
const QUESTIONS: Limit = Limit { calls: 40, span: SignedDuration::from_secs(60) };

/// What a parcel costs now; nothing while the carrier is throttled.
pub fn rates(cx: &mut Cx<'_, Shiplee>, booking: Booking) -> (Vec<Quote>, Payment) {
    let throttled = cx.state.switches.throttle_rates
        && matches!(cx.state.questions.ask("rates", QUESTIONS, cx.now), Window::Refused { .. });
    match cx.state.quotes(booking) {
        Some((_, payment)) if throttled => (Vec::new(), payment),
        Some(found) => found,
        None => (Vec::new(), Payment::Prepaid),
    }
}

/// The quote that a carrier's id names, if one of the rates has it.
pub fn choose(cx: &mut Cx<'_, Shiplee>, booking: Booking, id: &str) -> Option<Quote> {
    let (quotes, payment) = rates(cx, booking);
    quotes.into_iter().find(|quote| carrier_id(quote.mode, payment) == id)
}

/// Makes the warehouse known to the carrier, if it is not yet: documentation, "What happens internally", step 3. It
/// stays known when a later step fails.
///
/// # Errors
/// `Error::Registration` when the carrier does not take it; a scenario's count of failures goes down then.
pub fn register(cx: &mut Cx<'_, Shiplee>, warehouse: u64) -> Result<(), Error> {
    let Some(known) = cx.state.warehouses.get(&warehouse) else { return Ok(()) };
    if known.delhivery_name.is_some() {
        return Ok(());
    }
    let no_pickups = cx.state.service(&known.pincode).is_some_and(|it| !it.pickup);
    let Some(known) = cx.state.warehouses.get_mut(&warehouse) else { return Ok(()) };
    if known.registration_failures > 0 || no_pickups {
        known.registration_failures = known.registration_failures.saturating_sub(1);
        return Err(Error::Registration);
    }
    known.introduce();
    Ok(())
}

/// Asks the carrier, and does all that follows when it says yes. Nothing is charged when it says no.
///
/// # Errors
/// The carrier's remark, or that it named no waybill.
pub fn book(cx: &mut Cx<'_, Shiplee>, booking: Booking, quote: Quote) -> Result<u64, Error> {
    let cargo = cx.state.cargo(booking).ok_or(Error::NotFound)?;
    let seller = cargo.seller;
    let told = cx.state.sellers.get_mut(&seller).and_then(|it| it.next_answers.pop_front());
    let answer = told.unwrap_or_else(|| cx.state.usual_answer(booking));
    if answer == Answer::NoWaybill {
        return Err(Error::Waybill);
    }
    let cargo = cx.state.cargo(booking).ok_or(Error::NotFound)?;
    let package_type = match (booking.direction, cargo.payment) {
        (Direction::Reverse, _) => "Pickup",
        (_, Payment::Prepaid) => "Prepaid",
        (_, Payment::Cod) => "COD",
    };
    let pincode = &cargo.customer.pincode;
    if let Some(remark) =
        answer.remark(carrier::Booking { pincode, package_type, order: booking.order })
    {
        return Err(Error::Booking(remark));
    }
    let journey = chosen(cx, booking).ok_or(Error::NotFound)?;
    commit(cx, booking, quote, &journey).ok_or(Error::NotFound)
}

/// The journey of a parcel, by what its order says.
fn chosen(cx: &mut Cx<'_, Shiplee>, booking: Booking) -> Option<Journey> {
    let state = &*cx.state;
    let cargo = state.cargo(booking)?;
    let customer = cargo.customer;
    let (usual, reference) = match booking.direction {
        Direction::Forward => (&state.journey, &state.book.order(booking.order)?.reference),
        Direction::Reverse => (&state.reverse_journey, &state.book.reverse(booking.order)?.number),
    };
    let mut selectors = vec![
        ("phone", customer.mobile.as_str()),
        ("name", customer.name.as_str()),
        ("pincode", customer.pincode.as_str()),
        ("city", customer.city.as_str()),
        ("state", customer.state.as_str()),
        ("reference", reference.as_str()),
        ("direction", booking.direction.word()),
    ];
    selectors.extend(cargo.items.iter().map(|item| ("sku", item.sku.as_str())));
    let route = journeys::route(booking.direction);
    let who = Choosing {
        map: &journeys::MAP,
        route,
        usual,
        selectors: &selectors,
        magic: route.chosen_by(&customer.mobile),
        label: "shiplee/journey choice",
    };
    Some(state.journeys.choose(&who, cx.chance))
}

/// The same for the history: no questions asked, on the journey it is given.
pub fn commit_history(
    cx: &mut Cx<'_, Shiplee>,
    booking: Booking,
    mode: Mode,
    plan: &'static Plan,
) -> bool {
    let Some((quotes, _)) = cx.state.quotes(booking) else { return false };
    let Some(quote) = quotes.into_iter().find(|quote| quote.mode == mode) else { return false };
    // A registration that a scenario wants to see fail is not anticipated.
    let warehouse = cx.state.warehouses.get_mut(&booking.warehouse);
    if let Some(warehouse) = warehouse.filter(|it| it.registration_failures == 0) {
        warehouse.introduce();
    }
    commit(cx, booking, quote, &Journey::Built(plan)).is_some()
}

/// The parcel is booked: waybill, first scan, charge, the order's state, the journey. Its number inside.
fn commit(
    cx: &mut Cx<'_, Shiplee>,
    booking: Booking,
    quote: Quote,
    journey: &Journey,
) -> Option<u64> {
    let cargo = cx.state.cargo(booking)?;
    let (seller, payment) = (cargo.seller, cargo.payment);
    let zone = zone(&cx.state.warehouses.get(&booking.warehouse)?.pincode, &cargo.customer.pincode);
    let (awb, shipment_id) = numbers(cx, booking)?;
    let life = SHIPMENT.start_at(usize::from(booking.direction == Direction::Reverse));
    let (kind, status, code, instructions) = carrier::first_scan(life.state());
    let first = Scan {
        at: cx.now,
        kind: kind.to_owned(),
        status: status.to_owned(),
        code: code.to_owned(),
        instructions: instructions.to_owned(),
    };
    let shipment = Shipment {
        awb,
        shipment_id,
        direction: booking.direction,
        seller,
        order: booking.order,
        warehouse: booking.warehouse,
        mode: quote.mode,
        payment,
        zone,
        grams: quote.grams,
        freight: quote.freight,
        cod: quote.cod,
        created_at: cx.now,
        life,
        scans: vec![first],
        itinerary: None,
    };
    if let Some(seller) = cx.state.sellers.get_mut(&seller) {
        seller.wallet.enter(cx.now, EntryKind::Charge, -shipment.cost(), Some(&shipment.awb));
    }
    mark(cx, booking, OrderInput::Book, Some(&shipment.awb));
    let number = cx.state.book.add_shipment(shipment);
    traveller::set_out(cx, number, journey);
    Some(number)
}

/// Waybill and shipment id of a booking: the pinned ones once, then those of the real form.
fn numbers(cx: &mut Cx<'_, Shiplee>, booking: Booking) -> Option<(String, String)> {
    let pins = match booking.direction {
        Direction::Forward => &mut cx.state.book.order_mut(booking.order)?.pins,
        Direction::Reverse => &mut cx.state.book.reverse_mut(booking.order)?.pins,
    };
    let (awb, shipment_id) = (pins.awb.take(), pins.shipment_id.take());
    let awb = awb.filter(|awb| cx.state.book.number_of(awb).is_none());
    let mut next = || loop {
        let awb = cx.state.waybills.next();
        if cx.state.book.number_of(&awb).is_none() {
            return awb;
        }
    };
    let awb = awb.unwrap_or_else(&mut next);
    let shipment_id = shipment_id.unwrap_or_else(|| match booking.direction {
        Direction::Forward => format!("SHPL-{}", cx.state.book.booking_number()),
        Direction::Reverse => carrier::upload_number(cx.chance),
    });
    Some((awb, shipment_id))
}

/// Moves an order along its table; `awb` is its parcel from now on.
pub fn mark(cx: &mut Cx<'_, Shiplee>, booking: Booking, on: OrderInput, awb: Option<&str>) {
    let id = booking.order.to_string();
    // A row that is missing is an order that stands there already.
    match booking.direction {
        Direction::Forward => {
            if let Some(order) = cx.state.book.order_mut(booking.order)
                && cx.out.step(&ORDER, &mut order.life, &id, on).is_ok()
            {
                order.awb = awb.map(str::to_owned);
            }
        }
        Direction::Reverse => {
            if let Some(order) = cx.state.book.reverse_mut(booking.order)
                && cx.out.step(&REVERSE_ORDER, &mut order.life, &id, on).is_ok()
            {
                order.awb = awb.map(str::to_owned);
            }
        }
    }
}
