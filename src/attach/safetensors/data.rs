//! The tensors' data, hashed as it is copied.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::thread::{self, Scope, ScopedJoinHandle};

use super::header::Header;
use crate::attach::AttachError;
use crate::digest::{Digest, Hasher};

/// Data of one block, in bytes: small enough to stay in a core's cache between reading, hashing
/// and writing.
const BLOCK: usize = 256 << 10;

/// Blocks that may wait for the hashing thread; a few more are in memory, being read, hashed or written.
const WAITING: usize = 2;

/// Copies the data area to `output`; the tensors' digests, in the order of [`Header::by_offset`].
///
/// The one way in which data is read, so that what is written is what is
/// hashed. Hashes on a second thread where the system grants one; reads and
/// writes on the caller's.
///
/// # Errors
///
/// [`AttachError::Truncated`] where the reader ends early, [`AttachError::Read`]
/// and [`AttachError::Write`] where either side fails.
pub(super) fn copy(
    reader: &mut impl Read,
    header: &Header,
    output: &mut impl Write,
) -> Result<Vec<Digest>, AttachError> {
    let ends: Vec<u64> = header.by_offset().into_iter().map(|tensor| tensor.end).collect();
    let mut ends = ends.into_iter().peekable();
    let length = header.file.saturating_sub(header.end);
    thread::scope(|scope| {
        let mut hashing = Hashing::begin(scope, length);
        let mut spent: Vec<Arc<Block>> = Vec::new();
        let mut at = 0_u64;
        loop {
            let mut block = fresh(&mut spent);
            let wanted = usize::try_from(length.saturating_sub(at)).unwrap_or(BLOCK).min(BLOCK);
            let found = block.fill(reader, wanted).map_err(AttachError::Read)?;
            let start = at;
            at = at.saturating_add(u64::try_from(found).unwrap_or(u64::MAX));
            if found < wanted {
                let found = header.end.saturating_add(at);
                return Err(AttachError::Truncated { found, required: header.file });
            }
            while let Some(end) = ends.next_if(|end| *end <= at) {
                block.ends.push(usize::try_from(end.saturating_sub(start)).unwrap_or(BLOCK));
            }
            let block = Arc::new(block);
            hashing.take(&block);
            output.write_all(&block.bytes).map_err(AttachError::Write)?;
            spent.push(block);
            if at >= length {
                return Ok(hashing.finish());
            }
        }
    })
}

/// A block that nobody reads any more, else a new one.
fn fresh(spent: &mut Vec<Arc<Block>>) -> Block {
    let free = spent.iter().position(|block| Arc::strong_count(block) == 1);
    free.and_then(|at| Arc::into_inner(spent.swap_remove(at))).unwrap_or_default()
}

/// A piece of the data area.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    /// Where tensors end in it, ascending; one without data ends where the one before does.
    ends: Vec<usize>,
}

impl Block {
    /// Reads `wanted` bytes; fewer only where the reader has no more.
    fn fill(&mut self, reader: &mut impl Read, wanted: usize) -> io::Result<usize> {
        self.ends.clear();
        self.bytes.resize(wanted, 0);
        let mut found = 0;
        while let Some(rest) = self.bytes.get_mut(found..).filter(|rest| !rest.is_empty()) {
            match reader.read(rest) {
                Ok(0) => break,
                Ok(count) => found = found.saturating_add(count),
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(found)
    }
}

/// The digests of all tensors that have ended, and the one that has not.
#[derive(Default)]
struct Digests {
    done: Vec<Digest>,
    open: Hasher,
}

impl Digests {
    fn take(&mut self, block: &Block) {
        let mut start = 0;
        for end in &block.ends {
            self.open.update(block.bytes.get(start..*end).unwrap_or_default());
            self.done.push(std::mem::take(&mut self.open).finish());
            start = *end;
        }
        self.open.update(block.bytes.get(start..).unwrap_or_default());
    }
}

/// Where blocks are hashed.
enum Hashing<'scope> {
    Apart(SyncSender<Arc<Block>>, ScopedJoinHandle<'scope, Digests>),
    Here(Box<Digests>),
}

impl<'scope> Hashing<'scope> {
    fn begin(scope: &'scope Scope<'scope, '_>, length: u64) -> Self {
        // One block would only be waited for.
        if length > u64::try_from(BLOCK).unwrap_or(u64::MAX) {
            let (sender, blocks) = mpsc::sync_channel::<Arc<Block>>(WAITING);
            let work = move || {
                let mut digests = Digests::default();
                for block in blocks {
                    digests.take(&block);
                }
                digests
            };
            // A system without threads, such as wasm32, hashes here.
            if let Ok(thread) = thread::Builder::new().spawn_scoped(scope, work) {
                return Self::Apart(sender, thread);
            }
        }
        Self::Here(Box::default())
    }

    fn take(&mut self, block: &Arc<Block>) {
        match self {
            // The other side hangs up only when it panics, which `finish` passes on.
            Self::Apart(sender, _) => drop(sender.send(Arc::clone(block))),
            Self::Here(digests) => digests.take(block),
        }
    }

    fn finish(self) -> Vec<Digest> {
        match self {
            Self::Apart(sender, thread) => {
                drop(sender);
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).done
            }
            Self::Here(digests) => digests.done,
        }
    }
}
