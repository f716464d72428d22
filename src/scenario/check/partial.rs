//! Error recovery, a partial parse of a file whose steps may be wrong in form: a wrong one is covered, and the file
//! read again.

use crate::scenario::source_map::lines_of_steps;
use crate::scenario::{Diagnostic, Scenario, file, stem};

/// What stands in the place of a step that is wrong in form.
const COVER: &str = "reset: true";

/// What is wrong with the form of a file, and the file without its wrong steps, if it can be read without them.
pub(super) fn read(name: &str, text: &str, most: usize) -> (Vec<Diagnostic>, Option<Scenario>) {
    let (mut found, mut text) = (Vec::new(), text.to_owned());
    loop {
        let wrong = match file::read(name, stem(name), &text) {
            Ok(scenario) => return (found, Some(scenario)),
            Err(wrong) => wrong,
        };
        let step = wrong.path.as_deref().and_then(place_of_step);
        found.push(wrong);
        let covered = step.and_then(|step| cover(&text, step));
        match covered {
            Some(covered) if found.len() < most => text = covered,
            _ => return (found, None),
        }
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
    use super::cover;

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
