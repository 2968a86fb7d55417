//! Input that makes no records.

use std::io;

/// What is wrong with some records, and where.
///
/// ```
/// use datadeed::manifest::{RecordFault, RecordRule};
///
/// let twice = RecordRule::JsonJcs.digest_of(br#"{"a":1,"a":2}"#).unwrap_err();
/// assert_eq!((twice.offset, &twice.fault), (7, &RecordFault::DuplicateKey { key: "a".into() }));
/// assert_eq!(twice.to_string(), r#"byte 7: the key "a" occurs twice"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {fault}")]
#[non_exhaustive]
pub struct RecordError {
    /// Where the fault lies, in bytes from the beginning of the input.
    pub offset: u64,
    /// What is wrong there.
    pub fault: RecordFault,
}

impl RecordError {
    pub(super) fn new(offset: usize, fault: RecordFault) -> Self {
        Self { offset: u64::try_from(offset).unwrap_or(u64::MAX), fault }
    }

    /// The same fault in an input of which this one begins at byte `start`.
    pub(super) fn after(self, start: u64) -> Self {
        Self { offset: self.offset.saturating_add(start), ..self }
    }
}

/// What can be wrong with a record.
///
/// Texts of the input are excerpts of at most 80 bytes.
///
/// ```
/// use datadeed::manifest::{RecordFault, RecordRule};
///
/// // Its double is that of 9007199254740992, another document.
/// let big = RecordRule::JsonJcs.digest_of(b"[9007199254740993]").unwrap_err();
/// assert_eq!(big.fault, RecordFault::BigInteger { found: "9007199254740993".into() });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordFault {
    /// A whole number that RFC 8785 spells as another, with which it would share its key.
    ///
    /// From 2^53 on doubles hold some whole numbers only, and from 10^21 on RFC 8785
    /// spells them with an exponent. 64-bit ids belong into strings.
    #[error("{found} is spelled as another number by RFC 8785")]
    BigInteger {
        /// The number as it stands there.
        found: String,
    },
    /// An object has two members of one name.
    #[error("the key {key:?} occurs twice")]
    DuplicateKey {
        /// The name, without escapes.
        key: String,
    },
    /// Two members of a sample have one extension.
    #[error("two members of one sample have the extension {extension:?}")]
    DuplicateExtension {
        /// The extension in lower case.
        extension: String,
    },
    /// A document is more than one record.
    #[error("the document has a line feed, and a record of this rule has none")]
    LineFeed,
    /// An escape is one half of a surrogate pair without the other, which is no character.
    #[error("\\u{found:04x} is half a surrogate pair")]
    LoneSurrogate {
        /// The code unit.
        found: u16,
    },
    /// The field that a rule is about is not there.
    #[error("nothing stands at {pointer:?}")]
    NoField {
        /// The JSON pointer of the rule.
        pointer: String,
    },
    /// A member's name says neither sample nor extension.
    #[error("the member {name:?} is not named <key>.<extension>")]
    NoSample {
        /// The name.
        name: String,
    },
    /// The field that a rule is about is no string.
    #[error("{found} stands at {pointer:?}, not a string")]
    NotText {
        /// The JSON pointer of the rule.
        pointer: String,
        /// What stands there, such as `a number`.
        found: &'static str,
    },
    /// Not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A number is beyond the range of doubles, or too small for any but zero.
    #[error("{found} is beyond the range of doubles")]
    NumberRange {
        /// The number as it stands there.
        found: String,
    },
    /// Only whoever made the rule knows its records.
    #[error("the rule {rule:?} is its maker's own")]
    OwnRule {
        /// The rule.
        rule: String,
    },
    /// A document holds another number of samples than one.
    #[error("{found} samples, a document is one")]
    Samples {
        /// How many.
        found: u64,
    },
    /// The text is no JSON.
    #[error("not JSON, {expected} expected")]
    Syntax {
        /// What should stand there.
        expected: &'static str,
    },
    /// The input is no tar archive that every reader takes alike.
    #[error(transparent)]
    Tar(TarFault),
    /// Arrays and objects are nested too deep.
    #[error("nested deeper than {limit} containers")]
    TooDeep {
        /// [`MAX_JSON_DEPTH`](crate::limits::MAX_JSON_DEPTH).
        limit: usize,
    },
    /// A record is longer than this crate accepts.
    #[error("a record of more than {limit} bytes")]
    TooLong {
        /// [`MAX_RECORD`](crate::limits::MAX_RECORD).
        limit: usize,
    },
    /// A sample has more members than this crate accepts.
    #[error("a sample of more than {limit} members")]
    TooManyMembers {
        /// [`MAX_SAMPLE`](crate::limits::MAX_SAMPLE).
        limit: usize,
    },
}

/// What can be wrong with a tar archive.
///
/// ```
/// use datadeed::manifest::{RecordFault, RecordRule, TarFault};
///
/// let half = RecordRule::TarMember.split(&[0; 512], &mut |_, _| {}).unwrap_err();
/// assert_eq!(half.fault, RecordFault::Tar(TarFault::Truncated));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TarFault {
    /// A header's sum is not what it says.
    #[error("a header whose checksum is {found}, not {expected}")]
    Checksum {
        /// The sum of its bytes.
        found: u64,
        /// The sum that it states.
        expected: u64,
    },
    /// Neither POSIX (`ustar`) nor GNU tar wrote this header, if it is one.
    #[error("no header of a POSIX or GNU tar archive")]
    Magic,
    /// A name is empty or longer than [`MAX_NAME`](crate::limits::MAX_NAME), ends as a directory's does, or has a NUL.
    #[error("{name:?} is no name of a file")]
    Name {
        /// At most 80 bytes of the name, with whatever is not UTF-8 replaced.
        name: String,
    },
    /// A number is spelled in a way that readers take differently.
    #[error("the {field} of a header is no number")]
    Number {
        /// Which one.
        field: &'static str,
    },
    /// An extended header is none.
    #[error("a malformed extended header")]
    Pax,
    /// An extended header says what readers take differently.
    #[error("an extended header has {key:?} where readers differ")]
    PaxKey {
        /// The key.
        key: String,
    },
    /// The extended header and the header of a member state two sizes.
    #[error("a member stands with {one} bytes and with {other} bytes")]
    Size {
        /// That of the header, in bytes.
        one: u64,
        /// That of the extended header, in bytes.
        other: u64,
    },
    /// An extended header is longer than this crate accepts.
    #[error("an extended header of {found} bytes, at most {limit} allowed")]
    TooLong {
        /// Its length, in bytes.
        found: u64,
        /// [`MAX_TAR_HEADER`](crate::limits::MAX_TAR_HEADER).
        limit: u64,
    },
    /// Something stands after the end of the archive.
    #[error("bytes other than zero after the end of the archive")]
    Trailing,
    /// The input ends before the archive does.
    #[error("the archive has no end of two zero blocks")]
    Truncated,
    /// A member is neither a regular file nor a directory.
    #[error("a member of type {found:?}, neither a regular file nor a directory")]
    Type {
        /// The type flag of its header.
        found: char,
    },
}

impl From<TarFault> for RecordFault {
    fn from(fault: TarFault) -> Self {
        Self::Tar(fault)
    }
}

/// A stream that yields no records.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::manifest::{RecordIndexBuilder, RecordReadError, RecordRule};
///
/// let mut builder = RecordIndexBuilder::new(ManifestId::from_bytes([7; 32]), RecordRule::JsonJcs);
/// let cut = builder.read(&b"{\"a\":1}\n{\"a\":"[..]);
/// assert!(matches!(cut, Err(RecordReadError::Record(error)) if error.offset == 13));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordReadError {
    /// The stream cannot be read.
    #[error("the stream cannot be read")]
    Read(#[from] io::Error),
    /// What was read makes no records.
    #[error(transparent)]
    Record(#[from] RecordError),
}
