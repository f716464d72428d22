//! Errors of a session file that cannot be replayed: unreadable, of another format, or not hanging together.

use std::io;

use crate::session::lines::FORMAT;

/// Why a file cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum Unplayable {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    /// It does not begin like a session.
    #[error("it is no recorded session: {0}")]
    Stranger(String),
    /// It is of another version.
    #[error("it is of format {0}; this version of Shipmock plays format {FORMAT}")]
    Format(u64),
    /// A line in its middle is none.
    #[error("line {0} is none of a session: {1}")]
    Line(u64, String),
    /// Something is not there that a line speaks of.
    #[error("it does not hang together: {0}")]
    Order(String),
}
