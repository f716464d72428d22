//! The program. What it does stands in `program.rs`, where the library's lints see what it uses.

fn main() -> std::process::ExitCode {
    shipmock::internals::main()
}
