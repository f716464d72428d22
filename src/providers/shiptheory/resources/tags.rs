//! Tags: documentation, "Tags".

use crate::frameworks::cakephp::validation::{Problems, check};
use crate::kit::collation;
use crate::message::{Evidence, Reply};
use crate::providers::shiptheory::resources::input::{self, Fields};
use crate::providers::shiptheory::resources::pages::{Paging, Query, Sorter};
use crate::providers::shiptheory::state::accounts::Tag;
use crate::providers::shiptheory::views::{TagRow, Tags};
use crate::providers::shiptheory::{Error, Shiptheory, State, errors, views};
use crate::providers::{Call, Cx, Field};

/// Holds what was sent against the endpoint's table.
fn examine(fields: &Fields, takes: &'static [Field]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    check(fields, "", takes, &mut problems);
    problems.settle()
}

/// The tag of an account that has a name, as the database compares it.
fn named<'a>(state: &'a State, account: u64, name: &str) -> Option<&'a Tag> {
    let mut own = state.tags.values().filter(|tag| tag.account == account);
    own.find(|tag| collation::same(&tag.name, name))
}

/// The tag of a path.
fn find<'a>(state: &'a State, call: &Call<'_, Shiptheory>) -> Result<&'a Tag, Error> {
    let id = call.args.number(0);
    let tag =
        id.and_then(|id| state.tags.get(&id)).ok_or(if state.switches.unknown_tag_is_403 {
            Error::Foreign("There is no tag of this id.")
        } else {
            Error::Absent("There is no tag of this id.")
        })?;
    if tag.account == call.caller.account {
        Ok(tag)
    } else {
        Err(Error::Foreign("The tag is another account's."))
    }
}

/// `POST /v1/tags`.
pub fn add(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let fields = input::fields(call.request)?;
    examine(&fields, call.takes)?;
    let account = call.caller.account;
    let name = input::text(&fields, "name").unwrap_or_default();
    let known = named(cx.state, account, &name);
    if known.is_some_and(|tag| !tag.example) {
        return Err(errors::tag_taken(cx.state));
    }
    let id = known.map_or_else(|| cx.state.next_tag(), |tag| tag.id);
    let tag = Tag {
        id,
        account,
        name,
        background_colour: input::some_text(&fields, "background_colour"),
        text_colour: input::some_text(&fields, "text_colour"),
        example: false,
    };
    let reply = views::reply(200, &TagRow::from(&tag));
    cx.state.tags.insert(id, tag);
    Ok(reply)
}

/// `GET /v1/tags/{id}`.
pub fn view(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    Ok(views::reply(200, &TagRow::from(find(cx.state, call)?)))
}

const SORTERS: &[Sorter<Tag>] = &[
    ("name", |one, two| collation::key(&one.name).cmp(&collation::key(&two.name))),
    ("background_colour", |one, two| one.background_colour.cmp(&two.background_colour)),
    ("text_colour", |one, two| one.text_colour.cmp(&two.text_colour)),
];

/// `GET /v1/tags`: in pages, by id.
pub fn list(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let account = call.caller.account;
    let mut rows: Vec<&Tag> = cx.state.tags.values().filter(|it| it.account == account).collect();
    let query = Query::of(call.request);
    let paging = Paging::of(&query);
    paging.sort(&mut rows, SORTERS);
    let (rows, pagination) = paging.cut(rows)?;
    let tags = Tags { tags: rows.into_iter().map(TagRow::from).collect(), pagination };
    Ok(views::reply(200, &tags).passing_over(Paging::passed_over(&query, SORTERS)))
}

/// `PUT` and `PATCH /v1/tags/{id}`: what is not sent stays.
pub fn update(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let fields = input::fields(call.request)?;
    let mut tag = find(cx.state, call)?.clone();
    examine(&fields, call.takes)?;
    if let Some(name) = input::some_text(&fields, "name") {
        // An example gives way to its creation, not to another tag's new name.
        if named(cx.state, tag.account, &name).is_some_and(|other| other.id != tag.id) {
            return Err(errors::tag_taken(cx.state));
        }
        tag.name = name;
    }
    for (name, known) in
        [("background_colour", &mut tag.background_colour), ("text_colour", &mut tag.text_colour)]
    {
        if fields.contains_key(name) {
            *known = input::some_text(&fields, name);
        }
    }
    tag.example = false;
    let reply = views::reply(200, &TagRow::from(&tag));
    cx.state.tags.insert(tag.id, tag);
    Ok(reply)
}

/// `DELETE /v1/tags/{id}`: an empty body. Shipments lose the tag: what happens to them is not documented.
pub fn delete(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let (id, account) = {
        let tag = find(cx.state, call)?;
        (tag.id, tag.account)
    };
    cx.state.tags.remove(&id);
    cx.state.shelf.untag(account, id);
    Ok(Reply::empty(200).evidence(Evidence::Documented))
}
