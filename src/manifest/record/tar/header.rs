//! The 512 bytes before a member.

use crate::manifest::record::TarFault;

/// What an archive is made of, in bytes.
pub(super) const BLOCK: usize = 512;

/// The fields of a header that matter here.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) kind: Kind,
    /// Of what follows, in bytes.
    pub(super) size: u64,
    pub(super) name: Vec<u8>,
}

/// What a header is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Directory,
    File,
    /// An extended header for the rest of the archive.
    Global,
    /// GNU tar's way to say a long name of the member that follows.
    LongName,
    /// An extended header for the member that follows.
    Pax,
}

/// Sizes from here on do not fit the eleven octal digits of a header.
const OCTAL: u64 = 1 << 33;

/// Whether a header can say this size in digits.
pub(super) fn fits_octal(size: u64) -> bool {
    size < OCTAL
}

impl Header {
    pub(super) fn read(block: &[u8]) -> Result<Self, TarFault> {
        let field = |from: usize, until: usize| block.get(from..until).unwrap_or_default();
        let gnu = match field(257, 265) {
            b"ustar\x0000" => false,
            b"ustar  \0" => true,
            _ => return Err(TarFault::Magic),
        };
        // The sum is taken with spaces in its own place.
        let (before, after) = (field(0, 148), field(156, BLOCK));
        let summed = before.iter().chain(&[b' '; 8]).chain(after);
        let found = summed.fold(0, |sum, byte| u64::from(*byte).saturating_add(sum));
        let expected = octal(field(148, 156), "checksum")?;
        if found != expected {
            return Err(TarFault::Checksum { found, expected });
        }
        let kind = match field(156, 157) {
            [b'0' | 0] => Kind::File,
            [b'5'] => Kind::Directory,
            [b'L'] if gnu => Kind::LongName,
            [b'g'] => Kind::Global,
            [b'x'] => Kind::Pax,
            other => {
                let found = other.first().copied().map_or('\0', char::from);
                return Err(TarFault::Type { found });
            }
        };
        let mut name = Vec::new();
        // GNU tar keeps dates where POSIX has the beginning of a name.
        let prefix = until_nul(field(345, 500));
        if !gnu && !prefix.is_empty() {
            name.extend_from_slice(prefix);
            name.push(b'/');
        }
        name.extend_from_slice(until_nul(field(0, 100)));
        Ok(Self { kind, size: size(field(124, 136), gnu)?, name })
    }
}

/// A size: octal, or in GNU tar 0x80 and eleven bytes, the most significant first.
fn size(field: &[u8], gnu: bool) -> Result<u64, TarFault> {
    match field.split_first() {
        Some((0x80, rest)) if gnu => match rest.split_last_chunk::<8>() {
            Some((zeros, bytes)) if zeros.iter().all(|byte| *byte == 0) => {
                Ok(u64::from_be_bytes(*bytes))
            }
            _ => Err(TarFault::Number { field: "size" }),
        },
        _ => octal(field, "size"),
    }
}

/// Spaces, at least one digit, then nothing but NUL and spaces.
fn octal(bytes: &[u8], field: &'static str) -> Result<u64, TarFault> {
    let bytes = bytes.trim_ascii_start();
    let digits = bytes.iter().take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let (digits, rest) = bytes.split_at_checked(digits).unwrap_or((bytes, &[]));
    if digits.is_empty() || rest.iter().any(|byte| !matches!(byte, 0 | b' ')) {
        return Err(TarFault::Number { field });
    }
    // Twelve digits are 36 bits.
    Ok(digits.iter().fold(0, |value, digit| value << 3 | u64::from(digit & 7)))
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}
