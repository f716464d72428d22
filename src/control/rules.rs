//! The rules of a world: listed with their use, installed, removed.

use serde_json::{Value, json};

use crate::control::extract::Extracted;
use crate::control::problem::{Problem, echo};
use crate::control::{Job, WorldJob, respond};
use crate::kit::mistake::Mistake;
use crate::message::Reply;
use crate::policy::installed::Installed;
use crate::policy::rule::Rule;
use crate::world::World;

/// `GET /rules`.
pub(super) fn read_list(_asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Rules))
}

/// `POST /rules`.
pub(super) fn read_install(asked: &Extracted) -> Result<Job, Reply> {
    let rule: Rule = serde_json::from_value(Value::Object(asked.body.clone()))
        .map_err(|wrong| Problem::new(422, "Wrong rule", wrong.to_string()).reply())?;
    Ok(Job::World(WorldJob::Install(Box::new(rule))))
}

/// `DELETE /rules/{id}`.
pub(super) fn read_remove(asked: &Extracted) -> Result<Job, Reply> {
    Ok(Job::World(WorldJob::Uninstall(asked.arg(0).to_owned())))
}

fn entry(installed: &Installed) -> Value {
    json!({
        "id": installed.id(),
        "since": installed.since,
        "fitted": installed.fitted,
        "used": installed.used,
        "rule": installed.rule,
    })
}

/// The rules in their order.
pub(super) fn list(world: &World) -> Reply {
    respond::said(&json!({"rules": world.rules().iter().map(entry).collect::<Vec<_>>()}))
}

/// Installs a rule behind all others.
pub(super) fn install(world: &mut World, rule: &Rule) -> Reply {
    match world.install(rule.clone()) {
        Ok(installed) => respond::written(201, "application/json", &entry(installed)),
        Err(Mistake { place, problem }) => {
            Problem::new(422, "Wrong rule", problem).with("field", place).reply()
        }
    }
}

/// Takes a rule away.
pub(super) fn remove(world: &mut World, id: &str) -> Reply {
    match world.uninstall(id) {
        Some(_) => respond::done(),
        None => {
            let detail =
                format!("there is no rule `{}`; GET /_shipmock/rules lists them", echo(id));
            Problem::new(404, "Unknown rule", detail).reply()
        }
    }
}
