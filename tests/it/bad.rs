//! Files that are wrong, and what is said of each, word for word and to the column.

use std::path::Path;

use shipmock::internals::scenario;

#[test]
fn every_wrong_file_is_told_what_is_wrong_with_it_and_where() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/bad");
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/diagnostics"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut names: Vec<String> = std::fs::read_dir(folder.clone())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert!(names.len() >= 20);
    for name in names {
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        let found = scenario::check(&name, &text);
        assert!(!found.is_empty(), "nothing is wrong with {name}");
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        let short = name.trim_end_matches(".yaml").to_owned();
        settings.bind(|| insta::assert_snapshot!(short, told.join("\n\n")));
    }
}
