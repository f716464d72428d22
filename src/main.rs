//! The program: parse the command line, call one function, turn its error into an exit code.

fn main() {}
