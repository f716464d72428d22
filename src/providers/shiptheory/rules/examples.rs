//! Examples: what stands in for what the documentation's own calls make. One gives way to its first creation, and to
//! nothing else; whatever an account's own data has used is the account's from then on.

use std::collections::BTreeSet;

use crate::kit::collation::Collated;
use crate::providers::shiptheory::State;

impl State {
    /// A shipment that was worked with is nobody's example any more, and neither is what it refers to.
    pub fn keep_shipment(&mut self, number: u64) {
        let Some(shipment) = self.shelf.get_mut(number) else { return };
        shipment.example = false;
        let tags = shipment.draft.tags.clone();
        let skus: Vec<Collated> =
            shipment.draft.items.iter().map(|item| Collated::new(&item.sku)).collect();
        let account = shipment.account;
        self.keep_tags(&tags);
        let Some(account) = self.accounts.get_mut(&account) else { return };
        for sku in skus {
            if let Some(product) = account.products.get_mut(&sku) {
                product.example = false;
            }
        }
    }

    /// The same for tags.
    pub fn keep_tags(&mut self, ids: &BTreeSet<u64>) {
        for id in ids {
            if let Some(tag) = self.tags.get_mut(id) {
                tag.example = false;
            }
        }
    }
}
