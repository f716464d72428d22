//! Signatures made with a secret that is not in the file: masked, on both sides of the comparison.

use serde_json::Value;

use crate::message::{Headers, Reply};

/// What stands instead of a signature.
const MASK: &str = "masked";

fn signs(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("signature") || name.contains("hmac")
}

/// Masks the signatures among header fields.
pub(super) fn headers(headers: &mut Headers) {
    let names: Vec<String> =
        headers.iter().map(|(name, _)| name.to_owned()).filter(|name| signs(name)).collect();
    for name in names {
        headers.set(name, MASK);
    }
}

/// Masks the signatures of the deliveries that an answer of the control API shows.
pub(super) fn reply(reply: &mut Reply) {
    if let Ok(mut value) = serde_json::from_slice::<Value>(&reply.body) {
        let before = value.clone();
        within(&mut value);
        if value != before {
            reply.body = value.to_string().into();
        }
    }
}

/// The reader of JSON has bounded the depth.
fn within(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(within),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if signs(name) => MASK.clone_into(text),
                    deeper => within(deeper),
                }
            }
        }
        _ => {}
    }
}
