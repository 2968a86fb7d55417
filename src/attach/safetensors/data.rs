//! The tensors' data, hashed as it is copied.

use std::io::{self, BufRead as _, BufReader, Read, Write};

use super::header::Header;
use crate::attach::AttachError;
use crate::digest::{Digest, Hasher};

/// Data held in memory at once, in bytes: small enough to stay in a core's cache between reading,
/// hashing and writing.
const BUFFER: usize = 256 << 10;

/// Copies the data area to `output`; the tensors' digests, in the order of [`Header::by_offset`].
///
/// The one way in which data is read, so that what is written is what is hashed.
///
/// # Errors
///
/// [`AttachError::Truncated`] where the reader ends early, [`AttachError::Read`]
/// and [`AttachError::Write`] where either side fails.
pub(super) fn copy(
    reader: &mut impl Read,
    header: &Header,
    output: &mut impl Write,
) -> Result<Vec<Digest>, AttachError> {
    let mut reader = BufReader::with_capacity(BUFFER, reader);
    let mut found = header.end;
    let mut digests = Vec::with_capacity(header.tensors.len());
    for tensor in header.by_offset() {
        let mut hasher = Hasher::new();
        let mut left = tensor.size();
        while left > 0 {
            let buffer = match reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                Err(fault) => return Err(AttachError::Read(fault)),
            };
            if buffer.is_empty() {
                return Err(AttachError::Truncated { found, required: header.file });
            }
            let wanted = usize::try_from(left).unwrap_or(usize::MAX);
            let piece = buffer.get(..wanted).unwrap_or(buffer);
            hasher.update(piece);
            output.write_all(piece).map_err(AttachError::Write)?;
            let taken = piece.len();
            reader.consume(taken);
            let taken = u64::try_from(taken).unwrap_or(u64::MAX);
            left = left.saturating_sub(taken);
            found = found.saturating_add(taken);
        }
        digests.push(hasher.finish());
    }
    Ok(digests)
}
