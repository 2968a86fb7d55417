//! Proof that somebody said two things of which he may say one, for whoever has his key.

use super::{Delegation, status::Bytes};
use crate::cbor::{CborError, CborFault, Version1, codes, decode, encode, record};
use crate::id::{KeyId, StatementId};
use crate::key::PublicKey;
use crate::limits::MAX_STATEMENT;
use crate::log::{CheckpointError, LogKey, LogPolicy, SignedCheckpoint, UnverifiedCheckpoint};
use crate::manifest::Dataset;
use crate::rights::{Event, Licence, Registration};
use crate::statement::{Envelope, Kind, Sequence, Signed, StatementError};

codes! {
    /// Of what two contradict each other.
    pub enum Equivocator("equivocator") in trust {
        /// An issuer: two statements with one number in one chain.
        Issuer = "issuer",
        /// A log: two roots of one size.
        Log = "log",
    }
}

record! {
    struct EquivocationFile {
        "v" => v: Version1,
        "by" => by: Equivocator,
        "first" => first: Bytes,
        "second" => second: Bytes,
    }
}

/// Two things that one signed and may not both have signed, both verbatim.
///
/// Either two statements of one issuer, kind and subject with one number, or two checkpoints of
/// one log at one size with different roots. It needs nothing beside the keys, so that a third
/// party can judge it who has seen neither.
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
    Issuer(Box<[Envelope; 2]>),
    Log(Box<[SignedCheckpoint; 2]>),
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
    /// The two are of other issuers, kinds, subjects, logs, numbers or sizes.
    #[error("two things that do not contradict each other: another {field}")]
    Compatible {
        /// In what they differ.
        field: &'static str,
    },
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
    /// Two statements with one number in one chain. Signatures are looked at by [`Equivocation::verify`].
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
        same(sequence_of(first)?.seq == sequence_of(second)?.seq, "number")?;
        // A batch is not in this proof, so what leans on one shows nothing by itself.
        if !(first.is_signed() && second.is_signed()) {
            return Err(StatementError::Unsigned.into());
        }
        let mut pair = [first, second].map(|one| one.clone().without_receipts());
        pair.sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        Ok(Self { pair: Pair::Issuer(Box::new(pair)) })
    }

    /// Two checkpoints of one log at one size. Signatures are looked at by [`Equivocation::verify`].
    ///
    /// # Errors
    ///
    /// [`EquivocationError::Same`] for one root, [`EquivocationError::Compatible`] where both may be.
    pub fn of_log(
        first: &SignedCheckpoint,
        second: &SignedCheckpoint,
    ) -> Result<Self, EquivocationError> {
        let (a, b) = (first.checkpoint(), second.checkpoint());
        same(a.origin() == b.origin(), "origin")?;
        same(a.size() == b.size(), "size")?;
        if a.root() == b.root() {
            return Err(EquivocationError::Same);
        }
        let mut pair = [first.clone(), second.clone()];
        pair.sort_unstable_by_key(SignedCheckpoint::to_bytes);
        Ok(Self { pair: Pair::Log(Box::new(pair)) })
    }

    /// Decodes what [`Equivocation::to_bytes`] writes, and nothing else. Signatures are not looked at.
    ///
    /// # Errors
    ///
    /// [`EquivocationError`] for other bytes, and for two that are no contradiction.
    pub fn decode(bytes: &[u8]) -> Result<Self, EquivocationError> {
        let limit = MAX_STATEMENT.saturating_mul(2).saturating_add(MARGIN);
        if bytes.len() > limit {
            let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            return Err(CborError::new(0, CborFault::TooLong { found, limit }).into());
        }
        let file: EquivocationFile = decode(bytes)?;
        let (first, second) = (&file.first.0, &file.second.0);
        let found = match file.by {
            Equivocator::Issuer => {
                Self::of_issuer(&Envelope::decode(first)?, &Envelope::decode(second)?)?
            }
            Equivocator::Log => {
                Self::of_log(&SignedCheckpoint::decode(first)?, &SignedCheckpoint::decode(second)?)?
            }
        };
        if found.to_bytes() == bytes {
            return Ok(found);
        }
        // The order, or receipts that are no part of what an issuer signed.
        Err(CborError::new(0, CborFault::Unordered).into())
    }

    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (by, [first, second]) = match &self.pair {
            Pair::Issuer(pair) => {
                (Equivocator::Issuer, pair.each_ref().map(|one| one.as_bytes().to_vec()))
            }
            Pair::Log(pair) => (Equivocator::Log, pair.each_ref().map(SignedCheckpoint::to_bytes)),
        };
        let (first, second) = (Bytes(first), Bytes(second));
        encode(&EquivocationFile { v: Version1, by, first, second })
    }

    /// Who contradicts himself: an issuer's identity, or the origin of a log. A claim until verified.
    pub fn name(&self) -> &str {
        match &self.pair {
            Pair::Issuer(pair) => {
                let [first, _] = pair.as_ref();
                &first.header().issuer
            }
            Pair::Log(pair) => {
                let [first, _] = pair.as_ref();
                first.checkpoint().origin().as_str()
            }
        }
    }

    /// The two statements, where an issuer contradicts himself.
    pub fn statements(&self) -> Option<[StatementId; 2]> {
        match &self.pair {
            Pair::Issuer(pair) => Some(pair.each_ref().map(Envelope::id)),
            Pair::Log(_) => None,
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
    /// does not verify.
    pub fn verify(&self, keys: &[PublicKey]) -> Result<(), EquivocationError> {
        match &self.pair {
            Pair::Issuer(pair) => pair.iter().try_for_each(|one| {
                let key = one.header().key;
                let known = keys.iter().find(|known| known.id() == key);
                Ok(one.verify(known.ok_or(EquivocationError::MissingKey { key })?)?)
            }),
            Pair::Log(pair) => {
                let [first, _] = pair.as_ref();
                let origin = first.checkpoint().origin();
                let by = |key: &PublicKey| {
                    let log = LogKey::new(origin.clone(), *key);
                    pair.iter().try_for_each(|one| one.clone().verify(&log).map(drop))
                };
                let not_signed = || UnverifiedCheckpoint::NotSigned { name: origin.clone() };
                let mut last = not_signed();
                for key in keys {
                    match by(key) {
                        Ok(()) => return Ok(()),
                        Err(fault) => last = fault,
                    }
                }
                Err(last.into())
            }
        }
    }
}

/// Room for what stands around the two, in bytes.
const MARGIN: usize = 64;

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
        Kind::Dataset => of::<Dataset>(envelope)?,
        Kind::Delegation => of::<Delegation>(envelope)?,
        Kind::Event => of::<Event>(envelope)?,
        Kind::Licence => of::<Licence>(envelope)?,
        Kind::LogPolicy => of::<LogPolicy>(envelope)?,
        Kind::Registration => of::<Registration>(envelope)?,
        Kind::Activity | Kind::Batch => None,
    };
    sequence.ok_or(EquivocationError::NoSequence { found })
}

#[cfg(test)]
mod tests;
