//! One pass over a manifest file: everything in it is held against its rows.
//!
//! Who calls decides with [`Keep`] what becomes of the rows: a reader keeps
//! them, a verifier adds them up and lets them go. The pass itself holds one
//! block, the paths of three trees, and the window in which blocks may still end.

use std::collections::VecDeque;

use super::boundary::Boundaries;
use super::directory::{self, Described, Listing, Roots};
use super::fault::{FileTree, ManifestFileError, overflow};
use super::part::{self, Block, Lead, Place};
use super::row::PartsRow;
use super::source::RowSource;
use super::{Header, ITEM_DIRECTORY, ManifestFile};
use crate::digest::Sha256;
use crate::limits::{MAX_BLOCK, MAX_MANIFEST_HEADER};
use crate::manifest::build::content_rows;
use crate::manifest::index::Sha256Index;
use crate::manifest::items::Input;
use crate::manifest::{
    ContentRow, Entries, FileEntry, Manifest, ManifestKind, RecordRow, TensorEntry,
};
use crate::tree::Summary;

/// Reads a file with blocks of at most `limit` rows.
pub(super) fn read<S: RowSource>(source: S, limit: usize) -> Result<ManifestFile, S::Error> {
    let (input, header) = open(source)?;
    match header.head.kind {
        ManifestKind::Files => {
            let rows = pass(input, &header, limit, Rows::<FileEntry>::new())?;
            Ok(rows.file(header, Entries::Files))
        }
        ManifestKind::Tensors => {
            let rows = pass(input, &header, limit, Rows::<TensorEntry>::new())?;
            Ok(rows.file(header, Entries::Tensors))
        }
        ManifestKind::Composite => Err(ManifestFileError::Composite.into()),
    }
}

/// The header of a file, and what follows it.
pub(super) fn open<S: RowSource>(source: S) -> Result<(Input<S>, Header), S::Error> {
    let mut input = Input::new(source);
    let header = Header::read(&input.item(MAX_MANIFEST_HEADER)?)?;
    Ok((input, header))
}

/// What a pass does with blocks that are sound by themselves.
pub(super) trait Keep<E> {
    /// The next block of `parts`.
    fn parts(&mut self, block: Block<E>) -> Result<(), ManifestFileError>;

    /// After the last one: their roots are those of the header.
    fn parts_end(&mut self) -> Result<(), ManifestFileError>;

    /// A row of the content block that comes next, before the block is known to be sound.
    fn content_row(
        &mut self,
        row: &ContentRow,
        block: usize,
        place: usize,
    ) -> Result<(), ManifestFileError>;

    /// The next block of `content`.
    fn content(&mut self, block: Block<ContentRow>) -> Result<(), ManifestFileError>;

    /// After the last one: there were so many rows.
    fn content_end(&mut self, rows: u64) -> Result<(), ManifestFileError>;

    /// What the directory says of a block; as many are given as there were blocks.
    fn described(&mut self, block: usize, found: Described) -> Result<(), ManifestFileError>;

    /// After the end of the file.
    fn end(&mut self) -> Result<(), ManifestFileError>;
}

/// Everything after the header; gives what `keep` has made of it.
pub(super) fn pass<E: PartsRow, S: RowSource, K: Keep<E>>(
    mut input: Input<S>,
    header: &Header,
    limit: usize,
    mut keep: K,
) -> Result<K, S::Error> {
    let head = &header.head;
    let mut roots = Roots::new();
    let mut tree = TreeReader::new(0, limit);
    let mut blocks = 0_usize;
    let mut lead = next(&mut input, blocks)?;
    while lead.kind == FileTree::Parts.code() {
        let block =
            part::parts_block(&mut input, lead, tree.place(blocks), header.sha256.is_some())?;
        tree.block(&block.keys)?;
        roots.push(&block.described).map_err(overflow)?;
        keep.parts(block)?;
        blocks = blocks.saturating_add(1);
        lead = next(&mut input, blocks)?;
    }
    tree.rows(FileTree::Parts, head.parts.count())?;
    tree.finish()?;
    roots.check(FileTree::Parts, &head.parts)?;
    if let Some(root) = &header.sha256 {
        roots.check(FileTree::Sha256, root)?;
    }
    keep.parts_end()?;

    let parts = blocks;
    let mut tree = TreeReader::new(parts, limit);
    while lead.kind == FileTree::Content.code() {
        let block = part::digest_block(&mut input, lead, tree.place(blocks), |row, place| {
            keep.content_row(row, blocks, place)
        })?;
        tree.block(&block.keys)?;
        roots.push(&block.described).map_err(overflow)?;
        keep.content(block)?;
        blocks = blocks.saturating_add(1);
        lead = next(&mut input, blocks)?;
    }
    keep.content_end(tree.rows)?;
    tree.finish()?;
    roots.check(FileTree::Content, header.content()?)?;

    let tree = |block| if block < parts { FileTree::Parts } else { FileTree::Content };
    end_of(&mut input, lead, blocks, tree, |block, found| keep.described(block, found))?;
    keep.end()?;
    Ok(keep)
}

/// All after the header of a record index file, block after block to `keep`.
pub(super) fn records<S: RowSource>(
    mut input: Input<S>,
    root: &Summary,
    limit: usize,
    mut keep: impl FnMut(Vec<RecordRow>),
) -> Result<(), S::Error> {
    let (mut expected, mut found) = (Listing::default(), Listing::default());
    let mut roots = Roots::new();
    let mut tree = TreeReader::new(0, limit);
    let mut blocks = 0_usize;
    let mut lead = next(&mut input, blocks)?;
    while lead.kind != ITEM_DIRECTORY {
        if lead.kind != FileTree::Records.code() {
            let (offset, found) = (input.start(), lead.kind);
            return Err(ManifestFileError::Misplaced { offset, found }.into());
        }
        let block = part::digest_block::<RecordRow, _>(
            &mut input,
            lead,
            tree.place(blocks),
            |_, _| Ok(()),
        )?;
        tree.block(&block.keys)?;
        roots.push(&block.described).map_err(overflow)?;
        expected.push(&block.described);
        keep(block.rows);
        blocks = blocks.saturating_add(1);
        lead = next(&mut input, blocks)?;
    }
    tree.finish()?;
    roots.check(FileTree::Records, root)?;
    end_of(
        &mut input,
        lead,
        blocks,
        |_| FileTree::Records,
        |_, described| {
            found.push(&described);
            Ok(())
        },
    )?;
    expected.same(&found)?;
    Ok(())
}

/// The next item, not longer than a block or the directory of so many blocks can be.
fn next<S: RowSource>(input: &mut Input<S>, blocks: usize) -> Result<Lead, S::Error> {
    Lead::next(input, MAX_BLOCK.max(directory::max_len(blocks)))
}

/// The directory of `blocks` blocks, each of the tree that `tree` says, and the trailer; nothing may follow.
fn end_of<S: RowSource>(
    input: &mut Input<S>,
    lead: Lead,
    blocks: usize,
    tree: impl Fn(usize) -> FileTree,
    described: impl FnMut(usize, Described) -> Result<(), ManifestFileError>,
) -> Result<(), S::Error> {
    let directory = input.start();
    if lead.kind != ITEM_DIRECTORY {
        let (offset, found) = (input.start(), lead.kind);
        return Err(ManifestFileError::Misplaced { offset, found }.into());
    }
    let found = lead.len.saturating_sub(1);
    if found != blocks {
        return Err(ManifestFileError::Blocks { found, expected: blocks }.into());
    }
    lead.skip(input);
    directory::read(input, blocks, |block| Some(tree(block)), described)?;
    let found = directory::trailer(input)?;
    if found != directory {
        return Err(ManifestFileError::Trailer { found, expected: directory }.into());
    }
    input.end()
}

/// What the rows of one tree, block after block, must satisfy together.
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

    /// Where the next block stands.
    fn place(&self, block: usize) -> Place {
        Place { block, limit: self.limit, last: self.last }
    }

    /// The next block has these keys.
    fn block(&mut self, keys: &[[u8; 32]]) -> Result<(), ManifestFileError> {
        for key in keys {
            self.expected.extend(self.boundaries.push(key));
        }
        self.last = keys.last().copied().or(self.last);
        self.rows = self.rows.saturating_add(u64::try_from(keys.len()).unwrap_or(u64::MAX));
        self.found.push_back(keys.len());
        self.compare()
    }

    /// After the last block: there must be `expected` rows.
    fn rows(&self, tree: FileTree, expected: u64) -> Result<(), ManifestFileError> {
        if self.rows == expected {
            return Ok(());
        }
        Err(ManifestFileError::Rows { tree, found: self.rows, expected })
    }

    /// After the last block: all must end where they must.
    fn finish(mut self) -> Result<(), ManifestFileError> {
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

/// All rows, as a manifest has them.
struct Rows<E> {
    entries: Vec<E>,
    sha256: Vec<Sha256>,
    content: Vec<ContentRow>,
    /// How many rows of `content` the file had so far.
    seen: usize,
    blocks: Vec<Described>,
}

impl<E: PartsRow> Rows<E> {
    fn new() -> Self {
        Self {
            entries: Vec::new(),
            sha256: Vec::new(),
            content: Vec::new(),
            seen: 0,
            blocks: Vec::new(),
        }
    }

    fn file(self, header: Header, wrap: impl FnOnce(Vec<E>) -> Entries) -> ManifestFile {
        let id = header.head.id();
        let (entries, content) = (wrap(self.entries), self.content);
        let manifest = Manifest { head: header.head, id, entries, content };
        let sha256 = header.sha256.map(|root| Sha256Index::from_rows(id, root, self.sha256));
        ManifestFile { manifest, sha256 }
    }
}

impl<E: PartsRow> Keep<E> for Rows<E> {
    fn parts(&mut self, block: Block<E>) -> Result<(), ManifestFileError> {
        self.entries.extend(block.rows);
        self.sha256.extend(block.sha256);
        self.blocks.push(block.described);
        Ok(())
    }

    fn parts_end(&mut self) -> Result<(), ManifestFileError> {
        E::check_together(&self.entries).map_err(ManifestFileError::Entries)?;
        self.content = content_rows(&self.entries).map_err(ManifestFileError::Entries)?;
        Ok(())
    }

    fn content_row(
        &mut self,
        found: &ContentRow,
        block: usize,
        row: usize,
    ) -> Result<(), ManifestFileError> {
        // Rows beyond those of the parts are counted at the end.
        if let Some(expected) = self.content.get(self.seen)
            && found != expected
        {
            let (found, expected) = (*found, *expected);
            return Err(ManifestFileError::Content { block, row, found, expected });
        }
        self.seen = self.seen.saturating_add(1);
        Ok(())
    }

    fn content(&mut self, block: Block<ContentRow>) -> Result<(), ManifestFileError> {
        self.blocks.push(block.described);
        Ok(())
    }

    fn content_end(&mut self, found: u64) -> Result<(), ManifestFileError> {
        let expected = u64::try_from(self.content.len()).unwrap_or(u64::MAX);
        if found == expected {
            return Ok(());
        }
        Err(ManifestFileError::Rows { tree: FileTree::Content, found, expected })
    }

    fn described(&mut self, block: usize, found: Described) -> Result<(), ManifestFileError> {
        match self.blocks.get(block) {
            Some(expected) => found.check(block, expected),
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Result<(), ManifestFileError> {
        Ok(())
    }
}
