//! Where the bytes of a manifest file or a record index file come from.

use std::io::Read;

use super::fault::{ManifestFileError, ManifestReadError};
use crate::manifest::items::{Source, take};

/// A source of which rows are read.
pub(super) trait RowSource: Source<Error: From<ManifestFileError>> {}

impl<S: Source<Error: From<ManifestFileError>>> RowSource for S {}

/// Memory, which cannot fail but to hold the wrong bytes.
impl Source for &[u8] {
    type Error = ManifestFileError;

    fn take(&mut self, _: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), Self::Error> {
        let (taken, rest) = self.split_at_checked(len).unwrap_or((self, &[]));
        bytes.extend_from_slice(taken);
        *self = rest;
        Ok(())
    }
}

/// A source over any reader.
#[derive(Debug)]
pub(super) struct Stream<R>(pub(super) R);

impl<R: Read> Source for Stream<R> {
    type Error = ManifestReadError;

    fn take(&mut self, offset: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), Self::Error> {
        let taken = take(&mut self.0, len, bytes);
        taken.map_err(|source| ManifestReadError::Read { offset, source })
    }
}
