//! Proofs carried by model files, and the weights they speak of.
//!
//! A carrier names its weights by a `tensors` [`Manifest`](crate::manifest::Manifest)
//! made from the file's own bytes, so a proof moved to another model finds
//! other weights in hand. Nothing here judges a proof: to this module it is bytes.
//!
//! Readers and writers are the caller's; this module opens no files.
//!
//! ```
//! use std::io::Cursor;
//! use datadeed::attach::safetensors::{self, Model};
//!
//! # let header = br#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#;
//! # let trained = [&53_u64.to_le_bytes()[..], header, &[1, 2]].concat();
//! # let proof = b"proof";
//! let mut model = Model::open(Cursor::new(trained))?;
//! let mut delivered = Vec::new();
//! model.attach(proof, &mut delivered)?;
//!
//! let found = safetensors::read(Cursor::new(delivered))?;
//! assert_eq!((found.proof.as_slice(), found.weights), (&proof[..], model.weights()));
//! # Ok::<(), datadeed::attach::AttachError>(())
//! ```

pub mod safetensors;

use std::io;

use crate::manifest::ManifestError;
use crate::text::TextError;
use safetensors::HeaderError;

/// A model that cannot be read, or a proof that cannot be carried.
///
/// ```
/// use std::io::Cursor;
/// use datadeed::attach::{AttachError, safetensors};
///
/// let header = br#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#;
/// let file = [&53_u64.to_le_bytes()[..], header, &[1, 2]].concat();
/// let cut = safetensors::Model::open(Cursor::new(&file[..62]));
/// assert!(matches!(cut, Err(AttachError::Truncated { found: 62, required: 63 })));
/// assert!(matches!(safetensors::read(Cursor::new(&file)), Err(AttachError::NoProof)));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AttachError {
    /// The model was written to between hashing and copying; the output is to be thrown away.
    #[error("tensor {name:?} changed since the model was opened")]
    Changed {
        /// The first tensor with other bytes, at most 80 bytes of its name.
        name: String,
    },
    /// The file's header is at fault.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A tensor's name is one that no manifest holds.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The file carries no proof.
    #[error("the model carries no lineage proof")]
    NoProof,
    /// What stands in the proof's place is not base64url.
    #[error("the lineage proof cannot be decoded")]
    Proof(#[source] TextError),
    /// The model cannot be read.
    #[error("the model cannot be read")]
    Read(#[source] io::Error),
    /// The header would be larger than readers accept.
    #[error("header of {found} bytes with this proof, at most {limit} allowed")]
    TooLarge {
        /// Length of the header with the proof, in bytes.
        found: u64,
        /// [`MAX_SAFETENSORS_HEADER`](crate::limits::MAX_SAFETENSORS_HEADER).
        limit: u64,
    },
    /// The file ends before what its header says it holds.
    #[error("file of {found} bytes, its header requires {required}")]
    Truncated {
        /// Length of the file, in bytes.
        found: u64,
        /// Least length that the part read so far requires, in bytes.
        required: u64,
    },
    /// The output cannot be written.
    #[error("the output cannot be written")]
    Write(#[source] io::Error),
}
