//! Warehouses: documentation, "Warehouse Management".

use crate::message::{Evidence, Reply};
use crate::providers::shiplee::machines::{WAREHOUSE, WarehouseState};
use crate::providers::shiplee::resources::input;
use crate::providers::shiplee::state::accounts::Warehouse;
use crate::providers::shiplee::views::{WarehouseAdded, WarehouseRow, Warehouses};
use crate::providers::shiplee::{Error, Shiplee, views};
use crate::providers::{Call, Cx};

/// `POST /add_warehouse`: what it answers is not documented.
pub fn add(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let fields = input::json(call.request);
    input::check(&fields, call.takes)?;
    let warehouse = Warehouse {
        id: cx.state.next_warehouse(),
        seller: call.caller.seller,
        nickname: input::text(&fields, "nickname"),
        pincode: input::text(&fields, "pincode"),
        mobile: input::text(&fields, "mobileNumber"),
        address1: input::text(&fields, "address1"),
        city: input::text(&fields, "city"),
        state: input::text(&fields, "state"),
        address_type: input::optional(&fields, "addressType")
            .unwrap_or_else(|| "primary".to_owned()),
        delhivery_name: None,
        registration_failures: 0,
        life: WAREHOUSE.start(),
    };
    let warehouse_id = warehouse.id;
    cx.state.warehouses.insert(warehouse_id, warehouse);
    let rest = WarehouseAdded { warehouse_id };
    Ok(views::success(201, "Warehouse added successfully", rest).evidence(Evidence::Inferred))
}

/// `GET /get_warehouses`: the caller's active ones.
pub fn list(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let own = cx.state.warehouses.values().filter(|warehouse| {
        warehouse.seller == call.caller.seller && warehouse.life.state() == WarehouseState::Active
    });
    let rest = Warehouses { data: own.map(WarehouseRow::from).collect() };
    Ok(views::success(200, "Warehouses retrieved successfully", rest))
}
