//! The rows of both trees, from runs of records.

use super::{HASH, ManifestWriterError, Watch};
use crate::digest::Digest;
use crate::manifest::{ContentRow, FileEntry, ManifestError, WriteFault};
use crate::scan::spill::Merge;

/// The rows of the `parts` tree with their keys.
pub(super) struct Parts<'a, 'w, 'p> {
    pub(super) merge: Merge<'a>,
    pub(super) watch: &'w mut Watch<'p>,
}

impl Iterator for Parts<'_, '_, '_> {
    type Item = Result<([u8; HASH], FileEntry), WriteFault<ManifestWriterError>>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.merge.read(part).map_err(ManifestWriterError::from);
        let row = row.and_then(|row| match row {
            Some(row) => self.watch.step().map(|()| Some(row)),
            None => Ok(None),
        });
        row.map_err(WriteFault::Rows).transpose()
    }
}

/// `key | digest | size u64be | name`
fn part(record: &[u8]) -> Option<([u8; HASH], FileEntry)> {
    let (key, rest) = record.split_first_chunk::<HASH>()?;
    let (content, name) = rest.split_at_checked(HASH.saturating_add(8))?;
    let (digest, size) = self::content(content)?;
    Some((*key, FileEntry::new(std::str::from_utf8(name).ok()?, size, digest)))
}

/// `digest | size u64be`
fn content(record: &[u8]) -> Option<(Digest, u64)> {
    let (digest, size) = record.split_first_chunk::<HASH>()?;
    Some((Digest::from_bytes(*digest), u64::from_be_bytes(size.try_into().ok()?)))
}

/// Every distinct content with its multiplicity.
pub(super) struct Contents<'a, 'w, 'p> {
    pub(super) merge: Merge<'a>,
    pub(super) watch: &'w mut Watch<'p>,
    /// The first of the next digest.
    pub(super) next: Option<(Digest, u64)>,
}

impl Contents<'_, '_, '_> {
    fn read(&mut self) -> Result<Option<(Digest, u64)>, ManifestWriterError> {
        let content = self.merge.read(content)?;
        if content.is_some() {
            self.watch.step()?;
        }
        Ok(content)
    }

    fn row(&mut self) -> Result<Option<ContentRow>, ManifestWriterError> {
        let first = match self.next.take() {
            Some(first) => Some(first),
            None => self.read()?,
        };
        let Some((digest, size)) = first else { return Ok(None) };
        let mut row = ContentRow { digest, count: 1, size };
        while let Some(next) = self.read()? {
            if next.0 != digest {
                self.next = Some(next);
                break;
            }
            if next.1 != size {
                let (one, other) = (size, next.1);
                return Err(ManifestError::SizeConflict { digest, one, other }.into());
            }
            row.count = row.count.saturating_add(1);
        }
        Ok(Some(row))
    }
}

impl Iterator for Contents<'_, '_, '_> {
    type Item = Result<ContentRow, WriteFault<ManifestWriterError>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.row().map_err(WriteFault::Rows).transpose()
    }
}
