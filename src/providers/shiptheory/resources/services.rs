//! Delivery services: documentation, "Outgoing Services" and "Incoming Services (Returns)".

use serde_json::{Map, Value, json};

use crate::message::Reply;
use crate::providers::shiptheory::data::carriers::{Carrier, RETURN_SERVICES, SERVICES};
use crate::providers::shiptheory::views::Incoming;
use crate::providers::shiptheory::{Error, Shiptheory, views};
use crate::providers::{Call, Cx};

/// `GET /v1/services`: by carrier and name; numbers are texts.
pub fn outgoing(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let account = cx.state.account(&call.caller)?;
    let mut carriers = Map::new();
    for carrier in Carrier::ALL {
        let services = SERVICES.iter().filter(|service| service.carrier == *carrier);
        let services: Map<String, Value> = services
            .filter_map(|service| {
                let instances = account.instances(service);
                let texts = instances.map(|it| it.to_string()).collect::<Vec<_>>();
                let line = json!({ "id": service.id.to_string(), "courier_increment_ids": texts });
                (!texts.is_empty()).then(|| (service.name.to_owned(), line))
            })
            .collect();
        if !services.is_empty() {
            carriers.insert(carrier.word().to_owned(), Value::Object(services));
        }
    }
    Ok(views::reply(200, &json!({ "delivery_services": carriers })))
}

/// `GET /v1/services/incoming`: by carrier; numbers are numbers.
pub fn incoming(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let account = cx.state.account(&call.caller)?;
    let mut carriers = Map::new();
    for carrier in Carrier::ALL {
        let services = RETURN_SERVICES.iter().filter(|service| service.carrier == *carrier);
        let services: Vec<Value> = services.map(|service| json!(Incoming::from(service))).collect();
        if account.carriers.contains_key(carrier.word()) && !services.is_empty() {
            carriers.insert(carrier.word().to_owned(), Value::Array(services));
        }
    }
    Ok(views::reply(200, &json!({ "return_services": carriers })))
}
