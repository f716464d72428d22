//! The simulated providers: a folder for each, their register, and the kit that they are made of.
//!
//! Folders never look into each other. `register.rs` says what a newcomer needs.

mod context;
mod environment;
mod fields;
mod journey_book;
mod kind;
mod operator_error;
mod presets;
mod provider;
mod register;
mod route;
mod rule_check;
mod service;
mod setup;
mod soundness;
mod traveller;
mod webhook_signing;

macro_rules! folders {
    ($($(#[$doc:meta])* $folder:ident $provider:ident $opens:ident;)+) => {
        $(pub mod $folder;)+
    };
}

crate::for_each_provider!(folders);

pub use crate::kit::fields::{Field, FieldRow, FieldRule, Need, Place, Shape, rows as field_rows};
pub use context::{Cx, Out, Parts};
pub use environment::environment;
pub use fields::Reading;
pub use journey_book::{
    Choice, Choosing, JourneyBook, WrittenJourneys, merged as merged_journeys, numbers,
};
pub use kind::{Detail, Entities, HistoryRow, Kind, NewValue, Operated, Standing, Summary};
pub use operator_error::OperatorError;
pub use presets::{Magic, Presets};
pub use provider::{
    Access, Inspect, Opening, Provider, Registered, Scheme, Setting, Timers, Webhooks, Wording,
};
pub use register::{Due, Name, Providers, owner, service};
pub use route::{Call, Handler, Route, RouteMiss};
pub use rule_check::{check as check_rule, of as spoken_of};
pub use service::{Answered, Preview, RouteLine, Service};
pub use setup::Layer;
pub use traveller::Traveller;
pub use webhook_signing::{Forged, Signing, SigningFault};
