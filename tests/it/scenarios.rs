//! Every file of `scenarios/` is played, and its transcript compared with the one that was looked at.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use shipmock::internals::scenario::{self, PlayOptions};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// The scenarios of a folder and the folders in it, as paths without extension.
fn files(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.is_dir() {
            files(&path, &format!("{below}{name}/"), found);
        } else if path.extension().is_some_and(|it| it == "yaml") {
            found.insert(format!("{below}{name}"));
        }
    }
}

fn all() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    files(&folder(), "", &mut found);
    found
}

#[test]
fn every_scenario_is_embedded_under_its_path() {
    let embedded: BTreeSet<String> =
        scenario::ready_made().iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(embedded, all());
}

#[test]
fn every_scenario_proves_what_its_summary_says() {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/scenarios"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let (mut wrong, mut stories) = (Vec::new(), Vec::new());
    for name in all() {
        let file = format!("{name}.yaml");
        let text = std::fs::read_to_string(folder().join(&file)).unwrap();
        wrong.extend(scenario::check(&file, &text).iter().map(ToString::to_string));
        let read = scenario::from_yaml(&file, &text).unwrap();
        // The worlds that others build on have nothing to prove.
        if read.steps.is_empty() && !name.contains('/') {
            continue;
        }
        assert!(!read.steps.is_empty() && !read.proves.is_empty(), "{name} proves nothing");
        assert_eq!(read.name, name, "a scenario is called as its file is");
        assert!(!read.summary.is_empty(), "{name} has no summary");
        assert!(!read.section.is_empty(), "{name} does not say where it comes from");
        let played = scenario::play(&read, PlayOptions::default());
        assert_eq!(
            played,
            scenario::play(&read, PlayOptions::default()),
            "{name} is played twice alike"
        );
        wrong.extend(played.failures.iter().map(ToString::to_string));
        wrong.extend(played.never_fired.iter().map(|rule| format!("{name}: `{rule}` never fired")));
        stories.push((name.replace('/', "-"), played.transcript));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    for (name, story) in stories {
        settings.bind(|| insta::assert_snapshot!(name, story));
    }
}
