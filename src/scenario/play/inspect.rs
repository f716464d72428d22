//! Entity assertions: an entity seen from inside, held against what a scenario expects of it.

use serde_json::Value;

use crate::kit::text::excerpt;
use crate::providers;
use crate::scenario::play::answers::differs;
use crate::scenario::play::stage::PlayState;
use crate::scenario::steps::{EntityExpectation, SubjectKind};
use crate::scenario::trail::Trail;

/// This entity must stand so.
pub(super) fn entity(stage: &mut PlayState<'_>, trail: &Trail, look: &EntityExpectation) {
    let told = format!("entity {} {}", look.kind, look.id.0);
    let SubjectKind { provider, kind } = match SubjectKind::of(&look.kind) {
        Ok(kind) => kind,
        Err(wrong) => {
            stage.transcript.line(&told);
            return stage.fail(&trail.key(&look.kind), wrong.message);
        }
    };
    let found = stage.id(provider, kind, &look.id.0).and_then(|id| {
        providers::service(provider).kind(kind)?.detail(stage.world.providers(), &id)
    });
    let detail = match found {
        Ok(detail) => detail,
        Err(trouble) => {
            stage.transcript.line(&told);
            return stage.fail(&trail.key(&look.kind), trouble.to_string());
        }
    };
    let state = detail.state.as_deref();
    let mut shown: Vec<String> = state.map(str::to_owned).into_iter().collect();
    shown.extend(look.data.iter().map(|(place, _)| {
        let is = place.first(&detail.data).map_or("missing".to_owned(), Value::to_string);
        format!("{} {}", place.text(), excerpt(&is, VALUE))
    }));
    stage.transcript.line(&format!("{told}: {}", shown.join(", ")));
    let mut found = Vec::new();
    if let Some(test) = &look.state {
        let is = state.map(Value::from);
        differs(&mut found, trail.key("state"), "the state", test, is.as_ref());
    }
    for (place, test) in look.data.iter() {
        let at = trail.key("data").key(place.text());
        let what = format!("`{}`", place.text());
        differs(&mut found, at, &what, test, place.first(&detail.data));
    }
    let came = excerpt(&detail.data.to_string(), WIDTH).into_owned();
    for (at, message) in found {
        stage.fail_with(&at, message, Some(format!("the entity: {came}")));
    }
}

/// The longest entity that a failure shows.
const WIDTH: usize = 600;
/// The longest value of it that the story tells.
const VALUE: usize = 60;
