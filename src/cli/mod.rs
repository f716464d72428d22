//! The command line: clap types, and nothing else.

mod values;

pub use values::{Idle, ListenOn};

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use jiff::Timestamp;

use crate::providers::Name;
use crate::server::{MAX_WORLDS, THREADS};
use crate::sim::clock::Mode;
use crate::sim::webhook::egress::Url;

/// Plays shipping providers well enough that an unmodified client cannot tell.
#[derive(Debug, Parser)]
#[command(name = "shipmock", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line, or ends the program with help, the version or what is wrong.
    pub fn read() -> Cli {
        let matches = Cli::whole().get_matches();
        Cli::from_arg_matches(&matches).unwrap_or_else(|wrong| wrong.exit())
    }

    /// The command line with one name: `shipmock serve --version` is not another program's.
    fn whole() -> clap::Command {
        Cli::command().mut_subcommands(|command| command.display_name("shipmock"))
    }
}

// What stands below a command's help is as wide as a terminal is at least, because a line that was broken here would be
// broken again there.
const EXAMPLES: &str = "\
Examples:
  shipmock serve                    every provider, on http://127.0.0.1:7447
  shipmock serve --port 0           a free port
  shipmock exec -- npm test         a server for one command, and a report
  shipmock test scenarios           play every scenario of a folder
  shipmock routes shipper           its endpoints, and where each is documented";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play the providers over HTTP until interrupted
    Serve(Box<Serve>),
    /// Run a command against a server of its own, and report what it did
    Exec(Box<Exec>),
    /// Read scenario files and print every problem, with file, line and column
    Check(CheckArgs),
    /// Play scenario files and print what failed, and where
    Test(TestArgs),
    /// Play a recorded session again and compare every byte
    Replay(Replay),
    /// List the ready-made scenarios, or print one
    Scenarios(Scenarios),
    /// List every endpoint, with its section of the documentation and its evidence
    Routes(Routes),
    /// Print every life cycle as a Mermaid state diagram
    Machines(Machines),
    /// Print an OpenAPI 3.1 description of what is simulated of a provider
    Openapi(Openapi),
    /// Print the JSON Schema of a scenario file, by which editors complete it
    Schema,
}

const SERVING: &str = "\
Examples:
  shipmock serve
  shipmock serve --scenario worlds/busy-store.yaml --seed 42
  shipmock serve --clock frozen --at 2026-05-14T09:00:00Z
  shipmock serve --clock scaled --speed 3600
  shipmock serve --webhook-to https://mystore.com=http://127.0.0.1:3000
  shipmock serve --port 0 --ready-file /tmp/shipmock.url

Exit codes: 0 stopped by a signal, 2 a wrong flag or file, 3 could not start.";

/// `serve`.
#[derive(Debug, Args)]
#[command(after_help = SERVING)]
pub struct Serve {
    /// Address to listen on, or localhost for both of its addresses; beyond loopback, the control API needs --control-token
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1", value_parser = values::listen)]
    pub listen: ListenOn,

    /// Port to listen on; 0 takes a free one [serve: 7447, exec: 0]
    #[arg(long, value_name = "N", value_parser = values::port)]
    pub port: Option<u16>,

    /// What exists: the name of a ready-made scenario, or a YAML file
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    pub scenario: String,

    /// Seed of everything that is made up; the same seed makes up the same
    #[arg(long, value_name = "N", value_parser = values::seed)]
    pub seed: Option<u64>,

    /// How time runs: real (with the wall), frozen (only when told), scaled (by --speed)
    #[arg(long, value_name = "real|frozen|scaled", value_parser = values::clock)]
    pub clock: Option<Mode>,

    /// Where the clock begins, as RFC 3339 writes it; without --clock, it stands still there
    #[arg(long, value_name = "RFC3339", value_parser = values::at)]
    pub at: Option<Timestamp>,

    /// World seconds a real second; without --clock, this makes it scaled
    #[arg(long, value_name = "X", value_parser = values::speed)]
    pub speed: Option<f64>,

    /// File that gets the base URL as soon as requests are answered
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,

    /// Send webhooks for the first origin to the second, as `https://mystore.com=http://127.0.0.1:3000`
    #[arg(long, value_name = "ORIGIN=ORIGIN", value_parser = values::redirect)]
    pub webhook_to: Vec<(Url, Url)>,

    /// Let webhooks leave this machine for this host; without it they are only recorded
    #[arg(long, value_name = "HOST", value_parser = values::host)]
    pub webhook_allow: Vec<String>,

    /// How many worlds there may be at once
    #[arg(long, value_name = "N", default_value_t = MAX_WORLDS, value_parser = values::worlds)]
    pub max_worlds: usize,

    /// How many threads answer calls; more than one pays where many worlds are called at once
    #[arg(long, value_name = "N", default_value_t = THREADS, value_parser = values::threads)]
    pub threads: usize,

    /// Drop a world that nobody has asked for since so long, as 30m or 24h; `never` keeps all. The first world stays
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = values::idle)]
    pub world_idle: Idle,

    /// Bearer token that opens the control API when listening beyond loopback
    #[arg(long, value_name = "T", env = "SHIPMOCK_CONTROL_TOKEN", hide_env_values = true)]
    pub control_token: Option<String>,

    /// Write everything that goes into the worlds to this file, for `shipmock replay`; secrets are replaced
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// Write over a session that --record finds in its file
    #[arg(long, requires = "record")]
    pub force: bool,

    /// Keep the worlds in this file: read at the start, written at intervals and at the end
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// Build the worlds again when the scenario file changes; a wrong file is reported, and the old one goes on
    #[arg(long)]
    pub watch: bool,

    /// Answer without the headers X-Shipmock-Request and X-Shipmock-Evidence
    #[arg(long)]
    pub bare: bool,
}

const EXECUTING: &str = "\
Examples:
  shipmock exec -- npm test
  shipmock exec --clock frozen --report shipmock.xml -- python3 -m pytest
  shipmock exec --scenario shipper/rate-limited --strict -- ./client.sh

The command finds in its environment:
  SHIPMOCK_URL         the server
  SHIPPER_BASE_URL     and likewise for each provider
  SHIPPER_API_KEY      and likewise for each credential of its presets

Exit codes:
  the command's own    usually
  1                    also when a rule never fired
                       with --strict also when an answer was inferred
  2                    a wrong flag or file
  3                    could not start
  126, 127             the command cannot be run, there is no such command";

/// `exec`.
#[derive(Debug, Args)]
#[command(after_help = EXECUTING)]
pub struct Exec {
    /// What the server is started with.
    #[command(flatten)]
    pub serve: Serve,

    /// Write the report to this file: text, JSON or JUnit by its extension (.txt, .json, .xml)
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,

    /// Fail when an answer was inferred
    #[arg(long)]
    pub strict: bool,

    /// The command and its arguments
    #[arg(value_name = "COMMAND", required = true, last = true)]
    pub command: Vec<OsString>,
}

/// `routes`.
#[derive(Debug, Args)]
pub struct Routes {
    /// Only this provider's
    #[arg(value_name = "PROVIDER", value_parser = values::provider)]
    pub provider: Option<Name>,

    /// Print a JSON array
    #[arg(long)]
    pub json: bool,
}

/// `openapi`.
#[derive(Debug, Args)]
pub struct Openapi {
    /// Whose
    #[arg(value_name = "PROVIDER", value_parser = values::provider)]
    pub provider: Name,
}

/// `machines`.
#[derive(Debug, Args)]
pub struct Machines {
    /// Only this provider's
    #[arg(value_name = "PROVIDER", value_parser = values::provider)]
    pub provider: Option<Name>,
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Scenario files, or folders of them
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

const TESTING: &str = "\
Examples:
  shipmock test scenarios
  shipmock test my.yaml --against shipper=http://127.0.0.1:7447/shipper

With --against only the calls are played, on both sides:
  skipped and told     what only a simulator can do (time, moves, rules, ...)
  compared             status, media type, keys and types of JSON, and what
                       the file expects

Exit codes:
  0                    all passed
  1                    an expectation failed, or an answer differs
  2                    a wrong file";

/// `test`.
#[derive(Debug, Args)]
#[command(after_help = TESTING)]
pub struct TestArgs {
    /// Scenario files, folders of them, or names of ready-made ones
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Only files with this in their path
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,

    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,

    /// End a file at its first failure
    #[arg(long)]
    pub stop: bool,

    /// Play with this seed instead of the files' own
    #[arg(long, value_name = "N", value_parser = values::seed)]
    pub seed: Option<u64>,

    /// Send the calls to this server too, and print what it answers differently, as
    /// `shipper=https://server.shipper.network`
    #[arg(long, value_name = "PROVIDER=URL", value_parser = values::against)]
    pub against: Vec<(Name, Url)>,

    /// What a credential of the presets is called there, as `shipper.api_key=...`
    #[arg(long, value_name = "PROVIDER.NAME=VALUE", requires = "against", value_parser = values::credential)]
    pub credential: Vec<((Name, String), String)>,
}

/// `replay`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes:
  0                    everything came as recorded
  1                    something differs
  2                    the file cannot be played")]
pub struct Replay {
    /// The session, as `serve --record` or `exec --record` wrote it
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `scenarios`.
#[derive(Debug, Args)]
pub struct Scenarios {
    /// Print this one, or list those of this provider
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::Cli;

    #[test]
    fn the_program_has_one_name_and_its_help_fits_a_terminal() {
        let mut whole = Cli::whole();
        whole.build();
        for command in whole.get_subcommands_mut() {
            let version = command.render_version();
            assert!(version.starts_with("shipmock ") || command.get_name() == "help", "{version}");
            let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(below.lines().all(|line| line.chars().count() <= 80), "{below}");
        }
        let below = whole.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(below.lines().all(|line| line.chars().count() <= 80), "{below}");
    }
}
