//! Closed vocabularies, string enums: an enum whose variants are the exact words a provider prints.

/// Declares an enum together with its words, so that the list of valid words is written once.
///
/// The enum gets `ALL`, `WORDS`, `word()` and `of(word)`, prints as its word, and is (de)serialised as its word.
/// A word is a literal, or a macro that makes one: `stringify!(shipper)`.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident $(as $known:literal)? { $($(#[$doc:meta])* $variant:ident = $word:tt $(! $of:tt)?),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        #[allow(dead_code, reason = "a vocabulary is whole, whoever asks for which part of it")]
        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Every word, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word $(! $of)?),+];

            /// The word as it is printed.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word $(! $of)?),+ }
            }

            /// The variant of a word, if it is one of the vocabulary.
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word $(! $of)? => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                $name::of(&word).ok_or_else(|| {
                    serde::de::Error::unknown_variant(&word, &[$($word $(! $of)?),+])
                })
            }
        }

        $crate::written_as!($name $(as $known)?, { "type": "string", "enum": [$($word $(! $of)?),+] });
    };
}
