//! Sellers as an entity of the control API.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::frameworks::php::json_encode::Number;
use crate::policy::allow_list::Network;
use crate::providers::shiplee::rules::carrier::Answer;
use crate::providers::shiplee::setup::soundness::no_plan;
use crate::providers::shiplee::state::accounts::Seller;
use crate::providers::shiplee::state::wallet::{EntryKind, MOST};
use crate::providers::shiplee::{Shiplee, State};
use crate::providers::{Cx, Kind, NewValue, Operated};

/// Sellers, by their ids, user names or Shiplee ids.
pub struct Sellers;

impl Kind for Sellers {
    type Of = Shiplee;
    type Entity<'a> = &'a Seller;

    const WORD: &'static str = "seller";
    const SETTABLE: &'static [&'static str] =
        &["wallet", "allowed_ips", "allowed_domains", "plan", "api_key", "next_answers"];
    const NO_MOVES: &'static str =
        "a seller has no moves; set its wallet, lists, plan or key with PATCH";

    fn all(state: &State) -> impl Iterator<Item = (String, &Seller)> {
        state.sellers.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Seller> {
        let number = id.parse().ok();
        state.sellers.values().find(|seller| Some(seller.id) == number || seller.is_called(id))
    }

    fn data(_: &State, seller: &Seller) -> Value {
        json!({
            "id": seller.id,
            "username": seller.email,
            "shiplee_id": seller.shiplee_id,
            "api_key": seller.api_key,
            "plan": seller.plan,
            "wallet": Number(seller.wallet.balance()),
            "allowed_ips": seller.allowed_ips,
            "allowed_domains": seller.allowed_domains,
            "next_answers": seller.next_answers,
            "ledger": seller.wallet.entries(),
        })
    }

    fn patch(cx: &mut Cx<'_, Shiplee>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let mut seller = Self::known(cx.state, id)?.clone();
        for given in fields {
            match given.field {
                "wallet" => seller.wallet.set(cx.now, EntryKind::Adjustment, given.amount(MOST)?),
                "allowed_ips" => {
                    let expected =
                        "a list of addresses and networks, as [\"203.0.113.7\", \"10.0.0.0/8\"]";
                    seller.allowed_ips = given.list(expected, |it| it.parse::<Network>().ok())?;
                }
                "allowed_domains" => {
                    let expected = "a list of hosts without scheme and port, as [\"shop.example\"]";
                    let bare = |it: &str| !it.is_empty() && !it.contains(['/', ':', ' ']);
                    seller.allowed_domains =
                        given.list(expected, |it| bare(it).then(|| it.to_owned()))?;
                }
                "plan" => {
                    let plan = given.text()?;
                    if !cx.state.plans.contains_key(&plan) {
                        let expected = format!("a plan: {}", no_plan(cx.state, &plan));
                        return Err(given.wrong(&expected));
                    }
                    seller.plan = plan;
                }
                "api_key" => seller.api_key = given.filled()?,
                _ => {
                    let expected = format!("a list of some of {}", Answer::WORDS.join(", "));
                    seller.next_answers = VecDeque::from(given.list(&expected, Answer::of)?);
                }
            }
        }
        cx.state.sellers.insert(seller.id, seller);
        Ok(())
    }
}
