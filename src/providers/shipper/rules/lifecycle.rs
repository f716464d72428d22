//! What happens to an order: steps of its machines, what they drag along, and who is told.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::providers::shipper::machines::{
    CONTACT, ContactInput, ContactState, PAYMENT, PaymentInput, SHIPMENT, ShipmentInput,
    ShipmentState,
};
use crate::providers::shipper::rules::{carrier, money};
use crate::providers::shipper::state::catalogue::Catalogue;
use crate::providers::shipper::state::order::{
    Line, Log, LogStatus, Order, OrderKey, Shipment, Tracking, TransactionKind,
};
use crate::providers::shipper::{Shipper, Timer, webhooks};
use crate::providers::{Cx, Out};
use crate::sim::chance::Chance;
use crate::sim::machine::{Illegal, Passage, Word};

/// Why nothing happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idle {
    /// There is no such order, shipment or task.
    Missing,
    /// The table has no row for it.
    Illegal {
        /// Where the entity stands.
        from: &'static str,
        /// What was asked.
        on: &'static str,
    },
}

impl<S: Word, I: Word> From<Illegal<S, I>> for Idle {
    fn from(illegal: Illegal<S, I>) -> Self {
        Idle::Illegal { from: illegal.from.text(), on: illegal.on.text() }
    }
}

/// An order in somebody's hands, with what a step may touch besides it.
struct Hands<'a, 'b> {
    order: &'a mut Order,
    catalogue: &'a mut Catalogue,
    country: &'a str,
    out: &'a mut Out<'b>,
    chance: &'a mut Chance,
    now: Timestamp,
    label: &'a str,
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
    act: impl FnOnce(&mut Hands<'_, '_>) -> Result<(), Idle>,
) -> Result<(), Idle> {
    let label = key.label();
    let organization =
        cx.state.accounts.organizations.get_mut(&key.organization).ok_or(Idle::Missing)?;
    let (catalogue, country) = (&mut organization.catalogue, organization.country.as_str());
    let (out, chance, now, stocked) = (&mut cx.out, &mut *cx.chance, cx.now, !cx.state.opening);
    let late_scans = cx.state.switches.late_scans;
    let told = organization.book.update(key.order, |order| {
        let before: Vec<ShipmentState> = order.shipments.iter().map(|it| it.life.state()).collect();
        let label = label.as_str();
        let hands =
            Hands { order, catalogue, country, out, chance, now, label, stocked, late_scans };
        act(&mut { hands })?;
        let moved =
            order.shipments.iter().zip(&before).filter(|(it, was)| it.life.state() != **was);
        let moved = moved.map(|(it, was)| (it.uuid, *was, it.life.state())).collect::<Vec<_>>();
        let status = order.status();
        let was = std::mem::replace(&mut order.announced, status);
        Ok::<_, Idle>((moved, was, status))
    });
    let (moved, was, status) = told.ok_or(Idle::Missing)??;
    for (uuid, was, is) in moved {
        webhooks::shipment_changed(cx, key, uuid, was, is);
    }
    if was != status {
        webhooks::order_changed(cx, key, was, status);
    }
    Ok(())
}

impl OrderKey {
    /// The order's id as the control API names it: plain for the first organization.
    pub fn label(self) -> String {
        match self.organization {
            1 => self.order.to_string(),
            other => format!("{other}:{}", self.order),
        }
    }
}

/// Gives a shipment of an order an input.
///
/// # Errors
/// `Idle` when there is no such shipment or its table has no such row; nothing has changed then.
pub fn shipment(
    cx: &mut Cx<'_, Shipper>,
    key: OrderKey,
    place: usize,
    on: ShipmentInput,
) -> Result<(), Idle> {
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
) -> Result<(), Idle> {
    touch(cx, key, |hands| hands.payment(place, on))
}

/// Gives the contact task of an order an input.
///
/// # Errors
/// As `shipment`.
pub fn contact(cx: &mut Cx<'_, Shipper>, key: OrderKey, on: ContactInput) -> Result<(), Idle> {
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
            return Err(Idle::Missing);
        }
        // The call has lost its purpose; a task that is closed already stays as it is.
        let _ = hands.contact(ContactInput::Cancel);
        Ok(())
    });
    done.map_or(0, |()| canceled)
}

/// Sends a draft to fulfilment: a shipment for each supplier, and a contact task if one was asked for.
///
/// # Errors
/// `Idle` when there is no such order or it has shipments already.
pub fn fulfill(cx: &mut Cx<'_, Shipper>, key: OrderKey) -> Result<(), Idle> {
    touch(cx, key, |hands| hands.fulfill())
}

/// The same in the moment of creation, which is no change of status: nobody is told of it.
///
/// # Errors
/// As `fulfill`.
pub fn fulfill_at_once(cx: &mut Cx<'_, Shipper>, key: OrderKey) -> Result<(), Idle> {
    touch(cx, key, |hands| {
        hands.fulfill()?;
        hands.order.announced = hands.order.status();
        Ok(())
    })
}

/// The next stop of an order's journey: every entity that can take the input takes it.
pub fn travel(cx: &mut Cx<'_, Shipper>, key: OrderKey) {
    let mut next = None;
    let _ = touch(cx, key, |hands| {
        let Some(itinerary) = &mut hands.order.itinerary else { return Ok(()) };
        let stops = itinerary.arrive();
        if stops.is_empty() {
            return Ok(());
        }
        next = itinerary.wait();
        for stop in &stops {
            hands.stop(&stop.kind, &stop.on);
        }
        if hands.ended() {
            hands.order.itinerary = None;
            next = None;
        }
        Ok(())
    });
    if let Some(wait) = next {
        cx.out.after(wait, Timer::Journey(key));
    }
}

impl Hands<'_, '_> {
    fn stop(&mut self, kind: &str, on: &str) {
        // An input without a row does nothing: somebody moved the order by hand, and it goes its own way.
        let places = 0..self.order.shipments.len();
        match kind {
            "contact_task" => {
                let _ = ContactInput::of(on).map(|on| self.contact(on));
            }
            "shipment" => {
                if let Some(on) = ShipmentInput::of(on) {
                    for place in places.clone() {
                        let _ = self.shipment(place, on);
                    }
                }
            }
            _ => {
                if let Some(on) = PaymentInput::of(on) {
                    for place in places.clone() {
                        let _ = self.payment(place, on);
                    }
                }
            }
        }
    }

    /// Whether nothing can happen any more.
    fn ended(&self) -> bool {
        let over =
            |it: &Shipment| SHIPMENT.ended(it.life.state()) && PAYMENT.ended(it.payment.state());
        !self.order.shipments.is_empty() && self.order.shipments.iter().all(over)
    }

    fn contact(&mut self, on: ContactInput) -> Result<(), Idle> {
        let task = self.order.contact.as_mut().ok_or(Idle::Missing)?;
        self.out.step(&CONTACT, task, self.label, on)?;
        let state = task.state();
        if on == ContactInput::MissCall {
            for shipment in &mut self.order.shipments {
                let cost = money::fee(200, self.country);
                money::charge(shipment, TransactionKind::CallForwarding, cost);
            }
        }
        let follows = match state {
            ContactState::Called => ShipmentInput::Confirm,
            _ if CONTACT.ended(state) => ShipmentInput::Cancel,
            _ => return Ok(()),
        };
        for place in 0..self.order.shipments.len() {
            // Only shipments that wait for this call have a row for it.
            if self.order.shipments[place].life.state() == ShipmentState::AwaitingConfirmation {
                let _ = self.shipment(place, follows);
            }
        }
        Ok(())
    }

    fn shipment(&mut self, place: usize, on: ShipmentInput) -> Result<(), Idle> {
        let shipment = self.order.shipments.get_mut(place).ok_or(Idle::Missing)?;
        let id = shipment.uuid.to_string();
        self.out.step(&SHIPMENT, &mut shipment.life, &id, on)?;
        if on == ShipmentInput::Pack {
            let number = carrier::tracking_number(self.chance);
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
        money::follow_shipment(shipment, on, self.country);
        self.restock(place, on);
        let money = match on {
            ShipmentInput::Deliver | ShipmentInput::DeliverPartly => PaymentInput::Collect,
            ShipmentInput::Return | ShipmentInput::Lose | ShipmentInput::Cancel => {
                PaymentInput::Void
            }
            _ => return Ok(()),
        };
        // Prepaid parcels have nothing to collect, settled ones nothing to void: then the money stays.
        let _ = self.payment(place, money);
        Ok(())
    }

    fn payment(&mut self, place: usize, on: PaymentInput) -> Result<(), Idle> {
        let shipment = self.order.shipments.get_mut(place).ok_or(Idle::Missing)?;
        self.out.step(&PAYMENT, &mut shipment.payment, &shipment.uuid.to_string(), on)?;
        money::follow_payment(shipment, on);
        Ok(())
    }

    /// Stock comes back with cancellations and returns, in whole or in part.
    fn restock(&mut self, place: usize, on: ShipmentInput) {
        let Some(shipment) = self.order.shipments.get(place).filter(|_| self.stocked) else {
            return;
        };
        let whole = match on {
            ShipmentInput::Cancel | ShipmentInput::Return => true,
            ShipmentInput::DeliverPartly | ShipmentInput::ReturnPartly => false,
            _ => return,
        };
        let in_part = |step: &Passage<ShipmentState, ShipmentInput>| {
            matches!(step.on, ShipmentInput::DeliverPartly | ShipmentInput::ReturnPartly)
        };
        let parts = shipment.life.history().iter().filter(|step| in_part(step)).count();
        for (at, line) in shipment.lines.iter().enumerate() {
            let last = at + 1 == shipment.lines.len();
            let units = match whole {
                true => u64::from(line.quantity),
                false if last => money::part(line, parts),
                false => 0,
            };
            if let Some(product) = self.catalogue.by_id_mut(line.product) {
                product.move_stock(line.variant, i64::try_from(units).unwrap_or(i64::MAX));
            }
        }
    }

    fn fulfill(&mut self) -> Result<(), Idle> {
        if !self.order.shipments.is_empty() {
            return Err(Idle::Illegal { from: "fulfilled", on: "fulfill" });
        }
        let waits =
            self.order.confirmation != crate::providers::shipper::state::order::Confirmation::None;
        if waits {
            self.order.contact = Some(CONTACT.start());
        }
        let mut suppliers: Vec<(String, Vec<Line>)> = Vec::new();
        for line in &self.order.lines {
            let product = self.catalogue.by_id_mut(line.product);
            let supplier = product.map_or_else(String::new, |product| {
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
        for (supplier, lines) in suppliers {
            let shipment = self.dispatch(supplier, lines, std::mem::take(&mut shipping), waits);
            self.order.shipments.push(shipment);
        }
        Ok(())
    }

    /// One supplier's shipment; the first one carries what the customer pays for shipping.
    fn dispatch(
        &mut self,
        supplier: String,
        lines: Vec<Line>,
        shipping: Decimal,
        waits: bool,
    ) -> Shipment {
        let listed = |line: &Line,
                      of: fn(
            &crate::providers::shipper::state::catalogue::Found<'_>,
        ) -> Decimal| {
            let product = self.catalogue.by_id(line.product)?;
            let variant = product.variants.iter().find(|it| Some(it.uuid) == line.variant);
            let found = crate::providers::shipper::state::catalogue::Found { product, variant };
            of(&found).checked_mul(Decimal::from(line.quantity))
        };
        let sum = |of: fn(&crate::providers::shipper::state::catalogue::Found<'_>) -> Decimal| {
            lines
                .iter()
                .filter_map(|line| listed(line, of))
                .fold(Decimal::ZERO, Decimal::saturating_add)
        };
        let goods = sum(|found| found.cost());
        let usual = sum(|found| found.price());
        let sold = lines.iter().map(|line| line.total).fold(Decimal::ZERO, Decimal::saturating_add);
        let charged = sold.saturating_add(shipping);
        let order = &self.order;
        let upsold = sold > usual;
        Shipment {
            uuid: self.chance.draw("shipper/shipment").uuid(),
            life: SHIPMENT.start_at(usize::from(waits)),
            payment: PAYMENT.start_at(usize::from(!order.is_cod)),
            supplier,
            transactions: money::expected(
                charged,
                goods,
                order.is_cod,
                order.confirmation,
                upsold,
                self.country,
            ),
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
