//! The rules of the house: which room uses which, who may wait, how long a file may be and what it may be called.

use std::collections::BTreeMap;
use std::path::Path;

use crate::harness::project;

/// Files longer than this are two files.
const CEILING: usize = 600;

/// Names that say nothing.
const EMPTY_NAMES: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];

/// What waits, and so belongs to the shell.
const WAITING: &[&str] = &["tokio", "tokio_rustls", "hyper", "hyper_util", "http_body_util"];

/// What stands in a provider's folder: the same names in all of them, each where a provider needs it.
const PROVIDER_SHAPE: &[&str] = &[
    "mod.rs",
    "routes.rs",
    "fields.rs",
    "machines.rs",
    "journeys.rs",
    "errors.rs",
    "access.rs",
    "webhooks.rs",
    "views.rs",
    "history.rs",
    "setup.rs",
    "setup",
    "kinds",
    "data",
    "state",
    "rules",
    "resources",
];

/// What no provider can do without.
const PROVIDER_NEEDS: &[&str] =
    &["mod.rs", "routes.rs", "machines.rs", "errors.rs", "setup", "kinds", "state", "resources"];

/// Where the rooms stand, as `lib.rs` and `main.rs` list them.
struct House {
    /// From the top to the bottom: a room uses only rooms above it.
    rooms: Vec<String>,
    /// The room each exported macro lives in.
    macros: BTreeMap<String, String>,
    /// The folders of the providers.
    providers: Vec<String>,
}

impl House {
    fn level(&self, room: &str) -> Option<usize> {
        self.rooms.iter().position(|known| known == room)
    }
}

/// The modules a file declares, in order.
fn modules(text: &str) -> Vec<String> {
    let declared = bare(text);
    let lines = declared.lines().map(str::trim);
    let name = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    };
    lines.filter_map(name).collect()
}

/// Code alone: comments gone, texts and letters emptied, lines kept.
pub(crate) fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_text(rest, out.chars().next_back()) {
            length
        } else if first == '"' {
            quoted(rest)
        } else if let Some(length) = letter(rest) {
            length
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let (gone, after) = rest.split_at(skipped);
        out.extend(gone.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    out
}

/// How long a text in quotes is, its escapes skipped.
fn quoted(rest: &str) -> usize {
    let mut escaped = true;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// How long a raw text is, if one begins here and not within a word.
fn raw_text(rest: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let inner = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    inner[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = rest.len() - inner.len() + hashes + 1;
    Some(rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

/// How long a letter in quotes is; a lifetime is none.
fn letter(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    let mut letters = inner.char_indices();
    let (_, first) = letters.next()?;
    if first == '\\' {
        return inner.get(2..)?.find('\'').map(|at| at + 4);
    }
    let (end, second) = letters.next()?;
    (second == '\'').then_some(end + 2)
}

/// Whether a name stands in code as a word of its own.
fn names(code: &str, name: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

/// The first names of every path below a root: of `crate::a::b` and `crate::{c, d::e}` they are a, c and d.
fn below<'a>(code: &'a str, root: &str) -> Vec<&'a str> {
    let word = |text: &'a str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        &text[..end]
    };
    let mut found = Vec::new();
    for (at, _) in code.match_indices(root) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + root.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(word(rest));
            continue;
        };
        let (mut depth, mut start) = (0_usize, 0);
        for (place, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    found.push(word(group[start..place].trim()));
                    start = place + 1;
                    if c == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// The room a file stands in: `src/sim/clock.rs` is in `sim`, `src/cli.rs` in `cli`.
fn room_of(path: &str) -> Option<&str> {
    let inner = path.strip_prefix("src/")?;
    let first = inner.split('/').next()?;
    Some(first.strip_suffix(".rs").unwrap_or(first))
}

/// What a file does that the house does not allow.
fn faults(house: &House, path: &str, text: &str) -> Vec<String> {
    let code = bare(text);
    let mut faults = Vec::new();
    let first = text.lines().next().unwrap_or("");
    let opening: Vec<&str> =
        text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let paragraph: Vec<&str> =
        opening.iter().copied().take_while(|line| !line.is_empty()).collect();
    let sentence = paragraph.join(" ");
    if !first.starts_with("//! ") || !sentence.contains(['.', ':']) {
        faults.push(format!("{path} does not open with a sentence that says what it is"));
    }
    let lines = text.lines().count();
    if lines > CEILING {
        faults.push(format!("{path} has {lines} lines; {CEILING} are the ceiling"));
    }
    for name in Path::new(path).iter().filter_map(|part| part.to_str()) {
        if EMPTY_NAMES.contains(&name.strip_suffix(".rs").unwrap_or(name)) {
            faults.push(format!("{path}: `{name}` says nothing"));
        }
    }
    let Some(room) = room_of(path) else { return faults };
    // A test may build whatever it looks at.
    let tests = path.contains("/tests/") || path.ends_with("/tests.rs");
    if room != "lib" && !tests {
        faults.extend(lower_rooms(house, path, room, &code));
    }
    if !["server", "simulator", "main"].contains(&room) {
        let waits = WAITING.iter().filter(|name| names(&code, name));
        faults.extend(waits.map(|name| format!("{path} uses {name}; only the shell may wait")));
    }
    if let Some(inner) = path.strip_prefix("src/providers/")
        && let Some((own, _)) = inner.split_once('/')
    {
        for other in house.providers.iter().filter(|other| *other != own) {
            let variant = format!("{}{}", other[..1].to_uppercase(), &other[1..]);
            let named = below(&code, "providers::").contains(&other.as_str())
                || ["Due::", "Name::"]
                    .iter()
                    .any(|of| below(&code, of).contains(&variant.as_str()));
            if named {
                faults.push(format!("{path} names {other}; folders never look into each other"));
            }
        }
    }
    faults
}

/// The uses of rooms that stand below a file's own.
fn lower_rooms(house: &House, path: &str, room: &str, code: &str) -> Vec<String> {
    let Some(level) = house.level(room) else {
        return vec![format!("{path} stands in no room that is listed")];
    };
    let mut used = below(code, "crate::");
    used.extend(below(code, "shipmock::"));
    used.extend(below(code, "shipmock::internals::"));
    used.sort_unstable();
    used.dedup();
    let fault = |name: &str| {
        let home = house.macros.get(name).map_or(name, String::as_str);
        let lower = house.level(home).is_some_and(|other| other > level);
        lower.then(|| format!("{path} uses {home}, which stands below {room}"))
    };
    used.into_iter().filter_map(fault).collect()
}

/// Every Rust file below a folder, as its path within the project and its text.
pub(crate) fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut entries: Vec<_> =
        std::fs::read_dir(project(folder)).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&path));
        } else if path.ends_with(".rs") {
            found.push((path.clone(), std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found
}

/// The house as it stands.
fn house() -> House {
    let read = |path: &str| std::fs::read_to_string(project(path)).unwrap_or_default();
    let mut rooms = modules(&read("src/lib.rs"));
    let behind = modules(&read("src/main.rs"));
    rooms.extend(behind.into_iter().filter(|room| *room != "cli"));
    rooms.push("main".to_owned());
    let mut macros = BTreeMap::new();
    for (path, text) in files("src") {
        for name in below(&bare(&text).replace("macro_rules! ", "macro_rules!::"), "macro_rules!::")
        {
            macros.insert(name.to_owned(), room_of(&path).unwrap().to_owned());
        }
    }
    House { rooms, macros, providers: folders_in("src/providers") }
}

/// The names of the folders in a folder, sorted.
fn folders_in(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(project(folder)).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|it| it.file_type().unwrap().is_dir());
    let mut names: Vec<String> =
        folders.map(|entry| entry.file_name().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// Where a provider stands that the shipped program does not have: the one that proves how another is added.
const SIXTH: &str = "tests/sixth";

/// Its files, as they stand when it is laid in among the others.
pub(crate) fn sixth() -> Vec<(String, String)> {
    let laid_in = |path: String| path.replacen(SIXTH, "src/providers", 1);
    files(SIXTH).into_iter().map(|(path, text)| (laid_in(path), text)).collect()
}

#[test]
fn the_house_keeps_its_rules() {
    let house = house();
    let known = ["kit", "frameworks", "message", "sim", "policy", "providers"];
    assert!(house.rooms.iter().map(String::as_str).take(6).eq(known), "{:?}", house.rooms);
    assert_eq!(house.macros.get("words").map(String::as_str), Some("kit"));
    assert!(house.providers.contains(&"shipper".to_owned()));
    let mut all = files("src");
    all.extend(files("tests"));
    all.extend(sixth());
    assert!(all.len() > 60, "the files were not found");
    let found: Vec<String> =
        all.iter().flat_map(|(path, text)| faults(&house, path, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What stands at the top of a provider's folder against the shape that all have.
fn shape_faults(provider: &str, top: &[String]) -> Vec<String> {
    let strange = top.iter().filter(|name| !PROVIDER_SHAPE.contains(&name.as_str()));
    let mut faults: Vec<String> = strange
        .map(|name| format!("{provider} has {name}, which no other provider would look for"))
        .collect();
    let has = |need: &str| {
        top.iter().any(|name| name.trim_end_matches(".rs") == need.trim_end_matches(".rs"))
    };
    let missing = PROVIDER_NEEDS.iter().filter(|need| !has(need));
    faults.extend(missing.map(|need| format!("{provider} has no {need}")));
    faults
}

#[test]
fn providers_have_one_shape() {
    let house = house();
    let mut folders: Vec<String> =
        house.providers.iter().map(|provider| format!("src/providers/{provider}")).collect();
    folders.extend(folders_in(SIXTH).into_iter().map(|provider| format!("{SIXTH}/{provider}")));
    assert_eq!(folders.len(), house.providers.len() + 1, "{folders:?}");
    for provider in &folders {
        let entries = std::fs::read_dir(project(provider)).unwrap();
        let top = entries.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned());
        assert_eq!(shape_faults(provider, &top.collect::<Vec<_>>()), Vec::<String>::new());
    }
}

#[test]
fn a_provider_of_another_shape_is_found() {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let whole = words(PROVIDER_NEEDS);
    assert!(shape_faults("shipper", &whole).is_empty());
    assert_eq!(shape_faults("shipper", &[whole.clone(), words(&["intake.rs"])].concat()).len(), 1);
    assert_eq!(shape_faults("shipper", &whole[1..]).len(), 1);
    assert!(
        shape_faults(
            "shipper",
            &[whole[..4].to_vec(), words(&["setup.rs", "kinds", "state", "resources"])].concat()
        )
        .is_empty()
    );
}

/// A house of four rooms for the planted faults.
fn planted(path: &str, text: &str) -> Vec<String> {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
    let house = House {
        rooms: words(&["kit", "sim", "providers", "server", "cli", "main"]),
        macros: BTreeMap::from([("machine_words".to_owned(), "sim".to_owned())]),
        providers: words(&["shipper", "shiplee"]),
    };
    faults(&house, path, &format!("//! A file.\n{text}"))
}

#[test]
fn a_use_of_a_lower_room_is_found_in_every_form() {
    for text in [
        "use crate::sim::clock::Clock;",
        "use crate::{kit::json, sim};",
        "use crate::{\n    kit::{json, page},\n    sim::agenda,\n};",
        "fn f() { crate::sim::f() }",
        "use shipmock::sim;",
        "use shipmock::internals::sim;",
        "crate::machine_words!(A);",
    ] {
        let expected = ["src/kit/a.rs uses sim, which stands below kit"];
        assert_eq!(planted("src/kit/a.rs", text), expected, "{text}");
    }
    for text in [
        "use crate::frameworks::php::json_encode;",
        "// crate::sim is below\n",
        "/* crate::sim */",
        "const A: &str = \"crate::sim\";",
        "const A: &str = r#\"\" crate::sim\"#;",
        "const A: char = '\"'; const B: &str = \"crate::sim\";",
        "fn f<'a>(a: &'a str) -> char { '\\'' } // crate::sim",
        "use mycrate::sim;",
    ] {
        assert_eq!(planted("src/kit/a.rs", text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(planted("src/sim/mod.rs", "use crate::kit;"), Vec::<String>::new());
    assert_eq!(planted("src/kit/tests/mod.rs", "use crate::sim;"), Vec::<String>::new());
    let lost = ["src/attic/a.rs stands in no room that is listed"];
    assert_eq!(planted("src/attic/a.rs", ""), lost);
}

#[test]
fn waiting_outside_the_shell_is_found() {
    for (path, text) in [
        ("src/kit/a.rs", "use tokio::time;"),
        ("src/cli.rs", "fn f(a: hyper::Request<()>) {}"),
        ("src/providers/shipper/mod.rs", "use hyper_util as web;"),
    ] {
        assert_eq!(planted(path, text).len(), 1, "{path} {text}");
    }
    for path in ["src/server/mod.rs", "src/main.rs"] {
        assert_eq!(planted(path, "use tokio::time; use hyper::body;"), Vec::<String>::new());
    }
    assert_eq!(planted("src/kit/a.rs", "let hyperbole = \"tokio\";"), Vec::<String>::new());
}

#[test]
fn a_provider_that_names_another_is_found() {
    for text in [
        "use crate::providers::shiplee::Order;",
        "use crate::providers::{Cx, shiplee};",
        "use super::super::providers::shiplee;",
        "match due { Due::Shiplee(_) => {} }",
        "const NAME: Name = Name::Shiplee;",
    ] {
        let expected =
            ["src/providers/shipper/a.rs names shiplee; folders never look into each other"];
        assert_eq!(planted("src/providers/shipper/a.rs", text), expected, "{text}");
    }
    assert_eq!(planted("src/providers/shiplee/a.rs", "use crate::providers::shiplee;").len(), 0);
    assert_eq!(
        planted("src/providers/mod.rs", "pub mod shiplee; fn f() { Name::Shiplee }").len(),
        0
    );
    assert_eq!(planted("src/providers/shiplee/a.rs", "struct A { shipper: String }").len(), 0);
}

#[test]
fn long_nameless_and_silent_files_are_found() {
    let long = "\n".repeat(CEILING);
    assert_eq!(planted("src/kit/a.rs", &long).len(), 1);
    assert_eq!(planted("src/kit/a.rs", &"\n".repeat(CEILING - 1)).len(), 0);
    for path in ["src/kit/util.rs", "src/sim/helpers/a.rs", "tests/it/common.rs"] {
        assert_eq!(planted(path, "").len(), 1, "{path}");
    }
    let house = house();
    for text in ["", "use std::fmt;", "// A file.", "//!\n//! A file.", "//! a file"] {
        assert_eq!(faults(&house, "tests/it/a.rs", text).len(), 1, "{text}");
    }
    assert_eq!(
        faults(&house, "tests/it/a.rs", "//! A file that\n//! goes on."),
        Vec::<String>::new()
    );
}
