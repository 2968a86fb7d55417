//! The rows of an index over records.

use crate::digest::Digest;

/// One distinct record of a dataset.
///
/// ```
/// use datadeed::{Digest, ManifestId};
/// use datadeed::manifest::{RecordIndexBuilder, RecordRule};
///
/// let of = ManifestId::from_bytes([7; 32]);
/// let mut builder = RecordIndexBuilder::new(of, RecordRule::LineRaw);
/// builder.file(b"same\nsame\n")?;
/// let index = builder.finish()?;
/// let [row] = index.rows() else { unreachable!("one record, twice") };
/// assert_eq!((row.digest, row.count, row.size), (Digest::of(b"same"), 2, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordRow {
    /// BLAKE3 of its canonical bytes.
    pub digest: Digest,
    /// How often it occurs in all files together; at least 1.
    pub count: u64,
    /// Number of its canonical bytes.
    pub size: u64,
}

impl RecordRow {
    /// A record that occurs `count` times.
    #[cfg(feature = "fs")]
    pub(crate) const fn new(digest: Digest, count: u64, size: u64) -> Self {
        Self { digest, count, size }
    }
}
