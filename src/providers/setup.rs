//! What every provider's setup is made of: one layer over another where a scenario extends one, lists that are opened
//! entry by entry, and a history that is promised.

use std::fmt::Display;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::kit::mistake::Mistake;
use crate::providers::{Cx, Timers};
use crate::sim::journey::plan::History;

/// A part of a setup that may stand over the same part of the scenario that is extended.
pub trait Layer: Sized {
    /// The same part, with what it does not say taken from another.
    #[must_use]
    fn or(self, base: Self) -> Self;

    /// Whether both speak of the same entity, where a list has several.
    fn is_same(&self, _other: &Self) -> bool {
        true
    }
}

/// Declares a part of a setup in which nothing has to be said but a key, and how it is laid over another one.
///
/// `must` is the key by which the entities of a list are told apart; `may` is left out where nothing is said. What
/// stands behind `=>` lays the field over its like; without it the whole field counts.
macro_rules! setup {
    ($(#[$meta:meta])* pub struct $name:ident { $($fields:tt)+ }) => {
        $crate::providers::setup::setup! { @ [$(#[$meta])*] $name self base {} {} {} $($fields)+ }
    };
    (@ $meta:tt $name:ident $own:ident $base:ident {} { $($said:tt)* } { $($laid:tt)* }
        $(#[$doc:meta])* must $field:ident: $type:ty, $($rest:tt)*) => {
        $crate::providers::setup::setup! {
            @ $meta $name $own $base { $field }
            { $($said)* $(#[$doc])* pub $field: $type, }
            { $($laid)* $field: $own.$field, }
            $($rest)*
        }
    };
    (@ $meta:tt $name:ident $own:ident $base:ident $key:tt { $($said:tt)* } { $($laid:tt)* }
        $(#[$doc:meta])* may $field:ident: $type:ty $(=> $over:path)?, $($rest:tt)*) => {
        $crate::providers::setup::setup! {
            @ $meta $name $own $base $key
            {
                $($said)*
                $(#[$doc])*
                #[serde(
                    skip_serializing_if = "Option::is_none",
                    deserialize_with = "crate::providers::setup::said"
                )]
                pub $field: Option<$type>,
            }
            { $($laid)* $field: $crate::providers::setup::laid!($own.$field, $base.$field $(, $over)?), }
            $($rest)*
        }
    };
    (@ [$($meta:tt)*] $name:ident $own:ident $base:ident { $($key:ident)? } { $($said:tt)* } { $($laid:tt)* }) => {
        #[derive(
            Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        $($meta)*
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $($said)* }

        impl $crate::providers::setup::Layer for $name {
            fn or($own, $base: Self) -> Self {
                $name { $($laid)* }
            }

            $(fn is_same(&self, other: &Self) -> bool {
                self.$key == other.$key
            })?
        }
    };
}

macro_rules! laid {
    ($own:expr, $base:expr) => {
        $own.or($base)
    };
    ($own:expr, $base:expr, $over:path) => {
        $over($own, $base)
    };
}

pub(crate) use {laid, setup};

/// What is written must say something: a key without a value is a slip, and would be as if it were not there.
pub(super) fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let said = Option::<T>::deserialize(deserializer)?;
    said.map(Some).ok_or_else(|| {
        serde::de::Error::custom("`null` says nothing; write a value, or leave the key out")
    })
}

/// One list over another: what both have is put together, then what only the first has, all in its order, and at the
/// end what only the other has.
pub(super) fn merged<T: Layer>(own: Option<Vec<T>>, base: Option<Vec<T>>) -> Option<Vec<T>> {
    let (own, mut base) = match (own, base) {
        (Some(own), Some(base)) => (own, base),
        (own, base) => return own.or(base),
    };
    let mut all: Vec<T> = Vec::with_capacity(own.len() + base.len());
    for one in own {
        let place = base.iter().position(|other| one.is_same(other));
        all.push(match place {
            Some(place) => one.or(base.remove(place)),
            None => one,
        });
    }
    all.append(&mut base);
    Some(all)
}

/// What a flag is that has to be said to be off.
pub(super) fn yes() -> bool {
    true
}

/// Opens a list entry by entry, each with its place, at which a mistake in it is told.
pub(super) fn each<T>(
    list: &str,
    entries: impl IntoIterator<Item = T>,
    mut open: impl FnMut(usize, T) -> Result<(), Mistake>,
) -> Result<(), Mistake> {
    let mut entries = entries.into_iter().enumerate();
    entries.try_for_each(|(place, it)| open(place, it).map_err(|wrong| wrong.within(list, place)))
}

/// Refuses what is there already.
pub(super) fn unless_there(is_there: bool, field: &str, what: impl Display) -> Result<(), Mistake> {
    if is_there { Err(Mistake::new(field, format!("there is {what} already"))) } else { Ok(()) }
}

/// For how many days the longest of some histories has to be lived through.
pub(super) fn days<'a>(histories: impl Iterator<Item = &'a History>) -> u32 {
    histories.map(|history| history.days).max().unwrap_or(0)
}

/// Promises the orders of a history, at instants drawn from the time before the start.
pub(super) fn promise<P: Timers>(
    cx: &mut Cx<'_, P>,
    history: &History,
    start: Timestamp,
    timer: P::Timer,
) -> Result<(), Mistake> {
    if history.orders > History::MOST {
        let problem = format!("at most {} orders fit a world", History::MOST);
        return Err(Mistake::new("history.orders", problem));
    }
    let mut draw = cx.chance.draw(&format!("{}/history", P::NAME));
    for at in history.moments(start, &mut draw) {
        cx.out.at(at, timer);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Layer, each, merged, unless_there};
    use crate::kit::mistake::Mistake;

    impl Layer for char {
        fn or(self, _: char) -> char {
            self.to_ascii_uppercase()
        }

        fn is_same(&self, other: &char) -> bool {
            self == other
        }
    }

    #[test]
    fn what_both_lists_have_is_there_once() {
        let list = |text: &str| (!text.is_empty()).then(|| text.chars().collect::<Vec<char>>());
        for (own, base, expected) in
            [("bX", "abc", "BXac"), ("", "ab", "ab"), ("ab", "", "ab"), ("", "", "")]
        {
            assert_eq!(merged(list(own), list(base)), list(expected), "{own} {base}");
        }
    }

    crate::providers::setup::setup! {
        /// A shop.
        pub struct Shop {
            /// Where it is.
            may town: String,
            /// What it is called.
            must name: String,
            /// Its letters.
            may letters: Vec<char> => merged,
        }
    }

    #[test]
    fn a_layer_says_what_it_says_and_leaves_the_rest() {
        let shop = |text: &str| serde_json::from_str::<Shop>(text).unwrap();
        let own = shop(r#"{"name": "a", "letters": ["b"]}"#);
        let base = shop(r#"{"town": "Tunis", "name": "z", "letters": ["b", "c"]}"#);
        assert!(!own.is_same(&base) && own.is_same(&own));
        let said = serde_json::to_string(&own.clone().or(base)).unwrap();
        assert_eq!(said, r#"{"town":"Tunis","name":"a","letters":["B","c"]}"#);
        assert_eq!(serde_json::to_string(&own).unwrap(), r#"{"name":"a","letters":["b"]}"#);
        for wrong in [r#"{"street": ""}"#, r#"{"town": null}"#, r#"{"letters": null}"#] {
            assert!(serde_json::from_str::<Shop>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_mistake_is_told_at_its_place_in_the_list() {
        let found = each("shops", ["a", "b"], |_, name| {
            unless_there(name == "b", "name", format_args!("a shop `{name}`"))
        });
        assert_eq!(found, Err(Mistake::new("shops[1].name", "there is a shop `b` already")));
    }
}
