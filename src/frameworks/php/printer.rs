//! The serializer behind `json_encode`: compact JSON, one pass over every string, straight into the bytes of an answer.
//!
//! `serde_json`'s own asks a formatter for every piece and looks at every string twice; half of the time of an ordinary
//! answer went there. Only what `json_encode` prints in answers is taken: keys are texts or whole numbers.

use std::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};

use crate::kit::numeric;

/// Floats with more digits than this before the point are printed with an exponent.
const PLACES: i32 = 17;

/// What no answer holds: a key that is no text.
#[derive(Debug)]
pub(super) struct Unprintable(String);

impl fmt::Display for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unprintable {}

impl ser::Error for Unprintable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Unprintable(message.to_string())
    }
}

fn no_key() -> Unprintable {
    Unprintable("a key is a text".to_owned())
}

/// How a byte of a string is printed: as it is, behind a backslash, as `\u00XX`, or as part of a character beyond ASCII.
const PLAIN: u8 = 0;
const CONTROL: u8 = 1;
const WIDE: u8 = 2;

/// For each byte one of the above, or the letter that stands behind its backslash.
const FORMS: [u8; 256] = {
    let mut forms = [PLAIN; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte < 0x20 {
            forms[byte] = CONTROL;
        } else if byte >= 0x80 {
            forms[byte] = WIDE;
        }
        byte += 1;
    }
    forms[b'"' as usize] = b'"';
    forms[b'\\' as usize] = b'\\';
    forms[b'/' as usize] = b'/';
    forms[0x08] = b'b';
    forms[0x0c] = b'f';
    forms[b'\n' as usize] = b'n';
    forms[b'\r' as usize] = b'r';
    forms[b'\t' as usize] = b't';
    forms
};

/// A float in the form that PHP chooses for its digits.
fn float(out: &mut Vec<u8>, scientific: fmt::Arguments<'_>) {
    numeric::float_form(&scientific.to_string(), PLACES, b'e', out);
}

const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";

fn unit(out: &mut Vec<u8>, unit: u16) {
    let digit = |shift: u32| HEXADECIMAL[usize::from((unit >> shift) & 0xf)];
    out.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

/// A character beyond ASCII as one `\uXXXX`, or as a pair of them.
pub(super) fn escaped(out: &mut Vec<u8>, character: char) {
    character.encode_utf16(&mut [0; 2]).iter().for_each(|half| unit(out, *half));
}

/// A string in quotes, `/` as `\/` and everything beyond ASCII as `\uXXXX`.
fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (0, 0);
    let unplain = |rest: &[u8]| rest.iter().position(|byte| FORMS[usize::from(*byte)] != PLAIN);
    out.reserve(bytes.len() + 2);
    while let Some(next) = unplain(&bytes[at..]) {
        at += next;
        let byte = bytes[at];
        let form = FORMS[usize::from(byte)];
        out.extend_from_slice(&bytes[plain..at]);
        match form {
            CONTROL => {
                unit(out, u16::from(byte));
                at += 1;
            }
            WIDE => {
                // `at` only ever moves by whole characters.
                let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    break;
                };
                escaped(out, character);
                at += character.len_utf8();
            }
            letter => {
                out.extend_from_slice(&[b'\\', letter]);
                at += 1;
            }
        }
        plain = at;
    }
    out.extend_from_slice(bytes.get(plain..).unwrap_or_default());
    out.push(b'"');
}

/// A whole number in decimal digits.
fn integer(out: &mut Vec<u8>, negative: bool, mut number: u64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if negative {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// A float of single precision, in its own digits.
pub(super) fn single(out: &mut Vec<u8>, value: f32) {
    float(out, format_args!("{value:e}"));
}

/// A float. Whole amounts are the common case, and exact below 2^53; minus zero keeps its sign.
pub(super) fn double(out: &mut Vec<u8>, value: f64) {
    let whole =
        value.abs() < 1e15 && value.trunc() == value && (value != 0.0 || value.is_sign_positive());
    if whole {
        integer(out, value < 0.0, value.abs() as u64);
    } else {
        float(out, format_args!("{value:e}"));
    }
}

/// Prints into a vector.
pub(super) struct Printer<'a>(pub(super) &'a mut Vec<u8>);

/// A list or an object that is being printed, with the bracket that closes it.
pub(super) struct Open<'p, 'a> {
    printer: &'p mut Printer<'a>,
    is_first: bool,
    close: &'static [u8],
}

impl<'a> Printer<'a> {
    fn open(&mut self, open: u8, close: &'static [u8]) -> Open<'_, 'a> {
        self.0.push(open);
        Open { printer: self, is_first: true, close }
    }

    /// `{"Variant":`, as an externally tagged variant begins.
    fn tag(&mut self, variant: &str) {
        self.0.push(b'{');
        string(self.0, variant);
        self.0.push(b':');
    }
}

impl Open<'_, '_> {
    fn comma(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.printer.0.push(b',');
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unprintable> {
        self.comma();
        value.serialize(&mut *self.printer)
    }

    /// A field by the name that the program gave it, which needs no look at its letters.
    fn field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unprintable> {
        debug_assert!(name.bytes().all(|byte| FORMS[usize::from(byte)] == PLAIN), "{name}");
        let out = &mut *self.printer.0;
        out.reserve(name.len() + 4);
        out.extend_from_slice(if self.is_first { b"\"" } else { b",\"" });
        self.is_first = false;
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        value.serialize(&mut *self.printer)
    }

    fn end(self) {
        self.printer.0.extend_from_slice(self.close);
    }
}

/// Whole numbers of every width.
macro_rules! integers {
    ($($name:ident: $signed:ident),+ $(,)?) => {$(
        fn $name(self, value: $signed) -> Result<(), Unprintable> {
            // Of the widest signed one the magnitude fits as well.
            #[allow(unused_comparisons, reason = "unsigned numbers pass through, too")]
            let negative = value < 0;
            integer(self.0, negative, (value as i128).unsigned_abs() as u64);
            Ok(())
        }
    )+};
}

impl<'p, 'a> Serializer for &'p mut Printer<'a> {
    type Ok = ();
    type Error = Unprintable;
    type SerializeSeq = Open<'p, 'a>;
    type SerializeTuple = Open<'p, 'a>;
    type SerializeTupleStruct = Open<'p, 'a>;
    type SerializeTupleVariant = Open<'p, 'a>;
    type SerializeMap = Open<'p, 'a>;
    type SerializeStruct = Open<'p, 'a>;
    type SerializeStructVariant = Open<'p, 'a>;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unprintable> {
        self.0.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Unprintable> {
        if !value.is_finite() {
            return self.serialize_unit();
        }
        single(self.0, value);
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unprintable> {
        if !value.is_finite() {
            return self.serialize_unit();
        }
        double(self.0, value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Unprintable> {
        string(self.0, value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Unprintable> {
        string(self.0, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Unprintable> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Unprintable> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unprintable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unprintable> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unprintable> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unprintable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unprintable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unprintable> {
        self.tag(variant);
        value.serialize(&mut *self)?;
        self.0.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'p, 'a>, Unprintable> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'p, 'a>, Unprintable> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Open<'p, 'a>, Unprintable> {
        Ok(self.open(b'[', b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'p, 'a>, Unprintable> {
        self.tag(variant);
        Ok(self.open(b'[', b"]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'p, 'a>, Unprintable> {
        Ok(self.open(b'{', b"}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'p, 'a>, Unprintable> {
        Ok(self.open(b'{', b"}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'p, 'a>, Unprintable> {
        self.tag(variant);
        Ok(self.open(b'{', b"}}"))
    }
}

/// What has elements without names.
macro_rules! lists {
    ($($of:ident: $method:ident),+ $(,)?) => {$(
        impl ser::$of for Open<'_, '_> {
            type Ok = ();
            type Error = Unprintable;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unprintable> {
                self.element(value)
            }

            fn end(self) -> Result<(), Unprintable> {
                Open::end(self);
                Ok(())
            }
        }
    )+};
}

lists! {
    SerializeSeq: serialize_element, SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field,
}

/// What has fields whose names are known.
macro_rules! objects {
    ($($of:ident),+ $(,)?) => {$(
        impl ser::$of for Open<'_, '_> {
            type Ok = ();
            type Error = Unprintable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unprintable> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Unprintable> {
                Open::end(self);
                Ok(())
            }
        }
    )+};
}

objects! { SerializeStruct, SerializeStructVariant }

impl ser::SerializeMap for Open<'_, '_> {
    type Ok = ();
    type Error = Unprintable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unprintable> {
        self.comma();
        key.serialize(Key(self.printer.0))?;
        self.printer.0.push(b':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unprintable> {
        value.serialize(&mut *self.printer)
    }

    fn end(self) -> Result<(), Unprintable> {
        Open::end(self);
        Ok(())
    }
}

/// Prints a key of an object: a text, or a whole number in quotes.
struct Key<'a>(&'a mut Vec<u8>);

/// Keys that are whole numbers.
macro_rules! integer_keys {
    ($($name:ident: $number:ident),+ $(,)?) => {$(
        fn $name(self, value: $number) -> Result<(), Unprintable> {
            self.0.push(b'"');
            let printed = serde::Serializer::$name(&mut Printer(self.0), value);
            self.0.push(b'"');
            printed
        }
    )+};
}

/// What is no key.
macro_rules! no_keys {
    ($($name:ident($($given:ty),*) -> $gives:ty;)+) => {$(
        fn $name(self $(, _: $given)*) -> Result<$gives, Unprintable> {
            Err(no_key())
        }
    )+};
}

impl Serializer for Key<'_> {
    type Ok = ();
    type Error = Unprintable;
    type SerializeSeq = Impossible<(), Unprintable>;
    type SerializeTuple = Impossible<(), Unprintable>;
    type SerializeTupleStruct = Impossible<(), Unprintable>;
    type SerializeTupleVariant = Impossible<(), Unprintable>;
    type SerializeMap = Impossible<(), Unprintable>;
    type SerializeStruct = Impossible<(), Unprintable>;
    type SerializeStructVariant = Impossible<(), Unprintable>;

    integer_keys! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
    }

    no_keys! {
        serialize_bool(bool) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_str(self, value: &str) -> Result<(), Unprintable> {
        string(self.0, value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Unprintable> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unprintable> {
        self.serialize_str(variant)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unprintable> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unprintable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unprintable> {
        Err(no_key())
    }
}
