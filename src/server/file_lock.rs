//! Locks of files: what one server writes, no other writes meanwhile. The system lets go of them when a process ends,
//! however it ends.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Locks an open file.
///
/// # Errors
/// `WouldBlock` when another process has it. Where the file system knows no locks, nobody can have one.
pub(crate) fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A lock of a file that is replaced whenever it is written, so that it cannot be locked itself: a file beside it.
#[derive(Debug)]
pub(crate) struct FileLock {
    beside: PathBuf,
    held: File,
}

impl FileLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// `WouldBlock` when another process has it, that of the system when there can be no file beside.
    pub(crate) fn beside(file: &Path) -> io::Result<FileLock> {
        let mut beside = file.as_os_str().to_owned();
        beside.push(".lock");
        let beside = PathBuf::from(beside);
        loop {
            let held = File::create(&beside)?;
            lock(&held)?;
            let taken = FileLock { beside: beside.clone(), held };
            // Whoever had it before may have taken the file away between the opening and the locking.
            if taken.is_there() {
                return Ok(taken);
            }
        }
    }

    #[cfg(unix)]
    fn is_there(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let place = |it: fs::Metadata| (it.dev(), it.ino());
        let held = self.held.metadata().map(place);
        held.is_ok_and(|held| fs::metadata(&self.beside).map(place).is_ok_and(|it| it == held))
    }

    /// Elsewhere an open file cannot be taken away.
    #[cfg(not(unix))]
    fn is_there(&self) -> bool {
        self.held.metadata().is_ok()
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // As long as it is locked, and only if it is still ours.
        if self.is_there() {
            let _ = fs::remove_file(&self.beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::FileLock;

    #[test]
    fn one_has_it_until_it_is_dropped_and_nothing_is_left() {
        let file = std::env::temp_dir().join(format!("shipmock-lock-{}", std::process::id()));
        let first = FileLock::beside(&file).unwrap();
        // Another file handle of the same process is another holder.
        assert_eq!(FileLock::beside(&file).unwrap_err().kind(), ErrorKind::WouldBlock);
        drop(first);
        let second = FileLock::beside(&file).unwrap();
        let beside = second.beside.clone();
        assert!(beside.exists());
        drop(second);
        assert!(!beside.exists());
    }
}
