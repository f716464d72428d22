//! Copy on write: what worlds share until one of them changes it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A value that its copies share. A look at it copies nothing; the first change to a copy gives that copy its own.
///
/// A world is a plain value that is cloned to be forked, and most forks change little. With this around its large parts a
/// fork costs what is changed in it. Beware of `&mut` for a look: the compiler takes it for a change.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// Whether both are one value in memory: neither was changed since one was made from the other.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Shared(Arc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Shared;

    #[test]
    fn a_copy_is_its_own_from_its_first_change_on() {
        let one = Shared::from(vec![1]);
        let mut other = one.clone();
        assert!(other.first() == Some(&1) && other.is_shared_with(&one));
        other.push(2);
        assert!(!other.is_shared_with(&one));
        assert_eq!((&*one, &*other), (&vec![1], &vec![1, 2]));
    }
}
