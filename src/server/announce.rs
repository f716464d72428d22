//! The announcement on standard output when a server listens: where it is, with which credentials, and one call to copy.

use std::fmt::Write as _;

use serde_json::Value;

use crate::providers::{self, Name, Presets};
use crate::server::running::Running;
use crate::world::DEFAULT;

/// How many credentials a line shows; `presets` has them all.
const SHOWN: usize = 3;

/// The text for standard output.
pub(crate) fn text(running: &Running) -> String {
    let base = running.base_url();
    let mut text = format!("listening on http://{}\n\n", running.address);
    let rows: Vec<[String; 3]> = Name::ALL
        .iter()
        .map(|name| {
            let service = providers::service(*name);
            let url = format!("{base}/{name}{}", service.base());
            [service.title().to_owned(), url, credentials(&presets(running, *name))]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (first, second) = (width(0).max("provider".len()), width(1).max("base URL".len()));
    let _ = writeln!(text, "{:first$}  {:second$}  credentials", "provider", "base URL");
    for [title, url, credentials] in &rows {
        let line = format!("{title:first$}  {url:second$}  {credentials}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ = writeln!(text, "\n{}", example(&base, &presets(running, Name::Shipper)));
    text
}

fn presets(running: &Running, name: Name) -> Presets {
    let entry = running.service.context.worlds.find(DEFAULT);
    let seen = entry.map(|entry| {
        entry.read(|world| providers::service(name).presets(world.providers())).unwrap_or_default()
    });
    seen.unwrap_or_default()
}

fn credentials(presets: &Presets) -> String {
    let shown = presets.credentials.iter().take(SHOWN);
    let words: Vec<String> = shown
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name}={text}"),
            other => format!("{name}={other}"),
        })
        .collect();
    words.join("  ")
}

/// A call that works as it stands.
fn example(base: &str, shipper: &Presets) -> String {
    match shipper.credentials.get("api_key").and_then(Value::as_str) {
        Some(key) if key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\'') => {
            format!("curl -H 'Authorization: Bearer {key}' {base}/shipper/api/v1/orders")
        }
        _ => format!("curl {base}/_shipmock/presets"),
    }
}
