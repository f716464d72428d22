//! Requests and replies as plain, serialisable values; what a connection does with them is the shell's.
