//! Shipup's kinds of entity: what one sees of each from inside, and what an operator could do to it.

use crate::providers::Entity;
use crate::providers::kind::nothing_to_set;
use crate::providers::shipup::{Shipup, inside, operate};

/// The kinds.
pub const ENTITIES: &[Entity<Shipup>] = &[
    // By the merchant's id.
    Entity {
        kind: "order",
        count: inside::count_orders,
        rows: inside::orders,
        detail: inside::order,
        settable: &[],
        patch: nothing_to_set,
        apply: operate::apply_to_order,
        inputs: None,
    },
    // By the merchant's id.
    Entity {
        kind: "fulfillment",
        count: inside::count_fulfillments,
        rows: inside::fulfillments,
        detail: inside::fulfillment,
        settable: &[],
        patch: nothing_to_set,
        apply: operate::apply_to_fulfillment,
        inputs: None,
    },
    // By its tracking number.
    Entity {
        kind: "tracker",
        count: inside::count_trackers,
        rows: inside::trackers,
        detail: inside::tracker,
        settable: &["journey"],
        patch: operate::patch_tracker,
        apply: operate::apply_to_tracker,
        inputs: None,
    },
    // By its number.
    Entity {
        kind: "job",
        count: inside::count_jobs,
        rows: inside::jobs,
        detail: inside::job,
        settable: &[],
        patch: nothing_to_set,
        apply: operate::apply_to_job,
        inputs: None,
    },
    // By its number or its name.
    Entity {
        kind: "account",
        count: inside::count_accounts,
        rows: inside::accounts,
        detail: inside::account,
        settable: &["standing", "language_code", "carriers", "api_key"],
        patch: operate::patch_account,
        apply: operate::apply_to_account,
        inputs: None,
    },
    // By its number.
    Entity {
        kind: "webhook_setting",
        count: inside::count_webhooks,
        rows: inside::webhooks,
        detail: inside::webhook,
        settable: &["url", "events", "username", "password", "active"],
        patch: operate::patch_webhook,
        apply: operate::apply_to_webhook,
        inputs: None,
    },
];
