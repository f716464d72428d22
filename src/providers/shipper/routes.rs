//! Shipper's endpoints. Sections are the headings of its documentation.

use crate::message::Evidence::Documented;
use crate::message::Method::{Delete, Get, Post};
use crate::providers::Route;
use crate::providers::shipper::access::Group::{Dashboard, Destructive, Read, Reference, Write};
use crate::providers::shipper::resources::{
    countries, dashboard, listing, orders, products, webhooks,
};
use crate::providers::shipper::{Shipper, fields};

/// The sixteen endpoints.
#[rustfmt::skip]
pub const ROUTES: &[Route<Shipper>] = &[
    Route { method: Get,    path: "/api/v1/countries",                             handler: countries::list,                takes: fields::NOTHING,     group: Reference,   section: "List countries",              evidence: Documented },
    Route { method: Get,    path: "/api/v1/countries/{code}/divisions",            handler: countries::divisions,           takes: fields::DIVISIONS,   group: Reference,   section: "List divisions",              evidence: Documented },
    Route { method: Get,    path: "/api/v1/products",                              handler: products::list,                 takes: fields::PRODUCTS,    group: Read,        section: "List products",               evidence: Documented },
    Route { method: Get,    path: "/api/v1/products/{uuid}",                       handler: products::show,                 takes: fields::NOTHING,     group: Read,        section: "Get product",                 evidence: Documented },
    Route { method: Get,    path: "/api/v1/orders",                                handler: listing::list,                  takes: fields::ORDERS,      group: Read,        section: "List orders",                 evidence: Documented },
    Route { method: Post,   path: "/api/v1/orders",                                handler: orders::create,                 takes: fields::ORDER,       group: Write,       section: "Create order",                evidence: Documented },
    Route { method: Get,    path: "/api/v1/orders/{id}",                           handler: orders::show,                   takes: fields::NOTHING,     group: Read,        section: "Get order",                   evidence: Documented },
    Route { method: Post,   path: "/api/v1/orders/{id}/cancel",                    handler: orders::cancel,                 takes: fields::NOTHING,     group: Destructive, section: "Cancel order",                evidence: Documented },
    Route { method: Get,    path: "/api/v1/dashboard/overview",                    handler: dashboard::overview,            takes: fields::DASHBOARD,   group: Dashboard,   section: "Dashboard: overview",         evidence: Documented },
    Route { method: Get,    path: "/api/v1/dashboard/delivery-stats",              handler: dashboard::delivery,            takes: fields::DASHBOARD,   group: Dashboard,   section: "Dashboard: delivery stats",   evidence: Documented },
    Route { method: Get,    path: "/api/v1/dashboard/confirmation-stats",          handler: dashboard::confirmation,        takes: fields::DASHBOARD,   group: Dashboard,   section: "Dashboard: confirmation",     evidence: Documented },
    Route { method: Get,    path: "/api/v1/dashboard/internal-confirmation-stats", handler: dashboard::internal_confirmation, takes: fields::DASHBOARD,   group: Dashboard, section: "Dashboard: internal confirmation", evidence: Documented },
    Route { method: Get,    path: "/api/v1/dashboard/product-performance",         handler: dashboard::performance,         takes: fields::PERFORMANCE, group: Dashboard,   section: "Dashboard: product performance", evidence: Documented },
    Route { method: Post,   path: "/api/v1/webhooks",                              handler: webhooks::register,             takes: fields::WEBHOOK,     group: Write,       section: "Register webhook",            evidence: Documented },
    Route { method: Get,    path: "/api/v1/webhooks",                              handler: webhooks::list,                 takes: fields::NOTHING,     group: Read,        section: "List webhooks",               evidence: Documented },
    Route { method: Delete, path: "/api/v1/webhooks/{id}",                         handler: webhooks::delete,               takes: fields::NOTHING,     group: Destructive, section: "Delete webhook",              evidence: Documented },
];
