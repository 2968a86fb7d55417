//! Receipts (RFC 9942): a log says that a statement is in it.
//!
//! ```text
//! receipt   = 18([ protected, {396: {-1: [ proof ]}}, nil, signature ])
//! protected = bstr .cbor {
//!     1: -19 / -8,                             alg
//!     4: bstr32,                               kid = RFC 9679 thumbprint
//!    15: { 1: iss, 2: origin, 6: iat },        CWT claims (RFC 9597)
//!    16: "application/scitt-receipt+cose",     typ (RFC 9596)
//!   395: 1,                                    RFC9162_SHA256
//! }
//! proof     = bstr .cbor [ size, index, [+ bstr32] ]
//! signature = bstr64 over ["Signature1", protected, h'', root]
//! ```
//!
//! `root` is what comes out of the statement's leaf and the path, and nothing else of the proof is
//! signed: neither size nor index. Two of them lead to one root as long as path and turns agree.

mod wire;

use super::inclusion::{InclusionError, InclusionProof};
use super::verified::VerifiedCheckpoint;
use crate::cbor::CborError;
use crate::digest::Sha256;
use crate::id::{KeyId, Origin};
use crate::key::{Algorithm, BadSignature, PublicKey, SignatureCache, Signer, SignerError};
use crate::statement::{Envelope, Issuer, sig_structure};
use crate::text::TextError;
use crate::timestamp::Timestamp;
use wire::{Decoded, Header};

/// What a log takes of a statement: `SHA-256` of its envelope without receipts.
///
/// The hash has the signature in it, so a twin with another one is another entry.
///
/// ```
/// use datadeed::digest::Sha256;
/// use datadeed::log::entry_of;
/// # use datadeed::key::SigningKey;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let statement = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
///
/// assert_eq!(entry_of(statement.envelope()), Sha256::of(statement.as_bytes()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn entry_of(statement: &Envelope) -> Sha256 {
    Sha256::of(statement.as_bytes())
}

/// The leaf of a statement in every log: `SHA-256(00 | entry)`.
pub fn leaf_of(statement: &Envelope) -> Sha256 {
    super::leaf_hash(entry_of(statement).as_bytes())
}

/// Bytes that are no receipt, or not one for the statement at hand.
///
/// ```
/// use datadeed::cbor::CborFault;
/// use datadeed::log::{Receipt, ReceiptError};
///
/// let untagged = Receipt::decode(b"\x84\x40\xa0\xf6\x40");
/// let fault = CborFault::UnexpectedType { found: "array", expected: "tag" };
/// assert!(matches!(untagged, Err(ReceiptError::Cbor(error)) if error.fault == fault));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptError {
    /// The signature is not that of the key over the root that statement and path lead to: another
    /// statement, another path or another key.
    #[error("signature does not verify")]
    BadSignature(#[from] BadSignature),
    /// The bytes are not the CBOR they should be.
    #[error("malformed receipt")]
    Cbor(#[from] CborError),
    /// The origin is no name of a log.
    #[error("receipt of no log")]
    Origin(#[from] TextError),
    /// No leaf of any log has such a path.
    #[error("impossible proof")]
    Proof(#[from] InclusionError),
    /// A log of fewer than two entries has no receipts.
    #[error("receipt of a log of {found} entries, 2 are the fewest")]
    Size {
        /// The size in the proof.
        found: u64,
    },
    /// The receipt is larger than this crate accepts.
    #[error("receipt of {found} bytes, at most {limit} allowed")]
    TooLarge {
        /// Its size, in bytes.
        found: usize,
        /// [`MAX_RECEIPT`](crate::limits::MAX_RECEIPT).
        limit: usize,
    },
    /// The receipt names another key than the one at hand.
    #[error("signed by {named}, not by {given}")]
    WrongKey {
        /// The key id in the header.
        named: KeyId,
        /// The id of the key at hand.
        given: KeyId,
    },
}

/// A receipt as received: decoded, in the one form, and not to be trusted.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::log::{Checkpoint, LogKey, MerkleTree, leaf_hash, leaf_of};
/// use datadeed::log::Receipt;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let issuer = |byte| Issuer::new("did:web:registry.example", SigningKey::from_seed(&[byte; 32]));
/// # let (registry, curator, now) = (issuer(1), issuer(2), "2026-11-21T00:00:00Z".parse()?);
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
/// # let statement = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
/// # let statement = statement.envelope();
/// # let mut tree = MerkleTree::new();
/// # tree.push(leaf_hash(b"policy"));
/// # tree.push(leaf_of(statement));
/// # let origin = Origin::new("registry.example/log")?;
/// # let pinned = LogKey::new(origin.clone(), registry.public_key());
/// # let checkpoint = Checkpoint::new(origin, 2, tree.root())?;
/// # let checkpoint = checkpoint.sign(&SigningKey::from_seed(&[1; 32]), now)?.verify(&pinned)?;
/// # let leaf = leaf_of(statement);
/// # let bytes = Receipt::sign(&registry, &checkpoint, leaf, &tree.prove_inclusion(1, 2)?, now)?;
/// # let bytes = bytes.as_bytes().to_vec();
///
/// let receipt = Receipt::decode(&bytes)?;
/// assert_eq!(receipt.origin().as_str(), "registry.example/log");
/// let verified = receipt.verify(statement, &registry.public_key())?;
/// assert_eq!((verified.issuer(), verified.issued_at()), ("did:web:registry.example", now));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    bytes: Vec<u8>,
    decoded: Decoded,
}

impl Receipt {
    /// Decodes the one form of a receipt. The signature is not looked at.
    ///
    /// # Errors
    ///
    /// Every variant of [`ReceiptError`] but [`ReceiptError::BadSignature`] and
    /// [`ReceiptError::WrongKey`], for what [`Receipt::sign`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, ReceiptError> {
        Ok(Self { bytes: bytes.to_vec(), decoded: wire::decode(bytes)? })
    }

    /// Signs that the leaf of a statement is in the log, at one of its checkpoints.
    ///
    /// # Errors
    ///
    /// [`ReceiptSignError::WrongKey`] where the checkpoint is signed by another key than `log`,
    /// [`ReceiptSignError::OtherSize`] and [`ReceiptSignError::Proof`] where `proof` does not lead
    /// to its root, [`ReceiptSignError::Receipt`] where a decoder would refuse the receipt,
    /// [`ReceiptSignError::Signer`] with the signer's reason.
    pub fn sign<S: Signer>(
        log: &Issuer<S>,
        checkpoint: &VerifiedCheckpoint,
        leaf: Sha256,
        proof: &InclusionProof,
        now: Timestamp,
    ) -> Result<Self, ReceiptSignError> {
        let (signed_by, key) = (checkpoint.log().key().id(), log.public_key().id());
        if signed_by != key {
            return Err(ReceiptSignError::WrongKey { checkpoint: signed_by, log: key });
        }
        if proof.tree_size != checkpoint.size() {
            let (proof, checkpoint) = (proof.tree_size, checkpoint.size());
            return Err(ReceiptSignError::OtherSize { proof, checkpoint });
        }
        proof.verify(leaf, checkpoint.root())?;
        let header = Header {
            algorithm: log.algorithm_label(),
            key,
            issuer: log.iss().to_owned(),
            origin: checkpoint.log().origin().clone(),
            issued_at: now,
        };
        // Whatever a verifier would refuse is refused before it is signed.
        let mut receipt = Self::decode(&wire::encode(&header, proof))?;
        let signature = log.signer().sign(&receipt.to_be_signed(checkpoint.root()))?;
        if let Some(place) = receipt.bytes.last_chunk_mut::<64>() {
            *place = *signature.as_bytes();
        }
        receipt.decoded.signature = signature;
        Ok(receipt)
    }

    /// Whether the key at hand signed that `statement` is in the log.
    ///
    /// # Errors
    ///
    /// [`ReceiptError::WrongKey`] where the header names another key, [`ReceiptError::BadSignature`]
    /// for any other statement, path or root than the one signed.
    pub fn verify(
        &self,
        statement: &Envelope,
        key: &PublicKey,
    ) -> Result<VerifiedReceipt, ReceiptError> {
        self.verify_with(None, statement, key)
    }

    /// As [`Receipt::verify`], but for a signature that the cache has seen verify.
    pub(crate) fn verify_with(
        &self,
        cache: Option<&SignatureCache>,
        statement: &Envelope,
        key: &PublicKey,
    ) -> Result<VerifiedReceipt, ReceiptError> {
        let Decoded { header, proof, signature, .. } = &self.decoded;
        if header.key != key.id() {
            return Err(ReceiptError::WrongKey { named: header.key, given: key.id() });
        }
        let root = proof.root(leaf_of(statement))?;
        key.verify_with(cache, &self.to_be_signed(root), signature)?;
        Ok(VerifiedReceipt { receipt: self.clone(), key: *key, root })
    }

    fn to_be_signed(&self, root: Sha256) -> Vec<u8> {
        let protected = self.bytes.get(self.decoded.protected.clone()).unwrap_or_default();
        let payload = [&[0x58, 0x20], &root.as_bytes()[..]].concat();
        sig_structure(protected, &[0x40], &payload)
    }

    /// The bytes, as received.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The algorithm; both variants are Ed25519.
    pub const fn algorithm(&self) -> Algorithm {
        self.decoded.header.algorithm
    }

    /// Thumbprint of the log's key.
    pub const fn key(&self) -> KeyId {
        self.decoded.header.key
    }

    /// `iss`: who keeps the log.
    pub fn issuer(&self) -> &str {
        &self.decoded.header.issuer
    }

    /// `sub`: the name of the log.
    pub const fn origin(&self) -> &Origin {
        &self.decoded.header.origin
    }

    /// `iat`: when the log claims to have signed.
    pub const fn issued_at(&self) -> Timestamp {
        self.decoded.header.issued_at
    }

    /// The path, with the size and place it is said to be of, which **nobody signed**:
    /// see [`VerifiedReceipt::index_at`].
    pub const fn proof(&self) -> &InclusionProof {
        &self.decoded.proof
    }
}

/// A receipt whose signature was verified for a statement: it is in this log.
///
/// Made by [`Receipt::verify`] alone. It proves neither where in the log the statement stands, nor
/// that the log shows everybody the same, nor that it still stands by this: those take a
/// checkpoint. Whether the log counts at all is the caller's to judge.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::log::{Checkpoint, LogKey, MerkleTree, Receipt, leaf_hash, leaf_of};
/// use datadeed::log::VerifiedReceipt;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let issuer = |byte| Issuer::new("did:web:registry.example", SigningKey::from_seed(&[byte; 32]));
/// # let (registry, curator, now) = (issuer(1), issuer(2), "2026-11-21T00:00:00Z".parse()?);
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
/// # let statement = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
/// # let mut tree = MerkleTree::new();
/// # tree.push(leaf_hash(b"policy"));
/// # tree.push(leaf_of(statement.envelope()));
/// # let origin = Origin::new("registry.example/log")?;
/// # let pinned = LogKey::new(origin.clone(), registry.public_key());
/// # let checkpoint = Checkpoint::new(origin, 2, tree.root())?;
/// # let checkpoint = checkpoint.sign(&SigningKey::from_seed(&[1; 32]), now)?.verify(&pinned)?;
/// # let (leaf, proof) = (leaf_of(statement.envelope()), tree.prove_inclusion(1, 2)?);
/// # let receipt = Receipt::sign(&registry, &checkpoint, leaf, &proof, now)?;
///
/// let verified: VerifiedReceipt = receipt.verify(statement.envelope(), &registry.public_key())?;
/// assert_eq!(verified.root(), checkpoint.root());
/// assert_eq!(verified.index_at(&checkpoint), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedReceipt {
    receipt: Receipt,
    key: PublicKey,
    root: Sha256,
}

impl VerifiedReceipt {
    /// `iss`: who keeps the log.
    pub fn issuer(&self) -> &str {
        self.receipt.issuer()
    }

    /// `sub`: the name of the log.
    pub const fn origin(&self) -> &Origin {
        self.receipt.origin()
    }

    /// `iat`: when the log says that it signed.
    pub const fn issued_at(&self) -> Timestamp {
        self.receipt.issued_at()
    }

    /// The key it was verified with.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The root that the log signed.
    pub const fn root(&self) -> Sha256 {
        self.root
    }

    /// The receipt.
    pub const fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// Where the statement stands, from 0, by a checkpoint of the same log, key, root and size,
    /// which signs what a receipt does not; `None` by any other.
    pub fn index_at(&self, checkpoint: &VerifiedCheckpoint) -> Option<u64> {
        let proof = self.receipt.proof();
        let is_same = checkpoint.log().origin() == self.origin()
            && checkpoint.log().key() == &self.key
            && (checkpoint.root(), checkpoint.size()) == (self.root, proof.tree_size);
        is_same.then_some(proof.leaf_index)
    }
}

/// A receipt that was not signed.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// use datadeed::log::ReceiptSignError;
/// # use datadeed::log::{Checkpoint, LogKey, MerkleTree, Receipt, leaf_hash};
/// # use datadeed::statement::Issuer;
/// # let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[1; 32]));
/// # let now = "2026-11-21T00:00:00Z".parse()?;
/// # let mut tree = MerkleTree::new();
/// # tree.push(leaf_hash(b"policy"));
/// # tree.push(leaf_hash(b"entry"));
/// # let origin = Origin::new("registry.example/log")?;
/// # let pinned = LogKey::new(origin.clone(), registry.public_key());
/// # let checkpoint = Checkpoint::new(origin, 2, tree.root())?;
/// # let checkpoint = checkpoint.sign(&SigningKey::from_seed(&[1; 32]), now)?.verify(&pinned)?;
/// # let proof = tree.prove_inclusion(1, 2)?;
///
/// let never_logged = Receipt::sign(&registry, &checkpoint, leaf_hash(b"another"), &proof, now);
/// assert!(matches!(never_logged, Err(ReceiptSignError::Proof(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptSignError {
    /// The proof is of another size than the checkpoint.
    #[error("proof for a log of {proof} entries, checkpoint of {checkpoint}")]
    OtherSize {
        /// Entries that the proof is for.
        proof: u64,
        /// Entries at the checkpoint.
        checkpoint: u64,
    },
    /// The leaf is not in the log.
    #[error("not in the log")]
    Proof(#[from] InclusionError),
    /// A decoder would refuse the receipt.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The signer gave no signature.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The checkpoint is not of this log.
    #[error("checkpoint signed by {checkpoint}, not by {log}")]
    WrongKey {
        /// The key that signed the checkpoint.
        checkpoint: KeyId,
        /// The key that was to sign the receipt.
        log: KeyId,
    },
}

#[cfg(test)]
mod tests;
