//! Warehouses as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::kind::input;
use crate::providers::shiplee::machines::WAREHOUSE;
use crate::providers::shiplee::state::accounts::Warehouse;
use crate::providers::shiplee::{Shiplee, State};
use crate::providers::{Cx, Kind, NewValue, Operated, Standing};

/// Warehouses, by their ids.
pub struct Warehouses;

impl Kind for Warehouses {
    type Of = Shiplee;
    type Entity<'a> = &'a Warehouse;

    const WORD: &'static str = "warehouse";
    const SETTABLE: &'static [&'static str] = &["nickname", "registration_failures"];

    fn all(state: &State) -> impl Iterator<Item = (String, &Warehouse)> {
        state.warehouses.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Warehouse> {
        state.warehouses.get(&id.parse().ok()?)
    }

    fn standing<'a>(_: &State, warehouse: &'a Warehouse) -> Standing<'a> {
        (&warehouse.life).into()
    }

    fn data(_: &State, warehouse: &Warehouse) -> Value {
        json!({
            "id": warehouse.id,
            "seller": warehouse.seller,
            "nickname": warehouse.nickname,
            "mobile": warehouse.mobile,
            "address1": warehouse.address1,
            "pincode": warehouse.pincode,
            "city": warehouse.city,
            "state": warehouse.state,
            "address_type": warehouse.address_type,
            "delhivery_warehouse_name": warehouse.delhivery_name,
            "registration_failures": warehouse.registration_failures,
        })
    }

    fn patch(cx: &mut Cx<'_, Shiplee>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut warehouse = Self::known(cx.state, id)?.clone();
        for given in fields {
            match given.field {
                "nickname" => warehouse.nickname = given.text()?,
                _ => {
                    warehouse.registration_failures = given.count()?;
                    // Who wants to see it fail wants it to be tried.
                    if warehouse.registration_failures > 0 {
                        warehouse.delhivery_name = None;
                    }
                }
            }
        }
        cx.state.warehouses.insert(warehouse.id, warehouse);
        Ok(())
    }

    fn apply(cx: &mut Cx<'_, Shiplee>, id: &str, on: &str) -> Operated {
        let warehouse = id.parse().ok().and_then(|id: u64| cx.state.warehouses.get_mut(&id));
        let warehouse = warehouse.ok_or_else(|| Self::absent(id))?;
        let on = input(&WAREHOUSE, &warehouse.life, on)?;
        let step = cx.out.step(&WAREHOUSE, &mut warehouse.life, id, on);
        step.map(drop).map_err(|_| Self::absent(id))
    }
}
