//! Shipper's kinds of entity: what one sees of each from inside, and what an operator could do to it.

pub mod inspect;
pub mod operator;

use crate::providers::Entity;
use crate::providers::kind::nothing_to_set;
use crate::providers::shipper::Shipper;

/// The kinds.
pub const ENTITIES: &[Entity<Shipper>] = &[
    // By its id; `2:61` for the second organization's.
    Entity {
        kind: "order",
        count: inspect::count_orders,
        rows: inspect::orders,
        detail: inspect::order,
        settable: &["store_name", "external_order_id", "external_order_url", "address", "journey"],
        patch: operator::patch_order,
        apply: operator::apply_to_order,
        inputs: Some(operator::order_inputs),
    },
    // By its UUID.
    Entity {
        kind: "shipment",
        count: inspect::count_shipments,
        rows: inspect::shipments,
        detail: inspect::shipment,
        settable: &["on_hold", "failure"],
        patch: operator::patch_shipment,
        apply: operator::apply_to_shipment,
        inputs: None,
    },
    // By its order's id.
    Entity {
        kind: "contact_task",
        count: inspect::count_contact_tasks,
        rows: inspect::contact_tasks,
        detail: inspect::contact_task,
        settable: &[],
        patch: nothing_to_set,
        apply: operator::apply_to_contact_task,
        inputs: None,
    },
    // By its UUID.
    Entity {
        kind: "product",
        count: inspect::count_products,
        rows: inspect::products,
        detail: inspect::product,
        settable: &["name", "price", "cost", "status", "stock", "variants"],
        patch: operator::patch_product,
        apply: operator::apply_to_product,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "webhook",
        count: inspect::count_webhooks,
        rows: inspect::webhooks,
        detail: inspect::webhook,
        settable: &["failure_count"],
        patch: operator::patch_webhook,
        apply: operator::apply_to_webhook,
        inputs: None,
    },
    // The money of a shipment, by the shipment's UUID.
    Entity {
        kind: "payment",
        count: inspect::count_shipments,
        rows: inspect::payments,
        detail: inspect::payment,
        settable: &[],
        patch: nothing_to_set,
        apply: operator::apply_to_payment,
        inputs: None,
    },
    // By its number or its name.
    Entity {
        kind: "key",
        count: inspect::count_keys,
        rows: inspect::keys,
        detail: inspect::key,
        settable: &["state"],
        patch: operator::patch_key,
        apply: operator::apply_to_key,
        inputs: None,
    },
];
