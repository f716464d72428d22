//! `check`, `test` and `scenarios`: files in, text and an exit code out.

mod against;
mod replay;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::cli::{CheckArgs, TestArgs};
use crate::kit::text::{counted, did_you_mean};
use crate::scenario::{self, PlayOptions, Played, Scenario, junit, play};

pub use replay::replay;

/// What a command printed, and how it ended: 0 fine, 1 an expectation failed, 2 a wrong file.
#[derive(Debug)]
pub struct Ending {
    /// For the standard output.
    pub text: String,
    /// The exit code.
    pub code: u8,
}

/// A file to be read: its name, and its text or why there is none.
type Read = (String, Result<String, String>);

/// The YAML files of a list of files and folders, in order, each once.
fn files(given: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<PathBuf> = given.to_vec();
    while let Some(path) = waiting.pop() {
        let inside = if path.is_dir() { fs::read_dir(&path).ok() } else { None };
        match inside {
            None => {
                found.insert(path);
            }
            Some(entries) => {
                let is_yaml = |path: &Path| {
                    path.extension().is_some_and(|kind| kind == "yaml" || kind == "yml")
                };
                let paths = entries.flatten().map(|entry| entry.path());
                waiting.extend(paths.filter(|path| path.is_dir() || is_yaml(path)));
            }
        }
    }
    found.into_iter().collect()
}

/// What is said when none of what was named is a scenario: a suite that plays nothing must not pass.
fn nothing(what: &str, given: &[PathBuf], filter: Option<&str>) -> Ending {
    let given: Vec<String> = given.iter().map(|path| path.display().to_string()).collect();
    let with = filter.map(|part| format!(" with `{part}` in its path")).unwrap_or_default();
    let text =
        format!("error: nothing to {what}: there is no scenario{with} in {}\n", given.join(", "));
    Ending { text, code: 2 }
}

fn read(path: &Path) -> Read {
    let name = path.display().to_string();
    let ready = scenario::ready_made().iter().find(|(known, _)| *known == name);
    let text = match (fs::read(path), ready) {
        (Ok(bytes), _) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        (Err(_), Some((_, text))) => Ok((*text).to_owned()),
        (Err(error), None) => Err(format!("error: {name} cannot be read: {error}\n")),
    };
    (name, text)
}

/// `shipmock check`: every problem of every file.
pub fn check(flags: &CheckArgs) -> Ending {
    let mut text = String::new();
    let mut wrong = 0;
    let files = files(&flags.files);
    if files.is_empty() {
        return nothing("check", &flags.files, None);
    }
    for path in &files {
        let (name, source) = read(path);
        let problems: Vec<String> = match source {
            Err(sentence) => vec![sentence],
            Ok(source) => {
                scenario::check(&name, &source).iter().map(|it| format!("{it}\n")).collect()
            }
        };
        wrong += usize::from(!problems.is_empty());
        for problem in problems {
            let _ = writeln!(text, "{problem}");
        }
    }
    let _ = match wrong {
        0 => writeln!(text, "{}, nothing wrong", counted(files.len(), "file")),
        wrong => writeln!(text, "{}, {wrong} of them wrong", counted(files.len(), "file")),
    };
    Ending { text, code: if wrong == 0 { 0 } else { 2 } }
}

/// A scenario that was played, or why it could not be.
enum PlayedFile {
    Played(Box<Played>),
    Wrong(String),
}

fn tell(path: &Path, stop: bool, seed: Option<u64>) -> PlayedFile {
    match readable(path) {
        Ok(scenario) => {
            PlayedFile::Played(Box::new(play(&scenario, PlayOptions { stop_at_first: stop, seed })))
        }
        Err(sentence) => PlayedFile::Wrong(sentence),
    }
}

/// A scenario with which nothing is wrong, or everything that is.
fn readable(path: &Path) -> Result<Scenario, String> {
    let (name, source) = read(path);
    let source = source?;
    let problems = scenario::check(&name, &source);
    if !problems.is_empty() {
        return Err(problems.iter().map(|problem| format!("{problem}\n")).collect());
    }
    scenario::from_yaml(&name, &source).map_err(|diagnostic| format!("{diagnostic}\n"))
}

/// `shipmock test`: plays files in worlds of their own, as many at once as there are processors.
pub fn test(flags: &TestArgs) -> Ending {
    let mut files = files(&flags.files);
    if let Some(part) = &flags.filter {
        files.retain(|path| path.display().to_string().contains(part.as_str()));
    }
    if files.is_empty() {
        return nothing("play", &flags.files, flags.filter.as_deref());
    }
    if !flags.against.is_empty() {
        return against::compare(flags, &files);
    }
    let workers = thread::available_parallelism().map_or(2, usize::from).min(files.len().max(1));
    let stories: Vec<(usize, PlayedFile)> = thread::scope(|scope| {
        let play_some = |worker: usize| {
            let mine = files.iter().enumerate().skip(worker).step_by(workers);
            mine.map(|(place, path)| (place, tell(path, flags.stop, flags.seed)))
                .collect::<Vec<_>>()
        };
        let threads: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || play_some(worker))).collect();
        let joined = threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default());
        let mut stories: Vec<(usize, PlayedFile)> = joined.collect();
        stories.sort_by_key(|(place, _)| *place);
        stories
    });
    report(flags, &files, stories)
}

fn report(flags: &TestArgs, files: &[PathBuf], stories: Vec<(usize, PlayedFile)>) -> Ending {
    let mut text = String::new();
    let mut details = String::new();
    let (mut failed, mut wrong) = (0, files.len() - stories.len());
    let mut played = Vec::new();
    for (place, told) in stories {
        match told {
            PlayedFile::Wrong(sentence) => {
                wrong += 1;
                let _ = writeln!(text, "wrong   {}", files[place].display());
                let _ = writeln!(details, "\n{sentence}");
            }
            PlayedFile::Played(story) => {
                let word = if story.passed() { "ok    " } else { "FAILED" };
                failed += usize::from(!story.passed());
                let steps = counted(story.steps, "step");
                let _ = writeln!(text, "{word}  {} ({steps})", files[place].display());
                for failure in &story.failures {
                    let _ = writeln!(details, "\n{failure}");
                }
                for rule in &story.never_fired {
                    let _ = writeln!(details, "\n{}: the rule `{rule}` never fired", story.name);
                }
                played.push(*story);
            }
        }
    }
    text.push_str(&details);
    let passed = played.len() - failed;
    let _ = writeln!(text, "\n{passed} passed, {failed} failed, {wrong} could not be played");
    if let Some(file) = &flags.junit
        && let Err(error) = fs::write(file, junit(&played))
    {
        let _ = writeln!(text, "error: {} cannot be written: {error}", file.display());
        wrong += 1;
    }
    let code = match (wrong, failed) {
        (0, 0) => 0,
        (0, _) => 1,
        _ => 2,
    };
    Ending { text, code }
}

/// `shipmock schema`: the JSON Schema of a scenario file.
pub fn schema() -> String {
    format!("{}\n", scenario::schema())
}

/// `shipmock scenarios`: the ready-made ones, and how many numbered edge cases they prove; those of one provider; or
/// one of them.
pub fn scenarios(name: Option<&str>) -> Ending {
    let all = scenario::ready_made();
    let folder = |name: &'static str| name.split_once('/').map(|(folder, _)| folder);
    let names = || all.iter().map(|(known, _)| *known);
    let Some(name) = name else { return Ending { text: listed(names()), code: 0 } };
    let within: Vec<&str> = names().filter(|known| folder(known) == Some(name)).collect();
    if !within.is_empty() {
        return Ending { text: listed(within.into_iter()), code: 0 };
    }
    if let Some((_, text)) = all.iter().find(|(known, _)| *known == name) {
        return Ending { text: (*text).to_owned(), code: 0 };
    }
    let folders: BTreeSet<&str> = names().filter_map(folder).collect();
    let meant = did_you_mean(name, folders.iter().copied())
        .or_else(|| scenario::near(name))
        .map(|near| format!("; did you mean `{near}`?"));
    let meant = meant.unwrap_or_else(|| {
        let worlds: Vec<&str> = names().filter(|known| folder(known).is_none()).collect();
        let folders: Vec<String> =
            folders.iter().map(|it| format!("`shipmock scenarios {it}`")).collect();
        format!("; there are {}, and those that {} list", worlds.join(", "), folders.join(", "))
    });
    Ending { text: format!("error: there is no scenario `{name}`{meant}\n"), code: 2 }
}

/// A line for each scenario, with the edge cases it proves by their numbers; how many these are by provider.
fn listed(names: impl Iterator<Item = &'static str>) -> String {
    let mut text = String::new();
    let mut proven: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for name in names {
        let Some(Ok(scenario)) = scenario::ready(name) else { continue };
        let numbers: Vec<String> = scenario.proves.iter().map(u32::to_string).collect();
        let _ = writeln!(text, "{name:<46} {:<6} {}", numbers.join(","), scenario.summary);
        if let Some((provider, _)) = name.split_once('/') {
            proven.entry(provider).or_default().extend(scenario.proves);
        }
    }
    text.push('\n');
    for (provider, cases) in proven {
        let list: Vec<String> = cases.iter().map(u32::to_string).collect();
        let cases = counted(cases.len(), "edge case");
        let _ = writeln!(text, "{provider}: {cases} proven ({})", list.join(", "));
    }
    text
}
