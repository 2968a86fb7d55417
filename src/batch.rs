//! One signature for many statements.
//!
//! A [`Batch`] is a statement about an index of statement ids. A member of it needs no signature of
//! its own: one form for one registration and for a million sources that a crawler observed. Its
//! id is that of the signed statement, so nothing that refers to it can tell the difference.
//!
//! ```
//! use datadeed::batch::{Members, vouch};
//! use datadeed::lineage::Activity;
//! use datadeed::statement::Payload;
//! # use datadeed::key::SigningKey;
//! # use datadeed::lineage::ActivityKind;
//! # use datadeed::statement::Issuer;
//! # use datadeed::ManifestId;
//! # let crawler = Issuer::new("did:web:crawler.example", SigningKey::from_seed(&[7; 32]));
//! # let now = "2026-11-21T00:00:00Z".parse()?;
//!
//! // The crawler collected a thousand sources and signs once.
//! let collected: Vec<_> = (0..1_000_u16)
//!     .map(|n| {
//!         let mut source = [0; 32];
//!         source[..2].copy_from_slice(&n.to_le_bytes());
//!         let collect = Activity::new(ActivityKind::Collect).output(ManifestId::from_bytes(source), []);
//!         collect.unsigned(&crawler, now)
//!     })
//!     .collect::<Result<_, _>>()?;
//! let members = Members::new(collected.iter().map(|one| one.id()));
//! let batch = members.batch()?.sign(&crawler, now)?;
//!
//! // Whoever is given one of them gets the batch with it, and the way from the one to the other.
//! let (one, path) = (collected[6].clone(), members.open([collected[6].id()]));
//! let batch = batch.verify(&crawler.public_key())?;
//! let verified = vouch(&batch, &path, one)?;
//! assert_eq!(verified.header().issuer, "did:web:crawler.example");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeSet;
use std::fmt;

use crate::cbor::{Version1, encode, record};
use crate::digest::Role;
use crate::id::{IndexId, KeyId, StatementId, Subject};
use crate::statement::{Header, Kind, Payload, PayloadError, Signed, Verified};
use crate::timestamp::Timestamp;
use crate::tree::{self, Cut, Leaf, Membership, Nodes, PrunedTree, Row, Summary, TreeError, Trie};

/// By which rule the keys of a batch's index are made: they are statement ids.
const RULE: &str = "statement/1";

record! {
    /// Payload of a `batch` statement: its issuer says everything that the members say.
    ///
    /// ```
    /// use datadeed::StatementId;
    /// use datadeed::batch::Members;
    ///
    /// let members = Members::new([StatementId::from_bytes([1; 32]), StatementId::from_bytes([2; 32])]);
    /// assert_eq!(members.batch()?.tree.count(), 2);
    /// # Ok::<(), datadeed::statement::PayloadError>(())
    /// ```
    pub struct Batch {
        /// Root of the index: key = statement id, value = 32 zero bytes, count 1, bytes 0.
        "tree" => tree: Summary,
    }
}

record! {
    /// The preimage of the id of a batch's index, which is of no dataset.
    struct BatchIndex {
        "v" => v: Version1,
        "rule" => rule: String,
        "tree" => tree: Summary,
    }
}

impl Batch {
    /// The id of its index, which the statement is about.
    pub fn index(&self) -> IndexId {
        let preimage = BatchIndex { v: Version1, rule: RULE.to_owned(), tree: self.tree };
        IndexId::from_bytes(Role::Index.hash(&encode(&preimage)))
    }
}

impl Payload for Batch {
    const KIND: Kind = Kind::Batch;

    fn subject(&self) -> Subject {
        Subject::Index(self.index())
    }

    fn check(&self) -> Result<(), PayloadError> {
        PayloadError::unless(self.tree.count() > 0, "tree", "must not be empty")?;
        PayloadError::unless(self.tree.bytes() == 0, "tree", "must have no bytes")
    }
}

/// A member of a batch is its id and nothing else.
impl Row for StatementId {
    const KIND: tree::Kind = tree::Kind::Index;
    const COUNTED: bool = true;

    fn key(&self) -> [u8; 32] {
        *self.as_bytes()
    }

    fn leaf(&self, key: [u8; 32], _: &[u8]) -> Result<Leaf, TreeError> {
        Ok(Leaf { key, value: [0; 32], count: 1, bytes: 0 })
    }
}

/// The members of a batch, with the tree over their ids: some 150 bytes each.
///
/// ```
/// use datadeed::StatementId;
/// use datadeed::batch::Members;
///
/// let ids = [StatementId::from_bytes([2; 32]), StatementId::from_bytes([1; 32])];
/// let members = Members::new(ids);
/// assert!(members.ids().is_sorted());
/// assert_eq!(members.open([]).root(), &members.batch()?.tree);
/// # Ok::<(), datadeed::statement::PayloadError>(())
/// ```
#[derive(Clone)]
pub struct Members {
    ids: Vec<StatementId>,
    nodes: Nodes<'static, StatementId>,
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Members").field("len", &self.ids.len()).finish_non_exhaustive()
    }
}

impl Members {
    /// These statements, in any order, each once.
    #[expect(clippy::missing_panics_doc, reason = "it does not")]
    #[expect(clippy::expect_used, reason = "counts of fewer than 2^64 ids are added, and no bytes")]
    pub fn new(ids: impl IntoIterator<Item = StatementId>) -> Self {
        let mut ids: Vec<StatementId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let nodes = Nodes::new(ids.clone()).expect("sums do not overflow");
        Self { ids, nodes }
    }

    /// Their ids, increasing.
    pub fn ids(&self) -> &[StatementId] {
        &self.ids
    }

    /// The payload to sign.
    ///
    /// # Errors
    ///
    /// [`PayloadError`] where there are no members.
    pub fn batch(&self) -> Result<Batch, PayloadError> {
        let batch = Batch { tree: self.root() };
        batch.check()?;
        Ok(batch)
    }

    /// The tree opened as far as it shows whether each of `ids` is a member.
    pub fn open(&self, ids: impl IntoIterator<Item = StatementId>) -> PrunedTree<StatementId> {
        let keys: BTreeSet<[u8; 32]> = ids.into_iter().map(|id| *id.as_bytes()).collect();
        let cut = Cut { keys: keys.into_iter().collect(), ..Cut::default() };
        let Ok(opened) = PrunedTree::new(&self.nodes, &cut);
        opened
    }

    /// What the tree commits to.
    pub(crate) fn root(&self) -> Summary {
        let summary = self.nodes.root().map(|root| self.nodes.summary(root));
        let Ok(root) = summary.unwrap_or(Ok(Summary::EMPTY));
        root
    }
}

/// A batch that does not stand for a statement.
///
/// ```
/// use datadeed::batch::{Members, VouchError, vouch};
/// # use datadeed::key::SigningKey;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::{ManifestId, StatementId};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let now = "2026-11-21T00:00:00Z".parse()?;
/// # let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "Court decisions", ScanMethod::Full);
/// # let dataset = dataset.unsigned(&curator, now)?;
///
/// let others = Members::new([StatementId::from_bytes([9; 32])]);
/// let batch = others.batch()?.sign(&curator, now)?.verify(&curator.public_key())?;
/// let id = dataset.id();
/// let refused = vouch(&batch, &others.open([id]), dataset);
/// assert_eq!(refused.unwrap_err(), VouchError::NoMember { id });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VouchError {
    /// What is opened of the tree does not show whether the statement is a member.
    #[error("what is opened does not show whether {id} is a member")]
    Closed {
        /// The statement.
        id: StatementId,
    },
    /// The statement claims to be issued after the batch was signed.
    #[error("issued at {issued_at}, after the batch of {batch}")]
    Later {
        /// When the statement claims to be issued.
        issued_at: Timestamp,
        /// When the batch claims to be signed.
        batch: Timestamp,
    },
    /// The statement is no member.
    #[error("{id} is no member")]
    NoMember {
        /// The statement.
        id: StatementId,
    },
    /// The batch is another issuer's.
    #[error("batch of another issuer")]
    OtherIssuer,
    /// The batch is signed with another key than the statement names.
    #[error("batch signed with {batch}, the statement names {member}")]
    OtherKey {
        /// The key of the batch.
        batch: KeyId,
        /// The key that the statement names.
        member: KeyId,
    },
    /// The tree is not that of the batch.
    #[error("the tree is not that of the batch")]
    Root,
    /// The statement has a signature of its own: that one counts, and nothing else.
    #[error("signed, so no batch can stand for it")]
    Signed,
}

/// The statement, for which the batch stands that names it.
///
/// # Errors
///
/// [`VouchError::Signed`] for a statement with a signature of its own, sound or not,
/// [`VouchError::OtherIssuer`], [`VouchError::OtherKey`] and [`VouchError::Later`] where the batch
/// cannot speak for it, [`VouchError::Root`] for a tree of something else,
/// [`VouchError::NoMember`] and [`VouchError::Closed`] where it does not show the statement.
pub fn vouch<T>(
    batch: &Verified<Batch>,
    opened: &PrunedTree<StatementId>,
    member: Signed<T>,
) -> Result<Verified<T>, VouchError>
where
    T: Payload,
{
    if member.is_signed() {
        return Err(VouchError::Signed);
    }
    check_headers(batch.header(), member.header())?;
    if *opened.root() != batch.payload().tree {
        return Err(VouchError::Root);
    }
    let id = member.id();
    match opened.get(id.as_bytes()) {
        Membership::Present(_) => Ok(Verified::sealed(member)),
        Membership::Absent => Err(VouchError::NoMember { id }),
        Membership::Unknown => Err(VouchError::Closed { id }),
    }
}

/// Whether a batch with this header can stand for a statement with that one.
pub(crate) fn check_headers(batch: &Header, member: &Header) -> Result<(), VouchError> {
    if batch.issuer != member.issuer {
        return Err(VouchError::OtherIssuer);
    }
    if batch.key != member.key {
        return Err(VouchError::OtherKey { batch: batch.key, member: member.key });
    }
    if member.issued_at > batch.issued_at {
        let (issued_at, batch) = (member.issued_at, batch.issued_at);
        return Err(VouchError::Later { issued_at, batch });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
