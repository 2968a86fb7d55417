//! Answers from a manifest file by a few range reads, each as good as the root.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Header;
use super::ends::{Blocks, Ends, most_blocks};
use super::fault::{FileTree, ManifestFileError, ManifestReadError};
use super::range::ReadAt;
use super::records::RecordIndexReader;
use super::row::PartsRow;
use super::section::{Section, Stored};
use super::trie::{Column, FileTrie, Own};
use super::verify::NameCheck;
use crate::digest::{Digest, Role, Sha256};
use crate::id::ManifestId;
use crate::limits::{BLOCK_ROWS, MAX_MANIFEST_HEADER};
use crate::manifest::items::Input;
use crate::manifest::prover::{Forest, Provable, Readable, Sealed};
use crate::manifest::{
    Audit, ContentAnswer, ContentRow, FileEntry, Head, Index, IndexError, ManifestError,
    ManifestKind, NameError, RecordRow, Sha256Entry, Sha256Index, TensorEntry,
};
use crate::text::excerpt;
use crate::tree::Trie;

/// A manifest file opened under the id of its manifest, of which rows are read one by one.
///
/// It takes at most three range reads to open, whatever the size: the beginning, the end,
/// and the directory where that is long. Each question takes one more, of one
/// block, or none where that block was among the last few; so whoever has
/// many questions asks them in the order of the keys. For contents that is the
/// order of their digests.
///
/// **An answer is as good as the id.** The header is its preimage, the
/// directory gives both roots in the header, and every row of a block is hashed
/// into what the directory says of that block; nothing else in the file is
/// believed, and it may lie anywhere. What only all rows together could show
/// is not checked: that they make a manifest at all, such as that
/// no content is missing from the tree of contents. [`ManifestFile::verify`](super::ManifestFile::verify)
/// checks that in one pass over the file.
///
/// An [`EvidenceBuilder`](crate::manifest::EvidenceBuilder) makes the same evidence of it as of a
/// [`Prover`](crate::manifest::Prover) that holds all rows: of its two trees, and of the `sha256`
/// index where the file has it. Of records it makes evidence where it was given the file of their
/// index ([`ManifestReader::with_records`]); else it opens nothing, and the evidence does not tell.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{
///     Audit, ContentAnswer, EvidenceBuilder, FileEntry, Manifest, ManifestReader, NameProfile,
/// };
///
/// let entry = FileEntry::new("a.txt", 1, Digest::of(b"x"));
/// let manifest = Manifest::files(vec![entry.clone()], NameProfile::Portable)?;
///
/// // Bytes from anywhere; the id from a statement whose signer is believed.
/// let reader = ManifestReader::open(manifest.to_bytes(), manifest.id())?;
/// assert_eq!(reader.file("a.txt")?, Some(entry));
/// assert_eq!(reader.file("b.txt")?, None);
/// let present = reader.content(Digest::of(b"x"))?;
/// assert!(matches!(present, ContentAnswer::Present(row) if row.count == 1));
/// let absent = ContentAnswer::Absent { audit: Audit::None };
/// assert_eq!(reader.content(Digest::of(b"y"))?, absent);
///
/// // What convinces somebody else who knows the id.
/// let mut evidence = EvidenceBuilder::reading();
/// evidence.names(&reader, ["a.txt", "b.txt"]);
/// assert!(evidence.build()?.file(manifest.id(), "a.txt").present().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ManifestReader<S> {
    source: S,
    head: Head,
    id: ManifestId,
    sha256: Option<Index>,
    parts: Parts,
    content: Section<ContentRow>,
    /// By their rules.
    records: BTreeMap<String, RecordIndexReader<S>>,
}

enum Parts {
    Files(Section<FileEntry>),
    Tensors(Section<TensorEntry>),
}

impl<S: ReadAt> ManifestReader<S> {
    /// Opens the file of the manifest `expected`.
    ///
    /// # Errors
    ///
    /// [`ManifestReadError::OtherManifest`] where it is the file of another,
    /// [`ManifestReadError::Read`] where `source` fails, and
    /// [`ManifestReadError::File`] for whatever is wrong in header, directory and trailer.
    pub fn open(source: S, expected: ManifestId) -> Result<Self, ManifestReadError> {
        Self::open_blocks(source, expected, BLOCK_ROWS)
    }

    /// Opens a file with blocks of at most `limit` rows.
    pub(super) fn open_blocks(
        source: S,
        expected: ManifestId,
        limit: usize,
    ) -> Result<Self, ManifestReadError> {
        let ends = Ends::read(&source)?;
        let bytes = ends.header(&source, MAX_MANIFEST_HEADER)?;
        let mut input = Input::new(bytes.as_slice());
        let item = input.item(MAX_MANIFEST_HEADER)?;
        let (begin, header) = (item.end(), Header::read(&item)?);
        let content = *header.content()?;
        let Header { head, sha256, .. } = header;
        let id = head.id();
        if id != expected {
            return Err(ManifestReadError::OtherManifest { found: id, expected });
        }
        // The head is known to be the one asked for, so what it counts bounds the directory.
        let most = most_blocks(head.parts.count(), limit)
            .saturating_add(most_blocks(content.count(), limit));
        let mut blocks = Blocks::read(&source, &ends, begin, most, None, sha256.is_some())?;
        blocks.roots.check(FileTree::Parts, &head.parts)?;
        blocks.roots.check(FileTree::Content, &content)?;
        if let Some(root) = &sha256 {
            blocks.roots.check(FileTree::Sha256, root)?;
        }
        let (parts, content) = blocks.split();
        let content = Section::new(content, parts.len(), limit, false);
        let has_sha256 = sha256.is_some();
        let parts = match head.kind {
            ManifestKind::Files => Parts::Files(Section::new(parts, 0, limit, has_sha256)),
            ManifestKind::Tensors => Parts::Tensors(Section::new(parts, 0, limit, false)),
            ManifestKind::Composite => return Err(ManifestFileError::Composite.into()),
        };
        let sha256 = sha256.map(|root| Index::new(id, Sha256Index::RULE, root));
        Ok(Self { source, head, id, sha256, parts, content, records: BTreeMap::new() })
    }

    /// The same with the file of an index over records of the dataset, for evidence of them.
    ///
    /// Files from several sources have the source `Box<dyn ReadAt>`.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{
    ///     Document, EvidenceBuilder, FileEntry, Manifest, ManifestReader, NameProfile,
    ///     RecordIndexBuilder, RecordIndexReader, RecordPresence, RecordRule,
    /// };
    ///
    /// let lines = b"one\ntwo\n";
    /// let entry = FileEntry::new("a.txt", 8, Digest::of(lines));
    /// let manifest = Manifest::files(vec![entry], NameProfile::Portable)?;
    /// let mut builder = RecordIndexBuilder::new(manifest.id(), RecordRule::LineRaw);
    /// builder.file(lines)?;
    /// let index = builder.finish()?;
    ///
    /// let records = RecordIndexReader::open(index.to_bytes(), index.id())?;
    /// let reader = ManifestReader::open(manifest.to_bytes(), manifest.id())?.with_records(records)?;
    /// let mut evidence = EvidenceBuilder::reading();
    /// evidence.records(&reader, &RecordRule::LineRaw, [Digest::of(b"one")]);
    /// let evidence = evidence.build()?;
    /// let (declared, one) = (index.dataset_index(), Document::Record(b"one"));
    /// let answer = evidence.look_up(manifest.id(), &declared, one);
    /// assert!(matches!(answer, RecordPresence::Present { count: 1, .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`IndexError::OtherManifest`] where it is over another manifest.
    pub fn with_records(mut self, records: RecordIndexReader<S>) -> Result<Self, IndexError> {
        let (found, expected) = (records.index().of, self.id);
        if found != expected {
            return Err(IndexError::OtherManifest { found, expected });
        }
        self.records.insert(records.index().rule.clone(), records);
        Ok(self)
    }

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
    /// The id of the manifest says nothing of it: [`Index::id`] must be one that
    /// somebody who is believed has named, as a `dataset` statement does.
    pub const fn sha256(&self) -> Option<&Index> {
        self.sha256.as_ref()
    }

    /// The file `name`; `None` where the manifest has no file of this name, or is one of tensors.
    ///
    /// Both answers are proven by the root of `parts`.
    ///
    /// # Errors
    ///
    /// [`ManifestReadError::Read`] where the source fails,
    /// [`ManifestReadError::File`] where the block is not the one that the directory describes.
    pub fn file(&self, name: &str) -> Result<Option<FileEntry>, ManifestReadError> {
        match &self.parts {
            Parts::Files(files) => Ok(self.part(files, name)?.map(|(entry, _)| entry)),
            Parts::Tensors(_) => Ok(None),
        }
    }

    /// The tensor `name`; `None` where the manifest has no tensor of this name, or is one of files.
    ///
    /// # Errors
    ///
    /// As for [`ManifestReader::file`].
    pub fn tensor(&self, name: &str) -> Result<Option<TensorEntry>, ManifestReadError> {
        match &self.parts {
            Parts::Files(_) => Ok(None),
            Parts::Tensors(tensors) => Ok(self.part(tensors, name)?.map(|(entry, _)| entry)),
        }
    }

    /// The SHA-256 of the file `name`, as the index [`ManifestReader::sha256`] has it;
    /// `None` where there is no such file or no index.
    ///
    /// # Errors
    ///
    /// As for [`ManifestReader::file`].
    pub fn sha256_of(&self, name: &str) -> Result<Option<Sha256>, ManifestReadError> {
        match &self.parts {
            Parts::Files(files) if self.sha256.is_some() => {
                Ok(self.part(files, name)?.and_then(|(_, sha256)| sha256))
            }
            Parts::Files(_) | Parts::Tensors(_) => Ok(None),
        }
    }

    /// Whether the manifest has the content with this digest, how often, and of which size.
    ///
    /// Present, or absent with [`Audit::None`]: it is not in the tree of contents that the maker
    /// of the manifest has committed to. That this is the tree of *its parts*, only whoever
    /// holds all rows can say; [`ManifestFile::verify`](super::ManifestFile::verify)
    /// does, and whoever relies on it says so by [`ContentAnswer::audited`]. A file of this digest
    /// that [`ManifestReader::file`] finds in the same manifest would prove its maker wrong.
    ///
    /// # Errors
    ///
    /// As for [`ManifestReader::file`].
    pub fn content(&self, digest: Digest) -> Result<ContentAnswer, ManifestReadError> {
        let row = self.content.row(&self.source, digest.as_bytes())?;
        let absent = ContentAnswer::Absent { audit: Audit::None };
        Ok(row.map_or(absent, |(row, _)| ContentAnswer::Present(row)))
    }

    /// Checks all names, alone and together, and keeps at most `directories` keys of 32 bytes for it.
    ///
    /// [`NameCheck::OneByOne`] where there are more directories. Every block of
    /// `parts` is read once, and once more those in which a
    /// directory would stand if it were a file. What [`VerifiedFile::names`](super::VerifiedFile::names)
    /// leaves open is thereby settled.
    ///
    /// # Errors
    ///
    /// [`ManifestFileError::Entry`] for a name that no manifest allows,
    /// [`ManifestFileError::Entries`] for a file that is a directory of another;
    /// as for [`ManifestReader::file`].
    pub fn check_names(&self, directories: usize) -> Result<NameCheck, ManifestReadError> {
        match &self.parts {
            Parts::Files(files) => self.check_names_of(files, directories),
            Parts::Tensors(tensors) => self.check_names_of(tensors, directories),
        }
    }

    fn check_names_of<E: Stored + PartsRow>(
        &self,
        parts: &Section<E>,
        most: usize,
    ) -> Result<NameCheck, ManifestReadError> {
        let mut directories = BTreeSet::new();
        let mut names = NameCheck::Complete;
        for block in 0..parts.len() {
            // Whoever reads a block checks its names one by one.
            for entry in &parts.block(&self.source, block)?.block.rows {
                if names == NameCheck::Complete {
                    directories.extend(entry.directories().map(key));
                }
                if directories.len() > most {
                    names = NameCheck::OneByOne;
                    directories.clear();
                }
            }
        }
        for directory in directories {
            if let Some((file, _)) = parts.row(&self.source, &directory)? {
                let name = excerpt(file.name());
                let fault = ManifestError::Name(NameError::FileAndDirectory { name });
                return Err(ManifestFileError::Entries(fault).into());
            }
        }
        Ok(names)
    }

    fn part<E: Stored + PartsRow>(
        &self,
        parts: &Section<E>,
        name: &str,
    ) -> Result<Option<(E, Option<Sha256>)>, ManifestReadError> {
        parts.row(&self.source, &key(name))
    }
}

/// The key of a name.
fn key(name: &str) -> [u8; 32] {
    Role::Name.hash(name.as_bytes())
}

impl<S: ReadAt, E: From<ManifestReadError>> Provable<E> for ManifestReader<S> {}

impl<S: ReadAt> Sealed for ManifestReader<S> {}

impl<S: ReadAt> Readable for ManifestReader<S> {
    type Error = ManifestReadError;
}

/// A proof for many keys reads every block once.
impl<S: ReadAt> Forest for ManifestReader<S> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn files(&self) -> Option<impl Trie<Row = FileEntry, Error = ManifestReadError>> {
        match &self.parts {
            Parts::Files(files) => Some(FileTrie::<_, _, Own>::new(&self.source, files)),
            Parts::Tensors(_) => None,
        }
    }

    fn tensors(&self) -> Option<impl Trie<Row = TensorEntry, Error = ManifestReadError>> {
        match &self.parts {
            Parts::Files(_) => None,
            Parts::Tensors(tensors) => Some(FileTrie::<_, _, Own>::new(&self.source, tensors)),
        }
    }

    fn content(&self) -> impl Trie<Row = ContentRow, Error = ManifestReadError> {
        FileTrie::<_, _, Own>::new(&self.source, &self.content)
    }

    fn index(&self, rule: &str) -> Option<Index> {
        let records = self.records.get(rule).map(RecordIndexReader::index);
        self.sha256.as_ref().filter(|index| index.rule == rule).or(records).cloned()
    }

    fn records(&self, rule: &str) -> Option<impl Trie<Row = RecordRow, Error = ManifestReadError>> {
        self.records.get(rule).map(RecordIndexReader::tree)
    }

    fn sha256(&self) -> Option<impl Trie<Row = Sha256Entry, Error = ManifestReadError>> {
        match &self.parts {
            Parts::Files(files) if self.sha256.is_some() => {
                Some(FileTrie::<_, _, Column>::new(&self.source, files))
            }
            Parts::Files(_) | Parts::Tensors(_) => None,
        }
    }
}

/// Without the blocks, of which there may be many, and the source.
impl<S> fmt::Debug for ManifestReader<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManifestReader")
            .field("id", &self.id)
            .field("head", &self.head)
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}
