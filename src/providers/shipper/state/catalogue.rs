//! A retailer's products, their variants and stock.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::providers::shipper::state::order::Line;

/// A size, a colour: what is really in the warehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub uuid: Uuid,
    /// "Size L".
    pub name: String,
    /// The stock-keeping unit.
    pub sku: String,
    /// What the customer pays.
    pub price: Decimal,
    /// What the supplier gets.
    pub cost: Decimal,
    /// Units in active warehouses; below zero when more was ordered than there is.
    pub stock: i64,
}

/// A product a retailer sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Sequential per organization: `products[].id` of a listed order, `retailer_product_id` of the dashboard.
    pub id: u64,
    /// What orders name it by.
    pub uuid: Uuid,
    /// Other texts orders may name it by; the documentation's placeholder is one.
    pub aliases: Vec<String>,
    pub name: String,
    /// The stock-keeping unit.
    pub sku: String,
    /// What the customer pays.
    pub price: Decimal,
    /// What the supplier gets.
    pub cost: Decimal,
    /// `active` or `inactive`.
    pub status: String,
    /// The supplier's name at Shipper; shipments share it.
    pub supplier: std::sync::Arc<str>,
    /// Units of a product without variants.
    pub stock: i64,
    pub variants: Vec<Variant>,
}

impl Product {
    /// Units available over variants, never below zero.
    pub fn available(&self) -> i64 {
        match self.variants.as_slice() {
            [] => self.stock.max(0),
            variants => {
                variants.iter().map(|variant| variant.stock.max(0)).fold(0, i64::saturating_add)
            }
        }
    }

    /// Moves stock by so many units: a variant's, or the product's own. A product with variants ordered by its
    /// own id takes from its first variant.
    pub fn move_stock(&mut self, variant: Option<Uuid>, by: i64) {
        let place = variant
            .and_then(|uuid| self.variants.iter().position(|it| it.uuid == uuid))
            .unwrap_or(0);
        let stock =
            self.variants.get_mut(place).map_or(&mut self.stock, |variant| &mut variant.stock);
        *stock = stock.saturating_add(by);
    }
}

/// What an order's `items[].id` names.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    pub product: &'a Product,
    /// The variant, when it was one's id.
    pub variant: Option<&'a Variant>,
}

/// The products of one organization, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    products: Vec<std::sync::Arc<Product>>,
}

impl Catalogue {
    /// Adds a product. Its id must be larger than every other's, or free.
    pub fn add(&mut self, product: Product) {
        let place = self.products.partition_point(|other| other.id < product.id);
        self.products.insert(place, std::sync::Arc::new(product));
    }

    /// The products, in the order of their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Product> + Clone {
        self.products.iter().map(|product| &**product)
    }

    /// How many there are.
    #[cfg_attr(surface_only, expect(dead_code, reason = "tests look at it"))]
    pub fn len(&self) -> usize {
        self.products.len()
    }

    /// Whether there is none.
    #[cfg_attr(surface_only, expect(dead_code, reason = "`len` asks for it"))]
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// The id the next product gets.
    pub fn next_id(&self) -> u64 {
        self.products.last().map_or(1, |product| product.id + 1)
    }

    /// A product by its sequential id.
    pub fn by_id(&self, id: u64) -> Option<&Product> {
        let place = self.products.binary_search_by_key(&id, |product| product.id).ok()?;
        self.products.get(place).map(|product| &**product)
    }

    /// A product by its sequential id, to be changed.
    pub fn by_id_mut(&mut self, id: u64) -> Option<&mut Product> {
        let place = self.products.binary_search_by_key(&id, |product| product.id).ok()?;
        self.products.get_mut(place).map(std::sync::Arc::make_mut)
    }

    /// What a line is of.
    pub fn of_line(&self, line: &Line) -> Option<Found<'_>> {
        let product = self.by_id(line.product)?;
        let variant = product.variants.iter().find(|it| Some(it.uuid) == line.variant);
        Some(Found { product, variant })
    }

    /// A product or a variant by what an order calls it.
    pub fn find(&self, name: &str) -> Option<Found<'_>> {
        let uuid = Uuid::try_parse(name).ok().filter(|_| name.len() == 36);
        self.iter().find_map(|product| {
            if uuid == Some(product.uuid) || product.aliases.iter().any(|alias| alias == name) {
                return Some(Found { product, variant: None });
            }
            let variant = product.variants.iter().find(|variant| uuid == Some(variant.uuid))?;
            Some(Found { product, variant: Some(variant) })
        })
    }
}

impl Found<'_> {
    /// What the customer pays for one.
    pub fn price(&self) -> Decimal {
        self.variant.map_or(self.product.price, |variant| variant.price)
    }

    /// What the supplier gets for one.
    pub fn cost(&self) -> Decimal {
        self.variant.map_or(self.product.cost, |variant| variant.cost)
    }
}
