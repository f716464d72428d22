//! How Parcelune prints what it has: its JSON.

use serde::Serialize;

use crate::message::Reply;
use crate::providers::parcelune::machines::ParcelState;
use crate::providers::parcelune::state::Parcel;

/// A parcel, as answers and webhooks show it.
#[derive(Debug, Serialize)]
pub struct ParcelView<'a> {
    id: u64,
    reference: &'a str,
    country: &'a str,
    status: ParcelState,
}

/// A parcel as it stands.
pub fn parcel(parcel: &Parcel) -> ParcelView<'_> {
    ParcelView {
        id: parcel.id,
        reference: &parcel.reference,
        country: &parcel.country,
        status: parcel.life.state(),
    }
}

/// The bytes of an answer or a webhook.
pub fn bytes<T: Serialize>(body: &T) -> Vec<u8> {
    serde_json::to_vec(body).expect("texts and numbers under names of text are JSON")
}

/// An answer of JSON.
pub fn reply<T: Serialize>(status: u16, body: &T) -> Reply {
    Reply::new(status, "application/json", bytes(body))
}
