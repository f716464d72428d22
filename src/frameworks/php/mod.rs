//! PHP's own functions, as its frameworks call them: `json_encode`, `parse_str` and `strtotime`.

pub mod json_encode;
pub mod parse_str;
mod printer;
pub mod strtotime;
