//! Any item of the profile, kept verbatim.

use super::{CborError, Codec, Reader, Writer};

/// One CBOR item of this crate's profile, kept as it was received.
///
/// For values whose form is not ours to fix, such as the local fields of a
/// registration form. Nothing in this crate draws a conclusion from its content.
///
/// ```
/// use datadeed::cbor::Item;
///
/// // {"a": [1, true]}
/// let item = Item::decode(&[0xa1, 0x61, b'a', 0x82, 0x01, 0xf5])?;
/// assert_eq!(item.as_bytes().len(), 6);
/// # Ok::<(), datadeed::CborError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item(Vec<u8>);

impl Item {
    /// Checks that `bytes` are exactly one item of the profile.
    ///
    /// # Errors
    ///
    /// [`CborError`] with the offset of the first fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, CborError> {
        super::decode(bytes)
    }

    /// An unsigned number.
    pub fn uint(value: u64) -> Self {
        let mut writer = Writer::new();
        writer.uint(value);
        Self(writer.finish())
    }

    /// A text.
    pub fn text(value: &str) -> Self {
        let mut writer = Writer::new();
        writer.text(value);
        Self(writer.finish())
    }

    /// The encoded item.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Codec for Item {
    fn encode(&self, writer: &mut Writer) {
        writer.raw(&self.0);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        Ok(Self(reader.item()?.to_vec()))
    }
}
