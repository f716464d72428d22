//! Finds the ready-made scenarios, so that embedding one takes no more than laying its file into `scenarios/`.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let package =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    let mut files = Vec::new();
    find(&package.join("scenarios"), "", &mut files);
    // The worlds that scenarios extend come before the folders of the providers.
    files.sort_by_key(|(name, _)| (name.contains('/'), name.clone()));
    let rows =
        files.iter().map(|(name, path)| format!("    ({name:?}, include_str!({path:?})),\n"));
    let table = format!("&[\n{}]\n", rows.collect::<String>());
    fs::write(out.join("ready_made.rs"), table).expect("the output folder can be written");
    println!("cargo::rerun-if-changed=build.rs");
}

/// Every YAML file of a folder and the folders in it, under its path without extension.
fn find(folder: &Path, below: &str, files: &mut Vec<(String, PathBuf)>) {
    // Of the folder itself, so that a file that comes or goes is noticed; what is in the files `include_str` watches.
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let name = name.unwrap_or_else(|| panic!("{} has no readable name", path.display()));
        if path.is_dir() {
            find(&path, &format!("{below}{name}/"), files);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push((format!("{below}{name}"), path));
        }
    }
}
