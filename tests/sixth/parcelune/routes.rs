//! The routes of Parcelune.

use crate::message::Evidence::Documented;
use crate::message::Method::{Get, Post};
use crate::providers::Route;
use crate::providers::parcelune::access::Group::Parcels;
use crate::providers::parcelune::resources::parcels;
use crate::providers::parcelune::{Parcelune, fields};

/// The two endpoints.
#[rustfmt::skip]
pub const ROUTES: &[Route<Parcelune>] = &[
    Route { method: Post, path: "/v1/parcels",      handler: parcels::create, takes: fields::PARCEL,  group: Parcels, section: "Book a parcel", evidence: Documented },
    Route { method: Get,  path: "/v1/parcels/{id}", handler: parcels::show,   takes: fields::NOTHING, group: Parcels, section: "Show a parcel", evidence: Documented },
];
