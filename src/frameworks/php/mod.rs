//! PHP's own functions, as its frameworks call them: `json_encode` and `strtotime`.

pub mod json_encode;
mod printer;
pub mod strtotime;
