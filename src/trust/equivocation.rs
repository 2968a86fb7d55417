//! Proof that somebody said two things of which he may say one, for whoever has his key.

mod logs;

use super::{Delegation, RootError, SignedRoot};
use crate::cbor::{
    CborError, CborFault, Codec, Reader, Version1, Writer, codes, decode, encode, record,
};
use crate::digest::Sha256;
use crate::id::{KeyId, StatementId};
use crate::key::{PublicKey, Threshold};
use crate::limits::MAX_TRUST;
use crate::log::{
    CheckpointError, ConsistencyError, LogPolicy, SignedCheckpoint, UnverifiedCheckpoint,
};
use crate::manifest::Dataset;
use crate::rights::{Assessment, Consent, Event, Registration};
use crate::statement::{Envelope, Kind, Sequence, Signed, StatementError};

codes! {
    /// Of what two contradict each other.
    pub enum Equivocator("equivocator") in trust {
        /// The keys of a trust root: two versions of one number, or one after another than there was.
        Board = "board",
        /// An issuer: two statements of one number in one chain, or one after another than there was.
        Issuer = "issuer",
        /// A log: two histories, or fewer entries than it had before.
        Log = "log",
    }
}

record! {
    struct EquivocationFile {
        "v" => v: Version1,
        "by" => by: Equivocator,
        "path" => path: Vec<Sha256>,
        "root" => root: Option<Sha256>,
        "first" => first: Whole,
        "second" => second: Whole,
    }
}

/// Something signed, as a byte string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Whole(pub(super) Vec<u8>);

impl Codec for Whole {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.0);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        Ok(Self(reader.bytes(MAX_TRUST)?.to_vec()))
    }
}

/// Two things that one signed and may not both have signed, both verbatim.
///
/// It needs nothing beside the keys, so that a third party can judge it who has seen neither:
///
/// | by | the two are | made by |
/// |---|---|---|
/// | an issuer | statements of one issuer, kind and subject with one number | [`Equivocation::of_issuer`] |
/// | an issuer | such a statement, and the next one, which follows another | [`Equivocation::of_issuer`] |
/// | a log | checkpoints of one size with different roots | [`Equivocation::of_log`] |
/// | a log | checkpoints of two sizes, and a path that shows that the larger does not extend the smaller | [`Equivocation::of_histories`] |
/// | a log | checkpoints of two sizes, the smaller of which the log signed later | [`Equivocation::of_rollback`] |
/// | a board | trust roots of one version that say different things | [`Equivocation::of_board`] |
/// | a board | a trust root, and the next version, which follows another | [`Equivocation::of_board`] |
///
/// **What nobody can prove to others**: that he was shown less than before (an old trust root, the
/// beginning of a chain, an old checkpoint), that something is missing, or that a path leads nowhere.
/// Whoever shows it signs nothing, and what he shows is genuine. A [`super::TrustStore`] and a
/// [`super::Status`] are signed by nobody at all; they are their owner's word to himself.
///
/// ```
/// use datadeed::trust::Equivocation;
/// # use datadeed::key::SigningKey;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let told = |title| Dataset::new(corpus, title, ScanMethod::Full).sign(&curator, now);
///
/// // Number 0 about one dataset, told to each buyer another way.
/// let (to_one, to_another) = (told("Public data")?, told("Licensed data")?);
/// let found = Equivocation::of_issuer(to_one.envelope(), to_another.envelope())?;
/// let shown = Equivocation::decode(&found.to_bytes())?;
/// shown.verify(&[curator.public_key()])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivocation {
    pair: Pair,
}

/// In the order of their bytes, so that one contradiction is one file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Pair {
    Board(Box<[SignedRoot; 2]>),
    Issuer(Box<[Envelope; 2]>),
    Log(Box<[SignedCheckpoint; 2]>, Option<History>),
}

/// What the larger of two checkpoints says of the entries of the smaller.
#[derive(Clone, Debug, PartialEq, Eq)]
struct History {
    /// The root over as many entries as the smaller has, by the larger.
    root: Sha256,
    /// From there to the root of the larger.
    path: Vec<Sha256>,
}

/// Two things that are no contradiction, or that nobody signed.
///
/// ```
/// use datadeed::trust::{Equivocation, EquivocationError};
/// # use datadeed::key::SigningKey;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
///
/// let once = Dataset::new(corpus, "Public data", ScanMethod::Full).sign(&curator, now)?;
/// let found = Equivocation::of_issuer(once.envelope(), once.envelope());
/// assert_eq!(found, Err(EquivocationError::Same));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EquivocationError {
    /// The bytes are not the CBOR they should be.
    #[error("malformed proof of equivocation")]
    Cbor(#[from] CborError),
    /// A checkpoint cannot be decoded.
    #[error("checkpoint is not sound")]
    Checkpoint(#[from] CheckpointError),
    /// The two are of other issuers, kinds, subjects, logs, numbers, versions, sizes or times.
    #[error("two things that do not contradict each other: another {field}")]
    Compatible {
        /// In what they differ.
        field: &'static str,
    },
    /// What is said to be the larger log's history is not.
    #[error("path leads nowhere")]
    Consistency(#[from] ConsistencyError),
    /// The key of a statement is none of those given.
    #[error("key {key} is not given")]
    MissingKey {
        /// The key.
        key: KeyId,
    },
    /// Statements of this kind do not follow one another.
    #[error("statements of kind {found} have no number")]
    NoSequence {
        /// The kind.
        found: Kind,
    },
    /// It is of another party than it is held against.
    #[error("the contradiction is one of the {found}")]
    OtherParty {
        /// Whose it is.
        found: Equivocator,
    },
    /// A trust root is not sound, or not signed by enough keys.
    #[error("trust root is not sound")]
    Root(#[from] RootError),
    /// Both are the same.
    #[error("both say the same")]
    Same,
    /// A statement is not sound, or not signed by its key.
    #[error("statement is not sound")]
    Statement(#[from] StatementError),
    /// The log did not sign a checkpoint.
    #[error("checkpoint is not the log's")]
    Unverified(#[from] UnverifiedCheckpoint),
}

impl Equivocation {
    /// Two statements of one chain: of one number, or the second of which follows another than the first.
    ///
    /// In any order. Signatures are looked at by [`Equivocation::verify`].
    ///
    /// # Errors
    ///
    /// [`EquivocationError::Same`] for two of one id, [`EquivocationError::Compatible`] where they
    /// may both be, [`EquivocationError::NoSequence`] and [`EquivocationError::Statement`] where
    /// they are no statements of a chain, or lean on a batch.
    pub fn of_issuer(first: &Envelope, second: &Envelope) -> Result<Self, EquivocationError> {
        let (a, b) = (first.header(), second.header());
        if first.id() == second.id() {
            return Err(EquivocationError::Same);
        }
        same(a.kind == b.kind, "kind")?;
        same(a.issuer == b.issuer, "issuer")?;
        same(a.subject == b.subject, "subject")?;
        let (one, other) = (sequence_of(first)?, sequence_of(second)?);
        let parted = one.seq == other.seq
            || is_after_another(&one, first.id(), &other)
            || is_after_another(&other, second.id(), &one);
        same(parted, "number")?;
        // A batch is not in this proof, so what leans on one shows nothing by itself.
        if !(first.is_signed() && second.is_signed()) {
            return Err(StatementError::Unsigned.into());
        }
        let mut pair = [first, second].map(|one| one.clone().without_receipts());
        pair.sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        Ok(Self { pair: Pair::Issuer(Box::new(pair)) })
    }

    /// Two trust roots: of one version, or the second of which follows another than the first.
    ///
    /// In any order. Signatures are looked at by [`Equivocation::verify_board`].
    ///
    /// # Errors
    ///
    /// [`EquivocationError::Same`] where both say the same, [`EquivocationError::Compatible`] where
    /// they may both be.
    pub fn of_board(first: &SignedRoot, second: &SignedRoot) -> Result<Self, EquivocationError> {
        let (one, other) = (first.version(), second.version());
        if first.digest() == second.digest() {
            return Err(EquivocationError::Same);
        }
        let is_after_another = |after: &SignedRoot, before: &SignedRoot| {
            before.version().checked_add(1) == Some(after.version())
                && after.prev().is_some_and(|prev| prev != before.digest())
        };
        let parted =
            one == other || is_after_another(first, second) || is_after_another(second, first);
        same(parted, "version")?;
        let mut pair = [first.clone(), second.clone()];
        pair.sort_unstable_by_key(SignedRoot::to_bytes);
        Ok(Self { pair: Pair::Board(Box::new(pair)) })
    }

    /// Decodes what [`Equivocation::to_bytes`] writes, and nothing else. Signatures are not looked at.
    ///
    /// # Errors
    ///
    /// [`EquivocationError`] for other bytes, and for two that are no contradiction.
    pub fn decode(bytes: &[u8]) -> Result<Self, EquivocationError> {
        let limit = MAX_TRUST.saturating_mul(2).saturating_add(MARGIN);
        if bytes.len() > limit {
            let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            return Err(CborError::new(0, CborFault::TooLong { found, limit }).into());
        }
        let file: EquivocationFile = decode(bytes)?;
        let (first, second) = (&file.first.0, &file.second.0);
        let found = match file.by {
            Equivocator::Board => {
                Self::of_board(&SignedRoot::decode(first)?, &SignedRoot::decode(second)?)?
            }
            Equivocator::Issuer => {
                Self::of_issuer(&Envelope::decode(first)?, &Envelope::decode(second)?)?
            }
            Equivocator::Log => {
                let pair = [SignedCheckpoint::decode(first)?, SignedCheckpoint::decode(second)?];
                let history = file.root.map(|root| History { root, path: file.path });
                Self::of_checkpoints(pair, history)?
            }
        };
        if found.to_bytes() == bytes {
            return Ok(found);
        }
        // The order, receipts that are no part of what an issuer signed, or a path of nothing.
        Err(CborError::new(0, CborFault::Unordered).into())
    }

    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (by, [first, second], history) = match &self.pair {
            Pair::Board(pair) => {
                (Equivocator::Board, pair.each_ref().map(SignedRoot::to_bytes), None)
            }
            Pair::Issuer(pair) => {
                (Equivocator::Issuer, pair.each_ref().map(|one| one.as_bytes().to_vec()), None)
            }
            Pair::Log(pair, history) => {
                (Equivocator::Log, pair.each_ref().map(SignedCheckpoint::to_bytes), history.clone())
            }
        };
        let (root, path) = history.map_or((None, Vec::new()), |one| (Some(one.root), one.path));
        let (first, second) = (Whole(first), Whole(second));
        encode(&EquivocationFile { v: Version1, by, path, root, first, second })
    }

    /// Of whom it is.
    pub const fn by(&self) -> Equivocator {
        match self.pair {
            Pair::Board(_) => Equivocator::Board,
            Pair::Issuer(_) => Equivocator::Issuer,
            Pair::Log(..) => Equivocator::Log,
        }
    }

    /// Who contradicts himself: an issuer's identity, or the origin of a log; a board has no name.
    /// A claim until verified.
    pub fn name(&self) -> Option<&str> {
        match &self.pair {
            Pair::Board(_) => None,
            Pair::Issuer(pair) => {
                let [first, _] = pair.as_ref();
                Some(&first.header().issuer)
            }
            Pair::Log(pair, _) => {
                let [first, _] = pair.as_ref();
                Some(first.checkpoint().origin().as_str())
            }
        }
    }

    /// The two statements, where an issuer contradicts himself.
    pub fn statements(&self) -> Option<[StatementId; 2]> {
        match &self.pair {
            Pair::Issuer(pair) => Some(pair.each_ref().map(Envelope::id)),
            Pair::Board(_) | Pair::Log(..) => None,
        }
    }

    /// Whether both were signed, with keys that the caller knows to be that issuer's or that log's.
    ///
    /// An issuer who changed his key between the two has two; a log has one.
    ///
    /// # Errors
    ///
    /// [`EquivocationError::MissingKey`] where the key that a statement names is not given,
    /// [`EquivocationError::Statement`] and [`EquivocationError::Unverified`] where a signature
    /// does not verify, [`EquivocationError::Compatible`] where the log signed the larger of two
    /// checkpoints no earlier than the smaller, [`EquivocationError::OtherParty`] for a board's.
    pub fn verify(&self, keys: &[PublicKey]) -> Result<(), EquivocationError> {
        match &self.pair {
            Pair::Board(_) => Err(EquivocationError::OtherParty { found: self.by() }),
            Pair::Issuer(pair) => pair.iter().try_for_each(|one| {
                let key = one.header().key;
                let known = keys.iter().find(|known| known.id() == key);
                Ok(one.verify(known.ok_or(EquivocationError::MissingKey { key })?)?)
            }),
            Pair::Log(pair, history) => logs::verify(pair, history.is_some(), keys),
        }
    }

    /// Whether enough keys of a board stand behind both trust roots.
    ///
    /// The board that the caller knows: of the version before the two, which has to sign whatever
    /// follows it, or of the one of the two that he pinned. What the two say of their own keys is
    /// not enough: anybody can write a root and sign it.
    ///
    /// # Errors
    ///
    /// [`EquivocationError::Root`] where too few keys of the board signed one of them, or a
    /// signature does not verify, [`EquivocationError::OtherParty`] for one that is no board's.
    pub fn verify_board(&self, board: &Threshold) -> Result<(), EquivocationError> {
        let Pair::Board(pair) = &self.pair else {
            return Err(EquivocationError::OtherParty { found: self.by() });
        };
        pair.iter().try_for_each(|one| Ok(one.check(one.version(), board)?))
    }
}

/// Room for what stands around the two, in bytes; a path has at most 64 hashes.
const MARGIN: usize = 4096;

/// Whether `after` has the next number and says that another statement than `before` has the one before.
fn is_after_another(before: &Sequence, id: StatementId, after: &Sequence) -> bool {
    before.seq.checked_add(1) == Some(after.seq) && after.prev.is_some_and(|prev| prev != id)
}

fn same(holds: bool, field: &'static str) -> Result<(), EquivocationError> {
    if holds { Ok(()) } else { Err(EquivocationError::Compatible { field }) }
}

/// The number of a statement in its chain; its payload is decoded as that of its kind.
pub(super) fn sequence_of(envelope: &Envelope) -> Result<Sequence, EquivocationError> {
    fn of<T: crate::statement::Payload>(
        envelope: Envelope,
    ) -> Result<Option<Sequence>, StatementError> {
        Signed::<T>::from_envelope(envelope).map(|signed| signed.payload().sequence())
    }
    let (found, envelope) = (envelope.header().kind, envelope.clone());
    let sequence = match found {
        Kind::Assessment => of::<Assessment>(envelope)?,
        Kind::Consent => of::<Consent>(envelope)?,
        Kind::Dataset => of::<Dataset>(envelope)?,
        Kind::Delegation => of::<Delegation>(envelope)?,
        Kind::Event => of::<Event>(envelope)?,
        Kind::LogPolicy => of::<LogPolicy>(envelope)?,
        Kind::Registration => of::<Registration>(envelope)?,
        // A licence has a number, but no later one replaces it and two contradict each other in nothing.
        Kind::Activity | Kind::Batch | Kind::Licence | Kind::Preference | Kind::Transaction => None,
    };
    sequence.ok_or(EquivocationError::NoSequence { found })
}

#[cfg(test)]
mod tests;
