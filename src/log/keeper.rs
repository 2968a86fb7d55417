//! Keeping a log: append, publish, go on after a crash.
//!
//! What is published is durable before it is signed, and signed before anybody hears of it:
//!
//! 1. statements, entries and tiles are written, each as a resource of its own that no earlier
//!    publication has written;
//! 2. the checkpoint is signed;
//! 3. it takes the place of the one before, at once, if that is still there;
//! 4. only then are there places and receipts.
//!
//! A crash before 3 leaves resources that no checkpoint has; the next publication overwrites them.

mod publish;
mod read;

use std::ops::Range;

use super::checkpoint::{CheckpointError, SignedCheckpoint};
use super::edge::Edge;
use super::policy::{LogPolicy, Refusal, RegistrationPolicy};
use super::receipt::{ReceiptSignError, entry_of};
use super::store::{Resource, Store, StoreError};
use super::tree::SizeError;
use super::verified::{LogKey, UnverifiedCheckpoint, VerifiedCheckpoint};
use crate::digest::Sha256;
use crate::id::Origin;
use crate::key::{Signer, SignerError};
use crate::limits::{MAX_PENDING, MAX_PENDING_BYTES};
use crate::statement::{Envelope, Issuer, Payload as _, SignError, StatementError};
use crate::timestamp::Timestamp;
use publish::Tail;

/// A log that one keeps, over a [`Store`].
///
/// Holds the right edge of the tree and what is not published yet, whatever the size: at most
/// [`MAX_PENDING`] statements of [`MAX_PENDING_BYTES`]. Nothing is looked up by content: what is
/// appended twice is in the log twice, which hurts nobody and proves nothing more.
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::key::SigningKey;
/// use datadeed::log::{Log, LogPolicy, MemoryStore};
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// use datadeed::statement::{Envelope, Issuer};
/// # use datadeed::statement::Payload;
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[2; 32]));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let statement = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
/// # let (statement, curators_key) = (statement.envelope(), curator.public_key());
///
/// let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// let policy = LogPolicy::new(Origin::new("registry.example/log")?);
/// let mut log = Log::create(MemoryStore::new(), registry, &policy, now)?;
///
/// log.append(statement, &|_: &Envelope, _| Ok(curators_key), now)?;
/// let published = log.publish(now)?;
/// assert_eq!(published.indices, 1..2);
/// let receipt = log.receipt(1, now)?;
/// assert!(receipt.verify(statement, log.key().key()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Log<S, K> {
    store: S,
    issuer: Issuer<K>,
    key: LogKey,
    checkpoint: VerifiedCheckpoint,
    edge: Edge,
    tail: Tail,
    pending: Vec<Pending>,
    pending_bytes: usize,
    is_poisoned: bool,
}

/// A statement that was let in and is not published.
#[derive(Debug)]
struct Pending {
    bytes: Vec<u8>,
    entry: Sha256,
}

/// What a publication brought; whoever sent a statement may now be told its place.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::SigningKey;
/// # use datadeed::log::{Log, LogPolicy, MemoryStore};
/// # use datadeed::statement::Issuer;
/// use datadeed::log::Published;
/// # let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let (then, now) = ("2026-11-21T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let policy = LogPolicy::new(Origin::new("registry.example/log")?);
/// # let mut log = Log::create(MemoryStore::new(), registry, &policy, then)?;
///
/// // Nothing was appended: the same log, signed again.
/// let published: Published = log.publish(now)?;
/// assert!(published.indices.is_empty());
/// assert_eq!((published.checkpoint.size(), published.checkpoint.claimed_at()), (1, Some(now)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// Where the statements stand that were pending, in the order in which they were appended.
    pub indices: Range<u64>,
    /// The log with them.
    pub checkpoint: VerifiedCheckpoint,
}

/// A statement that did not get in.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::SigningKey;
/// # use datadeed::log::{Log, LogPolicy, MemoryStore};
/// use datadeed::log::{AppendError, Refusal};
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Envelope, Issuer, Payload};
/// # let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let statement = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&registry, now)?;
/// # let policy = LogPolicy::new(Origin::new("registry.example/log")?);
/// # let mut log = Log::create(MemoryStore::new(), registry, &policy, now)?;
///
/// let refused = log.append(statement.envelope(), &|_: &Envelope, _| Err(Refusal::new("closed")), now);
/// assert!(matches!(refused, Err(AppendError::Refused(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// As much is pending as may be; it has to be published first.
    #[error("{pending} statements pending, of {bytes} bytes with this one")]
    Full {
        /// How many, [`MAX_PENDING`] at most.
        pending: usize,
        /// Their bytes and those of this one, [`MAX_PENDING_BYTES`] at most.
        bytes: usize,
    },
    /// A publication failed, and nobody knows what the store has: see [`LogError::Poisoned`].
    #[error("not known what is published; open the log again")]
    Poisoned,
    /// The policy does not take it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is not signed with the key that the policy asks for.
    #[error(transparent)]
    Statement(#[from] StatementError),
}

/// A log that cannot do what it was asked to.
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::key::SigningKey;
/// use datadeed::log::{Log, LogError, MemoryStore};
/// use datadeed::statement::Issuer;
///
/// let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// let none = Log::open(MemoryStore::new(), registry, &Origin::new("registry.example/log")?);
/// assert!(matches!(none, Err(LogError::NoLog)));
/// # Ok::<(), datadeed::TextError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// What the store has for a checkpoint is none, or what is to be joined to it.
    #[error("unsound checkpoint")]
    Checkpoint(#[from] CheckpointError),
    /// Another writer published in the meantime.
    #[error("another writer published in the meantime; open the log again")]
    Conflict,
    /// A resource is not what was published.
    #[error("{resource}: {fault}")]
    Corrupt {
        /// Which.
        resource: Resource,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// There is a log already.
    #[error("the store has a log already")]
    Exists,
    /// A resource is missing.
    #[error("{resource} is missing")]
    Missing {
        /// Which.
        resource: Resource,
    },
    /// There is no log.
    #[error("the store has no log")]
    NoLog,
    /// The tiles have another root than the checkpoint.
    #[error("root {found} by the tiles, {expected} by the checkpoint")]
    OtherRoot {
        /// The root that the tiles lead to.
        found: Sha256,
        /// The root that was signed.
        expected: Sha256,
    },
    /// A publication failed in the store, and nobody knows what the store has.
    ///
    /// What is published can still be read. Open the log again to go on: it then tells what it has.
    /// What was pending was not acknowledged; it may be in the log nevertheless.
    #[error("not known what is published; open the log again")]
    Poisoned,
    /// The receipt could not be signed.
    #[error(transparent)]
    Receipt(#[from] ReceiptSignError),
    /// The policy with which a log begins could not be signed.
    #[error("unsound log policy")]
    Policy(#[from] SignError),
    /// The signer gave no signature.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The log has never been so large.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// What the store has for a statement is none.
    #[error("unsound statement")]
    Statement(#[from] StatementError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The time is before that of the last checkpoint: the clock was set back, or was ahead before.
    #[error("{now}, after a checkpoint of {last}")]
    TimeReversed {
        /// The time given.
        now: Timestamp,
        /// The time that the log signed last.
        last: Timestamp,
    },
    /// The checkpoint is not of this log, or its signer gave a signature that does not verify.
    #[error("checkpoint does not verify")]
    Unverified(#[from] UnverifiedCheckpoint),
}

impl<S: Store, K: Signer> Log<S, K> {
    /// Begins a log, with its policy as statement 0, and publishes it.
    ///
    /// # Errors
    ///
    /// [`LogError::Exists`] where the store has a log, [`LogError::Policy`] where the policy cannot
    /// be signed, and as [`Log::publish`].
    pub fn create(
        store: S,
        issuer: Issuer<K>,
        policy: &LogPolicy,
        now: Timestamp,
    ) -> Result<Self, LogError> {
        if store.checkpoint()?.is_some() {
            return Err(LogError::Exists);
        }
        let statement = policy.sign(&issuer, now)?;
        let key = LogKey::new(policy.origin.clone(), issuer.public_key());
        let entry = entry_of(statement.envelope());
        let pending = vec![Pending { bytes: statement.as_bytes().to_vec(), entry }];
        let (mut edge, mut tail) = (Edge::default(), Tail::default());
        publish::write(&store, &mut edge, &mut tail, &pending)?;
        let checkpoint = publish::sign(&issuer, &key, &edge, now)?;
        publish::swap(&store, None, &checkpoint)?;
        Ok(Self::at(store, issuer, key, checkpoint, edge, tail))
    }

    /// Goes on with a log where its last publication ended.
    ///
    /// The checkpoint must be signed with the key of `issuer`, and the tiles at the right edge,
    /// which are all it takes to go on, must lead to its root.
    ///
    /// # Errors
    ///
    /// [`LogError::NoLog`] where there is none, [`LogError::Checkpoint`] and
    /// [`LogError::Unverified`] for a checkpoint of somebody else, [`LogError::OtherRoot`],
    /// [`LogError::Missing`] and [`LogError::Corrupt`] where the store has something else than was
    /// published, [`LogError::Store`].
    pub fn open(store: S, issuer: Issuer<K>, origin: &Origin) -> Result<Self, LogError> {
        let bytes = store.checkpoint()?.ok_or(LogError::NoLog)?;
        let key = LogKey::new(origin.clone(), issuer.public_key());
        let checkpoint = SignedCheckpoint::decode(&bytes)?.verify(&key)?;
        let edge = read::edge(&store, checkpoint.size())?;
        let (found, expected) = (edge.root(), checkpoint.root());
        if found != expected {
            return Err(LogError::OtherRoot { found, expected });
        }
        let tail = read::tail(&store, &edge)?;
        Ok(Self::at(store, issuer, key, checkpoint, edge, tail))
    }

    fn at(
        store: S,
        issuer: Issuer<K>,
        key: LogKey,
        checkpoint: VerifiedCheckpoint,
        edge: Edge,
        tail: Tail,
    ) -> Self {
        let (pending, pending_bytes, is_poisoned) = (Vec::new(), 0, false);
        Self { store, issuer, key, checkpoint, edge, tail, pending, pending_bytes, is_poisoned }
    }

    /// Takes a statement that the policy admits and whose signature verifies; it is not in the log
    /// before [`Log::publish`].
    ///
    /// Receipts that it carries are left out.
    ///
    /// # Errors
    ///
    /// [`AppendError::Refused`] by the policy, [`AppendError::Statement`] where it has no signature
    /// of the key that the policy names, [`AppendError::Full`] where too much is pending,
    /// [`AppendError::Poisoned`] after a failed publication.
    pub fn append<P: RegistrationPolicy + ?Sized>(
        &mut self,
        statement: &Envelope,
        policy: &P,
        now: Timestamp,
    ) -> Result<(), AppendError> {
        if self.is_poisoned {
            return Err(AppendError::Poisoned);
        }
        let bytes = self.pending_bytes.saturating_add(statement.as_bytes().len());
        if self.pending.len() >= MAX_PENDING || bytes > MAX_PENDING_BYTES {
            return Err(AppendError::Full { pending: self.pending.len(), bytes });
        }
        let key = policy.admit(statement, now)?;
        statement.verify(&key)?;
        let entry = entry_of(statement);
        self.pending.push(Pending { bytes: statement.as_bytes().to_vec(), entry });
        self.pending_bytes = bytes;
        Ok(())
    }

    /// Makes everything pending durable, then part of the log; signs the log anew where nothing is.
    ///
    /// # Errors
    ///
    /// [`LogError::TimeReversed`] for a time before that of the last checkpoint, and
    /// [`LogError::Signer`] or [`LogError::Unverified`] where there is no sound signature: what is
    /// pending stays so. [`LogError::Store`] where the store failed and [`LogError::Conflict`] where
    /// another writer was faster: from then on [`LogError::Poisoned`].
    pub fn publish(&mut self, now: Timestamp) -> Result<Published, LogError> {
        if self.is_poisoned {
            return Err(LogError::Poisoned);
        }
        // A larger checkpoint of an earlier time would be evidence against this log.
        if let Some(last) = self.checkpoint.claimed_at().filter(|last| now < *last) {
            return Err(LogError::TimeReversed { now, last });
        }
        let (mut edge, mut tail) = (self.edge.clone(), self.tail.clone());
        // Whatever ends this early leaves the store as nobody knows.
        self.is_poisoned = true;
        publish::write(&self.store, &mut edge, &mut tail, &self.pending)?;
        let signed = publish::sign(&self.issuer, &self.key, &edge, now);
        let checkpoint = match signed {
            Ok(checkpoint) => checkpoint,
            Err(error) => {
                // No checkpoint has what was written, so it is as if it had not been.
                self.is_poisoned = false;
                return Err(error);
            }
        };
        publish::swap(&self.store, Some(self.checkpoint.signed()), &checkpoint)?;
        self.is_poisoned = false;
        let indices = self.edge.size()..edge.size();
        self.pending.clear();
        self.pending_bytes = 0;
        (self.edge, self.tail, self.checkpoint) = (edge, tail, checkpoint.clone());
        Ok(Published { indices, checkpoint })
    }

    /// Adds cosignatures of witnesses to the published checkpoint.
    ///
    /// # Errors
    ///
    /// [`LogError::Checkpoint`] where they are of another checkpoint, [`LogError::Unverified`]
    /// where a line claims the log's own key, and as [`Log::publish`].
    pub fn add_cosignatures(&mut self, cosigned: &SignedCheckpoint) -> Result<(), LogError> {
        if self.is_poisoned {
            return Err(LogError::Poisoned);
        }
        let joined = self.checkpoint.signed().clone().join(cosigned)?.verify(&self.key)?;
        self.is_poisoned = true;
        publish::swap(&self.store, Some(self.checkpoint.signed()), &joined)?;
        self.is_poisoned = false;
        self.checkpoint = joined;
        Ok(())
    }

    /// The log as it is published.
    pub const fn checkpoint(&self) -> &VerifiedCheckpoint {
        &self.checkpoint
    }

    /// Its name and key, for those who verify.
    pub const fn key(&self) -> &LogKey {
        &self.key
    }

    /// How many statements wait to be published.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }
}

#[cfg(test)]
mod tests;
