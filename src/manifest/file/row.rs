//! What rows of all trees have in common.

use super::FileTree;
use crate::manifest::entry::Entry;
use crate::manifest::row::Checked;
use crate::manifest::{
    ContentRow, FileEntry, ManifestError, NameProfile, RecordRow, TensorEntry, name,
};
use crate::tree::Row;

/// A row of a block.
pub(super) trait BlockRow: Row {
    const TREE: FileTree;
}

/// A row of the `parts` tree, which must satisfy what every manifest requires.
pub(super) trait PartsRow: Entry + Checked {
    /// What must hold between entries in key order; no key occurs twice.
    fn check_together(entries: &[Self]) -> Result<(), ManifestError>;

    /// The directories above the entry, none of which may be an entry itself.
    fn directories(&self) -> impl Iterator<Item = &str>;
}

impl PartsRow for FileEntry {
    fn check_together(entries: &[Self]) -> Result<(), ManifestError> {
        let mut names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        names.sort_unstable();
        Ok(name::check_together(&names, NameProfile::Any, 1)?)
    }

    fn directories(&self) -> impl Iterator<Item = &str> {
        self.name.match_indices('/').filter_map(|(slash, _)| self.name.get(..slash))
    }
}

impl PartsRow for TensorEntry {
    fn check_together(_: &[Self]) -> Result<(), ManifestError> {
        Ok(())
    }

    fn directories(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

impl<E: Entry> BlockRow for E {
    const TREE: FileTree = FileTree::Parts;
}

impl BlockRow for ContentRow {
    const TREE: FileTree = FileTree::Content;
}

impl BlockRow for RecordRow {
    const TREE: FileTree = FileTree::Records;
}
