//! Proofs in safetensors files, under [`KEY`] in `__metadata__`.
//!
//! A file is an 8-byte little-endian header length, a JSON header and the
//! tensors' data. Whatever the reference implementation (0.8) writes is
//! accepted. Beyond what it refuses itself, this reader refuses whatever two
//! readers could take differently: a JSON key that occurs twice, a field it
//! does not know, bytes after the header's object other than spaces.
//!
//! The tensors cover the data area exactly. Sorted by their offsets each
//! begins where the one before ends, the first at 0 and the last ends with
//! the file. A tensor without data (`begin == end`) therefore stands where
//! another begins or ends, never inside one.
//!
//! ```
//! use std::io::Cursor;
//! use datadeed::attach::safetensors::Model;
//!
//! # let header = br#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#;
//! # let trained = [&53_u64.to_le_bytes()[..], header, &[1, 2]].concat();
//! let (mut with, mut without) = (Vec::new(), Vec::new());
//! let mut model = Model::open(Cursor::new(trained))?;
//! model.attach(b"proof", &mut with)?;
//!
//! // Neither attaching nor detaching changes the id of the weights.
//! let mut attached = Model::open(Cursor::new(with))?;
//! attached.detach(&mut without)?;
//! let detached = Model::open(Cursor::new(without))?;
//! assert_eq!((attached.weights(), detached.weights()), (model.weights(), model.weights()));
//! assert_eq!((attached.proof(), detached.proof()), (Some(&b"proof"[..]), None));
//! # Ok::<(), datadeed::attach::AttachError>(())
//! ```

mod data;
mod header;
mod json;

use std::io::{self, Read, Seek, SeekFrom, Write};

pub use header::HeaderError;

use crate::attach::AttachError;
use crate::digest::Digest;
use crate::id::ManifestId;
use crate::limits::MAX_SAFETENSORS_HEADER;
use crate::manifest::{Manifest, TensorEntry};
use crate::text::{base64url, excerpt};
use header::{Frame, Header};

/// The `__metadata__` key whose value is the proof, in base64url without padding.
pub const KEY: &str = "datadeed.lineage";

/// Bytes gathered before they are written; a multiple of 3, so that a proof's encoded pieces join to the whole.
const PIECE: usize = 48 << 10;

/// What a verifier needs of a model file: its proof and the id of its weights.
///
/// ```
/// use datadeed::attach::{AttachError, safetensors};
/// use std::io::Cursor;
///
/// let header = br#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#;
/// let file = [&53_u64.to_le_bytes()[..], header, &[1, 2]].concat();
/// assert!(matches!(safetensors::read(Cursor::new(&file)), Err(AttachError::NoProof)));
///
/// let mut model = safetensors::Model::open(Cursor::new(&file))?;
/// let mut output = Vec::new();
/// model.attach(b"proof", &mut output)?;
/// let found = safetensors::read(Cursor::new(&output))?;
/// assert_eq!(found.proof, b"proof");
/// assert_eq!(found.weights, model.weights());
/// # Ok::<(), AttachError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The proof, which nobody has verified.
    pub proof: Vec<u8>,
    /// The id of the weights, computed from the tensors.
    pub weights: ManifestId,
}

/// The proof of a model file, and the id of its weights.
///
/// Reads the whole file from its beginning, whatever the reader's position.
///
/// # Errors
///
/// [`AttachError::NoProof`] where the file carries none, found before the
/// tensors are read; else as [`Model::open`].
pub fn read<R: Read + Seek>(reader: R) -> Result<Found, AttachError> {
    let mut unread = Unread::open(reader)?;
    let proof = unread.header.proof.take().ok_or(AttachError::NoProof)?.bytes;
    Ok(Found { proof, weights: unread.hash()?.weights() })
}

/// A model file whose header is well formed and whose tensors have been hashed.
///
/// Holds the header and one digest a tensor, never the tensors themselves.
///
/// ```
/// use datadeed::attach::{AttachError, safetensors::Model};
/// use std::io::Cursor;
///
/// let header = br#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#;
/// let file = [&53_u64.to_le_bytes()[..], header, &[1, 2]].concat();
/// let model = Model::open(Cursor::new(file))?;
/// assert_eq!(model.proof(), None);
/// assert_eq!(model.manifest().parts().bytes(), 2);
/// # Ok::<(), AttachError>(())
/// ```
#[derive(Debug)]
pub struct Model<R> {
    reader: R,
    header: Header,
    /// In the order of [`Header::by_offset`].
    digests: Vec<Digest>,
    manifest: Manifest,
}

impl<R: Read + Seek> Model<R> {
    /// Reads a whole file from its beginning, whatever the reader's position.
    ///
    /// Reads in large pieces: an unbuffered `File` will do.
    ///
    /// # Errors
    ///
    /// [`AttachError::Header`] for a malformed header, [`AttachError::Truncated`]
    /// for a file that ends early, [`AttachError::Proof`] for a proof that is not
    /// base64url, [`AttachError::Manifest`] for a tensor whose name is empty,
    /// contains NUL or exceeds [`MAX_NAME`](crate::limits::MAX_NAME),
    /// [`AttachError::Read`] where the reader fails.
    pub fn open(reader: R) -> Result<Self, AttachError> {
        Unread::open(reader)?.hash()
    }

    /// Writes the model with `proof` in it, in place of any it carries.
    ///
    /// Keeps every tensor's bytes, every other metadata pair and the order of
    /// all entries; the header is spelled compactly and padded with spaces to
    /// a multiple of 8 bytes. A new `__metadata__` comes first, a new pair
    /// last. The same model and proof give the same bytes, and what this
    /// `Model` answers does not change.
    ///
    /// # Errors
    ///
    /// [`AttachError::TooLarge`] where the header would exceed
    /// [`MAX_SAFETENSORS_HEADER`], before anything is written. The output is to
    /// be thrown away after [`AttachError::Changed`] or [`AttachError::Truncated`],
    /// where the model is not what it was when opened, after
    /// [`AttachError::Read`] and after [`AttachError::Write`].
    pub fn attach(&mut self, proof: &[u8], output: impl Write) -> Result<(), AttachError> {
        self.write(Some(proof), output)
    }

    /// Writes the model without a proof, spelled as [`Model::attach`] does.
    ///
    /// A `__metadata__` without pairs is left out.
    ///
    /// # Errors
    ///
    /// As [`Model::attach`].
    pub fn detach(&mut self, output: impl Write) -> Result<(), AttachError> {
        self.write(None, output)
    }

    fn write(&mut self, proof: Option<&[u8]>, output: impl Write) -> Result<(), AttachError> {
        let frame = self.header.frame(proof.is_some()).map_err(AttachError::Write)?;
        let bare = frame.before.len().saturating_add(frame.after.len());
        let text = proof.unwrap_or_default().len().saturating_mul(4).div_ceil(3);
        let unpadded = u64::try_from(bare.saturating_add(text)).unwrap_or(u64::MAX);
        let found = unpadded.checked_next_multiple_of(8).unwrap_or(u64::MAX);
        if found > MAX_SAFETENSORS_HEADER {
            return Err(AttachError::TooLarge { found, limit: MAX_SAFETENSORS_HEADER });
        }
        // Gathers small tensors; larger pieces pass through.
        let mut output = io::BufWriter::with_capacity(PIECE, output);
        let padding = found.saturating_sub(unpadded);
        write_header(&mut output, found, &frame, proof.unwrap_or_default(), padding)
            .map_err(AttachError::Write)?;
        self.reader.seek(SeekFrom::Start(self.header.end)).map_err(AttachError::Read)?;
        let digests = data::copy(&mut self.reader, &self.header, &mut output)?;
        output.flush().map_err(AttachError::Write)?;
        let mut pairs = self.header.by_offset().into_iter().zip(self.digests.iter().zip(digests));
        match pairs.find(|(_, (hashed, written))| **hashed != *written) {
            Some((tensor, _)) => Err(AttachError::Changed { name: excerpt(&tensor.name) }),
            None => Ok(()),
        }
    }
}

impl<R> Model<R> {
    /// The id of the weights: of [`Model::manifest`].
    ///
    /// Depends on the tensors' names, dtypes, shapes and bytes; neither on
    /// their order nor on metadata.
    pub const fn weights(&self) -> ManifestId {
        self.manifest.id()
    }

    /// The tensors and their digests.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The proof in the file, which nobody has verified.
    pub fn proof(&self) -> Option<&[u8]> {
        self.header.proof.as_ref().map(|proof| proof.bytes.as_slice())
    }

    /// All metadata pairs but the proof's, in the file's order.
    pub fn metadata(&self) -> &[(String, String)] {
        &self.header.pairs
    }
}

/// A file whose header alone has been read.
struct Unread<R> {
    reader: R,
    header: Header,
}

impl<R: Read + Seek> Unread<R> {
    fn open(mut reader: R) -> Result<Self, AttachError> {
        let header = Header::read(&mut reader)?;
        Ok(Self { reader, header })
    }

    fn hash(self) -> Result<Model<R>, AttachError> {
        let Self { mut reader, header } = self;
        let digests = data::copy(&mut reader, &header, &mut io::sink())?;
        let entries = header.by_offset().into_iter().zip(&digests).map(|(tensor, digest)| {
            let shape = tensor.shape.clone();
            TensorEntry::new(tensor.name.clone(), tensor.dtype, shape, tensor.size(), *digest)
        });
        let manifest = Manifest::tensors(entries.collect())?;
        Ok(Model { reader, header, digests, manifest })
    }
}

/// `length u64le | before | base64url(proof) | after | spaces`.
fn write_header(
    output: &mut impl Write,
    length: u64,
    frame: &Frame,
    proof: &[u8],
    padding: u64,
) -> io::Result<()> {
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&frame.before)?;
    for piece in proof.chunks(PIECE) {
        output.write_all(base64url(piece).as_bytes())?;
    }
    output.write_all(&frame.after)?;
    io::copy(&mut io::repeat(b' ').take(padding), output)?;
    Ok(())
}

#[cfg(test)]
mod tests;
