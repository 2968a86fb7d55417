//! Records (maps with fixed text keys) and codes (enumerations in text), declared once.

use super::{CborError, CborFault, Codec, Reader};
use crate::limits::MAX_TEXT;
use crate::text::excerpt;

/// Whether `keys` are strictly increasing by length, then bytewise.
///
/// For texts under 24 bytes that is the bytewise order of their encodings,
/// which RFC 8949 section 4.2.1 asks for. Checked when the crate is compiled.
pub(crate) const fn sorted(keys: &[&str]) -> bool {
    let mut rest = keys;
    while let [first, tail @ ..] = rest {
        let [second, ..] = tail else { return first.len() < 24 };
        if !before(first.as_bytes(), second.as_bytes()) {
            return false;
        }
        rest = tail;
    }
    true
}

const fn before(mut a: &[u8], mut b: &[u8]) -> bool {
    if a.len() != b.len() {
        return a.len() < b.len();
    }
    while let ([x, a_rest @ ..], [y, b_rest @ ..]) = (a, b) {
        if *x != *y {
            return *x < *y;
        }
        a = a_rest;
        b = b_rest;
    }
    false
}

/// Reads the fields of one record in their one order.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    keys: &'static [&'static str],
    start: usize,
    /// Pairs whose key has not been read.
    left: usize,
    /// A key whose value has not been read.
    pending: Option<(&'a str, usize)>,
    last: Option<&'a str>,
}

impl<'a> Record<'a> {
    pub(crate) fn open(
        reader: &mut Reader<'a>,
        keys: &'static [&'static str],
    ) -> Result<Self, CborError> {
        let start = reader.offset();
        let left = reader.map(usize::MAX)?;
        Ok(Self { keys, start, left, pending: None, last: None })
    }

    fn peek(&mut self, reader: &mut Reader<'a>) -> Result<Option<(&'a str, usize)>, CborError> {
        if self.pending.is_none() && self.left > 0 {
            let offset = reader.offset();
            let key = reader.text(MAX_TEXT)?;
            self.left = self.left.saturating_sub(1);
            self.pending = Some((key, offset));
        }
        Ok(self.pending)
    }

    /// The value of `key`, or what its absence stands for.
    pub(crate) fn field<T: Codec>(
        &mut self,
        reader: &mut Reader<'a>,
        key: &'static str,
    ) -> Result<T, CborError> {
        // Most keys stand where they are looked for.
        if self.pending.is_none() && self.left > 0 && reader.take_key(key) {
            self.left = self.left.saturating_sub(1);
            self.last = Some(key);
            return T::decode(reader);
        }
        match self.peek(reader)? {
            Some((found, _)) if found == key => {
                self.pending = None;
                self.last = Some(found);
                T::decode(reader)
            }
            Some((found, offset)) if before(found.as_bytes(), key.as_bytes()) => {
                Err(self.misplaced(found, offset))
            }
            _ => {
                T::absent().ok_or_else(|| CborError::new(self.start, CborFault::MissingKey { key }))
            }
        }
    }

    /// No key may be left.
    pub(crate) fn close(mut self, reader: &mut Reader<'a>) -> Result<(), CborError> {
        match self.peek(reader)? {
            None => Ok(()),
            Some((found, offset)) => Err(self.misplaced(found, offset)),
        }
    }

    fn misplaced(&self, found: &str, offset: usize) -> CborError {
        let fault = if self.last == Some(found) {
            CborFault::Duplicate
        } else if self.keys.contains(&found) {
            CborFault::Unordered
        } else {
            CborFault::UnknownKey { key: excerpt(found) }
        };
        CborError::new(offset, fault)
    }
}

/// Declares a struct that stands in CBOR as a map with these text keys, in this order.
///
/// `Option`s, lists, sets and maps are omitted when empty; everything else is required.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident {
            $($(#[$field_meta:meta])* $key:literal => $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        $visibility struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        impl $crate::cbor::Codec for $name {
            fn encode(&self, writer: &mut $crate::cbor::Writer) {
                let present = [$(!$crate::cbor::Codec::is_absent(&self.$field)),+];
                writer.map(present.into_iter().filter(|present| *present).count());
                $(if !$crate::cbor::Codec::is_absent(&self.$field) {
                    writer.text($key);
                    $crate::cbor::Codec::encode(&self.$field, writer);
                })+
            }

            fn decode(
                reader: &mut $crate::cbor::Reader<'_>,
            ) -> Result<Self, $crate::cbor::CborError> {
                const KEYS: &[&str] = &[$($key),+];
                const { assert!($crate::cbor::sorted(KEYS), "keys out of order") };
                let mut record = $crate::cbor::Record::open(reader, KEYS)?;
                $(let $field = record.field(reader, $key)?;)+
                record.close(reader)?;
                Ok(Self { $($field),+ })
            }
        }
    };
}
pub(crate) use record;

/// Declares an enumeration whose values stand in CBOR, JSON and text as one code each.
///
/// After `in` stands the public module that the type is reached by; its
/// documentation ends with an example of the first value's code.
macro_rules! codes {
    (
        $(#[$meta:meta])*
        pub enum $name:ident($of:literal) in $module:ident {
            $(#[$first_meta:meta])* $first:ident = $first_code:literal,
            $($(#[$variant_meta:meta])* $variant:ident = $code:literal,)*
        }
    ) => {
        $(#[$meta])*
        ///
        /// ```
        #[doc = concat!("use datadeed::", stringify!($module), "::", stringify!($name), ";")]
        ///
        #[doc = concat!("let value = ", stringify!($name), "::", stringify!($first), ";")]
        #[doc = concat!("assert_eq!(value.code(), \"", $first_code, "\");")]
        #[doc = concat!(
            "assert_eq!(", stringify!($name), "::from_code(\"", $first_code, "\"), Some(value));"
        )]
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[$first_meta])* $first,
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// Every value this version defines.
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$variant),*];

            /// The code, as it stands on the wire.
            pub const fn code(self) -> &'static str {
                match self {
                    Self::$first => $first_code,
                    $(Self::$variant => $code,)*
                }
            }

            /// The value of a code; `None` where this version defines none.
            pub fn from_code(code: &str) -> Option<Self> {
                match code {
                    $first_code => Some(Self::$first),
                    $($code => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl $crate::cbor::Codec for $name {
            fn encode(&self, writer: &mut $crate::cbor::Writer) {
                writer.text(self.code());
            }

            fn decode(
                reader: &mut $crate::cbor::Reader<'_>,
            ) -> Result<Self, $crate::cbor::CborError> {
                let offset = reader.offset();
                let code = reader.text($crate::limits::MAX_TEXT)?;
                Self::from_code(code).ok_or_else(|| {
                    $crate::cbor::CborError::new(
                        offset,
                        $crate::cbor::CborFault::UnknownCode {
                            found: $crate::text::excerpt(code),
                            of: $of,
                        },
                    )
                })
            }
        }
    };
}
pub(crate) use codes;
