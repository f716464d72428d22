//! Finds the ready-made scenarios, so that embedding one takes no more than laying its file into `scenarios/`; those with
//! which most runs begin are embedded as they were read, too. What the program prints of schemas is embedded from snapshots.

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
    for (kind, name) in [("schema", "scenario"), ("openapi", "control")] {
        let snapshot = package.join(format!("snapshots/{kind}/{name}.snap"));
        println!("cargo::rerun-if-changed={}", snapshot.display());
        let text = fs::read_to_string(&snapshot)
            .unwrap_or_else(|error| panic!("{}: {error}", snapshot.display()));
        let json = content(&text).unwrap_or_else(|| panic!("{} has no head", snapshot.display()));
        fs::write(out.join(format!("{kind}.json")), json)
            .expect("the output folder can be written");
    }
    let worlds = package.join("snapshots/worlds");
    let read = files.iter().filter_map(|(name, yaml)| {
        let json = read_before(&worlds.join(format!("{name}.snap")), yaml)?;
        Some(format!("    ({name:?}, {json:?}),\n"))
    });
    let table = format!("&[\n{}]\n", read.collect::<String>());
    fs::write(out.join("read_before.rs"), table).expect("the output folder can be written");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", worlds.display());
}

/// What a scenario says as JSON, which is read far faster than YAML: a snapshot, since only the program's own types
/// know how to read it. None while the file was changed after the snapshot was taken: then the file itself is read.
fn read_before(snapshot: &Path, yaml: &Path) -> Option<String> {
    let text = fs::read_to_string(snapshot).ok()?;
    let (fingerprint, json) = content(&text)?.split_once('\n')?;
    let now = fs::read(yaml).ok()?;
    (fingerprint == format!("{:016x}", fnv(&now))).then(|| json.to_owned())
}

/// What stands behind the head of a snapshot.
fn content(text: &str) -> Option<&str> {
    text.splitn(3, "---\n").nth(2).map(str::trim)
}

/// FNV-1a. The tests have it, too: a snapshot holds that of the file it was taken of.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
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
