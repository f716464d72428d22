//! `test --against`: the calls of scenarios, answered here and by another server, and what differs.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::cli::TestArgs;
use crate::commands::{Ending, readable};
use crate::scenario::{Compared, PlayOptions, against, junit};
use crate::server::RemoteServer;

/// Plays files one after the other: they share the other server.
pub(super) fn compare(flags: &TestArgs, files: &[PathBuf]) -> Ending {
    let places = flags.against.iter().cloned().collect();
    let credentials = flags.credential.iter().cloned().collect();
    let mut elsewhere = match RemoteServer::new(places, credentials) {
        Ok(elsewhere) => elsewhere,
        Err(sentence) => return Ending { text: format!("error: {sentence}\n"), code: 2 },
    };
    let options = PlayOptions { stop_at_first: flags.stop, seed: flags.seed };
    let (mut text, mut details) = (String::new(), String::new());
    let (mut wrong, mut differ) = (0, 0);
    let mut all = Vec::new();
    for path in files {
        match readable(path) {
            Err(sentence) => {
                wrong += 1;
                let _ = writeln!(text, "wrong    {}", path.display());
                let _ = writeln!(details, "\n{sentence}");
            }
            Ok(scenario) => {
                let compared = against(&scenario, options, &mut elsewhere);
                differ += usize::from(!compared.played.passed());
                let _ = writeln!(text, "{}", line(path, &compared));
                for difference in &compared.played.failures {
                    let _ = writeln!(details, "\n{difference}");
                }
                all.push(compared);
            }
        }
    }
    text.push_str(&details);
    let calls: usize = all.iter().map(|compared| compared.calls).sum();
    let alike = all.len() - differ;
    let _ = writeln!(
        text,
        "\n{alike} alike, {differ} different, {wrong} could not be played; {calls} calls made on both sides"
    );
    if let Some(file) = &flags.junit {
        let played: Vec<_> = all.into_iter().map(|compared| compared.played).collect();
        if let Err(error) = fs::write(file, junit(&played)) {
            let _ = writeln!(text, "error: {} cannot be written: {error}", file.display());
            wrong += 1;
        }
    }
    let code = if wrong > 0 { 2 } else { u8::from(differ > 0) };
    Ending { text, code }
}

/// One file: whether anything differs, how many calls there were, and what was left out.
fn line(path: &std::path::Path, compared: &Compared) -> String {
    let word = if compared.played.passed() { "alike  " } else { "DIFFERS" };
    let mut line = format!("{word}  {} ({} calls", path.display(), compared.calls);
    if !compared.skipped.is_empty() {
        let skipped: Vec<String> =
            compared.skipped.iter().map(|(what, count)| format!("{count} x {what}")).collect();
        let _ = write!(line, "; skipped, as only a simulator can: {}", skipped.join(", "));
    }
    line.push(')');
    line
}
