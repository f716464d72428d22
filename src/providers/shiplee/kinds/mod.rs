//! Shiplee's kinds of entity: what one sees of each from inside, and what an operator could do to it.

pub mod inspect;
pub mod operator;

use crate::providers::Entity;
use crate::providers::kind::nothing_to_set;
use crate::providers::shiplee::Shiplee;

/// The kinds.
pub const ENTITIES: &[Entity<Shiplee>] = &[
    // By its id, its user name or its Shiplee id.
    Entity {
        kind: "seller",
        count: inspect::count_sellers,
        rows: inspect::sellers,
        detail: inspect::seller,
        settable: &["wallet", "allowed_ips", "allowed_domains", "plan", "api_key", "next_answers"],
        patch: operator::patch_seller,
        apply: operator::apply_to_seller,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "warehouse",
        count: inspect::count_warehouses,
        rows: inspect::warehouses,
        detail: inspect::warehouse,
        settable: &["nickname", "registration_failures"],
        patch: operator::patch_warehouse,
        apply: operator::apply_to_warehouse,
        inputs: None,
    },
    // By its number.
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
    // By the numeric id that no answer tells, or by its printed number.
    Entity {
        kind: "reverse_order",
        count: inspect::count_reverse_orders,
        rows: inspect::reverse_orders,
        detail: inspect::reverse_order,
        settable: &[],
        patch: nothing_to_set,
        apply: operator::apply_to_reverse_order,
        inputs: None,
    },
    // By its waybill.
    Entity {
        kind: "shipment",
        count: inspect::count_shipments,
        rows: inspect::shipments,
        detail: inspect::shipment,
        settable: &["journey"],
        patch: operator::patch_shipment,
        apply: operator::apply_to_shipment,
        inputs: None,
    },
];
