//! The command line carried out: parse the command line, call one function, turn its error into an exit code.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::cli::{Cli, Command, Exec, Serve};
use crate::commands::{self, Ending};
use crate::listing;
use crate::server::{self, Execution, Failure, Limits, Options, PORT};
use crate::sim::webhook::egress::Reach;
use crate::world::Orders;

/// Runs the program.
pub fn main() -> ExitCode {
    match Cli::read().command {
        Command::Serve(flags) => match server::serve(options(*flags, PORT)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failed(&failure),
        },
        Command::Exec(flags) => {
            let Exec { serve, report, strict, command } = *flags;
            let execution = Execution { command, report, strict };
            match server::exec(options(serve, 0), &execution) {
                Ok(code) => ExitCode::from(code),
                Err(failure) => failed(&failure),
            }
        }
        Command::Check(flags) => ended(&commands::check(&flags)),
        Command::Test(flags) => ended(&commands::test(&flags)),
        Command::Replay(flags) => ended(&commands::replay(&flags)),
        Command::Scenarios(flags) => ended(&commands::scenarios(flags.name.as_deref())),
        Command::Routes(flags) if flags.json => say(&listing::routes_json(flags.provider)),
        Command::Routes(flags) => say(&listing::routes(flags.provider)),
        Command::Machines(flags) => say(&listing::machines(flags.provider)),
        Command::Openapi(flags) => say(&listing::openapi(flags.provider, server::PORT)),
        Command::Schema => say(&commands::schema()),
    }
}

/// `port` is the usual one.
fn options(flags: Serve, port: u16) -> Options {
    Options {
        listen: flags.listen.0,
        port: flags.port.unwrap_or(port),
        scenario: flags.scenario,
        orders: Orders {
            seed: flags.seed,
            mode: flags.clock,
            at: flags.at,
            speed: flags.speed,
            reach: Reach { redirects: flags.webhook_to, allowed: flags.webhook_allow },
            bare: flags.bare,
        },
        max_worlds: flags.max_worlds,
        threads: flags.threads,
        world_idle: flags.world_idle.0,
        // An empty variable of the environment is no token.
        control_token: flags.control_token.filter(|token| !token.is_empty()),
        watch: flags.watch,
        ready_file: flags.ready_file,
        report: false,
        record: flags.record,
        force: flags.force,
        state: flags.state,
        limits: Limits::default(),
    }
}

/// Prints; a reader that went away has read enough.
fn say(text: &str) -> ExitCode {
    let _ = io::stdout().lock().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn ended(outcome: &Ending) -> ExitCode {
    say(&outcome.text);
    ExitCode::from(outcome.code)
}

fn failed(failure: &Failure) -> ExitCode {
    // What is wrong with a file is printed as it was found, with its place.
    let (code, mark) = match failure {
        Failure::Wrong(_) => (2, ""),
        Failure::Start(_) => (3, "error: "),
        Failure::Command(code, _) => (*code, "error: "),
    };
    let _ = writeln!(io::stderr(), "{mark}{failure}");
    ExitCode::from(code)
}
