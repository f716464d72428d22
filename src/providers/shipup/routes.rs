//! Shipup's endpoints. Sections are the headings of the documentation, and of its public neighbours.

use crate::message::Evidence::{Documented, Inferred, Observed};
use crate::message::Method::{Get, Post};
use crate::providers::Route;
use crate::providers::shipup::access::Group::Private;
use crate::providers::shipup::resources::{jobs, orders, trackers};
use crate::providers::shipup::{Shipup, fields};

/// The seven endpoints.
#[rustfmt::skip]
pub const ROUTES: &[Route<Shipup>] = &[
    Route { method: Post, path: "/v2/orders",              handler: orders::put,   takes: fields::ORDER,     group: Private, section: "POST /v2/orders",              evidence: Documented },
    Route { method: Get,  path: "/v2/orders",              handler: orders::list,  takes: fields::ORDERS,    group: Private, section: "GET /v2/orders",               evidence: Observed },
    Route { method: Post, path: "/v2/orders/batch_create", handler: jobs::batch,   takes: fields::BATCH,     group: Private, section: "POST /v2/orders/batch_create", evidence: Observed },
    Route { method: Get,  path: "/v2/orders/{id}",         handler: orders::show,  takes: fields::ONE_ORDER, group: Private, section: "GET /v2/orders",               evidence: Inferred },
    Route { method: Get,  path: "/v2/jobs/{id}",           handler: jobs::show,    takes: fields::JOB,       group: Private, section: "View a job",                   evidence: Observed },
    Route { method: Get,  path: "/v2/trackers",            handler: trackers::list, takes: fields::TRACKERS, group: Private, section: "GET /v2/trackers",             evidence: Observed },
    Route { method: Post, path: "/v1/trackers",            handler: trackers::put, takes: fields::FLAT,      group: Private, section: "POST /v1/trackers",            evidence: Inferred },
];
