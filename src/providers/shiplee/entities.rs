//! Shiplee's kinds of entity: what one sees of each from inside, and what an operator could do to it.

use crate::providers::Entity;
use crate::providers::kind::nothing_to_set;
use crate::providers::shiplee::{Shiplee, inside, operate};

/// The kinds.
pub const ENTITIES: &[Entity<Shiplee>] = &[
    // By its id, its user name or its Shiplee id.
    Entity {
        kind: "seller",
        count: inside::count_sellers,
        rows: inside::sellers,
        detail: inside::seller,
        settable: &["wallet", "allowed_ips", "allowed_domains", "plan", "api_key", "next_answers"],
        patch: operate::patch_seller,
        apply: operate::apply_to_seller,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "warehouse",
        count: inside::count_warehouses,
        rows: inside::warehouses,
        detail: inside::warehouse,
        settable: &["nickname", "registration_failures"],
        patch: operate::patch_warehouse,
        apply: operate::apply_to_warehouse,
        inputs: None,
    },
    // By its number.
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
    // By the numeric id that no answer tells, or by its printed number.
    Entity {
        kind: "reverse_order",
        count: inside::count_reverse_orders,
        rows: inside::reverse_orders,
        detail: inside::reverse_order,
        settable: &[],
        patch: nothing_to_set,
        apply: operate::apply_to_reverse_order,
        inputs: None,
    },
    // By its waybill.
    Entity {
        kind: "shipment",
        count: inside::count_shipments,
        rows: inside::shipments,
        detail: inside::shipment,
        settable: &["journey"],
        patch: operate::patch_shipment,
        apply: operate::apply_to_shipment,
        inputs: None,
    },
];
