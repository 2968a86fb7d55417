//! What rows of both trees have in common.

use super::FileTree;
use crate::cbor::Codec;
use crate::digest::Role;
use crate::manifest::build::content_leaf;
use crate::manifest::entry::Entry;
use crate::manifest::{ContentRow, FileEntry, ManifestError, NameProfile, TensorEntry, name};
use crate::tree::{self, Leaf, TreeError};

/// A row of a block.
pub(super) trait Row: Codec {
    const TREE: FileTree;
    const KIND: tree::Kind;

    /// By which rows are sorted.
    fn key(&self) -> [u8; 32];

    /// The leaf under `key` of the row that `encoded` encodes.
    fn leaf(&self, key: [u8; 32], encoded: &[u8]) -> Result<Leaf, TreeError>;
}

/// A row of the `parts` tree, which must satisfy what every manifest requires.
pub(super) trait PartsRow: Entry {
    /// What must hold for one entry.
    fn check(&self) -> Result<(), ManifestError>;

    /// What must hold between entries in key order; no key occurs twice.
    fn check_together(entries: &[Self]) -> Result<(), ManifestError>;
}

impl PartsRow for FileEntry {
    fn check(&self) -> Result<(), ManifestError> {
        Ok(name::check_file(&self.name)?)
    }

    fn check_together(entries: &[Self]) -> Result<(), ManifestError> {
        let mut names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        names.sort_unstable();
        Ok(name::check_together(&names, NameProfile::Any, 1)?)
    }
}

impl PartsRow for TensorEntry {
    fn check(&self) -> Result<(), ManifestError> {
        name::check_any(&self.name)?;
        self.check()
    }

    fn check_together(_: &[Self]) -> Result<(), ManifestError> {
        Ok(())
    }
}

impl<E: Entry> Row for E {
    const TREE: FileTree = FileTree::Parts;
    const KIND: tree::Kind = tree::Kind::Parts;

    fn key(&self) -> [u8; 32] {
        Entry::key(self)
    }

    fn leaf(&self, key: [u8; 32], encoded: &[u8]) -> Result<Leaf, TreeError> {
        Ok(Leaf { key, value: Role::Entry.hash(encoded), count: 1, bytes: self.size() })
    }
}

/// `[digest, count, size]`
impl Row for ContentRow {
    const TREE: FileTree = FileTree::Content;
    const KIND: tree::Kind = tree::Kind::Content;

    fn key(&self) -> [u8; 32] {
        *self.digest.as_bytes()
    }

    fn leaf(&self, _: [u8; 32], _: &[u8]) -> Result<Leaf, TreeError> {
        content_leaf(self)
    }
}
