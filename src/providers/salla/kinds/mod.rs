//! Salla's kinds of entity: what one sees of each from inside, and what an operator could do to it.

pub mod inspect;
pub mod operator;

use crate::providers::Entity;
use crate::providers::salla::Salla;

/// The kinds.
pub const ENTITIES: &[Entity<Salla>] = &[
    // By its id.
    Entity {
        kind: "shipment",
        count: inspect::count_shipments,
        rows: inspect::shipments,
        detail: inspect::shipment,
        settable: &[
            "journey",
            "shipping_number",
            "tracking_number",
            "tracking_link",
            "trackable",
            "pickup_id",
        ],
        patch: operator::patch_shipment,
        apply: operator::apply_to_shipment,
        inputs: None,
    },
    // By the merchant's id.
    Entity {
        kind: "store",
        count: inspect::count_stores,
        rows: inspect::stores,
        detail: inspect::store,
        settable: &["plan", "user", "installed", "barred"],
        patch: operator::patch_store,
        apply: operator::no_moves,
        inputs: None,
    },
    // By its number, or by its name in `presets`.
    Entity {
        kind: "token",
        count: inspect::count_tokens,
        rows: inspect::tokens,
        detail: inspect::token,
        settable: &["scopes", "expires", "revoked"],
        patch: operator::patch_token,
        apply: operator::no_moves,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "webhook",
        count: inspect::count_webhooks,
        rows: inspect::webhooks,
        detail: inspect::webhook,
        settable: &["url", "secret", "strategy"],
        patch: operator::patch_webhook,
        apply: operator::no_moves,
        inputs: None,
    },
];
