//! Replay: plays a session again and compares.

use std::io::BufRead;

use crate::kit::text::excerpt;
use crate::session::lines::{FORMAT, SessionLine};
use crate::session::player::{Divergence, LineError, Player};
use crate::session::unplayable::Unplayable;

/// What came of playing a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Whole lines that were played.
    pub lines: u64,
    /// Calls to providers.
    pub requests: u64,
    /// Webhooks.
    pub webhooks: u64,
    /// How many bytes of a torn last line there are, as a crash leaves them.
    pub torn: usize,
    /// The first difference.
    pub difference: Option<Divergence>,
}

/// Plays a session up to its end or the first difference. A last line that a crash has torn is left out.
///
/// # Errors
/// `Unplayable` when it is no session of this version, or does not hang together.
pub fn replay(mut file: impl BufRead) -> Result<Replayed, Unplayable> {
    let mut stage = Player::default();
    let mut replayed = Replayed { lines: 0, requests: 0, webhooks: 0, torn: 0, difference: None };
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if file.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.last() != Some(&b'\n') {
            replayed.torn = bytes.len();
            break;
        }
        let number = replayed.lines + 1;
        let line = read(number, &bytes)?;
        match stage.play(line) {
            Ok(()) => replayed.lines = number,
            Err(LineError::Unplayable(Unplayable::Order(sentence))) => {
                return Err(Unplayable::Order(format!("line {number}: {sentence}")));
            }
            Err(LineError::Unplayable(wrong)) => return Err(wrong),
            Err(LineError::Differs { world, what, recorded, came }) => {
                let difference = Divergence { line: number, world, what, recorded, came };
                replayed.difference = Some(difference);
                break;
            }
        }
    }
    if replayed.lines == 0 && replayed.difference.is_none() {
        return Err(Unplayable::Stranger("it has not even its first line".to_owned()));
    }
    (replayed.requests, replayed.webhooks) = (stage.requests, stage.webhooks);
    Ok(replayed)
}

fn read(number: u64, bytes: &[u8]) -> Result<SessionLine, Unplayable> {
    let read = serde_json::from_slice::<SessionLine>(bytes);
    if number > 1 {
        return read.map_err(|error| {
            let text = String::from_utf8_lossy(bytes);
            Unplayable::Line(number, format!("{error}: {}", excerpt(text.trim_end(), 60)))
        });
    }
    // A later version may say more in its first line; its format is told all the same.
    let format = serde_json::from_slice::<serde_json::Value>(bytes)
        .ok()
        .and_then(|value| value.get("session")?.get("format")?.as_u64());
    match (format, read) {
        (None, _) => {
            let text = String::from_utf8_lossy(bytes);
            let said = format!("its first line is `{}`", excerpt(text.trim_end(), 60));
            Err(Unplayable::Stranger(said))
        }
        (Some(FORMAT), Ok(line)) => Ok(line),
        (Some(FORMAT), Err(error)) => Err(Unplayable::Line(number, error.to_string())),
        (Some(other), _) => Err(Unplayable::Format(other)),
    }
}
