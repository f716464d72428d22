//! The announcement on standard output when a server listens: where it is, with which credentials, and one call to copy.

use std::fmt::Write as _;

use serde_json::Value;

use crate::providers::{self, Name, Presets};
use crate::server::running::Running;
use crate::world::DEFAULT;

/// How wide a line is at most; `presets` has what does not fit.
const WIDTH: usize = 100;
/// Before the credentials of a provider, below its address.
const INDENT: &str = "    ";

/// The text for standard output.
pub(crate) fn text(running: &Running) -> String {
    let base = running.base_url();
    let others: String = running.others.iter().map(|it| format!(" and http://{it}")).collect();
    let mut text = format!("listening on http://{}{others}\n\n", running.address);
    let titles = Name::ALL.iter().map(|name| providers::service(*name).title().len());
    let width = titles.max().unwrap_or(0);
    for name in Name::ALL {
        let service = providers::service(*name);
        let (title, url) = (service.title(), format!("{base}/{name}{}", service.base()));
        let _ = writeln!(text, "{title:width$}  {url}");
        let shown = credentials(&presets(running, *name));
        if !shown.is_empty() {
            let _ = writeln!(text, "{INDENT}{shown}");
        }
    }
    let _ = writeln!(text, "\nall credentials: {base}/_shipmock/presets");
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

/// As many credentials as fit a line, from the first one.
fn credentials(presets: &Presets) -> String {
    let words = presets.credentials.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name}={text}"),
        other => format!("{name}={other}"),
    });
    let mut line = String::new();
    for word in words {
        let gap = if line.is_empty() { "" } else { "  " };
        if INDENT.len() + line.len() + gap.len() + word.len() > WIDTH {
            break;
        }
        line.push_str(gap);
        line.push_str(&word);
    }
    line
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
