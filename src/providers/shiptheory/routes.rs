//! Shiptheory's endpoints. Sections are the headings of its documentation.

use crate::message::Evidence::Documented;
use crate::message::Method::{Delete, Get, Patch, Post, Put};
use crate::providers::Route;
use crate::providers::shiptheory::data::groups::Group::{Book, Read, Token, Write};
use crate::providers::shiptheory::resources::{
    listing, packages, picking, products, returns, services, shipments, tags,
};
use crate::providers::shiptheory::{Shiptheory, access, fields};

/// The nineteen endpoints; a tag can be updated in two ways. A shipment whose reference is `list` or `search` cannot
/// be viewed: those rows come first.
#[rustfmt::skip]
pub const ROUTES: &[Route<Shiptheory>] = &[
    Route { method: Post,   path: "/v1/token",                  handler: access::give,         takes: fields::TOKEN,    group: Token, section: "Authentication",              evidence: Documented },
    Route { method: Post,   path: "/v1/shipments",              handler: shipments::book,     takes: fields::BOOK,     group: Book,  section: "Book",                        evidence: Documented },
    Route { method: Get,    path: "/v1/shipments/list",         handler: listing::list,       takes: fields::LIST,     group: Read,  section: "List Shipments",              evidence: Documented },
    Route { method: Get,    path: "/v1/shipments/search",       handler: listing::search,     takes: fields::SEARCH,   group: Read,  section: "Search Shipments",            evidence: Documented },
    Route { method: Get,    path: "/v1/shipments/{reference}",  handler: shipments::view,     takes: fields::NOTHING,  group: Read,  section: "View Shipment",               evidence: Documented },
    Route { method: Post,   path: "/v1/picking_lists/download", handler: picking::download,   takes: fields::PICKING,  group: Read,  section: "Picking Lists",               evidence: Documented },
    Route { method: Post,   path: "/v1/returns",                handler: returns::create,     takes: fields::RETURN,   group: Write, section: "Creating a Return Label",     evidence: Documented },
    Route { method: Get,    path: "/v1/services",               handler: services::outgoing,  takes: fields::NOTHING,  group: Read,  section: "Outgoing Services",           evidence: Documented },
    Route { method: Get,    path: "/v1/services/incoming",      handler: services::incoming,  takes: fields::NOTHING,  group: Read,  section: "Incoming Services (Returns)", evidence: Documented },
    Route { method: Get,    path: "/v1/packages/sizes",         handler: packages::sizes,     takes: fields::PAGES,    group: Read,  section: "Packages",                    evidence: Documented },
    Route { method: Post,   path: "/v1/products",               handler: products::add,       takes: fields::PRODUCT,  group: Write, section: "Add Product",                 evidence: Documented },
    Route { method: Get,    path: "/v1/products/view/{sku}",    handler: products::view,      takes: fields::NOTHING,  group: Read,  section: "View Product",                evidence: Documented },
    Route { method: Get,    path: "/v1/products",               handler: products::list,      takes: fields::PAGES,    group: Read,  section: "List Products",               evidence: Documented },
    Route { method: Put,    path: "/v1/products/update/{sku}",  handler: products::update,    takes: fields::UPDATE,   group: Write, section: "Update Product",              evidence: Documented },
    Route { method: Post,   path: "/v1/tags",                   handler: tags::add,           takes: fields::TAG,      group: Write, section: "Add Tags",                    evidence: Documented },
    Route { method: Get,    path: "/v1/tags/{id}",              handler: tags::view,          takes: fields::NOTHING,  group: Read,  section: "View Tag",                    evidence: Documented },
    Route { method: Get,    path: "/v1/tags",                   handler: tags::list,          takes: fields::PAGES,    group: Read,  section: "List Tags",                   evidence: Documented },
    Route { method: Put,    path: "/v1/tags/{id}",              handler: tags::update,        takes: fields::TAG,      group: Write, section: "Update Tag",                  evidence: Documented },
    Route { method: Patch,  path: "/v1/tags/{id}",              handler: tags::update,        takes: fields::RETAG,    group: Write, section: "Update Tag",                  evidence: Documented },
    Route { method: Delete, path: "/v1/tags/{id}",              handler: tags::delete,        takes: fields::NOTHING,  group: Write, section: "Delete Tag",                  evidence: Documented },
];
