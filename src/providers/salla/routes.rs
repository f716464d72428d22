//! Salla's endpoints. The first is the documentation's; the others are its public neighbours, by their headings.

use crate::message::Evidence::{Documented, Inferred, Observed};
use crate::message::Method::{Delete, Get, Post, Put};
use crate::providers::Route;
use crate::providers::salla::Group::{
    Authorize, File, Read, Token, User, Webhooks, WebhooksWrite, Write,
};
use crate::providers::salla::{
    Salla, companies, listing, oauth, papers, shipments, subscriptions, takes,
};

/// The endpoints.
#[rustfmt::skip]
pub const ROUTES: &[Route<Salla>] = &[
    Route { method: Get,    path: "/admin/v2/shipments",               handler: listing::list,              takes: takes::LIST,        group: Read,          section: "List Shipments",          evidence: Documented },
    Route { method: Post,   path: "/admin/v2/shipments",               handler: shipments::create,          takes: takes::CREATE,      group: Write,         section: "Create Shipment",         evidence: Documented },
    Route { method: Get,    path: "/admin/v2/shipments/{id}",          handler: shipments::show,            takes: takes::NOTHING,     group: Read,          section: "Shipment Details",        evidence: Documented },
    Route { method: Put,    path: "/admin/v2/shipments/{id}",          handler: shipments::update,          takes: takes::UPDATE,      group: Write,         section: "Update Shipment Details", evidence: Inferred },
    Route { method: Get,    path: "/admin/v2/shipments/{id}/tracking", handler: shipments::tracking,        takes: takes::NOTHING,     group: Read,          section: "Shipment Tracking",       evidence: Documented },
    Route { method: Post,   path: "/admin/v2/shipments/{id}/cancel",   handler: shipments::cancel,          takes: takes::NOTHING,     group: Write,         section: "Cancel Shipments",        evidence: Documented },
    Route { method: Post,   path: "/admin/v2/shipments/{id}/return",   handler: shipments::send_back,       takes: takes::NOTHING,     group: Write,         section: "Return Shipments",        evidence: Documented },
    Route { method: Get,    path: "/admin/v2/shipping/companies",      handler: companies::list,            takes: takes::NOTHING,     group: Read,          section: "List Shipping Companies", evidence: Documented },
    Route { method: Get,    path: "/admin/v2/shipping/companies/{id}", handler: companies::show,            takes: takes::NOTHING,     group: Read,          section: "Shipping Company Details", evidence: Documented },
    Route { method: Post,   path: "/admin/v2/webhooks/subscribe",      handler: subscriptions::subscribe,   takes: takes::SUBSCRIBE,   group: WebhooksWrite, section: "Register Webhook",        evidence: Documented },
    Route { method: Get,    path: "/admin/v2/webhooks",                handler: subscriptions::list,        takes: takes::NOTHING,     group: Webhooks,      section: "List Active Webhooks",    evidence: Documented },
    Route { method: Get,    path: "/admin/v2/webhooks/events",         handler: subscriptions::events,      takes: takes::NOTHING,     group: Webhooks,      section: "List Events",             evidence: Documented },
    Route { method: Delete, path: "/admin/v2/webhooks/unsubscribe",    handler: subscriptions::unsubscribe, takes: takes::UNSUBSCRIBE, group: WebhooksWrite, section: "Deactivate Webhook",      evidence: Documented },
    Route { method: Put,    path: "/admin/v2/webhooks/{id}",           handler: subscriptions::update,      takes: takes::RESUBSCRIBE, group: WebhooksWrite, section: "Update Webhook",          evidence: Documented },
    Route { method: Get,    path: "/oauth2/auth",                      handler: oauth::authorize,           takes: takes::AUTHORIZE,   group: Authorize,     section: "Authorization",           evidence: Inferred },
    Route { method: Post,   path: "/oauth2/token",                     handler: oauth::token,               takes: takes::TOKEN,       group: Token,         section: "Authorization",           evidence: Observed },
    Route { method: Get,    path: "/oauth2/user/info",                 handler: oauth::user_info,           takes: takes::NOTHING,     group: User,          section: "Authorization",           evidence: Observed },
    Route { method: Get,    path: "/shipping-policy/{file}",           handler: papers::label,              takes: takes::NOTHING,     group: File,          section: "Shipment Tracking",       evidence: Inferred },
];
