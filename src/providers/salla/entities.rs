//! Salla's kinds of entity: what one sees of each from inside, and what an operator could do to it.

use crate::providers::Entity;
use crate::providers::salla::{Salla, inside, operate};

/// The kinds.
pub const ENTITIES: &[Entity<Salla>] = &[
    // By its id.
    Entity {
        kind: "shipment",
        count: inside::count_shipments,
        rows: inside::shipments,
        detail: inside::shipment,
        settable: &[
            "journey",
            "shipping_number",
            "tracking_number",
            "tracking_link",
            "trackable",
            "pickup_id",
        ],
        patch: operate::patch_shipment,
        apply: operate::apply_to_shipment,
        inputs: None,
    },
    // By the merchant's id.
    Entity {
        kind: "store",
        count: inside::count_stores,
        rows: inside::stores,
        detail: inside::store,
        settable: &["plan", "user", "installed", "barred"],
        patch: operate::patch_store,
        apply: operate::no_moves,
        inputs: None,
    },
    // By its number, or by its name in `presets`.
    Entity {
        kind: "token",
        count: inside::count_tokens,
        rows: inside::tokens,
        detail: inside::token,
        settable: &["scopes", "expires", "revoked"],
        patch: operate::patch_token,
        apply: operate::no_moves,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "webhook",
        count: inside::count_webhooks,
        rows: inside::webhooks,
        detail: inside::webhook,
        settable: &["url", "secret", "strategy"],
        patch: operate::patch_webhook,
        apply: operate::no_moves,
        inputs: None,
    },
];
