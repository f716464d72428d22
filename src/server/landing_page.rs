//! The landing page, and the 404 of paths that belong to nobody.

use crate::control::{Problem, calls};
use crate::kit::text::{did_you_mean, escape_html, excerpt};
use crate::message::{Method, Reply, Request, matches};
use crate::providers::{self, Name};
use crate::world::{DEFAULT, WORLD_NAMES, own_headers, valid_name};

/// What the control API offers, for whoever looks around.
fn offers() -> impl Iterator<Item = (String, &'static str)> {
    calls().iter().map(|call| (format!("{} /_shipmock{}", call.method, call.path), call.summary))
}

/// Lists what is here: as a page for browsers, as text for everybody else.
pub(crate) fn page(request: &Request, host: &str, world: &str) -> Reply {
    if !matches!(request.method, Method::Get | Method::Head) {
        return Problem::new(405, "Method not allowed", "the front page can only be read")
            .header("Allow", "GET, HEAD")
            .reply();
    }
    let place = if world == DEFAULT { String::new() } else { format!("/w/{world}") };
    let base = format!("http://{host}{place}");
    let providers: Vec<(&str, String)> = Name::ALL
        .iter()
        .map(|name| {
            let service = providers::service(*name);
            (service.title(), format!("{base}/{name}{}", service.base()))
        })
        .collect();
    let html = request.headers.get("accept").is_some_and(|accept| accept.contains("text/html"));
    let (kind, text) = if html {
        ("text/html; charset=utf-8", in_html(&base, &providers))
    } else {
        ("text/plain; charset=utf-8", in_text(&base, &providers))
    };
    let mut reply = Reply::new(200, kind, text);
    reply.headers = own_headers(kind);
    reply
}

fn in_text(base: &str, providers: &[(&str, String)]) -> String {
    let mut text = String::from("Shipmock plays shipping providers. They are here:\n\n");
    for (title, url) in providers {
        text.push_str(&format!("  {title:<12} {url}\n"));
    }
    text.push_str(&format!("\nand are driven below {base}/_shipmock:\n\n"));
    let width = offers().map(|(call, _)| call.len()).max().unwrap_or_default();
    for (call, meaning) in offers() {
        text.push_str(&format!("  {call:<width$}  {meaning}\n"));
    }
    text.push_str("\nPut /w/NAME in front of a path, and it is answered in a world of its own.\n");
    text
}

fn in_html(base: &str, providers: &[(&str, String)]) -> String {
    let row = |left: &str, right: &str| {
        format!(
            "<tr><td>{}</td><td><code>{}</code></td></tr>",
            escape_html(left),
            escape_html(right)
        )
    };
    let providers: String = providers.iter().map(|(title, url)| row(title, url)).collect();
    let calls: String = offers().map(|(call, meaning)| row(meaning, &call)).collect();
    let presets = escape_html(&format!("{base}/_shipmock/presets"));
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Shipmock</title>\
         <style>body{{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;padding:0 1rem;\
         color-scheme:light dark}}td{{padding:.15rem 1.5rem .15rem 0;vertical-align:top}}</style>\
         <h1>Shipmock</h1><p>It plays shipping providers. They are here:</p><table>{providers}</table>\
         <p>Credentials that work: <a href=\"{presets}\">presets</a>. The worlds are driven with:</p>\
         <table>{calls}</table>\
         <p>Put <code>/w/NAME</code> in front of a path, and it is answered in a world of its own.</p>\n"
    )
}

/// Whether browsers ask for a path by themselves, so that it says nothing about anybody's client.
pub(crate) fn is_browsers_own(path: &str) -> bool {
    let own = ["/favicon.", "/apple-touch-icon", "/robots.txt", "/.well-known/"];
    own.iter().any(|start| path.starts_with(start))
}

/// The name behind `/w/` that cannot be a world's.
fn misnamed(path: &str) -> Option<&str> {
    let name = path.strip_prefix("/w/")?.split('/').next()?;
    (!name.is_empty() && !valid_name(name)).then_some(name)
}

/// Nobody lives here; what may have been meant.
pub(crate) fn nobody(path: &str) -> Reply {
    if let Some(name) = misnamed(path) {
        let fit = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
        let fitting: String = name.trim_start_matches('.').chars().take(64).map(fit).collect();
        let name = excerpt(name, 80);
        let detail = format!("`{name}` cannot be the name of a world: that is {WORLD_NAMES}.");
        let problem = Problem::new(404, "No name of a world", detail).with("field", "name");
        let problem =
            if valid_name(&fitting) { problem.with("did_you_mean", fitting) } else { problem };
        return explained(&problem);
    }
    let prefixes: Vec<&str> =
        Name::ALL.iter().map(|name| name.word()).chain(["_shipmock", "w"]).collect();
    let inside = |name: &&Name| {
        let service = providers::service(**name);
        service.routes().iter().any(|row| matches(row.path, path).is_some())
    };
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let near = did_you_mean(first, prefixes.iter().copied());
    let meant = match (Name::ALL.iter().find(inside), near) {
        (Some(name), _) => Some(format!("/{name}{path}")),
        (None, near) => near.map(|prefix| format!("/{prefix}")),
    };
    let told = meant.as_ref().map(|meant| format!(" Did you mean {meant}?")).unwrap_or_default();
    let list: Vec<String> = Name::ALL.iter().map(|name| format!("/{name}")).collect();
    let detail = format!(
        "A path begins with a provider ({}), with /_shipmock, or with /w/NAME and then one of these.{told}",
        list.join(", ")
    );
    let problem = Problem::new(404, "Nobody answers here", detail);
    explained(&match meant {
        Some(meant) => problem.with("did_you_mean", meant),
        None => problem,
    })
}

/// The answer, which the journal explains with its own words.
fn explained(problem: &Problem) -> Reply {
    problem.reply().because(problem.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{nobody, page};
    use crate::message::{Method, Request};
    use crate::world::WORLD_NAMES;

    #[test]
    fn a_stranger_is_told_where_to_go() {
        assert!(nobody("/shiper/api/v1/orders").body.text().contains("Did you mean /shipper?"));
        let detail = nobody("/api/v1/orders/555");
        assert!(detail.body.text().contains("Did you mean /shipper/api/v1/orders/555?"));
        assert!(!nobody("/favicon.ico").body.text().contains("Did you mean"));
    }

    #[test]
    fn a_name_that_no_world_can_have_is_told_what_names_are() {
        for (path, meant) in [
            ("/w/gw0-test_1.py::test/shipper/api/v1", Some("gw0-test_1.py--test")),
            ("/w/a%20b/shipper/api/v1", Some("a-20b")),
            ("/w/.hidden", Some("hidden")),
            ("/w/.", None),
        ] {
            let body: Value = serde_json::from_slice(&nobody(path).body).unwrap();
            let detail = body["detail"].as_str().unwrap();
            assert!(detail.contains(WORLD_NAMES) && !detail.contains("Did you mean"), "{detail}");
            assert_eq!(body.get("did_you_mean").and_then(Value::as_str), meant, "{path}");
        }
    }

    #[test]
    fn the_page_is_html_for_browsers_and_escapes_what_it_was_told() {
        let request = Request::new(Method::Get, "/");
        let text = page(&request, "localhost:1", "ci").body.text().into_owned();
        assert!(text.contains("http://localhost:1/w/ci/shipper/api/v1\n"), "{text}");
        let request = request.with("accept", "text/html,*/*");
        let text = page(&request, "\"><script>", "default").body.text().into_owned();
        assert!(text.starts_with("<!doctype html>") && !text.contains("<script>"));
    }
}
