//! Error recovery, a partial parse of a file that may be wrong in form: a wrong step, or a wrong entry of the world, is
//! covered, and the file read again.

use crate::scenario::source_map::{self, lines_of_steps};
use crate::scenario::trail::Trail;
use crate::scenario::{Diagnostic, Scenario, file, stem};

/// What stands in the place of a step that is wrong in form.
const COVER: &str = "reset: true";

/// What is wrong with the form of a file, and the file without its wrong steps, if it can be read without them.
pub(super) fn read(name: &str, text: &str, most: usize) -> (Vec<Diagnostic>, Option<Scenario>) {
    let (mut found, original, mut text) = (Vec::new(), text, text.to_owned());
    let mut in_world = false;
    // Each turn covers a line at least.
    for _ in 0..=original.lines().count() {
        let mut wrong = match file::read(name, stem(name), &text) {
            // Of a world that is not whole nothing more can be said.
            Ok(_) if in_world => return (found, None),
            Ok(scenario) => return (found, Some(scenario)),
            Err(wrong) => wrong,
        };
        let path = wrong.path.clone().unwrap_or_default();
        let step = place_of_step(&path);
        let below_world = path.starts_with("world.");
        in_world |= below_world;
        let line = wrong.spot.as_ref().map_or(0, |spot| spot.line);
        let next = match step {
            Some(step) => cover(&text, step),
            None if below_world => cover_entry(&text, line),
            None => None,
        };
        if below_world {
            wrong.path = Some(path_there(original, &wrong, &path));
        }
        // What is missing only because its line is covered is no mistake of the file's.
        let missing = wrong.message.strip_prefix("the key `").and_then(|it| it.split('`').next());
        let is_covered = missing.is_some_and(|key| covered_keys(original, &text).contains(&key));
        if !is_covered {
            found.push(wrong);
        }
        match next {
            Some(covered) if found.len() < most => text = covered,
            _ => return (found, None),
        }
    }
    (found, None)
}

/// The path of a place in the whole file: covered elements of lists count, too.
fn path_there(original: &str, wrong: &Diagnostic, path: &str) -> String {
    let Some(spot) = &wrong.spot else { return path.to_owned() };
    let there = source_map::path(original, spot.line, spot.column).unwrap_or_default();
    let length = Trail::of(path).0.len();
    let mut whole = Trail::of(&there);
    whole.0.truncate(length);
    if whole.0.len() == length { whole.to_string() } else { path.to_owned() }
}

/// The depth of a line: its blanks, and whether it has anything but a comment.
fn depth(line: &str) -> Option<usize> {
    let content = line.trim_start_matches(' ');
    let says = !content.trim().is_empty() && !content.starts_with('#');
    says.then(|| line.len() - content.len())
}

/// The lines below one that belong to it.
fn inside(lines: &[&str], first: usize, of: usize) -> usize {
    let below = lines.iter().skip(first + 1);
    let mut length = below.take_while(|line| depth(line).is_none_or(|depth| depth > of)).count();
    // Blank lines before what comes next are nobody's.
    while length > 0 && lines.get(first + length).is_some_and(|line| depth(line).is_none()) {
        length -= 1;
    }
    length + 1
}

/// The keys of the lines that are covered in a text.
fn covered_keys<'a>(original: &'a str, covered: &str) -> Vec<&'a str> {
    let lines = original.split('\n').zip(covered.split('\n'));
    let gone = lines.filter(|(was, is)| was != is).filter_map(|(was, _)| was.split_once(':'));
    gone.map(|(key, _)| key.trim_start_matches([' ', '-'])).collect()
}

/// The text without the entry of a map, or the element of a list, that stands on a line, every other line where it was.
/// An entry that is the only one of its parent takes the parent along, which would say nothing without it. None for what
/// is not written in lines of its own, and when others may build on it.
fn cover_entry(text: &str, line: usize) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut first = line.checked_sub(1).filter(|first| *first < lines.len())?;
    loop {
        let of = depth(lines[first])?;
        let content = lines[first].trim_start();
        let is_entry = content.starts_with("- ")
            || content.contains(": ")
            || content.trim_end().ends_with(':');
        let above =
            || (0..first).rev().find(|it| depth(lines[*it]).is_some_and(|depth| depth < of));
        if of == 0 {
            return None;
        }
        if !is_entry || content.starts_with(['{', '}', ']', '[']) {
            first = above()?;
            continue;
        }
        let length = inside(&lines, first, of);
        let parent = above()?;
        let family = inside(&lines, parent, depth(lines[parent])?);
        let siblings = lines[parent + 1..parent + family].iter().enumerate();
        let alone = !siblings
            .filter(|(place, _)| !(first..first + length).contains(&(parent + 1 + place)))
            .any(|(_, line)| depth(line) == Some(of));
        // The first key of an element stands behind its dash, and is no line of its own.
        if alone && !lines[parent].trim_start().starts_with("- ") {
            first = parent;
            continue;
        }
        let covered = lines.get(first..first + length)?;
        if covered.iter().any(|line| line.contains('&')) {
            return None;
        }
        let mut masked: Vec<&str> = lines.clone();
        for line in masked.iter_mut().skip(first).take(length) {
            *line = "";
        }
        return Some(masked.join("\n"));
    }
}

/// The 3 of `steps[3].request`.
fn place_of_step(path: &str) -> Option<usize> {
    path.strip_prefix("steps[")?.split(']').next()?.parse().ok()
}

/// The text with one step covered and every other line where it was. None when the step does not begin a line of its
/// own, and when others may build on it.
fn cover(text: &str, step: usize) -> Option<String> {
    let (line, column) = lines_of_steps(text).get(step).copied()?;
    let lines: Vec<&str> = text.split('\n').collect();
    let first = lines.get(line.checked_sub(1)?)?;
    let before: String = first.chars().take(column.checked_sub(1)?).collect();
    let indent = before.strip_suffix(' ')?.trim_end().strip_suffix('-')?;
    if !indent.chars().all(|c| c == ' ') || first.get(before.len()..)?.starts_with(COVER) {
        return None;
    }
    let inside = |line: &&&str| {
        let content = line.trim_start_matches(' ');
        let is_blank = content.trim().is_empty() || content.starts_with('#');
        is_blank || line.len() - content.len() > indent.len()
    };
    let length = 1 + lines.get(line..)?.iter().take_while(inside).count();
    let covered = lines.get(line - 1..line - 1 + length)?;
    if covered.iter().any(|line| line.contains('&')) {
        return None;
    }
    let mut masked: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    for line in masked.iter_mut().skip(line - 1).take(length) {
        line.clear();
    }
    if let Some(first) = masked.get_mut(line - 1) {
        *first = format!("{before}{COVER}");
    }
    Some(masked.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{cover, cover_entry};

    #[test]
    fn a_covered_entry_leaves_every_other_line_where_it_was() {
        let text = "world:\n  sed: 7\n  shipper:\n    limits:\n      red: 5\n    orders:\n      - { a: 1 }\n      - b: 2\n        c: 3\nsteps: []";
        for (line, gone) in [
            (2, &[2][..]),
            // The only entry of its parent takes the parent along.
            (5, &[4, 5]),
            (7, &[7]),
            (8, &[8, 9]),
            (9, &[9]),
            (6, &[6, 7, 8, 9]),
        ] {
            let covered = cover_entry(text, line).unwrap();
            let lines = text.lines().zip(covered.lines()).enumerate();
            let blank: Vec<usize> =
                lines.filter(|(_, (was, is))| was != is).map(|(place, _)| place + 1).collect();
            assert_eq!(blank, gone, "line {line}");
        }
        assert_eq!(cover_entry(text, 1), None);
        assert_eq!(cover_entry("world:\n  a: &x 1\n  b: 2", 2), None);
    }

    #[test]
    fn a_covered_step_leaves_every_other_line_where_it_was() {
        let text = "steps:\n- advance: x\n\n  # more\n  y: 1\n- advance: 1h\nname: a";
        let covered = cover(text, 0).unwrap();
        assert_eq!(covered, "steps:\n- reset: true\n\n\n\n- advance: 1h\nname: a");
        assert_eq!(cover(&covered, 0), None);
        assert!(cover(text, 1).unwrap().ends_with("- reset: true\nname: a"));
        for alone in ["steps: [{ advance: x }]", "steps:\n  - &a { advance: x }", "steps:\n  - - 1"]
        {
            assert_eq!(cover(alone, 0).filter(|it| it == alone), None);
        }
    }
}
