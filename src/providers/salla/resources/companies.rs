//! Shipping companies.

use serde::Serialize;

use crate::message::Reply;
use crate::providers::salla::data::couriers::{Activation, COURIERS, Courier, courier};
use crate::providers::salla::{Error, Salla, State, views};
use crate::providers::{Call, Cx};

#[derive(Debug, Serialize)]
struct Company {
    id: u64,
    name: &'static str,
    app_id: &'static str,
    activation_type: Activation,
    slug: Option<&'static str>,
}

impl Company {
    /// The two copies of the documentation disagree whether what a merchant linked has a short name.
    fn new(state: &State, courier: &'static Courier) -> Company {
        let hidden = state.switches.manual_without_slug && courier.activation == Activation::Manual;
        Company {
            id: courier.id,
            name: courier.name,
            app_id: courier.app,
            activation_type: courier.activation,
            slug: (!hidden).then_some(courier.slug),
        }
    }
}

/// `GET /shipping/companies`.
pub fn list(cx: &mut Cx<'_, Salla>, _: &Call<'_, Salla>) -> Result<Reply, Error> {
    let all: Vec<Company> = COURIERS.iter().map(|it| Company::new(cx.state, it)).collect();
    Ok(views::success(200, all))
}

/// `GET /shipping/companies/{id}`.
pub fn show(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let known = call.args.number(0).and_then(courier);
    let known = known.ok_or(Error::NotFound("shipping company"))?;
    Ok(views::success(200, Company::new(cx.state, known)))
}
