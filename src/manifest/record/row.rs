//! The rows of an index over records.

use crate::cbor::{CborError, Codec, Reader, Writer};
use crate::digest::Digest;
use crate::tree::{Kind, Leaf, Row, TreeError};

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

impl Row for RecordRow {
    const KIND: Kind = Kind::Index;
    const COUNTED: bool = true;

    fn key(&self) -> [u8; 32] {
        *self.digest.as_bytes()
    }

    fn leaf(&self, key: [u8; 32], _: &[u8]) -> Result<Leaf, TreeError> {
        Leaf::counted(key, self.count, self.size)
    }
}

/// `[digest, count, size]`
impl Codec for RecordRow {
    fn encode(&self, writer: &mut Writer) {
        writer.array(3);
        self.digest.encode(writer);
        writer.uint(self.count);
        writer.uint(self.size);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.exact_array(3)?;
        Ok(Self { digest: Codec::decode(reader)?, count: reader.uint()?, size: reader.uint()? })
    }
}
