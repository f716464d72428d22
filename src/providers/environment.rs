//! Environment variables for clients: where each provider is, and credentials that work.

use serde_json::Value;

use crate::providers::{Name, Providers, service};

/// The names and values of the variables: where the server is, and where a suite that has bound its receiver says so; for each provider `NAME_BASE_URL`, and `NAME_CREDENTIAL` for every
/// credential of its presets that is a text. `origin` is where the world is reached.
pub fn environment(origin: &str, all: &Providers) -> Vec<(String, String)> {
    let targets = format!("{origin}/_shipmock/webhooks/targets");
    let mut variables = vec![
        ("SHIPMOCK_URL".to_owned(), origin.to_owned()),
        ("SHIPMOCK_WEBHOOK_TARGETS".to_owned(), targets),
    ];
    for name in Name::ALL {
        let service = service(*name);
        let prefix = name.word().to_ascii_uppercase();
        let url = format!("{origin}/{name}{}", service.base());
        variables.push((format!("{prefix}_BASE_URL"), url));
        for (credential, value) in service.presets(all).credentials {
            if let Value::String(text) = value {
                variables.push((format!("{prefix}_{}", credential.to_ascii_uppercase()), text));
            }
        }
    }
    variables
}
