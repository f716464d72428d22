//! Shiplee's endpoints. Sections are the headings of its documentation.

use crate::http::Evidence::{Documented, Inferred};
use crate::http::Method::{Get, Post};
use crate::providers::Route;
use crate::providers::shiplee::Group::{Account, Login};
use crate::providers::shiplee::{
    Shiplee, login, orders, rates, reverse_orders, reverse_shipments, shipments, warehouses,
};

/// The eight endpoints.
#[rustfmt::skip]
pub const ROUTES: &[Route<Shiplee>] = &[
    Route { method: Post, path: "/login",                   handler: login::login,              group: Login,   section: "Login",                evidence: Documented },
    Route { method: Post, path: "/order",                   handler: orders::add,               group: Account, section: "Add Order",            evidence: Documented },
    Route { method: Post, path: "/reverse_order",           handler: reverse_orders::add,       group: Account, section: "Reverse Order",        evidence: Documented },
    Route { method: Post, path: "/rates",                   handler: rates::list,               group: Account, section: "Get Rates",            evidence: Documented },
    Route { method: Post, path: "/create_shipment",         handler: shipments::create,         group: Account, section: "Create Shipment",      evidence: Documented },
    Route { method: Post, path: "/reverse_create_shipment", handler: reverse_shipments::create, group: Account, section: "Reverse Shipment",     evidence: Documented },
    Route { method: Post, path: "/add_warehouse",           handler: warehouses::add,           group: Account, section: "Warehouse Management", evidence: Inferred },
    Route { method: Get,  path: "/get_warehouses",          handler: warehouses::list,          group: Account, section: "Warehouse Management", evidence: Documented },
];
