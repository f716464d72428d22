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

    /// SIGINT, SIGTERM and SIGHUP.
    pub(crate) struct Signals {
        interrupt: Signal,
        terminate: Signal,
        /// None where the server was started so that it outlives its terminal, as `nohup` does.
        hangup: Option<Signal>,
    }

    impl Signals {
        pub(crate) fn new() -> io::Result<Signals> {
            let hangup = if hangup_is_ignored() { None } else { Some(SignalKind::hangup()) };
            Ok(Signals {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hangup: hangup.map(signal).transpose()?,
            })
        }

        pub(crate) async fn next(&mut self) {
            let hangup = async {
                match &mut self.hangup {
                    Some(signal) => drop(signal.recv().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
                () = hangup => {}
            }
        }
    }

    /// Whether whoever started this process wants SIGHUP to do nothing. Linux tells in its process file, as a mask of
    /// signals in which that one is the first; elsewhere it cannot be asked without unsafe code, and ends the server.
    fn hangup_is_ignored() -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .is_some_and(|it| it & 1 == 1)
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
