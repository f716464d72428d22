//! The JSON Schema of values that are written in a form of their own.

/// Gives a type the JSON Schema of the form in which it is written, under its own name.
#[macro_export]
macro_rules! written_as {
    ($name:ident, { $($schema:tt)* }) => {
        $crate::written_as!($name, |_generator| { $($schema)* });
    };
    // With the schemas of other types in it: `generator.subschema_for::<Other>()`.
    ($name:ident, |$generator:ident| $schema:tt) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
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
