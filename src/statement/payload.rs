//! What a statement says: what every payload can do, and the rules that it must keep.

use super::{Envelope, Header, Issuer, Kind, SignError, Signed, StatementError};
use crate::id::{StatementId, Subject};
use crate::key::Signer;
use crate::timestamp::Timestamp;

/// A rule between the fields of a payload that it breaks.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::rights::Licence;
/// use datadeed::statement::Payload;
///
/// let mut licence = Licence::granted_spdx(ManifestId::from_bytes([1; 32]), "CC-BY-4.0");
/// licence.revocable = true; // but the text of CC-BY-4.0 says otherwise
/// assert_eq!(licence.check().unwrap_err().field, "revocable");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field {field:?}: {fault}")]
#[non_exhaustive]
pub struct PayloadError {
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong with it.
    pub fault: &'static str,
}

impl PayloadError {
    pub(crate) fn unless(
        holds: bool,
        field: &'static str,
        fault: &'static str,
    ) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self { field, fault }) }
    }
}

/// The place of a statement among those of its kind by one issuer about one subject.
///
/// ```
/// use datadeed::manifest::{Dataset, ScanMethod};
/// use datadeed::statement::Payload;
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
///
/// let first = Dataset::new(corpus, "Court decisions", ScanMethod::Full);
/// let place = first.sequence().expect("statements about one dataset follow one another");
/// assert_eq!((place.seq, place.prev), (0, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sequence {
    /// Its number, from 0.
    pub seq: u64,
    /// The statement before it; absent for number 0.
    pub prev: Option<StatementId>,
}

/// `seq` counts from 0 per issuer and subject; every later one names its predecessor.
pub(crate) fn check_sequence(seq: u64, prev: Option<StatementId>) -> Result<(), PayloadError> {
    PayloadError::unless(
        (seq == 0) == prev.is_none(),
        "prev",
        "must name the predecessor of every statement but number 0",
    )
}

/// What every payload can do. Sealed: the kinds are part of the wire format.
///
/// ```
/// use datadeed::key::SigningKey;
/// use datadeed::manifest::{Dataset, ScanMethod};
/// use datadeed::statement::{Issuer, Payload, Signed};
/// # use datadeed::ManifestId;
///
/// let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "Court decisions", ScanMethod::Full);
/// let sent = dataset.sign(&curator, "2026-11-21T00:00:00Z".parse()?)?.as_bytes().to_vec();
///
/// let verified = Signed::<Dataset>::decode(&sent)?.verify(&curator.public_key())?;
/// assert_eq!(verified.payload(), &dataset);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Payload: sealed::Sealed + Clone + std::fmt::Debug + PartialEq {
    /// The kind, as it stands in the content type.
    const KIND: Kind;

    /// What the payload says it is about.
    fn subject(&self) -> Subject;

    /// Its place among the statements of this kind by one issuer about one subject; `None` for a
    /// kind whose statements do not follow one another.
    fn sequence(&self) -> Option<Sequence> {
        None
    }

    /// The rules between fields, which no single field's type can hold.
    ///
    /// # Errors
    ///
    /// [`PayloadError`] naming the field.
    fn check(&self) -> Result<(), PayloadError>;

    /// Signs the payload as a statement issued at `now`.
    ///
    /// # Errors
    ///
    /// [`SignError::Statement`] where a verifier would refuse the statement,
    /// found before anything is signed; [`SignError::Signer`] with the signer's reason.
    fn sign<S: Signer>(
        &self,
        issuer: &Issuer<S>,
        now: Timestamp,
    ) -> Result<Signed<Self>, SignError> {
        let (draft, to_be_signed) = draft(self, issuer, now)?;
        let signature = issuer.signer().sign(&to_be_signed)?;
        Ok(draft.with_signature(signature))
    }

    /// The statement issued at `now` without a signature of its own, as a member of a
    /// [batch](crate::batch) of the same issuer and key; its id is that of the signed one.
    ///
    /// # Errors
    ///
    /// [`StatementError`] where a verifier would refuse the statement; [`StatementError::Unsigned`] for a
    /// kind that must have its own signature.
    fn unsigned<S: Signer>(
        &self,
        issuer: &Issuer<S>,
        now: Timestamp,
    ) -> Result<Signed<Self>, StatementError> {
        if !Self::KIND.may_lean_on_a_batch() {
            return Err(StatementError::Unsigned);
        }
        let (draft, _) = draft(self, issuer, now)?;
        Ok(draft.without_signature())
    }
}

/// Whatever a verifier would refuse is refused before it is signed.
fn draft<T: Payload, S: Signer>(
    payload: &T,
    issuer: &Issuer<S>,
    now: Timestamp,
) -> Result<(Signed<T>, Vec<u8>), StatementError> {
    let header = Header {
        algorithm: issuer.algorithm_label(),
        kind: T::KIND,
        key: issuer.public_key().id(),
        issuer: issuer.iss().to_owned(),
        subject: payload.subject(),
        issued_at: now,
    };
    let (draft, to_be_signed) = Envelope::draft(header, &payload.to_payload())?;
    Ok((Signed::from_envelope(draft)?, to_be_signed))
}

mod sealed {
    use crate::cbor::{CborError, Codec, Reader, encode};

    /// Implemented by the types of this crate alone.
    #[expect(unnameable_types, reason = "a trait that cannot be named cannot be implemented")]
    pub trait Sealed: Sized {
        fn to_payload(&self) -> Vec<u8>;
        fn from_payload(bytes: &[u8], base: usize) -> Result<Self, CborError>;
    }

    impl<T: Codec> Sealed for T {
        fn to_payload(&self) -> Vec<u8> {
            encode(self)
        }

        fn from_payload(bytes: &[u8], base: usize) -> Result<Self, CborError> {
            let mut reader = Reader::at(bytes, base);
            let payload = T::decode(&mut reader)?;
            reader.end()?;
            Ok(payload)
        }
    }
}
