//! Field tables: what each endpoint of Parcelune reads, and the validation of it.

use crate::kit::fields::FieldRule::{Max, Size};
use crate::kit::fields::fields;

fields! {
    /// Endpoints that read their path only.
    pub NOTHING {}

    /// `POST /v1/parcels`.
    pub PARCEL {
        body "reference" must Text [Max(64)];
        /// The country that it goes to.
        body "country"   must Text [Size(2)];
    }
}
