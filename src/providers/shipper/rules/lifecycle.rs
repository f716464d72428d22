//! What happens to an order: steps of its machines, what they cause elsewhere, and who is told.

use std::fmt::{self, Display};
use std::ops::Range;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::providers::shipper::machines::{
    CONTACT, ContactInput, PAYMENT, PaymentInput, SHIPMENT, ShipmentInput, ShipmentState,
};
use crate::providers::shipper::rules::{carrier, money, parcel};
use crate::providers::shipper::state::catalogue::Catalogue;
use crate::providers::shipper::state::order::{
    Line, Log, LogStatus, Order, OrderKey, Shipment, Tracking, TransactionKind,
};
use crate::providers::shipper::{Shipper, State, Timer, journeys, webhooks};
use crate::providers::{Cx, JourneyBook, Out, Traveller};
use crate::sim::chance::Chance;
use crate::sim::journey::map::JourneyMap;
use crate::sim::journey::plan::{Itinerary, Stop};
use crate::sim::machine::InputRefused;

/// An order in somebody's hands, with what a step may touch besides it.
struct Hands<'a, 'b> {
    order: &'a mut Order,
    catalogue: &'a mut Catalogue,
    country: &'a str,
    out: &'a mut Out<'b>,
    chance: &'a mut Chance,
    now: Timestamp,
    key: OrderKey,
    /// Stock stands still while a history is lived through.
    stocked: bool,
    /// Scans on the road reach Shipper behind the report that follows them.
    late_scans: bool,
}

/// Lets something happen to an order, then tells subscribers what became different: first the shipments, then
/// the order.
fn touch(
    cx: &mut Cx<'_, Shipper>,
    key: OrderKey,
    act: impl FnOnce(&mut Hands<'_, '_>) -> Result<(), InputRefused>,
) -> Result<(), InputRefused> {
    // Nobody is told where nobody listens, as while a history is lived through.
    let is_told = !cx.state.accounts.webhooks.is_empty();
    let state = &mut **cx.state;
    let organization =
        state.accounts.organizations.get_mut(&key.organization).ok_or(InputRefused::Missing)?;
    let (catalogue, country) = (&mut organization.catalogue, organization.country.as_str());
    let (out, chance, now, stocked) = (&mut cx.out, &mut *cx.chance, cx.now, !state.opening);
    let late_scans = state.switches.late_scans;
    let told = organization.book.update(key.order, |order| {
        let shipments = order.shipments.iter().filter(|_| is_told);
        let before: Vec<ShipmentState> = shipments.map(|it| it.life.state()).collect();
        let hands = Hands { order, catalogue, country, out, chance, now, key, stocked, late_scans };
        act(&mut { hands })?;
        let moved =
            order.shipments.iter().zip(&before).filter(|(it, was)| it.life.state() != **was);
        let moved = moved.map(|(it, was)| (it.uuid, *was, it.life.state())).collect::<Vec<_>>();
        let status = order.status();
        let was = std::mem::replace(&mut order.announced, status);
        Ok::<_, InputRefused>((moved, was, status))
    });
    let (moved, was, status) = told.ok_or(InputRefused::Missing)??;
    for (uuid, was, is) in moved {
        webhooks::shipment_changed(cx, key, uuid, was, is);
    }
    if was != status {
        webhooks::order_changed(cx, key, was, status);
    }
    Ok(())
}

/// The order's id as the control API names it: plain for the first organization.
impl Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.organization {
            1 => write!(f, "{}", self.order),
            other => write!(f, "{other}:{}", self.order),
        }
    }
}

/// Gives a shipment of an order an input.
///
/// # Errors
/// `InputRefused` when there is no such shipment or its table has no such row; nothing has changed then.
pub fn shipment(
    cx: &mut Cx<'_, Shipper>,
    key: OrderKey,
    place: usize,
    on: ShipmentInput,
) -> Result<(), InputRefused> {
    touch(cx, key, |hands| hands.shipment(place, on))
}

/// Gives the money of a shipment an input.
///
/// # Errors
/// As `shipment`.
pub fn payment(
    cx: &mut Cx<'_, Shipper>,
    key: OrderKey,
    place: usize,
    on: PaymentInput,
) -> Result<(), InputRefused> {
    touch(cx, key, |hands| hands.payment(place, on))
}

/// Gives the contact task of an order an input.
///
/// # Errors
/// As `shipment`.
pub fn contact(
    cx: &mut Cx<'_, Shipper>,
    key: OrderKey,
    on: ContactInput,
) -> Result<(), InputRefused> {
    touch(cx, key, |hands| hands.contact(on))
}

/// Cancels what can still be cancelled; how many shipments that were.
pub fn cancel(cx: &mut Cx<'_, Shipper>, key: OrderKey) -> usize {
    let mut canceled = 0;
    let done = touch(cx, key, |hands| {
        for place in 0..hands.order.shipments.len() {
            canceled += usize::from(hands.shipment(place, ShipmentInput::Cancel).is_ok());
        }
        if canceled == 0 {
            return Err(InputRefused::Missing);
        }
        Ok(())
    });
    done.map_or(0, |()| canceled)
}

/// Sends a draft to fulfilment: a shipment for each supplier, and a contact task if one was asked for.
///
/// # Errors
/// `InputRefused` when there is no such order or it has shipments already.
pub fn fulfill(cx: &mut Cx<'_, Shipper>, key: OrderKey) -> Result<(), InputRefused> {
    touch(cx, key, |hands| hands.fulfill())
}

/// The same in the moment of creation, which is no change of status: nobody is told of it.
///
/// # Errors
/// As `fulfill`.
pub fn fulfill_at_once(cx: &mut Cx<'_, Shipper>, key: OrderKey) -> Result<(), InputRefused> {
    touch(cx, key, |hands| {
        hands.fulfill()?;
        hands.order.announced = hands.order.status();
        Ok(())
    })
}

impl Traveller for Shipper {
    type EntityKey = OrderKey;

    const MAP: &'static JourneyMap = &journeys::MAP;
    const DELAYS: &'static str = "shipper/journey delays";
    const REMEMBERS: bool = true;

    fn timer(key: OrderKey) -> Timer {
        Timer::Journey(key)
    }

    fn journeys(state: &State) -> &JourneyBook {
        &state.journeys
    }

    fn itinerary(state: &State, key: OrderKey) -> Option<&Itinerary> {
        state.order(key)?.itinerary.as_ref()
    }

    fn itinerary_mut(state: &mut State, key: OrderKey) -> Option<&mut Option<Itinerary>> {
        let owner = state.accounts.organizations.get_mut(&key.organization)?;
        owner.book.itinerary_mut(key.order)
    }

    fn states(state: &State, key: OrderKey) -> Vec<(&'static str, &'static str)> {
        state.order(key).map(Order::states).unwrap_or_default()
    }

    fn ended(state: &State, key: OrderKey) -> bool {
        let shipments = state.order(key).map_or(&[][..], |order| &order.shipments);
        !shipments.is_empty() && shipments.iter().all(Shipment::is_over)
    }

    /// Every shipment that can take an input takes it.
    fn arrive(cx: &mut Cx<'_, Shipper>, key: OrderKey, stops: &[Stop]) {
        let _ = touch(cx, key, |hands| {
            for stop in stops {
                hands.give(0..hands.order.shipments.len(), &stop.kind, &stop.on, None);
            }
            Ok(())
        });
    }

    fn id(state: &State, key: OrderKey, stop: &Stop) -> Option<String> {
        Some(match &*stop.kind {
            "contact_task" => key.to_string(),
            _ => state.order(key)?.shipments.first()?.uuid.to_string(),
        })
    }
}

impl Hands<'_, '_> {
    /// Gives an input to the call, or to those of some shipments, or of their money, that have a row for it.
    fn give(&mut self, places: Range<usize>, kind: &str, on: &str, only_in: Option<&str>) {
        let call = self.order.contact.as_ref().map(|task| task.state().word());
        if kind == "contact_task" && (only_in.is_none() || only_in == call) {
            let _ = ContactInput::of(on).map(|on| self.contact(on));
        }
        for place in places {
            let state = self.order.shipments.get(place).map(|it| it.life.state().word());
            if kind == "shipment" && (only_in.is_none() || only_in == state) {
                let _ = ShipmentInput::of(on).map(|on| self.carry(place, on));
            } else if kind == "payment" {
                let _ = PaymentInput::of(on).map(|on| self.payment(place, on));
            }
        }
    }

    /// Gives a shipment an input on which nobody insists: a part of what has no part is all of it.
    fn carry(&mut self, place: usize, on: ShipmentInput) {
        let Some(shipment) = self.order.shipments.get(place) else { return };
        let has_row = SHIPMENT.allows(shipment.life.state(), on);
        let is_whole = has_row && parcel::shipment_guard(shipment, on).is_some();
        let inputs = if is_whole { parcel::whole(on) } else { std::slice::from_ref(&on) };
        for on in inputs {
            let _ = self.shipment(place, *on);
        }
    }

    /// What an input causes elsewhere, by the map of journeys. A call that other shipments wait for is not cancelled
    /// with one of them.
    fn follow(&mut self, places: Range<usize>, kind: &str, on: &str) {
        let waits = |it: &Shipment| it.life.state() == ShipmentState::AwaitingConfirmation;
        for effect in journeys::MAP.effects_of(kind, on) {
            let (kind, on) = effect.then;
            let is_wanted = on == ContactInput::Cancel.word() && kind == CONTACT.name;
            if is_wanted && self.order.shipments.iter().any(waits) {
                continue;
            }
            self.give(places.clone(), kind, on, effect.only_in);
        }
    }

    fn contact(&mut self, on: ContactInput) -> Result<(), InputRefused> {
        let task = self.order.contact.as_mut().ok_or(InputRefused::Missing)?;
        self.out.step(&CONTACT, task, self.key, on)?;
        if on == ContactInput::MissCall {
            for shipment in &mut self.order.shipments {
                let cost = money::fee(200, self.country);
                money::charge(shipment, TransactionKind::CallForwarding, cost);
            }
        }
        self.follow(0..self.order.shipments.len(), CONTACT.name, on.word());
        Ok(())
    }

    fn shipment(&mut self, place: usize, on: ShipmentInput) -> Result<(), InputRefused> {
        let shipping = self.order.shipping_of(place);
        let shipment = self.order.shipments.get_mut(place).ok_or(InputRefused::Missing)?;
        let from = shipment.life.state().word();
        if parcel::shipment_guard(shipment, on).is_some() {
            return Err(InputRefused::Illegal { from, on: on.word() });
        }
        self.out.step(&SHIPMENT, &mut shipment.life, shipment.uuid, on)?;
        if on == ShipmentInput::Pack {
            let number = carrier::tracking_number(self.chance);
            shipment.tracking.reserve_exact(1);
            shipment.tracking.push(Tracking { number, logs: Vec::new(), late: Vec::new() });
        }
        shipment.on_hold = on == ShipmentInput::Hold;
        let fails = match on {
            ShipmentInput::FailAttempt => true,
            ShipmentInput::SendBack | ShipmentInput::Lose => shipment.failure.is_none(),
            _ => false,
        };
        if fails {
            shipment.failure = Some(carrier::failure_reason(self.chance, on));
        }
        if let Some(status) = reported(on, shipment.life.state()) {
            let lag = carrier::report_lag(self.chance);
            let external_timestamp = self.now.saturating_sub(lag).unwrap_or(self.now);
            let log = Log { status, created_at: self.now, external_timestamp };
            let is_late = self.late_scans && on == ShipmentInput::Travel;
            for tracking in &mut shipment.tracking {
                let log = in_order(log, &tracking.logs);
                if is_late {
                    tracking.late.push(log);
                    continue;
                }
                tracking.logs.push(log);
                let late = tracking.late.drain(..);
                tracking.logs.extend(late.map(|it| Log { created_at: log.created_at, ..it }));
            }
        }
        let back = parcel::coming_back(&shipment.lines, on);
        for (line, back) in shipment.lines.iter_mut().zip(back).filter(|(_, back)| *back > 0) {
            line.back += back;
            let product = self.catalogue.by_id_mut(line.product).filter(|_| self.stocked);
            if let Some(product) = product {
                product.move_stock(line.variant, back.into());
            }
        }
        money::follow_shipment(shipment, on, shipping, self.country);
        self.follow(place..place + 1, SHIPMENT.name, on.word());
        Ok(())
    }

    fn payment(&mut self, place: usize, on: PaymentInput) -> Result<(), InputRefused> {
        let shipment = self.order.shipments.get_mut(place).ok_or(InputRefused::Missing)?;
        if parcel::payment_guard(shipment.life.state(), on).is_some() {
            let from = shipment.payment.state().word();
            return Err(InputRefused::Illegal { from, on: on.word() });
        }
        self.out.step(&PAYMENT, &mut shipment.payment, shipment.uuid, on)?;
        money::follow_payment(shipment, on);
        Ok(())
    }

    fn fulfill(&mut self) -> Result<(), InputRefused> {
        if !self.order.shipments.is_empty() {
            return Err(InputRefused::Illegal { from: "fulfilled", on: "fulfill" });
        }
        let waits =
            self.order.confirmation != crate::providers::shipper::state::order::Confirmation::None;
        if waits {
            self.order.contact = Some(CONTACT.start());
        }
        let mut suppliers: Vec<(Arc<str>, Vec<Line>)> = Vec::with_capacity(1);
        for line in &self.order.lines {
            let product = self.catalogue.by_id_mut(line.product);
            let supplier = product.map_or_else(Arc::default, |product| {
                if self.stocked {
                    product.move_stock(line.variant, -i64::from(line.quantity));
                }
                product.supplier.clone()
            });
            match suppliers.iter_mut().find(|(known, _)| *known == supplier) {
                Some((_, lines)) => lines.push(line.clone()),
                None => suppliers.push((supplier, vec![line.clone()])),
            }
        }
        let mut shipping = self.order.shipping_total;
        self.order.shipments.reserve_exact(suppliers.len());
        for (supplier, lines) in suppliers {
            let shipment = self.dispatch(supplier, lines, std::mem::take(&mut shipping), waits);
            self.order.shipments.push(shipment);
        }
        Ok(())
    }

    /// One supplier's shipment; the first one carries what the customer pays for shipping.
    fn dispatch(
        &mut self,
        supplier: Arc<str>,
        mut lines: Vec<Line>,
        shipping: Decimal,
        waits: bool,
    ) -> Shipment {
        let mut usual = Decimal::ZERO;
        for line in &mut lines {
            let Some(found) = self.catalogue.of_line(line) else { continue };
            let price = found.price().checked_mul(line.quantity.into()).unwrap_or(Decimal::MAX);
            usual = usual.saturating_add(price);
            line.cost = found.cost();
        }
        let sold = lines.iter().map(|line| line.total).fold(Decimal::ZERO, Decimal::saturating_add);
        let order = &self.order;
        let upsold = sold > usual;
        let mut transactions = money::expected(
            &lines,
            shipping,
            order.is_cod,
            order.confirmation,
            upsold,
            self.country,
        );
        // Most orders of a large book never see another.
        transactions.shrink_to_fit();
        Shipment {
            uuid: self.chance.draw("shipper/shipment").uuid(),
            life: SHIPMENT.start_at(usize::from(waits)),
            payment: PAYMENT.start_at(usize::from(!order.is_cod)),
            supplier,
            transactions,
            lines,
            tracking: Vec::new(),
            on_hold: false,
            failure: None,
        }
    }
}

/// A carrier's clock does not run backwards within a parcel, however late its reports come.
fn in_order(log: Log, earlier: &[Log]) -> Log {
    let last = earlier.last().map_or(Timestamp::MIN, |log| log.external_timestamp);
    let least = last.saturating_add(SignedDuration::from_mins(5)).unwrap_or(last);
    let external_timestamp = log.external_timestamp.max(least).min(log.created_at);
    Log { external_timestamp, ..log }
}

/// What a carrier reports of a step.
fn reported(on: ShipmentInput, state: ShipmentState) -> Option<LogStatus> {
    Some(match (on, state) {
        (ShipmentInput::Ship, _) => LogStatus::AtCarrierOriginFacility,
        (ShipmentInput::Travel, ShipmentState::Returning) => LogStatus::ReturningToSender,
        (ShipmentInput::Travel, _) => LogStatus::InTransit,
        (ShipmentInput::FailAttempt, _) => LogStatus::DeliveryAttemptFailed,
        (ShipmentInput::Hold, _) => LogStatus::OnHold,
        (ShipmentInput::Deliver | ShipmentInput::DeliverPartly, _) => LogStatus::Delivered,
        (ShipmentInput::SendBack, _) => LogStatus::ReturningToSender,
        (ShipmentInput::Return, _) => LogStatus::ReturnedToSender,
        (ShipmentInput::Lose, _) => LogStatus::Lost,
        _ => return None,
    })
}

/// The place of a shipment within its order.
pub fn place_of(order: &Order, uuid: Uuid) -> Option<usize> {
    order.shipments.iter().position(|shipment| shipment.uuid == uuid)
}
