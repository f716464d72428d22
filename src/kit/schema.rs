//! The JSON Schema of values that are written in a form of their own.

/// Gives a type the JSON Schema of the form in which it is written, under its own name or the one it is known by.
#[macro_export]
macro_rules! written_as {
    ($name:ident $(as $known:literal)?, { $($schema:tt)* }) => {
        $crate::written_as!($name $(as $known)?, |_generator| { $($schema)* });
    };
    // A schema's name is what editors and generated clients know it by: it outlives the type's own.
    ($name:ident, |$generator:ident| $schema:tt) => {
        $crate::written_as!(@ $name, stringify!($name), $generator, $schema);
    };
    ($name:ident as $known:literal, |$generator:ident| $schema:tt) => {
        $crate::written_as!(@ $name, $known, $generator, $schema);
    };
    // With the schemas of other types in it: `generator.subschema_for::<Other>()`.
    (@ $name:ident, $known:expr, $generator:ident, $schema:tt) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $known.into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($name)).into()
            }

            fn json_schema($generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}
