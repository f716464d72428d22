//! Which relations of an answer are shown whole: public page "Expanding responses".

use std::collections::BTreeMap;

/// A relation may lead to another, so far and no further.
pub const DEEPEST: usize = 4;

/// Relations by name, and what is expanded within each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expand(BTreeMap<String, Expand>);

impl Expand {
    /// Reads paths such as `fulfillments.trackers`.
    ///
    /// # Errors
    /// The first path that is deeper than may be.
    pub fn read<'a>(paths: impl Iterator<Item = &'a str>) -> Result<Expand, String> {
        let mut root = Expand::default();
        for path in paths {
            let names: Vec<&str> = path.split('.').filter(|name| !name.is_empty()).collect();
            if names.len() > DEEPEST {
                return Err(path.to_owned());
            }
            let mut at = &mut root;
            for name in names {
                at = at.0.entry(name.to_owned()).or_default();
            }
        }
        Ok(root)
    }

    /// What is expanded within a relation, if it is expanded itself.
    pub fn within(&self, name: &str) -> Option<&Expand> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::Expand;

    #[test]
    fn paths_of_four_names_are_read_and_longer_ones_are_not() {
        let read = |paths: &[&str]| Expand::read(paths.iter().copied());
        let tree = read(&["a.b", "a.c.d", ""]).unwrap();
        assert!(
            tree.within("a")
                .and_then(|it| it.within("c"))
                .is_some_and(|it| it.within("d").is_some())
        );
        assert!(tree.within("b").is_none());
        assert!(read(&["a.b.c.d"]).is_ok());
        assert_eq!(read(&["x", "a.b.c.d.e"]), Err("a.b.c.d.e".to_owned()));
    }
}
