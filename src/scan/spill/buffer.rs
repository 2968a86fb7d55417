//! Records in memory, of whose bytes every one is counted, to be put in order.

/// Most bytes that are allocated at a time.
const CHUNK: usize = 64 << 10;

/// The place of a record, and the first 64 bits in which records may differ.
type Placed = (u64, u32, u32);

/// What putting a record in order takes, in bytes.
const PLACED: usize = size_of::<Placed>();

/// Length of a record, before it.
const LENGTH: usize = 4;

/// Byte strings in the order of their arrival, in chunks that are kept and used again.
#[derive(Debug)]
pub(in crate::scan) struct Buffer {
    memory: usize,
    /// In how many orders records are put at a time.
    orders: usize,
    chunk: usize,
    chunks: Vec<Vec<u8>>,
    /// The chunk that is being filled.
    open: usize,
    records: usize,
    /// Room in all chunks, in bytes.
    room: usize,
}

/// Whether a record is in the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scan) enum Pushed {
    Done,
    /// It would exceed the bound; the buffer must be cleared first.
    Full,
}

impl Buffer {
    /// At most `memory` bytes, sorting included, unless a single record takes more.
    pub(in crate::scan) fn new(memory: usize) -> Self {
        // Small bounds have small chunks, so that little of them is left unused.
        let chunk = (memory / 8).clamp(64, CHUNK);
        Self { memory, orders: 1, chunk, chunks: Vec::new(), open: 0, records: 0, room: 0 }
    }

    /// Whoever sorts does so in `orders` orders at a time, which takes room as well.
    pub(in crate::scan) const fn orders(&mut self, orders: usize) {
        self.orders = orders;
    }

    pub(in crate::scan) const fn records(&self) -> usize {
        self.records
    }

    /// Appends a record, the concatenation of `pieces`.
    pub(in crate::scan) fn push(&mut self, pieces: &[&[u8]]) -> Pushed {
        let len = pieces.iter().map(|piece| piece.len()).fold(0, usize::saturating_add);
        let needed = len.saturating_add(LENGTH);
        let placed = PLACED.saturating_mul(self.orders);
        let sorting = self.records.saturating_add(1).saturating_mul(placed);
        let fits = |chunk: &&mut Vec<u8>| chunk.capacity().saturating_sub(chunk.len()) >= needed;
        if self.room.saturating_add(sorting) > self.memory && self.records > 0 {
            return Pushed::Full;
        }
        if self.chunks.get_mut(self.open).as_ref().is_none_or(|chunk| !fits(chunk)) {
            let mut next = self.open.saturating_add(1).min(self.chunks.len());
            // A chunk that was used before may have been made for short records.
            while self.chunks.get_mut(next).as_ref().is_some_and(|chunk| !fits(chunk)) {
                next = next.saturating_add(1);
            }
            if next == self.chunks.len() {
                let size = self.chunk.max(needed);
                let grown = self.room.saturating_add(size);
                if grown.saturating_add(sorting) > self.memory && self.records > 0 {
                    return Pushed::Full;
                }
                let chunk = Vec::with_capacity(size);
                self.room = self.room.saturating_add(chunk.capacity());
                self.chunks.push(chunk);
            }
            self.open = next;
        }
        if let Some(chunk) = self.chunks.get_mut(self.open) {
            chunk.extend_from_slice(&u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
            for piece in pieces {
                chunk.extend_from_slice(piece);
            }
            self.records = self.records.saturating_add(1);
        }
        Pushed::Done
    }

    /// Forgets all records and keeps the room.
    pub(in crate::scan) fn clear(&mut self) {
        for chunk in &mut self.chunks {
            chunk.clear();
        }
        (self.open, self.records) = (0, 0);
    }

    /// What `view` shows of each record, in bytewise order.
    pub(in crate::scan) fn sorted<'a>(
        &'a self,
        view: impl Fn(&'a [u8]) -> &'a [u8] + Copy + 'a,
    ) -> impl Iterator<Item = &'a [u8]> {
        let mut places: Vec<Placed> = Vec::with_capacity(self.records);
        // Names share their beginnings; the first bits after that tell most of them apart.
        let mut all = self.places().map(|(chunk, at)| view(self.at(chunk, at)));
        let first = all.next().unwrap_or_default();
        let shared = all.fold(first.len(), |least, record| {
            let same = first.iter().zip(record).take(least).take_while(|(a, b)| a == b);
            same.count()
        });
        places.extend(self.places().map(|(chunk, at)| {
            let rest = view(self.at(chunk, at)).get(shared..).unwrap_or_default();
            (head(rest), chunk, at)
        }));
        places.sort_unstable_by(|a, b| {
            // A head ends with zeros where a record does, so equal heads say nothing.
            a.0.cmp(&b.0).then_with(|| view(self.at(a.1, a.2)).cmp(view(self.at(b.1, b.2))))
        });
        places.into_iter().map(move |(_, chunk, at)| view(self.at(chunk, at)))
    }

    /// Chunk and offset of every record.
    fn places(&self) -> impl Iterator<Item = (u32, u32)> {
        (0_u32..).zip(&self.chunks).flat_map(|(number, chunk)| {
            let mut at = 0_usize;
            std::iter::from_fn(move || {
                let len = length(chunk, at)?;
                let place = u32::try_from(at).ok()?;
                at = at.saturating_add(LENGTH).saturating_add(len);
                Some((number, place))
            })
        })
    }

    fn at(&self, chunk: u32, at: u32) -> &[u8] {
        let chunk = usize::try_from(chunk).ok().and_then(|chunk| self.chunks.get(chunk));
        let record = chunk.zip(usize::try_from(at).ok()).and_then(|(chunk, at)| {
            let start = at.saturating_add(LENGTH);
            chunk.get(start..start.saturating_add(length(chunk, at)?))
        });
        record.unwrap_or_default()
    }
}

fn length(chunk: &[u8], at: usize) -> Option<usize> {
    let bytes = chunk.get(at..)?.first_chunk::<LENGTH>()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

/// The first 8 bytes, with zeros after the last.
fn head(bytes: &[u8]) -> u64 {
    if let Some(first) = bytes.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn records_come_in_bytewise_order_within_the_bound(
            records in prop::collection::vec(prop::collection::vec(0_u8..3, 0..40), 0..60),
            memory in 200_usize..4_000,
            orders in 1_usize..4,
        ) {
            let mut buffer = Buffer::new(memory);
            buffer.orders(orders);
            for _ in 0..2 {
                let mut held: Vec<&[u8]> = Vec::new();
                for record in &records {
                    let (a, b) = record.split_at(record.len() / 2);
                    if buffer.push(&[a, b]) == Pushed::Full {
                        break;
                    }
                    held.push(record);
                    let sorting = PLACED * orders;
                    prop_assert!(buffer.room + held.len() * sorting <= memory.max(sorting + 64));
                }
                prop_assert_eq!(buffer.records(), held.len());
                held.sort_unstable();
                prop_assert_eq!(buffer.sorted(|record| record).collect::<Vec<_>>(), held);
                buffer.clear();
                prop_assert_eq!(buffer.sorted(|record| record).count(), 0);
            }
        }
    }

    #[test]
    fn a_record_beyond_the_bound_is_held_alone() {
        let mut buffer = Buffer::new(100);
        assert_eq!(buffer.push(&[&[7; 5_000]]), Pushed::Done);
        assert_eq!(buffer.push(&[&[]]), Pushed::Full);
        buffer.clear();
        assert_eq!(buffer.push(&[&[1; 6_000]]), Pushed::Done);
        assert_eq!(buffer.sorted(|record| record).collect::<Vec<_>>(), [[1; 6_000]]);
    }
}
