//! Products as an entity of the control API.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::providers::shipper::rules::money::MOST;
use crate::providers::shipper::state::catalogue::Product;
use crate::providers::shipper::{Shipper, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing};

/// Products, by their UUIDs, or another text they are ordered by.
pub struct Products;

impl Kind for Products {
    /// With its organization's number.
    type Of = Shipper;
    type Entity<'a> = (u32, &'a Product);

    const WORD: &'static str = "product";
    const SETTABLE: &'static [&'static str] =
        &["name", "price", "cost", "status", "stock", "variants"];
    const NO_MOVES: &'static str = "a product has no moves; set `status` or `stock` with PATCH";

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        let owners = state.accounts.organizations.values();
        owners.flat_map(|owner| {
            owner.catalogue.iter().map(|it| (it.uuid.to_string(), (owner.id, it)))
        })
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        state.accounts.organizations.values().find_map(|owner| {
            let found = owner.catalogue.find(id).filter(|found| found.variant.is_none())?;
            Some((owner.id, found.product))
        })
    }

    fn standing<'a>(_: &'a State, (_, product): Self::Entity<'a>) -> Standing<'a> {
        if product.status == "active" { "active" } else { "inactive" }.into()
    }

    fn data(_: &State, (organization, product): Self::Entity<'_>) -> Value {
        let mut data = serde_json::to_value(product).unwrap_or_default();
        data["organization"] = json!(organization);
        data["available"] = json!(product.available());
        data
    }

    fn patch(cx: &mut Cx<'_, Shipper>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let (organization, product) = Self::known(cx.state, id)?;
        let mut product = product.clone();
        for given in fields {
            match given.field {
                "name" => product.name = given.filled()?,
                "status" => {
                    let status = given.text()?;
                    if !["active", "inactive"].contains(&status.as_str()) {
                        return Err(given.wrong("active or inactive"));
                    }
                    product.status = status;
                }
                "price" => {
                    product.price = given.amount(MOST)?;
                    product.variants.iter_mut().for_each(|variant| variant.price = product.price);
                }
                "cost" => {
                    product.cost = given.amount(MOST)?;
                    product.variants.iter_mut().for_each(|variant| variant.cost = product.cost);
                }
                "stock" if product.variants.is_empty() => {
                    let stock = given.value.as_i64();
                    product.stock = stock.ok_or_else(|| given.wrong("a whole number"))?;
                }
                "stock" => {
                    return Err(given.wrong(
                        "left alone: this product's stock is its variants'; set `variants`",
                    ));
                }
                _ => set_variants(&mut product, given)?,
            }
        }
        let owner = cx.state.accounts.organizations.get_mut(&organization);
        if let Some(kept) = owner.and_then(|owner| owner.catalogue.by_id_mut(product.id)) {
            *kept = product;
        }
        Ok(())
    }
}

fn set_variants(product: &mut Product, given: &NewValue<'_>) -> Operated {
    let refused =
        || given.wrong("an object of variant UUIDs with their stock, as {\"<uuid>\": 15}");
    for (uuid, stock) in given.value.as_object().ok_or_else(refused)? {
        let uuid = Uuid::try_parse(uuid).map_err(|_| refused())?;
        let variant = product.variants.iter_mut().find(|variant| variant.uuid == uuid);
        variant.ok_or_else(refused)?.stock = stock.as_i64().ok_or_else(refused)?;
    }
    Ok(())
}
