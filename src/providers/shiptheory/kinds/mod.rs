//! Shiptheory's kinds of entity: what one sees of each from inside, and what an operator could do to it.

pub mod inspect;
pub mod operator;

use crate::providers::Entity;
use crate::providers::kind::nothing_to_set;
use crate::providers::shiptheory::Shiptheory;

/// The kinds. What is not unique in a world stands behind the name of its account and a colon, but for the first
/// account's.
pub const ENTITIES: &[Entity<Shiptheory>] = &[
    // By its reference.
    Entity {
        kind: "shipment",
        count: inspect::count_shipments,
        rows: inspect::shipments,
        detail: inspect::shipment,
        settable: &["journey", "refusal"],
        patch: operator::patch_shipment,
        apply: operator::apply_to_shipment,
        inputs: None,
    },
    // By its SKU.
    Entity {
        kind: "product",
        count: inspect::count_products,
        rows: inspect::products,
        detail: inspect::product,
        settable: &[],
        patch: nothing_to_set,
        apply: operator::no_moves,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "tag",
        count: inspect::count_tags,
        rows: inspect::tags,
        detail: inspect::tag,
        settable: &[],
        patch: nothing_to_set,
        apply: operator::no_moves,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "package_size",
        count: inspect::count_package_sizes,
        rows: inspect::package_sizes,
        detail: inspect::package_size,
        settable: &["active"],
        patch: operator::patch_package_size,
        apply: operator::no_moves,
        inputs: None,
    },
    // By its id or its mail address.
    Entity {
        kind: "account",
        count: inspect::count_accounts,
        rows: inspect::accounts,
        detail: inspect::account,
        settable: &["password", "carriers", "rules", "next_journeys"],
        patch: operator::patch_account,
        apply: operator::no_moves,
        inputs: None,
    },
];
