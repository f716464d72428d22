//! `--watch`: a scenario file that changed is checked, built, and takes the place of the one before it.

use std::fs;
use std::io::{self, Write as _};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::scenario::{self, Source};
use crate::server::lock_depth::assert_unlocked;
use crate::server::registry::Registry;
use crate::server::server_context::ServerContext;
use crate::world::{Orders, Recipe, World};

/// A scenario file, as it was last read.
#[derive(Debug)]
pub(crate) struct Watched {
    /// What it was read as.
    source: Source,
    /// When it was written and how long it is: what is looked at before it is read again.
    stamp: Option<(SystemTime, u64)>,
}

impl Watched {
    /// A file whose text is known.
    pub(crate) fn new(source: Source) -> Watched {
        let stamp = stamp(&source.file);
        Watched { source, stamp }
    }

    /// The new text, if the file has another one. A file that is gone for a moment, as editors do, is waited for.
    fn look(&mut self) -> Option<String> {
        let now = stamp(&self.source.file)?;
        if self.stamp == Some(now) {
            return None;
        }
        let text = fs::read_to_string(&self.source.file).ok()?;
        self.stamp = Some(now);
        if text == self.source.text {
            return None;
        }
        self.source.text.clone_from(&text);
        Some(text)
    }
}

fn stamp(file: &str) -> Option<(SystemTime, u64)> {
    let found = fs::metadata(file).ok()?;
    Some((found.modified().ok()?, found.len()))
}

/// Looks again and again, until the server is gone. Looking works where notices of changes do not: through mounts, and
/// after a file was replaced by another of its name.
pub(crate) async fn watch(mut file: Watched, every: Duration, context: Weak<ServerContext>) {
    loop {
        tokio::time::sleep(every).await;
        let Some(context) = context.upgrade() else { return };
        // The disk is read, and a scenario built, where a thread may block.
        let looked = tokio::task::spawn_blocking(move || {
            assert_unlocked();
            let said = file
                .look()
                .map(|text| swap(&context.worlds, &context.orders, &file.source.file, &text));
            (file, said)
        });
        let said = match looked.await {
            Ok((back, said)) => {
                file = back;
                said
            }
            Err(lost) => {
                let _ = writeln!(io::stderr(), "shipmock: the file is no longer watched: {lost}");
                return;
            }
        };
        if let Some(said) = said {
            let _ = writeln!(io::stderr(), "{said}");
        }
    }
}

/// Builds the new world, puts it in the place of the old one, and says so; or says why not.
fn swap(worlds: &Registry, orders: &Orders, file: &str, text: &str) -> String {
    match build(orders, file, text) {
        Err(problems) => {
            format!("{problems}\n{file} changed and is wrong; what was there before goes on")
        }
        Ok(world) => {
            let names = worlds.adopt(world);
            format!("{file} changed; built again: {}", names.join(", "))
        }
    }
}

fn build(orders: &Orders, file: &str, text: &str) -> Result<World, String> {
    let problems: Vec<String> =
        scenario::check(file, text).iter().map(ToString::to_string).collect();
    if !problems.is_empty() {
        return Err(problems.join("\n\n"));
    }
    let read = scenario::from_yaml(file, text).map_err(|wrong| wrong.to_string())?;
    let recipe = Recipe::new(read.name, read.world, orders.clone(), Timestamp::now());
    World::build(Arc::new(recipe)).map_err(|wrong| scenario::locate(file, text, &wrong).to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{build, swap};
    use crate::server::registry::Registry;
    use crate::server::webhook_sender::WebhookSender;
    use crate::world::{DEFAULT, Orders};

    #[tokio::test]
    async fn a_wrong_file_is_told_with_its_place_and_what_was_there_goes_on() {
        let orders = Orders::default();
        let first = build(&orders, "a.yaml", "world: { seed: 1 }\n").unwrap();
        let worlds = Registry::new(first, 9, Arc::new(WebhookSender::default()));
        let entry = worlds.enter(DEFAULT).unwrap();
        for (text, told) in [
            ("world: { sed: 2 }\n", "did you mean `seed`?"),
            ("world: { shipper: { journey: deliverd } }\n", "a.yaml:1:30"),
        ] {
            let said = swap(&worlds, &orders, "a.yaml", text);
            assert!(
                said.contains(told) && said.ends_with("what was there before goes on"),
                "{said}"
            );
            assert!(!entry.is_retired());
        }
        let said = swap(&worlds, &orders, "a.yaml", "world: { seed: 2 }\n");
        assert_eq!(said, "a.yaml changed; built again: default");
        assert!(entry.is_retired());
        assert_eq!(worlds.enter(DEFAULT).unwrap().line().seed, 2);
    }
}
