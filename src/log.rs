//! Transparency logs: lists that only grow, and what proves it.
//!
//! A log is a list of entries under one root, by the hashing of RFC 9162 section 2.1. An
//! [`InclusionProof`] shows that an entry stands at a place, a [`ConsistencyProof`] that a later
//! root has everything of an earlier one, in its order and before anything new.
//!
//! Neither says who keeps the log, whether he shows others the same one, or how old a root is: a
//! proof is as good as the root that it is held against.
//!
//! ```
//! use datadeed::log::{MerkleTree, leaf_hash};
//!
//! let mut tree = MerkleTree::new();
//! for entry in ["one", "two", "three"] {
//!     tree.push(leaf_hash(entry.as_bytes()));
//! }
//! let root = tree.root();
//! let proof = tree.prove_inclusion(1, 3)?;
//! proof.verify(leaf_hash(b"two"), root)?;
//!
//! tree.push(leaf_hash(b"four"));
//! tree.prove_consistency(3, 4)?.verify(root, tree.root())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advance;
mod checkpoint;
mod consistency;
#[cfg(feature = "fs")]
mod directory;
mod edge;
mod hash;
mod inclusion;
mod keeper;
mod note;
mod policy;
mod receipt;
mod segment;
mod store;
mod subtrees;
mod tree;
mod verified;
mod witness;

pub use advance::{AdvanceError, advance};
pub use checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
pub use consistency::{ConsistencyError, ConsistencyProof};
#[cfg(feature = "fs")]
pub use directory::{DirectoryError, DirectoryStore};
pub use hash::leaf_hash;
pub use inclusion::{InclusionError, InclusionProof};
pub use keeper::{AppendError, Log, LogError, Published};
pub use policy::{LogPolicy, Refusal, RegistrationPolicy};
pub use receipt::{Receipt, ReceiptError, ReceiptSignError, VerifiedReceipt, entry_of, leaf_of};
pub use store::{MemoryStore, Resource, Store, StoreError};
pub use tree::{MerkleTree, SizeError};
pub use verified::{AgeError, LogKey, UnverifiedCheckpoint, VerifiedCheckpoint};
pub use witness::{WitnessError, WitnessPolicy, WitnessedCheckpoint};
