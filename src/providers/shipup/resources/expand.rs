//! Which relations of an answer are shown whole: public page "Expanding responses".

use std::collections::BTreeMap;

/// A relation may lead to another, so far and no further.
pub const DEEPEST: usize = 4;

/// What has relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    Order,
    Fulfillment,
    Tracker,
    Notification,
    /// What has none.
    Leaf,
}

impl Resource {
    /// Its relations, and what they lead to: public pages of the API resources.
    fn relations(self) -> &'static [(&'static str, Resource)] {
        match self {
            Resource::Order => &[
                ("fulfillments", Resource::Fulfillment),
                ("line_items", Resource::Leaf),
                ("notifications", Resource::Notification),
                ("shipping_address", Resource::Leaf),
            ],
            Resource::Fulfillment => &[
                ("order", Resource::Order),
                ("trackers", Resource::Tracker),
                ("line_items", Resource::Leaf),
                ("notifications", Resource::Notification),
                ("shipping_address", Resource::Leaf),
            ],
            Resource::Tracker => &[
                ("carrier", Resource::Leaf),
                ("carrier_service", Resource::Leaf),
                ("events", Resource::Leaf),
                ("fulfillment", Resource::Fulfillment),
                ("line_items", Resource::Leaf),
                ("notifications", Resource::Notification),
            ],
            Resource::Notification => &[("notification_type", Resource::Leaf)],
            Resource::Leaf => &[],
        }
    }
}

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

    /// The paths that lead along a relation which is not there.
    pub fn unknown(&self, of: Resource) -> Vec<String> {
        let mut found = Vec::new();
        for (name, within) in &self.0 {
            match of.relations().iter().find(|(known, _)| known == name) {
                None => found.push(name.clone()),
                Some((_, inner)) => {
                    let below = within.unknown(*inner);
                    found.extend(below.into_iter().map(|path| format!("{name}.{path}")));
                }
            }
        }
        found
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
