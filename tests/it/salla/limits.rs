//! How often a store may be asked: a budget a minute by its plan, then a call a second.

use serde_json::json;

use super::{Client, STORE, refusal};
use crate::harness::Read as _;

/// How many of some calls in a row are admitted.
fn admitted(client: &mut Client, calls: u32) -> u32 {
    (0..calls).map(|_| u32::from(client.get("/shipments/1").status != 429)).sum()
}

#[test]
fn the_budget_is_the_plans_and_drips_until_the_minute_is_over() {
    for (plan, budget) in [("plus", 120), ("pro", 360), ("special", 720)] {
        let mut client = Client::open();
        client.patch("store", STORE, json!({ "plan": plan }));
        assert_eq!(admitted(&mut client, budget + 5), budget, "{plan}");
        client.advance("1s");
        assert_eq!(admitted(&mut client, 3), 1, "{plan}");
        client.advance("500ms");
        assert_eq!(admitted(&mut client, 3), 0, "{plan}");
        client.advance("58s");
        assert_eq!(admitted(&mut client, 3), 1, "{plan}");
        client.advance("1s");
        assert_eq!(admitted(&mut client, 50), 50, "{plan}");
    }
}

#[test]
fn every_answer_within_the_limit_has_the_three_headers_and_a_refusal_the_wait() {
    let mut client = Client::open();
    let start = client.world.world.now().as_second();
    let headers = |reply: &shipmock::internals::message::Reply| {
        ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"]
            .map(|name| reply.header(name).map(str::to_owned))
    };
    let some = |text: &str| Some(text.to_owned());
    let reset = (start + 60).to_string();
    let reply = client.get("/shipments");
    assert_eq!(headers(&reply), [some("120"), some("119"), some(&reset), None]);
    // Refused for other reasons, a call counts too.
    client.advance("10s");
    let reply = client.get("/shipments?status=x");
    assert_eq!(headers(&reply), [some("120"), some("118"), some(&reset), None]);
    let mut other = client.clone().calling_as("unscoped_token");
    assert_eq!(headers(&other.get("/shipments")), [some("120"), some("117"), some(&reset), None]);
    assert_eq!(admitted(&mut client, 200), 118);
    let reply = client.get("/shipments");
    assert_eq!(headers(&reply), [some("120"), some("0"), some(&reset), some("1")]);
    assert_eq!(refusal(&reply), (429, json!("too_many_requests"), "Too Many Attempts.".to_owned()));
    // Without a token there is no store to count for.
    client.token = "nobody".to_owned();
    assert_eq!(headers(&client.get("/shipments")), [None, None, None, None]);
}

#[test]
fn tokens_of_a_store_share_its_budget_and_stores_do_not() {
    let mut client = Client::open();
    assert_eq!(admitted(&mut client, 130), 120);
    assert_eq!(admitted(&mut client.clone().calling_as("read_only_token"), 1), 0);
    assert_eq!(admitted(&mut client.clone().calling_as("other_store_token"), 200), 200);
    let mut client = Client::with(json!({ "limits": { "plus": 3 } }));
    assert_eq!(admitted(&mut client, 5), 3);
    let mut client = Client::with(json!({ "limits": { "lifted": true } }));
    assert_eq!(admitted(&mut client, 900), 900);
}
