//! Imports between files: files make no circle, so that each can be read with only those above it in mind.
//!
//! Read from the text: `use` declarations with groups and renames, paths in the code, and names that a `mod.rs` passes
//! on with `pub use`. A `mod.rs` itself is a doorway, not a step of a circle: it lists its folder and is used by it.

use std::collections::{BTreeMap, BTreeSet};

use crate::rooms::{bare, files, sixth};

/// A path as it is written, a name each.
type Names = Vec<String>;

/// The files of a tree by the path of their module, and what each passes on under which name.
struct Tree {
    files: BTreeMap<Names, String>,
    passed_on: BTreeMap<Names, BTreeMap<String, Names>>,
}

/// The module that a file is: `src/sim/clock.rs` is `sim::clock`.
fn module(path: &str) -> Names {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut names: Names = inner.split('/').map(str::to_owned).collect();
    if names.last().is_some_and(|last| last == "mod") {
        names.pop();
    }
    names
}

/// The code of a file without its unit tests.
fn production(text: &str) -> String {
    let code = bare(text);
    match code.find("#[cfg(test)]\nmod tests {") {
        Some(at) => code[..at].to_owned(),
        None => code,
    }
}

/// The parts of a group between commas that stand in no inner group.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(group[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(group[start..].trim());
    found.retain(|part| !part.is_empty());
    found
}

/// Every path of a `use`, with the name it gets in the file.
fn paths(tree: &str) -> Vec<(Names, String)> {
    let named = |text: &str| text.split("::").map(|name| name.trim().to_owned()).collect::<Names>();
    let Some((head, group)) = tree.split_once('{') else {
        let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
        let path = named(path);
        let name = if alias.is_empty() {
            path.last().cloned().unwrap_or_default()
        } else {
            alias.trim().to_owned()
        };
        return vec![(path, name)];
    };
    let head: Names = named(head).into_iter().filter(|name| !name.is_empty()).collect();
    let group = group.trim().strip_suffix('}').unwrap_or(group);
    let inner = parts(group).into_iter().flat_map(paths);
    inner.map(|(path, name)| ([head.clone(), path].concat(), name)).collect()
}

/// The `use` declarations of a file: whether it passes the name on, the path, the name.
fn uses(code: &str) -> Vec<(bool, Names, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let line = code[..at].rsplit('\n').next().unwrap_or("").trim();
        let public = line.starts_with("pub");
        if !(line.is_empty()
            || public && !line.contains(char::is_whitespace)
            || line.starts_with("pub("))
        {
            continue;
        }
        let Some(end) = code[at..].find(';') else { continue };
        let tree = &code[at + "use ".len()..at + end];
        found.extend(paths(tree).into_iter().map(|(path, name)| (public, path, name)));
    }
    found
}

/// Paths in code that begin at the crate or beside the file: `crate::a::b`, `super::c::d`.
fn inline(code: &str) -> Vec<Names> {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let runs = code.split(|c: char| !word(c)).filter(|run| run.contains("::"));
    runs.map(|run| run.split("::").map(str::to_owned).collect()).collect()
}

impl Tree {
    fn of(all: &[(String, String)]) -> Tree {
        let files = all.iter().map(|(path, _)| (module(path), path.clone())).collect();
        let mut tree = Tree { files, passed_on: BTreeMap::new() };
        for (path, text) in all {
            let at = module(path);
            for (public, used, name) in uses(&production(text)) {
                if let Some(full) = tree.absolute(&at, &used).filter(|_| public) {
                    tree.passed_on.entry(at.clone()).or_default().insert(name, full);
                }
            }
        }
        tree
    }

    /// A path from the root of the crate; none when it leads to another crate.
    fn absolute(&self, at: &[String], path: &[String]) -> Option<Names> {
        let parent = || at[..at.len().saturating_sub(1)].to_vec();
        let (root, rest) = match path.first()?.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (at.to_vec(), &path[1..]),
            "super" => (parent(), &path[1..]),
            name if self.files.contains_key(&[at, &[name.to_owned()]].concat()) => {
                (at.to_vec(), path)
            }
            _ => return None,
        };
        Some([root, rest.to_vec()].concat())
    }

    /// The file in which a path ends, through whatever passes its name on; not through the folders that the asking
    /// file stands in: what a folder passes on to its own files is the folder's word, as of a kit.
    fn file(&self, at: &[String], path: &[String], steps: usize) -> Option<&str> {
        for length in (1..=path.len()).rev() {
            let Some(file) = self.files.get(&path[..length]) else { continue };
            let passed = self.passed_on.get(&path[..length]);
            let next = passed.and_then(|names| names.get(path.get(length)?));
            return match next {
                Some(full) if steps > 0 && !at.starts_with(&path[..length]) => {
                    self.file(at, &[full.clone(), path[length + 1..].to_vec()].concat(), steps - 1)
                }
                _ => Some(file),
            };
        }
        None
    }

    /// The files that a file uses.
    fn used(&self, path: &str, text: &str) -> BTreeSet<String> {
        let (at, code) = (module(path), production(text));
        let declared =
            uses(&code).into_iter().filter(|(public, ..)| !public).map(|(_, path, _)| path);
        let all = declared.chain(inline(&code)).filter_map(|used| self.absolute(&at, &used));
        let found = all.filter_map(|full| self.file(&at, &full, 8).map(str::to_owned));
        found.filter(|file| file != path && !is_doorway(file)).collect()
    }
}

fn is_doorway(path: &str) -> bool {
    path.ends_with("/mod.rs") || path.ends_with("/lib.rs") || path.contains("/tests")
}

/// The files of every circle: those that reach themselves through others.
fn circles(all: &[(String, String)]) -> Vec<BTreeSet<String>> {
    let tree = Tree::of(all);
    let steps = all.iter().filter(|(path, _)| !is_doorway(path));
    let uses: BTreeMap<String, BTreeSet<String>> =
        steps.map(|(path, text)| (path.clone(), tree.used(path, text))).collect();
    let reach = |from: &String| {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut next: Vec<&String> = uses.get(from).into_iter().flatten().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file.clone()) {
                next.extend(uses.get(file).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        uses.keys().map(|it| (it, reach(it))).collect();
    let mut found: BTreeSet<BTreeSet<String>> = BTreeSet::new();
    for (file, below) in reached.iter().filter(|(file, below)| below.contains(**file)) {
        let circle = below.iter().filter(|other| reached[other].contains(*file)).cloned();
        found.insert(circle.collect());
    }
    found.into_iter().collect()
}

#[test]
fn files_make_no_circle() {
    let found = circles(&[files("src"), sixth()].concat());
    let told: Vec<String> = found
        .iter()
        .map(|circle| circle.iter().map(String::as_str).collect::<Vec<_>>().join(" <-> "))
        .collect();
    assert!(told.is_empty(), "{} circles:\n{}", told.len(), told.join("\n"));
}

#[test]
fn a_circle_through_another_folder_is_found() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let door = file("src/sim/mod.rs", "pub mod b;\npub use b::Bee as B;\n");
    let a = file("src/kit/a.rs", "use crate::sim::B;");
    let b = file("src/sim/b.rs", "use crate::kit::a::Ay;\npub struct Bee;");
    assert_eq!(circles(&[door, a, b]).len(), 1);
}

#[test]
fn a_planted_circle_is_found_in_every_form() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let door = file("src/sim/mod.rs", "pub mod a;\npub mod b;\npub use b::Bee as B;\n");
    for used in [
        "use crate::sim::b::Bee;",
        "use crate::sim::{a::Other, b::{self, Bee}};",
        "use super::b;",
        "fn f() -> crate::sim::b::Bee { todo() }",
    ] {
        let a = file("src/sim/a.rs", used);
        let b = file("src/sim/b.rs", "use crate::sim::a::Ay;\npub struct Bee;");
        assert_eq!(circles(&[door.clone(), a, b]).len(), 1, "{used}");
    }
    let a = file(
        "src/sim/a.rs",
        "// use crate::sim::b::Bee;\n#[cfg(test)]\nmod tests { use crate::sim::b::Bee; }",
    );
    let b = file("src/sim/b.rs", "use crate::sim::a::Ay;");
    assert!(circles(&[door, a, b]).is_empty(), "comments and unit tests make none");
}
