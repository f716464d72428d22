//! Signals: those that end a server, and those that are passed on to a command.

#[cfg(not(unix))]
pub(crate) use fallback::{Forwarded, Signals};
#[cfg(unix)]
pub(crate) use posix::{Forwarded, Signals};

#[cfg(unix)]
mod posix {
    use std::io::{self, IsTerminal as _};

    use rustix::process::{Pid, Signal as Number, kill_process};
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// SIGINT and SIGTERM.
    pub(crate) struct Signals(Signal, Signal);

    impl Signals {
        pub(crate) fn new() -> io::Result<Signals> {
            Ok(Signals(signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?))
        }

        pub(crate) async fn next(&mut self) {
            tokio::select! {
                _ = self.0.recv() => {}
                _ = self.1.recv() => {}
            }
        }
    }

    /// What a command gets to hear that was meant for it.
    pub(crate) struct Forwarded {
        interrupt: Signal,
        quit: Signal,
        terminate: Signal,
        hangup: Signal,
        first: Signal,
        second: Signal,
        /// A terminal's keys reach the command by themselves.
        typed: bool,
    }

    impl Forwarded {
        pub(crate) fn new() -> io::Result<Forwarded> {
            Ok(Forwarded {
                interrupt: signal(SignalKind::interrupt())?,
                quit: signal(SignalKind::quit())?,
                terminate: signal(SignalKind::terminate())?,
                hangup: signal(SignalKind::hangup())?,
                first: signal(SignalKind::user_defined1())?,
                second: signal(SignalKind::user_defined2())?,
                typed: io::stdin().is_terminal(),
            })
        }

        pub(crate) async fn next(&mut self) -> Number {
            tokio::select! {
                _ = self.interrupt.recv() => Number::INT,
                _ = self.quit.recv() => Number::QUIT,
                _ = self.terminate.recv() => Number::TERM,
                _ = self.hangup.recv() => Number::HUP,
                _ = self.first.recv() => Number::USR1,
                _ = self.second.recv() => Number::USR2,
            }
        }

        pub(crate) fn pass_on(&self, signal: Number, process: Option<u32>) {
            if self.typed && (signal == Number::INT || signal == Number::QUIT) {
                return;
            }
            let number = process.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
            if let Some(process) = number {
                // It may have ended this moment; that is told by its exit code.
                let _ = kill_process(process, signal);
            }
        }
    }
}

#[cfg(not(unix))]
mod fallback {
    use std::io;

    /// Ctrl-C.
    pub(crate) struct Signals;

    impl Signals {
        pub(crate) fn new() -> io::Result<Signals> {
            Ok(Signals)
        }

        pub(crate) async fn next(&mut self) {
            let _ = tokio::signal::ctrl_c().await;
        }
    }

    /// Ctrl-C reaches the command by itself; it must only not end us before it.
    pub(crate) struct Forwarded;

    impl Forwarded {
        pub(crate) fn new() -> io::Result<Forwarded> {
            Ok(Forwarded)
        }

        pub(crate) async fn next(&mut self) {
            let _ = tokio::signal::ctrl_c().await;
        }

        pub(crate) fn pass_on(&self, _signal: (), _process: Option<u32>) {}
    }
}
