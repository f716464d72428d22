//! Presets: the credentials, ids and magic values that a world holds ready for whoever starts there.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a newcomer needs to call a provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Presets {
    /// Names and values of credentials.
    pub credentials: serde_json::Map<String, Value>,
    /// Names and values of ids that exist.
    pub ids: serde_json::Map<String, Value>,
    /// Values that choose a journey.
    pub magic: Vec<Magic>,
}

/// A value in a request that makes something happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Magic {
    /// The field of the request.
    pub field: String,
    /// The value.
    pub value: String,
    /// What it does.
    pub effect: String,
}
