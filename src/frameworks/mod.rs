//! How the providers' own web frameworks behave: Laravel, CakePHP, Rails, and PHP below two of them.
//!
//! A new provider picks one. Wording lives here only where the framework, and not the provider, speaks.

pub mod cakephp;
pub mod laravel;
pub mod php;
pub mod rails;
