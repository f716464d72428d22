//! Sessions recorded and played again, in process.
