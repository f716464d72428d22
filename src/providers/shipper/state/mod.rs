//! State: everything of the provider that can change in a world.

pub mod accounts;
pub mod address;
pub mod book;
pub mod catalogue;
mod columns;
pub mod order;
mod places;
pub mod status;
pub mod tallies;

use crate::providers::shipper::State;
use order::{Order, OrderKey};

impl State {
    /// Every order with its key, in the order of organizations and ids.
    pub fn orders(&self) -> impl Iterator<Item = (OrderKey, &Order)> {
        self.accounts.organizations.values().flat_map(|organization| {
            let key = |order: &Order| OrderKey { organization: organization.id, order: order.id };
            organization.book.iter().map(move |order| (key(order), order))
        })
    }

    /// An order.
    pub fn order(&self, key: OrderKey) -> Option<&Order> {
        self.accounts.organizations.get(&key.organization)?.book.get(key.order)
    }
}
