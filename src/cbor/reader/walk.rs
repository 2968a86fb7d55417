//! One iterative walk over any item of the profile, and one over items of which nothing is wanted.

use super::super::writer::{ARRAY, BYTES, MAP, NINT, TAG, TEXT, UINT};
use super::super::{CborError, CborFault};
use super::{Reader, is_bool, simple};
use crate::limits::{MAX_DEPTH, MAX_STATEMENT, MAX_TEXT};

impl<'a> Reader<'a> {
    /// Passes over one item of which nothing is wanted.
    ///
    /// Heads, lengths and UTF-8 are checked, and floats refused; order, tags
    /// and simple values are not this crate's to judge there.
    pub(crate) fn skip(&mut self) -> Result<(), CborError> {
        let mut pending = 1_usize;
        while pending > 0 {
            pending = pending.saturating_sub(1);
            let head = self.head()?;
            let children = match head.major {
                BYTES => self.string(head, usize::MAX).map(|_| 0)?,
                TEXT => self.utf8(head, usize::MAX).map(|_| 0)?,
                ARRAY | MAP if head.value == 0 => 0,
                ARRAY => self.collection(head, usize::MAX, 1)?,
                MAP => self.collection(head, usize::MAX, 2)?.saturating_mul(2),
                TAG => 1,
                _ => 0,
            };
            pending = pending.saturating_add(children);
        }
        Ok(())
    }

    /// Walks over one item of any type and returns its bytes, checked against the whole profile.
    ///
    /// Iterative, with a stack of fixed size, whatever the nesting.
    pub(crate) fn item(&mut self) -> Result<&'a [u8], CborError> {
        let start = self.offset();
        let mut stack = [Container::default(); MAX_DEPTH];
        let mut depth = 0_usize;
        loop {
            let at = self.offset();
            let head = self.head()?;
            match head.major {
                UINT | NINT => {}
                BYTES => {
                    self.string(head, MAX_STATEMENT)?;
                }
                TEXT => {
                    self.utf8(head, MAX_TEXT)?;
                }
                ARRAY | MAP => {
                    let items_per_entry = if head.major == MAP { 2 } else { 1 };
                    let len = self.collection(head, usize::MAX, items_per_entry)?;
                    // A key cannot be a container.
                    if parent(&stack, depth).is_some_and(Container::expects_key) {
                        return Err(CborError::new(at, CborFault::MixedKeys));
                    }
                    let slot = stack.get_mut(depth).ok_or_else(|| {
                        CborError::new(at, CborFault::TooDeep { limit: MAX_DEPTH })
                    })?;
                    *slot = Container::open(head.major == MAP, len);
                    depth = depth.saturating_add(1);
                    continue;
                }
                TAG => return Err(CborError::new(at, CborFault::Tag { found: head.value })),
                _ if is_bool(head.value) => {}
                _ => return Err(CborError::new(at, simple(head.value))),
            }
            // The item that just ended may end its containers too.
            while let Some(container) = depth.checked_sub(1).and_then(|i| stack.get_mut(i)) {
                if container.expects_key() {
                    container.take_key(self, head.major, at)?;
                    break;
                }
                container.take_value();
                if container.left > 0 {
                    break;
                }
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                return Ok(self.since(start));
            }
        }
    }
}

fn parent(stack: &[Container], depth: usize) -> Option<&Container> {
    depth.checked_sub(1).and_then(|index| stack.get(index))
}

/// An array or map that the walk is inside of.
#[derive(Clone, Copy, Default)]
struct Container {
    is_map: bool,
    /// Entries that have not ended.
    left: usize,
    /// In a map: the key of the current entry has been read.
    has_key: bool,
    /// In a map: offset and major type of the last key.
    last_key: Option<(usize, usize, u8)>,
}

impl Container {
    fn open(is_map: bool, left: usize) -> Self {
        Self { is_map, left, has_key: false, last_key: None }
    }

    fn expects_key(&self) -> bool {
        self.is_map && !self.has_key
    }

    fn take_value(&mut self) {
        self.has_key = false;
        self.left = self.left.saturating_sub(1);
    }

    fn take_key(&mut self, reader: &Reader<'_>, major: u8, at: usize) -> Result<(), CborError> {
        let fault = |fault| Err(CborError::new(at, fault));
        if !matches!(major, UINT | TEXT) {
            return fault(CborFault::MixedKeys);
        }
        let key = reader.since(at);
        if let Some((start, end, last_major)) = self.last_key {
            if last_major != major {
                return fault(CborFault::MixedKeys);
            }
            let last = reader.bytes.get(start..end).unwrap_or_default();
            match last.cmp(key) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return fault(CborFault::Duplicate),
                std::cmp::Ordering::Greater => return fault(CborFault::Unordered),
            }
        }
        let start = at.saturating_sub(reader.base);
        self.last_key = Some((start, reader.position, major));
        self.has_key = true;
        Ok(())
    }
}
