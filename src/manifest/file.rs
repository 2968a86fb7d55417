//! The manifest file: a CBOR sequence (RFC 8742).
//!
//! ```text
//! head                              the preimage of the ManifestId
//! entry *                           `parts` rows in key order, as many as head.parts counts
//! [digest, count, size] *           `content` rows in key order, to the end
//! ```
//!
//! One block: reading it takes memory for all rows. Blocks by key prefix, from
//! which a part could be proven by a few range reads, are not in this version.

use super::{
    ContentRow, Entries, Entry, FileEntry, Head, Kind, Manifest, ManifestError, Profile,
    TensorEntry,
};
use crate::cbor::{CborError, Codec, Reader, Writer};
use crate::id::ManifestId;

/// Bytes that are no manifest file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestFileError {
    /// The bytes are not the CBOR they should be.
    #[error("malformed manifest file")]
    Cbor(#[from] CborError),
    /// The `content` row at this place is not what the `parts` rows give.
    #[error("content row {index} differs from what the parts give")]
    Content {
        /// Its index among the `content` rows, from 0.
        index: usize,
    },
    /// The entries make no manifest.
    #[error("unsound entries")]
    Entries(#[from] ManifestError),
    /// The head is not that of the entries.
    #[error("head says {claimed}, the entries give {computed}")]
    Head {
        /// The id of the head in the file.
        claimed: ManifestId,
        /// The id of the entries in the file.
        computed: ManifestId,
    },
    /// An entry does not stand in key order.
    #[error("entry {index} out of key order")]
    Unordered {
        /// Its index among the `parts` rows, from 0.
        index: usize,
    },
}

impl Codec for ContentRow {
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

impl Manifest {
    /// The manifest file of these entries: the same bytes whoever writes it.
    pub fn to_file(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.head.encode(&mut writer);
        match &self.entries {
            Entries::Files(entries) => entries.iter().for_each(|entry| entry.encode(&mut writer)),
            Entries::Tensors(entries) => entries.iter().for_each(|entry| entry.encode(&mut writer)),
        }
        for row in &self.content {
            row.encode(&mut writer);
        }
        writer.finish()
    }

    /// Reads a manifest file; both trees are recomputed from its rows.
    ///
    /// # Errors
    ///
    /// [`ManifestFileError`] with the place of the first fault. Names are held
    /// to what every manifest requires, not to a [`Profile`].
    pub fn from_file(bytes: &[u8]) -> Result<Self, ManifestFileError> {
        let mut reader = Reader::new(bytes);
        let head = Head::decode(&mut reader)?;
        let manifest = match head.kind {
            Kind::Files => {
                let entries = entries::<FileEntry>(&mut reader, &head)?;
                Self::files(entries, Profile::Any)?
            }
            Kind::Tensors => Self::tensors(entries::<TensorEntry>(&mut reader, &head)?)?,
        };
        if manifest.head != head {
            return Err(ManifestFileError::Head { claimed: head.id(), computed: manifest.id });
        }
        for (index, expected) in manifest.content.iter().enumerate() {
            if ContentRow::decode(&mut reader)? != *expected {
                return Err(ManifestFileError::Content { index });
            }
        }
        reader.end()?;
        Ok(manifest)
    }
}

fn entries<E: Entry>(reader: &mut Reader<'_>, head: &Head) -> Result<Vec<E>, ManifestFileError> {
    let mut entries = Vec::new();
    let mut last = None;
    let mut index = 0_usize;
    for _ in 0..head.parts.count() {
        let entry = E::decode(reader)?;
        let key = entry.key();
        if last.is_some_and(|last| last >= key) {
            return Err(ManifestFileError::Unordered { index });
        }
        last = Some(key);
        entries.push(entry);
        index = index.saturating_add(1);
    }
    Ok(entries)
}
