//! Lock depth of a thread, counted in debug builds: whatever writes, serialises or parses for long asserts that the
//! thread has neither a world nor the registry locked.

use std::ops::{Deref, DerefMut};

/// The guard of a lock, counted as long as it is held.
#[derive(Debug)]
pub(crate) struct HeldLock<G> {
    guard: G,
    _depth: depth::Depth,
}

/// Counts a lock that was just taken.
pub(crate) fn counted<G>(guard: G) -> HeldLock<G> {
    HeldLock { guard, _depth: depth::Depth::deeper() }
}

impl<G: Deref> Deref for HeldLock<G> {
    type Target = G::Target;

    fn deref(&self) -> &G::Target {
        &self.guard
    }
}

impl<G: DerefMut> DerefMut for HeldLock<G> {
    fn deref_mut(&mut self) -> &mut G::Target {
        &mut self.guard
    }
}

/// Panics, in debug builds, when this thread has a world or the registry locked.
pub(crate) fn assert_unlocked() {
    debug_assert_eq!(
        depth::locks(),
        0,
        "something slow is done while a world or the registry is locked"
    );
}

#[cfg(debug_assertions)]
mod depth {
    use std::cell::Cell;

    thread_local! {
        static LOCKS: Cell<usize> = const { Cell::new(0) };
    }

    /// One lock more, until it is dropped.
    #[derive(Debug)]
    pub(super) struct Depth;

    impl Depth {
        pub(super) fn deeper() -> Depth {
            LOCKS.set(locks() + 1);
            Depth
        }
    }

    impl Drop for Depth {
        fn drop(&mut self) {
            LOCKS.set(locks().saturating_sub(1));
        }
    }

    pub(super) fn locks() -> usize {
        LOCKS.get()
    }
}

#[cfg(not(debug_assertions))]
mod depth {
    /// Nothing: a release does not count.
    #[derive(Debug)]
    pub(super) struct Depth;

    impl Depth {
        pub(super) fn deeper() -> Depth {
            Depth
        }
    }

    pub(super) fn locks() -> usize {
        0
    }
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use super::{assert_unlocked, counted};
    use crate::server::panicked::guarded;

    #[test]
    fn what_is_slow_is_found_below_a_lock_and_nowhere_else() {
        let lock = parking_lot::Mutex::new(7);
        let held = counted(lock.lock());
        let found = guarded(assert_unlocked).unwrap_err();
        assert!(found.to_string().contains("while a world or the registry is locked"), "{found}");
        assert_eq!(*held, 7);
        drop(held);
        assert_eq!(guarded(assert_unlocked), Ok(()));
    }
}
