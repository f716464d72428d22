//! Shipper's kinds of entity: what one sees of each from inside, and what an operator could do to it.

use crate::providers::Entity;
use crate::providers::kind::nothing_to_set;
use crate::providers::shipper::{Shipper, inside, operate};

/// The kinds.
pub const ENTITIES: &[Entity<Shipper>] = &[
    // By its id; `2:61` for the second organization's.
    Entity {
        kind: "order",
        count: inside::count_orders,
        rows: inside::orders,
        detail: inside::order,
        settable: &["store_name", "external_order_id", "external_order_url", "address", "journey"],
        patch: operate::patch_order,
        apply: operate::apply_to_order,
        inputs: Some(operate::order_inputs),
    },
    // By its UUID.
    Entity {
        kind: "shipment",
        count: inside::count_shipments,
        rows: inside::shipments,
        detail: inside::shipment,
        settable: &["on_hold", "failure"],
        patch: operate::patch_shipment,
        apply: operate::apply_to_shipment,
        inputs: None,
    },
    // By its order's id.
    Entity {
        kind: "contact_task",
        count: inside::count_contact_tasks,
        rows: inside::contact_tasks,
        detail: inside::contact_task,
        settable: &[],
        patch: nothing_to_set,
        apply: operate::apply_to_contact_task,
        inputs: None,
    },
    // By its UUID.
    Entity {
        kind: "product",
        count: inside::count_products,
        rows: inside::products,
        detail: inside::product,
        settable: &["name", "price", "cost", "status", "stock", "variants"],
        patch: operate::patch_product,
        apply: operate::apply_to_product,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "webhook",
        count: inside::count_webhooks,
        rows: inside::webhooks,
        detail: inside::webhook,
        settable: &["failure_count"],
        patch: operate::patch_webhook,
        apply: operate::apply_to_webhook,
        inputs: None,
    },
    // The money of a shipment, by the shipment's UUID.
    Entity {
        kind: "payment",
        count: inside::count_shipments,
        rows: inside::payments,
        detail: inside::payment,
        settable: &[],
        patch: nothing_to_set,
        apply: operate::apply_to_payment,
        inputs: None,
    },
    // By its number or its name.
    Entity {
        kind: "key",
        count: inside::count_keys,
        rows: inside::keys,
        detail: inside::key,
        settable: &["state"],
        patch: operate::patch_key,
        apply: operate::apply_to_key,
        inputs: None,
    },
];
