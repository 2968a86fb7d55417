//! What rows of both trees have in common.

use super::FileTree;
use crate::manifest::entry::Entry;
use crate::manifest::row::Checked;
use crate::manifest::{ContentRow, FileEntry, ManifestError, NameProfile, TensorEntry, name};
use crate::tree::Row;

/// A row of a block.
pub(super) trait BlockRow: Row {
    const TREE: FileTree;
}

/// A row of the `parts` tree, which must satisfy what every manifest requires.
pub(super) trait PartsRow: Entry + Checked {
    /// What must hold between entries in key order; no key occurs twice.
    fn check_together(entries: &[Self]) -> Result<(), ManifestError>;

    /// Whether other entries decide what [`PartsRow::check_together`] says of this one.
    fn needs_others(&self) -> bool;
}

impl PartsRow for FileEntry {
    fn check_together(entries: &[Self]) -> Result<(), ManifestError> {
        let mut names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        names.sort_unstable();
        Ok(name::check_together(&names, NameProfile::Any, 1)?)
    }

    /// A name below a directory, which must not be a file.
    fn needs_others(&self) -> bool {
        self.name.contains('/')
    }
}

impl PartsRow for TensorEntry {
    fn check_together(_: &[Self]) -> Result<(), ManifestError> {
        Ok(())
    }

    fn needs_others(&self) -> bool {
        false
    }
}

impl<E: Entry> BlockRow for E {
    const TREE: FileTree = FileTree::Parts;
}

impl BlockRow for ContentRow {
    const TREE: FileTree = FileTree::Content;
}
