//! Authentication by API key.

use jiff::Timestamp;

use crate::message::Request;
use crate::policy::{PolicyStep, Refusal};
use crate::providers::Access;
use crate::providers::parcelune::{Parcelune, State};
use crate::sim::secrets::fingerprint;
use crate::words;

words! {
    /// Both endpoints ask for the same.
    pub enum Group {
        /// A key.
        Parcels = "parcels",
    }
}

impl Access for Parcelune {
    /// The name of the account.
    type Caller = String;
    type Group = Group;

    const ORDER: &'static [PolicyStep] = &[PolicyStep::Credential];

    fn caller(state: &State, _: Group, request: &Request, _: Timestamp) -> Result<String, Refusal> {
        let given = fingerprint(request.bearer().ok_or(Refusal::NoCredential)?);
        let mut accounts = state.accounts.iter();
        let known = accounts.find(|(_, account)| fingerprint(&account.key) == given);
        known.map(|(name, _)| name.clone()).ok_or(Refusal::UnknownCredential)
    }

    fn account(_: &State, caller: &String) -> String {
        caller.clone()
    }
}
