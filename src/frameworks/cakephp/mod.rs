//! CakePHP: its validation, and how its views print XML.

pub mod validation;
pub mod xml;
