//! Jobs, the work that answers of 202 promise, as an entity of the control API.

use serde_json::Value;

use crate::frameworks::rails::wide_integer::as_texts;
use crate::providers::kind::input;
use crate::providers::shipup::machines::JOB;
use crate::providers::shipup::resources::jobs;
use crate::providers::shipup::state::job::Job;
use crate::providers::shipup::{Shipup, State};
use crate::providers::{Cx, Kind, Operated, Standing};

/// Jobs, by their numbers.
pub struct Jobs;

impl Kind for Jobs {
    type Of = Shipup;
    type Entity<'a> = &'a Job;

    const WORD: &'static str = "job";

    fn all(state: &State) -> impl Iterator<Item = (String, &Job)> {
        state.book.jobs.values().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Job> {
        state.book.jobs.get(&id.parse().ok()?)
    }

    fn standing<'a>(_: &State, job: &'a Job) -> Standing<'a> {
        (&job.life).into()
    }

    fn data(state: &State, job: &Job) -> Value {
        as_texts(jobs::data(job, state.switches.iso_dates))
    }

    /// Hurries it, or breaks it off.
    fn apply(cx: &mut Cx<'_, Shipup>, id: &str, on: &str) -> Operated {
        let job = Self::known(cx.state, id)?;
        let (number, on) = (job.id, input(&JOB, &job.life, on)?);
        jobs::happen(cx, number, on).map_err(|_| Self::absent(id))
    }
}
