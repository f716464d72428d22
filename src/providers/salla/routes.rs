//! Salla's endpoints. The first is the documentation's; the others are its public neighbours, by their headings.

use crate::message::Evidence::{Documented, Inferred, Observed};
use crate::message::Method::{Delete, Get, Post, Put};
use crate::providers::Route;
use crate::providers::salla::data::groups::Group::{
    Authorize, File, Read, Token, User, Webhooks, WebhooksWrite, Write,
};
use crate::providers::salla::resources::{companies, listing, papers, shipments, webhooks};
use crate::providers::salla::{Salla, access, fields};

/// The endpoints.
#[rustfmt::skip]
pub const ROUTES: &[Route<Salla>] = &[
    Route { method: Get,    path: "/admin/v2/shipments",               handler: listing::list,              takes: fields::LIST,        group: Read,          section: "List Shipments",          evidence: Documented },
    Route { method: Post,   path: "/admin/v2/shipments",               handler: shipments::create,          takes: fields::CREATE,      group: Write,         section: "Create Shipment",         evidence: Documented },
    Route { method: Get,    path: "/admin/v2/shipments/{id}",          handler: shipments::show,            takes: fields::NOTHING,     group: Read,          section: "Shipment Details",        evidence: Documented },
    Route { method: Put,    path: "/admin/v2/shipments/{id}",          handler: shipments::update,          takes: fields::UPDATE,      group: Write,         section: "Update Shipment Details", evidence: Inferred },
    Route { method: Get,    path: "/admin/v2/shipments/{id}/tracking", handler: shipments::tracking,        takes: fields::NOTHING,     group: Read,          section: "Shipment Tracking",       evidence: Documented },
    Route { method: Post,   path: "/admin/v2/shipments/{id}/cancel",   handler: shipments::cancel,          takes: fields::NOTHING,     group: Write,         section: "Cancel Shipments",        evidence: Documented },
    Route { method: Post,   path: "/admin/v2/shipments/{id}/return",   handler: shipments::send_back,       takes: fields::NOTHING,     group: Write,         section: "Return Shipments",        evidence: Documented },
    Route { method: Get,    path: "/admin/v2/shipping/companies",      handler: companies::list,            takes: fields::NOTHING,     group: Read,          section: "List Shipping Companies", evidence: Documented },
    Route { method: Get,    path: "/admin/v2/shipping/companies/{id}", handler: companies::show,            takes: fields::NOTHING,     group: Read,          section: "Shipping Company Details", evidence: Documented },
    Route { method: Post,   path: "/admin/v2/webhooks/subscribe",      handler: webhooks::subscribe,   takes: fields::SUBSCRIBE,   group: WebhooksWrite, section: "Register Webhook",        evidence: Documented },
    Route { method: Get,    path: "/admin/v2/webhooks",                handler: webhooks::list,        takes: fields::PAGED,       group: Webhooks,      section: "List Active Webhooks",    evidence: Documented },
    Route { method: Get,    path: "/admin/v2/webhooks/events",         handler: webhooks::events,      takes: fields::NOTHING,     group: Webhooks,      section: "List Events",             evidence: Documented },
    Route { method: Delete, path: "/admin/v2/webhooks/unsubscribe",    handler: webhooks::unsubscribe, takes: fields::UNSUBSCRIBE, group: WebhooksWrite, section: "Deactivate Webhook",      evidence: Documented },
    Route { method: Put,    path: "/admin/v2/webhooks/{id}",           handler: webhooks::update,      takes: fields::RESUBSCRIBE, group: WebhooksWrite, section: "Update Webhook",          evidence: Documented },
    Route { method: Get,    path: "/oauth2/auth",                      handler: access::authorize,           takes: fields::AUTHORIZE,   group: Authorize,     section: "Authorization",           evidence: Inferred },
    Route { method: Post,   path: "/oauth2/token",                     handler: access::token,               takes: fields::TOKEN,       group: Token,         section: "Authorization",           evidence: Observed },
    Route { method: Get,    path: "/oauth2/user/info",                 handler: access::user_info,           takes: fields::NOTHING,     group: User,          section: "Authorization",           evidence: Observed },
    Route { method: Get,    path: "/shipping-policy/{file}",           handler: papers::label,              takes: fields::NOTHING,     group: File,          section: "Shipment Tracking",       evidence: Inferred },
];
