//! CakePHP: how its views print XML.

pub mod xml;
