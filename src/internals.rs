//! The hidden door: what the program, and this crate's own tests, benches and fuzz targets use of the rooms. No part of the
//! library, and it may change with every commit.

pub use crate::program::main;

#[cfg(not(surface_only))]
pub use self::rooms::*;

/// Left out of a build that looks for what only tests use: what nothing reaches then is dead.
#[cfg(not(surface_only))]
mod rooms {
    pub mod kit {
        pub use crate::kit::*;
    }
    pub mod frameworks {
        pub use crate::frameworks::*;
    }
    pub mod message {
        pub use crate::message::*;
    }
    pub mod sim {
        pub use crate::sim::*;
    }
    pub mod policy {
        pub use crate::policy::*;
    }
    pub mod providers {
        pub use crate::providers::*;
    }
    pub mod world {
        pub use crate::world::*;
    }
    pub mod scenario {
        pub use crate::scenario::*;
    }
    pub mod control {
        pub use crate::control::*;
    }
    pub mod listing {
        pub use crate::listing::*;
    }
    pub mod report {
        pub use crate::report::*;
    }
    pub mod session {
        pub use crate::session::*;
    }
    pub mod server {
        pub use crate::server::*;
    }
    pub mod cli {
        pub use crate::cli::*;
    }
    pub mod commands {
        pub use crate::commands::*;
    }
}
