//! Shipup's kinds of entity: what one sees of each from inside, and what an operator could do to it.

pub mod inspect;
pub mod operator;

use crate::providers::Entity;
use crate::providers::kind::nothing_to_set;
use crate::providers::shipup::Shipup;

/// The kinds.
pub const ENTITIES: &[Entity<Shipup>] = &[
    // By the merchant's id.
    Entity {
        kind: "order",
        count: inspect::count_orders,
        rows: inspect::orders,
        detail: inspect::order,
        settable: &[],
        patch: nothing_to_set,
        apply: operator::apply_to_order,
        inputs: None,
    },
    // By the merchant's id.
    Entity {
        kind: "fulfillment",
        count: inspect::count_fulfillments,
        rows: inspect::fulfillments,
        detail: inspect::fulfillment,
        settable: &[],
        patch: nothing_to_set,
        apply: operator::apply_to_fulfillment,
        inputs: None,
    },
    // By its tracking number.
    Entity {
        kind: "tracker",
        count: inspect::count_trackers,
        rows: inspect::trackers,
        detail: inspect::tracker,
        settable: &["journey"],
        patch: operator::patch_tracker,
        apply: operator::apply_to_tracker,
        inputs: None,
    },
    // By its number.
    Entity {
        kind: "job",
        count: inspect::count_jobs,
        rows: inspect::jobs,
        detail: inspect::job,
        settable: &[],
        patch: nothing_to_set,
        apply: operator::apply_to_job,
        inputs: None,
    },
    // By its number or its name.
    Entity {
        kind: "account",
        count: inspect::count_accounts,
        rows: inspect::accounts,
        detail: inspect::account,
        settable: &["standing", "language_code", "carriers", "api_key"],
        patch: operator::patch_account,
        apply: operator::apply_to_account,
        inputs: None,
    },
    // By its number.
    Entity {
        kind: "webhook_setting",
        count: inspect::count_webhooks,
        rows: inspect::webhooks,
        detail: inspect::webhook,
        settable: &["url", "events", "username", "password", "active"],
        patch: operator::patch_webhook,
        apply: operator::apply_to_webhook,
        inputs: None,
    },
];
