//! Transparency logs: lists that only grow, and what proves it.
//!
//! A registry that logs what it registers cannot take it back, move its date or show different
//! parties different things without leaving evidence. What proves what:
//!
//! | | says | does not say |
//! |---|---|---|
//! | [`Receipt`] | this log has this statement | where, since when, and that it shows everybody the same |
//! | [`SignedCheckpoint`] | what the log was at a size | that it is the latest, or extends an earlier one |
//! | cosignatures ([`WitnessPolicy`]) | that many others saw this one, and when | |
//! | [`InclusionProof`] | an entry stands at a place below a root | whose root it is |
//! | [`ConsistencyProof`] | a later root extends an earlier one | whose roots they are |
//!
//! What is decoded proves nothing; [`VerifiedReceipt`], [`VerifiedCheckpoint`] and
//! [`WitnessedCheckpoint`] exist only where signatures were verified:
//!
//! ```compile_fail
//! use datadeed::log::{LogKey, SignedCheckpoint, VerifiedCheckpoint};
//!
//! fn trust_me(signed: SignedCheckpoint, log: LogKey) -> VerifiedCheckpoint {
//!     VerifiedCheckpoint { signed, log } // private fields: nothing but `verify` makes one
//! }
//! ```
//!
//! **Whoever keeps a log** has a [`Log`] over a [`Store`]: in memory, in a directory
//! (`DirectoryStore`, feature `fs`) or anywhere else. **Whoever relies on one** pins its
//! [`LogKey`], keeps the latest checkpoint, to which the one before must [`advance()`], and asks for
//! receipts.
//!
//! ```
//! use datadeed::id::Origin;
//! use datadeed::key::SigningKey;
//! use datadeed::log::{Log, LogPolicy, MemoryStore, Receipt, SignedCheckpoint, advance};
//! use datadeed::statement::{Envelope, Issuer};
//! # use datadeed::manifest::{Dataset, ScanMethod};
//! # use datadeed::statement::Payload;
//! # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[2; 32]));
//! # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
//! # let statement = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
//! # let (statement, curators_key) = (statement.envelope(), curator.public_key());
//!
//! // The registry.
//! let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
//! let policy = LogPolicy::new(Origin::new("registry.example/log")?);
//! let mut log = Log::create(MemoryStore::new(), registry, &policy, now)?;
//! let pinned = log.key().clone();
//! let before = log.checkpoint().clone();
//! log.append(statement, &|_: &Envelope, _| Ok(curators_key), now)?;
//! let published = log.publish(now)?;
//! let receipt = log.receipt(published.indices.start, now)?.as_bytes().to_vec();
//! let checkpoint = published.checkpoint.signed().to_bytes();
//! let proof = log.prove_consistency(before.size(), published.checkpoint.size())?;
//!
//! // Somebody else, who has pinned the log's key and kept the checkpoint before.
//! let verified = Receipt::decode(&receipt)?.verify(statement, pinned.key())?;
//! assert_eq!(verified.issuer(), "did:web:registry.example");
//! let seen = SignedCheckpoint::decode(&checkpoint)?.verify(&pinned)?;
//! let kept = advance(&before, &seen, Some(&proof))?;
//! assert_eq!(verified.index_at(&kept), Some(1));
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
pub(crate) use witness::Witness;
pub use witness::{WitnessError, WitnessPolicy, WitnessedCheckpoint};
