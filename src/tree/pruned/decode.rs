//! Reading a pruned tree: one pass that computes the root on the way.

use super::{PrunedTree, PrunedTreeError, Spot};
use crate::cbor::{CborError, Reader};
use crate::tree::{Leaf, Region, Row, Side, Summary, common_prefix, join, prefix};

pub(super) const EMPTY: u8 = 0;
pub(super) const STUB: u8 = 1;
pub(super) const KEYED: u8 = 2;
pub(super) const OPEN: u8 = 3;
pub(super) const FAR_NODE: u8 = 4;
pub(super) const NODE_OVER_STUBS: u8 = 5;
/// A node at the least bit that it can part its keys at; each greater byte is one a bit further.
pub(super) const NODE: u8 = 0x80;

/// The least bit at which a node below one at `above` can part its keys; 256 where there is none.
pub(super) fn first_bit(above: Option<u8>) -> u16 {
    above.map_or(0, |above| u16::from(above).saturating_add(1))
}

/// A subtree that is not opened, with sums of one byte each; every leaf takes more.
const SMALLEST_SPOT: usize = 1 + 32 + 2;

/// A node of which some sides are still to come.
struct Frame {
    offset: usize,
    depth: u8,
    /// The prefix, where it is written down: a key that begins with it.
    written: Option<[u8; 32]>,
    left: Option<Done>,
}

/// A subtree that has been read.
#[derive(Clone, Copy)]
struct Done {
    summary: Summary,
    /// A spot whose region begins with the prefix of every node above; none of a subtree that is not opened.
    known: Option<usize>,
    /// Its first spot.
    spot: usize,
}

#[expect(private_bounds, reason = "sealed: rows are those of this crate")]
impl<R: Row> PrunedTree<R> {
    /// Reads a tree of at most `limit` items (nodes, leaves and subtrees that are not opened) and computes its root.
    ///
    /// Recurses nowhere, and allocates in proportion to the bytes given.
    ///
    /// # Errors
    ///
    /// [`PrunedTreeError`] for anything that [`PrunedTree::to_bytes`] would not have written.
    pub fn decode(bytes: &[u8], limit: usize) -> Result<Self, PrunedTreeError> {
        let mut input = Input { bytes, offset: 0 };
        if bytes == [EMPTY] {
            return Ok(Self::empty());
        }
        let mut items = 0_usize;
        let most = bytes.len().checked_div(SMALLEST_SPOT).unwrap_or(0);
        let mut spots: Vec<Spot<R>> = Vec::with_capacity(most.min(limit));
        let mut open: Vec<Frame> = Vec::with_capacity(32);
        let root = loop {
            if items >= limit {
                return Err(PrunedTreeError::TooManyItems { limit });
            }
            items = items.saturating_add(1);
            let offset = input.offset;
            let tag = input.byte()?;
            if let Some(depth) = input.node(offset, tag, open.last().map(|above| above.depth))? {
                let over_stubs = tag == NODE_OVER_STUBS;
                let written = if over_stubs { Some(input.prefix(offset, depth)?) } else { None };
                open.push(Frame { offset, depth, written, left: None });
                continue;
            }
            let spot = spots.len();
            let read: Spot<R> = input.spot(offset, tag)?;
            let known = read.leaf.is_some().then_some(spot);
            let mut done = Done { summary: read.summary, known, spot };
            spots.push(read);
            let finished = loop {
                let Some(frame) = open.last_mut() else { break true };
                match frame.left {
                    None => {
                        frame.left = Some(done);
                        break false;
                    }
                    Some(left) => {
                        done = frame.close(left, done, &mut spots)?;
                        open.pop();
                    }
                }
            };
            if finished {
                break done.summary;
            }
        };
        match bytes.len().saturating_sub(input.offset) {
            0 => Ok(Self { spots, root }),
            count => Err(PrunedTreeError::TrailingBytes { count }),
        }
    }
}

impl Frame {
    /// Both sides are read: checks where they lead, and says where sides that are not opened stand.
    fn close<R>(
        &self,
        left: Done,
        right: Done,
        spots: &mut [Spot<R>],
    ) -> Result<Done, PrunedTreeError> {
        let offset = self.offset;
        let first = |spot: usize| spots.get(spot).map(|spot| *spot.region.first());
        let [left_key, right_key] = [left, right].map(|side| side.known.and_then(first));
        let below = left_key.or(right_key);
        if below.is_some() == self.written.is_some() {
            return Err(PrunedTreeError::Prefix { offset });
        }
        let Some(key) = below.or(self.written) else {
            return Err(PrunedTreeError::Prefix { offset });
        };
        let depth = u32::from(self.depth);
        for (side, done, known) in [(Side::Left, left, left_key), (Side::Right, right, right_key)] {
            match known {
                Some(known) => {
                    let extends = common_prefix(&known, &key) >= depth;
                    if !extends || Side::of(&known, self.depth) != side {
                        return Err(PrunedTreeError::OffPath { offset, depth: self.depth });
                    }
                }
                None => {
                    if let Some(spot) = spots.get_mut(done.spot) {
                        spot.region = Region::below(&key, self.depth, side);
                    }
                }
            }
        }
        let summary = join(&key, depth, &left.summary, &right.summary)
            .map_err(|source| PrunedTreeError::Sums { offset, source })?;
        let known = left.known.or(right.known).or(Some(left.spot));
        Ok(Done { summary, known, spot: left.spot })
    }
}

struct Input<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Input<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.offset..).unwrap_or_default()
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], PrunedTreeError> {
        let Some(taken) = self.rest().get(..len) else { return Err(self.truncated()) };
        self.offset = self.offset.saturating_add(len);
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], PrunedTreeError> {
        let Some(taken) = self.rest().first_chunk() else { return Err(self.truncated()) };
        self.offset = self.offset.saturating_add(N);
        Ok(*taken)
    }

    const fn truncated(&self) -> PrunedTreeError {
        PrunedTreeError::Truncated { offset: self.bytes.len() }
    }

    fn byte(&mut self) -> Result<u8, PrunedTreeError> {
        self.fixed::<1>().map(|[byte]| byte)
    }

    /// Unsigned LEB128 in its shortest form.
    fn number(&mut self) -> Result<u64, PrunedTreeError> {
        let offset = self.offset;
        let mut value = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let is_last = byte & 0x80 == 0;
            // The tenth byte has room for one bit, and no last byte but the first says nothing.
            if (shift == 63 && byte > 1) || (is_last && byte == 0 && shift > 0) {
                break;
            }
            value |= u64::from(byte & 0x7f).unbounded_shl(shift);
            if is_last {
                return Ok(value);
            }
        }
        Err(PrunedTreeError::Number { offset })
    }

    /// `count bytes` after a hash.
    fn summary(&mut self, offset: usize, hash: [u8; 32]) -> Result<Summary, PrunedTreeError> {
        let (count, bytes) = (self.number()?, self.number()?);
        if count == 0 || hash == [0; 32] {
            return Err(PrunedTreeError::Empty { offset });
        }
        Ok(Summary { hash, count, bytes })
    }

    /// The bit at which an item parts its keys, if it is a node.
    fn node(
        &mut self,
        offset: usize,
        tag: u8,
        above: Option<u8>,
    ) -> Result<Option<u8>, PrunedTreeError> {
        let first = first_bit(above);
        if let Some(skipped) = tag.checked_sub(NODE) {
            let depth = u8::try_from(first.saturating_add(u16::from(skipped)));
            return depth.map(Some).map_err(|_| PrunedTreeError::Bit { offset });
        }
        if tag != FAR_NODE && tag != NODE_OVER_STUBS {
            return Ok(None);
        }
        let depth = self.byte()?;
        match (u16::from(depth).checked_sub(first), above) {
            (None, Some(above)) => Err(PrunedTreeError::Depth { offset, found: depth, above }),
            (Some(skipped), _) if tag == FAR_NODE && skipped < u16::from(NODE) => {
                Err(PrunedTreeError::Bit { offset })
            }
            _ => Ok(Some(depth)),
        }
    }

    /// The first `depth` bits of a key that begins with them, the rest zeros.
    fn prefix(&mut self, offset: usize, depth: u8) -> Result<[u8; 32], PrunedTreeError> {
        let written = self.take(usize::from(depth).div_ceil(8))?;
        let mut key = [0; 32];
        for (byte, written) in key.iter_mut().zip(written) {
            *byte = *written;
        }
        let mut cut = prefix(&key, u32::from(depth));
        if let Some(byte) = cut.get_mut(usize::from(depth / 8)) {
            *byte &= !(0x80 >> (depth % 8));
        }
        if key == cut { Ok(key) } else { Err(PrunedTreeError::Prefix { offset }) }
    }

    /// What is not a node.
    fn spot<R: Row>(&mut self, offset: usize, tag: u8) -> Result<Spot<R>, PrunedTreeError> {
        match tag {
            STUB => {
                let hash = self.fixed()?;
                let summary = self.summary(offset, hash)?;
                Ok(Spot { region: Region::ALL, summary, leaf: None })
            }
            KEYED if R::COUNTED => Err(PrunedTreeError::Closed { offset }),
            KEYED => {
                let (key, value) = (self.fixed()?, self.fixed()?);
                let (count, bytes) = (self.number()?, self.number()?);
                if count == 0 {
                    return Err(PrunedTreeError::Empty { offset });
                }
                Ok(Spot::leaf(&Leaf { key, value, count, bytes }, None))
            }
            OPEN => {
                let base = self.offset;
                let mut reader = Reader::new(self.rest());
                let shifted = |fault: CborError| CborError {
                    offset: fault.offset.saturating_add(base),
                    ..fault
                };
                let row = R::decode(&mut reader).map_err(shifted)?;
                self.offset = base.saturating_add(reader.offset());
                let leaf = row
                    .leaf(row.key(), reader.since(0))
                    .map_err(|source| PrunedTreeError::Sums { offset, source })?;
                if leaf.count == 0 {
                    return Err(PrunedTreeError::Empty { offset });
                }
                Ok(Spot::leaf(&leaf, Some(row)))
            }
            EMPTY => Err(PrunedTreeError::Empty { offset }),
            found => Err(PrunedTreeError::Tag { offset, found }),
        }
    }
}
