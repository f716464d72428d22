//! How the providers' own web frameworks behave: Laravel, CakePHP, Rails, PHP below two of them, and how each routes.
//!
//! A new provider picks one. Wording lives here only where the framework, and not the provider, speaks.

pub mod cakephp;
pub mod laravel;
pub mod php;
pub mod rails;
pub mod routing;
