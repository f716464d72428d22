//! An entity seen from inside, held against what a scenario expects of it.

use serde_json::Value;

use crate::providers;
use crate::scenario::place::Trail;
use crate::scenario::play::answers::differs;
use crate::scenario::play::stage::Stage;
use crate::scenario::steps::{Kind, Look};

/// This entity must stand so.
pub(super) fn entity(stage: &mut Stage<'_>, trail: &Trail, look: &Look) {
    let told = format!("entity {} {}", look.kind, look.id.0);
    let Kind { provider, kind } = match Kind::of(&look.kind) {
        Ok(kind) => kind,
        Err(wrong) => {
            stage.transcript.line(&told);
            return stage.fail(&trail.key(&look.kind), wrong.message);
        }
    };
    let found = stage.id(provider, kind, &look.id.0).and_then(|id| {
        providers::service(provider).detail(stage.world.providers(), kind, &id)
    });
    let detail = match found {
        Ok(detail) => detail,
        Err(trouble) => {
            stage.transcript.line(&told);
            return stage.fail(&trail.key(&look.kind), trouble.to_string());
        }
    };
    let state = detail.state.as_deref();
    stage.transcript.line(&format!("{told}: {}", state.unwrap_or("no state")));
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
    let came = crate::kit::text::excerpt(&detail.data.to_string(), WIDTH).into_owned();
    for (at, message) in found {
        stage.fail_with(&at, message, Some(format!("the entity: {came}")));
    }
}

/// The longest entity that a failure shows.
const WIDTH: usize = 600;
