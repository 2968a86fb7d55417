//! The leaves that entries and contents make.

use super::entry::Entry;
use super::{ContentRow, FileEntry, ManifestError, RecordRow, Sha256Entry, TensorEntry, name};
use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::digest::Role;
use crate::tree::{Kind, Leaf, Row, TreeError};

impl<E: Entry> Row for E {
    const KIND: Kind = Kind::Parts;
    const COUNTED: bool = false;

    fn key(&self) -> [u8; 32] {
        Entry::key(self)
    }

    fn leaf(&self, key: [u8; 32], encoded: &[u8]) -> Result<Leaf, TreeError> {
        Ok(Leaf { key, value: Role::Entry.hash(encoded), count: 1, bytes: self.size() })
    }
}

/// Rows of a digest that occurs `count` times with `size` bytes: `[digest, count, size]`.
///
/// The count is at least 1: a row that counts nothing adds nothing to any sum, so
/// it would go unnoticed wherever only sums are compared.
macro_rules! counted {
    ($($row:ident in $kind:ident),*) => {$(
        impl Row for $row {
            const KIND: Kind = Kind::$kind;
            const COUNTED: bool = true;

            fn key(&self) -> [u8; 32] {
                *self.digest.as_bytes()
            }

            fn leaf(&self, key: [u8; 32], _: &[u8]) -> Result<Leaf, TreeError> {
                Leaf::counted(key, self.count, self.size)
            }
        }

        impl Codec for $row {
            fn encode(&self, writer: &mut Writer) {
                writer.array(3);
                self.digest.encode(writer);
                writer.uint(self.count);
                writer.uint(self.size);
            }

            fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
                reader.exact_array(3)?;
                let digest = Codec::decode(reader)?;
                let offset = reader.offset();
                let count = reader.uint()?;
                if count == 0 {
                    let fault = CborFault::OutOfRange { found: 0, min: 1, max: u64::MAX };
                    return Err(CborError::new(offset, fault));
                }
                Ok(Self { digest, count, size: reader.uint()? })
            }
        }
    )*};
}
counted!(ContentRow in Content, RecordRow in Index);

/// A row of which more is required than its encoding says.
pub(super) trait Checked: Row {
    /// What must hold of one row by itself.
    fn check(&self) -> Result<(), ManifestError>;
}

impl Checked for FileEntry {
    fn check(&self) -> Result<(), ManifestError> {
        Ok(name::check_file(&self.name)?)
    }
}

impl Checked for TensorEntry {
    fn check(&self) -> Result<(), ManifestError> {
        name::check_any(&self.name)?;
        self.check_shape()
    }
}

impl Checked for Sha256Entry {
    fn check(&self) -> Result<(), ManifestError> {
        Ok(name::check_file(&self.name)?)
    }
}

impl Checked for RecordRow {
    fn check(&self) -> Result<(), ManifestError> {
        Ok(())
    }
}

impl Checked for ContentRow {
    fn check(&self) -> Result<(), ManifestError> {
        Ok(())
    }
}
