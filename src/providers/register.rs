//! The register of providers: the only list of them. Whatever exists once for each is made from it.
//!
//! To add a provider, lay its folder beside this file and add its row; the compiler asks for the rest.

use serde::{Deserialize, Serialize};

use crate::kit::shared::Shared;
use crate::providers::Registered;
use crate::providers::service::{Service, TypedService};

/// Calls a macro with every row: the folder, the type that is the provider, and what a scenario opens there.
///
/// The folder's name is also the provider's name in addresses, scenarios and documents.
#[macro_export]
macro_rules! for_each_provider {
    ($with:ident) => {
        $with! {
            /// Shipper Open API.
            shipper Shipper accounts;
            /// Shiplee.
            shiplee Shiplee accounts;
            /// Salla.
            salla Salla stores;
            /// Shiptheory.
            shiptheory Shiptheory accounts;
            /// Shipup.
            shipup Shipup accounts;
        }
    };
}

macro_rules! register {
    ($($(#[$doc:meta])* $folder:ident $provider:ident $opens:ident;)+) => {
        $crate::words! {
            /// The providers played.
            pub enum Name { $($(#[$doc])* $provider = stringify!($folder)),+ }
        }

        /// The state of every provider in one world; what a world has not changed it shares with the one it was forked from.
        #[derive(Debug, Clone, Default, Serialize, Deserialize)]
        pub struct Providers {
            $($(#[$doc])* pub $folder: Shared<super::$folder::State>,)+
        }

        impl Providers {
            /// Whether the state of every provider is shared with that in another world.
            pub fn are_shared_with(&self, other: &Providers) -> bool {
                $(self.$folder.is_shared_with(&other.$folder))&&+
            }
        }

        /// Something a world owes to itself later.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Due {
            /// The next attempt of a webhook delivery.
            Attempt(u64),
            /// A webhook delivery that was kept back goes out, if it has not already.
            Release(u64),
            $($(#[$doc])* $provider(super::$folder::Timer),)+
        }

        /// The service behind a name.
        pub fn service(name: Name) -> &'static dyn Service {
            match name {
                $(Name::$provider => &TypedService::<super::$folder::$provider>::NEW,)+
            }
        }

        /// The service that promised a thing.
        pub fn owner(due: Due) -> Option<&'static dyn Service> {
            match due {
                Due::Attempt(_) | Due::Release(_) => None,
                $(Due::$provider(_) => Some(service(Name::$provider)),)+
            }
        }

        $(
            impl Registered for super::$folder::$provider {
                type State = super::$folder::State;

                const NAME: Name = Name::$provider;

                fn state(all: &Providers) -> &Self::State {
                    &all.$folder
                }

                fn state_mut(all: &mut Providers) -> &mut Shared<Self::State> {
                    &mut all.$folder
                }
            }

            impl From<super::$folder::Timer> for Due {
                fn from(timer: super::$folder::Timer) -> Self {
                    Due::$provider(timer)
                }
            }

            impl TryFrom<Due> for super::$folder::Timer {
                type Error = ();

                fn try_from(due: Due) -> Result<Self, ()> {
                    match due {
                        Due::$provider(timer) => Ok(timer),
                        _ => Err(()),
                    }
                }
            }
        )+
    };
}

for_each_provider!(register);
