//! Switches: behaviours that are inferred, and can be met the other way.

use serde::{Deserialize, Serialize};

use crate::words;

words! {
    /// What is said about a token that cannot be taken.
    pub enum TokenMessages as "Wording" {
        /// The documented sentence, whatever is wrong.
        Uniform = "uniform",
        /// The documented sentence, but `Expired token` when its hour is over.
        Expired = "expired",
        /// What the common PHP library says.
        Library = "library",
    }
}

words! {
    /// Where a call without `Origin` is refused.
    pub enum OriginRule {
        /// Nowhere: one that is there must be on the list.
        Optional = "optional",
        /// At the login.
        Login = "login",
        /// Everywhere.
        Always = "always",
    }
}

/// Behaviours that are inferred, and can be met the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShipleeSwitches")]
pub struct Switches {
    /// What is said about a bad token.
    pub token_messages: TokenMessages,
    /// `bearer` in any case will do.
    pub bearer_in_any_case: bool,
    /// Where `Origin` must be there.
    pub origin: OriginRule,
    /// Of several addresses in `X-Forwarded-For` the last counts, not the first.
    pub last_forwarded_address: bool,
    /// `/reverse_order` answers the numeric `id` too.
    pub reverse_order_tells_id: bool,
    /// Every refusal of `/reverse_create_shipment` is a 200.
    pub reverse_refusals_are_200: bool,
    /// Bookings look for their parameters before they look into the wallet.
    pub parameters_before_balance: bool,
    /// `/order` wants `email`, `sameAddressCheckbox` and `paymentType` too.
    pub strict_order: bool,
    /// A parcel cancelled before it is picked up is paid back, and its order can be booked again.
    pub refund_on_cancel: bool,
    /// A parcel that comes back to its origin costs its freight once more.
    pub charge_returns: bool,
    /// The carrier answers forty questions for rates a minute, as it says it does; then there are none.
    pub throttle_rates: bool,
    /// Pages of any origin may read the answers.
    pub cors: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            token_messages: TokenMessages::Uniform,
            bearer_in_any_case: false,
            origin: OriginRule::Optional,
            last_forwarded_address: false,
            reverse_order_tells_id: false,
            reverse_refusals_are_200: false,
            parameters_before_balance: false,
            strict_order: false,
            refund_on_cancel: true,
            charge_returns: false,
            throttle_rates: false,
            cors: true,
        }
    }
}
