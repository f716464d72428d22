//! `replay`: plays a recorded session again and says whether everything came as it was recorded.

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;

use crate::cli::Replay;
use crate::commands::Ending;
use crate::kit::text::counted;
use crate::session::{self, Unplayable};

/// `shipmock replay`.
pub fn replay(flags: &Replay) -> Ending {
    let file = flags.file.display();
    let played = File::open(&flags.file)
        .map_err(Unplayable::from)
        .and_then(|open| session::replay(BufReader::new(open)));
    let replayed = match played {
        Ok(replayed) => replayed,
        Err(wrong) => return Ending { text: format!("error: {file}: {wrong}\n"), code: 2 },
    };
    let mut text = String::new();
    let (lines, requests, webhooks) = (replayed.lines, replayed.requests, replayed.webhooks);
    if replayed.torn > 0 {
        let _ = writeln!(
            text,
            "{file} ends after line {lines}, within the next one ({} of it): whatever wrote it was ended at once",
            counted(replayed.torn, "byte")
        );
    }
    let code = match &replayed.difference {
        None => {
            let _ = writeln!(
                text,
                "the same: {}, {}, {}",
                counted(requests, "request"),
                counted(webhooks, "webhook"),
                counted(lines, "line")
            );
            0
        }
        Some(difference) => {
            let _ = writeln!(text, "{file}: {difference}");
            1
        }
    };
    Ending { text, code }
}
