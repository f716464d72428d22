//! Tags as an entity of the control API.

use serde_json::{Value, json};

use super::{NO_MOVES, email};
use crate::providers::Kind;
use crate::providers::shiptheory::state::accounts::Tag;
use crate::providers::shiptheory::{Shiptheory, State};

/// Tags, by their ids.
pub struct Tags;

impl Kind for Tags {
    type Of = Shiptheory;
    type Entity<'a> = &'a Tag;

    const WORD: &'static str = "tag";
    const NO_MOVES: &'static str = NO_MOVES;

    fn all(state: &State) -> impl Iterator<Item = (String, &Tag)> {
        state.tags.iter().map(|(id, tag)| (id.to_string(), tag))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Tag> {
        state.tags.get(&id.parse().ok()?)
    }

    fn data(state: &State, tag: &Tag) -> Value {
        json!({
            "account": email(state, tag.account),
            "id": tag.id,
            "name": tag.name,
            "background_colour": tag.background_colour,
            "text_colour": tag.text_colour,
            "example": tag.example,
        })
    }
}
