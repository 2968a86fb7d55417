//! Maps with integer labels in any order, as other COSE implementations write them.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::{CborError, CborFault};
use crate::limits::MAX_LABELS;

/// A map of integer labels to items: strict heads and no duplicate label, in whatever order.
///
/// This crate writes no such map; it is for COSE structures of others, whose
/// members are picked out by label and read with the strict reader.
#[derive(Clone, Debug)]
pub(crate) struct Labels<'a> {
    /// Offset of the map.
    start: usize,
    /// A reader at the value of each label.
    values: BTreeMap<i64, Reader<'a>>,
}

impl<'a> Labels<'a> {
    /// No labels, where the map that could hold them is left out.
    pub(crate) fn none(start: usize) -> Self {
        Self { start, values: BTreeMap::new() }
    }

    /// Reads a map of 0 to [`MAX_LABELS`] pairs.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, CborError> {
        let start = reader.offset();
        let len = reader.map_or_empty(MAX_LABELS)?;
        let mut values = BTreeMap::new();
        for _ in 0..len {
            let offset = reader.offset();
            let label = reader.int()?;
            if values.insert(label, reader.clone()).is_some() {
                return Err(CborError::new(offset, CborFault::Duplicate));
            }
            reader.skip()?;
        }
        Ok(Self { start, values })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// A reader at the value of `label`.
    pub(crate) fn get(&self, label: i64) -> Option<Reader<'a>> {
        self.values.get(&label).cloned()
    }

    /// A reader at the value of `label`, which messages call `name`.
    pub(crate) fn required(&self, label: i64, name: &'static str) -> Result<Reader<'a>, CborError> {
        let missing = || CborError::new(self.start, CborFault::MissingKey { key: name });
        self.get(label).ok_or_else(missing)
    }

    /// Whether a label stands in both maps.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.values.keys().any(|label| other.values.contains_key(label))
    }
}
