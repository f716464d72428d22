//! Shiplee's endpoints. Sections are the headings of its documentation.

use crate::message::Evidence::{Documented, Inferred};
use crate::message::Method::{Get, Post};
use crate::providers::Route;
use crate::providers::shiplee::data::groups::Group::{Account, Login};
use crate::providers::shiplee::resources::{
    orders, rates, reverse_orders, reverse_shipments, shipments, warehouses,
};
use crate::providers::shiplee::{Shiplee, access, fields};

/// The eight endpoints.
#[rustfmt::skip]
pub const ROUTES: &[Route<Shiplee>] = &[
    Route { method: Post, path: "/login",                   handler: access::login,              takes: fields::LOGIN,            group: Login,   section: "Login",                evidence: Documented },
    Route { method: Post, path: "/order",                   handler: orders::add,               takes: fields::ORDER,            group: Account, section: "Add Order",            evidence: Documented },
    Route { method: Post, path: "/reverse_order",           handler: reverse_orders::add,       takes: fields::REVERSE_ORDER,    group: Account, section: "Reverse Order",        evidence: Documented },
    Route { method: Post, path: "/rates",                   handler: rates::list,               takes: fields::RATES,            group: Account, section: "Get Rates",            evidence: Documented },
    Route { method: Post, path: "/create_shipment",         handler: shipments::create,         takes: fields::SHIPMENT,         group: Account, section: "Create Shipment",      evidence: Documented },
    Route { method: Post, path: "/reverse_create_shipment", handler: reverse_shipments::create, takes: fields::REVERSE_SHIPMENT, group: Account, section: "Reverse Shipment",     evidence: Documented },
    Route { method: Post, path: "/add_warehouse",           handler: warehouses::add,           takes: fields::WAREHOUSE,        group: Account, section: "Warehouse Management", evidence: Inferred },
    Route { method: Get,  path: "/get_warehouses",          handler: warehouses::list,          takes: fields::WAREHOUSES,       group: Account, section: "Warehouse Management", evidence: Documented },
];
