//! Reading a manifest file: everything in it is held against its rows.

use std::collections::VecDeque;

use super::boundary::Boundaries;
use super::directory::{self, Described};
use super::fault::{FilePlace, FileTree, ManifestFileError};
use super::input::{Input, Item, Source};
use super::row::{BlockRow, PartsRow};
use super::{Header, ITEM_DIRECTORY, ManifestFile};
use crate::cbor::{self, CborError, CborFault, Codec as _, Reader};
use crate::digest::Sha256;
use crate::limits::{MAX_BLOCK, MAX_MANIFEST_HEADER};
use crate::manifest::build::content_rows;
use crate::manifest::index::{self, Sha256Index};
use crate::manifest::{
    ContentRow, Entries, FileEntry, Manifest, ManifestError, ManifestKind, TensorEntry,
};
use crate::tree::{RootBuilder, Summary, TreeError};

/// Reads a file with blocks of at most `limit` rows.
pub(super) fn read<S: Source>(source: S, limit: usize) -> Result<ManifestFile, S::Error> {
    let mut input = Input::new(source);
    let item = input.item(MAX_MANIFEST_HEADER)?;
    let header: Header = cbor::decode(item.bytes).map_err(|fault| item.fault(fault))?;
    match header.head.kind {
        ManifestKind::Files => body::<FileEntry, S>(input, &header, limit, Entries::Files),
        ManifestKind::Tensors if header.sha256.is_some() => {
            Err(ManifestFileError::Sha256 { place: FilePlace::Header }.into())
        }
        ManifestKind::Tensors => body::<TensorEntry, S>(input, &header, limit, Entries::Tensors),
    }
}

/// Everything after the header.
fn body<E: PartsRow, S: Source>(
    mut input: Input<S>,
    header: &Header,
    limit: usize,
    wrap: impl FnOnce(Vec<E>) -> Entries,
) -> Result<ManifestFile, S::Error> {
    let head = &header.head;
    let mut blocks = Vec::new();
    let mut parts = Parts::<E>::new(header.sha256.is_some(), limit);
    let mut part = Part::next(&mut input, &blocks)?;
    while part.kind == FileTree::Parts.code() {
        let described = parts.block(part, blocks.len())?;
        blocks.push(described);
        part = Part::next(&mut input, &blocks)?;
    }
    let (entries, digests) = parts.finish(head.parts.count())?;
    same_root(&blocks, FileTree::Parts, &head.parts)?;
    if let Some(root) = &header.sha256 {
        same_root(&blocks, FileTree::Sha256, root)?;
    }
    E::check_together(&entries).map_err(ManifestFileError::Entries)?;
    let content = content_rows(&entries).map_err(ManifestFileError::Entries)?;

    let mut tree = TreeReader::new(blocks.len(), limit);
    let mut left = content.as_slice();
    while part.kind == FileTree::Content.code() {
        let described = content_block(part, &mut tree, &mut left, blocks.len())?;
        blocks.push(described);
        part = Part::next(&mut input, &blocks)?;
    }
    tree.finish(FileTree::Content, u64::try_from(content.len()).unwrap_or(u64::MAX))?;
    same_root(&blocks, FileTree::Content, &head.content)?;

    let directory = part.directory(&blocks)?;
    let trailer = input.fixed::<9>()?;
    // A byte string of 8 bytes.
    let found = Reader::new(trailer.bytes).fixed().map_err(|fault| trailer.fault(fault))?;
    let found = u64::from_le_bytes(found);
    if found != directory {
        return Err(ManifestFileError::Trailer { found, expected: directory }.into());
    }
    input.end()?;

    let id = head.id();
    let manifest = Manifest { head: head.clone(), id, entries: wrap(entries), content };
    let sha256 = header.sha256.map(|root| Sha256Index::from_rows(id, root, digests));
    Ok(ManifestFile { manifest, sha256 })
}

/// The root that the directory's summaries give must be the one that the header claims.
fn same_root(
    blocks: &[Described],
    tree: FileTree,
    found: &Summary,
) -> Result<(), ManifestFileError> {
    let expected = directory::root(blocks, tree).map_err(overflow)?;
    same_summary(FilePlace::Header, tree, *found, expected)
}

fn same_summary(
    place: FilePlace,
    tree: FileTree,
    found: Summary,
    expected: Summary,
) -> Result<(), ManifestFileError> {
    if found == expected {
        return Ok(());
    }
    Err(ManifestFileError::Summary { place, tree, found, expected })
}

fn overflow(fault: TreeError) -> ManifestFileError {
    ManifestFileError::Entries(ManifestError::Tree(fault))
}

fn wrong_length(offset: usize, found: usize, expected: usize) -> CborError {
    let number = |len| u64::try_from(len).unwrap_or(u64::MAX);
    let (found, expected) = (number(found), number(expected));
    CborError::new(offset, CborFault::OutOfRange { found, min: expected, max: expected })
}

/// A block or the directory: an array that begins with the number of its kind.
struct Part<'a> {
    item: Item<'a>,
    reader: Reader<'a>,
    /// Length of the array.
    len: usize,
    kind: u64,
}

impl<'a> Part<'a> {
    /// The next item, not longer than a block or the directory of `blocks` can be.
    fn next<S: Source>(input: &'a mut Input<S>, blocks: &[Described]) -> Result<Self, S::Error> {
        let item = input.item(MAX_BLOCK.max(directory::max_len(blocks.len())))?;
        let mut reader = Reader::new(item.bytes);
        let len = reader.array(usize::MAX).map_err(|fault| item.fault(fault))?;
        let kind = reader.uint().map_err(|fault| item.fault(fault))?;
        Ok(Self { item, reader, len, kind })
    }

    /// Reads on with `read`.
    fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, CborError>,
    ) -> Result<T, ManifestFileError> {
        read(&mut self.reader).map_err(|fault| self.item.fault(fault))
    }

    /// The array of a block has 3 elements, with SHA-256 digests 5.
    fn check_len(&self, block: usize, has_sha256: bool) -> Result<(), ManifestFileError> {
        let expected = if has_sha256 { 5 } else { 3 };
        match self.len {
            len if len == expected => Ok(()),
            3 | 5 => Err(ManifestFileError::Sha256 { place: FilePlace::Block(block) }),
            len => Err(self.item.fault(wrong_length(0, len, expected))),
        }
    }

    fn end(&self) -> Result<(), ManifestFileError> {
        self.reader.end().map_err(|fault| self.item.fault(fault))
    }

    /// Checks that this is the directory of `blocks`; where it begins.
    fn directory(mut self, blocks: &[Described]) -> Result<u64, ManifestFileError> {
        if self.kind != ITEM_DIRECTORY {
            let (offset, found) = (self.item.start, self.kind);
            return Err(ManifestFileError::Misplaced { offset, found });
        }
        let (found, expected) = (self.len.saturating_sub(1), blocks.len());
        if found != expected {
            return Err(ManifestFileError::Blocks { found, expected });
        }
        for (block, described) in blocks.iter().enumerate() {
            self.described(block, described)?;
        }
        self.end()?;
        Ok(self.item.start)
    }

    fn described(&mut self, block: usize, expected: &Described) -> Result<(), ManifestFileError> {
        let place = FilePlace::Directory(block);
        let found = self.read(|reader| expected.decode_same_tree(reader))?;
        if found.key != expected.key {
            let (found, expected) = (found.key, expected.key);
            return Err(ManifestFileError::Key { block, found, expected });
        }
        same_summary(place, expected.tree, found.summary, expected.summary)?;
        if found.length != expected.length {
            let (found, expected) = (found.length, expected.length);
            return Err(ManifestFileError::Length { block, found, expected });
        }
        match (found.sha256, expected.sha256) {
            (None, None) => Ok(()),
            (Some(found), Some(expected)) => same_summary(place, FileTree::Sha256, found, expected),
            _ => Err(ManifestFileError::Sha256 { place }),
        }
    }
}

/// What the rows of one tree, block after block, must satisfy.
struct TreeReader {
    limit: usize,
    /// Rows so far.
    rows: u64,
    last: Option<[u8; 32]>,
    boundaries: Boundaries,
    /// The block to which the fronts of `found` and `expected` belong.
    block: usize,
    /// Rows of blocks as they stand in the file.
    found: VecDeque<usize>,
    /// Rows of blocks as their keys require.
    expected: VecDeque<usize>,
}

impl TreeReader {
    /// A tree whose first block has the number `block`.
    fn new(block: usize, limit: usize) -> Self {
        Self {
            limit,
            rows: 0,
            last: None,
            boundaries: Boundaries::new(limit),
            block,
            found: VecDeque::new(),
            expected: VecDeque::new(),
        }
    }

    /// Reads summary and rows of one block; gives each row to `accept`.
    fn block<R: BlockRow>(
        &mut self,
        part: &mut Part<'_>,
        block: usize,
        mut accept: impl FnMut(R, usize) -> Result<(), ManifestFileError>,
    ) -> Result<(Vec<[u8; 32]>, Summary), ManifestFileError> {
        let claimed = part.read(|reader| Summary::decode(reader))?;
        let limit = self.limit;
        let count = part.read(|reader| reader.array(limit))?;
        let mut keys = Vec::new();
        let mut root = RootBuilder::new(R::KIND);
        for row in 0..count {
            let start = part.reader.offset();
            let decoded = part.read(|reader| R::decode(reader))?;
            let key = decoded.key();
            if self.last.is_some_and(|last| last >= key) {
                return Err(ManifestFileError::Unordered { block, row });
            }
            self.last = Some(key);
            self.expected.extend(self.boundaries.push(&key));
            // What was read is the one encoding of the row.
            let leaf = decoded.leaf(key, part.reader.since(start));
            leaf.and_then(|leaf| root.push(&leaf)).map_err(overflow)?;
            keys.push(key);
            accept(decoded, row)?;
        }
        let computed = root.finish().map_err(overflow)?;
        same_summary(FilePlace::Block(block), R::TREE, claimed, computed)?;
        self.rows = self.rows.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        self.found.push_back(count);
        self.compare()?;
        Ok((keys, computed))
    }

    /// After the last block: there must be `expected` rows.
    fn finish(mut self, tree: FileTree, expected: u64) -> Result<(), ManifestFileError> {
        if self.rows != expected {
            return Err(ManifestFileError::Rows { tree, found: self.rows, expected });
        }
        let boundaries = std::mem::replace(&mut self.boundaries, Boundaries::new(self.limit));
        self.expected.extend(boundaries.finish());
        self.compare()
    }

    /// Blocks are known to end where they must once the window of [`Boundaries`] has passed.
    fn compare(&mut self) -> Result<(), ManifestFileError> {
        while let (Some(found), Some(expected)) = (self.found.front(), self.expected.front()) {
            if found != expected {
                let (block, found, expected) = (self.block, *found, *expected);
                return Err(ManifestFileError::Boundary { block, found, expected });
            }
            self.found.pop_front();
            self.expected.pop_front();
            self.block = self.block.saturating_add(1);
        }
        Ok(())
    }
}

/// The blocks of the `parts` tree.
struct Parts<E> {
    tree: TreeReader,
    has_sha256: bool,
    entries: Vec<E>,
    digests: Vec<Sha256>,
}

impl<E: PartsRow> Parts<E> {
    fn new(has_sha256: bool, limit: usize) -> Self {
        let tree = TreeReader::new(0, limit);
        Self { tree, has_sha256, entries: Vec::new(), digests: Vec::new() }
    }

    fn block(&mut self, mut part: Part<'_>, block: usize) -> Result<Described, ManifestFileError> {
        part.check_len(block, self.has_sha256)?;
        let start = self.entries.len();
        let (keys, summary) = self.tree.block(&mut part, block, |entry: E, row| {
            entry.check().map_err(|source| ManifestFileError::Entry { block, row, source })?;
            self.entries.push(entry);
            Ok(())
        })?;
        let sha256 = if self.has_sha256 {
            let entries = self.entries.get(start..).unwrap_or_default();
            let (digests, root) = column(&mut part, block, &keys, entries)?;
            self.digests.extend(digests);
            Some(root)
        } else {
            None
        };
        part.end()?;
        let key = keys.first().copied().unwrap_or_default();
        Ok(Described { tree: FileTree::Parts, key, summary, length: part.item.length(), sha256 })
    }

    fn finish(self, rows: u64) -> Result<(Vec<E>, Vec<Sha256>), ManifestFileError> {
        self.tree.finish(FileTree::Parts, rows)?;
        Ok((self.entries, self.digests))
    }
}

/// The SHA-256 of a block's entries, and the root of their subtree.
fn column<E: PartsRow>(
    part: &mut Part<'_>,
    block: usize,
    keys: &[[u8; 32]],
    entries: &[E],
) -> Result<(Vec<Sha256>, Summary), ManifestFileError> {
    let len = keys.len().saturating_mul(32);
    let bytes = part.read(|reader| {
        let offset = reader.offset();
        let bytes = reader.bytes(MAX_BLOCK)?;
        if bytes.len() == len {
            return Ok(bytes);
        }
        Err(wrong_length(offset, bytes.len(), len))
    })?;
    let (digests, _) = bytes.as_chunks::<32>();
    let digests: Vec<Sha256> = digests.iter().copied().map(Sha256::from_bytes).collect();
    let claimed = part.read(|reader| Summary::decode(reader))?;
    let computed = index::root(keys, entries, &digests).map_err(overflow)?;
    same_summary(FilePlace::Block(block), FileTree::Sha256, claimed, computed)?;
    Ok((digests, computed))
}

/// A block of the `content` tree, whose rows must be the next ones `left` of what the parts give.
fn content_block(
    mut part: Part<'_>,
    tree: &mut TreeReader,
    left: &mut &[ContentRow],
    block: usize,
) -> Result<Described, ManifestFileError> {
    part.check_len(block, false)?;
    let (keys, summary) = tree.block(&mut part, block, |found: ContentRow, row| {
        match left.split_off_first() {
            Some(expected) if found != *expected => {
                let expected = *expected;
                Err(ManifestFileError::Content { block, row, found, expected })
            }
            // Rows beyond those of the parts are counted at the end.
            _ => Ok(()),
        }
    })?;
    part.end()?;
    let key = keys.first().copied().unwrap_or_default();
    let length = part.item.length();
    Ok(Described { tree: FileTree::Content, key, summary, length, sha256: None })
}
