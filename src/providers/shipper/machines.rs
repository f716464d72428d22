//! The life cycles of Shipper as tables.
//!
//! Documented states: `awaitingpackaging`, `onitsway`, `delivered`, `canceled`, `returnedtosender` of a shipment,
//! `called` of a contact task, `active` of a webhook, disabled and revoked keys. The others are inferred.

use crate::machine_words;
use crate::sim::machine::{Machine, row};
use crate::words;

words! {
    /// Where a shipment stands; what `GET /orders?status=` filters by.
    pub enum ShipmentState {
        /// Waits for the customer's word on the phone.
        AwaitingConfirmation = "awaitingconfirmation",
        /// In the preparation phase.
        AwaitingPackaging = "awaitingpackaging",
        /// Packed; the carrier has not come yet.
        AwaitingPickup = "awaitingpickup",
        /// With the carrier.
        OnItsWay = "onitsway",
        /// With the customer.
        Delivered = "delivered",
        /// The customer took a part of it.
        PartiallyDelivered = "partiallydelivered",
        /// Refused or not deliverable; on its way back.
        Returning = "returning",
        /// Back at the sender's.
        ReturnedToSender = "returnedtosender",
        /// The customer sent a part of it back.
        PartiallyReturned = "partiallyreturned",
        /// Gone; the carrier says so.
        Lost = "lost",
        /// Taken back before it was packed.
        Canceled = "canceled",
    }
}

words! {
    /// What can happen to a shipment.
    pub enum ShipmentInput {
        /// The customer said yes.
        Confirm = "confirm",
        /// The warehouse packs it.
        Pack = "pack",
        /// The carrier takes it: its first scan.
        Ship = "ship",
        /// The carrier scans it on the road.
        Travel = "travel",
        /// The carrier rings in vain.
        FailAttempt = "fail_attempt",
        /// The carrier keeps it for now.
        Hold = "hold",
        /// The carrier hands it over.
        Deliver = "deliver",
        /// The customer takes a part of it.
        DeliverPartly = "deliver_partly",
        /// The carrier turns around.
        SendBack = "send_back",
        /// It is back at the sender's.
        Return = "return",
        /// A part of it is back at the sender's.
        ReturnPartly = "return_partly",
        /// The carrier gives it up.
        Lose = "lose",
        /// It is taken back.
        Cancel = "cancel",
    }
}

words! {
    /// Where the call to the customer stands.
    pub enum ContactState {
        /// Nobody has called yet.
        Pending = "pending",
        /// Somebody is calling.
        InProgress = "in_progress",
        /// The customer was reached and said yes.
        Called = "called",
        /// Closed: never reached.
        Unreachable = "unreachable",
        /// Closed: reached, but did not say yes.
        Unconfirmed = "unconfirmed",
        /// Closed: wrong number, wrong person.
        Failed = "failed",
        /// Closed: the same order twice.
        Duplicate = "duplicate",
        /// Closed: the order was cancelled meanwhile.
        Canceled = "canceled",
    }
}

words! {
    /// What can happen to a contact task.
    pub enum ContactInput {
        /// The first call is made.
        Call = "call",
        /// Another call in vain.
        MissCall = "miss_call",
        /// The customer says yes.
        Confirm = "confirm",
        /// The customer says no.
        Decline = "decline",
        /// Nobody ever answered.
        GiveUp = "give_up",
        /// The number leads to somebody else.
        Fail = "fail",
        /// It turns out to be a second order of the same.
        Duplicate = "duplicate",
        /// The order is cancelled.
        Cancel = "cancel",
    }
}

words! {
    /// Where the money of a shipment stands.
    pub enum PaymentState {
        /// To be collected at the door.
        Expected = "expected",
        /// Paid before shipping: nothing to collect.
        Prepaid = "prepaid",
        /// Collected, and being checked.
        UnderReview = "under_review",
        /// Checked: the order counts as paid.
        Successful = "successful",
        /// Paid out to the retailer.
        Transferred = "transferred",
        /// Nothing will be collected any more.
        Void = "void",
    }
}

words! {
    /// What can happen to the money of a shipment.
    pub enum PaymentInput {
        /// The carrier took it at the door.
        Collect = "collect",
        /// It was checked.
        Settle = "settle",
        /// It was paid out.
        Transfer = "transfer",
        /// It will not come.
        Void = "void",
    }
}

words! {
    /// Whether a key opens anything.
    pub enum KeyState {
        /// It does.
        Active = "active",
        /// Switched off for now: 403.
        Disabled = "disabled",
        /// Taken back for good: 403.
        Revoked = "revoked",
    }
}

words! {
    /// What an operator can do to a key.
    pub enum KeyInput {
        /// Switch it off.
        Disable = "disable",
        /// Switch it on again.
        Enable = "enable",
        /// Take it back.
        Revoke = "revoke",
    }
}

words! {
    /// Whether a webhook is called.
    pub enum WebhookState {
        /// It is.
        Active = "active",
        /// Switched off, by an operator or by failures.
        Disabled = "disabled",
    }
}

words! {
    /// What can happen to a webhook.
    pub enum WebhookInput {
        /// Switch it off.
        Disable = "disable",
        /// Switch it on again.
        Enable = "enable",
    }
}

machine_words!(
    ShipmentState,
    ShipmentInput,
    ContactState,
    ContactInput,
    PaymentState,
    PaymentInput,
    KeyState,
    KeyInput,
    WebhookState,
    WebhookInput,
);

use ContactInput as C;
use ContactState as Contact;
use PaymentInput as P;
use PaymentState as Payment;
use ShipmentInput as S;
use ShipmentState as Ship;

const TOPIC: Option<&str> = Some("shipment.status_changed");

/// A shipment: documentation, "Get order", "Cancel order", "Webhook events".
#[rustfmt::skip]
pub static SHIPMENT: Machine<ShipmentState, ShipmentInput> = Machine {
    name: "shipment",
    starts: &[Ship::AwaitingPackaging, Ship::AwaitingConfirmation],
    finals: &[Ship::PartiallyReturned, Ship::ReturnedToSender, Ship::Lost, Ship::Canceled],
    rows: &[
        //  from                        on                to                        webhook
        row(Ship::AwaitingConfirmation, S::Confirm,       Ship::AwaitingPackaging,  TOPIC),
        row(Ship::AwaitingConfirmation, S::Cancel,        Ship::Canceled,           TOPIC),
        row(Ship::AwaitingPackaging,    S::Pack,          Ship::AwaitingPickup,     TOPIC),
        row(Ship::AwaitingPackaging,    S::Cancel,        Ship::Canceled,           TOPIC),
        row(Ship::AwaitingPickup,       S::Ship,          Ship::OnItsWay,           TOPIC),
        row(Ship::OnItsWay,             S::Travel,        Ship::OnItsWay,           None),
        row(Ship::OnItsWay,             S::FailAttempt,   Ship::OnItsWay,           None),
        row(Ship::OnItsWay,             S::Hold,          Ship::OnItsWay,           None),
        row(Ship::OnItsWay,             S::Deliver,       Ship::Delivered,          TOPIC),
        row(Ship::OnItsWay,             S::DeliverPartly, Ship::PartiallyDelivered, TOPIC),
        row(Ship::OnItsWay,             S::SendBack,      Ship::Returning,          TOPIC),
        row(Ship::OnItsWay,             S::Lose,          Ship::Lost,               TOPIC),
        row(Ship::Returning,            S::Travel,        Ship::Returning,          None),
        row(Ship::Returning,            S::Return,        Ship::ReturnedToSender,   TOPIC),
        row(Ship::Returning,            S::Lose,          Ship::Lost,               TOPIC),
        row(Ship::Delivered,            S::SendBack,      Ship::Returning,          TOPIC),
        row(Ship::Delivered,            S::ReturnPartly,  Ship::PartiallyReturned,  TOPIC),
        row(Ship::PartiallyDelivered,   S::SendBack,      Ship::Returning,          TOPIC),
        row(Ship::PartiallyDelivered,   S::ReturnPartly,  Ship::PartiallyReturned,  TOPIC),
    ],
};

/// A contact task: documentation, "Create order", `with_confirmation`.
#[rustfmt::skip]
pub static CONTACT: Machine<ContactState, ContactInput> = Machine {
    name: "contact_task",
    starts: &[Contact::Pending],
    finals: &[Contact::Called, Contact::Unreachable, Contact::Unconfirmed, Contact::Failed, Contact::Duplicate,
              Contact::Canceled],
    rows: &[
        //  from                 on             to
        row(Contact::Pending,    C::Call,       Contact::InProgress,  None),
        row(Contact::Pending,    C::Cancel,     Contact::Canceled,    None),
        row(Contact::InProgress, C::MissCall,   Contact::InProgress,  None),
        row(Contact::InProgress, C::Confirm,    Contact::Called,      None),
        row(Contact::InProgress, C::Decline,    Contact::Unconfirmed, None),
        row(Contact::InProgress, C::GiveUp,     Contact::Unreachable, None),
        row(Contact::InProgress, C::Fail,       Contact::Failed,      None),
        row(Contact::InProgress, C::Duplicate,  Contact::Duplicate,   None),
        row(Contact::InProgress, C::Cancel,     Contact::Canceled,    None),
    ],
};

/// The money of a shipment: documentation, "List orders", `revenue`; "Dashboard".
#[rustfmt::skip]
pub static PAYMENT: Machine<PaymentState, PaymentInput> = Machine {
    name: "payment",
    starts: &[Payment::Expected, Payment::Prepaid],
    finals: &[Payment::Void],
    rows: &[
        //  from                  on            to
        row(Payment::Expected,    P::Collect,   Payment::UnderReview, None),
        row(Payment::Expected,    P::Void,      Payment::Void,        None),
        row(Payment::Prepaid,     P::Void,      Payment::Void,        None),
        row(Payment::Prepaid,     P::Transfer,  Payment::Transferred, None),
        row(Payment::UnderReview, P::Settle,    Payment::Successful,  None),
        row(Payment::UnderReview, P::Void,      Payment::Void,        None),
        row(Payment::Successful,  P::Transfer,  Payment::Transferred, None),
        row(Payment::Successful,  P::Void,      Payment::Void,        None),
        row(Payment::Transferred, P::Void,      Payment::Void,        None),
    ],
};

/// An API key: documentation, "Error codes".
#[rustfmt::skip]
pub static KEY: Machine<KeyState, KeyInput> = Machine {
    name: "key",
    starts: &[KeyState::Active],
    finals: &[KeyState::Revoked],
    rows: &[
        row(KeyState::Active,   KeyInput::Disable, KeyState::Disabled, None),
        row(KeyState::Active,   KeyInput::Revoke,  KeyState::Revoked,  None),
        row(KeyState::Disabled, KeyInput::Enable,  KeyState::Active,   None),
        row(KeyState::Disabled, KeyInput::Revoke,  KeyState::Revoked,  None),
    ],
};

/// A webhook: documentation, "List webhooks".
#[rustfmt::skip]
pub static WEBHOOK: Machine<WebhookState, WebhookInput> = Machine {
    name: "webhook",
    starts: &[WebhookState::Active],
    finals: &[],
    rows: &[
        row(WebhookState::Active,   WebhookInput::Disable, WebhookState::Disabled, None),
        row(WebhookState::Disabled, WebhookInput::Enable,  WebhookState::Active,   None),
    ],
};
