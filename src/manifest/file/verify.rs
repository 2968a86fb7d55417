//! A pass over a manifest file that keeps no rows.

use super::Header;
use super::directory::{Described, Listing};
use super::fault::ManifestFileError;
use super::multiset::Multiset;
use super::part::Block;
use super::read::{self, Keep};
use super::row::PartsRow;
use super::source::RowSource;
use crate::id::ManifestId;
use crate::manifest::{ContentRow, FileEntry, Head, Index, ManifestKind, Sha256Index, TensorEntry};

/// A manifest file that was read to its end and holds together; none of its rows were kept.
///
/// Made by [`ManifestFile::verify`](super::ManifestFile::verify) alone.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, ManifestFile, NameCheck, NameProfile};
///
/// let entry = FileEntry::new("a.txt", 1, Digest::of(b"x"));
/// let manifest = Manifest::files(vec![entry], NameProfile::Portable)?;
/// let file = manifest.to_bytes();
///
/// let verified = ManifestFile::verify(file.as_slice())?;
/// assert_eq!(verified.id(), manifest.id());
/// assert_eq!((verified.head().parts.count(), verified.contents()), (1, 1));
/// // No directories, so nothing is left to check.
/// assert_eq!(verified.names(), NameCheck::Complete);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedFile {
    head: Head,
    id: ManifestId,
    sha256: Option<Index>,
    contents: u64,
    names: NameCheck,
}

/// How far names were checked.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, ManifestFile, NameCheck, NameProfile};
///
/// let entry = FileEntry::new("train/a.txt", 1, Digest::of(b"x"));
/// let file = Manifest::files(vec![entry], NameProfile::Portable)?.to_bytes();
/// // That `train` is no file of its own, only a reader who keeps the names could tell.
/// assert_eq!(ManifestFile::verify(file.as_slice())?.names(), NameCheck::OneByOne);
/// assert!(Manifest::decode(&file).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameCheck {
    /// All that a manifest requires of names holds.
    Complete,
    /// Every name is allowed by itself and none occurs twice; that no file is
    /// also a directory of another (`a` beside `a/b`) was **not** checked.
    ///
    /// Blocks are in the order of hashed names, so of a directory and a file of
    /// its name either may come first: to compare them takes a second look at
    /// the file, which [`ManifestReader::check_names`](super::ManifestReader::check_names)
    /// takes. Who means to write files by these names asks there, or reads the whole
    /// manifest ([`Manifest::read_from`](super::Manifest::read_from)), which refuses such a pair.
    OneByOne,
}

impl VerifiedFile {
    /// The preimage of the id, with both roots and their sums.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// The manifest whose file it is.
    pub const fn id(&self) -> ManifestId {
        self.id
    }

    /// The index over its SHA-256 digests, where the file has them.
    ///
    /// A file may carry digests that are wrong: they are those of the files only
    /// if somebody who read the files says so of [`Index::id`].
    pub const fn sha256(&self) -> Option<&Index> {
        self.sha256.as_ref()
    }

    /// The number of distinct contents; [`Head::parts`] counts the entries.
    pub const fn contents(&self) -> u64 {
        self.contents
    }

    /// What was checked of the names; all else was.
    pub const fn names(&self) -> NameCheck {
        self.names
    }
}

/// Verifies a file with blocks of at most `limit` rows.
pub(super) fn verify<S: RowSource>(source: S, limit: usize) -> Result<VerifiedFile, S::Error> {
    let (input, header) = read::open(source)?;
    let id = header.head.id();
    let sums = Sums::new(id);
    let sums = match header.head.kind {
        ManifestKind::Files => read::pass::<FileEntry, _, _>(input, &header, limit, sums)?,
        ManifestKind::Tensors => read::pass::<TensorEntry, _, _>(input, &header, limit, sums)?,
        ManifestKind::Composite => return Err(ManifestFileError::Composite.into()),
    };
    let Header { head, sha256, .. } = header;
    let sha256 = sha256.map(|root| Index::new(id, Sha256Index::RULE, root));
    Ok(VerifiedFile { head, id, sha256, contents: sums.contents, names: sums.names })
}

/// What stands for all rows and blocks.
struct Sums {
    parts: Multiset,
    content: Multiset,
    contents: u64,
    names: NameCheck,
    /// The directory as the blocks give it, and as it stands in the file.
    expected: Listing,
    found: Listing,
}

impl Sums {
    fn new(id: ManifestId) -> Self {
        Self {
            parts: Multiset::new(id),
            content: Multiset::new(id),
            contents: 0,
            names: NameCheck::Complete,
            expected: Listing::default(),
            found: Listing::default(),
        }
    }
}

impl<E: PartsRow> Keep<E> for Sums {
    fn parts(&mut self, block: Block<E>) -> Result<(), ManifestFileError> {
        for entry in &block.rows {
            self.parts.add(entry.digest(), entry.size(), 1);
            if entry.directories().next().is_some() {
                self.names = NameCheck::OneByOne;
            }
        }
        self.expected.push(&block.described);
        Ok(())
    }

    fn parts_end(&mut self) -> Result<(), ManifestFileError> {
        Ok(())
    }

    fn content_row(&mut self, _: &ContentRow, _: usize, _: usize) -> Result<(), ManifestFileError> {
        Ok(())
    }

    fn content(&mut self, block: Block<ContentRow>) -> Result<(), ManifestFileError> {
        for row in &block.rows {
            self.content.add(row.digest, row.size, row.count);
        }
        self.expected.push(&block.described);
        Ok(())
    }

    fn content_end(&mut self, rows: u64) -> Result<(), ManifestFileError> {
        self.contents = rows;
        Ok(())
    }

    fn described(&mut self, _: usize, found: Described) -> Result<(), ManifestFileError> {
        self.found.push(&found);
        Ok(())
    }

    fn end(&mut self) -> Result<(), ManifestFileError> {
        self.expected.same(&self.found)?;
        // Both roots are those of the header by now, so both multisets were fixed before the key was.
        if self.parts != self.content {
            return Err(ManifestFileError::ContentSet);
        }
        Ok(())
    }
}
