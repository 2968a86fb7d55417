//! The entries of manifests.

use crate::cbor::{CborError, Codec, Reader, Writer, codes, record};
use crate::digest::{Digest, Role};
use crate::limits::MAX_RANK;
use crate::manifest::ManifestError;
use crate::text::excerpt;
use crate::tree::Leaf;

/// What the two trees need of an entry.
pub(super) trait Entry: Codec + Clone {
    fn name(&self) -> &str;
    fn size(&self) -> u64;
    fn digest(&self) -> Digest;

    /// The key of the `parts` leaf.
    fn key(&self) -> [u8; 32] {
        Role::Name.hash(self.name().as_bytes())
    }

    /// The `parts` leaf under `key`; `writer` lends its room.
    fn leaf(&self, key: [u8; 32], writer: &mut Writer) -> Leaf {
        writer.clear();
        self.encode(writer);
        Leaf { key, value: Role::Entry.hash(writer.as_bytes()), count: 1, bytes: self.size() }
    }
}

record! {
    /// A file: its name in the dataset, its size and its content.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
    ///
    /// let file = FileEntry::new("train/a.jsonl", 3, Digest::of(b"{}\n"));
    /// let manifest = Manifest::files(vec![file.clone()], NameProfile::Portable)?;
    /// assert_eq!(manifest.file_entries(), Some(&[file][..]));
    /// # Ok::<(), datadeed::manifest::ManifestError>(())
    /// ```
    pub struct FileEntry {
        /// Relative path; `/` separates, whatever the platform.
        "name" => name: String,
        /// Size in bytes.
        "size" => size: u64,
        /// BLAKE3 of the content.
        "digest" => digest: Digest,
    }
}

impl FileEntry {
    /// An entry; its name is checked when a manifest is built.
    pub fn new(name: impl Into<String>, size: u64, digest: Digest) -> Self {
        Self { name: name.into(), size, digest }
    }
}

impl Entry for FileEntry {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn digest(&self) -> Digest {
        self.digest
    }
}

codes! {
    /// Element type of a tensor, spelled as safetensors does.
    pub enum Dtype("safetensors dtype") in manifest {
        /// Brain floating point, 16 bits.
        Bf16 = "BF16",
        /// Boolean, 8 bits.
        Bool = "BOOL",
        /// Complex of two 32-bit floats.
        C64 = "C64",
        /// MX 4-bit float.
        F4 = "F4",
        /// MX 6-bit float, 2 exponent bits.
        F6E2M3 = "F6_E2M3",
        /// MX 6-bit float, 3 exponent bits.
        F6E3M2 = "F6_E3M2",
        /// 8-bit float, 4 exponent bits.
        F8E4M3 = "F8_E4M3",
        /// 8-bit float, 4 exponent bits, no infinities and no negative zero.
        F8E4M3Fnuz = "F8_E4M3FNUZ",
        /// 8-bit float, 5 exponent bits.
        F8E5M2 = "F8_E5M2",
        /// 8-bit float, 5 exponent bits, no infinities and no negative zero.
        F8E5M2Fnuz = "F8_E5M2FNUZ",
        /// 8-bit exponent.
        F8E8M0 = "F8_E8M0",
        /// Half precision.
        F16 = "F16",
        /// Single precision.
        F32 = "F32",
        /// Double precision.
        F64 = "F64",
        /// Signed, 8 bits.
        I8 = "I8",
        /// Signed, 16 bits.
        I16 = "I16",
        /// Signed, 32 bits.
        I32 = "I32",
        /// Signed, 64 bits.
        I64 = "I64",
        /// Unsigned, 8 bits.
        U8 = "U8",
        /// Unsigned, 16 bits.
        U16 = "U16",
        /// Unsigned, 32 bits.
        U32 = "U32",
        /// Unsigned, 64 bits.
        U64 = "U64",
    }
}

impl Dtype {
    /// Size of one element, in bits.
    pub const fn bits(self) -> u64 {
        match self {
            Self::F4 => 4,
            Self::F6E2M3 | Self::F6E3M2 => 6,
            Self::Bool
            | Self::F8E4M3
            | Self::F8E4M3Fnuz
            | Self::F8E5M2
            | Self::F8E5M2Fnuz
            | Self::F8E8M0
            | Self::I8
            | Self::U8 => 8,
            Self::Bf16 | Self::F16 | Self::I16 | Self::U16 => 16,
            Self::F32 | Self::I32 | Self::U32 => 32,
            Self::C64 | Self::F64 | Self::I64 | Self::U64 => 64,
        }
    }
}

/// Sizes of a tensor's dimensions; empty for a scalar, the only empty collection on the wire.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{Dtype, TensorEntry};
///
/// let scalar = TensorEntry::new("step", Dtype::I64, vec![], 8, Digest::of(&[0; 8]));
/// let matrix = TensorEntry::new("w", Dtype::F32, vec![2, 3], 24, Digest::of(&[0; 24]));
/// assert!(scalar.shape.dimensions().is_empty());
/// assert_eq!(matrix.shape.dimensions(), [2, 3]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape(Vec<u64>);

impl Shape {
    /// The dimensions, outermost first.
    pub fn dimensions(&self) -> &[u64] {
        &self.0
    }
}

impl Codec for Shape {
    fn encode(&self, writer: &mut Writer) {
        writer.array(self.0.len());
        for dimension in &self.0 {
            writer.uint(*dimension);
        }
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let rank = reader.array_or_empty(MAX_RANK)?;
        let mut shape = Vec::new();
        for _ in 0..rank {
            shape.push(reader.uint()?);
        }
        Ok(Self(shape))
    }
}

record! {
    /// A tensor: its name, type, shape and little-endian row-major data.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{Dtype, Manifest, TensorEntry};
    ///
    /// let data = [0; 24];
    /// assert_eq!(TensorEntry::required_size(Dtype::F32, &[2, 3]), Some(24));
    /// let weights = TensorEntry::new("w", Dtype::F32, vec![2, 3], 24, Digest::of(&data));
    /// assert_eq!(Manifest::tensors(vec![weights])?.parts().bytes(), 24);
    /// # Ok::<(), datadeed::manifest::ManifestError>(())
    /// ```
    pub struct TensorEntry {
        /// Name, any UTF-8 without NUL.
        "name" => name: String,
        /// Size of the data, in bytes.
        "size" => size: u64,
        /// Element type.
        "dtype" => dtype: Dtype,
        /// Dimensions, outermost first.
        "shape" => shape: Shape,
        /// BLAKE3 of the data.
        "digest" => digest: Digest,
    }
}

/// A size that dtype and shape require, for messages.
pub(crate) fn size_in_words(required: Option<u64>) -> String {
    required.map_or_else(|| "no whole number below 2^64".to_owned(), |size| size.to_string())
}

impl TensorEntry {
    /// An entry; name, size and shape are checked when a manifest is built.
    pub fn new(
        name: impl Into<String>,
        dtype: Dtype,
        shape: Vec<u64>,
        size: u64,
        digest: Digest,
    ) -> Self {
        Self { name: name.into(), size, dtype, shape: Shape(shape), digest }
    }

    /// The size in bytes that dtype and shape require; `None` where that is no whole number below 2^64.
    pub fn required_size(dtype: Dtype, shape: &[u64]) -> Option<u64> {
        // Zero-sized dimensions make an empty tensor however large the others are.
        let elements = if shape.contains(&0) {
            0
        } else {
            shape.iter().try_fold(1_u64, |product, dimension| product.checked_mul(*dimension))?
        };
        let bits = u128::from(elements).checked_mul(u128::from(dtype.bits()))?;
        (bits % 8 == 0).then_some(bits / 8).and_then(|bytes| u64::try_from(bytes).ok())
    }

    pub(super) fn check_shape(&self) -> Result<(), ManifestError> {
        let found = self.shape.0.len();
        if found > MAX_RANK {
            let name = excerpt(&self.name);
            return Err(ManifestError::Rank { name, found, limit: MAX_RANK });
        }
        let required = Self::required_size(self.dtype, &self.shape.0);
        if required != Some(self.size) {
            let name = excerpt(&self.name);
            return Err(ManifestError::Shape { name, found: self.size, required });
        }
        Ok(())
    }
}

impl Entry for TensorEntry {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn digest(&self) -> Digest {
        self.digest
    }
}
