//! Extended headers of POSIX: `<length> <key>=<value>\n`, the length that of all of it.

use super::shown;
use crate::manifest::record::TarFault;

/// What an extended header says that matters here.
#[derive(Clone, Debug, Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
}

/// What an extended header is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The rest of the archive.
    Archive,
    /// The member that follows.
    Member,
}

impl Pax {
    pub(super) fn read(mut records: &[u8], scope: Scope) -> Result<Self, TarFault> {
        let mut pax = Self::default();
        while !records.is_empty() {
            let (record, rest) = split(records).ok_or(TarFault::Pax)?;
            records = rest;
            let at = record.iter().position(|byte| *byte == b'=').ok_or(TarFault::Pax)?;
            let (key, value) = record.split_at_checked(at).ok_or(TarFault::Pax)?;
            let value = value.get(1..).unwrap_or_default();
            let fault = || TarFault::PaxKey { key: shown(key) };
            match (key, scope) {
                (b"path", Scope::Member) if pax.path.is_none() && !value.is_empty() => {
                    pax.path = Some(value.to_vec());
                }
                (b"size", Scope::Member) if pax.size.is_none() => {
                    pax.size = Some(decimal(value).ok_or_else(fault)?);
                }
                (b"path" | b"size", _) => return Err(fault()),
                // Another file than the one that stands there.
                _ if key.starts_with(b"GNU.sparse.") => return Err(fault()),
                _ => {}
            }
        }
        Ok(pax)
    }
}

/// The first record without its length and its line feed, and what follows it.
fn split(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = records.iter().position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(records.get(..space)?)?).ok()?;
    let (record, rest) = records.split_at_checked(length)?;
    Some((record.get(space.checked_add(1)?..)?.strip_suffix(b"\n")?, rest))
}

/// A whole number without sign and leading zeros.
fn decimal(digits: &[u8]) -> Option<u64> {
    let plain = digits == b"0" || digits.first().is_some_and(|first| matches!(first, b'1'..=b'9'));
    str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()
}
