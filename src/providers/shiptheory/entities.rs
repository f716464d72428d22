//! Shiptheory's kinds of entity: what one sees of each from inside, and what an operator could do to it.

use crate::providers::Entity;
use crate::providers::kind::nothing_to_set;
use crate::providers::shiptheory::{Shiptheory, inside, operate};

/// The kinds. What is not unique in a world stands behind the name of its account and a colon, but for the first
/// account's.
pub const ENTITIES: &[Entity<Shiptheory>] = &[
    // By its reference.
    Entity {
        kind: "shipment",
        count: inside::count_shipments,
        rows: inside::shipments,
        detail: inside::shipment,
        settable: &["journey", "refusal"],
        patch: operate::patch_shipment,
        apply: operate::apply_to_shipment,
        inputs: None,
    },
    // By its SKU.
    Entity {
        kind: "product",
        count: inside::count_products,
        rows: inside::products,
        detail: inside::product,
        settable: &[],
        patch: nothing_to_set,
        apply: operate::no_moves,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "tag",
        count: inside::count_tags,
        rows: inside::tags,
        detail: inside::tag,
        settable: &[],
        patch: nothing_to_set,
        apply: operate::no_moves,
        inputs: None,
    },
    // By its id.
    Entity {
        kind: "package_size",
        count: inside::count_package_sizes,
        rows: inside::package_sizes,
        detail: inside::package_size,
        settable: &["active"],
        patch: operate::patch_package_size,
        apply: operate::no_moves,
        inputs: None,
    },
    // By its id or its mail address.
    Entity {
        kind: "account",
        count: inside::count_accounts,
        rows: inside::accounts,
        detail: inside::account,
        settable: &["password", "carriers", "rules", "next_journeys"],
        patch: operate::patch_account,
        apply: operate::no_moves,
        inputs: None,
    },
];
