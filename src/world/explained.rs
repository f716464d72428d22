//! Explanations that no provider can give, put before its own: a body that came
//! compressed or is no JSON, and a limit while the clock stands.

use crate::message::{Evidence, Reply, Request, json_fault};
use crate::sim::clock::Mode;

/// The statuses by which providers say that a field is missing or wrong; Shiptheory says it with 200.
const ABOUT_FIELDS: [u16; 3] = [200, 400, 422];

/// Says before a refusal's own explanation what its provider cannot know of.
pub(super) fn complete(reply: &mut Reply, request: &Request, mode: Mode) {
    let Some(own) = &reply.explanation else { return };
    let first = if let Some(encoding) = unread_encoding(request) {
        format!(
            "The body came with `Content-Encoding: {encoding}`, which is not undone, so that its bytes were read as they \
             are; send it without."
        )
    } else if reply.evidence == Evidence::Injected {
        return;
    } else if reply.status == 429 && mode == Mode::Frozen {
        "This world's clock stands, so that waiting changes nothing: let time pass with POST /_shipmock/clock/advance, \
         or lift the limits in the scenario."
            .to_owned()
    } else if ABOUT_FIELDS.contains(&reply.status) && !own.contains("JSON") {
        let Some(fault) = json_fault(request) else { return };
        format!("The body is no JSON, so that nothing in it was read: {fault}.")
    } else {
        return;
    };
    reply.explanation = Some(format!("{first} {own}").into());
}

/// How a body came that no provider decompresses.
fn unread_encoding(request: &Request) -> Option<&str> {
    let encoding = request.headers.get("content-encoding")?.trim();
    let is_plain = encoding.is_empty() || encoding.eq_ignore_ascii_case("identity");
    (!request.body.is_empty() && !is_plain).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use crate::message::{Method, Request};
    use crate::providers::Name;
    use crate::world::{Orders, Recipe, Setup, World};

    fn world() -> World {
        let setup: Setup = serde_json::from_value(json!({
            "shipper": {
                "organizations": [{ "name": "Shop", "keys": [{ "name": "api_key", "token": "KEY" }] }],
                "limits": { "read": 1 },
            },
        }))
        .unwrap();
        let at = "2026-05-14T09:00:00Z".parse().unwrap();
        let orders = Orders { at: Some(at), ..Orders::default() };
        World::build(Arc::new(Recipe::new("explained", setup, orders, at))).unwrap()
    }

    fn explained(world: &mut World, request: Request) -> (u16, String) {
        let reply = world.request(Name::Shipper, request.with("authorization", "Bearer KEY"));
        (reply.status, reply.explanation.unwrap_or_default().into_owned())
    }

    #[test]
    fn a_body_that_is_no_json_is_named_before_the_fields_it_seems_to_miss() {
        let order = || Request::new(Method::Post, "/api/v1/orders");
        for (body, words) in [
            (b"{\"items\":[],}".to_vec(), "trailing comma at line 1 column 13"),
            (b"\xef\xbb\xbf{}".to_vec(), "byte order mark"),
            (b"{\"name\":\"caf\xe9\"}".to_vec(), "byte 0xE9 at line 1 column 13"),
            (vec![0x1f, 0x8b, 8, 0], "gzip"),
            (b"{\n 'a': 1}".to_vec(), "line 2 column 2"),
            (b"{\"a\": ".to_vec(), "line 1 column 6"),
        ] {
            let shown = String::from_utf8_lossy(&body).into_owned();
            let (status, why) = explained(&mut world(), order().carrying("application/json", body));
            assert_eq!(status, 422, "{shown}");
            assert!(
                why.starts_with("The body is no JSON") && why.contains(words),
                "{shown}: {why}"
            );
        }
        // What is read, and wrong, is the provider's to explain.
        let (_, why) = explained(&mut world(), order().carrying("application/json", "{}"));
        assert!(!why.is_empty() && !why.contains("no JSON"), "{why}");
    }

    #[test]
    fn a_limit_in_a_world_whose_clock_stands_is_not_waited_for() {
        let mut world = world();
        let list = || Request::new(Method::Get, "/api/v1/orders");
        assert_eq!(explained(&mut world, list()).0, 200);
        let (status, why) = explained(&mut world, list());
        assert_eq!(status, 429);
        assert!(
            why.starts_with("This world's clock stands") && why.contains("/clock/advance"),
            "{why}"
        );
    }
}
