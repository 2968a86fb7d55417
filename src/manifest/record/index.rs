//! What all records of a dataset are, committed to under one id.

use super::{RecordError, RecordRow, RecordRule};
use crate::digest::Digest;
use crate::id::{IndexId, ManifestId};
use crate::manifest::{DatasetIndex, Index};
use crate::tree::{Summary, TreeError};

/// Every record of the files of a dataset with its multiplicity, under one rule.
///
/// Made only from records ([`RecordIndexBuilder`](super::RecordIndexBuilder)), so
/// its root is always that of its rows.
///
/// It is what its maker says: that these are the records of the files, and of all
/// of them, only a reader of the files can check. What it does not have is absent
/// from what the maker indexed, in that exact canonical form and no other.
///
/// ```
/// use datadeed::{Digest, ManifestId};
/// use datadeed::manifest::{RecordIndexBuilder, RecordRule};
///
/// let of = ManifestId::from_bytes([7; 32]);
/// let mut builder = RecordIndexBuilder::new(of, RecordRule::JsonJcs);
/// builder.file(b"{\"a\": 1}\n{\"b\": 2}\n{\"a\": 1.0}\n")?;
/// let index = builder.finish()?;
/// assert_eq!((index.records(), index.distinct(), index.duplicates()), (3, 2, 1));
/// let asked = index.rule().digest_of(br#"{ "a" : 1 }"#)?;
/// assert_eq!(index.count_of(asked), 2);
/// assert_eq!(index.dataset_index().rule, "json-jcs/1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordIndex {
    pub(super) of: ManifestId,
    pub(super) rule: RecordRule,
    pub(super) files: Option<Summary>,
    pub(super) root: Summary,
    pub(super) rows: Vec<RecordRow>,
}

impl RecordIndex {
    /// The content address of these records beside the manifest.
    pub fn id(&self) -> IndexId {
        self.preimage().id()
    }

    /// What a reader of rows has held against `index`, whose rule this is.
    pub(in crate::manifest) fn from_rows(
        index: &Index,
        rule: RecordRule,
        rows: Vec<RecordRow>,
    ) -> Self {
        Self { of: index.of, rule, files: index.files, root: index.tree, rows }
    }

    /// The preimage of its id.
    pub(in crate::manifest) fn preimage(&self) -> Index {
        let whole = Index::new(self.of, self.rule.to_string(), self.root);
        match self.files {
            Some(files) => whole.only(files),
            None => whole,
        }
    }

    /// The manifest that it is over.
    pub const fn of(&self) -> ManifestId {
        self.of
    }

    /// How its records are made.
    pub const fn rule(&self) -> &RecordRule {
        &self.rule
    }

    /// Root of the `parts` tree of the files that it is of; `None` where it is of all.
    pub const fn files(&self) -> Option<&Summary> {
        self.files.as_ref()
    }

    /// Root of its tree: its count is that of all records, its bytes those of their canonical forms.
    pub const fn root(&self) -> &Summary {
        &self.root
    }

    /// Every distinct record once, in the order of its digest.
    pub fn rows(&self) -> &[RecordRow] {
        &self.rows
    }

    /// How often the record of this digest occurs; 0 where it does not.
    pub fn count_of(&self, digest: Digest) -> u64 {
        let at = self.rows.binary_search_by(|row| row.digest.cmp(&digest));
        at.ok().and_then(|at| self.rows.get(at)).map_or(0, |row| row.count)
    }

    /// Number of records, each as often as it occurs.
    pub const fn records(&self) -> u64 {
        self.root.count()
    }

    /// Number of records that differ.
    pub fn distinct(&self) -> u64 {
        u64::try_from(self.rows.len()).unwrap_or(u64::MAX)
    }

    /// Number of records that are another's equal: all but the first of each.
    pub fn duplicates(&self) -> u64 {
        // Every row has a count of at least 1.
        self.records().saturating_sub(self.distinct())
    }

    /// How a `dataset` statement names it.
    pub fn dataset_index(&self) -> DatasetIndex {
        DatasetIndex::new(self.id(), self.rule.to_string())
    }
}

/// Records that make no index.
///
/// ```
/// use datadeed::{Digest, ManifestId};
/// use datadeed::manifest::{RecordIndexBuilder, RecordIndexError, RecordRule};
///
/// let digest = Digest::of(b"x");
/// let rule = RecordRule::Own("urn:example:words".parse()?);
/// let mut builder = RecordIndexBuilder::new(ManifestId::from_bytes([7; 32]), rule);
/// builder.digests([(digest, 1), (digest, 2)]);
/// let conflict = RecordIndexError::SizeConflict { digest, one: 1, other: 2 };
/// assert_eq!(builder.finish(), Err(conflict));
/// # Ok::<(), datadeed::manifest::RuleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordIndexError {
    /// A file was not taken to its end, so its other records are not known.
    #[error("a file was not taken to its end")]
    Incomplete {
        /// The fault in the file; `None` where it could not be read.
        #[source]
        source: Option<RecordError>,
    },
    /// Records of other files of the dataset: only two indexes of the same files make one.
    #[error("the records are of other files of {of}")]
    OtherFiles {
        /// The dataset.
        of: ManifestId,
    },
    /// Records of another dataset.
    #[error("the records are of {found}, not of {expected}")]
    OtherManifest {
        /// The manifest that the records are of.
        found: ManifestId,
        /// The manifest that they should be of.
        expected: ManifestId,
    },
    /// Records made by another rule.
    #[error("the records are made by {found}, not by {expected}")]
    OtherRule {
        /// The rule that made them.
        found: RecordRule,
        /// The rule that should have.
        expected: RecordRule,
    },
    /// One digest stands with two sizes.
    #[error("{digest} stands with {one} bytes and with {other} bytes")]
    SizeConflict {
        /// The digest.
        digest: Digest,
        /// A size it stands with, in bytes.
        one: u64,
        /// Another size it stands with, in bytes.
        other: u64,
    },
    /// The tree cannot be built.
    #[error(transparent)]
    Tree(#[from] TreeError),
}
